//! Sign-ins by JSON, in the browser and at the managed auth screen.

use crate::browser::Browser;
use crate::shop::{ORIGIN, RETURN_TO, Shop};
use serde_json::{Value, json};

const WRONG: &str = "The wiki did not accept this name and password.";

fn id(run: &Value) -> &str {
    run["id"].as_str().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_by_json_asks_joins_and_ends() {
    let shop = Shop::open().await;
    let run = shop.start("u1", "wiki").await;
    assert_eq!(run["state"], "waiting");
    let form = &run["waiting_for"]["form"];
    assert_eq!(
        (form["step"].as_str(), form["title"].as_str()),
        (Some("form1"), Some("Sign in to the wiki"))
    );
    assert_eq!(form["fields"][1]["type"], "password");

    let joined = shop.start("u1", "wiki").await;
    assert_eq!(id(&joined), id(&run), "the one that is open");
    assert_ne!(id(&shop.start("u2", "wiki").await), id(&run));

    let mut backend = shop.backend("shop", "u1");
    let answers = format!("/api/runs/{}/answers", id(&run));
    let wrong = json!({ "form1": { "username": "alice", "password": "hunter2" } });
    let again = backend.json("POST", &answers, wrong).await.json();
    let form = &again["waiting_for"]["form"];
    assert_eq!(
        (form["error"].as_str(), form["attempts_left"].as_u64()),
        (Some(WRONG), Some(2))
    );
    assert_eq!(form["fields"][0]["default"], "alice");
    let right = json!({ "form1": { "username": "alice", "password": "correct horse" } });
    let code = backend.json("POST", &answers, right).await.json();
    assert_eq!(code["waiting_for"]["form"]["step"], "code");
    let code = json!({ "code": { "otp": "123 456" } });
    let done = backend.json("POST", &answers, code).await.json();
    assert_eq!(done["state"], "signed_in", "{done}");

    let connections = backend.get("/api/connections").await.json();
    let connection = &connections["connections"][0];
    assert_eq!(connection["id"], done["connection_id"]);
    assert_eq!(
        (connection["label"].as_str(), connection["state"].as_str()),
        (Some("Alice"), Some("fresh"))
    );
    assert_eq!(
        (connection["app"].as_str(), connection["user"].as_str()),
        (Some("shop"), Some("u1"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_shows_asks_and_has_it_sent_again_by_json_and_at_the_screen() {
    let shop = Shop::open().await;
    let run = shop.start("u1", "quiz").await;
    let form = &run["waiting_for"]["form"];
    let shown = &form["show"];
    assert_eq!(shown[0], json!({ "label": "The number", "text": "42" }));
    let image = shown[1]["image"].as_str().unwrap();
    assert!(image.starts_with("data:image/png;base64,iVBOR"), "{image}");
    assert_eq!(shown[2]["qr"], "otpauth://totp/x");
    assert!(shown[2]["svg"].as_str().unwrap().starts_with("<svg"));
    let field = &form["fields"][0];
    assert_eq!(
        (&field["else"], &field["min_length"], &field["max_length"]),
        (&json!("Small letters."), &json!(4), &json!(8))
    );
    assert_eq!(form["resends_left"], 5);
    assert!(form.get("expired").is_none());
    assert_eq!(form["expires_at"], "2023-11-14T22:18:20Z");

    let mut backend = shop.backend("shop", "u1");
    let path = |what: &str| format!("/api/runs/{}/{what}", id(&run));
    let again = backend.json("POST", &path("resend"), json!(null)).await;
    let form = &again.json()["waiting_for"]["form"];
    assert_eq!(form["notice"], "Sent again.");
    assert_eq!(form["resends_left"], 4);
    let wrong = json!({ "f": { "letters": "ABCD" } });
    let wrong = backend.json("POST", &path("answers"), wrong).await.json();
    let field = &wrong["waiting_for"]["form"]["fields"][0];
    assert_eq!(field["error"], "Small letters.");

    // The same sign-in, in a browser at the screen.
    let mut browser = shop.visitor("u1").await;
    let page = format!("/auth/shop/runs/{}", id(&run));
    let form = browser.get(&page).await;
    for expected in [
        ">42</strong>",
        image,
        "<svg",
        "You have 5 minutes for this.",
        "minlength=\"4\"",
    ] {
        assert!(form.body.contains(expected), "{expected}: {}", form.body);
    }
    let policy = form.header("content-security-policy");
    assert!(policy.contains("img-src data:;"), "{policy}");
    assert_eq!(form.header("refresh").split(';').next(), Some("301"));
    shop.clock.advance(300);
    let form = browser.get(&page).await;
    assert!(form.body.contains("This took too long.") && !form.body.contains("<img"));
    let token = form.form_token();
    let resent = [("form_token".to_owned(), token.clone())];
    submit(&mut browser, &format!("{page}/resend"), &resent).await;
    assert!(browser.get(&page).await.body.contains("Sent again."));
    for _ in 0..3 {
        submit(&mut browser, &format!("{page}/resend"), &resent).await;
        browser.get(&page).await;
    }
    let form = browser.get(&page).await;
    assert!(form.body.contains("It cannot be sent again.") && !form.body.contains("/resend"));
    let refused = backend.json("POST", &path("resend"), json!(null)).await;
    assert_eq!(refused.status, 409);
    assert_eq!(refused.json()["code"], "no_resend");
    let right = json!({ "f": { "letters": "abcd" } });
    let done = backend.json("POST", &path("answers"), right).await.json();
    assert_eq!(done["state"], "signed_in", "{done}");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_change_of_a_sign_in_comes_as_an_event() {
    let shop = Shop::open().await;
    let run = shop.start("u1", "wiki").await;
    let path = format!("/api/runs/{}", id(&run));
    let mut watching = shop
        .backend("shop", "u1")
        .with("accept", "text/event-stream");
    let watched = tokio::spawn({
        let path = path.clone();
        async move { watching.get(&path).await }
    });
    let gone = shop
        .backend("shop", "u1")
        .json("DELETE", &path, Value::Null)
        .await;
    assert_eq!(gone.status, 204);
    let events = watched.await.unwrap();
    assert_eq!(events.header("content-type"), "text/event-stream");
    assert_eq!(events.header("cache-control"), "no-store");
    let last = events.body.trim().rsplit("\n\n").next().unwrap();
    assert!(
        last.contains("event: run") && last.contains("\"cancelled\""),
        "{}",
        events.body
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_the_api_is_opened_and_comes_back() {
    let shop = Shop::open().await;
    let run = shop.start("u1", "drive").await;
    let open = run["waiting_for"]["open"]["url"].as_str().unwrap();
    assert!(
        open.starts_with(shop.url().as_str()),
        "ours, which binds the browser: {open}"
    );
    let mut browser = shop.browser();
    let back = shop.approved(&mut browser, &run).await;
    let page = browser.get(&back).await;
    assert_eq!(page.status, 200, "{}", page.body);
    assert!(
        page.body.contains("You can close this window"),
        "{}",
        page.body
    );
    assert_eq!(shop.run("u1", id(&run)).await.json()["state"], "signed_in");
    let again = browser.get(open).await;
    assert!(again.body.contains("signed in already"), "{}", again.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redirect_without_a_state_is_found_by_the_browser() {
    let shop = Shop::open().await;
    let run = shop.start("u1", "ticket").await;
    let mut browser = shop.browser();
    shop.opened(&mut browser, &run).await;
    let back = "/callback/ticket?ticket=t1";
    assert_eq!(
        shop.browser().get(back).await.status,
        400,
        "another browser"
    );
    let page = browser.get(back).await;
    assert_eq!(page.status, 200, "{}", page.body);
    assert_eq!(shop.run("u1", id(&run)).await.json()["state"], "signed_in");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_screen_signs_in_by_forms_and_leads_back() {
    let shop = Shop::open().await;
    let mut browser = shop.visitor("u1").await;
    let list = browser.get("/auth/shop").await;
    assert!(
        list.body.contains("Team wiki") && list.body.contains("Not signed in"),
        "{}",
        list.body
    );
    assert!(list.body.contains("The &lt;shop&gt;") && !list.body.contains("<shop>"));
    assert!(list.body.contains("Nothing to do"), "the shared one");
    assert!(!list.body.contains("ticket"), "not selected");
    assert_eq!(list.attribute("class=\"button", "href"), RETURN_TO);

    let token = list.form_token();
    let start = [("form_token", token.as_str()), ("connector", "wiki")];
    let page = browser
        .submit("/auth/shop/sign-in", &start)
        .await
        .location();
    let form = browser.get(&page).await;
    assert!(form.body.contains("Sign in to the wiki"), "{}", form.body);
    let send = |step: &'static str, fields: &[(&'static str, &'static str)]| {
        let mut all = vec![
            ("form_token".to_owned(), token.clone()),
            ("step".to_owned(), step.to_owned()),
        ];
        all.extend(
            fields
                .iter()
                .map(|(key, value)| (format!("answer.{key}"), (*value).to_owned())),
        );
        all
    };
    let answers = format!("{page}/answers");
    let wrong = send("form1", &[("username", "alice"), ("password", "hunter2")]);
    let shown = submit(&mut browser, &answers, &wrong).await;
    assert_eq!(shown, page);
    let form = browser.get(&page).await;
    assert!(
        form.body.contains(WRONG)
            && form.body.contains("value=\"alice\"")
            && !form.body.contains("hunter2")
    );
    let right = send(
        "form1",
        &[("username", "alice"), ("password", "correct horse")],
    );
    submit(&mut browser, &answers, &right).await;
    assert!(browser.get(&page).await.body.contains("one-time-code"));
    submit(&mut browser, &answers, &send("code", &[("otp", "123456")])).await;
    assert_eq!(browser.get(&page).await.location(), "/auth/shop");
    let list = browser.get("/auth/shop").await;
    assert!(
        list.body.contains("Signed in") && list.body.contains("Alice"),
        "{}",
        list.body
    );

    let connection = list.attribute("name=\"connection\"", "value");
    let out = [
        ("form_token", token.as_str()),
        ("connection", connection.as_str()),
    ];
    assert_eq!(
        browser.submit("/auth/shop/sign-out", &out).await.location(),
        "/auth/shop"
    );
    assert_eq!(shop.wiki.sessions(), 0, "signed out at the API too");
    assert!(
        browser
            .get("/auth/shop")
            .await
            .body
            .contains("Not signed in")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_screen_leads_to_the_apis_page_and_back() {
    let shop = Shop::open().await;
    let mut browser = shop.visitor("u1").await;
    let token = browser.get("/auth/shop").await.form_token();
    let start = [("form_token", token.as_str()), ("connector", "drive")];
    let page = browser
        .submit("/auth/shop/sign-in", &start)
        .await
        .location();
    let shown = browser.get(&page).await;
    let open = shown.attribute("class=\"button main\"", "href");
    let api = browser.get(&open).await.location();
    let back = shop.authority.approve(&api.parse().unwrap());
    assert_eq!(browser.get(back.as_str()).await.location(), page);
    assert_eq!(browser.get(&page).await.location(), "/auth/shop");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_works_once_and_for_minutes() {
    let shop = Shop::open().await;
    let link = shop.link("u1").await;
    let mut first = shop.browser().with("referer", &format!("{ORIGIN}/"));
    first.get(&link).await.location();
    let mut second = shop.browser().with("referer", &format!("{ORIGIN}/"));
    let used = second.get(&link).await;
    assert_eq!(used.status, 410);
    assert!(used.body.contains("used already") && second.cookie("__Host-stepgate-user").is_none());
    assert_eq!(
        first.get(&link).await.location(),
        "/auth/shop",
        "loaded again"
    );
    let late = shop.link("u1").await;
    shop.clock.advance(300);
    assert_eq!(second.get(&late).await.status, 410);
    assert_eq!(second.get("/auth/shop").await.status, 401);
    assert_eq!(second.get("/auth/shop?link=a.b").await.status, 400);
    assert_eq!(second.get("/auth/nobody").await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn user_tokens_are_minted_by_the_app_alone_and_end() {
    let shop = Shop::open().await;
    let mint = |body: Value| {
        let mut app = shop.app("shop");
        async move { app.json("POST", "/api/user-tokens", body).await }
    };
    let minted = mint(json!({ "user": "u1" })).await;
    assert_eq!(
        (minted.status.as_u16(), minted.header("cache-control")),
        (201, "no-store")
    );
    let minted = minted.json();
    let bearer = format!("Bearer {}", minted["token"].as_str().unwrap());
    let mut page = shop.browser().with("authorization", &bearer);
    let run = page
        .json("POST", "/api/runs", json!({ "connector": "wiki" }))
        .await
        .json();
    assert_eq!(id(&run), id(&shop.start("u1", "wiki").await));
    for (path, body) in [
        ("/api/user-tokens", json!({ "user": "u1" })),
        ("/api/auth-links", json!({ "user": "u1" })),
    ] {
        assert_eq!(page.json("POST", path, body.clone()).await.status, 403);
        assert_eq!(
            shop.person("ada")
                .json("POST", path, body.clone())
                .await
                .status,
            403
        );
        assert_eq!(shop.browser().json("POST", path, body).await.status, 401);
    }
    for body in [
        json!({ "user": "u1", "seconds": 3601 }),
        json!({ "user": "u1", "seconds": 0 }),
        json!({ "user": "" }),
    ] {
        assert_eq!(mint(body.clone()).await.status, 422, "{body}");
    }
    shop.clock.advance(600);
    let late = page.get("/api/connections").await;
    assert_eq!(
        (late.status.as_u16(), late.json()["code"].as_str()),
        (401, Some("token_expired"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shared_connector_is_signed_in_by_builders_alone() {
    let shop = Shop::open().await;
    let body = json!({ "connector": "news" });
    let user = shop
        .backend("shop", "u1")
        .json("POST", "/api/runs", body.clone())
        .await;
    assert_eq!(
        (user.status.as_u16(), user.json()["code"].as_str()),
        (403, Some("shared_connector"))
    );
    let mut builder = shop.person("ben");
    let run = builder.json("POST", "/api/runs", body).await.json();
    let answers = format!("/api/runs/{}/answers", id(&run));
    let done = builder
        .json("POST", &answers, json!({ "f": { "k": "key" } }))
        .await
        .json();
    assert_eq!(done["state"], "signed_in", "{done}");
    let theirs = builder.get("/api/connections").await.json();
    assert_eq!(theirs["connections"][0]["owner"], "shared");
    let users = shop.app("shop").get("/api/connections").await.json();
    assert_eq!(users["connections"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_at_the_screen_may_use_json_with_the_token_of_its_forms() {
    let shop = Shop::open().await;
    let mut browser = shop.visitor("u1").await;
    let token = browser.get("/auth/shop").await.form_token();
    let seen = browser.get("/api/connections").await;
    assert_eq!(seen.json()["connections"], json!([]), "{}", seen.body);
    let body = json!({ "connector": "wiki" });
    let without = browser.json("POST", "/api/runs", body.clone()).await;
    assert_eq!(
        (without.status.as_u16(), without.json()["code"].as_str()),
        (403, Some("csrf"))
    );
    let mut page = browser.with("stepgate-csrf", &token);
    assert_eq!(
        page.json("POST", "/api/runs", body.clone()).await.status,
        201
    );
    let mut elsewhere = page.with("origin", "https://evil.example");
    assert_eq!(elsewhere.json("POST", "/api/runs", body).await.status, 403);
    // For a call it is no proof at all, also where somebody is signed in.
    shop.sign_in("u1").await;
    for visitor in [&mut browser, &mut page] {
        for (method, address) in [("GET", "/proxy/wiki/me"), ("POST", "/call/wiki/me")] {
            let refused = visitor.json(method, address, json!({})).await;
            assert_eq!(
                (refused.status.as_u16(), refused.json()["code"].as_str()),
                (401, Some("no_credentials"))
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_survives_a_restart() {
    let shop = Shop::open().await;
    let run = shop.start("u1", "drive").await;
    let mut browser = shop.browser();
    let back = shop.approved(&mut browser, &run).await;
    let form = shop.start("u1", "wiki").await;
    let shop = shop.restarted().await;
    assert_eq!(browser.get(&back).await.status, 200);
    let drive = shop.run("u1", id(&run)).await.json();
    assert_eq!(drive["state"], "signed_in", "{drive}");
    let wiki = shop.run("u1", id(&form)).await.json();
    assert_eq!(wiki["waiting_for"], form["waiting_for"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_account_than_before_is_asked_about() {
    let shop = Shop::open().await;
    let mut backend = shop.backend("shop", "u1");
    let run = shop.start("u1", "bank").await;
    let answers = format!("/api/runs/{}/answers", id(&run));
    let ana = backend
        .json("POST", &answers, json!({ "f": { "user": "ana" } }))
        .await
        .json();
    assert_eq!(ana["state"], "signed_in", "{ana}");

    let run = shop.start("u1", "bank").await;
    let answers = format!("/api/runs/{}/answers", id(&run));
    let ben = backend
        .json("POST", &answers, json!({ "f": { "user": "ben" } }))
        .await
        .json();
    let asked = &ben["waiting_for"]["confirm_identity"];
    assert_eq!(
        (asked["old"].as_str(), asked["new"].as_str()),
        (Some("ana"), Some("ben")),
        "{ben}"
    );
    let label = async |mut backend: Browser| {
        let all = backend.get("/api/connections").await.json();
        all["connections"][0]["label"].as_str().unwrap().to_owned()
    };
    assert_eq!(
        label(backend.clone()).await,
        "ana",
        "the old one works until then"
    );

    let mut browser = shop.visitor("u1").await;
    let page = format!("/auth/shop/runs/{}", id(&run));
    let shown = browser.get(&page).await;
    assert!(
        shown.body.contains("Keep ben") && shown.body.contains("Go back"),
        "{}",
        shown.body
    );
    let token = [("form_token".to_owned(), shown.form_token())];
    assert_eq!(
        submit(&mut browser, &format!("{page}/confirm"), &token).await,
        page
    );
    assert_eq!(browser.get(&page).await.location(), "/auth/shop");
    assert_eq!(label(backend).await, "ben");
}

async fn submit(browser: &mut Browser, address: &str, fields: &[(String, String)]) -> String {
    let fields: Vec<_> = fields
        .iter()
        .map(|(k, v)| (k.as_str(), v.as_str()))
        .collect();
    browser.submit(address, &fields).await.location()
}
