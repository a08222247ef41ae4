//! Drafts: one person's own, written over the version that was read.

use std::time::Duration;

use secret::SecretString;
use store::{Role, StoreError};

use crate::fixture::{Backend, bytes};

pub(crate) async fn a_draft_is_its_persons_and_written_over_the_version_that_was_read(
    backend: &impl Backend,
) {
    let stores = [backend.open(), backend.open()];
    let first = stores[0]
        .put_draft("ann", "wiki", bytes("one"), Some(3), None)
        .await
        .unwrap();
    assert_eq!((first.version, first.based_on), (1, Some(3)));
    backend.hand().advance(Duration::from_secs(5));
    let second = stores[1]
        .put_draft("ann", "wiki", bytes("two"), Some(3), Some(1))
        .await
        .unwrap();
    assert_eq!(
        (second.version, second.updated_at),
        (2, first.updated_at + 5)
    );
    let lost = stores[0]
        .put_draft("ann", "wiki", bytes("three"), None, Some(1))
        .await;
    assert!(matches!(lost, Err(StoreError::Conflict)));
    let taken = stores[0]
        .put_draft("ann", "wiki", bytes("three"), None, None)
        .await;
    assert!(matches!(taken, Err(StoreError::Taken { .. })));
    let early = stores[0]
        .put_draft("ann", "mail", bytes("three"), None, Some(1))
        .await;
    assert!(matches!(early, Err(StoreError::Conflict)));
    let (found, text) = stores[0].draft("ann", "wiki").await.unwrap().unwrap();
    assert_eq!((found, text.reveal()), (second.clone(), &b"two"[..]));
    assert_eq!(stores[0].drafts("ann").await.unwrap(), [second]);
    // Another's is another one.
    assert!(stores[0].draft("bob", "wiki").await.unwrap().is_none());
    assert_eq!(stores[0].drafts("bob").await.unwrap(), []);
    let lost = stores[0].delete_draft("ann", "wiki", Some(1)).await;
    assert!(matches!(lost, Err(StoreError::Conflict)));
    assert!(
        stores[0]
            .delete_draft("ann", "wiki", Some(2))
            .await
            .unwrap()
    );
    assert!(!stores[0].delete_draft("ann", "wiki", None).await.unwrap());
}

pub(crate) async fn drafts_are_bounded_and_go_with_their_person(backend: &impl Backend) {
    let store = backend.open();
    let password = || SecretString::new("hash".to_owned());
    for login in ["ann", "bob"] {
        store
            .create_person(login, Role::Admin, password())
            .await
            .unwrap();
    }
    for number in 0..100 {
        let name = format!("d{number}");
        store
            .put_draft("ann", &name, bytes("x"), None, None)
            .await
            .unwrap();
    }
    let one_more = store.put_draft("ann", "more", bytes("x"), None, None).await;
    assert!(matches!(one_more, Err(StoreError::TooManyDrafts)));
    store
        .put_draft("bob", "more", bytes("x"), None, None)
        .await
        .unwrap();
    assert!(store.delete_person("ann").await.unwrap().is_some());
    assert_eq!(store.drafts("ann").await.unwrap(), []);
    assert_eq!(store.drafts("bob").await.unwrap().len(), 1);
}
