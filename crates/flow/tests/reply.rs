//! Replies: what a step makes of them.

use std::time::{Duration, UNIX_EPOCH};

use flow::{FailureKind, Input, Progress};
use serde_json::json;
use testkit::{Reply, Routes, Upstream, in_turn};

use crate::world::{Expect, NOW, World, connector, value};

#[tokio::test]
async fn outputs_and_extracts_of_a_reply() {
    let page = r#"<ul><li class="a" data-x="1"> One </li><li class="a" data-x="2">Two</li></ul>
<script>var t = "tok-1"; var u = "tok-2";</script>"#;
    let upstream = Upstream::start(move |request| match request.uri().path() {
        "/page" => Reply::redirect("/there")
            .cookie("first=1")
            .cookie("sid=old"),
        "/there" => Reply::html(page).header("X-Token", "h-1").cookie("sid=new"),
        _ => Reply::json(json!({ "items": [{ "id": 1 }, { "id": 2 }] })),
    });
    let definition = r#"
auth_flow:
  steps:
    - id: page
      kind: api_request
      request: { method: GET, url: "{{base_url}}/page" }
      extract:
        first: { css: "li.a" }
        all: { css: "li.a", attribute: data-x, all: true }
        token: { regex: '"(tok-[0-9])"' }
        tokens: { regex: '"(tok-[0-9])"', all: true }
        header: { header: x-token }
        sid: { cookie: sid }
        none: { css: "p" }
        nones: { css: "p", all: true }
    - id: list
      kind: api_request
      request: { method: GET, url: "{{base_url}}/list" }
      extract: { first: { json: "$.items[*].id" }, all: { json: "$.items[*].id", all: true } }
"#;
    let connector = connector(&upstream.origin(), definition);
    let credential = World::new().sign_in(&connector, &[]).await;
    let table = [
        ("/status", json!(200)),
        ("/url", json!(upstream.url("/there"))),
        ("/headers/x-token", json!("h-1")),
        ("/cookies", json!({ "first": "1", "sid": "new" })),
        ("/body", json!(page)),
        ("/first", json!("One")),
        ("/all", json!(["1", "2"])),
        ("/token", json!("tok-1")),
        ("/tokens", json!(["tok-1", "tok-2"])),
        ("/header", json!("h-1")),
        ("/sid", json!("new")),
        ("/none", json!(null)),
        ("/nones", json!([])),
    ];
    for (pointer, expected) in table {
        assert_eq!(value(&credential, "page", pointer), expected, "{pointer}");
    }
    assert_eq!(value(&credential, "list", "/first"), json!(1));
    assert_eq!(value(&credential, "list", "/all"), json!([1, 2]));
}

#[tokio::test]
async fn html_where_json_was_expected_is_said() {
    let upstream = Upstream::start(|_| Reply::html("<html><body>Maintenance, back at noon"));
    let uses = r#"
auth_flow:
  steps:
    - { id: start, kind: api_request, request: { method: GET, url: "{{base_url}}/start" } }
    - { id: next, kind: api_request, request: { method: GET, url: "{{base_url}}/{{start.body.id}}" } }
"#;
    let definition = connector(&upstream.origin(), uses);
    let failure = World::new().begin(&definition, &[]).await.1.failed();
    assert_eq!(failure.code, "html_instead_of_json");
    assert_eq!(failure.kind, FailureKind::Definition);
    assert!(failure.message.contains("`start`"), "{}", failure.message);
    assert!(failure.excerpt.unwrap().reveal().contains("back at noon"));
    let expects = r#"
auth_flow:
  steps:
    - id: login
      kind: api_request
      request: { method: GET, url: "{{base_url}}/start" }
      expect: { value: "{{login.body.result}}", equals: ok, else: "Wrong password." }
"#;
    let definition = connector(&upstream.origin(), expects);
    let failure = World::new().begin(&definition, &[]).await.1.failed();
    assert_eq!(failure.code, "html_instead_of_json");
    assert_eq!(&*failure.message, "Wrong password.");
    assert!(failure.excerpt.is_some());
}

#[tokio::test]
async fn without_expect_an_error_status_fails_in_the_apis_own_words() {
    let upstream = Upstream::start(|_| {
        Reply::json(json!({ "error": { "message": "Unknown user" } })).with_status(403)
    });
    let definition = r#"
auth_flow:
  steps:
    - { id: s, kind: api_request, request: { method: GET, url: "{{base_url}}/s" } }
"#;
    let connector = connector(&upstream.origin(), definition);
    let failure = World::new().begin(&connector, &[]).await.1.failed();
    assert!(failure.is_refused());
    assert!(
        failure.message.contains("Unknown user"),
        "{}",
        failure.message
    );
    assert_eq!(failure.status, Some(403));
}

const POLL: &str = r#"
auth_flow:
  steps:
    - id: wait
      kind: api_request
      request: { method: GET, url: "{{base_url}}/wait" }
      poll: { every: 5s, for: 12s, until: { value: "{{wait.body.state}}", equals: approved, else: "Nobody approved." } }
"#;

#[tokio::test]
async fn polling_waits_by_the_clock_that_it_is_given() {
    let pending = || Reply::json(json!({ "state": "pending" }));
    let approved = Reply::json(json!({ "state": "approved", "token": "t" }));
    let upstream = Upstream::serve(Routes::new().serve(
        "GET",
        "/wait",
        in_turn([pending(), pending(), approved]),
    ));
    let connector = connector(&upstream.origin(), POLL);
    let mut world = World::new();
    let (mut run, mut progress) = world.begin(&connector, &[]).await;
    for wait in [5, 10] {
        let Progress::Wait { until, .. } = progress else {
            panic!("{progress:?}");
        };
        let due = UNIX_EPOCH + Duration::from_secs(u64::try_from(NOW + wait).unwrap());
        assert_eq!(until, due);
        let early = world.advance(&connector, &mut run, Input::Continue).await;
        assert!(matches!(early, Progress::Wait { until, .. } if until == due));
        world.clock.advance(5);
        progress = world.advance(&connector, &mut run, Input::Continue).await;
    }
    let credential = progress.done();
    assert_eq!(value(&credential, "wait", "/body/token"), json!("t"));
    assert_eq!(upstream.requests().len(), 3);
}

#[tokio::test]
async fn polling_ends() {
    let upstream = Upstream::start(|_| Reply::json(json!({ "state": "pending" })));
    let connector = connector(&upstream.origin(), POLL);
    let mut world = World::new();
    let (mut run, mut progress) = world.begin(&connector, &[]).await;
    while let Progress::Wait { .. } = progress {
        world.clock.advance(5);
        progress = world.advance(&connector, &mut run, Input::Continue).await;
    }
    let failure = progress.failed();
    assert_eq!(
        (failure.code, failure.message.as_str()),
        ("waited_in_vain", "Nobody approved.")
    );
    assert_eq!(upstream.requests().len(), 3);
}

#[tokio::test]
async fn a_basic_step_makes_a_header_value() {
    let upstream = Upstream::start(|_| Reply::json(json!({})));
    let definition = r#"
auth_flow:
  steps:
    - id: f
      kind: form
      fields: [ { key: u, type: text, label: U }, { key: p, type: password, label: P } ]
    - { id: b, kind: basic, username: "{{f.u}}", password: "{{f.p}}" }
"#;
    let connector = connector(&upstream.origin(), definition);
    let given = [("f", "u", "Aladdin"), ("f", "p", "open sesame")];
    let credential = World::new().sign_in(&connector, &given).await;
    let expected = json!("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
    assert_eq!(value(&credential, "b", "/authorization"), expected);
    let given = [("f", "u", "a:b"), ("f", "p", "c")];
    let failure = World::new().begin(&connector, &given).await.1.failed();
    assert_eq!(failure.code, "user_name_unusable");
}
