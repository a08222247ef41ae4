//! How an app's users are known by single sign-on.

use secret::SecretString;
use store::{AppSettings, Store, StoreError};

use crate::fixture::Backend;

pub(crate) async fn settings_and_key_come_back_and_go_with_their_app(backend: &impl Backend) {
    let store = backend.open();
    let key = |text: &str| SecretString::new(text.to_owned());
    let nowhere = store
        .put_app_sso("shop", None, "{}".to_owned(), key("k"))
        .await;
    assert!(
        matches!(nowhere, Err(StoreError::Missing { .. })),
        "{nowhere:?}"
    );
    store
        .create_app("shop", AppSettings::default())
        .await
        .unwrap();
    assert!(store.app_sso("shop").await.unwrap().is_none());
    let first = store
        .put_app_sso("shop", None, "one".to_owned(), key("k1"))
        .await
        .unwrap();
    let second = store
        .put_app_sso("shop", None, "two".to_owned(), key("k2"))
        .await
        .unwrap();
    assert!(second.version > first.version);
    let found = backend.open().app_sso("shop").await.unwrap().unwrap();
    assert_eq!(
        (found.settings.as_str(), found.shared_key.reveal().as_str()),
        ("two", "k2")
    );
    assert!(store.delete_app_sso("shop", None).await.unwrap());
    assert!(!store.delete_app_sso("shop", None).await.unwrap());
    store
        .put_app_sso("shop", None, "three".to_owned(), key(""))
        .await
        .unwrap();
    store.delete_app("shop", None).await.unwrap();
    store
        .create_app("shop", AppSettings::default())
        .await
        .unwrap();
    assert!(store.app_sso("shop").await.unwrap().is_none());
}

pub(crate) async fn settings_are_replaced_over_the_version_that_was_read(backend: &impl Backend) {
    let stores = [backend.open(), backend.open()];
    let store = &stores[0];
    let put = async |store: &Store, over, text: &str| {
        let key = SecretString::new(String::new());
        store.put_app_sso("shop", over, text.to_owned(), key).await
    };
    let made = store.create_app("shop", AppSettings::default()).await;
    made.unwrap();
    let nothing = put(store, Some(1), "none").await;
    assert!(matches!(nothing, Err(StoreError::Conflict)), "{nothing:?}");
    let first = put(store, None, "one").await.unwrap().version;
    // Of two who have seen the same version, one is told that it is not the newest any more.
    let (one, other) = tokio::join!(
        put(store, Some(first), "two"),
        put(&stores[1], Some(first), "three")
    );
    let (won, lost) = match (one, other) {
        (Ok(won), lost) | (lost, Ok(won)) => (won, lost),
        both => panic!("{both:?}"),
    };
    assert!(matches!(lost, Err(StoreError::Conflict)), "{lost:?}");
    let kept = store.app_sso("shop").await.unwrap().unwrap();
    assert_eq!((kept.version, &kept.settings), (won.version, &won.settings));
    let late = store.delete_app_sso("shop", Some(first)).await;
    assert!(matches!(late, Err(StoreError::Conflict)), "{late:?}");
    let over = Some(won.version);
    assert!(store.delete_app_sso("shop", over).await.unwrap());
    assert!(!store.delete_app_sso("shop", over).await.unwrap());
    let gone = put(store, over, "four").await;
    assert!(matches!(gone, Err(StoreError::Conflict)), "{gone:?}");
}
