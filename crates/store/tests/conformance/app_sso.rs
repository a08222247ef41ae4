//! How an app's users are known by single sign-on.

use secret::SecretString;
use store::{AppSettings, StoreError};

use crate::fixture::Backend;

pub(crate) async fn settings_and_key_come_back_and_go_with_their_app(backend: &impl Backend) {
    let store = backend.open();
    let key = |text: &str| SecretString::new(text.to_owned());
    let nowhere = store.put_app_sso("shop", "{}".to_owned(), key("k")).await;
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
        .put_app_sso("shop", "one".to_owned(), key("k1"))
        .await
        .unwrap();
    let second = store
        .put_app_sso("shop", "two".to_owned(), key("k2"))
        .await
        .unwrap();
    assert!(second.version > first.version);
    let found = backend.open().app_sso("shop").await.unwrap().unwrap();
    assert_eq!(
        (found.settings.as_str(), found.shared_key.reveal().as_str()),
        ("two", "k2")
    );
    assert!(store.delete_app_sso("shop").await.unwrap());
    assert!(!store.delete_app_sso("shop").await.unwrap());
    store
        .put_app_sso("shop", "three".to_owned(), key(""))
        .await
        .unwrap();
    store.delete_app("shop", None).await.unwrap();
    store
        .create_app("shop", AppSettings::default())
        .await
        .unwrap();
    assert!(store.app_sso("shop").await.unwrap().is_none());
}
