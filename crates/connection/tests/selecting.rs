//! Which connection is meant, and what is said where that cannot be told.

use crate::world::{TOKENS, World, done, selector};
use connection::{Begun, ConnectionError, Equipped, Purpose};
use flow::{Input, Secrets, Silent};

#[tokio::test]
async fn several_that_fit_are_told_apart_by_id_name_or_label() {
    let world = World::new(TOKENS);
    let process = world.process(1);
    let mut ids = Vec::new();
    for (name, user) in [("work", "alice"), ("home", "bob")] {
        world.bank.signs_in(user);
        let given = [("form1", "password", "open")];
        let Ok(Begun::Started(mut sign_in)) = world
            .try_begin(&process, &given, Purpose::Asked, Some(name))
            .await
        else {
            panic!("{name}");
        };
        ids.push(
            done(sign_in.advance(Input::Begin, &mut Silent).await)
                .id()
                .to_owned(),
        );
    }
    let select = async |name| {
        process
            .connections
            .select(&world.equipped.connector, &selector(name))
            .await
    };
    let error = select(None).await.unwrap_err();
    let ConnectionError::Ambiguous { labels } = &error else {
        panic!("{error:?}")
    };
    assert_eq!(labels.len(), 2);
    assert!(
        labels[0].contains("work") && labels[1].contains("home"),
        "{labels:?}"
    );
    for (name, id) in [
        ("work", &ids[0]),
        ("home", &ids[1]),
        ("bob", &ids[1]),
        (ids[0].as_str(), &ids[0]),
    ] {
        assert_eq!(
            select(Some(name))
                .await
                .unwrap()
                .map(|record| record.id)
                .as_ref(),
            Some(id),
            "{name}"
        );
    }
    assert!(select(Some("other")).await.unwrap().is_none());
}

#[tokio::test]
async fn a_changed_address_means_a_new_sign_in_never_the_old_credential() {
    let world = World::new(TOKENS);
    let process = world.process(1);
    let handle = world.sign_in(&process).await;
    let mut moved = (*world.equipped.connector).clone();
    moved.origins[0].host = "elsewhere.example".to_owned();
    let moved = Equipped::new(moved, Secrets::new(), "http://127.0.0.1:8914/callback");
    assert!(
        process
            .connections
            .select(&moved.connector, &selector(None))
            .await
            .unwrap()
            .is_none()
    );
    let error = process
        .connections
        .current(&moved.connector, handle.id())
        .await
        .unwrap_err();
    assert_eq!(error.code(), "sign_in_required");
}
