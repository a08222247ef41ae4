//! An API that cannot answer now is never mistaken for one that refuses.

use std::time::Duration;

use flow::{FailureKind, Input};
use testkit::{Reply, Routes, Upstream, in_turn};

use crate::world::{Expect, World, connector};

const PING: &str = r#"
auth_flow:
  steps:
    - id: one
      kind: api_request
      request: { method: POST, url: "{{base_url}}/one" }
    - id: two
      kind: api_request
      request: { method: POST, url: "{{base_url}}/two" }
      expect: { value: "{{response.status}}", in: [200, 503], else: "No." }
"#;

#[tokio::test]
async fn attack_25_a_passing_fault_comes_before_everything() {
    let table = [
        (408, true),
        (409, true),
        (423, true),
        (425, true),
        (429, true),
        (500, true),
        (501, true),
        (502, true),
        (503, true),
        (504, true),
        (400, false),
        (401, false),
        (403, false),
        (404, false),
        (422, false),
    ];
    for (status, passing) in table {
        let upstream = Upstream::start(move |request| match request.uri().path() {
            "/two" => Reply::status(status),
            _ => Reply::status(200),
        });
        let connector = connector(&upstream.origin(), PING);
        let failure = World::new().begin(&connector, &[]).await.1.failed();
        assert_eq!(failure.is_passing(), passing, "{status} {failure:?}");
        assert_eq!(failure.is_refused(), !passing, "{status} {failure:?}");
        assert_eq!(failure.status, Some(status));
    }
}

#[tokio::test]
async fn a_run_goes_on_after_a_passing_fault_where_it_was() {
    let later = Reply::status(503).header("Retry-After", "7");
    let upstream = Upstream::serve(Routes::new().post("/one", Reply::status(200)).serve(
        "POST",
        "/two",
        in_turn([later, Reply::status(200)]),
    ));
    let connector = connector(&upstream.origin(), PING);
    let mut world = World::new();
    let (mut run, progress) = world.begin(&connector, &[]).await;
    let retry_after = Some(Duration::from_secs(7));
    assert_eq!(progress.failed().kind, FailureKind::Passing { retry_after });
    world
        .advance(&connector, &mut run, Input::Continue)
        .await
        .done();
    assert_eq!(upstream.requests_to("/one").len(), 1);
    assert_eq!(upstream.requests_to("/two").len(), 2);
}

#[tokio::test]
async fn retry_after_may_be_a_date() {
    let upstream = Upstream::start(|_| {
        Reply::status(429).header("Retry-After", "Tue, 14 Nov 2023 22:14:20 GMT")
    });
    let connector = connector(&upstream.origin(), PING);
    let failure = World::new().begin(&connector, &[]).await.1.failed();
    let retry_after = Some(Duration::from_secs(60));
    assert_eq!(failure.kind, FailureKind::Passing { retry_after });
}

#[tokio::test]
async fn no_reply_is_passing_and_says_whether_the_request_may_have_arrived() {
    let gone = Upstream::start(|_| Reply::status(200)).origin();
    let gone = connector(&gone, PING);
    let failure = World::new().begin(&gone, &[]).await.1.failed();
    assert!(
        failure.is_passing() && !failure.outcome_unknown,
        "{failure:?}"
    );
    let upstream = Upstream::start(|_| Reply::hang_up());
    let connector = connector(&upstream.origin(), PING);
    let failure = World::new().begin(&connector, &[]).await.1.failed();
    assert!(
        failure.is_passing() && failure.outcome_unknown,
        "{failure:?}"
    );
}
