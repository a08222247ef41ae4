//! People, and what goes with them.

use secret::SecretString;
use store::{
    Digest, NewConnection, Owners, PageFilter, PersonRecord, PersonUpdate, Role, SessionOf, Store,
    StoreError,
};

use crate::fixture::{Backend, bytes, new_connection};

fn password(text: &str) -> SecretString {
    SecretString::new(text.to_owned())
}

fn session_of(login: &str) -> SessionOf {
    SessionOf::Person {
        login: login.to_owned(),
    }
}

pub(crate) async fn a_person_comes_back_as_they_were_made(backend: &impl Backend) {
    let store = backend.open();
    assert!(store.people().await.unwrap().is_empty());
    let made = store
        .create_person("zoë", Role::Admin, password("$argon2id$z"))
        .await
        .unwrap();
    assert_eq!((made.version, made.disabled), (1, false));
    let found = backend.open().person("zoë").await.unwrap().unwrap();
    assert_eq!(found.password.reveal(), "$argon2id$z");
    assert_eq!(
        (found.login.as_str(), found.role, found.created_at),
        ("zoë", Role::Admin, backend.hand().unix())
    );
    let taken = store
        .create_person("zoë", Role::Builder, password("other"))
        .await;
    assert!(matches!(taken, Err(StoreError::Taken { .. })));
    store
        .create_person("ann", Role::Builder, password("a"))
        .await
        .unwrap();
    let all = store.people().await.unwrap();
    let all: Vec<_> = all.iter().map(|p| (p.login.as_str(), p.role)).collect();
    assert_eq!(all, [("ann", Role::Builder), ("zoë", Role::Admin)]);
    assert!(store.person("nobody").await.unwrap().is_none());
}

pub(crate) async fn a_person_is_changed_over_the_version_that_was_read(backend: &impl Backend) {
    let store = backend.open();
    for login in ["ann", "bob"] {
        store
            .create_person(login, Role::Admin, password("old"))
            .await
            .unwrap();
    }
    let update = PersonUpdate {
        role: Some(Role::Builder),
        ..PersonUpdate::default()
    };
    let changed = store.update_person("ann", 1, update.clone()).await.unwrap();
    assert_eq!((changed.version, changed.role), (2, Role::Builder));
    assert_eq!(changed.password.reveal(), "old");
    for (login, version) in [("ann", 1), ("ann", 3), ("nobody", 1)] {
        let lost = store.update_person(login, version, update.clone()).await;
        assert!(matches!(lost, Err(StoreError::Conflict)), "{login}");
    }
    let update = PersonUpdate {
        password: Some(password("new")),
        ..PersonUpdate::default()
    };
    store.update_person("ann", 2, update).await.unwrap();
    let found = store.person("ann").await.unwrap().unwrap();
    assert_eq!(
        (found.version, found.password.reveal().as_str()),
        (3, "new")
    );
}

pub(crate) async fn one_admin_is_always_left(backend: &impl Backend) {
    let store = backend.open();
    store
        .create_person("ann", Role::Admin, password("a"))
        .await
        .unwrap();
    store
        .create_person("bob", Role::Builder, password("b"))
        .await
        .unwrap();
    let demoted = PersonUpdate {
        role: Some(Role::Builder),
        ..PersonUpdate::default()
    };
    let disabled = PersonUpdate {
        disabled: Some(true),
        ..PersonUpdate::default()
    };
    for update in [demoted, disabled] {
        let refused = store.update_person("ann", 1, update).await;
        assert!(matches!(refused, Err(StoreError::LastAdmin)));
    }
    let refused = store.delete_person("ann").await;
    assert!(matches!(refused, Err(StoreError::LastAdmin)));
    let found = store.person("ann").await.unwrap().unwrap();
    assert_eq!(
        (found.role, found.disabled, found.version),
        (Role::Admin, false, 1)
    );
    assert!(store.delete_person("bob").await.unwrap().is_some());
}

pub(crate) async fn a_new_password_and_being_kept_out_end_sessions(backend: &impl Backend) {
    let store = backend.open();
    let end = backend.hand().unix() + 600;
    for login in ["ann", "bob"] {
        store
            .create_person(login, Role::Admin, password("a"))
            .await
            .unwrap();
    }
    let begin = async |login: &str| {
        let hash = Digest::of(login.as_bytes());
        store
            .create_session(hash, session_of(login), None, end)
            .await
    };
    begin("bob").await.unwrap();
    let token = Digest::of(b"token");
    store.create_token(token, "ann", "ci", None).await.unwrap();
    let updates = [
        PersonUpdate {
            password: Some(password("new")),
            ..PersonUpdate::default()
        },
        PersonUpdate {
            disabled: Some(true),
            ..PersonUpdate::default()
        },
    ];
    for (update, version) in updates.into_iter().zip(1..) {
        begin("ann").await.unwrap();
        assert!(store.token(token).await.unwrap().is_some());
        store.update_person("ann", version, update).await.unwrap();
        assert_eq!(store.session(Digest::of(b"ann")).await.unwrap(), None);
    }
    assert!(matches!(
        begin("ann").await,
        Err(StoreError::Missing { .. })
    ));
    assert_eq!(store.token(token).await.unwrap(), None);
    let again = store
        .create_token(Digest::of(b"t"), "ann", "ci", None)
        .await;
    assert!(matches!(again, Err(StoreError::Missing { .. })));
    let back = PersonUpdate {
        disabled: Some(false),
        ..PersonUpdate::default()
    };
    store.update_person("ann", 3, back).await.unwrap();
    assert!(store.token(token).await.unwrap().is_some());
    assert!(store.session(Digest::of(b"bob")).await.unwrap().is_some());
}

pub(crate) async fn attack_57_a_password_that_was_replaced_while_it_was_compared_begins_no_session(
    backend: &impl Backend,
) {
    let stores = [backend.open(), backend.open()];
    let store = &stores[0];
    let end = backend.hand().unix() + 600;
    for login in ["ann", "bob"] {
        let made = store.create_person(login, Role::Admin, password("old"));
        made.await.unwrap();
    }
    let read = async || store.person("ann").await.unwrap().unwrap();
    let begin = async |store: &Store, shown: &PersonRecord, cookie: &str| {
        let hash = Digest::of(cookie.as_bytes());
        let begun = store.create_session_by_password(hash, shown, None, end);
        begun.await
    };
    let change = async |login: &str, update: PersonUpdate| {
        let version = store.person(login).await.unwrap().unwrap().version;
        store.update_person(login, version, update).await.unwrap()
    };
    let new = |text: &str| PersonUpdate {
        password: Some(password(text)),
        ..PersonUpdate::default()
    };
    // Another role is no other password.
    let shown = read().await;
    let role = PersonUpdate {
        role: Some(Role::Builder),
        ..PersonUpdate::default()
    };
    change("ann", role).await;
    begin(store, &shown, "one").await.unwrap();
    // Both have read the account; the one changes it, the other comes late.
    change("ann", new("new")).await;
    let late = begin(&stores[1], &shown, "two").await;
    assert!(matches!(late, Err(StoreError::Conflict)), "{late:?}");
    // At the same time, whichever comes first: what began before ends, and nothing begins behind.
    let shown = read().await;
    let mut at_once = tokio::task::JoinSet::new();
    for number in 0..20 {
        let (store, shown) = (stores[number % 2].clone(), shown.clone());
        at_once.spawn(async move {
            let hash = Digest::of(format!("three {number}").as_bytes());
            let begun = store.create_session_by_password(hash, &shown, None, end);
            drop(begun.await);
        });
    }
    change("ann", new("newer")).await;
    at_once.join_all().await;
    assert_eq!(store.sessions_of(session_of("ann")).await.unwrap(), []);
    // An account made anew under the login is another, however often it was changed.
    let shown = store.person("bob").await.unwrap().unwrap();
    change("ann", new("newest")).await;
    let admin = PersonUpdate {
        role: Some(Role::Admin),
        ..PersonUpdate::default()
    };
    change("ann", admin).await;
    store.delete_person("bob").await.unwrap();
    let gone = begin(store, &shown, "four").await;
    assert!(matches!(gone, Err(StoreError::Missing { .. })), "{gone:?}");
    let made = store.create_person("bob", Role::Admin, password("other"));
    assert_eq!(made.await.unwrap().version, shown.version);
    let other = begin(store, &shown, "five").await;
    assert!(matches!(other, Err(StoreError::Conflict)), "{other:?}");
    let out = PersonUpdate {
        disabled: Some(true),
        ..PersonUpdate::default()
    };
    let shown = change("ann", out).await;
    let kept_out = begin(store, &shown, "six").await;
    assert!(matches!(kept_out, Err(StoreError::Missing { .. })));
}

pub(crate) async fn a_deleted_person_takes_all_that_is_theirs_along(backend: &impl Backend) {
    let store = backend.open();
    let end = backend.hand().unix() + 600;
    for login in ["ann", "bob", "ann2"] {
        store
            .create_person(login, Role::Admin, password("a"))
            .await
            .unwrap();
        let hash = Digest::of(login.as_bytes());
        store
            .create_session(hash, session_of(login), None, end)
            .await
            .unwrap();
        store.create_token(hash, login, "ci", None).await.unwrap();
        let new = NewConnection {
            ..new_connection(&format!("people/{login}"))
        };
        store.create(new, bytes("x")).await.unwrap();
    }
    assert!(store.delete_person("ann").await.unwrap().is_some());
    assert!(store.delete_person("ann").await.unwrap().is_none());
    let late = store.create(new_connection("people/ann"), bytes("x")).await;
    assert!(matches!(late, Err(StoreError::OwnerGone { .. })));
    for (login, left) in [("ann", false), ("bob", true), ("ann2", true)] {
        let hash = Digest::of(login.as_bytes());
        assert_eq!(store.session(hash).await.unwrap().is_some(), left);
        assert_eq!(store.token(hash).await.unwrap().is_some(), left);
        let filter = PageFilter {
            owners: Owners::One(format!("people/{login}")),
            ..PageFilter::default()
        };
        let page = store.list_page(filter, None, 10).await.unwrap();
        assert_eq!(!page.records.is_empty(), left, "{login}");
    }
    store
        .create_person("ann", Role::Builder, password("a"))
        .await
        .unwrap();
    store
        .create(new_connection("people/ann"), bytes("x"))
        .await
        .unwrap();
}
