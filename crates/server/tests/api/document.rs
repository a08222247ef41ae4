//! The OpenAPI document, as a whole: what it says is what clients are made from, so each change of it is looked at.

use super::world::World;
use std::collections::BTreeSet;

/// After a change that is meant: `INSTA_UPDATE=always cargo nextest run -p server document`.
#[tokio::test(flavor = "multi_thread")]
async fn the_document_says_what_it_said() {
    let world = World::start().await;
    let answer = world
        .send("GET /api/openapi.json", &[], b"")
        .await
        .expect(200);
    assert_eq!(answer.header("content-type"), "application/json");
    insta::assert_json_snapshot!("openapi", answer.json());
}

#[tokio::test(flavor = "multi_thread")]
async fn every_operation_has_a_name_an_answer_and_a_problem() {
    let world = World::start().await;
    let document = world.send("GET /api/openapi.json", &[], b"").await.json();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    let mut names = BTreeSet::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let name = operation["operationId"]
                .as_str()
                .unwrap_or_default()
                .to_owned();
            assert!(
                !name.is_empty() && names.insert(name.clone()),
                "{method} {path} {name}"
            );
            assert!(operation["summary"].is_string(), "{method} {path}");
            assert!(operation["security"].is_array(), "{method} {path}");
            let responses = operation["responses"].as_object().unwrap();
            assert!(
                responses
                    .keys()
                    .any(|status| status.starts_with('2') || status.starts_with('3'))
            );
            let problem = &responses["default"]["content"]["application/problem+json"];
            assert!(problem.is_object(), "{method} {path}");
        }
    }
    // Every schema that is named is there.
    let text = document.to_string();
    for part in text.split("\"$ref\":\"#/components/schemas/").skip(1) {
        let name = part.split('"').next().unwrap();
        assert!(
            document["components"]["schemas"][name].is_object(),
            "{name}"
        );
    }
}
