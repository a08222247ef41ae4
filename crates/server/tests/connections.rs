//! Connections over HTTP: listed, named, tested, cleared and signed out.

use crate::shop::Shop;
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_is_tested_named_and_signed_out() {
    let shop = Shop::open().await;
    let id = shop.sign_in("u1").await;
    let mut backend = shop.backend("shop", "u1");
    let path = |what: &str| format!("/api/connections/{id}{what}");
    let tested = backend.json("POST", &path("/test"), Value::Null).await;
    let expected = json!({ "ok": true, "name": "Who am I", "status": 200, "renewed": false });
    assert_eq!(tested.json(), expected, "{}", tested.body);

    let named = backend
        .json("PATCH", &path(""), json!({ "name": " Work " }))
        .await
        .json();
    assert_eq!(
        (named["name"].as_str(), named["version"].as_u64()),
        (Some("Work"), Some(1))
    );
    let same = backend.json("PATCH", &path(""), json!({})).await.json();
    assert_eq!(same["name"], "Work", "nothing was said about it");
    let none = backend
        .json("PATCH", &path(""), json!({ "name": null }))
        .await
        .json();
    assert_eq!(none["name"], Value::Null);
    for name in ["", "a\nb", &"a".repeat(201)] {
        let refused = backend
            .json("PATCH", &path(""), json!({ "name": name }))
            .await;
        assert_eq!(refused.status, 422, "{name}");
    }

    let out = backend
        .json("POST", &path("/sign-out"), Value::Null)
        .await
        .json();
    assert_eq!(out, json!({ "outcome": "at_the_api" }));
    assert_eq!(shop.wiki.sessions(), 0);
    assert_eq!(backend.get(&path("")).await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_cannot_be_renewed_leads_to_the_screen() {
    let shop = Shop::open().await;
    let id = shop.sign_in("u1").await;
    shop.wiki.end_sessions();
    let mut backend = shop.backend("shop", "u1");
    let renewed = backend
        .json("POST", &format!("/api/connections/{id}/renew"), Value::Null)
        .await;
    assert_eq!(
        (renewed.status.as_u16(), renewed.json()["code"].as_str()),
        (409, Some("sign_in_required"))
    );
    let url = renewed.json()["sign_in_url"].as_str().unwrap().to_owned();
    assert!(
        shop.browser()
            .get(&url)
            .await
            .body
            .contains("Continue as u1")
    );
    // Nobody has found the session over by a call, so asking has not ended it.
    let shown = backend.get(&format!("/api/connections/{id}")).await.json();
    assert_eq!(shown["state"], "fresh");
    let cleared = backend
        .json("POST", &format!("/api/connections/{id}/clear"), Value::Null)
        .await;
    assert_eq!(cleared.status, 204);
    let left = backend.get("/api/connections").await.json();
    assert_eq!(left["connections"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_connections_follow_each_other() {
    let shop = Shop::open().await;
    for user in ["u1", "u2", "u3"] {
        shop.sign_in(user).await;
    }
    let mut app = shop.app("shop");
    let first = app.get("/api/connections?limit=2").await.json();
    assert_eq!(first["connections"].as_array().unwrap().len(), 2);
    let next = format!(
        "/api/connections?limit=2&after={}",
        first["next"].as_str().unwrap()
    );
    let second = app.get(&next).await.json();
    assert_eq!(second["connections"][0]["user"], "u3");
    assert_eq!(second["next"], Value::Null);
    let one = app.get("/api/connections?owner=u2").await.json();
    assert_eq!(one["connections"][0]["user"], "u2");
    assert_eq!(app.get("/api/connections?after=x").await.status, 422);
    let all = shop
        .person("ada")
        .get("/api/connections?owner=shop/u1&connector=wiki")
        .await
        .json();
    assert_eq!(all["connections"][0]["owner"], "shop/u1");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_browser_keeps_comes_with_the_sign_in_and_is_the_users_own() {
    let shop = Shop::open().await;
    let done = shop.signed_in("u1", "pocket").await;
    let blob = done.header("stepgate-credential").to_owned();
    assert!(!blob.is_empty() && !blob.contains("session-"), "{blob}");
    let id = done.json()["connection_id"].as_str().unwrap().to_owned();
    let test = format!("/api/connections/{id}/test");
    let mut page = shop
        .backend("shop", "u1")
        .with("stepgate-credential", &blob);
    let tested = page.json("POST", &test, Value::Null).await;
    assert_eq!(tested.json()["ok"], true, "{}", tested.body);
    let without = shop
        .backend("shop", "u1")
        .json("POST", &test, Value::Null)
        .await;
    assert_eq!(
        without.json()["code"],
        "sign_in_required",
        "{}",
        without.body
    );

    shop.signed_in("u2", "pocket").await;
    let theirs = shop
        .backend("shop", "u2")
        .get("/api/connections")
        .await
        .json();
    let theirs = theirs["connections"][0]["id"].as_str().unwrap().to_owned();
    let tested = shop
        .person("ada")
        .json(
            "POST",
            &format!("/api/connections/{theirs}/test"),
            Value::Null,
        )
        .await;
    assert_eq!(tested.json()["ok"], true, "{}", tested.body);
    assert_eq!(tested.header("stepgate-credential"), "", "not ours to keep");
    let mut other = shop
        .backend("shop", "u2")
        .with("stepgate-credential", &blob);
    assert_eq!(other.json("POST", &test, Value::Null).await.status, 404);
    let tested = other
        .json(
            "POST",
            &format!("/api/connections/{theirs}/test"),
            Value::Null,
        )
        .await;
    assert_eq!(
        tested.json()["ok"],
        true,
        "their own, which waited for them: {}",
        tested.body
    );

    let out = page
        .json(
            "POST",
            &format!("/api/connections/{id}/sign-out"),
            Value::Null,
        )
        .await;
    assert_eq!(out.json()["outcome"], "at_the_api", "{}", out.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_our_own_people_try_out_is_kept_here_all_the_same() {
    let shop = Shop::open().await;
    let mut ada = shop.person("ada");
    let run = ada
        .json("POST", "/api/runs", json!({ "connector": "pocket" }))
        .await;
    let answers = format!("/api/runs/{}/answers", run.json()["id"].as_str().unwrap());
    let form = json!({ "form1": { "username": "alice", "password": "correct horse" } });
    ada.json("POST", &answers, form).await;
    let code = json!({ "code": { "otp": "123456" } });
    let done = ada.json("POST", &answers, code).await;
    assert_eq!(done.json()["state"], "signed_in", "{done:?}");
    let mut shows = ada.with("stepgate-credential", "sb1.x.1.AA");
    for page in [&mut shows, &mut ada] {
        let called = page.get("/proxy/pocket/api/me").await;
        assert_eq!(called.status, 200, "{called:?}");
        assert_eq!(called.header("stepgate-credential"), "");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_connection_is_called_by_what_a_name_can_be() {
    let shop = Shop::open().await;
    let long = "a".repeat(201);
    for (name, status) in [
        ("", 422),
        (" ", 422),
        ("two\nlines", 422),
        (long.as_str(), 422),
        ("work", 201),
        (&long[..200], 201),
    ] {
        let body = json!({ "connector": "wiki", "connection": name });
        let mut backend = shop.backend("shop", "u1");
        let started = backend.json("POST", "/api/runs", body).await;
        assert_eq!(started.status, status, "{name:?}: {}", started.body);
    }
}
