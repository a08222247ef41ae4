//! More proof for one call, at the command line.

use serde_json::json;
use testkit::{Received, Reply, Upstream};

use crate::program::Program;

fn bank() -> Upstream {
    Upstream::start(
        |request| match (request.uri().path(), request.header("x-proof")) {
            ("/login", _) => Reply::json(json!({ "token": "canary-token" })),
            (_, Some("canary-again")) => Reply::json(json!({ "paid": request.text() })),
            (_, Some(_)) => Reply::json(json!({ "error": "wrong" })).with_status(403),
            (_, None) => Reply::json(json!({ "error": "prove" })).with_status(401),
        },
    )
}

fn definition(origin: &str) -> String {
    format!(
        r#"stepgate: 1
connector: bank
base_url: {origin}
auth_flow:
  steps: [ {{ id: login, kind: api_request, request: {{ method: POST, url: "{{{{base_url}}}}/login" }} }} ]
sign_in: {{ kind: bearer, token: "{{{{login.body.token}}}}" }}
step_up:
  when: {{ value: "{{{{response.body.error}}}}", equals: prove }}
  steps: [ {{ id: again, kind: form, title: Confirm it is you, fields: [ {{ key: password, type: password, label: Password }} ] }} ]
  request_parameters: [ {{ in: header, name: X-Proof, value: "{{{{again.password}}}}" }} ]
"#
    )
}

#[test]
fn a_call_takes_its_proof_from_what_was_given_and_asks_for_it_each_time() {
    let bank = bank();
    let program = Program::with(&definition(&bank.origin()));
    let call = ["call", "FILE", "POST", "/pay", "--data", "ten"];
    let nobody = program.run(&call).ended(3);
    nobody
        .says("Confirm it is you")
        .says("--answer again.password=..");
    let given = |password: &'static str| {
        let mut line = call.to_vec();
        line.extend(["--answer", password]);
        line
    };
    let ran = program.run(&given("again.password=canary-again")).ended(0);
    assert_eq!(ran.out.trim(), r#"{"paid":"ten"}"#);
    program.run(&call).ended(3);
    // A proof that the API refuses is its answer.
    let refused = program.run(&given("again.password=guess")).ended(1);
    assert_eq!(refused.out.trim(), r#"{"error":"wrong"}"#);
    assert_eq!(bank.requests_to("/login").len(), 1);
    let stored = program.stored_bytes();
    assert!(!stored.windows(12).any(|bytes| bytes == b"canary-again"));
}

#[test]
fn the_answer_may_come_from_the_environment() {
    let bank = bank();
    let program = Program::with(&definition(&bank.origin()));
    let program = program.variable("STEPGATE_ANSWER_AGAIN_PASSWORD", "canary-again");
    program
        .run(&["call", "FILE", "GET", "/pay"])
        .ended(0)
        .says("paid");
}
