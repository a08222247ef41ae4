//! Apps' users: who they are by an identity provider at the managed auth screen, or by what the app signs.

use super::client::Answer;
use super::sso::Corp;
use super::world::{Browser, NOW};
use secret::SecretString;
use serde_json::{Value, json};
use sso::Identity;
use std::sync::Arc;
use store::Over;
use testkit::Forgery;
use tokio::task::JoinSet;
use url::Url;

const SHARED: &str = "a shared key of at least 32 bytes";

struct Shop {
    corp: Corp,
    ada: Browser,
    key: String,
}

impl Shop {
    async fn start() -> Self {
        let corp = Corp::of_the_domain().await;
        let made = corp.world.set_up("ticket-1", "ada").await.expect(201);
        let ada = corp.world.browser(&made);
        let app = json!({
            "name": "shop", "origins": ["https://shop.example.org"],
            "return_addresses": ["https://shop.example.org/done"], "connectors": [],
        });
        ada.send("POST /api/apps", &app).await.expect(201);
        let key = ada
            .send("POST /api/apps/shop/keys", &Value::Null)
            .await
            .expect(201);
        let key = key.json()["key"].as_str().unwrap().to_owned();
        Self { corp, ada, key }
    }

    async fn set(&self, settings: Value) -> Answer {
        self.ada.send("PUT /api/apps/shop/sso", &settings).await
    }

    async fn asserting(&self, key: Value) {
        let mut assertions = json!({ "issuer": "https://shop.example.org" });
        for (name, value) in key.as_object().unwrap() {
            assertions[name] = value.clone();
        }
        self.set(json!({ "assertions": assertions }))
            .await
            .expect(200);
    }

    async fn send(&self, line: &str, assertion: &str, body: &Value) -> Answer {
        let headers = [
            ("stepgate-key", self.key.as_str()),
            ("stepgate-user-assertion", assertion),
        ];
        let headers = if assertion.is_empty() {
            &headers[..1]
        } else {
            &headers[..]
        };
        self.corp.world.json(line, headers, body).await
    }

    async fn kept(&self, owner: &str) -> Option<Identity> {
        let kept = self.corp.world.store.identity(owner).await.unwrap()?;
        Identity::from_bytes(&kept.content)
    }

    /// The path and query of a link to the screen.
    async fn link(&self, user: &str) -> String {
        let asked = json!({ "user": user, "return_to": "https://shop.example.org/done" });
        let link = self
            .send("POST /api/auth-links", "", &asked)
            .await
            .expect(201);
        let url = Url::parse(link.json()["url"].as_str().unwrap()).unwrap();
        format!("{}?{}", url.path(), url.query().unwrap())
    }
}

fn claims() -> Value {
    json!({
        "iss": "https://shop.example.org", "aud": "https://gate.example.org", "sub": "u1",
        "iat": NOW, "exp": NOW + 300, "email": "u1@example.org",
        "sso": { "access_token": "their-access", "expires_in": 120 },
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_hands_its_user_over_by_either_kind_of_key() {
    let shop = Shop::start().await;
    let early = shop.send("PUT /api/identity", "a.b.c", &Value::Null).await;
    assert_eq!(early.expect(400).code(), "assertion_not_set_up");
    let idp = &shop.corp.idp;
    for (key, token) in [
        (json!({ "keys_url": idp.keys_url() }), idp.sign(&claims())),
        (
            json!({ "shared_key": SHARED }),
            idp.sign_shared(SHARED, &claims()),
        ),
    ] {
        shop.asserting(key).await;
        let taken = shop.send("PUT /api/identity", &token, &Value::Null).await;
        assert_eq!(taken.expect(200).json(), json!({ "user": "u1" }));
        let kept = shop.kept("shop/u1").await.unwrap();
        assert_eq!(kept.claim("email"), Some("u1@example.org"));
        assert_eq!(kept.expires_at, Some(NOW + 120));
        assert_eq!(kept.access_token.unwrap().reveal(), "their-access");
        assert!(!kept.claims.contains_key("sso"));
        let headers = [("stepgate-key", shop.key.as_str()), ("stepgate-user", "u1")];
        let forgotten = shop
            .corp
            .world
            .send("DELETE /api/identity", &headers, b"")
            .await;
        forgotten.expect(204);
        assert!(shop.kept("shop/u1").await.is_none());
    }
    let shown = shop.ada.get("/api/apps/shop/sso").await.expect(200);
    assert_eq!(
        shown.json()["assertions"]["audience"],
        "https://gate.example.org"
    );
    assert!(!shown.text.contains("shared key"), "{}", shown.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_13_an_assertion_from_before_brings_no_older_tokens_back() {
    let shop = Shop::start().await;
    shop.asserting(json!({ "shared_key": SHARED })).await;
    let signed = |at: i64, access_token: &str| {
        let mut claims = claims();
        claims["iat"] = json!(at);
        claims["jti"] = json!(format!("a-{at}"));
        claims["sso"]["access_token"] = json!(access_token);
        shop.corp.idp.sign_shared(SHARED, &claims)
    };
    let (old, new) = (signed(NOW - 20, "old"), signed(NOW - 10, "new"));
    // It names the user as often as it is sent, and whoever sends it shows the app's key.
    for (token, expected) in [(&old, "old"), (&new, "new"), (&old, "new"), (&new, "new")] {
        let taken = shop.send("PUT /api/identity", token, &Value::Null).await;
        assert_eq!(taken.expect(200).json(), json!({ "user": "u1" }));
        let kept = shop.kept("shop/u1").await.unwrap();
        assert_eq!(kept.access_token.unwrap().reveal(), expected);
    }
    let headers = [("stepgate-user-assertion", new.as_str())];
    let keyless = shop.corp.world.send("GET /api/connections", &headers, b"");
    keyless.await.expect(401);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_assertions_that_come_at_once_the_newest_counts() {
    let shop = Arc::new(Shop::start().await);
    shop.asserting(json!({ "shared_key": SHARED })).await;
    for user in ["u1", "u2", "u3", "u4"] {
        let mut sending = JoinSet::new();
        for age in 0..12 {
            let mut claims = claims();
            claims["sub"] = json!(user);
            claims["iat"] = json!(NOW - age);
            claims["sso"]["access_token"] = json!(format!("of-{age}"));
            let token = shop.corp.idp.sign_shared(SHARED, &claims);
            let shop = shop.clone();
            sending.spawn(async move {
                let sent = shop.send("PUT /api/identity", &token, &Value::Null);
                sent.await.expect(200);
            });
        }
        sending.join_all().await;
        let kept = shop.kept(&format!("shop/{user}")).await.unwrap();
        assert_eq!(kept.access_token.unwrap().reveal(), "of-0", "{user}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_13_an_assertion_that_is_not_believed_names_nobody() {
    let shop = Shop::start().await;
    let idp = &shop.corp.idp;
    shop.asserting(json!({ "keys_url": idp.keys_url() })).await;
    let forged = |forgery: Forgery| idp.sign_forged(&forgery, &claims());
    for token in [
        forged(Forgery::Unsigned),
        forged(Forgery::HmacWithPublicKey),
        forged(Forgery::OtherKey),
        forged(Forgery::Claims(json!({ "aud": "https://other.example" }))),
        forged(Forgery::Claims(json!({ "iss": "https://evil.example" }))),
        forged(Forgery::Claims(json!({ "exp": NOW }))),
        forged(Forgery::Claims(json!({ "nbf": NOW + 600 }))),
        idp.sign_shared(SHARED, &claims()),
    ] {
        let refused = shop.send("PUT /api/identity", &token, &Value::Null).await;
        assert_eq!(refused.expect(403).code(), "token_not_believed");
    }
    assert!(shop.kept("shop/u1").await.is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_app_signs_has_to_be_about_the_user_that_it_names() {
    let shop = Shop::start().await;
    shop.asserting(json!({ "shared_key": SHARED })).await;
    let token = shop.corp.idp.sign_shared(SHARED, &claims());
    for path in ["POST /api/user-tokens", "POST /api/auth-links"] {
        let right = shop.send(path, &token, &json!({ "user": "u1" })).await;
        right.expect(201);
        let other = shop.send(path, &token, &json!({ "user": "u2" })).await;
        assert_eq!(other.expect(400).code(), "other_user");
    }
    let headers = [
        ("stepgate-key", shop.key.as_str()),
        ("stepgate-user", "u2"),
        ("stepgate-user-assertion", &token),
    ];
    let other = shop
        .corp
        .world
        .send("GET /api/connections", &headers, b"")
        .await;
    assert_eq!(other.expect(400).code(), "other_user");
    // It is the app's to hand over, nobody else's.
    let cookie = [
        ("cookie", shop.ada.cookie.as_str()),
        ("stepgate-user-assertion", &token),
    ];
    let person = shop
        .corp
        .world
        .send("GET /api/connections", &cookie, b"")
        .await;
    assert_eq!(person.expect(400).code(), "assertion_not_taken");
}

#[tokio::test(flavor = "multi_thread")]
async fn with_an_app_the_tokens_of_its_users_go_and_are_given_back() {
    // More than go at a time.
    const USERS: usize = 12;
    let shop = Shop::start().await;
    let store = &shop.corp.world.store;
    let secret = |text: String| Some(SecretString::new(text));
    let mut expected = Vec::new();
    for number in 0..USERS {
        let identity = Identity {
            source: "users".to_owned(),
            access_token: secret(format!("access-{number}")),
            id_token: None,
            refresh_token: secret(format!("refresh-{number}")),
            expires_at: None,
            claims: serde_json::Map::new(),
        };
        let owner = format!("shop/u{number}");
        let put = store.put_identity(&owner, Over::Any, identity.to_bytes());
        put.await.unwrap();
        expected.extend([format!("refresh-{number}"), format!("access-{number}")]);
    }
    // What the app itself has handed over is the app's, and so is what no provider here has issued.
    shop.asserting(json!({ "shared_key": SHARED })).await;
    let token = shop.corp.idp.sign_shared(SHARED, &claims());
    let taken = shop.send("PUT /api/identity", &token, &Value::Null).await;
    assert_eq!(taken.expect(200).json()["user"], "u1");
    expected.retain(|token| !matches!(token.as_str(), "refresh-1" | "access-1"));
    shop.ada.delete("/api/apps/shop").await.expect(204);
    assert!(shop.kept("shop/u0").await.is_none());
    let mut given_back = shop.corp.given_back(expected.len()).await;
    given_back.sort();
    expected.sort();
    assert_eq!(given_back, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_set_single_sign_on_one_is_told_that_the_other_was_first() {
    let shop = Shop::start().await;
    let path = "/api/apps/shop/sso";
    let settings = json!({ "provider": "corp" });
    let put = async |tag: &str| {
        let headers = [("if-match", tag), ("content-type", "application/json")];
        let line = format!("PUT {path}");
        shop.ada.raw(&line, &headers, &settings.to_string()).await
    };
    put("*").await.expect(404);
    let made = shop.set(settings.clone()).await.expect(200);
    let first = made.header("etag").to_owned();
    assert_eq!(first, format!("\"{}\"", made.json()["version"]));
    let shown = shop.ada.get(path).await.expect(200);
    assert_eq!(shown.header("etag"), first);
    let second = put(&first).await.expect(200).header("etag").to_owned();
    assert_ne!(second, first);
    let late = put(&first).await.expect(412);
    assert_eq!(late.code(), "other_version");
    assert_eq!(format!("\"{}\"", late.json()["version"]), second);
    assert!(late.text.contains("Read it again"), "{}", late.text);
    let headers = [("if-match", first.as_str())];
    let line = format!("DELETE {path}");
    shop.ada.raw(&line, &headers, "").await.expect(412);
    put("*").await.expect(200);
    // Who says nothing writes over any.
    shop.set(settings.clone()).await.expect(200);
    shop.ada.delete(path).await.expect(204);
    put(&second).await.expect(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_that_cannot_be_meant_are_refused() {
    let shop = Shop::start().await;
    let assertion = |more: Value| {
        let mut assertion = json!({ "issuer": "https://shop.example.org" });
        for (name, value) in more.as_object().unwrap() {
            assertion[name] = value.clone();
        }
        json!({ "assertions": assertion })
    };
    for settings in [
        json!({ "provider": "nowhere" }),
        json!({ "required": true }),
        json!({ "user_claim": "" }),
        assertion(json!({})),
        assertion(json!({ "shared_key": "short" })),
        assertion(json!({ "shared_key": SHARED, "audience": "a".repeat(2_049) })),
        assertion(json!({ "keys_url": format!("https://shop.example.org/{}", "a".repeat(2_048)) })),
        assertion(json!({ "shared_key": SHARED, "keys_url": "https://shop.example.org/keys" })),
        assertion(json!({ "keys_url": "keys" })),
        assertion(json!({ "issuer": "shop", "shared_key": SHARED })),
    ] {
        let refused = shop.set(settings.clone()).await.expect(422);
        assert_eq!(refused.code(), "invalid_value", "{settings}");
    }
    shop.ada.get("/api/apps/shop/sso").await.expect(404);
    let nowhere = shop.ada.send("PUT /api/apps/other/sso", &json!({})).await;
    nowhere.expect(404);
    shop.set(json!({ "provider": "corp" })).await.expect(200);
    shop.ada.delete("/api/apps/shop/sso").await.expect(204);
    shop.ada.get("/api/apps/shop/sso").await.expect(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_4_a_required_sign_in_proves_that_a_link_is_followed_by_its_own_user() {
    let shop = Shop::start().await;
    let settings = json!({ "provider": "users", "required": true, "user_claim": "sub" });
    shop.set(settings).await.expect(200);
    for (user, is_theirs) in [("u-ada", true), ("u-eve", false)] {
        let world = &shop.corp.world;
        let link = shop.link(user).await;
        let opened = format!("GET {link}&host=https://shop.example.org");
        let page = world.send(&opened, &[], b"").await.expect(200);
        // The page asks whether it is them first, as any link that comes from nowhere does.
        let cookie = page.cookie();
        let field = |name: &str| {
            let at = page
                .text
                .split(&format!("name=\"{name}\" value=\""))
                .nth(1)
                .unwrap();
            at.split('"').next().unwrap().to_owned()
        };
        let form = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("form_token", &field("form_token"))
            .append_pair("link", &field("link"))
            .append_pair("host", &field("host"))
            .finish();
        let headers = [
            ("cookie", cookie.as_str()),
            ("content-type", "application/x-www-form-urlencoded"),
        ];
        let out = world
            .send("POST /auth/shop/continue", &headers, form.as_bytes())
            .await;
        let out = out.expect(200);
        let refresh = out.header("refresh");
        let url = Url::parse(refresh.split_once("url=").unwrap().1).unwrap();
        assert_eq!(url.path(), "/authorize", "{refresh}");
        let back = shop.corp.back(&url, &[&cookie]).await;
        let kept = shop.kept(&format!("shop/{user}")).await;
        match is_theirs {
            true => {
                let back = back.expect(303);
                assert_eq!(back.header("location"), "/auth/shop");
                assert!(kept.is_some());
                let session = back.headers.get_all("set-cookie").iter();
                let session = session.map(|set| set.to_str().unwrap().split(';').next().unwrap());
                let session: Vec<_> = session.collect();
                let session = session.join("; ");
                let headers = [("cookie", session.as_str())];
                let screen = world
                    .send("GET /auth/shop", &headers, b"")
                    .await
                    .expect(200);
                // What the link said, and who waits for what comes of it, outlasts the way round.
                for told in [
                    "https://shop.example.org/done",
                    "data-host=\"https://shop.example.org\"",
                ] {
                    assert!(screen.text.contains(told), "{}", screen.text);
                }
            }
            false => {
                let back = back.expect(403);
                assert!(back.text.contains("somebody_else"), "{}", back.text);
                assert_eq!(back.header("set-cookie"), "");
                assert!(kept.is_none());
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_without_a_link_may_say_who_they_are() {
    let shop = Shop::start().await;
    let world = &shop.corp.world;
    world.send("GET /auth/shop", &[], b"").await.expect(401);
    world.send("GET /auth/shop/sso", &[], b"").await.expect(404);
    shop.set(json!({ "provider": "users", "user_claim": "email" }))
        .await
        .expect(200);
    let page = world.send("GET /auth/shop", &[], b"").await.expect(200);
    assert!(page.text.contains("/auth/shop/sso"), "{}", page.text);
    let out = world.send("GET /auth/shop/sso", &[], b"").await.expect(303);
    let url = Url::parse(out.header("location")).unwrap();
    let back = shop.corp.back(&url, &[&out.cookie()]).await.expect(303);
    assert_eq!(back.header("location"), "/auth/shop");
    assert!(shop.kept("shop/ada@example.org").await.is_some());
    // Nobody of ours came in by that.
    assert_eq!(world.store.people().await.unwrap().len(), 1);
}
