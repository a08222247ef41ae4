//! Definitions: all versions, saved over the one that was read.

use std::time::Duration;

use store::{NewDefinition, StoreError};

use crate::fixture::Backend;

fn new(connector: &str, text: &str) -> NewDefinition {
    NewDefinition {
        connector: connector.to_owned(),
        text: text.to_owned(),
        author: "ann".to_owned(),
        note: Some(format!("makes it {text}")),
    }
}

pub(crate) async fn all_versions_are_kept(backend: &impl Backend) {
    let store = backend.open();
    let first = store
        .save_definition(new("wiki", "one # ü"), None)
        .await
        .unwrap();
    backend.hand().advance(Duration::from_secs(5));
    let second = store
        .save_definition(new("wiki", "two"), Some(1))
        .await
        .unwrap();
    let mail = store.save_definition(new("mail", "m"), None).await.unwrap();
    assert_eq!((first.version, second.version), (1, 2));
    assert_eq!(second.created_at, first.created_at + 5);
    assert_eq!(store.definitions().await.unwrap(), [mail, second.clone()]);
    assert_eq!(
        store.definition("wiki").await.unwrap(),
        Some(second.clone())
    );
    assert_eq!(
        store.definition_versions("wiki").await.unwrap(),
        [second, first.clone()]
    );
    let found = store.definition_version("wiki", 1).await.unwrap();
    assert_eq!(found, Some(first));
    assert_eq!(store.definition_version("wiki", 3).await.unwrap(), None);
    assert_eq!(store.definition("nothing").await.unwrap(), None);
}

pub(crate) async fn a_definition_is_saved_over_the_version_that_was_read(backend: &impl Backend) {
    let store = backend.open();
    let early = store.save_definition(new("wiki", "x"), Some(1)).await;
    assert!(matches!(early, Err(StoreError::Conflict)));
    store
        .save_definition(new("wiki", "one"), None)
        .await
        .unwrap();
    let taken = store.save_definition(new("wiki", "other"), None).await;
    assert!(matches!(taken, Err(StoreError::Taken { .. })));
    let stores = [backend.open(), store];
    let mut saving = tokio::task::JoinSet::new();
    for number in 0..10 {
        let store = stores[number % 2].clone();
        saving.spawn(async move {
            let text = number.to_string();
            store.save_definition(new("wiki", &text), Some(1)).await
        });
    }
    let results = saving.join_all().await;
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1);
    assert!(
        results
            .iter()
            .all(|r| matches!(r, Ok(_) | Err(StoreError::Conflict)))
    );
    let versions = stores[0].definition_versions("wiki").await.unwrap();
    assert_eq!(versions.len(), 2);
}

pub(crate) async fn a_deleted_definition_keeps_its_versions(backend: &impl Backend) {
    let store = backend.open();
    store
        .save_definition(new("wiki", "one"), None)
        .await
        .unwrap();
    let lost = store.delete_definition("wiki", Some(2)).await;
    assert!(matches!(lost, Err(StoreError::Conflict)));
    assert!(store.delete_definition("wiki", Some(1)).await.unwrap());
    assert!(!store.delete_definition("wiki", None).await.unwrap());
    assert!(!store.delete_definition("nothing", None).await.unwrap());
    assert_eq!(store.definitions().await.unwrap(), []);
    assert_eq!(store.definition("wiki").await.unwrap(), None);
    assert_eq!(store.definition_versions("wiki").await.unwrap().len(), 1);
    // Whoever read it before does not bring it back by chance.
    let late = store.save_definition(new("wiki", "late"), Some(1)).await;
    assert!(matches!(late, Err(StoreError::Conflict)));
    let again = store
        .save_definition(new("wiki", "two"), None)
        .await
        .unwrap();
    assert_eq!(again.version, 2);
    assert_eq!(store.definitions().await.unwrap(), [again]);
}
