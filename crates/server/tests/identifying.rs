//! Who calls, and what is another's.

use crate::wire::Answer;
use crate::world::{NOW, OTHER, SHOP, World};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use hmac::{Hmac, KeyInit, Mac};
use secret::SecretString;
use serde_json::json;
use sha2::Sha256;
use store::{AppSettings, Digest, Role};

impl World {
    /// What the app's backend would be given for its user.
    async fn user_token(&self, app: &str, user: &str, seconds: i64) -> String {
        let key = self.store.server_secret("user-tokens").await.unwrap();
        let content =
            json!({ "app": app, "user": user, "exp": NOW + seconds, "iat": NOW, "jti": "1" });
        let payload = BASE64.encode(content.to_string());
        let mut mac = Hmac::<Sha256>::new_from_slice(key.reveal()).unwrap();
        mac.update(format!("sg_user_{payload}").as_bytes());
        let signature = BASE64.encode(mac.finalize().into_bytes());
        format!("Authorization: Bearer sg_user_{payload}.{signature}")
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_token_says_whose_call_it_is_until_it_ends() {
    let (world, _) = World::signed_in().await;
    let token = world.user_token("shop", "u1", 300).await;
    for _ in 0..2 {
        let answer = world.send("GET /proxy/echo/x", &[&token], "").await;
        assert_eq!(answer.status, 200, "{answer:?}");
    }
    // It is no key, also where the thread knows it as a token: nothing would tell when it ends.
    let as_key = token.replace("Authorization: Bearer", "Stepgate-Key:");
    let answer = world.send("GET /proxy/echo/x", &[&as_key], "").await;
    assert_eq!(
        (answer.status, answer.problem().as_str()),
        (401, "unknown_key")
    );
    // Named once more it is the same call, and another's name is no call at all: everywhere.
    for path in ["/proxy/echo/x", "/api/connections"] {
        let line = format!("GET {path}");
        for (user, status) in [("u1", 200), ("u2", 400)] {
            let user = format!("Stepgate-User: {user}");
            let answer = world.send(&line, &[token.as_str(), &user], "").await;
            assert_eq!(answer.status, status, "{answer:?}");
            if status == 400 {
                assert_eq!(answer.problem(), "other_user");
            }
        }
    }
    world.clock.advance(300);
    let answer = world.send("GET /proxy/echo/x", &[&token], "").await;
    assert_eq!(
        (answer.status, answer.problem().as_str()),
        (401, "token_expired")
    );
    assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_shows_nothing_two_things_or_something_forged_does_not_call() {
    let (world, _) = World::signed_in().await;
    let token = world.user_token("shop", "u1", 300).await;
    let gone = world.user_token("gone", "u1", 300).await;
    let forged = token.replacen("sg_user_e", "sg_user_f", 1);
    let user = "Stepgate-User: u1";
    let cases: [(&[&str], &str); 7] = [
        (&[user], "no_credentials"),
        (&["Stepgate-Key: sg_app_guessed", user], "unknown_key"),
        (
            &["Authorization: Bearer sg_app_guessed", user],
            "unknown_key",
        ),
        (&[&forged], "unknown_token"),
        (&[&gone], "unknown_token"),
        (&[SHOP, &token], "two_credentials"),
        (&[SHOP, OTHER, user], "two_credentials"),
    ];
    for (headers, code) in cases {
        let answer = world.send("GET /proxy/echo/x", headers, "").await;
        assert_eq!(
            (answer.status, answer.problem().as_str()),
            (401, code),
            "{headers:?}"
        );
    }
    let bearer = ["Authorization: bearer sg_app_shop", user];
    assert_eq!(
        world.send("GET /proxy/echo/x", &bearer, "").await.status,
        200
    );
    // A key in a query is no key.
    let answer = world
        .send("GET /proxy/echo/x?stepgate-key=sg_app_shop", &[user], "")
        .await;
    assert_eq!(answer.problem(), "no_credentials");
    assert!(world.upstream.requests().len() == 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_62_what_is_anothers_looks_like_what_does_not_exist() {
    let (world, id) = World::signed_in().await;
    let own = format!("Stepgate-Connection: {id}");
    let mine = [SHOP, "Stepgate-User: u1", &own];
    assert_eq!(world.send("GET /proxy/echo/x", &mine, "").await.status, 200);
    let less_id = |answer: Answer| {
        assert_eq!(answer.status, 404, "{answer:?}");
        let mut body = answer.json();
        body["request_id"] = json!(null);
        body
    };
    let nowhere = [SHOP, "Stepgate-User: u1", "Stepgate-Connection: c_none"];
    let missing = less_id(world.send("GET /proxy/echo/x", &nowhere, "").await);
    let cases: [(&str, &[&str]); 9] = [
        ("GET /proxy/echo/x", &[OTHER, "Stepgate-User: u1", &own]),
        ("GET /proxy/echo/x", &[SHOP, "Stepgate-User: u2", &own]),
        ("GET /proxy/hidden/x", &[SHOP, "Stepgate-User: u1"]),
        ("GET /proxy/hidden/x", &[SHOP, "Stepgate-User: u1", &own]),
        ("GET /proxy/nothing/x", &[SHOP, "Stepgate-User: u1"]),
        ("GET /proxy/gone/x", &[SHOP, "Stepgate-User: u1"]),
        (
            "GET /proxy/hidden/x",
            &[SHOP, "Stepgate-User: u1", "Stepgate-Environment: none"],
        ),
        (
            "GET /proxy/nothing/x",
            &[SHOP, "Stepgate-User: u1", "Stepgate-Environment: none"],
        ),
        ("POST /call/hidden/read", &[SHOP, "Stepgate-User: u1"]),
    ];
    for (line, headers) in cases {
        let answer = world.send(line, headers, "").await;
        assert_eq!(less_id(answer), missing, "{line} {headers:?}");
    }
    // Another app's user of the same name has no connection, and is told so.
    let theirs = [OTHER, "Stepgate-User: u1"];
    let answer = world.send("GET /proxy/echo/x", &theirs, "").await;
    assert_eq!(answer.problem(), "sign_in_required");
}

#[tokio::test(flavor = "multi_thread")]
async fn our_own_people_call_with_connections_of_their_own_and_never_by_a_link() {
    let (world, _) = World::signed_in().await;
    let (token, session) = ("sg_pat_secret", "a-session");
    let hash = Digest::of(token.as_bytes());
    let password = SecretString::new("none".to_owned());
    let made = world
        .store
        .create_person("ann", Role::Builder, password)
        .await;
    made.unwrap();
    let made = world.store.create_token(hash, "ann", "ci", None).await;
    made.unwrap();
    let bearer = format!("Authorization: Bearer {token}");
    let answer = world.send("GET /proxy/hidden/x", &[&bearer], "").await;
    assert_eq!(answer.problem(), "sign_in_required");
    world.sign_in("hidden", "people/ann").await;
    let answer = world.send("GET /proxy/hidden/x", &[&bearer], "").await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let page = [bearer.as_str(), "Origin: https://shop.example.org"];
    let answer = world.send("GET /proxy/hidden/x", &page, "").await;
    assert_eq!(answer.problem(), "origin_not_allowed");
    let cookie = format!("Cookie: __Host-stepgate={session}");
    let answer = world.send("GET /proxy/hidden/x", &[&cookie], "").await;
    assert_eq!(answer.problem(), "no_credentials");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_prepared_follows_the_app_and_the_connection() {
    let (world, id) = World::signed_in().await;
    assert_eq!(world.get("/proxy/echo/x").await.status, 200);
    // A second connection of the same user: one has to be named from now on.
    let second = world.sign_in_named("echo", "shop/u1", "work").await;
    let mut answer = world.get("/proxy/echo/x").await;
    while answer.status == 200 {
        answer = world.get("/proxy/echo/x").await;
    }
    assert_eq!(
        (answer.status, answer.problem().as_str()),
        (409, "ambiguous_connection")
    );
    for named in [&id, &second] {
        let named = format!("Stepgate-Connection: {named}");
        let headers = [SHOP, "Stepgate-User: u1", &named];
        assert_eq!(
            world.send("GET /proxy/echo/x", &headers, "").await.status,
            200
        );
    }
    // The app publishes it no more.
    let app = world.store.app("shop").await.unwrap().unwrap();
    let settings = AppSettings {
        title: app.title,
        origins: app.origins,
        return_addresses: app.return_addresses,
        connectors: Vec::new(),
        screen_at_start: app.screen_at_start,
    };
    world
        .store
        .update_app("shop", app.version, settings)
        .await
        .unwrap();
    let named = format!("Stepgate-Connection: {id}");
    let headers = [SHOP, "Stepgate-User: u1", &named];
    while world.send("GET /proxy/echo/x", &headers, "").await.status != 404 {}
}

#[tokio::test(flavor = "multi_thread")]
async fn the_use_of_a_key_is_noted_at_a_stop() {
    let (world, _) = World::signed_in().await;
    assert_eq!(world.get("/proxy/echo/x").await.status, 200);
    world.running.stop().await;
    let keys = world.store.app_keys("shop").await.unwrap();
    assert_eq!(keys[0].last_used_at, Some(NOW));
}
