//! What a reply means, and how far it is read to tell.

use crate::world::{BEARER, World, echo};
use serde_json::json;
use testkit::Reply;

const IN_THE_BODY: &str =
    "session: { over_when: { value: \"{{response.body.error.code}}\", equals: expired } }\n";

#[tokio::test]
async fn an_expiry_inside_a_200_is_one_also_where_it_is_compressed() {
    let reply = Reply::ok_with_error("expired");
    for reply in [reply.clone(), reply.gzipped()] {
        let world = World::new(&format!("{BEARER}{IN_THE_BODY}")).await;
        world.api.answers(reply);
        let answer = world.get("/api/x").await.unwrap();
        assert_eq!(
            (answer.attempts, answer.renewed, answer.over),
            (2, true, false)
        );
        assert_eq!(echo(answer).await["headers"]["authorization"], "Bearer t-2");
    }
}

#[tokio::test]
async fn what_is_too_large_or_streams_passes_unjudged_and_whole() {
    let tail = r#"","error":{"code":"expired"}}"#;
    let large = format!("{{\"a\":\"{}{tail}", "x".repeat(1 << 20));
    for (reply, length) in [
        (
            Reply::status(200)
                .header("Content-Type", "application/json")
                .then(large.clone()),
            large.len(),
        ),
        (
            Reply::status(200)
                .header("Content-Type", "text/event-stream")
                .then(tail),
            tail.len(),
        ),
    ] {
        let world = World::new(&format!("{BEARER}{IN_THE_BODY}")).await;
        world.api.answers(reply);
        let answer = world.get("/api/x").await.unwrap();
        assert_eq!((answer.attempts, answer.over), (1, false));
        assert_eq!(answer.read(1 << 22).await.unwrap().len(), length);
    }
}

#[tokio::test]
async fn an_unread_body_never_looks_like_an_expiry() {
    let absent = "session: { over_when: { any: [ { value: \"{{response.status}}\", equals: 401 }, { value: \"{{response.body.user}}\", exists: false } ] } }\n";
    let world = World::new(&format!("{BEARER}{absent}")).await;
    world.api.answers(
        Reply::status(200)
            .header("Content-Type", "image/png")
            .then("png"),
    );
    assert_eq!(world.get("/api/x").await.unwrap().attempts, 1);
    world.api.answers(
        Reply::status(401)
            .header("Content-Type", "image/png")
            .then("png"),
    );
    assert_eq!(world.get("/api/x").await.unwrap().attempts, 2);
}

#[tokio::test]
async fn an_expectation_that_is_missed_is_told_in_the_definitions_words() {
    let endpoints = "endpoints:\n  - { name: me, request: { method: GET, url: \"{{base_url}}/api/me\" }, expect: { value: \"{{response.body.ok}}\", equals: true, else: \"Not well: {{response.body.why}}\" } }\n";
    let world = World::new(&format!("{BEARER}{endpoints}")).await;
    world
        .api
        .answers(Reply::json(json!({ "ok": false, "why": "tired" })));
    let answer = world.endpoint("me").await.unwrap();
    assert_eq!(
        answer.unexpected.unwrap().message.as_deref(),
        Some("Not well: tired")
    );
    world.api.answers(Reply::json(json!({ "ok": true })));
    assert!(world.endpoint("me").await.unwrap().unexpected.is_none());
}

#[tokio::test]
async fn an_api_that_gives_no_reply_is_at_fault_for_now() {
    let world = World::new(BEARER).await;
    // Also on the new connection that a call gets where a kept one has died.
    world.api.answers(Reply::hang_up());
    world.api.answers(Reply::hang_up());
    let error = world.get("/api/x").await.unwrap_err();
    assert_eq!(
        (
            error.code(),
            error.whose_fault().word(),
            error.retry().word()
        ),
        ("api_broke_off", "api", "later")
    );
    assert_eq!(world.api.logins(), 1);
}

#[tokio::test]
async fn attack_35_an_error_of_ours_never_says_a_token() {
    let world = World::new(BEARER).await;
    // Also on the new connection that a call gets where a kept one has died.
    world.api.answers(Reply::hang_up());
    world.api.answers(Reply::hang_up());
    let error = world.get("/api/x?token=secret-in-query").await.unwrap_err();
    for text in [error.to_string(), error.help(), format!("{error:?}")] {
        assert!(
            !text.contains("t-1") && !text.contains("secret-in-query"),
            "{text}"
        );
    }
}
