//! Our own people sign in at an identity provider.

use super::client::Answer;
use super::world::{Browser, NOW, PASSWORD, World};
use secret::SecretString;
use serde_json::{Value, json};
use server::{Admission, SsoProvider};
use sso::Provider;
use testkit::{FixedClock, Forgery, IdentityProvider, Received};
use url::Url;

pub(super) struct Corp {
    pub(super) world: World,
    pub(super) idp: IdentityProvider,
}

/// A browser that was sent out: where to, and what it keeps meanwhile.
pub(super) struct Out {
    pub(super) url: Url,
    pub(super) cookie: String,
}

impl Corp {
    async fn start(admission: Admission) -> Self {
        let clock = FixedClock::at(NOW);
        let idp = IdentityProvider::start(&clock);
        let provider = |name: &str, admission| SsoProvider {
            provider: Provider {
                name: name.into(),
                title: "Example Corp".into(),
                issuer: idp.issuer(),
                client_id: "stepgate".into(),
                client_secret: Some(SecretString::new("sso-secret-1".into())),
                scopes: vec!["email".into()],
            },
            admission,
        };
        let providers = vec![provider("corp", Some(admission)), provider("users", None)];
        let world = World::start_with(clock, providers).await;
        Self { world, idp }
    }

    pub(super) async fn of_the_domain() -> Self {
        Self::start(Admission {
            domains: vec!["example.org".into()],
            login_claim: "email".into(),
            ..Admission::default()
        })
        .await
    }

    async fn out(&self, query: &str) -> Out {
        let line = format!("GET /api/sso/corp/start{query}");
        let sent = self.world.send(&line, &[], b"").await.expect(303);
        Out {
            url: Url::parse(sent.header("location")).unwrap(),
            cookie: sent.cookie(),
        }
    }

    /// The browser comes back with what it keeps, and perhaps more.
    pub(super) async fn back(&self, url: &Url, cookies: &[&str]) -> Answer {
        let back = self.idp.approve(url);
        let line = format!("GET {}?{}", back.path(), back.query().unwrap());
        let cookie = cookies.join("; ");
        let headers = [("cookie", cookie.as_str())];
        let headers = if cookies.is_empty() {
            &[][..]
        } else {
            &headers
        };
        self.world.send(&line, headers, b"").await
    }

    async fn sign_in(&self) -> Answer {
        let out = self.out("").await;
        self.back(&out.url, &[&out.cookie]).await
    }

    /// The page of somebody who has signed in.
    async fn page(&self, signed_in: &Answer) -> Browser {
        let csrf = self.who(signed_in).await["csrf"].clone();
        self.world.page(signed_in.cookie(), &csrf)
    }

    /// The tokens that were given back, once there are so many.
    pub(super) async fn given_back(&self, count: usize) -> Vec<String> {
        let sent = || self.idp.upstream().requests_to("/revoke");
        let all = async {
            while sent().len() < count {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(std::time::Duration::from_secs(10), all)
            .await
            .unwrap();
        let token = |request: &http::Request<bytes::Bytes>| request.form_value("token").unwrap();
        sent().iter().map(token).collect()
    }

    async fn who(&self, signed_in: &Answer) -> Value {
        let cookie = signed_in.cookie();
        let headers = [("cookie", cookie.as_str())];
        let who = self.world.send("GET /api/session", &headers, b"").await;
        who.expect(200).json()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn with_somebodys_last_session_their_tokens_go_and_are_given_back() {
    let corp = Corp::of_the_domain().await;
    let made = corp.world.set_up("ticket-1", "root").await.expect(201);
    let root = corp.world.browser(&made);
    let store = &corp.world.store;
    let owner = "people/ada@example.org";
    let mut pages = Vec::new();
    for _ in 0..2 {
        let signed_in = corp.sign_in().await.expect(303);
        pages.push(corp.page(&signed_in).await);
    }
    let kept = store.identity(owner).await.unwrap().unwrap();
    let kept = sso::Identity::from_bytes(&kept.content).unwrap();
    pages[0].delete("/api/session").await.expect(204);
    assert!(store.identity(owner).await.unwrap().is_some());
    pages[1].delete("/api/session").await.expect(204);
    assert!(store.identity(owner).await.unwrap().is_none());
    let tokens = [kept.refresh_token, kept.access_token];
    let tokens = tokens.map(|token| token.unwrap().reveal().to_owned());
    assert_eq!(corp.given_back(2).await, tokens);

    // Whose account is taken away has no use for them either.
    corp.sign_in().await.expect(303);
    root.delete("/api/people/ada@example.org").await.expect(204);
    assert!(store.identity(owner).await.unwrap().is_none());
    assert_eq!(corp.given_back(4).await.len(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_nobody_used_for_long_keeps_no_tokens() {
    let corp = Corp::of_the_domain().await;
    let left_open = corp.sign_in().await.expect(303);
    corp.page(&left_open).await;
    corp.world.clock.advance(12 * 60 * 60);
    let page = corp.sign_in().await.expect(303);
    let page = corp.page(&page).await;
    let listed = page.get("/api/sessions").await.expect(200).json();
    assert_eq!(listed["sessions"].as_array().unwrap().len(), 1);
    page.delete("/api/session").await.expect(204);
    let kept = corp.world.store.identity("people/ada@example.org").await;
    assert!(kept.unwrap().is_none());
    assert_eq!(corp.given_back(2).await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_ends_somebodys_last_session_gives_their_tokens_back() {
    let corp = Corp::of_the_domain().await;
    let made = corp.world.set_up("ticket-1", "root").await.expect(201);
    let root = corp.world.browser(&made);
    let path = "/api/people/ada@example.org";
    for (given_back, way) in [2, 4, 6, 8, 10]
        .into_iter()
        .zip(["all", "one", "own", "others", "kept out"])
    {
        let signed_in = corp.sign_in().await.expect(303);
        let ada = corp.page(&signed_in).await;
        let listed = ada.get("/api/sessions").await.expect(200).json();
        let id = listed["sessions"][0]["id"].as_str().unwrap();
        let ended = match way {
            "all" => root.delete(&format!("{path}/sessions")).await,
            "one" => root.delete(&format!("{path}/sessions/{id}")).await,
            "own" => ada.delete(&format!("/api/sessions/{id}")).await,
            "others" => {
                let token = ada.token().await;
                let headers = [("authorization", token.as_str())];
                corp.world.send("DELETE /api/sessions", &headers, b"").await
            }
            _ => {
                root.send(&format!("PATCH {path}"), &json!({ "disabled": true }))
                    .await
            }
        };
        assert!(ended.status.is_success(), "{way}: {ended:?}");
        let kept = corp.world.store.identity("people/ada@example.org").await;
        assert!(kept.unwrap().is_none(), "{way}");
        assert_eq!(corp.given_back(given_back).await.len(), given_back, "{way}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_of_the_domain_comes_in_and_gets_an_account() {
    let corp = Corp::of_the_domain().await;
    let listed = corp.world.send("GET /api/sso", &[], b"").await.expect(200);
    let expected = json!({ "providers": [
        { "name": "corp", "title": "Example Corp", "start": "/api/sso/corp/start" },
    ] });
    assert_eq!(listed.json(), expected);
    let out = corp.out("?return_to=%2Fconnectors%3Fq%3D1").await;
    let back = corp.back(&out.url, &[&out.cookie]).await.expect(303);
    assert_eq!(back.header("location"), "/connectors?q=1");
    for flag in ["Path=/", "Secure", "HttpOnly", "SameSite=Lax"] {
        assert!(back.header("set-cookie").contains(flag), "{back:?}");
    }
    let who = corp.who(&back).await;
    assert_eq!(who["login"], "ada@example.org");
    assert_eq!(who["role"], "builder");
    // Who comes again is the same, by whatever address.
    corp.idp
        .user(json!({ "sub": "u-ada", "email": "lovelace@example.org", "email_verified": true }));
    let again = corp.sign_in().await.expect(303);
    assert_eq!(corp.who(&again).await["login"], "ada@example.org");
    let people = corp.world.store.people().await.unwrap();
    assert_eq!(people.len(), 1);
    // The tokens are kept, and not in the clear.
    let kept = corp.world.store.identity("people/ada@example.org").await;
    assert!(kept.unwrap().is_some());
    let tokens = corp.idp.upstream().requests_to("/token");
    assert_eq!(tokens.len(), 2);
    let folder = corp.world.folder.path().join("data");
    for file in std::fs::read_dir(folder).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        for token in [&b"access-"[..], b"refresh-"] {
            assert!(!bytes.windows(token.len()).any(|window| window == token));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_no_password_cannot_sign_in_by_one() {
    let corp = Corp::of_the_domain().await;
    corp.sign_in().await.expect(303);
    for password in ["", PASSWORD] {
        let tried = corp.world.sign_in("ada@example.org", password).await;
        assert_eq!(tried.expect(401).code(), "wrong_login");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_57_a_sign_in_at_a_provider_begins_a_new_session_and_ends_the_one_shown() {
    let corp = Corp::of_the_domain().await;
    let first = corp.sign_in().await.expect(303);
    let out = corp.out("").await;
    let second = corp
        .back(&out.url, &[&out.cookie, &first.cookie()])
        .await
        .expect(303);
    assert_ne!(first.cookie(), second.cookie());
    let cookie = first.cookie();
    let old = [("cookie", cookie.as_str())];
    corp.world
        .send("GET /api/session", &old, b"")
        .await
        .expect(401);
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_15_a_sign_in_comes_back_once_and_to_its_own_browser() {
    let corp = Corp::of_the_domain().await;
    let out = corp.out("").await;
    let other = corp.out("").await;
    corp.back(&out.url, &[]).await.expect(400);
    corp.back(&out.url, &[&other.cookie]).await.expect(400);
    // Nobody else has used it up.
    corp.back(&out.url, &[&out.cookie]).await.expect(303);
    corp.back(&out.url, &[&out.cookie]).await.expect(400);
    let late = corp.out("").await;
    corp.world.clock.advance(601);
    corp.back(&late.url, &[&late.cookie]).await.expect(400);
    let people = corp.world.store.people().await.unwrap();
    assert_eq!(people.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_13_a_forged_id_token_begins_no_session() {
    let corp = Corp::of_the_domain().await;
    for forgery in [
        Forgery::Unsigned,
        Forgery::HmacWithPublicKey,
        Forgery::OtherKey,
        Forgery::Claims(json!({ "aud": "other" })),
        Forgery::Claims(json!({ "nonce": "guess" })),
        Forgery::Claims(json!({ "exp": NOW })),
    ] {
        corp.idp.forge(forgery.clone());
        let refused = corp.sign_in().await.expect(403);
        assert_eq!(refused.header("set-cookie"), "", "{forgery:?}");
    }
    assert!(corp.world.store.people().await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_13_a_description_of_another_issuer_sends_nobody_out() {
    let corp = Corp::of_the_domain().await;
    corp.idp.discovery_issuer("https://evil.example");
    let refused = corp.world.send("GET /api/sso/corp/start", &[], b"").await;
    assert_eq!(refused.expect(502).code(), "identity_provider_unusable");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_not_admitted_stays_outside() {
    let corp = Corp::of_the_domain().await;
    for claims in [
        json!({ "sub": "u1", "email": "eve@evil.example", "email_verified": true }),
        json!({ "sub": "u1", "email": "eve@example.org", "email_verified": false }),
        json!({ "sub": "u1" }),
    ] {
        corp.idp.user(claims);
        let refused = corp.sign_in().await.expect(403);
        assert!(refused.text.contains("not_admitted"), "{}", refused.text);
    }
    // A provider that is for apps' users lets none of ours in.
    corp.world
        .send("GET /api/sso/users/start", &[], b"")
        .await
        .expect(404);
    let out = corp.out("").await;
    let back = corp.idp.approve(&out.url);
    let line = format!("GET /sso/users/callback?{}", back.query().unwrap());
    let headers = [("cookie", out.cookie.as_str())];
    corp.world.send(&line, &headers, b"").await.expect(400);
    assert!(corp.world.store.people().await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_is_what_the_provider_says_now() {
    let corp = Corp::start(Admission {
        role_claim: Some("groups".into()),
        admins: vec!["ops".into()],
        builders: vec!["dev".into()],
        login_claim: "name".into(),
        ..Admission::default()
    })
    .await;
    let user = |name: &str, group: &str| {
        corp.idp
            .user(json!({ "sub": format!("u-{name}"), "name": name, "groups": [group] }));
    };
    user("Ada", "ops");
    let ada = corp.sign_in().await.expect(303);
    let who = corp.who(&ada).await;
    assert_eq!(
        (&who["login"], &who["role"]),
        (&json!("ada"), &json!("admin"))
    );
    user("bob", "ops");
    corp.sign_in().await.expect(303);
    user("bob", "dev");
    let bob = corp.sign_in().await.expect(303);
    assert_eq!(corp.who(&bob).await["role"], "builder");
    user("bob", "sales");
    corp.sign_in().await.expect(403);
    // The last admin stays one.
    user("Ada", "dev");
    let ada = corp.sign_in().await.expect(303);
    assert_eq!(corp.who(&ada).await["role"], "admin");
    user("no/login", "dev");
    let refused = corp.sign_in().await.expect(403);
    assert!(refused.text.contains("login_unusable"), "{}", refused.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_was_there_is_linked_by_its_own_person_alone() {
    let corp = Corp::of_the_domain().await;
    let made = corp
        .world
        .set_up("ticket-1", "ada@example.org")
        .await
        .expect(201);
    let ada = corp.world.browser(&made);
    let refused = corp.sign_in().await.expect(409);
    assert!(
        refused.text.contains("account_not_linked"),
        "{}",
        refused.text
    );
    let way = link(&ada).await;
    let back = corp
        .back(&way.url, &[&way.cookie, &ada.cookie])
        .await
        .expect(303);
    assert_eq!(corp.who(&back).await["role"], "admin");
    let again = corp.sign_in().await.expect(303);
    assert_eq!(corp.who(&again).await["login"], "ada@example.org");
    // The account's password is as it was.
    corp.world
        .sign_in("ada@example.org", PASSWORD)
        .await
        .expect(200);
    let bare = corp.world.send("POST /api/sso/corp/link", &[], b"").await;
    bare.expect(401);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_admin_parts_somebody_from_their_account_there() {
    let corp = Corp::of_the_domain().await;
    let made = corp.world.set_up("ticket-1", "root").await.expect(201);
    let root = corp.world.browser(&made);
    let back = corp.sign_in().await.expect(303);
    let path = "/api/people/ada@example.org";
    let ada = root.get(path).await.expect(200).json();
    assert_eq!(ada["has_password"], false);
    let identity = &ada["identities"][0];
    assert_eq!(identity["provider"], "Example Corp");
    assert_eq!(identity["issuer"], corp.idp.issuer());
    let id = identity["id"].as_str().unwrap();

    root.delete(&format!("{path}/identities/none"))
        .await
        .expect(404);
    // Another's address does not lead to it.
    let elsewhere = format!("/api/people/root/identities/{id}");
    root.delete(&elsewhere).await.expect(404);
    let here = format!("{path}/identities/{id}");
    root.delete(&here).await.expect(204);
    root.delete(&here).await.expect(404);
    let cookie = back.cookie();
    let shown = [("cookie", cookie.as_str())];
    let who = corp.world.send("GET /api/session", &shown, b"").await;
    who.expect(401);
    let kept = corp.world.store.identity("people/ada@example.org").await;
    assert!(kept.unwrap().is_none());
    assert_eq!(corp.given_back(2).await.len(), 2);
    // The name is taken: who comes back is nobody's account until its person links it.
    let refused = corp.sign_in().await.expect(409);
    assert!(
        refused.text.contains("account_not_linked"),
        "{}",
        refused.text
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_57_who_lost_their_session_or_is_not_admitted_is_linked_with_nobody() {
    let corp = Corp::of_the_domain().await;
    let made = corp.world.set_up("ticket-1", "ada").await.expect(201);
    let ada = corp.world.browser(&made);
    let claims = |email: &str| json!({ "sub": "u-eve", "email": email, "email_verified": true });
    // The role and the domain are the provider's word, also about who links.
    corp.idp.user(claims("eve@evil.example"));
    let way = link(&ada).await;
    let back = corp.back(&way.url, &[&way.cookie, &ada.cookie]).await;
    let refused = back.expect(403);
    assert!(refused.text.contains("not_admitted"), "{}", refused.text);
    // Whoever has a session that is not theirs loses this too when it is ended.
    corp.idp.user(claims("eve@example.org"));
    let way = link(&ada).await;
    ada.delete("/api/session").await.expect(204);
    let back = corp.back(&way.url, &[&way.cookie]).await;
    let refused = back.expect(403);
    assert!(refused.text.contains("session_ended"), "{}", refused.text);
    assert!(corp.world.store.linked_people().await.unwrap().is_empty());
}

async fn link(browser: &Browser) -> Out {
    let way = browser
        .send("POST /api/sso/corp/link", &Value::Null)
        .await
        .expect(200);
    Out {
        url: Url::parse(way.json()["url"].as_str().unwrap()).unwrap(),
        cookie: way.cookie(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_leads_on_within_this_server_alone() {
    let corp = Corp::of_the_domain().await;
    for elsewhere in [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "javascript:1",
    ] {
        let query: String = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("return_to", elsewhere)
            .finish();
        let line = format!("GET /api/sso/corp/start?{query}");
        let refused = corp.world.send(&line, &[], b"").await.expect(422);
        assert_eq!(refused.code(), "invalid_value", "{elsewhere}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_68_sign_ins_that_come_to_nothing_are_slowed_down() {
    let corp = Corp::of_the_domain().await;
    for _ in 0..30 {
        corp.sign_in().await.expect(303);
    }
    for _ in 0..15 {
        corp.out("").await;
    }
    let slowed = corp
        .world
        .send("GET /api/sso/corp/start", &[], b"")
        .await
        .expect(429);
    assert!(!slowed.header("retry-after").is_empty());
}
