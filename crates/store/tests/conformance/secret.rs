//! Secrets per environment, and the data keys that seal all values.

use secret::SecretString;

use crate::fixture::{Backend, bytes, new_connection, text, update};

pub(crate) async fn secrets_are_kept_per_environment(backend: &impl Backend) {
    let store = backend.open();
    let secret = |text: &str| SecretString::new(text.to_owned());
    store
        .set_secret("wiki", None, "client_secret", secret("plain"))
        .await
        .unwrap();
    store
        .set_secret("wiki", Some("staging"), "client_secret", secret("staged"))
        .await
        .unwrap();
    store
        .set_secret("mail", None, "client_secret", secret("mail's"))
        .await
        .unwrap();
    store
        .set_secret("wiki", None, "api_key", secret("ключ 🔑"))
        .await
        .unwrap();
    store
        .set_secret("wiki", None, "client_secret", secret("newer"))
        .await
        .unwrap();
    let cases = [
        ("wiki", None, "client_secret", Some("newer")),
        ("wiki", Some("staging"), "client_secret", Some("staged")),
        ("mail", None, "client_secret", Some("mail's")),
        ("wiki", None, "api_key", Some("ключ 🔑")),
        ("wiki", Some("staging"), "api_key", None),
        ("wiki", None, "other", None),
    ];
    for (connector, environment, name, expected) in cases {
        let found = store.secret(connector, environment, name).await.unwrap();
        assert_eq!(
            found.as_ref().map(|value| value.reveal().as_str()),
            expected,
            "{connector} {environment:?} {name}"
        );
    }
    assert_eq!(
        store.secret_names("wiki", None).await.unwrap(),
        ["api_key", "client_secret"]
    );
    assert_eq!(
        store.secret_names("wiki", Some("staging")).await.unwrap(),
        ["client_secret"]
    );
}

pub(crate) async fn a_removed_secret_is_gone(backend: &impl Backend) {
    let store = backend.open();
    store
        .set_secret("wiki", None, "s", SecretString::new("x".to_owned()))
        .await
        .unwrap();
    assert!(
        !store
            .delete_secret("wiki", Some("staging"), "s")
            .await
            .unwrap()
    );
    assert!(store.delete_secret("wiki", None, "s").await.unwrap());
    assert!(!store.delete_secret("wiki", None, "s").await.unwrap());
    assert!(store.secret("wiki", None, "s").await.unwrap().is_none());
}

pub(crate) async fn a_new_data_key_leaves_old_values_readable(backend: &impl Backend) {
    let (one, other) = (backend.open(), backend.open());
    let old = one
        .create(new_connection("local"), bytes("old"))
        .await
        .unwrap();
    one.set_secret("wiki", None, "s", SecretString::new("old".to_owned()))
        .await
        .unwrap();
    one.rotate_data_key().await.unwrap();
    let new = one
        .create(new_connection("local"), bytes("new"))
        .await
        .unwrap();
    // An instance that was open before finds the new key by its id; one that opens now knows both.
    for store in [&one, &other, &backend.open()] {
        for (record, expected) in [(&old, "old"), (&new, "new")] {
            assert_eq!(text(&store.open_sealed(record).await.unwrap()), expected);
        }
        assert_eq!(
            store
                .secret("wiki", None, "s")
                .await
                .unwrap()
                .unwrap()
                .reveal(),
            "old"
        );
    }
    let renewed = one
        .put_if(&old.id, 1, None, update("renewed"))
        .await
        .unwrap();
    assert_eq!(text(&other.open_sealed(&renewed).await.unwrap()), "renewed");
}
