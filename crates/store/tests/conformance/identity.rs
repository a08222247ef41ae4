//! Who owners are at their identity provider.

use secret::SecretString;
use store::{AppSettings, Role, StoreError};

use crate::fixture::{Backend, bytes};

pub(crate) async fn an_identity_is_replaced_over_the_version_that_was_read(backend: &impl Backend) {
    let store = backend.open();
    assert!(store.identity("shop/ann").await.unwrap().is_none());
    let first = store
        .put_identity("shop/ann", None, bytes("one"))
        .await
        .unwrap();
    let kept = backend.open().identity("shop/ann").await.unwrap().unwrap();
    assert_eq!((kept.version, kept.content.reveal()), (first, &b"one"[..]));
    let second = store
        .put_identity("shop/ann", Some(first), bytes("two"))
        .await;
    let second = second.unwrap();
    assert!(second > first);
    let late = store
        .put_identity("shop/ann", Some(first), bytes("late"))
        .await;
    assert!(matches!(late, Err(StoreError::Conflict)), "{late:?}");
    let none = store
        .put_identity("shop/bob", Some(first), bytes("none"))
        .await;
    assert!(matches!(none, Err(StoreError::Conflict)), "{none:?}");
    // A new sign-in counts, whatever is kept.
    store
        .put_identity("shop/ann", None, bytes("three"))
        .await
        .unwrap();
    assert!(store.delete_identity("shop/ann").await.unwrap());
    assert!(!store.delete_identity("shop/ann").await.unwrap());
    let again = store
        .put_identity("shop/ann", None, bytes("four"))
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
    for owner in ["people/ann", "shop/u1", "shoppe/u1"] {
        store.put_identity(owner, None, bytes("x")).await.unwrap();
    }
    store
        .link_person("https://id.example", "s1", "ann")
        .await
        .unwrap();
    store.delete_person("ann").await.unwrap();
    store.delete_app("shop", None).await.unwrap();
    for (owner, kept) in [
        ("people/ann", false),
        ("shop/u1", false),
        ("shoppe/u1", true),
    ] {
        let found = store.identity(owner).await.unwrap();
        assert_eq!(found.is_some(), kept, "{owner}");
    }
    let gone = store.put_identity("shop/u1", None, bytes("x")).await;
    assert!(
        matches!(gone, Err(StoreError::OwnerGone { .. })),
        "{gone:?}"
    );
    let login = store.login_of("https://id.example", "s1").await.unwrap();
    assert_eq!(login, None);
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
    let put = store.put_identity("people/ann", None, bytes("tokens"));
    put.await.unwrap();
    assert!(store.unlink_person(linked[0].clone()).await.unwrap());
    assert!(!store.unlink_person(linked[0].clone()).await.unwrap());
    assert!(store.identity("people/ann").await.unwrap().is_none());
    let found = store.login_of("https://id.example", "s1").await.unwrap();
    assert_eq!(found, None);
}
