//! Test runs: what they tell of a renewal that an OAuth 2 step does by itself.

use super::test_runs::{events, start};
use super::world::World;
use serde_json::{Value, json};
use testkit::{Received, Reply, Upstream};

const DEFINITION: &str = r#"stepgate: 1
connector: mail
base_url: BASE
auth_flow:
  steps:
    - { id: tokens, kind: oauth2_client_credentials, token_url: "{{base_url}}/token", client_id: c-1, client_auth: none }
refresh_flow:
  steps:
    - { id: again, kind: oauth2_refresh, of: tokens }
UPDATES
request_parameters: [ { in: header, name: Authorization, value: "Bearer {{tokens.access_token}}" } ]
"#;

/// An API whose reply to a renewal is `renewed`.
fn api(renewed: Value) -> Upstream {
    Upstream::start(move |request| match request.form_value("grant_type") {
        Some(grant) if grant == "refresh_token" => Reply::json(renewed.clone()),
        _ => Reply::json(json!({
            "access_token": "access-canary-1",
            "refresh_token": "refresh-canary-1",
            "token_type": "Bearer",
            "expires_in": 3600,
            "team": { "id": "team-canary-1", "token": "team-canary-2" },
        })),
    })
}

/// What the test of a refresh flow tells of outputs, and of all that it tells.
async fn told(updates: &str, renewed: Value) -> (Vec<(String, bool)>, Value) {
    let (_world, _, bob) = World::with_both_and_apis().await;
    let api = api(renewed);
    let text = DEFINITION.replace("BASE", &api.origin());
    let text = text.replace("UPDATES", updates);
    let first = start(&bob, json!({ "text": text, "flow": "auth" })).await;
    assert_eq!(first["state"], "done", "{first:#}");
    let of = &first["id"];
    let run = start(&bob, json!({ "text": text, "flow": "refresh", "of": of })).await;
    assert_eq!(run["state"], "done", "{run:#}");
    let updated = events(&run, "updated").into_iter().map(|event| {
        let target = event["target"].as_str().unwrap().to_owned();
        (target, event["changed"].as_bool().unwrap())
    });
    (updated.collect(), run)
}

fn own(list: &[(&str, bool)]) -> Vec<(String, bool)> {
    list.iter()
        .map(|(target, changed)| ((*target).to_owned(), *changed))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_outputs_of_the_step_that_is_renewed_are_told_of() {
    let renewed = json!({
        "access_token": "access-canary-2",
        "token_type": "Bearer",
        "expires_in": 3600,
        "team": { "id": "team-canary-1", "token": "team-canary-3" },
    });
    let (updated, run) = told("", renewed).await;
    let expected = [
        ("tokens.access_token", true),
        ("tokens.refresh_token", false),
        ("tokens.team.token", true),
    ];
    assert_eq!(updated, own(&expected), "{run:#}");
    assert!(!run.to_string().contains("canary"), "{run:#}");
    assert_eq!(events(&run, "warning"), Vec::<&Value>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_update_variables_name_is_told_of_once() {
    let renewed = json!({
        "access_token": "access-canary-2",
        "refresh_token": "refresh-canary-2",
        "token_type": "Bearer",
    });
    let updates = r#"  update_variables: { tokens.access_token: "{{again.access_token}}" }"#;
    let (updated, run) = told(updates, renewed).await;
    let expected = [
        ("tokens.access_token", true),
        ("tokens.refresh_token", true),
    ];
    assert_eq!(updated, own(&expected), "{run:#}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_access_token_that_stays_the_same_is_told_of_and_warned_of() {
    let renewed = json!({ "access_token": "access-canary-1", "token_type": "Bearer" });
    let (updated, run) = told("", renewed).await;
    let expected = [
        ("tokens.access_token", false),
        ("tokens.refresh_token", false),
    ];
    assert_eq!(updated, own(&expected), "{run:#}");
    let warning = events(&run, "warning")[0]["message"].as_str().unwrap();
    assert!(warning.contains("send the same as before"), "{warning}");
}
