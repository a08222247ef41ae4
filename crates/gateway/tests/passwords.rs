//! Passwords that calls show as they were given: one that was refused is not shown again by itself, as accounts get locked.

use crate::front::Front;
use crate::world::World;
use flow::Silent;
use futures_util::future::{join, join_all};
use gateway::{Call, CallBody, CallError, Target, call_with};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use testkit::{Gate, NtlmRules, NtlmSite, Received, Reply, Upstream};

const TYPED: &str = r#"
auth_flow: { steps: [ { id: form1, kind: form, fields: [ { key: name }, { key: password, type: password, default: guess } ] } ] }
sign_in: { kind: KIND, username: "{{form1.name}}", password: "{{form1.password}}" }
endpoints: [ { name: me, request: { method: GET, url: "{{base_url}}/me" } } ]
"#;

const WRITTEN: &str = r#"
auth_flow: { steps: [] }
sign_in: { kind: KIND, username: alice, password: guess }
endpoints: [ { name: me, request: { method: GET, url: "{{base_url}}/me" } } ]
"#;

/// An API that refuses every password at paths that begin with `/me`, and counts those that it saw there.
fn refusing(challenge: &'static str) -> (Upstream, Arc<AtomicUsize>) {
    let shown = Arc::new(AtomicUsize::new(0));
    let counted = shown.clone();
    let api = Upstream::start(move |request| {
        if !request.uri().path().starts_with("/me") {
            return Reply::json(serde_json::json!({}));
        }
        if request.header("authorization").is_some() {
            counted.fetch_add(1, Ordering::SeqCst);
        }
        Reply::status(401).header("WWW-Authenticate", challenge)
    });
    (api, shown)
}

fn definition(template: &str, kind: &str) -> String {
    template.replace("KIND", kind)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_that_was_refused_is_not_tried_again_not_even_right_after_the_sign_in() {
    for by_lane in [false, true] {
        let site = NtlmSite::start(NtlmRules::default());
        let world = World::at(&site.upstream().origin(), &definition(TYPED, "ntlm")).await;
        if by_lane {
            let got = Front::of(&world).await.get("/me").await;
            assert_eq!(got.code(), Some("sign_in_required"));
        }
        for _ in 0..3 {
            let told = world.endpoint("me").await;
            assert!(
                matches!(told, Err(CallError::SignInRequired { .. })),
                "{told:?}"
            );
            let seen = (site.refusals().len(), site.upstream().requests().len());
            assert_eq!(seen, (1, 2));
        }
    }
    for (kind, challenge) in [
        ("basic", "Basic realm=x"),
        ("digest", "Digest realm=x, qop=auth, nonce=n1"),
    ] {
        let (api, shown) = refusing(challenge);
        let world = World::at(&api.origin(), &definition(TYPED, kind)).await;
        let front = Front::of(&world).await;
        front.get("/me").await;
        let told = world.endpoint("me").await;
        assert!(
            matches!(told, Err(CallError::SignInRequired { .. })),
            "{told:?}"
        );
        assert_eq!(shown.load(Ordering::SeqCst), 1, "{kind}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_is_written_down_waits_longer_each_time() {
    let site = NtlmSite::start(NtlmRules::default());
    let world = World::at(&site.upstream().origin(), &definition(WRITTEN, "ntlm")).await;
    for (advance, refusals) in [(0, 1), (0, 1), (60, 2), (60, 2), (60, 3), (239, 3), (1, 4)] {
        world.clock.advance(advance);
        let told = world.endpoint("me").await;
        let Err(CallError::SignInSetBack(setback)) = told else {
            panic!("{told:?}")
        };
        assert_eq!(setback.code(), "sign_in_refused");
        assert_eq!(site.refusals().len(), refusals, "{advance} {setback:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_call_that_is_refused_does_not_stop_the_others() {
    let (api, shown) = refusing("Basic realm=x");
    let world = World::at(&api.origin(), &definition(WRITTEN, "basic")).await;
    let front = Front::of(&world).await;
    for _ in 0..3 {
        assert_eq!(front.get("/other").await.status, 200);
        for _ in 0..2 {
            // It goes once, as there is nothing to renew.
            let got = front.get("/me").await;
            assert_eq!((got.status, got.attempts()), (401, 1));
        }
    }
    assert_eq!(shown.load(Ordering::SeqCst), 6);
    // Where nothing is taken any more, it is the password.
    for _ in 0..3 {
        let told = world.endpoint("me").await;
        let refused = matches!(told, Err(CallError::SignInSetBack(_)));
        assert!(refused, "{told:?}");
    }
    assert_eq!(shown.load(Ordering::SeqCst), 7);
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_at_once_show_a_password_that_none_has_proven_one_after_the_other() {
    let (api, shown) = refusing("Basic realm=x");
    let world = World::at(&api.origin(), &definition(TYPED, "basic")).await;
    let front = Front::of(&world).await;
    let on_a_lane = join_all((0..4).map(|_| front.get("/me")));
    let beside_it = join_all((0..4).map(|_| world.endpoint("me")));
    let (got, told) = join(on_a_lane, beside_it).await;
    for got in got {
        assert_eq!(got.code(), Some("sign_in_required"));
    }
    for told in told {
        let needed = matches!(told, Err(CallError::SignInRequired { .. }));
        assert!(needed, "{told:?}");
    }
    assert_eq!(shown.load(Ordering::SeqCst), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_found_a_password_before_it_was_refused_does_not_show_it_afterwards() {
    let (api, shown) = refusing("Basic realm=x");
    let world = World::at(&api.origin(), &definition(TYPED, "basic")).await;
    let connector = &world.equipped.connector;
    let found = world.connections.current(connector, &world.id).await;
    let found = found.unwrap();
    let refused = world.endpoint("me").await;
    assert!(matches!(refused, Err(CallError::SignInRequired { .. })));
    let late = Call {
        target: Target::Endpoint {
            name: "me".to_owned(),
            parameters: Vec::new(),
        },
        body: CallBody::Empty,
    };
    let (connections, equipped) = (&world.connections, &world.equipped);
    let told = call_with(connections, equipped, Some(found), late, &mut Silent).await;
    let needed = matches!(told, Err(CallError::SignInRequired { .. }));
    assert!(needed, "{told:?}");
    assert_eq!(shown.load(Ordering::SeqCst), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn once_one_call_has_proven_it_the_others_go_at_once() {
    let (gate, at_once) = (Gate::closed(), Arc::new(AtomicUsize::new(0)));
    let (held, counted) = (gate.clone(), at_once.clone());
    let api = Upstream::start(move |_| match counted.fetch_add(1, Ordering::SeqCst) {
        0 => Reply::json(serde_json::json!({})),
        // These wait for one another: they would for ever, did they not go at once.
        number => {
            if number == 4 {
                held.open();
            }
            Reply::json(serde_json::json!({})).held_by(&held)
        }
    });
    let world = World::at(&api.origin(), &definition(TYPED, "basic")).await;
    let front = Front::of(&world).await;
    let got = join_all((0..5).map(|_| front.get("/me"))).await;
    assert!(got.iter().all(|got| got.status == 200));
    assert_eq!(at_once.load(Ordering::SeqCst), 5);
}
