//! Browser steps without a browser: who waits, and what comes back to the listener.

use std::io::{BufRead, BufReader, Read};
use std::process::Child;

use serde_json::json;
use testkit::{Received, Reply, Upstream};

use crate::program::{Program, Ran};

fn authorization_server() -> Upstream {
    Upstream::start(|request| match request.uri().path() {
        "/token" if request.form_value("code").as_deref() == Some("good-code") => Reply::json(
            json!({"access_token": "canary-oauth-token", "token_type": "Bearer", "expires_in": 3600}),
        ),
        "/token" => Reply::json(json!({"error": "invalid_grant"})).with_status(400),
        "/api/me"
            if request
                .headers()
                .get("authorization")
                .is_some_and(|sent| sent == "Bearer canary-oauth-token") =>
        {
            Reply::json(json!({"name": "alice"}))
        }
        _ => Reply::status(401),
    })
}

fn definition(origin: &str) -> String {
    format!(
        r#"stepgate: 1
connector: oauth
title: OAuth
base_url: {origin}
auth_flow:
  steps:
    - id: grant
      kind: oauth2_pkce
      authorization_url: "{origin}/authorize"
      token_url: "{origin}/token"
      client_id: terminal
      client_auth: none
request_parameters:
  - {{ in: header, name: Authorization, value: "Bearer {{{{grant.access_token}}}}" }}
test_api: {{ name: Me, request: {{ method: GET, url: "{{{{base_url}}}}/api/me" }} }}
"#
    )
}

/// Starts a run and reads the URL that it prints for the browser.
pub(crate) fn opened(program: &Program) -> (Child, BufReader<std::process::ChildStderr>, url::Url) {
    let mut child = program.start(&["run", "FILE", "--callback-port", "0"]);
    let mut err = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    let url = loop {
        line.clear();
        if err.read_line(&mut line).unwrap() == 0 {
            child.wait().unwrap();
            panic!("the run ended before it printed a URL");
        }
        if let Ok(url) = url::Url::parse(line.trim()) {
            break url;
        }
    };
    (child, err, url)
}

/// What the browser does at the end: a GET to the redirect URI. Gives the status.
pub(crate) fn come_back(opened: &url::Url, query: &[(&str, &str)]) -> u16 {
    use std::io::Write;
    let find = |name: &str| {
        opened
            .query_pairs()
            .find(|(key, _)| key == name)
            .unwrap()
            .1
            .into_owned()
    };
    let mut redirect = url::Url::parse(&find("redirect_uri")).unwrap();
    redirect
        .query_pairs_mut()
        .extend_pairs(query.iter().map(|(k, v)| {
            (
                *k,
                if *v == "STATE" {
                    find("state")
                } else {
                    (*v).to_owned()
                },
            )
        }));
    let address = (redirect.host_str().unwrap(), redirect.port().unwrap());
    let mut stream = std::net::TcpStream::connect(address).unwrap();
    write!(
        stream,
        "GET {}?{} HTTP/1.1\r\nHost: {}\r\n\r\n",
        redirect.path(),
        redirect.query().unwrap(),
        redirect.authority()
    )
    .unwrap();
    let mut reply = String::new();
    stream.read_to_string(&mut reply).unwrap();
    reply.split(' ').nth(1).unwrap().parse().unwrap()
}

pub(crate) fn ended(child: Child, mut err: BufReader<std::process::ChildStderr>) -> Ran {
    let mut rest = String::new();
    err.read_to_string(&mut rest).unwrap();
    let mut ran = Ran::from(child.wait_with_output().unwrap());
    ran.err = rest;
    ran
}

#[test]
fn a_browser_step_comes_back_to_the_terminal() {
    let server = authorization_server();
    let program = Program::with(&definition(&server.origin()));
    let (child, err, url) = opened(&program);
    let has = |name: &str, value: &str| {
        assert!(
            url.query_pairs().any(|(k, v)| k == name && v == value),
            "{url}"
        )
    };
    has("response_type", "code");
    has("code_challenge_method", "S256");
    assert_eq!(
        come_back(&url, &[("code", "good-code"), ("state", "STATE")]),
        200
    );
    let ran = ended(child, err).ended(0).says("Me: 200");
    assert_eq!(ran.out.matches("● grant").count(), 1, "{}", ran.out);
    let token_call = &server.requests_to("/token")[0];
    assert!(token_call.form_value("code_verifier").unwrap().len() >= 43);
}

#[test]
fn attack_1_a_callback_with_an_unknown_state_makes_no_token_call() {
    let server = authorization_server();
    let program = Program::with(&definition(&server.origin()));
    let (child, err, url) = opened(&program);
    assert_eq!(
        come_back(&url, &[("code", "good-code"), ("state", "1732459000")]),
        400
    );
    assert_eq!(come_back(&url, &[("code", "good-code")]), 400);
    assert!(server.requests().is_empty());
    assert_eq!(
        come_back(&url, &[("code", "good-code"), ("state", "STATE")]),
        200
    );
    ended(child, err).ended(0);
}

#[test]
fn an_error_that_comes_back_is_told_in_the_apis_words() {
    let server = authorization_server();
    let program = Program::with(&definition(&server.origin()));
    let (child, err, url) = opened(&program);
    let error = [
        ("error", "access_denied"),
        ("error_description", "<b>You said no\u{1b}[2J</b>"),
        ("state", "STATE"),
    ];
    assert_eq!(come_back(&url, &error), 200);
    let ran = ended(child, err).ended(5).says("You said no");
    assert!(!ran.err.contains('\u{1b}'), "{:?}", ran.err);
}

#[test]
fn a_call_with_nobody_there_does_not_wait_for_a_browser() {
    let server = authorization_server();
    let program = Program::with(&definition(&server.origin()));
    // Somebody else's listener on the usual port is no concern of a call that will not wait.
    let _taken = std::net::TcpListener::bind("127.0.0.1:8914");
    program
        .run(&["call", "FILE", "GET", "/api/me"])
        .ended(3)
        .says("stepgate run");
    program
        .run(&["run", "FILE", "--callback-port", "0", "--wait", "0s"])
        .ended(3);
}

#[test]
fn a_renewal_asks_for_what_is_not_kept_and_for_nothing_else() {
    let api = Upstream::start(|request| match request.uri().path() {
        "/login" => {
            let sent = request.json();
            match (sent["password"] == "pass-word", sent["otp"] == "012345") {
                (true, true) => Reply::json(json!({"token": "canary-token"})),
                _ => Reply::status(403),
            }
        }
        _ => Reply::json(json!({"name": "alice"})),
    });
    let definition = format!(
        r#"stepgate: 1
connector: codes
title: Codes
base_url: {origin}
auth_flow:
  steps:
    - {{ id: form1, kind: form, fields: [{{ key: password, type: password }}] }}
    - {{ id: code, kind: form, title: Code, fields: [{{ key: otp, type: otp, pattern: "[0-9]{{6}}" }}] }}
    - id: login
      kind: api_request
      request: {{ method: POST, url: "{{{{base_url}}}}/login", json: {{ password: "{{{{form1.password}}}}", otp: "{{{{code.otp}}}}" }} }}
refresh_flow: {{ same_as_auth_flow: true, use_stored_credentials: true }}
request_parameters:
  - {{ in: header, name: Authorization, value: "Bearer {{{{login.body.token}}}}" }}
"#,
        origin = api.origin()
    );
    let program = Program::with(&definition);
    let answers = program.definition.with_file_name("answers.yaml");
    std::fs::write(&answers, "form1.password: pass-word\ncode.otp: 012345\n").unwrap();
    let answers = answers.to_str().unwrap();
    program.run(&["run", "FILE", "--answers", answers]).ended(0);
    program
        .run(&[
            "run",
            "FILE",
            "--flow",
            "refresh",
            "--answer",
            "code.otp=12345",
        ])
        .ended(2)
        .says("code.otp");
    program.run(&["run", "FILE", "--answers", answers]).ended(0);
    program
        .run(&[
            "run",
            "FILE",
            "--flow",
            "refresh",
            "--answer",
            "code.otp=012345",
        ])
        .ended(0);
    program
        .run(&["run", "FILE", "--flow", "refresh"])
        .ended(3)
        .says("code.otp");
    assert_eq!(api.requests_to("/login").len(), 3);
}
