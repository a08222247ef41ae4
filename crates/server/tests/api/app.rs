//! Apps and their keys.

use super::world::World;
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn an_app_is_made_changed_and_deleted() {
    let (_world, ada) = World::with_admin().await;
    let made = ada
        .send("POST /api/apps", &json!({ "name": "shop" }))
        .await
        .expect(201);
    assert_eq!(made.header("location"), "/api/apps/shop");
    assert_eq!(made.header("etag"), "\"1\"");
    assert_eq!(made.json()["title"], "shop");
    assert_eq!(
        made.json()["screen_at_start"],
        true,
        "as `stepgate app create` has it"
    );
    let again = ada.send("POST /api/apps", &json!({ "name": "shop" })).await;
    assert_eq!(again.expect(409).code(), "name_taken");
    let change = json!({
        "title": "Our shop",
        "origins": ["https://Shop.example.org/", "https://shop.example.org:443"],
        "return_addresses": ["https://shop.example.org/back?a=1"],
        "connectors": [{ "connector": "folder-wiki" }],
        "screen_at_start": false,
    });
    let changed = ada
        .with("PATCH /api/apps/shop", &[("if-match", "\"1\"")], &change)
        .await
        .expect(200);
    let changed = changed.json();
    assert_eq!(changed["origins"], json!(["https://shop.example.org"]));
    assert_eq!(
        changed["connectors"],
        json!([{ "connector": "folder-wiki", "selected": true }])
    );
    assert_eq!(
        (&changed["version"], &changed["screen_at_start"]),
        (&json!(2), &json!(false))
    );
    let stale = ada
        .with("PATCH /api/apps/shop", &[("if-match", "\"1\"")], &json!({}))
        .await;
    assert_eq!(stale.expect(412).code(), "other_version");
    let kept = ada
        .send("PATCH /api/apps/shop", &json!({ "title": "Shop" }))
        .await
        .expect(200)
        .json();
    assert_eq!(
        (&kept["title"], &kept["origins"]),
        (&json!("Shop"), &changed["origins"])
    );
    let all = ada.get("/api/apps").await.json();
    assert_eq!(all["apps"][0], kept);
    ada.delete("/api/apps/shop").await.expect(204);
    ada.get("/api/apps/shop").await.expect(404);
    ada.delete("/api/apps/shop").await.expect(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_10_addresses_of_an_app_are_exact() {
    let (_world, ada) = World::with_admin().await;
    ada.send("POST /api/apps", &json!({ "name": "shop" }))
        .await
        .expect(201);
    let table = [
        ("origins", "*"),
        ("origins", "https://*.example.org"),
        ("origins", "null"),
        ("origins", "https://shop.example.org/path"),
        ("origins", "javascript:alert(1)"),
        ("return_addresses", "*"),
        ("return_addresses", "//evil.example"),
        ("return_addresses", "\\\\evil.example"),
        ("return_addresses", "https:evil.example"),
        ("return_addresses", "https://shop.example.org@evil.example/"),
        (
            "return_addresses",
            "https://shop.example.org/\r\nSet-Cookie: a=b",
        ),
        ("return_addresses", "http://shop.example.org/"),
        ("return_addresses", "/back"),
    ];
    for (field, address) in table {
        let change = json!({ field: [address] });
        let refused = ada.send("PATCH /api/apps/shop", &change).await.expect(422);
        assert_eq!(refused.json()["field"], field);
        assert_eq!(refused.code(), "invalid_value", "{address}");
    }
    let app = ada.get("/api/apps/shop").await.json();
    assert_eq!(app["version"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_app_cannot_be_is_refused() {
    let (_world, ada) = World::with_admin().await;
    for name in ["people", "local", "shared", "Shop", "a/b", "a\0", "", "-a"] {
        let refused = ada.send("POST /api/apps", &json!({ "name": name })).await;
        assert_eq!(refused.expect(422).code(), "invalid_value", "{name}");
    }
    for (field, value) in [
        ("connectors", json!([{ "connector": "none" }])),
        (
            "connectors",
            json!([{ "connector": "folder-wiki" }, { "connector": "folder-wiki" }]),
        ),
        ("title", json!("a\nb")),
        ("title", json!("")),
        ("unknown", json!(1)),
        ("screen_at_start", json!("yes")),
    ] {
        let body = json!({ "name": "shop", field: value });
        ada.send("POST /api/apps", &body).await.expect(422);
    }
    assert_eq!(ada.get("/api/apps").await.json(), json!({ "apps": [] }));
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_68_keys_are_shown_once_and_two_at_a_time() {
    let (world, ada) = World::with_admin().await;
    ada.send("POST /api/apps", &json!({ "name": "shop" }))
        .await
        .expect(201);
    let first = ada
        .send("POST /api/apps/shop/keys", &Value::Null)
        .await
        .expect(201)
        .json();
    let second = ada
        .send("POST /api/apps/shop/keys", &Value::Null)
        .await
        .expect(201)
        .json();
    let third = ada.send("POST /api/apps/shop/keys", &Value::Null).await;
    assert_eq!(third.expect(409).code(), "too_many_keys");
    let key = first["key"].as_str().unwrap();
    assert!(key.starts_with("sg_app_") && key.len() > 40);
    let hint = first["hint"].as_str().unwrap();
    assert!(key.ends_with(hint.trim_start_matches('…')));
    let listed = ada.get("/api/apps/shop/keys").await;
    assert_eq!(listed.json()["keys"].as_array().unwrap().len(), 2);
    assert!(!listed.text.contains(key) && !listed.text.contains(second["key"].as_str().unwrap()));
    let digest = store::Digest::of(key.as_bytes());
    let stored = world.store.all_app_keys().await.unwrap();
    assert!(stored.iter().any(|(hash, _)| *hash == digest));
    let path = format!("/api/apps/shop/keys/{}", first["id"].as_str().unwrap());
    ada.delete(&path).await.expect(204);
    ada.delete(&path).await.expect(404);
    ada.send("POST /api/apps/shop/keys", &Value::Null)
        .await
        .expect(201);
    ada.send("POST /api/apps/none/keys", &Value::Null)
        .await
        .expect(404);
    let in_address = format!("GET /api/apps?stepgate-key={key}");
    world.send(&in_address, &[], b"").await.expect(400);
}
