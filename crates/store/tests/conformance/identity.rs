//! Who owners are at their identity provider.

use std::time::Duration;

use secret::SecretString;
use store::{AppSettings, Digest, Forgotten, Over, Role, SessionOf, StoreError};

use crate::fixture::{Backend, bytes};

pub(crate) async fn an_identity_is_replaced_over_the_version_that_was_read(backend: &impl Backend) {
    let store = backend.open();
    assert!(store.identity("shop/ann").await.unwrap().is_none());
    let first = store
        .put_identity("shop/ann", Over::Any, bytes("one"))
        .await
        .unwrap();
    let kept = backend.open().identity("shop/ann").await.unwrap().unwrap();
    assert_eq!((kept.version, kept.content.reveal()), (first, &b"one"[..]));
    let second = store
        .put_identity("shop/ann", Over::Version(first), bytes("two"))
        .await;
    let second = second.unwrap();
    assert!(second > first);
    let late = store
        .put_identity("shop/ann", Over::Version(first), bytes("late"))
        .await;
    assert!(matches!(late, Err(StoreError::Conflict)), "{late:?}");
    let none = store
        .put_identity("shop/bob", Over::Version(first), bytes("none"))
        .await;
    assert!(matches!(none, Err(StoreError::Conflict)), "{none:?}");
    // A new sign-in counts, whatever is kept.
    store
        .put_identity("shop/ann", Over::Any, bytes("three"))
        .await
        .unwrap();
    let late = store.put_identity("shop/ann", Over::None, bytes("late"));
    assert!(matches!(late.await, Err(StoreError::Conflict)));
    let gone = store.delete_identity("shop/ann").await.unwrap();
    assert_eq!(content(gone).unwrap(), b"three");
    assert!(store.delete_identity("shop/ann").await.unwrap().is_none());
    let first_of_all = store.put_identity("shop/ann", Over::None, bytes("first"));
    first_of_all.await.unwrap();
    let again = store
        .put_identity("shop/ann", Over::Any, bytes("four"))
        .await
        .unwrap();
    assert!(again > second);
}

pub(crate) async fn an_identity_goes_with_its_owner(backend: &impl Backend) {
    let store = backend.open();
    let password = SecretString::new(String::new());
    store
        .create_person("ann", Role::Builder, password.clone())
        .await
        .unwrap();
    store
        .create_app("shop", AppSettings::default())
        .await
        .unwrap();
    for owner in ["people/ann", "shop/u1", "shop/u2", "shoppe/u1"] {
        let tokens = if owner == "shop/u2" { "y" } else { "x" };
        store
            .put_identity(owner, Over::Any, bytes(tokens))
            .await
            .unwrap();
    }
    store
        .link_person("https://id.example", "s1", "ann")
        .await
        .unwrap();
    let gone = store.delete_person("ann").await.unwrap();
    assert_eq!(content(gone).unwrap(), b"x");
    assert!(store.delete_person("ann").await.unwrap().is_none());
    let gone = store.delete_app("shop", None).await.unwrap().unwrap();
    let gone = gone.into_iter().map(|forgotten| content(Some(forgotten)));
    let mut gone: Vec<_> = gone.map(Option::unwrap).collect();
    gone.sort();
    assert_eq!(gone, [b"x", b"y"]);
    for (owner, kept) in [
        ("people/ann", false),
        ("shop/u2", false),
        ("shop/u1", false),
        ("shoppe/u1", true),
    ] {
        let found = store.identity(owner).await.unwrap();
        assert_eq!(found.is_some(), kept, "{owner}");
    }
    let gone = store.put_identity("shop/u1", Over::Any, bytes("x")).await;
    assert!(
        matches!(gone, Err(StoreError::OwnerGone { .. })),
        "{gone:?}"
    );
    let login = store.login_of("https://id.example", "s1").await.unwrap();
    assert_eq!(login, None);
}

pub(crate) async fn an_identity_outlasts_all_sessions_but_the_last(backend: &impl Backend) {
    let store = backend.open();
    let password = SecretString::new(String::new());
    let made = store.create_person("ann", Role::Builder, password).await;
    made.unwrap();
    let put = store.put_identity("people/ann", Over::Any, bytes("tokens"));
    put.await.unwrap();
    let now = backend.hand().unix();
    let of = SessionOf::Person {
        login: "ann".to_owned(),
    };
    let begin = |name: &str| {
        let hash = Digest::of(name.as_bytes());
        store.create_session(hash, of.clone(), None, now + 100)
    };
    begin("one").await.unwrap();
    let two = begin("two").await.unwrap();
    let signed_out = |idle| store.delete_identity_of_signed_out("ann", idle);
    assert!(signed_out(now - 10).await.unwrap().is_none());
    store.delete_session(of.clone(), &two.id).await.unwrap();
    assert!(signed_out(now - 10).await.unwrap().is_none());
    assert!(store.identity("people/ann").await.unwrap().is_some());
    // One that nobody has used for long is no session, and neither is one that has ended.
    let gone = signed_out(now).await.unwrap();
    assert_eq!(content(gone).unwrap(), b"tokens");
    let put = store.put_identity("people/ann", Over::Any, bytes("others"));
    put.await.unwrap();
    backend.hand().advance(Duration::from_secs(100));
    let gone = signed_out(now - 10).await.unwrap();
    assert_eq!(content(gone).unwrap(), b"others");
    assert!(signed_out(now - 10).await.unwrap().is_none());
}

pub(crate) async fn a_subject_is_one_person(backend: &impl Backend) {
    let store = backend.open();
    let password = SecretString::new(String::new());
    for login in ["ann", "bob"] {
        store
            .create_person(login, Role::Builder, password.clone())
            .await
            .unwrap();
    }
    store
        .link_person("https://id.example", "s1", "ann")
        .await
        .unwrap();
    let taken = store.link_person("https://id.example", "s1", "bob").await;
    assert!(matches!(taken, Err(StoreError::Taken { .. })), "{taken:?}");
    // The same subject of another issuer is somebody else.
    store
        .link_person("https://other.example", "s1", "bob")
        .await
        .unwrap();
    let nobody = store.link_person("https://id.example", "s2", "eve").await;
    assert!(
        matches!(nobody, Err(StoreError::Missing { .. })),
        "{nobody:?}"
    );
    for (issuer, login) in [
        ("https://id.example", "ann"),
        ("https://other.example", "bob"),
    ] {
        let found = store.login_of(issuer, "s1").await.unwrap();
        assert_eq!(found.as_deref(), Some(login));
    }
    let of = store.create_person_of("cid", Role::Admin, "https://id.example", "s3");
    assert!(of.await.unwrap().password.reveal().is_empty());
    let found = store.login_of("https://id.example", "s3").await.unwrap();
    assert_eq!(found.as_deref(), Some("cid"));
    // Nobody is made where either is taken.
    for (login, subject) in [("cid", "s4"), ("dan", "s3")] {
        let taken = store.create_person_of(login, Role::Builder, "https://id.example", subject);
        assert!(
            matches!(taken.await, Err(StoreError::Taken { .. })),
            "{login}"
        );
    }
    assert!(store.person("dan").await.unwrap().is_none());
    assert_eq!(
        store.login_of("https://id.example", "s4").await.unwrap(),
        None
    );
    // Parted: with it go the tokens from there and the sessions.
    let linked = store.linked_people().await.unwrap();
    let whom: Vec<_> = linked.iter().map(|one| one.login.as_str()).collect();
    assert_eq!(whom, ["ann", "bob", "cid"]);
    assert_eq!(store.linked_of("bob").await.unwrap(), [linked[1].clone()]);
    assert_eq!(store.linked_of("nobody").await.unwrap(), []);
    let put = store.put_identity("people/ann", Over::Any, bytes("tokens"));
    put.await.unwrap();
    let parted = store.unlink_person(linked[0].clone()).await.unwrap();
    assert_eq!(content(parted).unwrap(), b"tokens");
    let again = store.unlink_person(linked[0].clone()).await.unwrap();
    assert!(again.is_none());
    let without = store.unlink_person(linked[1].clone()).await.unwrap();
    assert!(without.unwrap().identity.is_none());
    assert!(store.identity("people/ann").await.unwrap().is_none());
    let found = store.login_of("https://id.example", "s1").await.unwrap();
    assert_eq!(found, None);
}

fn content(forgotten: Option<Forgotten>) -> Option<Vec<u8>> {
    Some(forgotten?.identity?.reveal().to_vec())
}
