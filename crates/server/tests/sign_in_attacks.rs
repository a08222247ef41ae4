//! Attacks on sign-ins over HTTP, by their numbers in SECURITY.md.

use crate::browser::Page;
use crate::shop::{NOW, ORIGIN, RETURN_TO, Shop};
use serde_json::{Value, json};

fn id(run: &Value) -> &str {
    run["id"].as_str().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_1_a_callback_without_its_state_sends_nothing() {
    let shop = Shop::open().await;
    let run = shop.start("u1", "drive").await;
    let mut browser = shop.browser();
    let page = shop.opened(&mut browser, &run).await;
    let (_, state) = page
        .query_pairs()
        .find(|(name, _)| name == "state")
        .unwrap();
    assert!(state.len() >= 22, "128 bits at least: {state}");
    let guessed = format!("/callback/drive?code=c&state={NOW}");
    for address in [
        "/callback/drive?code=c",
        "/callback/drive?code=c&state=",
        &guessed,
        "/callback/nowhere?code=c",
    ] {
        assert_eq!(browser.get(address).await.status, 400, "{address}");
    }
    assert!(shop.authority.token_requests().is_empty());
    let back = shop.authority.approve(&page);
    assert_eq!(
        browser.get(back.as_str()).await.status,
        200,
        "the right one is still taken"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_2_a_callback_is_taken_once() {
    let shop = Shop::open().await;
    let run = shop.start("u1", "drive").await;
    let mut browser = shop.browser();
    let back = shop.approved(&mut browser, &run).await;
    assert_eq!(browser.get(&back).await.status, 200);
    assert_eq!(browser.get(&back).await.status, 400);
    assert_eq!(shop.authority.token_requests().len(), 1);
    assert_eq!(shop.run("u1", id(&run)).await.json()["state"], "signed_in");
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_3_another_browser_cannot_finish_a_sign_in() {
    let shop = Shop::open().await;
    let run = shop.start("u1", "drive").await;
    let (mut mine, mut other) = (shop.browser(), shop.browser());
    let back = shop.approved(&mut mine, &run).await;
    assert_eq!(other.get(&back).await.status, 400, "no cookie");
    let second = shop.start("u2", "drive").await;
    shop.approved(&mut other, &second).await;
    assert_eq!(other.get(&back).await.status, 400, "another's cookie");
    let open = run["waiting_for"]["open"]["url"].as_str().unwrap();
    let mut other = other.with("referer", &format!("{ORIGIN}/"));
    assert_eq!(
        other.get(open).await.status,
        400,
        "opened by another already"
    );
    assert!(shop.authority.token_requests().is_empty());
    assert_eq!(mine.get(&back).await.status, 200, "nothing was spent");
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_3_of_browsers_that_come_at_once_one_goes_on() {
    let shop = Shop::open().await;
    let run = shop.start("u1", "drive").await;
    let open = run["waiting_for"]["open"]["url"].as_str().unwrap();
    // Whichever opens it first is the one that may come back.
    let coming = (0..4).map(|_| async {
        let mut browser = shop.browser().with("referer", &format!("{ORIGIN}/"));
        let page = browser.get(open).await;
        browser.headers.clear();
        (page, browser)
    });
    let came = futures_util::future::join_all(coming).await;
    let (led, refused): (Vec<_>, Vec<_>) = came
        .into_iter()
        .partition(|(page, _)| page.status.is_redirection());
    assert_eq!((led.len(), refused.len()), (1, 3));
    assert!(refused.iter().all(|(page, _)| page.status == 400));
    // Its way back is taken once, however often it comes, and from no other.
    let (page, mine) = &led[0];
    let back = shop.authority.approve(&page.location().parse().unwrap());
    let others = refused.iter().map(|(_, browser)| browser);
    let coming = std::iter::repeat_n(mine, 4).chain(others).map(|browser| {
        let mut browser = browser.clone();
        let back = back.to_string();
        async move { browser.get(&back).await.status.as_u16() }
    });
    let mut statuses = futures_util::future::join_all(coming).await;
    assert_eq!(statuses.split_off(4), [400; 3]);
    statuses.sort_unstable();
    // Those beside it find it used, or being used.
    let (first, rest) = statuses.split_first().unwrap();
    assert_eq!(*first, 200);
    assert!(
        rest.iter().all(|status| matches!(status, 400 | 409)),
        "{rest:?}"
    );
    assert_eq!(shop.authority.token_requests().len(), 1);
    assert_eq!(shop.run("u1", id(&run)).await.json()["state"], "signed_in");
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_4_a_link_that_was_sent_on_names_whose_it_is() {
    let shop = Shop::open().await;
    let link = shop.link("mallory").await;
    // The victim's browser, which does not come from the app.
    for referer in [
        None,
        Some("https://evil.example/"),
        Some("https://shop.example.org.evil.example/"),
    ] {
        let mut victim = shop.browser();
        if let Some(referer) = referer {
            victim = victim.with("referer", referer);
        }
        let page = victim.get(&link).await;
        assert!(
            page.body.contains("Continue as mallory?") && page.body.contains("The &lt;shop&gt;")
        );
        assert!(victim.cookie("__Host-stepgate-user").is_none());
        assert_eq!(
            victim.get("/auth/shop").await.status,
            401,
            "nobody is signed in by looking"
        );
    }
    // A page of the attacker's cannot send the form in the victim's browser either.
    let (_, text) = link.split_once("link=").unwrap();
    let token = shop.browser().get(&link).await.form_token();
    let mut victim = shop.browser();
    victim.get(&link).await;
    let forged = [("form_token", token.as_str()), ("link", text)];
    assert_eq!(
        victim.submit("/auth/shop/continue", &forged).await.status,
        403
    );
    // The same for the way to an API's page.
    let run = shop.start("mallory", "drive").await;
    let open = run["waiting_for"]["open"]["url"].as_str().unwrap();
    let page = victim.get(open).await;
    assert!(
        page.body.contains("Continue as mallory?") && page.body.contains("Drive"),
        "{}",
        page.body
    );
    let path = page.attribute("<form", "action");
    let ticket = page.attribute("name=\"ticket\"", "value");
    let forged = [("form_token", token.as_str()), ("ticket", ticket.as_str())];
    assert_eq!(victim.submit(&path, &forged).await.status, 403);
    // Who means it goes on, and only then is the browser tied to it.
    let token = page.form_token();
    let meant = [("form_token", token.as_str()), ("ticket", ticket.as_str())];
    let page = victim.submit(&path, &meant).await;
    assert!(
        page.header("refresh").starts_with("0; url=http"),
        "{page:?}"
    );
    let ticketless = format!("/auth/shop/open/{}?ticket=a.b", id(&run));
    assert_eq!(victim.get(&ticketless).await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_9_a_state_is_good_for_its_own_connector_alone() {
    let shop = Shop::open().await;
    let run = shop.start("u1", "drive").await;
    let mut browser = shop.browser();
    let back = shop.approved(&mut browser, &run).await;
    assert!(
        back.contains("/callback/drive?"),
        "an address for each connector: {back}"
    );
    let other = back.replace("/callback/drive", "/callback/mirror");
    assert_eq!(browser.get(&other).await.status, 400);
    assert!(shop.authority.token_requests().is_empty());
    assert_eq!(browser.get(&back).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_10_the_screen_leads_back_to_listed_addresses_alone() {
    let shop = Shop::open().await;
    for address in [
        "//evil.example",
        "\\\\evil.example",
        "https:evil.example",
        "https://shop.example.org@evil.example/connected",
        "https://shop.example.org/connected\r\nSet-Cookie: a=b",
        "https://shop.example.org/connected/",
        "https://shop.example.org/connected?a",
        "javascript:alert(1)",
        "",
    ] {
        let body = json!({ "user": "u1", "return_to": address });
        let refused = shop.app("shop").json("POST", "/api/auth-links", body).await;
        assert_eq!(
            (refused.status.as_u16(), refused.json()["code"].as_str()),
            (422, Some("return_to_not_listed")),
            "{address}"
        );
    }
    // What a link says is signed; an address that the app has no longer is not gone to.
    let mut browser = shop.visitor("u1").await;
    assert!(browser.get("/auth/shop").await.body.contains(RETURN_TO));
    let app = shop.store.app("shop").await.unwrap().unwrap();
    let settings = store::AppSettings {
        title: app.title,
        origins: app.origins,
        return_addresses: Vec::new(),
        connectors: app.connectors,
        screen_at_start: false,
    };
    shop.store
        .update_app("shop", app.version, settings)
        .await
        .unwrap();
    while browser.get("/auth/shop").await.body.contains(RETURN_TO) {
        tokio::task::yield_now().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_12_what_a_redirect_brings_is_shown_as_text() {
    let shop = Shop::open().await;
    let run = shop.start("u1", "drive").await;
    let mut browser = shop.browser();
    let page = shop.opened(&mut browser, &run).await;
    let (_, state) = page
        .query_pairs()
        .find(|(name, _)| name == "state")
        .unwrap();
    let hostile = "%3Cscript%3Ealert(1)%3C%2Fscript%3E";
    let back =
        format!("/callback/drive?error=access_denied&error_description={hostile}&state={state}");
    let shown = browser.get(&back).await;
    assert!(!shown.body.contains("<script>"), "{}", shown.body);
    let policy = shown.header("content-security-policy");
    assert!(
        policy.starts_with("default-src 'none'") && !policy.contains("unsafe"),
        "{policy}"
    );
    let run = shop.run("u1", id(&run)).await;
    assert_eq!(run.json()["state"], "failed", "{}", run.body);
    // A name that is nobody's is not echoed as markup either.
    let nowhere = browser
        .get(&format!("/callback/{hostile}?state={hostile}"))
        .await;
    assert!(!nowhere.body.contains("<script>"), "{}", nowhere.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_14_an_old_or_skipped_step_has_no_effect() {
    let shop = Shop::open().await;
    let run = shop.start("u1", "wiki").await;
    let mut backend = shop.backend("shop", "u1");
    let answers = format!("/api/runs/{}/answers", id(&run));
    let early = backend
        .json("POST", &answers, json!({ "code": { "otp": "123456" } }))
        .await;
    assert_eq!(
        (early.status.as_u16(), early.json()["waits_for"].as_str()),
        (409, Some("form1"))
    );
    let confirm = format!("/api/runs/{}/confirm", id(&run));
    assert_eq!(
        backend.json("POST", &confirm, Value::Null).await.status,
        409
    );
    assert!(
        shop.wiki.upstream().requests().is_empty(),
        "nothing was sent"
    );
    shop.clock.advance(601);
    let form = json!({ "form1": { "username": "alice", "password": "correct horse" } });
    let late = backend.json("POST", &answers, form).await;
    assert!(matches!(late.status.as_u16(), 404 | 410), "{late:?}");
    assert!(
        shop.wiki.upstream().requests().is_empty(),
        "nothing was sent"
    );
    let fresh = shop.start("u1", "wiki").await;
    assert_ne!(id(&fresh), id(&run));
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_16_pages_are_framed_by_the_app_alone() {
    let shop = Shop::open().await;
    let mut browser = shop.visitor("u1").await;
    let screen = browser.get("/auth/shop").await;
    let ancestors = |page: &Page| {
        let policy = page.header("content-security-policy").to_owned();
        policy.split_once("frame-ancestors ").unwrap().1.to_owned()
    };
    assert_eq!(ancestors(&screen), ORIGIN);
    let nobodys = browser.get("/callback/drive?state=x").await;
    assert_eq!(
        (
            ancestors(&nobodys).as_str(),
            nobodys.header("x-frame-options")
        ),
        ("'none'", "DENY")
    );
    for page in [&screen, &nobodys] {
        assert_eq!(page.header("referrer-policy"), "no-referrer");
        assert!(
            !page.body.contains("<script>") && !page.body.contains(" on"),
            "no script in the page itself"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_62_what_is_anothers_is_as_unknown_as_what_is_not() {
    let shop = Shop::open().await;
    let connection = shop.sign_in("u1").await;
    let run = shop.start("u1", "drive").await;
    let strangers = [
        shop.backend("shop", "u2"),
        shop.backend("other", "u1"),
        shop.app("other"),
    ];
    let requests = [
        (
            "GET",
            format!("/api/connections/{connection}"),
            "/api/connections/c_none".to_owned(),
        ),
        (
            "PATCH",
            format!("/api/connections/{connection}"),
            "/api/connections/c_none".to_owned(),
        ),
        (
            "POST",
            format!("/api/connections/{connection}/test"),
            "/api/connections/c_none/test".to_owned(),
        ),
        (
            "POST",
            format!("/api/connections/{connection}/renew"),
            "/api/connections/c_none/renew".to_owned(),
        ),
        (
            "POST",
            format!("/api/connections/{connection}/clear"),
            "/api/connections/c_none/clear".to_owned(),
        ),
        (
            "POST",
            format!("/api/connections/{connection}/sign-out"),
            "/api/connections/c_none/sign-out".to_owned(),
        ),
        (
            "GET",
            format!("/api/runs/{}", id(&run)),
            "/api/runs/none".to_owned(),
        ),
        (
            "POST",
            format!("/api/runs/{}/confirm", id(&run)),
            "/api/runs/none/confirm".to_owned(),
        ),
        (
            "DELETE",
            format!("/api/runs/{}", id(&run)),
            "/api/runs/none".to_owned(),
        ),
    ];
    for mut stranger in strangers {
        for (method, theirs, nobodys) in &requests {
            let body = match *method {
                "PATCH" => json!({ "name": "mine" }),
                _ => Value::Null,
            };
            let one = stranger.json(method, theirs, body.clone()).await;
            let other = stranger.json(method, nobodys, body).await;
            assert_eq!(shape(&one), shape(&other), "{method} {theirs}");
        }
        let seen = stranger.get("/api/connections").await.json();
        assert_eq!(seen["connections"], json!([]));
    }
    assert_eq!(
        shop.backend("shop", "u1").get(&requests[0].1).await.status,
        200
    );
    assert_eq!(shop.run("u1", id(&run)).await.json()["state"], "waiting");
    // Nor at the screen.
    let mut other = shop.visitor("u2").await;
    let token = other.get("/auth/shop").await.form_token();
    let out = [
        ("form_token", token.as_str()),
        ("connection", connection.as_str()),
    ];
    assert_eq!(other.submit("/auth/shop/sign-out", &out).await.status, 404);
    assert_eq!(
        other
            .get(&format!("/auth/shop/runs/{}", id(&run)))
            .await
            .status,
        404
    );
    // What another builder tries out is theirs, but for an admin.
    let tried = shop
        .person("ada")
        .json("POST", "/api/runs", json!({ "connector": "wiki" }))
        .await
        .json();
    assert_eq!(
        shop.person("ben")
            .get(&format!("/api/runs/{}", id(&tried)))
            .await
            .status,
        404
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_65_a_typed_password_never_comes_back_and_nothing_is_kept_on_the_way() {
    let shop = Shop::open().await;
    let run = shop.start("u1", "wiki").await;
    let mut backend = shop.backend("shop", "u1");
    let answers = format!("/api/runs/{}/answers", id(&run));
    let form = json!({ "form1": { "username": "alice", "password": "hunter2-hunter2" } });
    let replies = [
        backend.json("POST", &answers, form).await,
        shop.run("u1", id(&run)).await,
        backend
            .json("POST", "/api/runs", json!({ "connector": "wiki" }))
            .await,
        shop.visitor("u1")
            .await
            .get(&format!("/auth/shop/runs/{}", id(&run)))
            .await,
    ];
    for reply in replies {
        assert!(
            reply.body.contains("alice") && !reply.body.contains("hunter2"),
            "{}",
            reply.body
        );
        assert_eq!(reply.header("cache-control"), "no-store");
    }
    let id = shop.sign_in("u1").await;
    let paths = [
        "/api/connections".to_owned(),
        format!("/api/connections/{id}"),
    ];
    for path in paths {
        let reply = backend.get(&path).await;
        assert!(
            !reply.body.contains("correct horse") && !reply.body.contains("session-"),
            "{}",
            reply.body
        );
        assert_eq!(reply.header("cache-control"), "no-store");
    }
}

/// All of a reply but what names the one request.
fn shape(page: &Page) -> (u16, Value) {
    let mut body = page.json();
    body["request_id"] = Value::Null;
    (page.status.as_u16(), body)
}
