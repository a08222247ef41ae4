//! A new sign-in replaces the old credential only once it works, and only for the same account.

use crate::world::{PASSWORD, TOKENS, World, done, selector, token};
use connection::{Begun, ConnectionError, Purpose, SignInProgress};
use flow::{Answers, FailureKind, Input, Silent};
use std::sync::Arc;

#[tokio::test]
async fn a_person_signs_in_and_the_credential_survives_a_restart() {
    let world = World::new(TOKENS);
    let process = world.process(1);
    let mut sign_in = world.begin(&process, &[]).await;
    assert!(matches!(
        sign_in.advance(Input::Begin, &mut Silent).await,
        Ok(SignInProgress::Ask(_))
    ));
    assert!(world.record(&process).await.is_none());
    let typed = Answers::typed("form1", [("password", "open")]);
    let handle = done(sign_in.advance(Input::Answers(typed), &mut Silent).await);
    let restarted = world.process(2);
    let found = world.current(&restarted, handle.id()).await.unwrap();
    assert_eq!(token(&found, "access"), "access-1");
    assert_eq!(found.record().identity.as_deref(), Some("alice"));
}

#[tokio::test]
async fn a_sign_in_that_fails_leaves_the_old_credential() {
    let world = World::new(TOKENS);
    let process = world.process(1);
    let handle = world.sign_in(&process).await;
    let mut sign_in = world
        .begin(&process, &[("form1", "password", "wrong")])
        .await;
    let error = sign_in
        .advance(Input::Begin, &mut Silent)
        .await
        .unwrap_err();
    let ConnectionError::Flow(failure) = error else {
        panic!("{error:?}")
    };
    assert!(matches!(failure.kind, FailureKind::Refused { .. }));
    assert_eq!(
        world
            .current(&process, handle.id())
            .await
            .unwrap()
            .version(),
        1
    );
}

#[tokio::test]
async fn another_account_is_named_and_taken_only_where_a_person_agrees() {
    let world = World::new(TOKENS);
    let process = world.process(1);
    let handle = world.sign_in(&process).await;
    world.bank.signs_in("bob");
    let mut sign_in = world
        .begin(&process, &[("form1", "password", "open")])
        .await;
    let error = sign_in
        .advance(Input::Begin, &mut Silent)
        .await
        .unwrap_err();
    let ConnectionError::IdentityDiffers { old, new } = &error else {
        panic!("{error:?}")
    };
    assert_eq!((old.as_str(), new.as_str()), ("alice", "bob"));
    let kept = world.current(&process, handle.id()).await.unwrap();
    assert_eq!(
        (kept.version(), token(&kept, "user").as_str()),
        (1, "alice")
    );
    let taken = sign_in.accept_identity().await.unwrap();
    assert_eq!(
        (taken.id(), taken.version(), token(&taken, "user").as_str()),
        (handle.id(), 2, "bob")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn two_who_need_a_sign_in_at_once_share_one() {
    let world = Arc::new(World::new(PASSWORD));
    let (one, other) = (world.process(1), world.process(2));
    let Begun::Started(mut sign_in) = world
        .try_begin(&one, &[], Purpose::Needed, None)
        .await
        .unwrap()
    else {
        panic!("nobody has signed in");
    };
    let waiting = {
        let world = world.clone();
        tokio::spawn(async move { world.try_begin(&other, &[], Purpose::Needed, None).await })
    };
    let typed = Answers::typed("form1", [("password", "open")]);
    assert!(matches!(
        sign_in.advance(Input::Begin, &mut Silent).await,
        Ok(SignInProgress::Ask(_))
    ));
    let handle = done(sign_in.advance(Input::Answers(typed), &mut Silent).await);
    drop(sign_in);
    match waiting.await.unwrap().unwrap() {
        Begun::Elsewhere(theirs) => assert_eq!(theirs.id(), handle.id()),
        Begun::Started(sign_in) => panic!("{sign_in:?}"),
    }
    assert_eq!(world.bank.requests("/login"), 1);
}

#[tokio::test]
async fn a_name_that_none_has_makes_one_of_that_name() {
    let world = World::new(TOKENS);
    let process = world.process(1);
    for name in ["work", "home"] {
        let given = [("form1", "password", "open")];
        let Ok(Begun::Started(mut sign_in)) = world
            .try_begin(&process, &given, Purpose::Asked, Some(name))
            .await
        else {
            panic!("{name}");
        };
        let handle = done(sign_in.advance(Input::Begin, &mut Silent).await);
        assert_eq!(handle.record().name.as_deref(), Some(name));
    }
    let found = process
        .connections
        .select(&world.equipped.connector, &selector(Some("home")))
        .await
        .unwrap();
    assert_eq!(found.unwrap().name.as_deref(), Some("home"));
}
