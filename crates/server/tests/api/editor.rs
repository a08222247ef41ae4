//! What an editor of definitions asks: problems with their places, the schema, examples.

use super::world::World;
use serde_json::{Value, json};

const WITH_A_FORM: &str = r#"stepgate: 1
connector: wiki
base_url: https://wiki.example.org
auth_flow:
  steps:
    - id: form1
      kind: form
      fields: [{ key: username, type: text }, { key: password, type: password }]
    - id: login
      kind: api_request
      request: { method: POST, url: "{{base_url}}/login", json: { u: "{{form1.username}}", p: "{{form1.password}}" } }
request_parameters:
  - { in: header, name: Authorization, value: "Bearer {{login.body.token}}" }
  - { in: header, name: X-User, value: "{{form1.username}}" }
"#;

#[tokio::test(flavor = "multi_thread")]
async fn a_problem_has_its_place_in_text_and_document_and_the_nearest_name() {
    let (_world, _, bob) = World::with_both().await;
    let text = WITH_A_FORM.replace("{{form1.password}}", "é {{fom1.password}}");
    let checked = bob
        .send("POST /api/check", &json!({ "text": text }))
        .await
        .expect(200)
        .json();
    assert_eq!(checked["valid"], false);
    assert_eq!(checked["kept"], json!([]));
    let problem = &checked["problems"][0];
    let line = text.lines().nth(10).unwrap();
    let begin = line.chars().collect::<String>().find("{{fom1").unwrap();
    let begin = line[..begin].chars().count() + 1;
    let expected = json!({
        "severity": "error",
        "code": "unknown_name",
        "line": 11,
        "column": begin,
        "end_line": 11,
        "end_column": begin + "{{fom1.password}}".len(),
        "path": "auth_flow.steps[1].request.json.p",
        "message": "No earlier step is called `fom1`.",
        "help": "Did you mean `form1`?",
        "nearest": "form1",
    });
    assert_eq!(problem, &expected);
    let fine = bob
        .send("POST /api/check", &json!({ "text": WITH_A_FORM }))
        .await
        .json();
    assert_eq!(fine["kept"], json!(["form1.username"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn schema_and_examples_are_for_our_people_alone() {
    let (world, ada) = World::with_admin().await;
    let schema = ada.get("/api/definition-schema").await.expect(200).json();
    for kind in ["step_form", "step_api_request", "sign_in_bearer"] {
        assert!(schema["$defs"][kind]["description"].is_string(), "{kind}");
    }
    let examples = ada.get("/api/examples").await.expect(200).json();
    let examples = examples["examples"].as_array().unwrap().clone();
    let wiki = |example: &&Value| example["name"] == "mediawiki";
    let wiki = examples.iter().find(wiki).unwrap();
    assert!(wiki["title"].as_str().unwrap().starts_with("MediaWiki:"));
    let checked = ada
        .send("POST /api/check", &json!({ "text": wiki["text"] }))
        .await;
    assert_eq!(checked.json()["valid"], true);
    for line in ["GET /api/definition-schema", "GET /api/examples"] {
        world.send(line, &[], b"").await.expect(401);
    }
    let text = json!({ "text": WITH_A_FORM });
    world.json("POST /api/check", &[], &text).await.expect(401);
}
