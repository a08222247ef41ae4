//! Roles, and who looks after whom.

use super::world::{PASSWORD, World};
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn only_admins_look_after_people() {
    let (_world, ada, bob) = World::with_both().await;
    for (line, body) in [
        ("GET /api/people", Value::Null),
        ("GET /api/people/bob", Value::Null),
        (
            "POST /api/people",
            json!({ "login": "eve", "role": "admin", "password": PASSWORD }),
        ),
        ("PATCH /api/people/bob", json!({ "role": "admin" })),
        ("DELETE /api/people/ada", Value::Null),
        ("POST /api/people/ada/set-up-link", Value::Null),
        ("DELETE /api/people/ada/set-up-link", Value::Null),
        ("GET /api/people/ada/sessions", Value::Null),
        ("DELETE /api/people/ada/sessions", Value::Null),
        ("DELETE /api/people/ada/sessions/s_1", Value::Null),
        ("DELETE /api/people/ada/identities/x", Value::Null),
    ] {
        let refused = bob.send(line, &body).await;
        assert_eq!(refused.expect(403).code(), "admin_only", "{line}");
    }
    let people = ada.get("/api/people").await;
    assert!(!people.text.contains("argon2"), "{}", people.text);
    let logins: Vec<Value> = people.json()["people"]
        .as_array()
        .unwrap()
        .iter()
        .map(|person| person["login"].clone())
        .collect();
    assert_eq!(logins, ["ada", "bob"]);
    bob.send("POST /api/apps", &json!({ "name": "shop" }))
        .await
        .expect(201);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_admin_stays() {
    let (_world, ada, bob) = World::with_both().await;
    for change in [json!({ "role": "builder" }), json!({ "disabled": true })] {
        let refused = ada.send("PATCH /api/people/ada", &change).await;
        assert_eq!(refused.expect(409).code(), "last_admin");
    }
    let refused = ada.delete("/api/people/ada").await;
    assert_eq!(refused.expect(409).code(), "last_admin");
    ada.send("PATCH /api/people/bob", &json!({ "role": "admin" }))
        .await
        .expect(200);
    ada.send("PATCH /api/people/ada", &json!({ "role": "builder" }))
        .await
        .expect(200);
    ada.get("/api/people").await.expect(403);
    bob.get("/api/people").await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_kept_out_is_out_at_once() {
    let (world, ada, bob) = World::with_both().await;
    let bearer = bob.token().await;
    let shown = [("authorization", bearer.as_str())];
    world.send("GET /api/apps", &shown, b"").await.expect(200);
    ada.send("PATCH /api/people/bob", &json!({ "disabled": true }))
        .await
        .expect(200);
    bob.get("/api/session").await.expect(401);
    world.send("GET /api/apps", &shown, b"").await.expect(401);
    world.sign_in("bob", PASSWORD).await.expect(401);
    ada.send("PATCH /api/people/bob", &json!({ "disabled": false }))
        .await
        .expect(200);
    world.sign_in("bob", PASSWORD).await.expect(200);
    ada.delete("/api/people/bob").await.expect(204);
    world.sign_in("bob", PASSWORD).await.expect(401);
    ada.delete("/api/people/bob").await.expect(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_62_what_is_anothers_looks_like_what_is_not_there() {
    let (_world, ada, bob) = World::with_both().await;
    bob.token().await;
    let of = |answer: Value, list: &str| {
        let id = answer[list][0]["id"].clone();
        id.as_str().unwrap().to_owned()
    };
    let token = of(bob.get("/api/tokens").await.json(), "tokens");
    let session = of(bob.get("/api/sessions").await.json(), "sessions");
    let told = |answer: super::client::Answer| {
        let mut told = answer.expect(404).json();
        told.as_object_mut().unwrap().remove("request_id");
        told
    };
    for (list, id) in [("tokens", token), ("sessions", session)] {
        let others = told(ada.delete(&format!("/api/{list}/{id}")).await);
        let none = told(ada.delete(&format!("/api/{list}/none")).await);
        assert_eq!(others, none);
        let listed = ada.get(&format!("/api/{list}")).await;
        assert!(!listed.text.contains(&id), "{}", listed.text);
        bob.delete(&format!("/api/{list}/{id}")).await.expect(204);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_62_a_builder_makes_no_way_in_to_anothers_account() {
    let (_world, ada, bob) = World::with_both().await;
    let listed = ada.get("/api/sessions").await.json();
    let session = listed["sessions"][0]["id"].as_str().unwrap().to_owned();
    for line in [
        "POST /api/people/ada/set-up-link",
        "POST /api/people/nobody/set-up-link",
        "DELETE /api/people/ada/sessions",
        &format!("DELETE /api/people/ada/sessions/{session}"),
        "DELETE /api/people/ada/sessions/none",
    ] {
        let refused = bob.send(line, &Value::Null).await.expect(403);
        assert_eq!(refused.code(), "admin_only", "{line}");
        assert!(!refused.text.contains("ticket"), "{}", refused.text);
    }
    ada.get("/api/session").await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_admin_ends_anothers_sessions_and_leaves_their_tokens() {
    let (world, ada, bob) = World::with_both().await;
    let bearer = bob.token().await;
    let other = world.browser(&world.sign_in("bob", PASSWORD).await.expect(200));
    let listed = ada.get("/api/people/bob/sessions").await.json();
    let listed = listed["sessions"].as_array().unwrap().clone();
    assert_eq!(listed.len(), 2);
    assert!(listed.iter().all(|session| session["current"] == false));
    let newest = listed[0]["id"].as_str().unwrap();
    // What is ada's own is not bob's, whoever asks.
    let path = format!("/api/people/ada/sessions/{newest}");
    ada.delete(&path).await.expect(404);
    let path = format!("/api/people/bob/sessions/{newest}");
    ada.delete(&path).await.expect(204);
    ada.delete(&path).await.expect(404);
    ada.delete("/api/people/bob/sessions").await.expect(204);
    bob.get("/api/session").await.expect(401);
    other.get("/api/session").await.expect(401);
    let shown = [("authorization", bearer.as_str())];
    world.send("GET /api/apps", &shown, b"").await.expect(200);
    ada.get("/api/people/nobody/sessions").await.expect(404);
}
