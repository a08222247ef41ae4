//! Calls whose API wants more proof, on both ways: who is asked, how often it is sent, and that nothing is renewed for it.

use crate::front::{Front, to};
use crate::world::{World, json_body, request};
use connection::{AttemptState, Attempts, StepUpProgress};
use flow::{Answers, Input, Silent};
use gateway::{Answer, CallError, Outcome};
use http::Method;
use serde_json::{Value, json};
use testkit::{Received, Reply, Upstream};

const BANK: &str = r#"
auth_flow: { steps: [ { id: login, kind: api_request, request: { method: POST, url: "{{base_url}}/login" } } ] }
cookies: { forward_all: true }
request_parameters:
  - { in: header, name: X-Proof, value: none }
step_up:
  when: { value: "{{response.body.session}}", exists: true }
  steps:
    - { id: again, kind: form, title: Confirm it is you, fields: [ { key: password, type: password, label: Password } ] }
    - { id: proof, kind: api_request, request: { method: POST, url: "{{base_url}}/prove", form: { session: "{{response.body.session}}", token: "{{login.body.token}}", status: "{{response.status}}" } } }
  request_parameters:
    - { in: header, name: X-Proof, value: "{{proof.body.proof}}" }
    - { in: body, name: password, value: "{{again.password}}", when: { value: "{{request.method}}", equals: POST } }
endpoints:
  - { name: pay, request: { method: POST, url: "{{base_url}}/pay", json: { to: bob } } }
  - { name: once, resend: never, request: { method: POST, url: "{{base_url}}/pay", json: { to: bob } } }
"#;

/// An API that wants a password with each payment, by a 401 which carries a session.
fn bank() -> Upstream {
    Upstream::start(|request| match request.uri().path() {
        "/login" => Reply::json(json!({ "token": "t-1" })),
        "/prove" => {
            let fits = request.form_value("session").as_deref() == Some("s-1")
                && request.form_value("status").as_deref() == Some("401");
            Reply::json(json!({ "proof": if fits { "p-1" } else { "bad" } }))
                .cookie("sudo=1; Path=/")
        }
        "/pay" if request.header("x-proof") != Some("p-1") => {
            Reply::json(json!({ "session": "s-1" })).with_status(401)
        }
        "/pay" if request.method() == "POST" && request.json()["password"] != "hunter2" => {
            Reply::json(json!({ "error": "wrong password", "session": "s-1" })).with_status(401)
        }
        "/pay" => {
            Reply::json(json!({ "paid": request.json()["to"], "sudo": request.cookie("sudo") }))
        }
        _ => Reply::status(204),
    })
}

fn logins(bank: &Upstream) -> usize {
    bank.requests_to("/login").len()
}

/// Calls it as somebody at a terminal would, who types this.
async fn typed(world: &World, password: &str) -> Answer {
    let call = request(
        Method::POST,
        "/pay",
        &[("Content-Type", "application/json")],
        json_body(r#"{"to":"bob"}"#),
    );
    let (connections, equipped) = (&world.connections, &world.equipped);
    let begun = gateway::begin(connections, equipped, Some(&world.id), call, &mut Silent).await;
    let Ok(Outcome::WantsProof(wants)) = begun else {
        panic!("{begun:?}")
    };
    let mut stepping = connections
        .step_up(equipped, wants.handle(), wants.response().clone())
        .await
        .unwrap();
    let asked = stepping.advance(Input::Begin, &mut Silent).await.unwrap();
    let StepUpProgress::Ask(prompt) = asked else {
        panic!("{asked:?}")
    };
    assert_eq!(
        (prompt.step.as_str(), prompt.title.as_str()),
        ("again", "Confirm it is you")
    );
    let answers = Input::Answers(Answers::typed("again", [("password", password)]));
    let done = stepping.advance(answers, &mut Silent).await.unwrap();
    let StepUpProgress::Done(stepped) = done else {
        panic!("{done:?}")
    };
    wants
        .go_on(connections, equipped, stepped, &mut Silent)
        .await
        .unwrap()
}

async fn body(answer: Answer) -> Value {
    serde_json::from_slice(&answer.read(1 << 20).await.unwrap()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_is_sent_again_with_what_was_proven_and_that_is_forgotten() {
    let bank = bank();
    let world = World::at(&bank.origin(), BANK).await;
    for _ in 0..2 {
        let answer = typed(&world, "hunter2").await;
        assert_eq!(
            (answer.status.as_u16(), answer.attempts, answer.renewed),
            (200, 2, false)
        );
        // What came on the way stays, as cookies of every call do.
        assert_eq!(body(answer).await, json!({ "paid": "bob", "sudo": "1" }));
    }
    let pays = bank.requests_to("/pay");
    assert_eq!(pays.len(), 4, "each call is asked for anew");
    assert_eq!(
        pays[1].header_all("x-proof"),
        ["p-1"],
        "in the place of what every call gets"
    );
    let handle = world
        .connections
        .current(&world.equipped.connector, &world.id)
        .await
        .unwrap();
    let kept: Vec<_> = handle
        .credential()
        .outputs
        .steps()
        .map(|(step, _)| step.to_owned())
        .collect();
    assert_eq!((kept, logins(&bank)), (vec!["login".to_owned()], 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proof_that_the_api_refuses_is_its_answer() {
    let bank = bank();
    let world = World::at(&bank.origin(), BANK).await;
    let answer = typed(&world, "wrong").await;
    assert_eq!((answer.status.as_u16(), answer.attempts), (401, 2));
    assert_eq!(body(answer).await["error"], "wrong password");
    assert_eq!((bank.requests_to("/pay").len(), logins(&bank)), (2, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn with_nobody_to_ask_a_call_ends_and_starts_no_renewal() {
    let bank = bank();
    let world = World::at(&bank.origin(), BANK).await;
    let front = Front::of(&world).await;
    let error = world.endpoint("pay").await.unwrap_err();
    assert!(
        matches!(error, CallError::StepUpRequired { run: None, .. }),
        "{error}"
    );
    assert_eq!(error.code(), "step_up_required");
    // What may not be sent twice needs no proof: its reply is the answer.
    let once = world.endpoint("once").await.unwrap();
    assert_eq!((once.status.as_u16(), once.attempts), (401, 1));
    let got = front
        .got(to(Method::POST, "/pay", &[], &"x".repeat(2 << 20)))
        .await;
    assert_eq!((got.status, got.attempts()), (401, 1));
    assert_eq!(logins(&bank), 1);
}

/// The open attempt of the world's connection.
async fn answer(attempts: &Attempts, run: &str, password: &str) -> AttemptState {
    let fields = vec![("password".to_owned(), password.to_owned())];
    let mut attempt = attempts
        .answer(run, "local", "again", fields)
        .await
        .unwrap();
    attempt.settled().await.state
}

#[tokio::test(flavor = "multi_thread")]
async fn over_http_the_next_call_goes_with_what_was_proven_and_no_other() {
    let bank = bank();
    let world = World::at(&bank.origin(), BANK).await;
    let (attempts, front) = Front::asking(&world).await;
    let json = [("Content-Type", "application/json")];
    let call = || to(Method::POST, "/pay", &json, r#"{"to":"bob"}"#);
    let got = front.got(call()).await;
    let run = got.header("x-run").unwrap().to_owned();
    assert_eq!((got.status, got.code()), (418, Some("step_up_required")));
    // One prompt for all.
    let again = front.got(call()).await;
    assert_eq!(again.header("x-run"), Some(run.as_str()));
    let ended = answer(&attempts, &run, "hunter2").await;
    assert!(
        matches!(&ended, AttemptState::SteppedUp { connection_id } if *connection_id == world.id),
        "{ended:?}"
    );
    let got = front.got(call()).await;
    assert_eq!(
        (got.status, got.attempts(), got.json()["paid"].as_str()),
        (200, 2, Some("bob"))
    );
    let got = front.got(call()).await;
    assert_eq!((got.status, got.code()), (418, Some("step_up_required")));
    assert_ne!(got.header("x-run"), Some(run.as_str()));
    assert_eq!(logins(&bank), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_that_wait_share_one_prompt() {
    let bank = bank();
    let world = World::at(&bank.origin(), BANK).await;
    let (attempts, front) = Front::asking(&world).await;
    let first = front.got(to(Method::GET, "/pay", &[], "")).await;
    let run = first.header("x-run").unwrap().to_owned();
    let waiting = [("Prefer", "wait=60")];
    let call = || front.got(to(Method::GET, "/pay", &waiting, ""));
    let answering = async {
        while attempts.waiting_calls(&run) < 2 {
            tokio::task::yield_now().await;
        }
        answer(&attempts, &run, "hunter2").await
    };
    let (one, two, ended) = tokio::join!(call(), call(), answering);
    assert!(matches!(ended, AttemptState::SteppedUp { .. }), "{ended:?}");
    assert_eq!((one.status, two.status), (200, 200));
    assert_eq!(bank.requests_to("/prove").len(), 1);
    // What they took is not there for anybody else.
    assert_eq!(
        front.got(to(Method::GET, "/pay", &[], "")).await.code(),
        Some("step_up_required")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_step_up_that_needs_nobody_asks_nobody() {
    let bank = bank();
    let form = r#"    - { id: again, kind: form, title: Confirm it is you, fields: [ { key: password, type: password, label: Password } ] }"#;
    let definition = BANK
        .replace(
            form,
            r#"    - { id: again, kind: basic, username: a, password: b }"#,
        )
        .replace("{{again.password}}", "hunter2");
    let world = World::at(&bank.origin(), &definition).await;
    let (_, front) = Front::asking(&world).await;
    let got = front.got(to(Method::GET, "/pay", &[], "")).await;
    assert_eq!((got.status, got.attempts()), (200, 2));
}

/// An API by RFC 9470, which says what it wants.
fn strict() -> Upstream {
    Upstream::start(|request| {
        match request.uri().path() {
        "/login" => Reply::json(json!({ "token": "t-1" })),
        "/prove" => Reply::json(json!({ "asked": request.uri().query() })),
        _ if request.header("x-proof").is_some() => Reply::json(json!({ "proof": request.header("x-proof") })),
        _ => Reply::status(401).header(
            "WWW-Authenticate",
            r#"Bearer error="insufficient_user_authentication", error_description="A different level", acr_values="gold silver""#,
        ),
    }
    })
}

const STRICT: &str = r#"
auth_flow: { steps: [ { id: login, kind: api_request, request: { method: POST, url: "{{base_url}}/login" } } ] }
"#;

#[tokio::test(flavor = "multi_thread")]
async fn a_challenge_says_what_is_wanted_and_what_it_does_not_say_is_left_out() {
    let api = strict();
    let definition = format!(
        "{STRICT}{}",
        r#"step_up:
  steps: [ { id: proof, kind: api_request, request: { method: GET, url: "{{base_url}}/prove", query: { acr_values: "{{response.challenge.acr_values}}", max_age: "{{response.challenge.max_age}}", by: "{{response.challenge.scheme}}" } } } ]
  request_parameters: [ { in: header, name: X-Proof, value: "{{proof.body.asked}} {{response.status}}" } ]
"#
    );
    let world = World::at(&api.origin(), &definition).await;
    let (_, front) = Front::asking(&world).await;
    let got = front.get("/x").await;
    assert_eq!(got.status, 200, "{:?}", got.json());
    assert_eq!(
        got.json()["proof"],
        "acr_values=gold%20silver&by=Bearer 401"
    );
    assert_eq!(logins(&api), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_no_renewal_gives_starts_none_where_no_step_up_is_declared() {
    let api = strict();
    let world = World::at(&api.origin(), STRICT).await;
    let answer = world.get("/x").await.unwrap();
    assert_eq!(
        (answer.status.as_u16(), answer.attempts, answer.over),
        (401, 1, false)
    );
    let got = Front::of(&world).await.get("/x").await;
    assert_eq!(
        (got.status, got.attempts(), got.header("x-over")),
        (401, 1, Some("0"))
    );
    assert_eq!(logins(&api), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_is_over_meanwhile_is_renewed_for_the_proven_call_too() {
    let taken = std::sync::Mutex::new(0);
    let api = Upstream::start(move |request| match request.uri().path() {
        "/login" => {
            let mut taken = taken.lock().unwrap();
            *taken += 1;
            Reply::json(json!({ "token": format!("t-{taken}") }))
        }
        _ if request.header("x-proof").is_none() => Reply::status(403),
        // The first token ended while somebody was asked.
        _ if request.bearer() == Some("t-1") => Reply::status(401),
        _ => Reply::json(json!({ "proof": request.header("x-proof") })),
    });
    let definition = r#"
auth_flow: { steps: [ { id: login, kind: api_request, request: { method: POST, url: "{{base_url}}/login" } } ] }
sign_in: { kind: bearer, token: "{{login.body.token}}" }
step_up:
  when: { value: "{{response.status}}", equals: 403 }
  steps: [ { id: made, kind: basic, username: a, password: b } ]
  request_parameters: [ { in: header, name: X-Proof, value: "{{made.authorization}}" } ]
"#;
    let world = World::at(&api.origin(), definition).await;
    let (_, front) = Front::asking(&world).await;
    let got = front.get("/x").await;
    assert_eq!(
        (got.status, got.attempts(), got.header("x-renewed")),
        (200, 3, Some("1"))
    );
}
