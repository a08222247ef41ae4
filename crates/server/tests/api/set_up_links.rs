//! Links by which people set a password of their own.

use super::client::Answer;
use super::world::{Browser, PASSWORD, World};
use serde_json::{Value, json};

/// What follows `ticket=` in a link that was just made.
fn ticket(link: &Value) -> String {
    let url = link["url"].as_str().unwrap();
    let (page, ticket) = url.split_once("#ticket=").unwrap();
    assert_eq!(page, "https://gate.example.org/join");
    ticket.to_owned()
}

async fn invite(ada: &Browser, login: &str) -> Value {
    let asked = json!({ "login": login, "role": "builder" });
    let made = ada.send("POST /api/people", &asked).await.expect(201);
    made.json()
}

async fn join(world: &World, ticket: &str, password: &str) -> Answer {
    let body = json!({ "ticket": ticket, "password": password });
    let line = "PUT /api/set-up-link/password";
    world.json(line, &[], &body).await
}

async fn look(world: &World, ticket: &str) -> Answer {
    let body = json!({ "ticket": ticket });
    world.json("POST /api/set-up-link", &[], &body).await
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_invited_sets_a_password_once_and_is_in() {
    let (world, ada) = World::with_admin().await;
    let made = invite(&ada, "eve").await;
    assert_eq!(made["has_password"], false);
    let ticket = ticket(&made["set_up_link"]);
    let listed = ada.get("/api/people").await;
    assert!(!listed.text.contains(&ticket), "{}", listed.text);
    let eve = listed.json()["people"][1].clone();
    assert_eq!(eve["login"], "eve");
    assert_eq!(eve["set_up_link"]["expires_at"], "2023-11-17T22:13:20Z");
    assert_eq!(eve["set_up_link"]["url"], Value::Null);
    // Nobody is in before, whatever they type.
    world.sign_in("eve", "").await.expect(401);
    world.sign_in("eve", PASSWORD).await.expect(401);

    let told = look(&world, &ticket).await.expect(200);
    assert_eq!(told.json()["login"], "eve");
    let weak = join(&world, &ticket, "short").await.expect(422);
    assert_eq!(weak.code(), "invalid_value");
    let joined = join(&world, &ticket, PASSWORD).await.expect(200);
    let eve = world.browser(&joined);
    let account = eve.get("/api/session").await.expect(200).json();
    assert_eq!(
        (&account["login"], &account["role"]),
        (&json!("eve"), &json!("builder"))
    );
    for spent in [&ticket, "guess", ""] {
        let refused = join(&world, spent, "another horse battery").await;
        assert_eq!(refused.expect(403).code(), "set_up_link");
        look(&world, spent).await.expect(403);
    }
    world.sign_in("eve", PASSWORD).await.expect(200);
    let listed = ada.get("/api/people/eve").await.json();
    assert_eq!(
        (&listed["has_password"], &listed["set_up_link"]),
        (&json!(true), &Value::Null)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_for_a_forgotten_password_leaves_the_old_one_until_it_is_used() {
    let (world, ada, bob) = World::with_both().await;
    let make = "POST /api/people/bob/set-up-link";
    let first = ada.send(make, &Value::Null).await.expect(201).json();
    let second = ada.send(make, &Value::Null).await.expect(201).json();
    bob.get("/api/session").await.expect(200);
    world.sign_in("bob", PASSWORD).await.expect(200);
    // The newest link is the only one.
    join(&world, &ticket(&first), "another horse battery")
        .await
        .expect(403);
    join(&world, &ticket(&second), "another horse battery")
        .await
        .expect(200);
    bob.get("/api/session").await.expect(401);
    world.sign_in("bob", PASSWORD).await.expect(401);
    world
        .sign_in("bob", "another horse battery")
        .await
        .expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_ends_with_its_time_its_admins_word_and_its_person() {
    let (world, ada) = World::with_admin().await;
    let late = ticket(&invite(&ada, "late").await["set_up_link"]);
    world.clock.advance(3 * 24 * 3_600);
    join(&world, &late, PASSWORD).await.expect(403);
    let ada = world.browser(&world.sign_in("ada", PASSWORD).await.expect(200));
    let listed = ada.get("/api/people/late").await.json();
    assert_eq!(listed["set_up_link"], Value::Null);

    let revoked = ticket(&invite(&ada, "revoked").await["set_up_link"]);
    let path = "/api/people/revoked/set-up-link";
    ada.delete(path).await.expect(204);
    ada.delete(path).await.expect(404);
    join(&world, &revoked, PASSWORD).await.expect(403);

    let kept_out = ticket(&invite(&ada, "out").await["set_up_link"]);
    for disabled in [true, false] {
        let change = json!({ "disabled": disabled });
        ada.send("PATCH /api/people/out", &change).await.expect(200);
        join(&world, &kept_out, PASSWORD).await.expect(403);
    }
    let change = json!({ "disabled": true });
    ada.send("PATCH /api/people/out", &change).await.expect(200);
    let refused = ada
        .send("POST /api/people/out/set-up-link", &Value::Null)
        .await;
    assert_eq!(refused.expect(409).code(), "kept_out");

    let gone = ticket(&invite(&ada, "gone").await["set_up_link"]);
    ada.delete("/api/people/gone").await.expect(204);
    join(&world, &gone, PASSWORD).await.expect(403);
    // Not even where somebody else has the name now.
    invite(&ada, "gone").await;
    join(&world, &gone, PASSWORD).await.expect(403);
    let none = ada.send("POST /api/people/nobody/set-up-link", &Value::Null);
    none.await.expect(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_is_used_from_our_own_page_and_guessed_slowly() {
    let (world, ada) = World::with_admin().await;
    let ticket = ticket(&invite(&ada, "eve").await["set_up_link"]);
    let body = json!({ "ticket": ticket, "password": PASSWORD });
    let elsewhere = [("origin", "https://evil.example")];
    let line = "PUT /api/set-up-link/password";
    let refused = world.json(line, &elsewhere, &body).await;
    assert_eq!(refused.expect(403).code(), "cross_site");
    let mut tries = 0;
    while look(&world, "guess").await.json()["code"] == "set_up_link" {
        tries += 1;
        assert!(tries < 100, "guessing is free");
    }
    let refused = look(&world, &ticket).await.expect(429);
    assert_eq!(refused.code(), "too_many_tries");
}
