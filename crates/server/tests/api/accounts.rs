//! Set-up, signing in and out, sessions and personal API tokens.

use super::world::{PASSWORD, World};
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn the_first_admin_is_made_by_a_ticket_that_works_once() {
    let world = World::start().await;
    let state = world.send("GET /api/setup", &[], b"").await;
    assert_eq!(state.json(), json!({ "needed": true }));
    let body = |ticket: &str, password: &str| json!({ "ticket": ticket, "login": "ada", "password": password });
    let wrong = world
        .json("POST /api/setup", &[], &body("guess", PASSWORD))
        .await;
    assert_eq!(wrong.expect(403).code(), "setup_ticket");
    let weak = world
        .json("POST /api/setup", &[], &body("guess", "admin"))
        .await;
    assert_eq!(weak.expect(422).code(), "invalid_value");
    let made = world.set_up("ticket-1", "ada").await.expect(201);
    assert_eq!(made.json()["role"], "admin");
    let state = world.send("GET /api/setup", &[], b"").await;
    assert_eq!(state.json(), json!({ "needed": false }));
    let again = world
        .json("POST /api/setup", &[], &body("ticket-1", PASSWORD))
        .await;
    assert_eq!(again.expect(409).code(), "already_set_up");
    let another = world.set_up("ticket-2", "eve").await;
    assert_eq!(another.expect(409).code(), "already_set_up");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_link_of_the_log_leads_to_a_page_that_does_it() {
    let world = World::start().await;
    let nothing = secret::SecretBytes::new(Vec::new());
    let hash = store::Digest::of(b"ticket-1");
    let until = world.clock.unix() + 60;
    let put = world.store.put_ticket(hash, "setup", nothing, until);
    put.await.unwrap();
    let page = world.send("GET /setup?ticket=%22%3E%3Cscript%3E", &[], b"");
    let page = page.await.expect(200);
    assert!(!page.text.contains("<script>"), "{}", page.text);
    assert!(
        page.header("content-security-policy")
            .contains("default-src 'none'")
    );
    assert_eq!(page.header("referrer-policy"), "no-referrer");
    let form = ("content-type", "application/x-www-form-urlencoded");
    let typed = |password: &str| format!("ticket=ticket-1&login=ada&password={password}");
    let weak = typed("short");
    let weak = world.send("POST /setup", &[form], weak.as_bytes()).await;
    let weak = weak.expect(400);
    assert!(weak.text.contains("fewer than 12") && weak.text.contains("ticket-1"));
    let right = typed("correct+horse+battery");
    let elsewhere = [form, ("origin", "https://evil.example")];
    let refused = world.send("POST /setup", &elsewhere, right.as_bytes());
    refused.await.expect(403);
    let made = world.send("POST /setup", &[form], right.as_bytes()).await;
    made.expect(200);
    world.sign_in("ada", PASSWORD).await.expect(200);
    let again = world.send("POST /setup", &[form], right.as_bytes()).await;
    again.expect(409);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_set_up_ticket_ends_after_its_time() {
    let world = World::start().await;
    let nothing = secret::SecretBytes::new(Vec::new());
    let hash = store::Digest::of(b"old");
    let until = world.clock.unix() + 60;
    world
        .store
        .put_ticket(hash, "setup", nothing, until)
        .await
        .unwrap();
    world.clock.advance(61);
    let body = json!({ "ticket": "old", "login": "ada", "password": PASSWORD });
    let late = world.json("POST /api/setup", &[], &body).await;
    assert_eq!(late.expect(403).code(), "setup_ticket");
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_57_a_session_is_new_at_each_sign_in_and_its_cookie_has_all_flags() {
    let (world, ada) = World::with_admin().await;
    // A value that was planted before is not taken over, and the session that it named ends.
    let planted = [("cookie", ada.cookie.as_str())];
    let body = json!({ "login": "ada", "password": PASSWORD });
    let again = world
        .json("POST /api/session", &planted, &body)
        .await
        .expect(200);
    let set = again.header("set-cookie");
    assert!(set.starts_with("__Host-stepgate="), "{set}");
    for flag in ["Path=/", "Secure", "HttpOnly", "SameSite=Lax"] {
        assert!(set.split("; ").any(|part| part == flag), "{flag} in {set}");
    }
    assert!(!set.contains("Domain"), "{set}");
    assert_ne!(again.cookie(), ada.cookie);
    assert_eq!(
        ada.get("/api/session").await.expect(401).code(),
        "not_signed_in"
    );
    let fixed = world.send(
        "GET /api/session",
        &[("cookie", "__Host-stepgate=chosen")],
        b"",
    );
    fixed.await.expect(401);
    let unsafe_name = again.cookie().replace("__Host-", "");
    let headers = [("cookie", unsafe_name.as_str())];
    world
        .send("GET /api/session", &headers, b"")
        .await
        .expect(401);
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_57_a_change_by_cookie_alone_is_refused() {
    let (world, ada, bob) = World::with_both().await;
    let cookie = ("cookie", ada.cookie.as_str());
    let csrf = ("stepgate-csrf", ada.csrf.as_str());
    let body = json!({ "name": "shop" });
    let table: [(&str, Vec<(&str, &str)>); 6] = [
        ("csrf", vec![cookie]),
        ("csrf", vec![cookie, ("stepgate-csrf", &bob.csrf)]),
        ("csrf", vec![cookie, ("stepgate-csrf", "")]),
        (
            "cross_site",
            vec![cookie, csrf, ("origin", "https://evil.example")],
        ),
        ("cross_site", vec![cookie, csrf, ("origin", "null")]),
        (
            "cross_site",
            vec![cookie, csrf, ("sec-fetch-site", "same-site")],
        ),
    ];
    for (code, headers) in table {
        let refused = world.json("POST /api/apps", &headers, &body).await;
        assert_eq!(refused.expect(403).code(), code, "{headers:?}");
    }
    let from_elsewhere = [("origin", "https://evil.example")];
    let login = json!({ "login": "ada", "password": PASSWORD });
    let login = world
        .json("POST /api/session", &from_elsewhere, &login)
        .await;
    assert_eq!(login.expect(403).code(), "cross_site");
    let ours = [
        cookie,
        csrf,
        ("origin", "https://gate.example.org"),
        ("sec-fetch-site", "same-origin"),
    ];
    world.json("POST /api/apps", &ours, &body).await.expect(201);
    let told = ada.get("/api/session").await.json();
    assert_eq!(told["csrf"], ada.csrf);
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_end_when_idle_when_old_and_when_told() {
    let (world, ada) = World::with_admin().await;
    world.clock.advance(11 * 3_600);
    ada.get("/api/session").await.expect(200);
    world.clock.advance(11 * 3_600);
    ada.get("/api/session").await.expect(200);
    world.clock.advance(12 * 3_600);
    ada.get("/api/session").await.expect(401);

    let kept = world.browser(&world.sign_in("ada", PASSWORD).await.expect(200));
    for _ in 0..14 {
        world.clock.advance(11 * 3_600);
        kept.get("/api/session").await.expect(200);
    }
    world.clock.advance(14 * 3_600);
    kept.get("/api/session").await.expect(401);

    let one = world.browser(&world.sign_in("ada", PASSWORD).await.expect(200));
    let two = world.browser(&world.sign_in("ada", PASSWORD).await.expect(200));
    let three = world.browser(&world.sign_in("ada", PASSWORD).await.expect(200));
    let listed = one.get("/api/sessions").await.json();
    let listed = listed["sessions"].as_array().unwrap();
    assert_eq!(listed.len(), 3);
    assert_eq!(
        listed
            .iter()
            .filter(|session| session["current"] == true)
            .count(),
        1
    );
    assert!(
        !listed
            .iter()
            .any(|session| one.cookie.contains(session["id"].as_str().unwrap()))
    );
    one.delete("/api/sessions").await.expect(204);
    two.get("/api/session").await.expect(401);
    let out = one.delete("/api/session").await.expect(204);
    assert!(out.header("set-cookie").contains("Max-Age=0"));
    one.get("/api/session").await.expect(401);
    three.get("/api/session").await.expect(401);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_password_ends_the_other_sessions() {
    let (world, ada) = World::with_admin().await;
    let other = world.browser(&world.sign_in("ada", PASSWORD).await.expect(200));
    let change = |current: &str, new: &str| json!({ "current": current, "new": new });
    let wrong = ada
        .send(
            "PUT /api/session/password",
            &change("wrong wrong wrong", "another horse battery"),
        )
        .await;
    assert_eq!(wrong.expect(403).code(), "wrong_password");
    let weak = ada
        .send("PUT /api/session/password", &change(PASSWORD, "short"))
        .await;
    assert_eq!(weak.expect(422).code(), "invalid_value");
    let done = ada
        .send(
            "PUT /api/session/password",
            &change(PASSWORD, "another horse battery"),
        )
        .await
        .expect(200);
    other.get("/api/session").await.expect(401);
    ada.get("/api/session").await.expect(401);
    world.browser(&done).get("/api/session").await.expect(200);
    world.sign_in("ada", PASSWORD).await.expect(401);
    world
        .sign_in("ada", "another horse battery")
        .await
        .expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_68_guessing_gets_slower_and_tells_nothing() {
    let (world, _) = World::with_admin().await;
    let told = |answer: super::client::Answer| {
        let mut told = answer.json();
        told.as_object_mut().unwrap().remove("request_id");
        told
    };
    let unknown = told(
        world
            .sign_in("nobody", "wrong wrong wrong")
            .await
            .expect(401),
    );
    let known = told(world.sign_in("ada", "wrong wrong wrong").await.expect(401));
    assert_eq!(unknown, known);
    for _ in 0..4 {
        world
            .sign_in("nobody", "wrong wrong wrong")
            .await
            .expect(401);
        world.sign_in("ada", "wrong wrong wrong").await.expect(401);
    }
    let unknown = world
        .sign_in("nobody", "wrong wrong wrong")
        .await
        .expect(429);
    let known = world.sign_in("ada", PASSWORD).await.expect(429);
    assert_eq!(known.header("retry-after"), "1");
    assert_eq!(known.code(), "too_many_tries");
    assert_eq!(told(unknown), told(known));
    world.clock.advance(1);
    world.sign_in("ada", "wrong wrong wrong").await.expect(401);
    world.clock.advance(1);
    let more = world.sign_in("ada", PASSWORD).await.expect(429);
    assert_eq!(more.header("retry-after"), "1");
    world.clock.advance(1);
    world.sign_in("ada", PASSWORD).await.expect(200);
    world.sign_in("ada", "wrong wrong wrong").await.expect(401);
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_68_a_token_is_shown_once_ends_and_is_not_taken_from_the_address() {
    let (world, ada) = World::with_admin().await;
    let made = ada
        .send("POST /api/tokens", &json!({ "name": "deploy", "days": 1 }))
        .await
        .expect(201);
    let (id, token) = (made.json()["id"].clone(), made.json()["token"].clone());
    let (id, token) = (id.as_str().unwrap(), token.as_str().unwrap());
    assert!(token.starts_with("sg_pat_") && token.len() > 40);
    let listed = ada.get("/api/tokens").await;
    assert!(listed.text.contains(id) && !listed.text.contains(token));
    let bearer = format!("Bearer {token}");
    let shown = [("authorization", bearer.as_str())];
    // A program sends no cookie, so it needs nothing against cross-site requests.
    world
        .json("POST /api/apps", &shown, &json!({ "name": "shop" }))
        .await
        .expect(201);
    let account = world.send("GET /api/session", &shown, b"").await.json();
    assert_eq!(
        (&account["login"], &account["csrf"]),
        (&json!("ada"), &Value::Null)
    );

    for query in ["access_token", "token", "anything"] {
        let address = format!("GET /api/apps?{query}={token}");
        let refused = world.send(&address, &[], b"").await;
        assert_eq!(refused.expect(400).code(), "credential_in_address");
        let refused = world.send(&address, &shown, b"").await;
        assert_eq!(refused.expect(400).code(), "credential_in_address");
    }
    for wrong in ["Bearer sg_pat_guess", "Basic YTpi", "Bearer", ""] {
        world
            .send("GET /api/apps", &[("authorization", wrong)], b"")
            .await
            .expect(401);
    }
    let twice = [shown[0], shown[0]];
    world.send("GET /api/apps", &twice, b"").await.expect(400);
    for app in ["Bearer sg_app_x", "Bearer sg_user_x"] {
        let refused = world
            .send("GET /api/apps", &[("authorization", app)], b"")
            .await;
        assert_eq!(refused.expect(403).code(), "not_a_person");
    }
    let own = world
        .json("POST /api/tokens", &shown, &json!({ "name": "more" }))
        .await;
    assert_eq!(own.expect(403).code(), "session_only");

    world.clock.advance(24 * 3_600);
    world.send("GET /api/apps", &shown, b"").await.expect(401);
    let ada = world.browser(&world.sign_in("ada", PASSWORD).await.expect(200));
    let bearer = ada.token().await;
    let shown = [("authorization", bearer.as_str())];
    world.send("GET /api/apps", &shown, b"").await.expect(200);
    for token in ada.get("/api/tokens").await.json()["tokens"]
        .as_array()
        .unwrap()
    {
        let path = format!("/api/tokens/{}", token["id"].as_str().unwrap());
        ada.delete(&path).await.expect(204);
    }
    world.send("GET /api/apps", &shown, b"").await.expect(401);
}
