//! Sessions in browsers, and personal tokens.

use std::time::Duration;

use secret::SecretString;
use store::{AppSettings, Digest, Role, SessionOf, Store};

use crate::fixture::Backend;

fn user(app: &str, user: &str) -> SessionOf {
    SessionOf::User {
        app: app.to_owned(),
        user: user.to_owned(),
    }
}

fn person(login: &str) -> SessionOf {
    SessionOf::Person {
        login: login.to_owned(),
    }
}

async fn peopled(backend: &impl Backend) -> Store {
    let store = backend.open();
    for app in ["shop", "ann"] {
        store.create_app(app, AppSettings::default()).await.unwrap();
    }
    for login in ["ann", "bob"] {
        let password = SecretString::new("x".to_owned());
        store
            .create_person(login, Role::Admin, password)
            .await
            .unwrap();
    }
    store
}

pub(crate) async fn a_session_is_found_by_its_cookie_until_it_ends(backend: &impl Backend) {
    let store = peopled(backend).await;
    let hash = Digest::of(b"cookie");
    let end = backend.hand().unix() + 600;
    let agent = Some("curl".to_owned());
    let made = store
        .create_session(hash, person("ann"), agent, end)
        .await
        .unwrap();
    assert!(made.id.starts_with("s_") && made.id.len() == 26);
    let found = backend.open().session(hash).await.unwrap();
    assert_eq!(found, Some(made.clone()));
    assert_eq!(store.session(Digest::of(b"other")).await.unwrap(), None);
    // What names it opens nothing.
    let by_id = store.session(Digest::of(made.id.as_bytes())).await;
    assert_eq!(by_id.unwrap(), None);
    backend.hand().advance(Duration::from_secs(599));
    assert!(store.session(hash).await.unwrap().is_some());
    backend.hand().advance(Duration::from_secs(1));
    assert_eq!(store.session(hash).await.unwrap(), None);
    assert_eq!(store.sessions_of(person("ann")).await.unwrap(), []);
    // One that has ended is not brought back by a use that comes late.
    store
        .touch_session(&made.id, Some(end + 600))
        .await
        .unwrap();
    assert_eq!(store.session(hash).await.unwrap(), None);
}

pub(crate) async fn sessions_are_ended_by_whose_they_are(backend: &impl Backend) {
    let store = peopled(backend).await;
    let end = backend.hand().unix() + 600;
    // An app may have a person's name, and its users any.
    let all = [
        person("ann"),
        person("ann"),
        person("bob"),
        user("ann", "ann"),
        user("shop", "ann"),
        user("shop", "u1"),
    ];
    let mut ids = Vec::new();
    for (of, number) in all.iter().zip(0_u8..) {
        let hash = Digest::of(&[number]);
        let made = store.create_session(hash, of.clone(), None, end).await;
        ids.push(made.unwrap().id);
        backend.hand().advance(Duration::from_secs(1));
    }
    let of_ann = store.sessions_of(person("ann")).await.unwrap();
    let of_ann: Vec<_> = of_ann.iter().map(|session| &session.id).collect();
    assert_eq!(of_ann, [&ids[1], &ids[0]]);
    let other = store.delete_session(person("bob"), &ids[0]).await;
    assert!(!other.unwrap(), "another's session is not theirs to end");
    assert!(store.delete_session(person("ann"), &ids[0]).await.unwrap());
    let ended = store.delete_sessions_of(user("shop", "ann")).await;
    assert_eq!(ended.unwrap(), 1);
    let mut left = Vec::new();
    for number in 0..6 {
        if store
            .session(Digest::of(&[number]))
            .await
            .unwrap()
            .is_some()
        {
            left.push(number);
        }
    }
    assert_eq!(left, [1, 2, 3, 5]);
}

pub(crate) async fn a_use_of_a_session_is_noted_once_a_minute(backend: &impl Backend) {
    let store = peopled(backend).await;
    let hash = Digest::of(b"cookie");
    let start = backend.hand().unix();
    let made = store
        .create_session(hash, user("shop", "u1"), None, start + 600)
        .await
        .unwrap();
    for (wait, seen, ends) in [(30, 0, 600), (31, 61, 1000), (60, 61, 1000), (1, 122, 1000)] {
        backend.hand().advance(Duration::from_secs(wait));
        let until = (seen == 61 && wait == 31).then_some(start + 1000);
        store.touch_session(&made.id, until).await.unwrap();
        let found = store.session(hash).await.unwrap().unwrap();
        assert_eq!(
            (found.seen_at, found.expires_at),
            (start + seen, start + ends),
            "{wait}"
        );
    }
}

pub(crate) async fn a_token_is_found_by_its_hash_until_it_ends(backend: &impl Backend) {
    let store = peopled(backend).await;
    let (short, long) = (Digest::of(b"short"), Digest::of(b"long"));
    let end = backend.hand().unix() + 600;
    let made = store
        .create_token(short, "ann", "ci", Some(end))
        .await
        .unwrap();
    backend.hand().advance(Duration::from_secs(1));
    let lasting = store.create_token(long, "ann", "cron", None).await.unwrap();
    assert!(made.id.starts_with("t_") && made.id.len() == 26);
    assert_eq!(store.token(short).await.unwrap(), Some(made.clone()));
    store
        .mark_tokens_used(vec![(lasting.id.clone(), end)])
        .await
        .unwrap();
    backend.hand().advance(Duration::from_secs(599));
    assert_eq!(store.token(short).await.unwrap(), None);
    let found = store.token(long).await.unwrap().unwrap();
    assert_eq!(found.last_used_at, Some(end));
    assert_eq!(store.tokens_of("ann").await.unwrap(), [made.clone(), found]);
    assert!(!store.delete_token("bob", &lasting.id).await.unwrap());
    assert!(store.delete_token("ann", &lasting.id).await.unwrap());
    assert_eq!(store.token(long).await.unwrap(), None);
    assert_eq!(store.tokens_of("ann").await.unwrap(), [made]);
}
