//! What people have noted for themselves.

use secret::SecretString;
use store::{Role, StoreError};

use crate::fixture::Backend;

pub(crate) async fn a_mark_is_of_who_made_it(backend: &impl Backend) {
    let store = backend.open();
    let password = SecretString::new("x".to_owned());
    for login in ["ann", "bob"] {
        let made = store.create_person(login, Role::Admin, password.clone());
        made.await.unwrap();
    }
    for login in ["bob", "ann", "ann"] {
        store.put_mark(login, "seen").await.unwrap();
    }
    store.put_mark("ann", "other").await.unwrap();
    assert_eq!(
        backend.open().marked_by("seen").await.unwrap(),
        ["ann", "bob"]
    );
    assert!(store.delete_mark("ann", "seen").await.unwrap());
    assert!(!store.delete_mark("ann", "seen").await.unwrap());
    assert_eq!(store.marked_by("seen").await.unwrap(), ["bob"]);
    let nobody = store.put_mark("eve", "seen").await;
    assert!(
        matches!(nobody, Err(StoreError::Missing { .. })),
        "{nobody:?}"
    );
    store.delete_person("bob").await.unwrap();
    assert!(store.marked_by("seen").await.unwrap().is_empty());
}
