//! Exit statuses, and what is said with them.

use crate::api::{Api, answered};
use crate::program::{Program, Ran};

#[test]
fn a_wrong_password_ends_in_the_definitions_own_words() {
    let api = Api::start();
    let program = Program::with(&api.definition());
    program
        .run(&[
            "run",
            "FILE",
            "--answer",
            "form1.username=alice",
            "--answer",
            "form1.password=wrong-one",
        ])
        .ended(5)
        .says("Notes did not accept this name and password.");
    assert_eq!(
        api.logins(),
        1,
        "answers that were given ahead are tried once"
    );
    program
        .run(&["connections", "list", "FILE"])
        .ended(0)
        .says("No connection yet");
}

#[test]
fn the_apis_answers_keep_their_body_and_decide_the_status() {
    let api = Api::start();
    let program = Program::with(&api.definition());
    program.run(&answered(&["run", "FILE"])).ended(0);
    program
        .run(&["call", "FILE", "GET", "/api/teapot"])
        .ended(1);
    program
        .run(&["call", "FILE", "GET", "/api/nowhere"])
        .ended(1);
    program.run(&["call", "FILE", "GET", "/api/busy"]).ended(6);
    program.run(&["call", "FILE", "busy"]).ended(6);
    program
        .run(&["call", "FILE", "GET", "/api/me", "--include"])
        .ended(0)
        .says("HTTP/1.1 200 OK\r\n");
}

#[test]
fn a_passing_fault_keeps_the_credential() {
    let api = Api::start();
    let program = Program::with(&api.definition());
    program.run(&answered(&["run", "FILE"])).ended(0);
    api.expire();
    api.fail("/renew", 503);
    program.run(&["call", "FILE", "GET", "/api/me"]).ended(6);
    program
        .run(&["connections", "list", "FILE"])
        .ended(0)
        .says("alice");
    api.mend();
    program.run(&["run", "FILE", "--flow", "refresh"]).ended(0);
    program.run(&["call", "FILE", "GET", "/api/me"]).ended(0);
    assert_eq!(api.logins(), 1);
}

#[test]
fn a_dead_grant_asks_for_a_person() {
    let api = Api::start();
    let program = Program::with(&api.definition());
    program.run(&answered(&["run", "FILE"])).ended(0);
    api.revoke();
    program
        .run(&["call", "FILE", "GET", "/api/me"])
        .ended(3)
        .says("stepgate run");
    program.run(&["call", "FILE", "GET", "/api/me"]).ended(3);
    assert_eq!(api.renewals(), 1, "a dead grant is not tried again");
    program
        .run(&answered(&["call", "FILE", "GET", "/api/me"]))
        .ended(0);
}

#[test]
fn an_api_that_is_down_is_a_passing_fault_with_its_address() {
    let api = Api::start();
    let definition = api.definition();
    let address = api.upstream.address().to_string();
    drop(api);
    let program = Program::with(&definition);
    program
        .run(&answered(&["run", "FILE"]))
        .ended(6)
        .says(&address);
}

#[test]
fn html_where_json_was_expected_names_the_step_and_shows_its_beginning() {
    let api = Api::start();
    let program = Program::with(&api.definition());
    api.fail("/token", 200);
    program
        .run(&answered(&["run", "FILE"]))
        .ended(2)
        .says("token")
        .says("out of order");
}

#[test]
fn attack_47_a_private_address_is_refused_unless_opened() {
    let api = Api::start();
    let program = Program::with(&api.definition());
    let mut command = program.command(&answered(&["run", "FILE"]));
    command.env_remove("STEPGATE_ALLOW_PRIVATE");
    let output = command.output().unwrap();
    assert_ne!(output.status.code(), Some(0));
    assert!(String::from_utf8_lossy(&output.stderr).contains("--allow-private"));
    assert!(api.upstream.requests().is_empty());
}

#[test]
fn attack_52_a_token_endpoint_is_judged_like_any_other_address() {
    let issuer = std::sync::Arc::new(std::sync::OnceLock::<String>::new());
    let told = issuer.clone();
    let server = testkit::Upstream::start(move |_| {
        testkit::Reply::json(serde_json::json!({
            "issuer": told.get(),
            "token_endpoint": "http://169.254.169.254/latest/meta-data",
        }))
    });
    let origin = server.origin();
    issuer.set(origin.clone()).unwrap();
    for named in [
        format!("issuer: \"{origin}\""),
        "token_url: \"http://169.254.169.254/latest/meta-data\"".to_owned(),
        "token_url: \"http://[::ffff:169.254.169.254]/\"".to_owned(),
    ] {
        let program = Program::with(&format!(
            r#"stepgate: 1
connector: machine
title: Machine
base_url: {origin}
auth_flow:
  steps:
    - {{ id: grant, kind: oauth2_client_credentials, {named}, client_id: a, client_secret: canary-secret }}
request_parameters:
  - {{ in: header, name: Authorization, value: "Bearer {{{{grant.access_token}}}}" }}
"#
        ));
        let ran = program.run(&["run", "FILE"]).says("link-local");
        assert_ne!(ran.status, 0, "{named}");
    }
    let sent = server.requests();
    assert!(
        sent.iter().all(|request| request.method() == "GET"),
        "no secret was sent"
    );
}

#[test]
fn attack_60_a_wrong_key_says_so_in_one_line_and_changes_nothing() {
    let api = Api::start();
    let program = Program::with(&api.definition());
    program.run(&answered(&["run", "FILE"])).ended(0);
    let before = program.run(&["connections", "list", "FILE"]).ended(0).out;
    let key = program.run(&["keygen"]).ended(0).out;
    let mut command = program.command(&["call", "FILE", "GET", "/api/me"]);
    let output = command.env("STEPGATE_KEY", key.trim()).output().unwrap();
    assert_eq!(output.status.code(), Some(4));
    assert!(String::from_utf8_lossy(&output.stderr).contains("key"));
    assert_eq!(
        program.run(&["connections", "list", "FILE"]).ended(0).out,
        before
    );
    program.run(&["call", "FILE", "GET", "/api/me"]).ended(0);
}

#[test]
fn what_is_asked_wrongly_ends_with_two() {
    let api = Api::start();
    let program = Program::with(&api.definition());
    for line in [
        &["call", "FILE"][..],
        &["run", "nowhere.yaml"],
        &["frobnicate"],
        &["run", "FILE", "--answer", "form1.nothing=1"],
        &["run", "FILE", "--show-secrets"],
        &["run", "FILE", "--environment", "nowhere"],
        &["secret", "set", "FILE", "nothing"],
    ] {
        program.run(line).ended(2);
    }
}

#[test]
fn errors_for_programs_are_json() {
    let program = Program::with("stepgate: 1\n");
    let ran = program.run(&["run", "FILE", "--format", "json"]).ended(2);
    let error: serde_json::Value = serde_json::from_str(ran.err.trim()).unwrap();
    assert_eq!(error["code"], "definition");
    assert!(error["help"].as_str().unwrap().contains("stepgate check"));
}

#[test]
fn a_reply_over_the_limit_names_the_limit_and_how_to_raise_it() {
    let upstream = testkit::Upstream::start(|_| testkit::Reply::text(vec![b'x'; 5000]));
    let program = Program::with(&crate::api::definition(&upstream.origin()));
    let line = answered(&["run", "FILE", "--reply-limit", "4096"]);
    program.run(&line).says("4096").says("--reply-limit");
}

#[test]
fn a_reader_that_has_seen_enough_is_no_error() {
    let program = Program::with("");
    let mut child = program.start(&["schema"]);
    // Closing the pipe before the schema, larger than a pipe holds, is written.
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert!(
        output.stderr.is_empty(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn attack_60_a_key_that_is_no_text_is_refused_and_no_other_is_used() {
    use std::os::unix::ffi::OsStrExt;
    let api = Api::start();
    let program = Program::with(&api.definition());
    let key = std::ffi::OsStr::from_bytes(b"\xff\xfekey");
    let mut command = program.command(&answered(&["run", "FILE"]));
    let output = command.env("STEPGATE_KEY", key).output().unwrap();
    Ran::from(output).ended(4).says("STEPGATE_KEY");
    assert!(!program.data().exists(), "nothing was made");
}

/// Whether the process has a handler for the signal, as the kernel sees it (proc(5), `SigCgt`).
fn catches(process: u32, signal: i32) -> bool {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let caught = status
        .lines()
        .find_map(|line| line.strip_prefix("SigCgt:"))
        .unwrap();
    u64::from_str_radix(caught.trim(), 16).unwrap() & (1 << (signal - 1)) != 0
}

#[test]
fn a_signal_ends_a_command_that_waits_for_input() {
    use nix::sys::signal::{Signal, kill};
    let api = Api::start();
    let program = Program::with(&api.definition());
    program.run(&answered(&["run", "FILE"])).ended(0);
    for (line, signal, status) in [
        (
            &["call", "FILE", "POST", "/api/notes", "--data", "-"][..],
            Signal::SIGINT,
            130,
        ),
        (&["check", "-"], Signal::SIGTERM, 143),
    ] {
        let mut child = program
            .command(line)
            .stdin(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        // A signal that comes before it listens ends it too, but without a status.
        while !catches(child.id(), signal as i32) {
            assert!(
                child.try_wait().unwrap().is_none(),
                "{line:?} waits for input"
            );
            std::thread::yield_now();
        }
        let id = nix::unistd::Pid::from_raw(i32::try_from(child.id()).unwrap());
        kill(id, signal).unwrap();
        let _stdin = child.stdin.take();
        Ran::from(child.wait_with_output().unwrap()).ended(status);
    }
    // Nothing that was held is in the next one's way.
    program.run(&["call", "FILE", "GET", "/api/me"]).ended(0);
}

#[test]
fn a_passing_fault_names_the_step_the_address_and_the_wait() {
    let upstream = testkit::Upstream::start(|_| {
        testkit::Reply::text("busy")
            .with_status(503)
            .header("retry-after", "7")
    });
    let program = Program::with(&crate::api::definition(&upstream.origin()));
    program
        .run(&answered(&["run", "FILE"]))
        .ended(6)
        .says("step start:")
        .says(&upstream.address().to_string())
        .says("503 Service Unavailable")
        .says("in 7 s");
}

#[test]
fn a_page_that_is_taken_for_a_wrong_password_is_shown_all_the_same() {
    let page = "<form><input name=csrf value=canary-csrf-1234></form><p>Closed for repairs";
    let upstream = testkit::Upstream::start(move |_| testkit::Reply::html(page));
    let program = Program::with(&crate::api::definition(&upstream.origin()));
    let ran = program.run(&answered(&["run", "FILE"])).ended(5);
    let ran = ran
        .says("Step login got a web page")
        .says("Closed for repairs");
    assert!(!ran.out.contains("canary-csrf-1234"), "{}", ran.out);
}
