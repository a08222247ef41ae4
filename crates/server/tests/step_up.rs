//! Calls whose API wants more proof, over HTTP: told where a person gives it, and sent with it the next time.

use crate::world::{OTHER, SHOP, World};
use serde_json::{Value, json};
use testkit::{Received, Reply, Upstream};

const JSON: &str = "Content-Type: application/json";
const U1: &str = "Stepgate-User: u1";

const STEP_UP: &str = r#"
step_up:
  when: { value: "{{response.body.error}}", equals: prove }
  steps: [ { id: again, kind: form, title: Confirm it is you, fields: [ { key: password, type: password, label: Password } ] } ]
  request_parameters: [ { in: header, name: X-Proof, value: "{{again.password}}" } ]
"#;

/// An API that wants a password for each payment.
fn bank() -> Upstream {
    Upstream::start(|request| match request.header("x-proof") {
        Some("hunter2") => Reply::json(json!({ "paid": request.text() })),
        Some(_) => Reply::json(json!({ "error": "wrong" })).with_status(403),
        None => Reply::json(json!({ "error": "prove" })).with_status(401),
    })
}

async fn answer(world: &World, run: &str, password: &str) -> Value {
    let answers = json!({ "again": { "password": password } }).to_string();
    let line = format!("POST /api/runs/{run}/answers");
    world.send(&line, &[SHOP, U1, JSON], &answers).await.json()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_is_told_where_more_is_proven_and_goes_with_it_once() {
    let bank = bank();
    let world = World::start().await;
    world.add_gone_with(&bank.origin(), STEP_UP).await;
    let pay = || world.send("POST /proxy/gone/pay", &[SHOP, U1], "ten");
    let told = pay().await;
    assert_eq!(
        (told.status, told.problem().as_str()),
        (409, "step_up_required")
    );
    let problem = told.json();
    assert_eq!(
        (problem["whose_fault"].as_str(), problem["retry"].as_str()),
        (Some("caller"), Some("after_sign_in"))
    );
    let run = problem["run"].as_str().unwrap();
    let url = problem["step_up_url"].as_str().unwrap();
    assert!(url.contains("/auth/shop?link="), "{url}");
    // Nobody else's to answer or to see.
    let elsewhere = world
        .send(&format!("GET /api/runs/{run}"), &[OTHER, U1], "")
        .await;
    assert_eq!(elsewhere.status, 404);
    let view = world.get(&format!("/api/runs/{run}")).await.json();
    assert_eq!(view["waiting_for"]["form"]["title"], "Confirm it is you");
    let view = answer(&world, run, "hunter2").await;
    assert_eq!(view["state"], "stepped_up", "{view}");
    let paid = pay().await;
    assert_eq!(
        (paid.status, paid.json()["paid"].as_str()),
        (200, Some("ten"))
    );
    assert_eq!(paid.header("stepgate-attempts"), Some("2"));
    let again = pay().await;
    assert_eq!(
        (again.status, again.problem().as_str()),
        (409, "step_up_required")
    );
    assert!(!world.on_disk().windows(7).any(|bytes| bytes == b"hunter2"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_waits_as_long_as_it_prefers_and_a_refused_proof_is_the_apis_answer() {
    let bank = bank();
    let world = World::start().await;
    world.add_gone_with(&bank.origin(), STEP_UP).await;
    let run = world.get("/proxy/gone/pay").await.json()["run"]
        .as_str()
        .unwrap()
        .to_owned();
    let prefers = [SHOP, U1, "Prefer: wait=60"];
    let waiting = world.send("GET /proxy/gone/pay", &prefers, "");
    let answering = async {
        // Whether it waits already or comes a moment later, the proof is there for it.
        bank.received(2).await;
        answer(&world, &run, "guess").await
    };
    let (paid, view) = tokio::join!(waiting, answering);
    assert_eq!(view["state"], "stepped_up", "{view}");
    assert_eq!(
        (paid.status, paid.json()["error"].as_str()),
        (403, Some("wrong"))
    );
    assert_eq!(paid.header("stepgate-outcome"), Some("upstream"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_link_leads_to_the_form_and_no_further() {
    let bank = bank();
    let world = World::start().await;
    world.add_gone_with(&bank.origin(), STEP_UP).await;
    let problem = world.get("/proxy/gone/pay").await.json();
    let url = url::Url::parse(problem["step_up_url"].as_str().unwrap()).unwrap();
    let link = format!("GET {}?{}", url.path(), url.query().unwrap());
    let from_the_app = ["Referer: https://shop.example.org/"];
    let entered = world.send(&link, &from_the_app, "").await;
    let run = problem["run"].as_str().unwrap();
    let page = format!("/auth/shop/runs/{run}");
    assert_eq!(
        (entered.status, entered.header("location")),
        (303, Some(page.as_str()))
    );
}
