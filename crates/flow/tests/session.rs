//! When a session ends.

use serde_json::{Value, json};
use testkit::{Reply, Upstream};

use crate::world::{Expect, NOW, World, connector};

async fn ends(session: &str, body: Value) -> (Option<i64>, Option<i64>, usize) {
    let upstream = Upstream::start(move |_| Reply::json(body.clone()));
    let definition = format!(
        r#"
session: {{ {session} }}
auth_flow:
  steps:
    - {{ id: login, kind: api_request, request: {{ method: POST, url: "{{{{base_url}}}}/login" }} }}
"#
    );
    let connector = connector(&upstream.origin(), &definition);
    let mut world = World::new();
    let credential = world.sign_in(&connector, &[]).await;
    let from_now = |end: Option<i64>| end.map(|end| end - NOW);
    (
        from_now(credential.expires_at),
        from_now(credential.renew_at()),
        world.warnings().len(),
    )
}

#[tokio::test]
async fn a_life_is_counted_from_the_reply_that_told_it() {
    let upstream = Upstream::start(|_| Reply::json(json!({ "e": 3600, "t": "t" })));
    let definition = r#"
session: { expires_in: "{{login.body.e}}" }
auth_flow:
  steps:
    - { id: login, kind: api_request, request: { method: POST, url: "{{base_url}}/login" } }
    - { id: f, kind: form, fields: [ { key: otp, type: otp, label: Code } ] }
    - { id: check, kind: api_request, request: { method: POST, url: "{{base_url}}/check", form: { otp: "{{f.otp}}" } } }
refresh_flow:
  steps: [ { id: renew, kind: api_request, request: { method: POST, url: "{{base_url}}/renew" } } ]
  update_variables: { login.body.t: "{{renew.body.t}}" }
"#;
    let connector = connector(&upstream.origin(), definition);
    let mut world = World::new();
    let (mut run, progress) = world.begin(&connector, &[]).await;
    progress.ask();
    world.clock.advance(300);
    let first = world
        .typed(&connector, &mut run, "f", &[("otp", "1")])
        .await
        .done();
    assert_eq!(first.issued_at, NOW + 300);
    assert_eq!(first.expires_at, Some(NOW + 3600));
    world.clock.advance(100);
    let second = world.refresh(&connector, &first).await.done();
    assert_eq!(second.expires_at, Some(NOW + 400 + 3600));
}

#[tokio::test]
async fn attack_28_the_end_is_read_and_the_margin_kept_below_half_the_life() {
    let life = r#"expires_in: "{{login.body.e}}""#;
    let date = r#"expires_at: "{{login.body.e}}""#;
    let margin = r#"expires_in: "{{login.body.e}}", margin: 10m"#;
    let table = [
        (life, json!({ "e": 3600 }), Some(3600), Some(3540), 0),
        (life, json!({ "e": "90m" }), Some(5400), Some(5340), 0),
        (life, json!({ "e": 10 }), Some(10), Some(5), 0),
        (margin, json!({ "e": 3600 }), Some(3600), Some(3000), 0),
        (life, json!({}), None, None, 1),
        (life, json!({ "e": -1 }), None, None, 1),
        (life, json!({ "e": "soon" }), None, None, 1),
        (life, json!({ "e": 1e18 }), None, None, 1),
        (date, json!({ "e": NOW + 600 }), Some(600), Some(540), 0),
        (
            date,
            json!({ "e": "2023-11-14T22:23:20Z" }),
            Some(600),
            Some(540),
            0,
        ),
        (date, json!({ "e": NOW - 600 }), None, None, 1),
        (
            r#"jwt: "{{login.body.e}}""#,
            json!({ "e": "e30.eyJleHAiOjE3MDAwMDA2MDB9.s" }),
            Some(600),
            Some(540),
            0,
        ),
        (
            r#"jwt: "{{login.body.e}}""#,
            json!({ "e": "opaque" }),
            None,
            None,
            1,
        ),
        ("margin: 5s", json!({ "e": 3600 }), None, None, 0),
    ];
    for (session, body, expires, renews, warnings) in table {
        let found = ends(session, body.clone()).await;
        assert_eq!(found, (expires, renews, warnings), "{session} {body}");
    }
}
