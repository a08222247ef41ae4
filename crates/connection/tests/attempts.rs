//! A sign-in over HTTP: one at a time, joined by all who want it, and found again in any process.

use crate::attempt_world::{ALICE, Site, failed, form, hash, oauth_world, open, signed_in};
use crate::world::{CODE, NOW, TOKENS, World};
use connection::{
    AttemptError, AttemptState, Begun, FaultOf, Opener, Purpose, Redirect, Selector, WaitingFor,
};
use flow::Answers;
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use testkit::{AuthorizationServer, Gate, Received, Reply, Upstream};

/// A login whose reply waits for a gate, and a world that signs in there.
fn held_login(gate: &Gate) -> (Upstream, World) {
    let held = gate.clone();
    let upstream = Upstream::start(move |request| match request.json()["pass"] == "open" {
        true => Reply::json(json!({ "user": "alice", "access": "a" })).held_by(&held),
        false => Reply::status(403),
    });
    let world = World::new(&TOKENS.replace("{{base_url}}/login", &upstream.url("/login")));
    (upstream, world)
}

#[tokio::test]
async fn a_person_signs_in_and_the_connection_is_named() {
    let world = World::new(TOKENS);
    let site = Site::of(&world, 1);
    let begun = site.start("b").await;
    assert_eq!(form(&begun).fields[0].key, "password");
    assert_eq!((begun.id.len(), begun.expires_at), (22, NOW + 600));
    let done = site.answer(&begun.id, "form1", "open").await;
    let handle = world.current(&site.process, signed_in(&done)).await;
    assert_eq!(handle.unwrap().record().owner, ALICE);
    assert_eq!(signed_in(&site.get(&begun.id).await), signed_in(&done));
}

#[tokio::test]
async fn who_needs_a_sign_in_that_is_done_is_told_so_at_once() {
    let world = World::new(TOKENS);
    let site = Site::of(&world, 1);
    let begun = site.start("b").await;
    let done = site.answer(&begun.id, "form1", "open").await;
    let selector = Selector {
        owner: ALICE.to_owned(),
        name: None,
    };
    let needed = site
        .attempts
        .start(&site.equipped, selector, Purpose::Needed, Opener::default())
        .await;
    let view = needed.unwrap().settled().await;
    assert_eq!(signed_in(&view), signed_in(&done));
    assert_ne!(view.id, begun.id);
    assert_eq!(signed_in(&site.get(&view.id).await), signed_in(&done));
}

#[tokio::test]
async fn whoever_comes_second_joins_and_sees_the_same() {
    let world = World::new(TOKENS);
    let (site, other) = (Site::of(&world, 1), Site::of(&world, 2));
    let (one, two) = tokio::join!(
        site.try_start(ALICE, None, None),
        site.try_start(ALICE, None, None)
    );
    let (mut one, two) = (one.unwrap(), two.unwrap());
    assert_eq!(one.id(), two.id());
    let prompt = form(&one.settled().await).clone();
    let third = other.try_start(ALICE, None, None).await.unwrap();
    assert_eq!(form(&third.view()), &prompt);
    assert_eq!(third.id(), one.id());
    // Another connection of theirs, and somebody else's, are others.
    for (owner, name) in [(ALICE, Some("work")), ("portal/bob", None)] {
        let another = site.try_start(owner, name, None).await.unwrap();
        assert_ne!(another.id(), one.id());
    }
    // Who watches sees the end that another brings about.
    site.answer(&one.id(), "form1", "open").await;
    let end = two
        .watch()
        .wait_for(|view| view.state.has_ended())
        .await
        .unwrap()
        .clone();
    signed_in(&end);
    // In the other process too, though a little later.
    let mut watched = third.watch();
    let end = watched.wait_for(|view| view.state.has_ended()).await;
    signed_in(&end.unwrap());
    assert_eq!(world.bank.requests("/login"), 1);
}

#[tokio::test]
async fn of_two_answers_at_once_one_counts() {
    let gate = Gate::closed();
    let (login, world) = held_login(&gate);
    let (site, other) = (Site::of(&world, 1), Site::of(&world, 2));
    let id = site.start("b").await.id;
    let mut first = site
        .try_answer(&id, "form1", "password", "open")
        .await
        .unwrap();
    assert!(matches!(first.view().state, AttemptState::Working));
    let second = site.try_answer(&id, "form1", "password", "open").await;
    assert_eq!(second.unwrap_err().code(), "sign_in_busy");
    let third = other.try_answer(&id, "form1", "password", "open").await;
    assert_eq!(third.unwrap_err().code(), "sign_in_elsewhere");
    gate.open();
    signed_in(&first.settled().await);
    let late = other.try_answer(&id, "form1", "password", "open").await;
    assert!(matches!(
        late.unwrap_err(),
        AttemptError::WrongTurn { waits_for: None }
    ));
    assert_eq!(login.requests_to("/login").len(), 1);
}

#[tokio::test]
async fn a_caller_who_leaves_takes_nothing_along() {
    let gate = Gate::closed();
    let (login, world) = held_login(&gate);
    let site = Arc::new(Site::of(&world, 1));
    let id = site.start("b").await.id;
    let leaving = {
        let (site, id) = (site.clone(), id.clone());
        tokio::spawn(async move { site.answer(&id, "form1", "open").await })
    };
    login.received(1).await;
    leaving.abort();
    assert!(leaving.await.is_err());
    gate.open();
    let mut attempt = site.attempts.get(&id, ALICE).await.unwrap();
    signed_in(&attempt.settled().await);
}

#[tokio::test]
async fn a_sign_in_that_is_given_up_stores_nothing() {
    let gate = Gate::closed();
    let (login, world) = held_login(&gate);
    let site = Site::of(&world, 1);
    let id = site.start("b").await.id;
    site.try_answer(&id, "form1", "password", "open")
        .await
        .unwrap();
    login.received(1).await;
    let cancelled = site.attempts.cancel(&id, ALICE).await.unwrap();
    assert!(matches!(cancelled.view().state, AttemptState::Cancelled));
    gate.open();
    assert!(matches!(site.get(&id).await.state, AttemptState::Cancelled));
    // The turn is free again.
    let again = site.start("b").await;
    assert_ne!(again.id, id);
    let list = site
        .process
        .connections
        .list(&site.equipped.connector, ALICE)
        .await;
    assert!(list.unwrap().is_empty());
}

#[tokio::test]
async fn a_sign_in_whose_time_is_over_while_the_api_thinks_stores_nothing() {
    let gate = Gate::closed();
    let (login, world) = held_login(&gate);
    let site = Site::of(&world, 1);
    let id = site.start("b").await.id;
    let answered = site.try_answer(&id, "form1", "password", "open").await;
    login.received(1).await;
    world.clock.advance(600);
    gate.open();
    let view = answered.unwrap().settled().await;
    assert!(matches!(view.state, AttemptState::Expired));
    let list = site
        .process
        .connections
        .list(&site.equipped.connector, ALICE)
        .await;
    assert!(list.unwrap().is_empty());
}

#[tokio::test]
async fn a_form_is_found_again_after_a_restart() {
    let world = World::new(CODE);
    let before = Site::of(&world, 1);
    let begun = before.start("b").await;
    let second = before.answer(&begun.id, "form1", "open").await;
    drop(before);
    let after = Site::of(&world, 2);
    let found = after.get(&begun.id).await;
    assert_eq!(form(&found), form(&second));
    let joined = after.start("b").await;
    assert_eq!(joined.id, begun.id);
    signed_in(&after.answer(&begun.id, "form2", "123456").await);
    assert_eq!(world.bank.requests("/login"), 1);
}

#[tokio::test]
async fn a_redirect_is_taken_after_a_restart_and_only_from_its_browser() {
    let server = AuthorizationServer::start();
    let world = oauth_world(&server);
    let before = Site::of(&world, 1);
    let begun = before.try_start(ALICE, None, None).await.unwrap();
    let begun = begun.clone().settled().await;
    let back = server.approve(&open(&begun).url);
    // Nobody has opened it by our own page yet.
    let unbound = before.try_return(&back, Some("theirs")).await;
    assert_eq!(unbound.unwrap_err().code(), "other_browser");
    for _ in 0..2 {
        let bound = before.attempts.bind(&begun.id, ALICE, hash("mine")).await;
        bound.unwrap();
    }
    let other = before.attempts.bind(&begun.id, ALICE, hash("theirs")).await;
    assert_eq!(other.unwrap_err().code(), "other_browser");
    drop(before);
    let after = Site::of(&world, 2);
    let refused = after.try_return(&back, Some("theirs")).await;
    assert_eq!(refused.unwrap_err().code(), "other_browser");
    signed_in(&after.come_back(&back, "mine").await);
    assert_eq!(server.token_requests().len(), 1);
}

#[tokio::test]
async fn a_redirect_without_a_state_is_found_by_what_the_browser_says() {
    let definition = r#"
auth_flow:
  steps:
    - { id: away, kind: callback, url: "{{base_url}}/away", outputs: [ticket] }
    - { id: login, kind: api_request, request: { method: POST, url: "{{base_url}}/login", json: { pass: "{{away.ticket}}" } } }
"#;
    let world = World::new(definition);
    let site = Site::of(&world, 1);
    let begun = site.start("mine").await;
    assert_eq!(open(&begun).state, None);
    let url: url::Url = "https://stepgate.example/callback/bank?ticket=open"
        .parse()
        .unwrap();
    let redirect = |browser: &str, attempt: Option<&str>| Redirect {
        connector: "bank".to_owned(),
        url: url.clone(),
        browser: Some(hash(browser)),
        attempt: attempt.map(str::to_owned),
    };
    for (browser, attempt, code) in [
        ("mine", None, "redirect_unknown"),
        ("mine", Some("another"), "redirect_unknown"),
        ("theirs", Some(begun.id.as_str()), "other_browser"),
    ] {
        let refused = site.attempts.redirected(redirect(browser, attempt)).await;
        assert_eq!(refused.unwrap_err().code(), code);
    }
    let taken = redirect("mine", Some(&begun.id));
    let taken = site.attempts.redirected(taken).await;
    signed_in(&taken.unwrap().settled().await);
    let again = site
        .attempts
        .redirected(redirect("mine", Some(&begun.id)))
        .await;
    assert_eq!(again.unwrap_err().code(), "redirect_unknown");
    assert_eq!(world.bank.requests("/login"), 1);
}

#[tokio::test]
async fn what_a_renewal_asked_for_is_all_that_is_asked() {
    let world = World::new(CODE);
    let site = Site::of(&world, 1);
    let begun = site.start("b").await;
    site.answer(&begun.id, "form1", "open").await;
    let done = site.answer(&begun.id, "form2", "123456").await;
    let handle = world
        .current(&site.process, signed_in(&done))
        .await
        .unwrap();
    world.renew(&site.process, &handle).await.unwrap_err();
    let selector = Selector {
        owner: ALICE.to_owned(),
        name: None,
    };
    let needed = site
        .attempts
        .start(&site.equipped, selector, Purpose::Needed, Opener::default());
    let asked = needed.await.unwrap().settled().await;
    assert_eq!(form(&asked).step, "form2");
    // The renewal goes on after a restart too.
    let restarted = Site::of(&world, 2);
    let renewed = restarted.answer(&asked.id, "form2", "123456").await;
    assert_eq!(signed_in(&renewed), handle.id());
    assert_eq!(world.bank.requests("/login"), 2);
}

#[test]
fn a_redirect_that_was_at_work_when_its_process_died_is_spent() {
    let gate = Gate::closed();
    let server = AuthorizationServer::start();
    server.hold_token_replies(&gate);
    let world = oauth_world(&server);
    let dying = tokio::runtime::Runtime::new().unwrap();
    let (id, back) = dying.block_on(async {
        let site = Site::of(&world, 1);
        let begun = site.start("mine").await;
        let back = server.approve(&open(&begun).url);
        site.try_return(&back, Some("mine")).await.unwrap();
        server.upstream().received(1).await;
        (begun.id, back)
    });
    drop(dying);
    gate.open();
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let site = Site::of(&world, 2);
        let again = site.try_return(&back, Some("mine")).await;
        assert_eq!(again.unwrap_err().code(), "redirect_unknown");
        let mut attempt = site.attempts.get(&id, ALICE).await.unwrap();
        let view = attempt.settled().await;
        assert_eq!(failed(&view).cause, "interrupted");
        assert_eq!(server.token_requests().len(), 1);
        // And the way is free for another.
        assert_ne!(site.start("mine").await.id, id);
    });
}

#[tokio::test]
async fn a_wait_is_waited_for_by_the_attempt_itself() {
    let asked = AtomicUsize::new(0);
    let upstream = Upstream::start(move |_| {
        let ready = asked.fetch_add(1, Ordering::SeqCst) > 0;
        Reply::json(json!({ "ready": ready }))
    });
    let definition = r#"
auth_flow:
  steps:
    - id: wait
      kind: api_request
      request: { method: GET, url: "ORIGIN/ready" }
      poll: { every: 1s, for: 5m, until: { value: "{{response.body.ready}}", equals: true } }
"#;
    let world = World::new(&definition.replace("ORIGIN", &upstream.origin()));
    let site = Site::of(&world, 1);
    let mut attempt = site.try_start(ALICE, None, None).await.unwrap();
    // Kept a second time: it waits.
    let waits = attempt
        .watch()
        .wait_for(|view| view.version == 2)
        .await
        .map(drop);
    waits.unwrap();
    world.clock.advance(5);
    signed_in(&attempt.settled().await);
    assert_eq!(upstream.requests_to("/ready").len(), 2);
}

#[tokio::test]
async fn a_code_is_shown_in_every_process_until_it_was_entered_elsewhere() {
    let entered = Arc::new(AtomicBool::new(false));
    let answers = Arc::clone(&entered);
    let upstream = Upstream::start(move |request| match request.uri().path() {
        "/device" => Reply::json(json!({
            "device_code": "d-1", "user_code": "WDJB-MJHT", "verification_uri": "https://id.example/device",
            "expires_in": 300, "interval": 1,
        })),
        _ if answers.load(Ordering::SeqCst) => Reply::json(json!({ "access_token": "a-1" })),
        _ => Reply::json(json!({ "error": "authorization_pending" })).with_status(400),
    });
    let definition = r#"
auth_flow:
  steps:
    - { id: login, kind: device_code, client_id: tv, device_authorization_url: "ORIGIN/device", token_url: "ORIGIN/token" }
"#;
    let world = World::new(&definition.replace("ORIGIN", &upstream.origin()));
    let site = Site::of(&world, 1);
    let mut attempt = site.try_start(ALICE, None, None).await.unwrap();
    let begun = attempt.settled().await;
    let elsewhere = Site::of(&world, 2).get(&begun.id).await;
    for view in [&begun, &elsewhere] {
        let AttemptState::Waiting(WaitingFor::Show(show)) = &view.state else {
            panic!("{view:?}");
        };
        assert_eq!(
            (show.code.as_str(), show.expires_at),
            ("WDJB-MJHT", NOW + 300)
        );
    }
    entered.store(true, Ordering::SeqCst);
    world.clock.advance(1);
    let mut views = attempt.watch();
    let ended = views.wait_for(|view| view.state.has_ended()).await;
    signed_in(&ended.unwrap());
    assert_eq!(upstream.requests_to("/device").len(), 1);
}

#[tokio::test]
async fn another_account_waits_for_a_yes_across_a_restart() {
    let world = World::new(TOKENS);
    let site = Site::of(&world, 1);
    let first = site.start("b").await;
    let first = site.answer(&first.id, "form1", "open").await;
    world.bank.signs_in("bob");
    for agreed in [false, true] {
        let begun = site.start("b").await;
        let asked = site.answer(&begun.id, "form1", "open").await;
        let AttemptState::Waiting(WaitingFor::ConfirmIdentity { old, new }) = &asked.state else {
            panic!("{asked:?}");
        };
        assert_eq!((old.as_str(), new.as_str()), ("alice", "bob"));
        let restarted = Site::of(&world, if agreed { 2 } else { 3 });
        let early = restarted.try_answer(&begun.id, "form1", "password", "open");
        assert_eq!(early.await.unwrap_err().code(), "wrong_turn");
        let connection = signed_in(&first);
        let version = |handle: Arc<connection::Handle>| handle.version();
        if agreed {
            let attempt = restarted.attempts.confirm_identity(&begun.id, ALICE).await;
            let done = attempt.unwrap().settled().await;
            assert_eq!(signed_in(&done), connection);
        } else {
            restarted.attempts.cancel(&begun.id, ALICE).await.unwrap();
        }
        let now = world.current(&restarted.process, connection).await;
        assert_eq!(version(now.unwrap()), if agreed { 2 } else { 1 });
    }
}

#[tokio::test]
async fn only_so_many_are_open_and_only_their_owner_sees_them() {
    let world = World::new(TOKENS);
    let site = Site::of(&world, 1);
    for name in ["a", "b", "c"] {
        site.try_start(ALICE, Some(name), None).await.unwrap();
    }
    let one_more = site.try_start(ALICE, Some("d"), None).await;
    assert_eq!(one_more.unwrap_err().code(), "too_many_sign_ins");
    let theirs = site.try_start("portal/bob", None, None).await.unwrap().id();
    for id in [theirs.as_str(), "none"] {
        let seen = site.attempts.get(id, ALICE).await;
        assert!(matches!(seen.unwrap_err(), AttemptError::Unknown));
    }
    let answered = site.try_answer(&theirs, "form1", "password", "open").await;
    assert!(matches!(answered.unwrap_err(), AttemptError::Unknown));
    // One that is over makes room, and so does its turn.
    let id = site.try_start(ALICE, Some("a"), None).await.unwrap().id();
    site.attempts.cancel(&id, ALICE).await.unwrap();
    site.try_start(ALICE, Some("d"), None).await.unwrap();
}

#[tokio::test]
async fn the_command_line_waits_for_the_turn_like_everybody() {
    let world = World::new(TOKENS);
    let site = Site::of(&world, 1);
    let selector = Selector {
        owner: ALICE.to_owned(),
        name: None,
    };
    let terminal = world.process(2);
    let begun = terminal
        .connections
        .sign_in(
            &world.equipped,
            selector.clone(),
            Answers::new(),
            Purpose::Asked,
        )
        .await
        .unwrap();
    let kept_out = site.try_start(ALICE, None, None).await;
    assert_eq!(kept_out.unwrap_err().code(), "sign_in_elsewhere");
    let Begun::Started(sign_in) = begun else {
        panic!("nobody has signed in")
    };
    drop(sign_in);
    form(&site.start("b").await);
}

#[tokio::test]
async fn a_failure_says_where_and_whose_fault() {
    let world = World::new(TOKENS);
    let site = Site::of(&world, 1);
    let begun = site.start("b").await;
    let view = site.answer(&begun.id, "form1", "wrong-password").await;
    let failure = failed(&view);
    assert_eq!(failure.code, "sign_in_refused");
    assert_eq!(failure.step.as_deref(), Some("login"));
    assert_eq!(failure.whose_fault, FaultOf::Caller);
    assert!(!failure.passing);
    // It stays so for a while, also for another process.
    let other = Site::of(&world, 2);
    assert_eq!(failed(&other.get(&begun.id).await), failure);
}
