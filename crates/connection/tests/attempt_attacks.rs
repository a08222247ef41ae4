//! What others try with somebody's sign-in.

use crate::attempt_world::{ALICE, Site, failed, form, oauth_world, open, signed_in};
use crate::world::{CODE, World};
use connection::{AttemptError, AttemptState, Equipped, Redirect};
use testkit::{AuthorizationServer, SessionSite};
use url::Url;

fn with(url: &Url, name: &str, value: Option<&str>) -> Url {
    let mut changed = url.clone();
    let kept: Vec<_> = url
        .query_pairs()
        .filter(|(key, _)| key != name)
        .map(|(key, value)| (key.into_owned(), value.into_owned()))
        .collect();
    let mut query = changed.query_pairs_mut();
    query.clear().extend_pairs(kept);
    if let Some(value) = value {
        query.append_pair(name, value);
    }
    drop(query);
    changed
}

fn of(url: &Url, name: &str) -> String {
    let mut pairs = url.query_pairs();
    pairs.find(|(key, _)| key == name).unwrap().1.into_owned()
}

#[tokio::test]
async fn attack_1_a_redirect_with_no_state_of_ours_is_refused() {
    let server = AuthorizationServer::start();
    let world = oauth_world(&server);
    let site = Site::of(&world, 1);
    let begun = site.start("mine").await;
    let back = server.approve(&open(&begun).url);
    let state = of(&back, "state");
    // 32 random bytes.
    assert_eq!(state.len(), 43);
    let mut guessed = state.clone().into_bytes();
    guessed[0] = if guessed[0] == b'A' { b'B' } else { b'A' };
    let guessed = String::from_utf8(guessed).unwrap();
    for forged in [None, Some(""), Some("1700000000"), Some(guessed.as_str())] {
        let url = with(&back, "state", forged);
        let refused = site.try_return(&url, Some("mine")).await;
        assert!(
            matches!(refused, Err(AttemptError::UnknownRedirect)),
            "{forged:?}"
        );
        // Naming the attempt is no way around the state.
        let named = Redirect {
            connector: "bank".to_owned(),
            url,
            browser: Some(crate::attempt_world::hash("mine")),
            attempt: Some(begun.id.clone()),
        };
        let refused = site.attempts.redirected(named).await;
        assert!(matches!(refused, Err(AttemptError::UnknownRedirect)));
    }
    assert!(server.token_requests().is_empty());
    signed_in(&site.come_back(&back, "mine").await);
}

#[tokio::test]
async fn attack_2_a_redirect_is_taken_once() {
    let server = AuthorizationServer::start();
    let world = oauth_world(&server);
    let (site, other) = (Site::of(&world, 1), Site::of(&world, 2));
    let begun = site.start("mine").await;
    let back = server.approve(&open(&begun).url);
    let (one, two, three) = tokio::join!(
        site.try_return(&back, Some("mine")),
        site.try_return(&back, Some("mine")),
        other.try_return(&back, Some("mine")),
    );
    let taken: Vec<_> = [one, two, three].into_iter().flatten().collect();
    assert_eq!(taken.len(), 1);
    signed_in(&taken[0].clone().settled().await);
    for site in [&site, &other] {
        let again = site.try_return(&back, Some("mine")).await;
        assert!(matches!(again, Err(AttemptError::UnknownRedirect)));
    }
    assert_eq!((server.token_requests().len(), server.replays()), (1, 0));
}

#[tokio::test]
async fn attack_3_another_browser_finishes_nothing_and_spends_nothing() {
    let server = AuthorizationServer::start();
    let world = oauth_world(&server);
    let site = Site::of(&world, 1);
    let begun = site.start("mine").await;
    let back = server.approve(&open(&begun).url);
    for browser in [None, Some("theirs")] {
        let refused = site.try_return(&back, browser).await;
        assert!(matches!(refused, Err(AttemptError::OtherBrowser)));
    }
    assert!(server.token_requests().is_empty());
    signed_in(&site.come_back(&back, "mine").await);
}

#[tokio::test]
async fn attack_9_a_state_is_good_at_its_own_connector_only() {
    let server = AuthorizationServer::start();
    let world = oauth_world(&server);
    let mut other = (*world.equipped.connector).clone();
    other.name = "shop".to_owned();
    let callback = "https://stepgate.example/callback/shop";
    let other = Equipped::new(other, flow::Secrets::new(), callback);
    let site = Site::serving(&world, 1, &[world.equipped.clone(), other]);
    let begun = site.start("mine").await;
    let back = server.approve(&open(&begun).url);
    let astray = Redirect {
        connector: "shop".to_owned(),
        url: back.clone(),
        browser: Some(crate::attempt_world::hash("mine")),
        attempt: Some(begun.id.clone()),
    };
    let refused = site.attempts.redirected(astray).await;
    assert!(matches!(refused, Err(AttemptError::UnknownRedirect)));
    assert!(server.token_requests().is_empty());
    signed_in(&site.come_back(&back, "mine").await);
}

#[tokio::test]
async fn attack_11_a_code_of_one_sign_in_is_worth_nothing_in_another() {
    let server = AuthorizationServer::start();
    let world = oauth_world(&server);
    let site = Site::of(&world, 1);
    let mine = site.start("mine").await;
    let theirs = site.try_start("portal/mallory", None, Some("theirs")).await;
    let theirs = theirs.unwrap().settled().await;
    let stolen = of(&server.approve(&open(&mine).url), "code");
    let back = server.approve(&open(&theirs).url);
    let injected = with(&back, "code", Some(&stolen));
    let view = site.come_back(&injected, "theirs").await;
    assert_eq!(failed(&view).code, "sign_in_refused");
    let list = site
        .process
        .connections
        .list(&site.equipped.connector, "portal/mallory")
        .await;
    assert!(list.unwrap().is_empty());
}

#[tokio::test]
async fn attack_14_a_step_that_is_not_due_is_not_taken() {
    let world = World::new(CODE);
    let site = Site::of(&world, 1);
    let begun = site.start("b").await;
    let early = site
        .try_answer(&begun.id, "form2", "otp", "123456")
        .await
        .unwrap_err();
    assert_eq!(early.code(), "wrong_turn");
    assert_eq!(
        early.to_string(),
        "This sign-in waits for the step `form1`."
    );
    let foreign = site.try_answer(&begun.id, "form1", "otp", "123456").await;
    assert_eq!(foreign.unwrap_err().code(), "not_asked");
    let confirmed = site.attempts.confirm_identity(&begun.id, ALICE).await;
    assert_eq!(confirmed.unwrap_err().code(), "wrong_turn");
    assert_eq!(form(&site.get(&begun.id).await), form(&begun));
    let second = site.answer(&begun.id, "form1", "open").await;
    form(&second);
    let late = site
        .try_answer(&begun.id, "form1", "password", "open")
        .await;
    assert_eq!(late.unwrap_err().code(), "wrong_turn");
    assert_eq!(world.bank.requests("/login"), 1);
    assert_eq!(world.bank.requests("/code"), 0);
}

#[tokio::test]
async fn attack_14_a_sign_in_that_took_too_long_does_nothing_any_more() {
    let server = AuthorizationServer::start();
    let world = oauth_world(&server);
    let (site, other) = (Site::of(&world, 1), Site::of(&world, 2));
    let begun = site.start("mine").await;
    let back = server.approve(&open(&begun).url);
    world.clock.advance(599);
    open(&site.get(&begun.id).await);
    world.clock.advance(1);
    for site in [&other, &site] {
        let late = site.try_return(&back, Some("mine")).await;
        // By its state it is not even found any more, once somebody has seen that it is over.
        let late = late.unwrap_err();
        assert!(matches!(
            late,
            AttemptError::Expired | AttemptError::UnknownRedirect
        ));
        let view = site.get(&begun.id).await;
        assert!(matches!(view.state, AttemptState::Expired));
    }
    let late = site.try_answer(&begun.id, "login", "code", "x").await;
    assert!(matches!(late, Err(AttemptError::Expired)));
    assert!(server.token_requests().is_empty());
    // Its turn is free: another begins at once.
    let again = other.start("mine").await;
    assert_ne!(again.id, begun.id);
    open(&again);
}

#[tokio::test]
async fn attack_65_what_was_typed_never_comes_back() {
    let upstream = SessionSite::with_second_factor();
    let definition = r#"
auth_flow:
  steps:
    - { id: form1, kind: form, title: Sign in, fields: [ { key: username, type: text, label: Name }, { key: password, type: password, label: Password } ] }
    - { id: start, kind: api_request, request: { method: GET, url: "SITE/login" }, extract: { csrf: { css: "input[name=csrf]", attribute: value } } }
    - id: login
      kind: api_request
      request: { method: POST, url: "SITE/login", form: { user: "{{form1.username}}", pass: "{{form1.password}}", csrf: "{{start.csrf}}" } }
      expect: { value: "{{login.body.result}}", equals: Success, else: "Not {{form1.password}}." }
      on_fail: { back_to: form1, attempts: 2 }
    - { id: form2, kind: form, title: Code, fields: [ { key: otp, type: otp, label: Code } ] }
    - id: code
      kind: api_request
      request: { method: POST, url: "SITE/code", form: { otp: "{{form2.otp}}" } }
      expect: { value: "{{code.body.result}}", equals: Success, else: "Not {{form2.otp}}." }
"#;
    let world = World::new(&definition.replace("SITE", &upstream.origin()));
    let site = Site::of(&world, 1);
    let id = site.start("b").await.id;
    let mut told = String::new();
    let typed = |password: &str| {
        vec![
            ("username".to_owned(), "alice".to_owned()),
            ("password".to_owned(), password.to_owned()),
        ]
    };
    let wrong = site
        .attempts
        .answer(&id, ALICE, "form1", typed("hunter2hunter2"))
        .await;
    let asked_again = wrong.unwrap().settled().await;
    let prompt = form(&asked_again);
    assert_eq!(prompt.error.as_deref(), Some("Not ••••."));
    assert_eq!(prompt.fields[0].default.as_deref(), Some("alice"));
    assert_eq!(prompt.fields[1].default, None);
    told += &format!("{asked_again:?}");
    let right = site
        .attempts
        .answer(&id, ALICE, "form1", typed("correct horse"))
        .await;
    told += &format!("{:?}", right.unwrap().settled().await);
    // Also where another process tells it.
    let other = Site::of(&world, 2);
    told += &format!("{:?}", other.get(&id).await);
    let end = other.answer(&id, "form2", "654321").await;
    assert_eq!(&*failed(&end).message, "Not ••••.");
    told += &format!("{end:?}{:?}", site.get(&id).await);
    for typed in ["hunter2hunter2", "correct horse", "654321"] {
        assert!(!told.contains(typed), "{told}");
    }
}
