//! The journal: what was written is told once, to every store on the same data.

use std::time::Duration;

use model::StateRecord;
use secret::SecretString;
use store::{
    AppSettings, Changes, Digest, Mark, NewDefinition, PersonUpdate, Role, SessionOf, Store,
};

use crate::fixture::{Backend, bytes, new_connection, update};

/// What was written since the last look, after which the mark is the next one.
async fn since(store: &Store, mark: &mut Mark) -> Changes {
    let changes = store.changes_since(mark.clone()).await.unwrap();
    *mark = changes.mark.clone();
    changes
}

fn ids(changes: &Changes) -> Vec<&str> {
    changes.connections.iter().map(|c| c.id.as_str()).collect()
}

pub(crate) async fn what_another_instance_writes_is_told_once(backend: &impl Backend) {
    let (watcher, writer) = (backend.open(), backend.open());
    let mut mark = watcher.mark().await.unwrap();
    assert!(since(&watcher, &mut mark).await.is_empty());
    for store in [&writer, &watcher] {
        let made = store
            .create(new_connection("shop/u1"), bytes("0"))
            .await
            .unwrap();
        let changes = since(&watcher, &mut mark).await;
        let [told] = changes.connections.as_slice() else {
            panic!("{changes:?}");
        };
        assert_eq!(
            (&told.id, told.version, told.cookies_generation),
            (&made.id, 1, 0)
        );
        assert_eq!(
            (told.owner.as_str(), told.connector.as_str()),
            ("shop/u1", "wiki")
        );
        assert!(!changes.missed && !changes.apps && changes.gone.is_empty());
        assert!(since(&watcher, &mut mark).await.is_empty());
    }
}

pub(crate) async fn every_write_of_a_connection_is_told(backend: &impl Backend) {
    let (watcher, writer) = (backend.open(), backend.open());
    let made = writer
        .create(new_connection("local"), bytes("0"))
        .await
        .unwrap();
    let other = writer
        .create(new_connection("local"), bytes("0"))
        .await
        .unwrap();
    let mut mark = watcher.mark().await.unwrap();
    let id = made.id.as_str();
    writer.put_if(id, 1, None, update("1")).await.unwrap();
    let told = since(&watcher, &mut mark).await;
    assert_eq!((ids(&told), told.connections[0].version), (vec![id], 2));
    writer.put_cookies(id, 2, 1, bytes("jar")).await.unwrap();
    let told = since(&watcher, &mut mark).await;
    assert_eq!(told.connections[0].cookies_generation, 2);
    let state = StateRecord::signed_in(1);
    writer.set_state(id, 2, None, state).await.unwrap();
    assert_eq!(ids(&since(&watcher, &mut mark).await), [id]);
    let named = writer.rename(id, Some("work".to_owned())).await.unwrap();
    let named = named.unwrap();
    assert_eq!((named.name.as_deref(), named.version), (Some("work"), 2));
    assert_eq!(writer.get(id).await.unwrap(), Some(named));
    assert_eq!(ids(&since(&watcher, &mut mark).await), [id]);
    // Several at once, those of before left out.
    writer
        .put_if(&other.id, 1, None, update("1"))
        .await
        .unwrap();
    assert!(writer.delete(id).await.unwrap());
    let told = since(&watcher, &mut mark).await;
    assert_eq!((ids(&told), &told.gone), (vec![&*other.id], &vec![made.id]));
    assert!(since(&watcher, &mut mark).await.is_empty());
}

pub(crate) async fn what_was_refused_and_what_is_only_used_is_not_told(backend: &impl Backend) {
    let (watcher, writer) = (backend.open(), backend.open());
    let made = writer
        .create(new_connection("local"), bytes("0"))
        .await
        .unwrap();
    let app = writer
        .create_app("shop", AppSettings::default())
        .await
        .unwrap();
    let key = writer
        .add_app_key("shop", Digest::of(b"k"), "k")
        .await
        .unwrap();
    let user = SessionOf::User {
        app: "shop".to_owned(),
        user: "u1".to_owned(),
    };
    let end = backend.hand().unix() + 10_000;
    let session = writer
        .create_session(Digest::of(b"s"), user.clone(), None, end)
        .await
        .unwrap();
    let mut mark = watcher.mark().await.unwrap();
    backend.hand().advance(Duration::from_secs(100));
    let now = backend.hand().unix();
    let id = made.id.as_str();
    assert!(writer.put_if(id, 7, None, update("x")).await.is_err());
    assert!(writer.put_cookies(id, 7, 7, bytes("x")).await.is_err());
    assert!(!writer.delete("c_nobody").await.unwrap());
    assert_eq!(writer.rename("c_nobody", None).await.unwrap(), None);
    let stale = writer.update_app("shop", app.version + 1, AppSettings::default());
    assert!(stale.await.is_err());
    assert!(!writer.remove_app_key("other", &key.id).await.unwrap());
    assert!(!writer.delete_session(user, "s_nobody").await.unwrap());
    assert!(!writer.delete_secret("wiki", None, "s").await.unwrap());
    writer.mark_used(id).await.unwrap();
    writer
        .mark_used_many(vec![(made.id.clone(), now + 100)])
        .await
        .unwrap();
    writer
        .mark_app_keys_used(vec![(key.id, now)])
        .await
        .unwrap();
    writer.touch_session(&session.id, None).await.unwrap();
    let fence = writer.lease("l", "h", Duration::from_secs(1)).await;
    assert!(fence.unwrap().is_some());
    let told = since(&watcher, &mut mark).await;
    assert!(told.is_empty(), "{told:?}");
}

pub(crate) async fn of_the_rest_the_kind_is_told(backend: &impl Backend) {
    let (watcher, writer) = (backend.open(), backend.open());
    let mut mark = watcher.mark().await.unwrap();
    let told = |c: &Changes| (c.apps, c.people, c.sessions, c.definitions, c.secrets);
    let hash = |of: &str| Digest::of(of.as_bytes());
    let password = || SecretString::new("$argon2id$".to_owned());
    let (apps, people, sessions) = (
        (true, false, false, false, false),
        (false, true, false, false, false),
        (false, false, true, false, false),
    );
    let settings = AppSettings::default;
    writer.create_app("shop", settings()).await.unwrap();
    assert_eq!(told(&since(&watcher, &mut mark).await), apps);
    let key = writer.add_app_key("shop", hash("k"), "k").await.unwrap();
    assert_eq!(told(&since(&watcher, &mut mark).await), apps);
    writer.update_app("shop", 1, settings()).await.unwrap();
    assert_eq!(told(&since(&watcher, &mut mark).await), apps);
    writer.remove_app_key("shop", &key.id).await.unwrap();
    assert_eq!(told(&since(&watcher, &mut mark).await), apps);
    writer
        .create_person("ann", Role::Builder, password())
        .await
        .unwrap();
    assert_eq!(told(&since(&watcher, &mut mark).await), people);
    let token = writer.create_token(hash("t"), "ann", "ci", None).await;
    assert_eq!(told(&since(&watcher, &mut mark).await), people);
    writer
        .delete_token("ann", &token.unwrap().id)
        .await
        .unwrap();
    assert_eq!(told(&since(&watcher, &mut mark).await), people);
    let ann = || SessionOf::Person {
        login: "ann".to_owned(),
    };
    let end = backend.hand().unix() + 10;
    writer
        .create_session(hash("s"), ann(), None, end)
        .await
        .unwrap();
    assert_eq!(told(&since(&watcher, &mut mark).await), sessions);
    assert_eq!(writer.delete_sessions_of(ann()).await.unwrap(), 1);
    assert_eq!(told(&since(&watcher, &mut mark).await), sessions);
    writer
        .create_session(hash("s"), ann(), None, end)
        .await
        .unwrap();
    since(&watcher, &mut mark).await;
    let out = PersonUpdate {
        disabled: Some(true),
        ..PersonUpdate::default()
    };
    writer.update_person("ann", 1, out).await.unwrap();
    let both = (false, true, true, false, false);
    assert_eq!(told(&since(&watcher, &mut mark).await), both);
    let definition = NewDefinition {
        connector: "wiki".to_owned(),
        text: "stepgate: 1".to_owned(),
        author: "ann".to_owned(),
        note: None,
    };
    let definitions = (false, false, false, true, false);
    writer.save_definition(definition, None).await.unwrap();
    assert_eq!(told(&since(&watcher, &mut mark).await), definitions);
    writer.delete_definition("wiki", None).await.unwrap();
    assert_eq!(told(&since(&watcher, &mut mark).await), definitions);
    let secrets = (false, false, false, false, true);
    writer
        .set_secret("wiki", None, "s", password())
        .await
        .unwrap();
    assert_eq!(told(&since(&watcher, &mut mark).await), secrets);
    writer.delete_secret("wiki", None, "s").await.unwrap();
    assert_eq!(told(&since(&watcher, &mut mark).await), secrets);
    assert!(since(&watcher, &mut mark).await.is_empty());
}

pub(crate) async fn a_mark_that_is_not_this_stores_has_missed_all(backend: &impl Backend) {
    let (one, other) = (backend.open(), backend.open());
    for mark in [Mark::default(), one.mark().await.unwrap()] {
        let told = other.changes_since(mark).await.unwrap();
        assert!(told.missed && told.apps && told.people && told.sessions);
        assert!(told.definitions && told.secrets);
        assert!(other.changes_since(told.mark).await.unwrap().is_empty());
    }
}

pub(crate) async fn who_looks_again_after_long_is_told_to_read_all(backend: &impl Backend) {
    let (watcher, writer) = (backend.open(), backend.open());
    let make = || writer.create(new_connection("local"), bytes("0"));
    let (one, two) = (make().await.unwrap(), make().await.unwrap());
    let long_ago = watcher.mark().await.unwrap();
    writer.delete(&one.id).await.unwrap();
    let lately = watcher.mark().await.unwrap();
    backend.hand().advance(Duration::from_secs(60 * 60 + 1));
    // Only now is the first forgotten.
    writer.delete(&two.id).await.unwrap();
    let told = watcher.changes_since(long_ago).await.unwrap();
    assert!(told.missed && told.gone.is_empty(), "{told:?}");
    let told = watcher.changes_since(lately).await.unwrap();
    assert!(!told.missed && told.gone == [two.id], "{told:?}");
}
