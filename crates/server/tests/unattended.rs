//! Connectors that need no person, over HTTP: a call signs in by itself, once, and a failure is told with the time it lasts.

use crate::wire::Answer;
use crate::world::{NOW, OTHER, SHOP, World};
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use store::Filter;
use testkit::{Gate, Received, Reply, Upstream};

const USER: &str = "Stepgate-User: u1";

/// `gone` belongs to users, `plant` is shared; both have an environment.
const MACHINE: &str = r#"
stepgate: 1
connector: NAME
base_url: BASE/api
environments: { staging: { base_url: BASE/staging } }
connection: { OWNER }
auth_flow: { steps: [ { id: login, kind: api_request, request: { method: POST, url: "BASE/login" } } ] }
sign_in: { kind: bearer, token: "{{login.body.token}}" }
test_api: { name: Who am I, request: { method: GET, url: "{{base_url}}/me" } }
endpoints:
  - { name: read, request: { method: GET, url: "{{base_url}}/page" } }
  - { name: open, attach: false, request: { method: GET, url: "{{base_url}}/open" } }
"#;

/// The same kind, whose login always asks for a code.
const ASKING: &str = r#"
stepgate: 1
connector: NAME
base_url: BASE/api
connection: { OWNER }
auth_flow:
  steps:
    - { id: login, kind: api_request, request: { method: POST, url: "BASE/login" } }
    - { id: form1, kind: form, when: { value: "{{login.body.token}}", exists: true }, title: Code, fields: [ { key: otp, type: otp, label: Code } ] }
"#;

/// A server with an API whose logins and sessions the test has in its hand.
struct Machine {
    world: World,
    api: Upstream,
    /// What `/login` answers next in place of a token.
    moods: Arc<Mutex<VecDeque<Reply>>>,
    /// The newest session's number.
    newest: Arc<AtomicUsize>,
    /// Logins wait for it.
    gate: Gate,
}

impl Machine {
    async fn start() -> Self {
        Self::kept("owner: user").await
    }

    async fn kept(gone: &str) -> Self {
        Self::defined(MACHINE, gone).await
    }

    async fn defined(definition: &'static str, gone: &str) -> Self {
        let newest = Arc::new(AtomicUsize::new(0));
        let moods = Arc::new(Mutex::new(VecDeque::<Reply>::new()));
        let gate = Gate::closed();
        gate.open();
        let (sessions, answers, held) = (newest.clone(), moods.clone(), gate.clone());
        let api = Upstream::start(move |request| {
            if request.uri().path() == "/login" {
                if let Some(mood) = answers.lock().unwrap().pop_front() {
                    return mood;
                }
                let number = sessions.fetch_add(1, Ordering::SeqCst) + 1;
                return Reply::json(json!({ "token": format!("t-{number}") })).held_by(&held);
            }
            let newest = format!("t-{}", sessions.load(Ordering::SeqCst));
            match request.bearer() {
                Some(shown) if shown != newest => Reply::json(json!({})).with_status(401),
                _ => Reply::json(json!({ "path": request.uri().path() })),
            }
        });
        let text = definition.replace("BASE", &api.origin());
        let world = World::with(|settings| {
            let folder = settings.connectors.as_ref().unwrap();
            for (name, owner) in [("gone", gone), ("plant", "owner: shared")] {
                let text = text.replace("NAME", name).replace("OWNER", owner);
                std::fs::write(folder.join(format!("{name}.yaml")), text).unwrap();
            }
        })
        .await;
        Self {
            world,
            api,
            moods,
            newest,
            gate,
        }
    }

    fn answers(&self, reply: Reply) {
        self.moods.lock().unwrap().push_back(reply);
    }

    fn logins(&self) -> usize {
        self.api.requests_to("/login").len()
    }

    fn end_session(&self) {
        self.newest.fetch_add(1, Ordering::SeqCst);
    }

    async fn get(&self, path: &str) -> Answer {
        self.world.get(path).await
    }

    async fn post(&self, path: &str) -> Answer {
        let line = format!("POST {path}");
        self.world.send(&line, &[SHOP, USER], "").await
    }

    async fn found(&self, connector: &str, environment: Option<&str>, owner: &str) -> usize {
        let filter = Filter {
            connector: connector.to_owned(),
            environment: environment.map(str::to_owned),
            owner: owner.to_owned(),
            origins: None,
        };
        self.world.store.find(filter).await.unwrap().len()
    }
}

fn seconds(answer: &Answer) -> i64 {
    answer.header("retry-after").unwrap().parse().unwrap()
}

fn told(answer: &Answer) -> (u16, String, Value, Value) {
    let body = answer.json();
    let (fault, retry) = (body["whose_fault"].clone(), body["retry"].clone());
    (answer.status, answer.problem(), fault, retry)
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_that_find_no_connection_sign_in_once_and_go_on() {
    let machine = Arc::new(Machine::start().await);
    // What takes no credential along signs in to nothing.
    assert_eq!(machine.post("/call/gone/open").await.status, 200);
    assert_eq!(machine.logins(), 0);

    machine.gate.close();
    let callers: Vec<_> = (0..32)
        .map(|number| {
            let machine = machine.clone();
            tokio::spawn(async move {
                match number % 2 {
                    0 => machine.get("/proxy/gone/x").await,
                    _ => machine.post("/call/gone/read").await,
                }
            })
        })
        .collect();
    machine.api.received(2).await;
    machine.gate.open();
    for caller in callers {
        let answer = caller.await.unwrap();
        assert_eq!(answer.status, 200, "{answer:?}");
    }
    assert_eq!(machine.logins(), 1);
    assert_eq!(machine.found("gone", None, "shop/u1").await, 1);

    // Another user's, another app's and another environment's are connections of their own.
    for headers in [
        [SHOP, "Stepgate-User: u2", "Prefer: wait=1"],
        [OTHER, USER, "Prefer: wait=1"],
        [SHOP, USER, "Stepgate-Environment: staging"],
    ] {
        let answer = machine.world.send("GET /proxy/gone/x", &headers, "").await;
        assert_eq!(answer.status, 200, "{answer:?}");
    }
    assert_eq!(machine.logins(), 4);
    assert_eq!(machine.found("gone", Some("staging"), "shop/u1").await, 1);
    // One that is named has to be there.
    let named = [SHOP, USER, "Stepgate-Connection: work"];
    let answer = machine.world.send("GET /proxy/gone/x", &named, "").await;
    assert_eq!(answer.status, 404, "{answer:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shared_connection_that_needs_no_person_is_signed_in_by_the_first_call_of_any_app() {
    let machine = Machine::start().await;
    for headers in [vec![SHOP], vec![OTHER, USER], vec![SHOP, USER]] {
        let answer = machine.world.send("GET /proxy/plant/x", &headers, "").await;
        assert_eq!(answer.status, 200, "{answer:?}");
    }
    assert_eq!(machine.logins(), 1);
    assert_eq!(machine.found("plant", None, "shared").await, 1);
    // It is nobody's own: neither to see, nor to sign in by hand.
    let list = machine.get("/api/connections").await.json();
    assert_eq!(list["connections"], json!([]));
    let headers = [SHOP, USER, "Content-Type: application/json"];
    let body = json!({ "connector": "plant" }).to_string();
    let refused = machine.world.send("POST /api/runs", &headers, &body).await;
    assert_eq!(refused.problem(), "shared_connector");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failing_login_is_not_met_by_each_call_and_its_time_is_told() {
    let machine = Machine::start().await;
    machine.answers(Reply::status(429).header("Retry-After", "30"));
    let first = machine.get("/proxy/gone/x").await;
    let expected = (
        503,
        "sign_in_postponed".to_owned(),
        json!("api"),
        json!("later"),
    );
    assert_eq!(told(&first), expected, "{first:?}");
    assert!((30..33).contains(&seconds(&first)), "{first:?}");
    let until = first.json()["retry_at"].as_i64().unwrap();
    machine.world.clock.advance(10);
    // It waits for nothing either, as nobody could come.
    let headers = [SHOP, USER, "Prefer: wait=60"];
    let second = machine.world.send("GET /proxy/gone/x", &headers, "").await;
    assert_eq!(told(&second), expected);
    assert_eq!(seconds(&second), until - NOW - 10);
    assert_eq!(machine.logins(), 1);
    machine.world.clock.set(until);
    assert_eq!(machine.get("/proxy/gone/x").await.status, 200);
    assert_eq!(machine.logins(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_waits_for_a_person_does_not_run_the_flow_meanwhile() {
    let machine = Machine::defined(ASKING, "owner: user").await;
    let number = async || {
        let ttl = std::time::Duration::from_secs(1);
        let fence = machine.world.store.lease("probe", "test", ttl).await;
        fence.unwrap().unwrap().number()
    };
    let headers = [SHOP, USER, "Prefer: wait=1"];
    let refused = machine.world.send("GET /proxy/gone/x", &headers, "").await;
    assert_eq!(refused.problem(), "sign_in_required", "{refused:?}");
    let before = number().await;
    // The second call and all its looks write nothing.
    let refused = machine.world.send("GET /proxy/gone/x", &headers, "").await;
    assert_eq!(refused.problem(), "sign_in_required", "{refused:?}");
    machine.world.clock.advance(2);
    assert_eq!((number().await, machine.logins()), (before + 1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_login_is_the_builders_to_mend() {
    let machine = Machine::start().await;
    machine.answers(Reply::json(json!({ "error": "invalid_client" })).with_status(401));
    for _ in 0..2 {
        let answer = machine.get("/proxy/gone/x").await;
        let expected = (
            503,
            "sign_in_refused".to_owned(),
            json!("builder"),
            json!("later"),
        );
        assert_eq!(told(&answer), expected, "{answer:?}");
        assert!((60..=90).contains(&seconds(&answer)), "{answer:?}");
        assert_eq!(answer.json().get("sign_in_url"), None);
    }
    assert_eq!(machine.logins(), 1);
    // Who starts a sign-in by hand need not wait, and ends the wait of the others.
    let headers = [SHOP, USER, "Content-Type: application/json"];
    let body = json!({ "connector": "gone" }).to_string();
    let run = machine.world.send("POST /api/runs", &headers, &body).await;
    assert_eq!(run.json()["state"], "signed_in", "{run:?}");
    assert_eq!(machine.get("/proxy/gone/x").await.status, 200);
    assert_eq!(machine.logins(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_is_over_is_signed_in_to_by_test_and_renew_too() {
    let machine = Machine::start().await;
    assert_eq!(machine.get("/proxy/gone/x").await.status, 200);
    let list = machine.get("/api/connections").await.json();
    let id = list["connections"][0]["id"].as_str().unwrap().to_owned();
    let path = |what: &str| format!("/api/connections/{id}{what}");
    let refuse = || {
        machine.end_session();
        machine.answers(Reply::status(403));
    };
    for what in ["/test", "/renew"] {
        // The call that finds the session over meets the refusal.
        refuse();
        let answer = machine.get("/proxy/gone/x").await;
        assert_eq!(answer.problem(), "sign_in_refused", "{answer:?}");
        let logins = machine.logins();
        let answer = machine.post(&path(what)).await;
        assert_eq!(answer.problem(), "sign_in_refused", "{answer:?}");
        assert!(seconds(&answer) <= 60, "{answer:?}");
        let shown = machine.get(&path("")).await.json();
        assert_eq!(shown["state"], "sign_in_required");
        assert_eq!(machine.logins(), logins);
        machine.world.clock.advance(60);
        let answer = machine.post(&path(what)).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        assert_eq!(machine.logins(), logins + 1);
    }
    let shown = machine.get(&path("")).await.json();
    assert_eq!(
        (&shown["state"], &shown["version"]),
        (&json!("fresh"), &json!(3))
    );
    assert_eq!(machine.get("/proxy/gone/x").await.status, 200);
    assert_eq!(machine.found("gone", None, "shop/u1").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_browser_would_keep_is_signed_in_to_as_well() {
    let machine = Machine::kept("keep_in: browser").await;
    let first = machine.get("/proxy/gone/x").await;
    assert_eq!(first.status, 200, "{first:?}");
    let blob = first.header("stepgate-credential").unwrap().to_owned();
    let shown = format!("Stepgate-Credential: {blob}");
    let headers = [SHOP, USER, &shown];
    let answer = machine.world.send("GET /proxy/gone/x", &headers, "").await;
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(machine.logins(), 1);
    // A page that does not show what it has just got does not sign in with each of its calls.
    assert_eq!(
        machine.get("/proxy/gone/x").await.problem(),
        "sign_in_required"
    );
    assert_eq!(machine.logins(), 1);
    machine.world.clock.advance(60);
    let anew = machine.get("/proxy/gone/x").await;
    assert_eq!((anew.status, machine.logins()), (200, 2), "{anew:?}");
    let other = anew.header("stepgate-credential").unwrap();
    assert_ne!(other, blob);
}
