//! Trying an endpoint, and whether the installation is sound.

use super::world::{Browser, World};
use serde_json::{Value, json};
use testkit::{Received, Reply, Upstream};

const YAML: [(&str, &str); 1] = [("content-type", "text/yaml")];

fn api() -> Upstream {
    Upstream::start(|request| match request.uri().path() {
        "/login" => Reply::json(json!({ "token": "token-canary-1" })).cookie("sid=cookie-canary-2"),
        "/zip" => Reply::text("abc").gzipped(),
        "/large" => Reply::status(200).then_zeros(3 << 20),
        path => Reply::json(json!({ "path": path, "limit": request.query_value("limit") }))
            .cookie("other=cookie-canary-3"),
    })
}

async fn made(person: &Browser, name: &str, owner: &str, form: &str, api: &Upstream) {
    let text = format!(
        r#"stepgate: 1
connector: {name}
base_url: {}
connection: {{ owner: {owner} }}
auth_flow:
  steps:
    {form}
    - {{ id: login, kind: api_request, request: {{ method: POST, url: "{{{{base_url}}}}/login" }} }}
request_parameters: [ {{ in: header, name: Authorization, value: "Bearer {{{{login.body.token}}}}" }} ]
endpoints:
  - {{ name: note, request: {{ method: GET, url: "{{{{base_url}}}}/notes/{{{{parameters.id}}}}", query: {{ limit: "{{{{parameters.limit}}}}" }} }}, parameters: {{ id: {{ type: string }}, limit: {{ type: integer, default: 5 }} }}, expect: {{ value: "{{{{response.status}}}}", equals: 201, else: Not made. }} }}
  - {{ name: zip, request: {{ method: GET, url: "{{{{base_url}}}}/zip" }} }}
  - {{ name: large, request: {{ method: GET, url: "{{{{base_url}}}}/large" }} }}
  - {{ name: open, attach: false, request: {{ method: GET, url: "{{{{base_url}}}}/open" }} }}
"#,
        api.origin()
    );
    person
        .raw(&format!("PUT /api/connectors/{name}"), &YAML, &text)
        .await
        .expect(201);
}

async fn tried(person: &Browser, connector: &str, body: Value, status: u16) -> Value {
    let line = format!("POST /api/connectors/{connector}/try");
    person.send(&line, &body).await.expect(status).json()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_endpoint_is_tried_with_the_shared_connection() {
    let (world, _, bob) = World::with_both_and_apis().await;
    let api = api();
    made(&bob, "team", "shared", "", &api).await;
    let body = json!({ "endpoint": "note", "parameters": { "id": "it's" } });
    let answer = tried(&bob, "team", body.clone(), 200).await;
    assert_eq!(
        (
            &answer["status"],
            &answer["attempts"],
            &answer["expected"],
            &answer["why"]
        ),
        (&json!(200), &json!(1), &json!(false), &json!("Not made."))
    );
    let shown: Value = serde_json::from_str(answer["body"].as_str().unwrap()).unwrap();
    assert_eq!(shown, json!({ "path": "/notes/it%27s", "limit": "5" }));
    let curl = answer["curl"].as_str().unwrap();
    assert_eq!(
        curl,
        "curl 'https://gate.example.org/call/team/note' -H \"Stepgate-Key: $KEY\" --json '{\"parameters\":{\"id\":\"it'\\''s\"}}'"
    );
    assert!(answer["connection_id"].as_str().unwrap().starts_with("c_"));
    assert!(!answer.to_string().contains("canary"), "{answer}");
    let zip = tried(&bob, "team", json!({ "endpoint": "zip" }), 200).await;
    assert_eq!((&zip["body"], &zip["bytes"]), (&json!("abc"), &json!(3)));
    let large = tried(&bob, "team", json!({ "endpoint": "large" }), 200).await;
    assert_eq!(
        (&large["status"], &large["body"]),
        (&json!(200), &Value::Null)
    );
    tried(&bob, "team", json!({ "endpoint": "nothing" }), 404).await;
    tried(&bob, "nowhere", body.clone(), 404).await;
    let wrong = json!({ "endpoint": "note", "parameters": { "other": 1 } });
    assert_eq!(
        tried(&bob, "team", wrong, 400).await["code"],
        "unknown_parameter"
    );
    world
        .json("POST /api/connectors/team/try", &[], &body)
        .await
        .expect(401);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_tries_with_anothers_connection() {
    let (_world, ada, bob) = World::with_both_and_apis().await;
    let api = api();
    let form =
        "- { id: f, kind: form, title: Key, fields: [ { key: k, type: text, label: Key } ] }";
    made(&bob, "own", "user", form, &api).await;
    let body = json!({ "endpoint": "note", "parameters": { "id": "1" } });
    let refused = tried(&bob, "own", body.clone(), 409).await;
    assert_eq!(refused["code"], "sign_in_required");
    let open = tried(&bob, "own", json!({ "endpoint": "open" }), 200).await;
    assert_eq!(open["connection_id"], Value::Null);
    assert!(
        open["curl"]
            .as_str()
            .unwrap()
            .contains("Stepgate-User: $USER")
    );
    let run = bob
        .send("POST /api/runs", &json!({ "connector": "own" }))
        .await;
    let run = run.expect(201).json();
    let line = format!("POST /api/runs/{}/answers", run["id"].as_str().unwrap());
    let seen = |listed: Value| listed["runs"].as_array().unwrap().clone();
    let listed = seen(
        bob.get("/api/runs?connector=own&state=waiting")
            .await
            .expect(200)
            .json(),
    );
    assert_eq!(
        (
            &listed[0]["id"],
            &listed[0]["waits_for"],
            &listed[0]["step"],
            &listed[0]["owner"]
        ),
        (
            &run["id"],
            &json!("form"),
            &json!("f"),
            &json!("people/bob")
        )
    );
    assert_eq!(seen(ada.get("/api/runs").await.json()).len(), 1);
    for none in ["owner=people/eve", "state=failed", "connector=team"] {
        let listed = ada.get(&format!("/api/runs?{none}")).await.expect(200);
        assert_eq!(seen(listed.json()), Vec::<Value>::new(), "{none}");
    }
    let done = bob.send(&line, &json!({ "f": { "k": "x" } })).await.json();
    assert_eq!(done["state"], "signed_in", "{done}");
    let mine = tried(&bob, "own", body.clone(), 200).await;
    assert_eq!(mine["connection_id"], done["connection_id"]);
    // An admin sees it, and does not read with it.
    let named = json!({ "endpoint": "note", "parameters": { "id": "1" }, "connection": done["connection_id"] });
    for body in [body, named] {
        let line = "POST /api/connectors/own/try";
        let refused = ada.send(line, &body).await;
        assert!(refused.status.is_client_error(), "{refused:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_admin_learns_what_is_not_sound() {
    let (_world, ada, bob) = World::with_both_and_apis().await;
    let api = api();
    made(&bob, "team", "shared", "", &api).await;
    bob.get("/api/doctor").await.expect(403);
    let told = ada.get("/api/doctor").await.expect(200).json();
    assert_eq!(told["sound"], false);
    let finding = |what: &str| {
        let findings = told["findings"].as_array().unwrap();
        findings
            .iter()
            .find(|it| it["what"] == what)
            .unwrap()
            .clone()
    };
    assert_eq!(finding("store")["sound"], true);
    assert_eq!(finding("callback address")["sound"], true);
    for what in ["key", "proxy", "single sign-on"] {
        assert_eq!(finding(what)["sound"], true, "{what}");
    }
    let key = finding("key")["detail"].as_str().unwrap().to_owned();
    assert!(key.contains("keep a copy of it"), "{key}");
    // The tests' clock stands in 2023.
    assert_eq!(finding("clock")["sound"], false);
    let egress = finding("egress")["detail"].as_str().unwrap().to_owned();
    assert!(egress.contains("of 2 APIs 1 answers"), "{egress}");
    assert!(egress.contains("folder-wiki: "), "{egress}");
}
