//! Links by which people set a password of their own.

use std::time::Duration;

use secret::SecretString;
use store::{Digest, PersonUpdate, Role, SessionOf, StoreError};

use crate::fixture::Backend;

fn password(text: &str) -> SecretString {
    SecretString::new(text.to_owned())
}

pub(crate) async fn a_link_sets_a_password_once_and_ends_sessions(backend: &impl Backend) {
    let store = backend.open();
    let ann = store.create_person("ann", Role::Builder, password(""));
    ann.await.unwrap();
    let of = SessionOf::Person {
        login: "ann".to_owned(),
    };
    let until = backend.hand().unix() + 60;
    let cookie = Digest::of(b"cookie");
    let begun = store.create_session(cookie, of, None, until).await;
    begun.unwrap();
    let (first, second) = (Digest::of(b"first"), Digest::of(b"second"));
    for hash in [first, second] {
        let made = store.put_set_up_link("ann", hash, until).await.unwrap();
        assert_eq!(
            store.set_up_links().await.unwrap(),
            std::slice::from_ref(&made)
        );
        let of = async |login| store.set_up_link_of(login).await.unwrap();
        assert_eq!((of("ann").await, of("bob").await), (Some(made), None));
    }
    // The newest is the only one; looking at it leaves it.
    assert!(store.set_up_link(first).await.unwrap().is_none());
    for _ in 0..2 {
        let found = backend.open().set_up_link(second).await.unwrap();
        assert_eq!(found.unwrap().login, "ann");
    }
    let used = store.use_set_up_link(first, password("wrong")).await;
    assert!(used.unwrap().is_none());
    let used = store.use_set_up_link(second, password("hash")).await;
    let ann = used.unwrap().unwrap();
    assert_eq!((ann.version, ann.password.reveal().as_str()), (2, "hash"));
    let found = backend.open().person("ann").await.unwrap().unwrap();
    assert_eq!(found.password.reveal(), "hash");
    assert!(store.session(cookie).await.unwrap().is_none());
    let again = store.use_set_up_link(second, password("again")).await;
    assert!(again.unwrap().is_none());
}

pub(crate) async fn a_link_ends_with_its_time_and_with_its_person(backend: &impl Backend) {
    let store = backend.open();
    for login in ["ann", "bob"] {
        let made = store.create_person(login, Role::Admin, password("old"));
        made.await.unwrap();
    }
    let hash = |text: &str| Digest::of(text.as_bytes());
    let until = backend.hand().unix() + 60;
    let put = |login, text| store.put_set_up_link(login, hash(text), until);
    let works = async |text| store.set_up_link(hash(text)).await.unwrap().is_some();

    put("ann", "timely").await.unwrap();
    backend.hand().advance(Duration::from_secs(60));
    assert!(!works("timely").await);
    assert!(store.set_up_links().await.unwrap().is_empty());
    assert!(store.set_up_link_of("ann").await.unwrap().is_none());
    let used = store.use_set_up_link(hash("timely"), password("x")).await;
    assert!(used.unwrap().is_none());
    assert!(!store.delete_set_up_link("ann").await.unwrap());

    let until = backend.hand().unix() + 60;
    let put = |login, text| store.put_set_up_link(login, hash(text), until);
    put("ann", "revoked").await.unwrap();
    assert!(store.delete_set_up_link("ann").await.unwrap());
    assert!(!works("revoked").await);

    put("ann", "overtaken").await.unwrap();
    let update = PersonUpdate {
        password: Some(password("new")),
        ..PersonUpdate::default()
    };
    store.update_person("ann", 1, update).await.unwrap();
    assert!(!works("overtaken").await);

    put("ann", "kept out").await.unwrap();
    let update = PersonUpdate {
        disabled: Some(true),
        ..PersonUpdate::default()
    };
    store.update_person("ann", 2, update).await.unwrap();
    assert!(!works("kept out").await);
    for nobody in ["ann", "eve"] {
        let refused = put(nobody, "nobody").await;
        assert!(
            matches!(refused, Err(StoreError::Missing { .. })),
            "{refused:?}"
        );
    }

    store.delete_person("ann").await.unwrap();
    let again = store.create_person("ann", Role::Builder, password("x"));
    again.await.unwrap();
    assert!(!works("kept out").await);
}
