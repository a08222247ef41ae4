//! Connectors by API: checked, saved in versions, brought back; their secrets.

use super::world::{Browser, World, definition};
use serde_json::{Value, json};

const YAML: [(&str, &str); 1] = [("content-type", "text/yaml")];

async fn put(browser: &Browser, seen: &str, text: &str) -> super::client::Answer {
    let headers = [("content-type", "application/yaml"), ("if-match", seen)];
    browser
        .raw("PUT /api/connectors/wiki", &headers, text)
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn each_save_is_a_version_over_the_one_that_was_seen() {
    let (_world, ada, bob) = World::with_both().await;
    let one = definition("wiki", "One");
    let made = ada
        .raw("POST /api/connectors?note=first", &YAML, &one)
        .await
        .expect(201);
    assert_eq!(
        (made.header("etag"), made.header("location")),
        ("\"1\"", "/api/connectors/wiki")
    );
    let made = made.json();
    assert_eq!(
        (&made["author"], &made["note"], &made["text"]),
        (&json!("ada"), &json!("first"), &json!(one))
    );
    let taken = ada.raw("POST /api/connectors", &YAML, &one).await;
    assert_eq!(taken.expect(409).code(), "name_taken");

    let two = definition("wiki", "Two");
    let blind = ada.raw("PUT /api/connectors/wiki", &YAML, &two).await;
    assert_eq!(blind.expect(428).code(), "if_match_required");
    let saved = put(&bob, "\"1\"", &two).await.expect(200);
    assert_eq!(saved.header("etag"), "\"2\"");
    let late = put(&ada, "\"1\"", &definition("wiki", "Late"))
        .await
        .expect(412);
    assert_eq!(late.json()["version"], 2);
    assert_eq!(late.code(), "other_version");
    for seen in ["W/\"2\"", "2", "\"3\""] {
        put(&ada, seen, &two).await.expect(412);
    }
    let listed = ada.get("/api/connectors").await.json();
    let wiki = listed["connectors"]
        .as_array()
        .unwrap()
        .iter()
        .find(|it| it["connector"] == "wiki");
    assert_eq!(wiki.unwrap()["title"], "Two");

    let versions = ada.get("/api/connectors/wiki/versions").await.json();
    let authors: Vec<_> = versions["versions"].as_array().unwrap().iter().collect();
    assert_eq!(
        (&authors[0]["author"], &authors[1]["author"]),
        (&json!("bob"), &json!("ada"))
    );
    assert_eq!(authors[1]["created_at"], "2023-11-14T22:13:20Z");
    let old = ada.get("/api/connectors/wiki/versions/1").await.expect(200);
    assert_eq!(
        (old.json()["text"].clone(), old.header("etag")),
        (json!(one), "\"1\"")
    );
    let restore = "POST /api/connectors/wiki/versions/1/restore";
    ada.send(restore, &Value::Null).await.expect(428);
    let back = ada
        .with(restore, &[("if-match", "\"2\"")], &Value::Null)
        .await
        .expect(200)
        .json();
    assert_eq!(
        (&back["version"], &back["text"], &back["note"]),
        (&json!(3), &json!(one), &json!("Restored version 1"))
    );

    let delete = "DELETE /api/connectors/wiki";
    ada.send(delete, &Value::Null).await.expect(428);
    ada.with(delete, &[("if-match", "\"2\"")], &Value::Null)
        .await
        .expect(412);
    ada.with(delete, &[("if-match", "\"3\"")], &Value::Null)
        .await
        .expect(204);
    ada.get("/api/connectors/wiki").await.expect(404);
    put(&ada, "*", &two).await.expect(404);
    let back = ada
        .send("POST /api/connectors/wiki/versions/2/restore", &Value::Null)
        .await
        .expect(201);
    assert_eq!(back.json()["version"], 4);
    for version in ["0", "9", "-1", "x", "99999999999999999999"] {
        let path = format!("/api/connectors/wiki/versions/{version}");
        ada.get(&path).await.expect(404);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_definition_is_not_saved_and_each_problem_has_its_place() {
    let (_world, ada) = World::with_admin().await;
    let wrong = definition("wiki", "Wiki").replace("secrets.client_secret", "secrets.clientsecret");
    let refused = ada
        .raw("POST /api/connectors", &YAML, &wrong)
        .await
        .expect(422);
    let problems = refused.json()["problems"].as_array().unwrap().clone();
    let problem = problems
        .iter()
        .find(|problem| problem["severity"] == "error")
        .unwrap();
    assert_eq!(problem["code"], "unknown_secret");
    assert_eq!(problem["line"], 14);
    for member in ["column", "message", "help", "path"] {
        assert!(!problem[member].is_null(), "{member}");
    }
    assert_eq!(refused.json()["whose_fault"], "builder");
    assert_eq!(refused.code(), "invalid_definition");
    let checked = ada
        .send("POST /api/check", &json!({ "text": wrong }))
        .await
        .expect(200)
        .json();
    assert_eq!(
        (&checked["valid"], &checked["problems"]),
        (&json!(false), &json!(problems))
    );
    let fine = json!({ "text": definition("wiki", "Wiki") });
    let fine = ada.send("POST /api/check", &fine).await;
    assert_eq!(
        fine.json(),
        json!({ "valid": true, "connector": "wiki", "problems": [], "kept": [] })
    );
    let other = ada
        .raw(
            "PUT /api/connectors/wiki",
            &YAML,
            &definition("other", "Other"),
        )
        .await;
    assert_eq!(other.expect(422).json()["field"], "connector");
    for text in [
        "",
        "\0",
        "[",
        "a: &a [*a]",
        "{\"a\": \"\u{fffe}\"}",
        "- - -",
    ] {
        ada.raw("POST /api/connectors", &YAML, text)
            .await
            .expect(422);
        ada.send("POST /api/check", &json!({ "text": text }))
            .await
            .expect(200);
    }
    ada.get("/api/connectors/wiki").await.expect(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_definition_is_yaml_or_json_and_comes_back_as_it_was_written() {
    let (_world, ada) = World::with_admin().await;
    let text = definition("wiki", "Wiki");
    ada.raw(
        "PUT /api/connectors/wiki",
        &[("content-type", "Application/YAML; charset=utf-8")],
        &text,
    )
    .await
    .expect(201);
    let raw = ada
        .raw("GET /api/connectors/wiki", &[("accept", "text/yaml")], "")
        .await
        .expect(200);
    assert_eq!(
        (raw.text.as_str(), raw.header("etag")),
        (text.as_str(), "\"1\"")
    );
    let json = r#"{"stepgate": 1, "connector": "plain", "title": "Plain", "base_url": "https://plain.example.org"}"#;
    let made = ada
        .raw(
            "POST /api/connectors",
            &[("content-type", "application/json")],
            json,
        )
        .await
        .expect(201);
    assert_eq!(made.json()["text"], json);
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let refused = ada.raw("POST /api/connectors", &form, "a=b").await;
    assert_eq!(refused.expect(415).code(), "unsupported_media_type");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_from_a_file_is_changed_there() {
    let (world, ada) = World::with_admin().await;
    let text = definition("folder-wiki", "Wiki");
    let any = [("content-type", "text/yaml"), ("if-match", "*")];
    for line in [
        "POST /api/connectors",
        "PUT /api/connectors/folder-wiki",
        "DELETE /api/connectors/folder-wiki",
        "POST /api/connectors/folder-wiki/versions/1/restore",
    ] {
        let refused = ada.raw(line, &any, &text).await.expect(409);
        assert!(
            refused.text.contains("folder-wiki.yaml"),
            "{}",
            refused.text
        );
        let folder = world.folder.path().to_string_lossy().into_owned();
        assert!(!refused.text.contains(&folder), "{}", refused.text);
        assert_eq!(refused.code(), "read_only", "{line}");
    }
    let read = ada
        .get("/api/connectors/folder-wiki")
        .await
        .expect(200)
        .json();
    assert_eq!(
        (&read["origin"], &read["file"]),
        (&json!("folder"), &json!("folder-wiki.yaml"))
    );
    assert_eq!(read["version"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn secrets_go_in_and_never_come_out() {
    let (world, ada) = World::with_admin().await;
    ada.raw("POST /api/connectors", &YAML, &definition("wiki", "Wiki"))
        .await
        .expect(201);
    let path = "/api/connectors/wiki/secrets";
    let before = ada.get(path).await.expect(200).json();
    assert_eq!(
        before["secrets"][0],
        json!({
            "name": "client_secret", "declared": true, "set": false, "from": null,
            "variable": "STEPGATE_SECRET_WIKI_CLIENT_SECRET",
        })
    );
    assert_eq!(before["secrets"][1]["from"], "environment");
    let set = json!({ "value": "hunter2-hunter2" });
    let put = format!("PUT {path}/client_secret");
    let answer = ada.send(&put, &set).await.expect(200);
    assert_eq!(answer.json()["from"], "store");
    let listed = ada.get(path).await;
    for told in [answer.text, listed.text] {
        assert!(
            !told.contains("hunter2") && !told.contains("of the environment"),
            "{told}"
        );
    }
    let stored = world
        .store
        .secret("wiki", None, "client_secret")
        .await
        .unwrap();
    assert_eq!(stored.unwrap().reveal(), "hunter2-hunter2");
    ada.send(&format!("PUT {path}/unknown"), &set)
        .await
        .expect(404);
    ada.send(&format!("PUT {path}/client_secret?environment=none"), &set)
        .await
        .expect(404);
    ada.send(&put, &json!({ "value": "" })).await.expect(422);
    ada.get(&format!("{path}/client_secret")).await.expect(405);
    ada.delete(&format!("{path}/client_secret"))
        .await
        .expect(204);
    ada.delete(&format!("{path}/client_secret"))
        .await
        .expect(404);
    ada.get("/api/connectors/none/secrets").await.expect(404);
}
