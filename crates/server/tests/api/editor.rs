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

/// The names that are offered, with those that run later in brackets.
async fn named(bob: &super::world::Browser, asked: Value) -> (String, Vec<String>) {
    let found = bob.send("POST /api/scope", &asked).await.expect(200).json();
    let names = found["names"].as_array().unwrap().iter();
    let names = names.map(|name| {
        let path = name["path"].as_str().unwrap();
        match name["later"].as_bool().unwrap() {
            true => format!("({path})"),
            false => path.to_owned(),
        }
    });
    (found["path"].as_str().unwrap().to_owned(), names.collect())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_template_is_offered_what_is_there_where_it_stands() {
    let (_world, _, bob) = World::with_both().await;
    let by_path = |path: &str| json!({ "text": WITH_A_FORM, "path": path });
    let (_, names) = named(&bob, by_path("auth_flow.steps[1].request.json.p")).await;
    assert_eq!(names[..2], ["form1.username", "form1.password"]);
    assert!(names.contains(&"(login.body)".to_owned()), "{names:?}");
    assert!(names.contains(&"state".to_owned()) && !names.contains(&"response.status".to_owned()));
    // A place where nothing is written yet.
    let (_, names) = named(&bob, by_path("auth_flow.steps[1].expect.value")).await;
    assert!(
        names.contains(&"login.body".to_owned()) && names.contains(&"response.body".to_owned())
    );
    let (_, names) = named(&bob, by_path("request_parameters[0].value")).await;
    assert!(names.contains(&"login.body".to_owned()) && !names.contains(&"state".to_owned()));
    // Somebody types: what is open breaks the YAML, and is answered all the same.
    let typing = WITH_A_FORM.replace("\"{{base_url}}/login\"", "{{fo");
    let line = typing
        .lines()
        .position(|line| line.contains("{{fo"))
        .unwrap();
    let column = typing.lines().nth(line).unwrap().find("{{fo").unwrap() + 5;
    let (path, names) = named(
        &bob,
        json!({ "text": typing, "line": line + 1, "column": column }),
    )
    .await;
    assert_eq!(path, "auth_flow.steps[1].request.url");
    assert_eq!(names[0], "form1.username");
    for wrong in [
        json!({ "text": WITH_A_FORM }),
        json!({ "text": WITH_A_FORM, "line": 1 }),
        json!({ "text": "[", "path": "auth_flow" }),
    ] {
        bob.send("POST /api/scope", &wrong).await.expect(422);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_says_its_type_and_where_it_comes_from() {
    let (_world, _, bob) = World::with_both().await;
    let text = WITH_A_FORM.replace(
        "auth_flow:",
        "variables: { limit: 20 }\nsecrets: [client_secret]\nauth_flow:",
    );
    let asked = json!({ "text": text, "path": "sign_in.token" });
    let found = bob.send("POST /api/scope", &asked).await.expect(200).json();
    let name = |path: &str| {
        let names = found["names"].as_array().unwrap();
        names
            .iter()
            .find(|name| name["path"] == path)
            .unwrap()
            .clone()
    };
    let status = name("login.status");
    assert_eq!(
        (
            &status["kind"],
            &status["type"],
            &status["step"],
            &status["flow"]
        ),
        (
            &json!("output"),
            &json!("number"),
            &json!("login"),
            &json!("auth_flow")
        )
    );
    assert_eq!(name("variables.limit")["type"], "number");
    assert_eq!(name("secrets.client_secret")["kind"], "secret");
    let filters = found["filters"].as_array().unwrap();
    assert_eq!(filters.len(), 10);
    assert!(
        filters
            .iter()
            .all(|it| it["about"].as_str().unwrap().ends_with('.'))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_is_kept_for_its_person_and_no_version_is_lost() {
    let (_world, ada, bob) = World::with_both().await;
    let draft = |text: &str| json!({ "text": text, "based_on": 2 });
    let made = bob.send("PUT /api/drafts/wiki", &draft("one # ü")).await;
    let made = made.expect(201);
    assert_eq!(made.header("etag"), "\"1\"");
    let found = bob.get("/api/drafts/wiki").await.expect(200);
    assert_eq!(found.header("cache-control"), "no-store");
    let found = found.json();
    assert_eq!(
        (&found["text"], &found["based_on"], &found["version"]),
        (&json!("one # ü"), &json!(2), &json!(1))
    );
    bob.send("PUT /api/drafts/wiki", &draft("two"))
        .await
        .expect(428);
    let seen = |version| [("if-match", version)];
    bob.with("PUT /api/drafts/wiki", &seen("\"1\""), &draft("two"))
        .await
        .expect(200);
    bob.with("PUT /api/drafts/wiki", &seen("\"1\""), &draft("three"))
        .await
        .expect(412);
    assert_eq!(bob.get("/api/drafts/wiki").await.json()["text"], "two");
    // Nobody else's business.
    ada.get("/api/drafts/wiki").await.expect(404);
    assert_eq!(ada.get("/api/drafts").await.json()["drafts"], json!([]));
    ada.send("PUT /api/drafts/wiki", &draft("hers"))
        .await
        .expect(201);
    ada.delete("/api/drafts/wiki").await.expect(204);
    let listed = bob.get("/api/drafts").await.json();
    assert_eq!(listed["drafts"][0]["version"], 2);
    assert!(listed["drafts"][0]["text"].is_null());
    bob.raw("DELETE /api/drafts/wiki", &seen("\"1\""), "")
        .await
        .expect(412);
    bob.delete("/api/drafts/wiki").await.expect(204);
    bob.delete("/api/drafts/wiki").await.expect(404);
    bob.send("PUT /api/drafts/a.b", &draft("x"))
        .await
        .expect(422);
}
