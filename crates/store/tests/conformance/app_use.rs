//! What an app's users have of each connector.

use store::{AppUse, NewConnection};

use crate::fixture::{Backend, bytes, new_connection};

pub(crate) async fn an_apps_uses_are_those_of_its_users(backend: &impl Backend) {
    let store = backend.open();
    let used = |connector: &str, users, last_used_at| AppUse {
        connector: connector.to_owned(),
        users,
        last_used_at,
    };
    let make = async |owner: &str, connector: &str, name: &str| {
        let new = NewConnection {
            connector: connector.to_owned(),
            name: Some(name.to_owned()),
            ..new_connection(owner)
        };
        store.create(new, bytes("x")).await.unwrap().id
    };
    let mut ids = Vec::new();
    for (owner, connector, name) in [
        ("shop/u1", "wiki", "work"),
        ("shop/u1", "wiki", "home"),
        ("shop/u2", "wiki", "work"),
        ("shop/u1", "drive", "work"),
        ("shop-2/u1", "wiki", "work"),
        ("shared", "news", "all"),
        ("shared-app/u1", "news", "work"),
        ("local", "wiki", "work"),
    ] {
        ids.push(make(owner, connector, name).await);
    }
    let never = store.uses_of_app("shop").await.unwrap();
    assert_eq!(never, [used("drive", 1, None), used("wiki", 2, None)]);
    let now = backend.hand().unix();
    for id in [&ids[1], &ids[5], &ids[6]] {
        store.mark_used(id).await.unwrap();
    }
    let uses = store.uses_of_app("shop").await.unwrap();
    assert_eq!(uses, [used("drive", 1, None), used("wiki", 2, Some(now))]);
    let shared = store.uses_of_shared().await.unwrap();
    assert_eq!(shared, [used("news", 1, Some(now))]);
    assert!(store.uses_of_app("nobody").await.unwrap().is_empty());
}
