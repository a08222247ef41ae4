//! Apps and their keys.

use std::time::Duration;

use store::{
    AppRecord, AppSettings, Digest, Filter, NewRun, Owners, PageFilter, Published, SessionOf,
    Store, StoreError,
};

use crate::fixture::{Backend, bytes, new_connection};

fn settings() -> AppSettings {
    AppSettings {
        title: "The „shop“".to_owned(),
        origins: vec!["https://shop.example".to_owned()],
        return_addresses: vec!["https://shop.example/back?a=\"b\"".to_owned()],
        connectors: vec![
            Published {
                connector: "wiki".to_owned(),
                selected: true,
            },
            Published {
                connector: "mail".to_owned(),
                selected: false,
            },
        ],
        screen_at_start: true,
    }
}

fn settings_of(app: &AppRecord) -> AppSettings {
    AppSettings {
        title: app.title.clone(),
        origins: app.origins.clone(),
        return_addresses: app.return_addresses.clone(),
        connectors: app.connectors.clone(),
        screen_at_start: app.screen_at_start,
    }
}

async fn add_key(store: &Store, app: &str, key: &str) -> Result<String, StoreError> {
    let hash = Digest::of(key.as_bytes());
    Ok(store.add_app_key(app, hash, key).await?.id)
}

pub(crate) async fn an_app_comes_back_as_it_was_made(backend: &impl Backend) {
    let store = backend.open();
    let made = store.create_app("shop", settings()).await.unwrap();
    assert_eq!((made.version, made.created_at), (1, backend.hand().unix()));
    assert_eq!(settings_of(&made), settings());
    assert_eq!(backend.open().app("shop").await.unwrap().unwrap(), made);
    let plain = AppSettings::default();
    let other = store.create_app("a-1", plain).await.unwrap();
    assert_eq!(store.apps().await.unwrap(), [other, made]);
    assert_eq!(store.app("nobody").await.unwrap(), None);
    let twice = store.create_app("shop", settings()).await;
    assert!(matches!(twice, Err(StoreError::Taken { .. })));
    for name in ["people", "local", "shared", "Shop", "a/b", ""] {
        let refused = store.create_app(name, settings()).await;
        assert!(matches!(refused, Err(StoreError::NameRefused { .. })));
    }
}

pub(crate) async fn an_app_is_changed_over_the_version_that_was_read(backend: &impl Backend) {
    let store = backend.open();
    let made = store
        .create_app("shop", AppSettings::default())
        .await
        .unwrap();
    backend.hand().advance(Duration::from_secs(5));
    let changed = store.update_app("shop", 1, settings()).await.unwrap();
    assert_eq!(changed.version, 2);
    assert_eq!(changed.created_at, made.created_at);
    assert_eq!(changed.updated_at, made.updated_at + 5);
    assert_eq!(settings_of(&changed), settings());
    for (name, version) in [("shop", 1), ("shop", 3), ("nobody", 1)] {
        let lost = store
            .update_app(name, version, AppSettings::default())
            .await;
        assert!(matches!(lost, Err(StoreError::Conflict)), "{name}");
    }
    assert_eq!(store.app("shop").await.unwrap().unwrap(), changed);
    let lost = store.delete_app("shop", Some(1)).await;
    assert!(matches!(lost, Err(StoreError::Conflict)));
    assert!(store.delete_app("shop", Some(2)).await.unwrap().is_some());
    assert!(store.delete_app("shop", None).await.unwrap().is_none());
}

pub(crate) async fn an_app_has_two_keys_at_most(backend: &impl Backend) {
    let stores = [backend.open(), backend.open()];
    let store = &stores[0];
    store
        .create_app("shop", AppSettings::default())
        .await
        .unwrap();
    store
        .create_app("other", AppSettings::default())
        .await
        .unwrap();
    let mut adding = tokio::task::JoinSet::new();
    for number in 0..10 {
        let store = stores[number % 2].clone();
        adding.spawn(async move { add_key(&store, "shop", &number.to_string()).await });
    }
    let results = adding.join_all().await;
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 2);
    for refused in results.iter().filter_map(|result| result.as_ref().err()) {
        assert!(matches!(refused, StoreError::TooManyKeys { .. }));
        let line = refused.to_string();
        assert!(line.contains("shop") && line.contains("remove"), "{line}");
    }
    let keys = store.app_keys("shop").await.unwrap();
    assert!(keys[0].id.starts_with("k_") && keys[0].id.len() == 26);
    // Another app's key is not this one's to remove.
    assert!(!store.remove_app_key("other", &keys[0].id).await.unwrap());
    assert!(store.remove_app_key("shop", &keys[0].id).await.unwrap());
    let new = add_key(store, "shop", "new").await.unwrap();
    let mut all = store.all_app_keys().await.unwrap();
    all.sort_by(|one, other| one.1.id.cmp(&other.1.id));
    let mut expected = vec![new.clone(), keys[1].id.clone()];
    expected.sort();
    assert_eq!(
        all.iter().map(|key| key.1.id.clone()).collect::<Vec<_>>(),
        expected
    );
    let found = all.iter().find(|key| key.0 == Digest::of(b"new")).unwrap();
    assert_eq!((&found.1.id, found.1.app.as_str()), (&new, "shop"));
    let nobody = add_key(store, "nobody", "x").await;
    assert!(matches!(nobody, Err(StoreError::Missing { .. })));
}

pub(crate) async fn the_last_use_of_a_key_is_noted(backend: &impl Backend) {
    let store = backend.open();
    store
        .create_app("shop", AppSettings::default())
        .await
        .unwrap();
    let id = add_key(&store, "shop", "k").await.unwrap();
    for (at, expected) in [(100, 100), (130, 100), (161, 161), (90, 161)] {
        store
            .mark_app_keys_used(vec![(id.clone(), at)])
            .await
            .unwrap();
        let keys = store.app_keys("shop").await.unwrap();
        assert_eq!(keys[0].last_used_at, Some(expected), "{at}");
    }
}

pub(crate) async fn a_deleted_app_takes_all_that_is_its_users_along(backend: &impl Backend) {
    let store = backend.open();
    // The second name has the first as its beginning, and sorts right behind it.
    for name in ["shop", "shop-2"] {
        store
            .create_app(name, AppSettings::default())
            .await
            .unwrap();
        add_key(&store, name, name).await.unwrap();
    }
    let user = |app: &str| SessionOf::User {
        app: app.to_owned(),
        user: "u1".to_owned(),
    };
    let end = backend.hand().unix() + 600;
    for app in ["shop", "shop-2"] {
        let hash = Digest::of(app.as_bytes());
        store
            .create_session(hash, user(app), None, end)
            .await
            .unwrap();
    }
    let theirs = ["shop/u1", "shop/", "shop/a/b", "shop/ü"];
    let others = [
        "shop-2/u1",
        "shop0",
        "shop",
        "shopp/u1",
        "local",
        "people/shop",
    ];
    for owner in theirs.iter().chain(&others) {
        store
            .create(new_connection(owner), bytes("x"))
            .await
            .unwrap();
        let run = NewRun {
            id: format!("r {owner}"),
            connector: "wiki".to_owned(),
            environment: None,
            owner: (*owner).to_owned(),
            state: None,
            ttl: Duration::from_secs(60),
        };
        store.save_run(run, None, bytes("x")).await.unwrap();
    }
    let watcher = backend.open();
    let mark = watcher.mark().await.unwrap();
    let fit = PageFilter {
        owners: Owners::App("shop".to_owned()),
        ..PageFilter::default()
    };
    let page = store.list_page(fit.clone(), None, 100).await.unwrap();
    assert_eq!(page.records.len(), theirs.len());
    assert!(store.delete_app("shop", None).await.unwrap().is_some());
    let left = store.list_page(fit, None, 100).await.unwrap();
    assert_eq!(left.records, []);
    for owner in others {
        let filter = Filter {
            connector: "wiki".to_owned(),
            environment: None,
            owner: owner.to_owned(),
            origins: None,
        };
        assert_eq!(store.find(filter).await.unwrap().len(), 1, "{owner}");
        assert_eq!(store.find_runs("wiki", None, owner).await.unwrap().len(), 1);
    }
    for owner in theirs {
        assert_eq!(store.find_runs("wiki", None, owner).await.unwrap(), []);
    }
    let keys = store.all_app_keys().await.unwrap();
    assert_eq!((keys.len(), keys[0].1.app.as_str()), (1, "shop-2"));
    assert_eq!(store.sessions_of(user("shop")).await.unwrap(), []);
    assert_eq!(store.sessions_of(user("shop-2")).await.unwrap().len(), 1);
    let late = store.create_session(Digest::of(b"late"), user("shop"), None, end);
    assert!(matches!(late.await, Err(StoreError::Missing { .. })));
    let told = watcher.changes_since(mark).await.unwrap();
    assert_eq!(told.gone.len(), theirs.len());
    assert!(told.apps && told.sessions && told.connections.is_empty());
}

pub(crate) async fn attack_30_a_sign_in_that_ends_after_its_app_is_gone_stores_nothing(
    backend: &impl Backend,
) {
    let (store, other) = (backend.open(), backend.open());
    let sign_in = async |owner: &str| other.create(new_connection(owner), bytes("x")).await;
    // The command line may name an owner before there is an app.
    sign_in("shop/u0").await.unwrap();
    let plain = AppSettings::default;
    store.create_app("shop", plain()).await.unwrap();
    sign_in("shop/u1").await.unwrap();
    assert!(store.delete_app("shop", None).await.unwrap().is_some());
    for owner in ["shop/u1", "shop/"] {
        let late = sign_in(owner).await;
        assert!(matches!(late, Err(StoreError::OwnerGone { .. })), "{owner}");
    }
    for owner in ["shop", "shop-2/u1", "shopp/u1", "local", "people/shop"] {
        sign_in(owner).await.unwrap();
    }
    store.create_app("shop", plain()).await.unwrap();
    let all = PageFilter {
        owners: Owners::App("shop".to_owned()),
        ..PageFilter::default()
    };
    let page = store.list_page(all, None, 10).await.unwrap();
    assert_eq!(
        page.records,
        [],
        "the next app of that name starts with none"
    );
    sign_in("shop/u1").await.unwrap();
}
