//! What an app makes of each connector, and a link for one of its users.

use super::world::{Browser, World, definition};
use serde_json::{Value, json};

async fn connection(world: &World, owner: &str, connector: &str) -> String {
    let new = store::NewConnection {
        connector: connector.to_owned(),
        environment: None,
        owner: owner.to_owned(),
        origins: "https://wiki.example.org".to_owned(),
        name: None,
        identity: None,
        label: None,
        state: model::StateRecord::signed_in(world.clock.unix()),
        expires_at: None,
    };
    let sealed = secret::SecretBytes::new(vec![1]);
    world.store.create(new, sealed).await.unwrap().id
}

async fn shop(bob: &Browser) {
    for name in ["wiki", "news"] {
        let text = definition(name, name);
        let yaml = [("content-type", "text/yaml")];
        let saved = bob.raw("POST /api/connectors", &yaml, &text).await;
        saved.expect(201);
    }
    let app =
        json!({ "name": "shop", "connectors": [{ "connector": "wiki" }, { "connector": "news" }] });
    bob.send("POST /api/apps", &app).await.expect(201);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_is_told_with_what_it_makes_of_each_connector() {
    let (world, _, bob) = World::with_both().await;
    shop(&bob).await;
    let uses = bob.get("/api/apps/shop/uses").await.expect(200).json();
    assert_eq!(uses, json!({ "uses": [] }));
    let used = connection(&world, "shop/u1", "wiki").await;
    connection(&world, "shop/u2", "wiki").await;
    connection(&world, "other/u1", "wiki").await;
    let shared = connection(&world, "shared", "news").await;
    for id in [&used, &shared] {
        world.store.mark_used(id).await.unwrap();
    }
    let uses = bob.get("/api/apps/shop/uses").await.expect(200).json();
    let expected = json!({ "uses": [
        { "connector": "wiki", "users": 2, "last_called_at": "2023-11-14T22:13:20Z" },
        { "connector": "news", "users": 0, "last_called_at": "2023-11-14T22:13:20Z" },
    ] });
    assert_eq!(uses, expected);
    bob.get("/api/apps/nothing/uses").await.expect(404);
    let nobody = world.send("GET /api/apps/shop/uses", &[], b"").await;
    nobody.expect(401);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_gets_a_link_and_who_is_no_apps_user_none() {
    let (world, _, bob) = World::with_both().await;
    shop(&bob).await;
    let ask = async |id: &str| {
        let line = format!("POST /api/connections/{id}/sign-in-link");
        bob.send(&line, &Value::Null).await
    };
    let user = connection(&world, "shop/u1", "wiki").await;
    let made = ask(&user).await.expect(201);
    assert_eq!(made.header("cache-control"), "no-store");
    let url = made.json()["url"].as_str().unwrap().to_owned();
    assert!(
        url.starts_with("https://gate.example.org/auth/shop?link="),
        "{url}"
    );
    assert_eq!(made.json()["expires_at"], "2023-11-14T22:18:20Z");
    for owner in ["shared", "people/ada", "local", "gone/u1"] {
        let id = connection(&world, owner, "wiki").await;
        let refused = ask(&id).await;
        assert_eq!(
            refused.expect(409).code(),
            "nobody_to_send_it_to",
            "{owner}"
        );
    }
    let unpublished = connection(&world, "shop/u1", "folder-wiki").await;
    assert_eq!(ask(&unpublished).await.expect(409).code(), "not_published");
    ask("c_none").await.expect(404);
    let nobody = format!("POST /api/connections/{user}/sign-in-link");
    world.send(&nobody, &[], b"").await.expect(401);
}
