//! The whole loop: sign in, call, expire, renew, sign out.

use std::sync::atomic::Ordering;

use crate::api::{Api, PASSWORD, answered};
use crate::program::Program;
use testkit::{Reply, Upstream};

#[test]
fn one_command_signs_in_and_a_later_one_renews() {
    let api = Api::start();
    let program = Program::with(&api.definition());

    let first = program
        .run(&answered(&["call", "FILE", "GET", "/api/me"]))
        .ended(0);
    assert_eq!(first.out, r#"{"name":"alice"}"#);
    program.run(&["call", "FILE", "GET", "/api/me"]).ended(0);
    assert_eq!((api.logins(), api.renewals()), (1, 0));

    api.expire();
    let again = program.run(&["call", "FILE", "GET", "/api/me"]).ended(0);
    assert_eq!(again.out, r#"{"name":"alice"}"#);
    assert_eq!((api.logins(), api.renewals()), (1, 1));

    program
        .run(&[
            "call",
            "FILE",
            "POST",
            "/api/notes",
            "--json",
            r#"{"text":"hello"}"#,
        ])
        .ended(0);
    assert_eq!(*api.state.notes.lock().unwrap(), [r#"{"text":"hello"}"#]);

    program.run(&["connections", "sign-out", "FILE"]).ended(0);
    assert_eq!(api.state.logouts.load(Ordering::SeqCst), 1);
    program
        .run(&["call", "FILE", "GET", "/api/me"])
        .ended(3)
        .says("form1.password");
}

#[test]
fn run_shows_each_step_and_ends_with_the_test_api() {
    let api = Api::start();
    let program = Program::with(&api.definition());
    let ran = program.run(&answered(&["run", "FILE"])).ended(0);
    for words in [
        "form1",
        "start",
        "login",
        "token",
        "csrf",
        "Signed in: alice",
        "Who am I: 200",
    ] {
        assert!(
            ran.out.contains(words),
            "{words} is missing in\n{}",
            ran.out
        );
    }
}

#[test]
fn the_refresh_flow_can_be_run_by_hand() {
    let api = Api::start();
    let program = Program::with(&api.definition());
    program.run(&["run", "FILE", "--flow", "refresh"]).ended(3);
    program.run(&answered(&["run", "FILE"])).ended(0);
    program
        .run(&["run", "FILE", "--flow", "refresh"])
        .ended(0)
        .says("Renewed: alice");
    assert_eq!(api.renewals(), 1);
    program
        .run(&["test", "FILE"])
        .ended(0)
        .says("Who am I: 200");
}

#[test]
fn endpoints_take_checked_parameters() {
    let api = Api::start();
    let program = Program::with(&api.definition());
    program.run(&answered(&["run", "FILE"])).ended(0);
    let ran = program
        .run(&["call", "FILE", "list_notes", "--parameter", "limit=5"])
        .ended(0);
    assert!(ran.out.contains(r#""limit":"5""#), "{}", ran.out);
    program
        .run(&["call", "FILE", "list_notes"])
        .ended(0)
        .says(r#""limit":"20""#);
    program
        .run(&["call", "FILE", "list_notes", "--parameter", "limit=many"])
        .ended(2)
        .says("limit");
    program
        .run(&["call", "FILE", "list_notes", "--parameter", "limti=5"])
        .ended(2)
        .says("limit");
    program
        .run(&["call", "FILE", "list_note"])
        .ended(2)
        .says("list_notes");
}

#[test]
fn answers_come_from_the_environment_and_from_a_file() {
    let api = Api::start();
    let program = Program::with(&api.definition())
        .variable("STEPGATE_ANSWER_FORM1_USERNAME", "alice")
        .variable("STEPGATE_ANSWER_FORM1_PASSWORD", PASSWORD);
    program.run(&["run", "FILE"]).ended(0);

    let program = Program::with(&api.definition());
    let yaml = format!("form1.username: bob\nform1.password: {PASSWORD}\n");
    program
        .run_with_input(&["run", "FILE", "--answers", "-"], &yaml)
        .ended(0)
        .says("Signed in: bob");
}

#[test]
fn several_connections_are_told_apart_by_name() {
    let api = Api::start();
    let program = Program::with(&api.definition());
    program
        .run(&answered(&["run", "FILE", "--connection", "work"]))
        .ended(0);
    program
        .run(&answered(&["run", "FILE", "--connection", "home"]))
        .ended(0);
    program
        .run(&["call", "FILE", "GET", "/api/me"])
        .ended(2)
        .says("work")
        .says("home");
    program
        .run(&["call", "FILE", "GET", "/api/me", "--connection", "home"])
        .ended(0);
    program
        .run(&["connections", "clear", "FILE", "--connection", "work"])
        .ended(0);
    program.run(&["call", "FILE", "GET", "/api/me"]).ended(0);
}

#[test]
fn a_sign_in_by_another_identity_is_refused_and_the_old_one_stays() {
    let api = Api::start();
    let program = Program::with(&api.definition());
    program.run(&answered(&["run", "FILE"])).ended(0);
    let password = format!("form1.password={PASSWORD}");
    program
        .run(&[
            "run",
            "FILE",
            "--answer",
            "form1.username=mallory",
            "--answer",
            &password,
        ])
        .ended(5)
        .says("alice")
        .says("mallory");
    program
        .run(&["connections", "list", "FILE"])
        .ended(0)
        .says("alice");
}

#[test]
fn another_user_has_connections_of_its_own() {
    let api = Api::start();
    let program = Program::with(&api.definition());
    program
        .run(&answered(&["run", "FILE", "--user", "shop/u1"]))
        .ended(0);
    program.run(&["call", "FILE", "GET", "/api/me"]).ended(3);
    program
        .run(&["call", "FILE", "GET", "/api/me", "--user", "shop/u1"])
        .ended(0);
}

#[test]
fn a_changed_base_url_needs_a_new_sign_in() {
    let api = Api::start();
    let other = Api::start();
    let program = Program::with(&api.definition());
    program.run(&answered(&["run", "FILE"])).ended(0);
    let set = format!("base_url={}", other.upstream.origin());
    program
        .run(&["call", "FILE", "GET", "/api/me", "--set", &set])
        .ended(3);
    assert!(other.upstream.requests().is_empty());
    program.rewrite(&other.definition());
    program.run(&["call", "FILE", "GET", "/api/me"]).ended(3);
    assert!(other.upstream.requests().is_empty());
}

#[test]
fn an_endpoint_that_attaches_nothing_needs_no_sign_in() {
    let api = Api::start();
    let open = api.definition()
        + "  - name: door\n    request: { method: GET, url: \"{{base_url}}/login\" }\n    attach: false\n";
    let program = Program::with(&open);
    let ran = program.run(&["call", "FILE", "door"]).ended(0);
    assert!(ran.out.contains("<form>"), "{}", ran.out);
    assert_eq!(api.logins(), 0);
}

#[test]
fn the_list_tells_connections_apart() {
    let api = Api::start();
    let program = Program::with(&api.definition());
    program
        .run(&answered(&["run", "FILE", "--connection", "work"]))
        .ended(0);
    program
        .run(&["connections", "list", "FILE"])
        .ended(0)
        .says("work (alice)");
    api.expire();
    api.fail("/renew", 503);
    program.run(&["call", "FILE", "GET", "/api/me"]).ended(6);
    program
        .run(&["connections", "list", "FILE"])
        .ended(0)
        .says("backoff until 20");
}

#[test]
fn a_large_file_is_sent_as_a_stream_and_not_sent_twice() {
    let api = Api::start();
    let program = Program::with(&api.definition());
    program.run(&answered(&["run", "FILE"])).ended(0);
    let large = "x".repeat(3 << 20);
    std::fs::write(program.definition.with_file_name("large.txt"), &large).unwrap();
    let line = ["call", "FILE", "POST", "/api/notes", "--data", "@large.txt"];
    program.run(&line).ended(0);
    let sent = api.upstream.last_request();
    assert_eq!(sent.headers()["content-length"], large.len().to_string());
    assert!(*api.state.notes.lock().unwrap() == [large]);

    api.expire();
    program.run(&line).ended(1).says("not sent a second time");
    assert_eq!(api.state.notes.lock().unwrap().len(), 1);
    program.run(&line).ended(0);
}

#[test]
fn an_answer_that_a_call_shows_and_the_api_refuses_is_shown_once() {
    let api = Upstream::start(|_| Reply::status(401));
    let definition = format!(
        r#"stepgate: 1
connector: notes
base_url: {}
auth_flow: {{ steps: [ {{ id: form1, kind: form, fields: [ {{ key: password, type: password }} ] }} ] }}
sign_in: {{ kind: basic, username: alice, password: "{{{{form1.password}}}}" }}
"#,
        api.origin()
    );
    let program = Program::with(&definition).variable("STEPGATE_ANSWER_FORM1_PASSWORD", "not-it");
    program
        .run(&["call", "FILE", "GET", "/me"])
        .ended(5)
        .says("refused the user name and password");
    assert_eq!(api.requests().len(), 1);
}
