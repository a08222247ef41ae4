//! One-time passwords: made for the API's time, used once, and explained where they are refused.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use flow::{Input, Progress, Run};
use serde_json::json;
use testkit::{Reply, Upstream};

use crate::world::{Expect, NOW, World, connector};

/// RFC 6238's own secret for SHA-1.
const SECRET: &str = "GEZD GNBV GY3T QOJQ gezd gnbv gy3t qojq";

const DEFINITION: &str = r#"
secrets: [totp_secret]
auth_flow:
  steps:
    - { id: start, kind: api_request, request: { url: "BASE/start" } }
    - { id: otp, kind: totp, secret: "{{secrets.totp_secret}}" }
    - { id: login, kind: api_request, request: { url: "BASE/login", form: { code: "{{otp.code}}" } }, expect: { value: "{{login.status}}", equals: 200 } }
refresh_flow: { same_as_auth_flow: true }
request_parameters:
  - { in: header, name: Authorization, value: "{{login.body.token}}" }
"#;

fn world() -> World {
    let mut world = World::new();
    let secret = secret::SecretString::new(SECRET.to_owned());
    world.secrets.insert("totp_secret", secret);
    world
}

fn at(unix: i64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(u64::try_from(unix).unwrap())
}

fn date(unix: i64) -> String {
    httpdate::fmt_http_date(at(unix))
}

/// Takes every code, and says what its own clock shows.
fn upstream(ahead: i64) -> Upstream {
    let date = date(NOW + ahead);
    Upstream::start(move |_| Reply::json(json!({ "token": "t" })).header("Date", &date))
}

fn codes(upstream: &Upstream) -> Vec<String> {
    let sent = upstream.requests_to("/login").into_iter();
    sent.map(|request| String::from_utf8(request.into_body().to_vec()).unwrap())
        .collect()
}

#[tokio::test]
async fn a_code_is_made_for_the_time_of_the_api() {
    // RFC 6238, appendix B, the last 6 digits of each.
    for (time, code) in [
        (1_111_111_109_i64, "081804"),
        (1_111_111_111, "050471"),
        (1_234_567_890, "005924"),
        (2_000_000_000, "279037"),
    ] {
        for ahead in [0, 95, -95, 600] {
            let mut world = world();
            world.clock.set(time - ahead);
            let shown = date(time);
            let upstream = Upstream::start(move |_| Reply::json(json!({})).header("Date", &shown));
            let connector = connector(&upstream.origin(), DEFINITION);
            world.sign_in(&connector, &[]).await;
            assert_eq!(codes(&upstream), [format!("code={code}")], "{ahead}");
        }
    }
}

#[tokio::test]
async fn a_difference_that_is_too_large_or_none_is_not_made_up_for() {
    for ahead in [601, -86_400, 1, -2] {
        let mut world = world();
        world.clock.set(1_234_567_890);
        let shown = date(1_234_567_890 + ahead);
        let upstream = Upstream::start(move |_| Reply::json(json!({})).header("Date", &shown));
        let connector = connector(&upstream.origin(), DEFINITION);
        world.sign_in(&connector, &[]).await;
        assert_eq!(codes(&upstream), ["code=005924"], "{ahead}");
    }
}

#[tokio::test]
async fn a_refused_code_tells_the_measured_difference() {
    for (ahead, told, help) in [
        (
            95,
            "clock is 1 min 35 s behind",
            "It is made up for once a reply has told it.",
        ),
        (
            -4000,
            "clock is 1 h 6 min ahead of",
            "too much to make up for",
        ),
    ] {
        let shown = date(NOW + ahead);
        let upstream = Upstream::start(move |request| {
            let status = if request.uri().path() == "/login" {
                403
            } else {
                200
            };
            Reply::json(json!({}))
                .with_status(status)
                .header("Date", &shown)
        });
        let connector = connector(&upstream.origin(), DEFINITION);
        let mut world = world();
        let failure = world.begin(&connector, &[]).await.1.failed();
        assert!(
            failure.is_refused() && failure.message.contains(told) && failure.help.contains(help),
            "{failure:?}"
        );
        assert!(
            world
                .warnings()
                .iter()
                .any(|warning| warning.contains(told))
        );
    }
}

#[tokio::test]
async fn a_code_is_never_used_twice_for_a_connection() {
    let upstream = upstream(0);
    let connector = connector(&upstream.origin(), DEFINITION);
    let mut world = world();
    let first = world.sign_in(&connector, &[]).await;
    // In the same period a renewal, and a new sign-in in its place, wait for the next one.
    let next = NOW.div_euclid(30) * 30 + 30;
    for mut run in [
        Run::refresh(&connector, &first),
        Run::auth(&connector, flow::Answers::new()).after(&first),
    ] {
        let begun = world.advance(&connector, &mut run, Input::Begin).await;
        assert!(
            matches!(begun, Progress::Wait { until, .. } if until == at(next)),
            "{begun:?}"
        );
        let early = world.advance(&connector, &mut run, Input::Continue).await;
        assert!(
            matches!(early, Progress::Wait { until, .. } if until == at(next)),
            "{early:?}"
        );
        let before = world.clock.unix();
        world.clock.set(next);
        world
            .advance(&connector, &mut run, Input::Continue)
            .await
            .done();
        world.clock.set(before);
    }
    let codes = codes(&upstream);
    assert_eq!(codes.len(), 3);
    assert_ne!(codes[0], codes[1]);
    assert_eq!(codes[1], codes[2]);
}

#[tokio::test]
async fn two_steps_of_one_run_never_send_the_same_code() {
    let upstream = upstream(0);
    let definition = r#"
secrets: [totp_secret]
auth_flow:
  steps:
    - { id: one, kind: totp, secret: "{{secrets.totp_secret}}" }
    - { id: login, kind: api_request, request: { url: "BASE/login", form: { code: "{{one.code}}" } } }
    - { id: two, kind: totp, secret: "{{secrets.totp_secret}}" }
    - { id: again, kind: api_request, request: { url: "BASE/login", form: { code: "{{two.code}}" } } }
"#;
    let connector = connector(&upstream.origin(), definition);
    let mut world = world();
    let (mut run, progress) = world.begin(&connector, &[]).await;
    let Progress::Wait { until, .. } = progress else {
        panic!("{progress:?}");
    };
    world.clock.set(NOW.div_euclid(30) * 30 + 30);
    assert_eq!(until, at(world.clock.unix()));
    let credential = world
        .advance(&connector, &mut run, Input::Continue)
        .await
        .done();
    let codes = codes(&upstream);
    assert_ne!(codes[0], codes[1]);
    // What was used up is not stored.
    assert!(credential.outputs.of("one").is_none());
}

#[tokio::test]
async fn a_secret_that_is_not_base32_is_named_by_its_field_and_the_person_may_correct_it() {
    let upstream = upstream(0);
    let typed = r#"
auth_flow:
  steps:
    - { id: form1, kind: form, fields: [{ key: seed, type: password }] }
    - { id: otp, kind: totp, secret: "{{form1.seed}}", on_fail: { back_to: form1 } }
"#;
    let typed = connector(&upstream.origin(), typed);
    let mut world = world();
    let (mut run, progress) = world.begin(&typed, &[]).await;
    progress.ask();
    let wrong = world
        .typed(&typed, &mut run, "form1", &[("seed", "not base32!")])
        .await;
    let error = wrong.ask().error.unwrap();
    assert_eq!(
        &*error,
        "`otp.secret` is not base32: character 11 cannot be in it."
    );
    let right = world
        .typed(&typed, &mut run, "form1", &[("seed", SECRET)])
        .await;
    right.done();

    let stored = connector(&upstream.origin(), DEFINITION);
    let wrong = secret::SecretString::new("01".to_owned());
    world.secrets.insert("totp_secret", wrong);
    let failure = world.begin(&stored, &[]).await.1.failed();
    assert_eq!(failure.code, "totp_secret_unusable");
    assert!(
        !failure.is_refused() && failure.message.contains("`otp.secret`"),
        "{failure:?}"
    );
    assert!(failure.help.contains("A to Z"), "{failure:?}");
}

#[tokio::test]
async fn neither_the_secret_nor_the_code_is_told() {
    let upstream = upstream(0);
    let connector = connector(&upstream.origin(), DEFINITION);
    let mut world = world();
    world.sign_in(&connector, &[]).await;
    let masker = world.masker();
    let sent = codes(&upstream);
    let code = sent[0].trim_start_matches("code=");
    for secret in [SECRET, code] {
        assert!(!masker.mask(&format!("<{secret}>")).contains(secret));
    }
}
