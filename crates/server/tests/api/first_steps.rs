//! What is left to do after set-up, and what admins note about it.

use super::world::World;
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn first_steps_are_told_noted_and_dismissed_by_each_admin() {
    let (world, ada, bob) = World::with_both().await;
    bob.get("/api/first-steps").await.expect(403);
    let told = ada.get("/api/first-steps").await.expect(200).json();
    assert_eq!(told["public_url"], "https://gate.example.org");
    assert_eq!(told["address"], Value::Null);
    assert_eq!(told["key"]["what"], "key");
    for (key, expected) in [
        ("dismissed", json!(false)),
        ("key_kept", json!(false)),
        ("signed_in", json!(false)),
        ("example", Value::Null),
    ] {
        assert_eq!(told[key], expected, "{key}");
    }

    let refused = bob.send("PUT /api/first-steps/dismissed", &Value::Null);
    refused.await.expect(403);
    let unknown = ada.send("PUT /api/first-steps/other", &Value::Null);
    assert!(unknown.await.status.is_client_error());
    for mark in ["dismissed", "key_kept"] {
        let line = format!("PUT /api/first-steps/{mark}");
        ada.send(&line, &Value::Null).await.expect(204);
    }
    let admin = json!({ "role": "admin" });
    ada.send("PATCH /api/people/bob", &admin).await.expect(200);
    // That a copy is kept holds for all, what somebody needs no more for them alone.
    for (who, dismissed) in [(&ada, true), (&bob, false)] {
        let told = who.get("/api/first-steps").await.json();
        assert_eq!(
            (&told["dismissed"], &told["key_kept"]),
            (&json!(dismissed), &json!(true))
        );
    }
    ada.delete("/api/first-steps/dismissed").await.expect(204);
    let told = ada.get("/api/first-steps").await.json();
    assert_eq!(told["dismissed"], false);

    let fresh = model::StateRecord::signed_in(world.clock.unix());
    let over = model::StateRecord {
        state: model::CredentialState::SignInRequired { asked: false },
        ..fresh.clone()
    };
    // Whoever has to sign in again is not signed in.
    for (state, signed_in) in [(over, false), (fresh, true)] {
        connect(&world, state).await;
        let told = ada.get("/api/first-steps").await.json();
        assert_eq!(told["signed_in"], signed_in);
    }
}

async fn connect(world: &World, state: model::StateRecord) {
    let new = store::NewConnection {
        connector: "wiki".to_owned(),
        environment: None,
        owner: "local".to_owned(),
        origins: "https://wiki.example.org".to_owned(),
        name: None,
        identity: None,
        label: None,
        state,
        expires_at: None,
    };
    let sealed = secret::SecretBytes::new(vec![1]);
    world.store.create(new, sealed).await.unwrap();
}
