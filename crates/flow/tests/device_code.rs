//! The device authorization grant (RFC 8628): what is shown, how often it is asked, and how it ends.

use std::time::{Duration, UNIX_EPOCH};

use flow::{Input, Progress, Run, Show};
use model::Connector;
use serde_json::{Value, json};
use testkit::{Reply, Routes, Upstream, in_turn};

use crate::world::{Expect, NOW, World, connector, value};

const DEFINITION: &str = r#"
secrets: [client_secret]
auth_flow:
  steps:
    - { id: login, kind: device_code, device_authorization_url: "BASE/device", token_url: "BASE/token", client_id: tv, client_secret: "{{secrets.client_secret}}", client_auth: client_secret_post, scope: read, authorization_parameters: { audience: api } }
"#;

fn granted() -> Value {
    json!({
        "device_code": "GmRhmhcxhwAzkoEqiMEg_DnyEysNkuNhszIySk9eS",
        "user_code": "WDJB-MJHT",
        "verification_uri": "https://example.com/device",
        "verification_uri_complete": "https://example.com/device?user_code=WDJB-MJHT",
        "expires_in": 60,
        "interval": 5,
    })
}

fn error(code: &str) -> Reply {
    Reply::json(json!({ "error": code })).with_status(400)
}

fn api(replies: impl IntoIterator<Item = Reply>) -> Upstream {
    Upstream::serve(Routes::new().post("/device", Reply::json(granted())).serve(
        "POST",
        "/token",
        in_turn(replies),
    ))
}

/// Waits as long as it is told to and goes on, until something else happens; gives the waits in seconds.
async fn wait(
    world: &mut World,
    connector: &Connector,
    run: &mut Run,
    mut progress: Progress,
) -> (Vec<i64>, Option<Show>, Progress) {
    let (mut waits, mut shown) = (Vec::new(), None);
    while let Progress::Wait { until, show } = progress {
        let until = until.duration_since(UNIX_EPOCH).unwrap().as_secs();
        waits.push(i64::try_from(until).unwrap() - world.clock.unix());
        shown = show.map(|show| *show);
        world.clock.set(i64::try_from(until).unwrap());
        progress = world.advance(connector, run, Input::Continue).await;
    }
    (waits, shown, progress)
}

fn form(request: &http::Request<bytes::Bytes>) -> Vec<(String, String)> {
    form_urlencoded::parse(request.body())
        .into_owned()
        .collect()
}

#[tokio::test]
async fn it_asks_as_often_as_it_is_told_to_and_slower_when_it_must() {
    let token = json!({ "access_token": "a-1", "refresh_token": "r-1", "expires_in": 3600 });
    let upstream = api([
        error("authorization_pending"),
        error("slow_down"),
        error("authorization_pending"),
        Reply::json(token),
    ]);
    let connector = connector(&upstream.origin(), DEFINITION);
    let mut world = World::new();
    let (mut run, progress) = world.begin(&connector, &[]).await;
    let (waits, shown, progress) = wait(&mut world, &connector, &mut run, progress).await;
    assert_eq!(waits, [5, 5, 10, 10]);
    let shown = shown.unwrap();
    assert_eq!(
        (shown.code.as_str(), shown.expires_at),
        ("WDJB-MJHT", NOW + 60)
    );
    assert_eq!(shown.url.as_str(), "https://example.com/device");
    assert_eq!(shown.scanned().query(), Some("user_code=WDJB-MJHT"));
    let credential = progress.done();
    assert_eq!(value(&credential, "login", "/refresh_token"), json!("r-1"));
    assert_eq!(credential.expires_at, Some(world.clock.unix() + 3600));
    let pair = |key: &str, text: &str| (key.to_owned(), text.to_owned());
    let asked = form(&upstream.requests_to("/device")[0]);
    for expected in [
        pair("scope", "read"),
        pair("client_id", "tv"),
        pair("client_secret", "secret-1"),
        pair("audience", "api"),
    ] {
        assert!(asked.contains(&expected), "{asked:?}");
    }
    let polled = form(&upstream.requests_to("/token")[0]);
    let code = granted()["device_code"].as_str().unwrap().to_owned();
    for expected in [
        pair("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
        pair("device_code", &code),
        pair("client_id", "tv"),
    ] {
        assert!(polled.contains(&expected), "{polled:?}");
    }
    assert!(!world.masker().mask(&format!("<{code}>")).contains(&code));
}

#[tokio::test]
async fn nothing_is_asked_before_its_time() {
    let upstream = api([Reply::json(json!({ "access_token": "a-1" }))]);
    let connector = connector(&upstream.origin(), DEFINITION);
    let mut world = World::new();
    let (mut run, _) = world.begin(&connector, &[]).await;
    world.clock.advance(4);
    let early = world.advance(&connector, &mut run, Input::Continue).await;
    let due = UNIX_EPOCH + Duration::from_secs(u64::try_from(NOW + 5).unwrap());
    assert!(matches!(early, Progress::Wait { until, show: Some(_) } if until == due));
    assert!(upstream.requests_to("/token").is_empty());
}

#[tokio::test]
async fn it_ends_where_the_code_runs_out_or_is_declined() {
    let pending = || (0..20).map(|_| error("authorization_pending"));
    let table: [(Vec<Reply>, &str, usize); 4] = [
        (pending().collect(), "device_code_expired", 11),
        (vec![error("expired_token")], "device_code_expired", 1),
        (vec![error("access_denied")], "access_denied", 1),
        (vec![error("invalid_client")], "token_refused", 1),
    ];
    for (replies, code, asked) in table {
        let upstream = api(replies);
        let connector = connector(&upstream.origin(), DEFINITION);
        let mut world = World::new();
        let (mut run, progress) = world.begin(&connector, &[]).await;
        let (_, _, progress) = wait(&mut world, &connector, &mut run, progress).await;
        let failure = progress.failed();
        assert!(failure.is_refused(), "{failure:?}");
        assert_eq!(
            (failure.code, upstream.requests_to("/token").len()),
            (code, asked)
        );
    }
}

#[tokio::test]
async fn an_api_that_cannot_answer_now_is_asked_half_as_often() {
    let upstream = api([
        Reply::hang_up(),
        Reply::status(503),
        Reply::json(json!({ "access_token": "a-1" })),
    ]);
    let connector = connector(&upstream.origin(), DEFINITION);
    let mut world = World::new();
    let (mut run, progress) = world.begin(&connector, &[]).await;
    let (waits, _, progress) = wait(&mut world, &connector, &mut run, progress).await;
    progress.done();
    assert_eq!(waits, [5, 10, 20]);
    assert_eq!(world.warnings().len(), 2);
}

#[tokio::test]
async fn a_reply_that_is_no_code_says_what_is_missing() {
    let without = |key: &str| {
        let mut reply = granted();
        reply.as_object_mut().unwrap().shift_remove(key);
        Reply::json(reply)
    };
    let with = |key: &str, value: Value| {
        let mut reply = granted();
        reply[key] = value;
        Reply::json(reply)
    };
    let table = [
        (without("device_code"), "It has no `device_code`."),
        (without("user_code"), "It has no `user_code`."),
        (without("verification_uri"), "It has no `verification_uri`."),
        (without("expires_in"), "It has no `expires_in`."),
        (with("expires_in", json!(-5)), "It has no `expires_in`."),
        (
            with("verification_uri", json!("javascript:alert(1)")),
            "The address to go to is not http or https.",
        ),
        (Reply::html("<html>"), "It has no `verification_uri`."),
    ];
    for (reply, why) in table {
        let upstream = Upstream::start(move |_| reply.clone());
        let connector = connector(&upstream.origin(), DEFINITION);
        let failure = World::new().begin(&connector, &[]).await.1.failed();
        assert_eq!(failure.code, "device_reply_unusable", "{failure:?}");
        assert!(failure.message.ends_with(why), "{failure:?}");
    }
    let upstream = Upstream::start(|_| error("unauthorized_client"));
    let connector = connector(&upstream.origin(), DEFINITION);
    let failure = World::new().begin(&connector, &[]).await.1.failed();
    assert!(
        failure.is_refused() && failure.message.contains("unauthorized_client"),
        "{failure:?}"
    );
}
