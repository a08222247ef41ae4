//! Calls that are signed with a time, by a machine whose clock is wrong.

use crate::front::Front;
use crate::world::{World, request};
use flow::{Event, Observer};
use gateway::{Answer, CallBody, CallError};
use http::Method;
use serde_json::json;
use testkit::{Reply, Upstream};

const TYPED: &str = r#"
auth_flow: { steps: [ { id: form1, kind: form, fields: [ { key: name } ] } ] }
"#;
const HAWK: &str = "sign_in: { kind: hawk, id: \"{{form1.name}}\", key: k }\n";
const OAUTH1: &str =
    "sign_in: { kind: oauth1, consumer_key: \"{{form1.name}}\", consumer_secret: s }\n";
const SIGV4: &str = "sign_in: { kind: aws_sigv4, access_key_id: \"{{form1.name}}\", secret_access_key: s, region: r, service: s }\n";
const HMAC: &str = "sign_in: { kind: hmac, key: \"{{form1.name}}\", string_to_sign: \"{{timestamp}}\", name: X-Sig, value: \"{{timestamp}}.{{signature}}\" }\n";
const TIMELESS: &str = "sign_in: { kind: hmac, key: \"{{form1.name}}\", string_to_sign: \"{{request.path}}\", name: X-Sig, value: \"{{signature}}\" }\n";
/// A minute after the world's own time, and what a clock shows then that is right, 312 s and 1000 s ahead.
const RIGHT: &str = "Tue, 14 Nov 2023 22:14:20 GMT";
const AHEAD: &str = "Tue, 14 Nov 2023 22:19:32 GMT";
const FAR_AHEAD: &str = "Tue, 14 Nov 2023 22:31:00 GMT";
const PLAIN: &str = "sign_in: { kind: bearer, token: \"{{form1.name}}\" }\n";

#[derive(Default)]
struct Heard(Vec<String>);

impl Observer for Heard {
    fn event(&mut self, event: Event) {
        if let Event::Warning { message, .. } = event {
            self.0.push(message);
        }
    }
}

/// An API that refuses all calls, and whose clock shows this.
fn refusing(status: u16, challenge: &'static str, date: &'static str) -> Upstream {
    Upstream::start(move |_| {
        Reply::json(json!({}))
            .with_status(status)
            .header("Date", date)
            .header("WWW-Authenticate", challenge)
    })
}

/// What a call comes to a minute after the sign-in, and what is warned of.
async fn called(sign_in: &str, api: &Upstream) -> (World, Result<Answer, CallError>, Vec<String>) {
    let world = World::at(&api.origin(), &format!("{TYPED}{sign_in}")).await;
    world.clock.advance(60);
    let mut heard = Heard::default();
    let answer = gateway::call(
        &world.connections,
        &world.equipped,
        Some(&world.id),
        request(Method::GET, "/x", &[], CallBody::Empty),
        &mut heard,
    );
    let answer = answer.await;
    (world, answer, heard.0)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_time_that_is_refused_in_so_many_words_is_no_session_that_is_over() {
    for (sign_in, challenge) in [
        (
            HAWK,
            "Hawk ts=\"1700000372\", tsm=\"AbCd\", error=\"Stale timestamp\"",
        ),
        (
            OAUTH1,
            "OAuth realm=\"x\", oauth_problem=\"timestamp_refused\"",
        ),
    ] {
        let api = refusing(401, challenge, AHEAD);
        let (world, answer, warnings) = called(sign_in, &api).await;
        let answer = answer.unwrap();
        assert_eq!((answer.status.as_u16(), answer.attempts), (401, 1));
        assert_eq!(warnings.len(), 1, "{warnings:?}");
        let host = api.origin().replace("http://", "");
        let expected = format!("This machine's clock is 5 min 12 s behind {host}'s.");
        assert!(
            warnings[0].starts_with(&expected) && warnings[0].contains("NTP"),
            "{warnings:?}"
        );
        // Nobody has to sign in again once the clock is right.
        let record = world
            .connections
            .current(&world.equipped.connector, &world.id);
        assert!(record.await.is_ok());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_that_is_lost_at_a_wrong_time_is_told_with_the_difference() {
    for sign_in in [HAWK, OAUTH1, SIGV4, HMAC] {
        let api = refusing(401, "Other", AHEAD);
        let (_, answer, warnings) = called(sign_in, &api).await;
        let Err(CallError::SignInRequired { reason }) = answer else {
            panic!("{answer:?}")
        };
        assert!(
            reason.contains("clock is 5 min 12 s behind") && reason.contains("NTP"),
            "{reason}"
        );
        assert_eq!(warnings.len(), 1, "{warnings:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_clock_is_not_blamed_where_it_is_right_or_nothing_hangs_on_it() {
    for (sign_in, status, date) in [
        (HAWK, 401, RIGHT),
        (HAWK, 404, AHEAD),
        (TIMELESS, 401, AHEAD),
        (PLAIN, 401, AHEAD),
    ] {
        let api = refusing(status, "Other", date);
        let (_, answer, warnings) = called(sign_in, &api).await;
        assert_eq!(warnings, Vec::<String>::new(), "{sign_in}");
        match answer {
            Ok(answer) => assert_eq!(answer.status.as_u16(), status),
            Err(error) => assert!(!error.to_string().contains("clock"), "{error}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_of_our_own_signing_hangs_on_the_clock_too() {
    const SIGNED: &str = r#"
auth_flow: { steps: [ { id: form1, kind: form, fields: [ { key: name } ] }, { id: sign, kind: jwt_bearer, algorithm: HS256, key: "{{form1.name}}", claims: { iss: me } } ] }
sign_in: { kind: bearer, token: "{{sign.token}}" }
"#;
    let api = refusing(401, "Bearer error=\"invalid_token\"", AHEAD);
    for by_lane in [false, true] {
        let world = World::at(&api.origin(), SIGNED).await;
        world.clock.advance(60);
        let reason = if by_lane {
            let got = Front::of(&world).await.get("/x").await;
            assert_eq!(got.code(), Some("sign_in_required"));
            let found = world
                .connections
                .current(&world.equipped.connector, &world.id);
            found.await.unwrap_err().to_string()
        } else {
            world.get("/x").await.unwrap_err().to_string()
        };
        assert!(reason.contains("clock is 5 min 12 s behind"), "{reason}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_403_of_aws_passes_on_with_the_difference_told() {
    let api = refusing(403, "Other", FAR_AHEAD);
    let (_, answer, warnings) = called(SIGV4, &api).await;
    assert_eq!(answer.unwrap().status.as_u16(), 403);
    assert!(warnings[0].contains("16 min 40 s behind"), "{warnings:?}");
}
