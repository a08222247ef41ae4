//! Attempts that OAuth 1.0a sends away, whose redirects bring a `state` only where the API keeps a callback's query.

use crate::attempt_world::{Site, hash, open, signed_in};
use crate::world::World;
use connection::Redirect;
use testkit::{Received, Reply, Upstream};
use url::Url;

const OAUTH1: &str = r#"
auth_flow:
  steps:
    - { id: login, kind: oauth1, consumer_key: c, consumer_secret: s, in: query, request_token_url: "AS/request", authorization_url: "AS/authorize", access_token_url: "AS/access" }
sign_in: { kind: oauth1, consumer_key: c, consumer_secret: s, token: "{{login.oauth_token}}", token_secret: "{{login.oauth_token_secret}}" }
"#;

/// An API whose temporary token is named after how many it has given.
fn api() -> Upstream {
    let given = std::sync::atomic::AtomicUsize::new(0);
    Upstream::start(move |request| match request.uri().path() {
        "/request" => {
            let nth = given.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            let token = format!("rt-{nth}");
            Reply::form(&[
                ("oauth_token", token.as_str()),
                ("oauth_token_secret", "rs"),
                ("oauth_callback_confirmed", "true"),
            ])
        }
        _ => Reply::form(&[("oauth_token", "at"), ("oauth_token_secret", "as")]),
    })
}

#[tokio::test]
async fn attack_43_a_redirect_is_taken_by_its_state_and_own_token() {
    let api = api();
    let world = World::new(&OAUTH1.replace("AS", &api.origin()));
    let site = Site::of(&world, 1);
    let begun = site.start("mine").await;
    assert_eq!(open(&begun).state, None);
    let callback = api.last_request().query_value("oauth_callback").unwrap();
    let back = |token: &str| -> Url {
        let url = format!("{callback}&oauth_token={token}&oauth_verifier=v");
        url.parse().unwrap()
    };
    let theirs = site.try_return(&back("rt-0"), Some("theirs")).await;
    assert_eq!(theirs.unwrap_err().code(), "other_browser");
    signed_in(&site.come_back(&back("rt-0"), "mine").await);
    let again = site.try_return(&back("rt-0"), Some("mine")).await;
    assert_eq!(again.unwrap_err().code(), "redirect_unknown");
    assert_eq!(api.requests_to("/access").len(), 1);
}

#[tokio::test]
async fn attack_43_without_a_state_the_browser_and_the_token_tell() {
    let api = api();
    let world = World::new(&OAUTH1.replace("AS", &api.origin()));
    let site = Site::of(&world, 1);
    let begun = site.start("mine").await;
    let redirect = |browser: &str, attempt: Option<&str>, query: &str| Redirect {
        connector: "bank".to_owned(),
        url: format!("http://127.0.0.1:8914/callback?{query}")
            .parse()
            .unwrap(),
        browser: Some(hash(browser)),
        attempt: attempt.map(str::to_owned),
    };
    let own = "oauth_token=rt-0&oauth_verifier=v";
    let id = Some(begun.id.as_str());
    for (browser, attempt, query, code) in [
        ("mine", None, own, "redirect_unknown"),
        ("mine", Some("another"), own, "redirect_unknown"),
        (
            "mine",
            id,
            "oauth_token=rt-9&oauth_verifier=v",
            "redirect_unknown",
        ),
        (
            "mine",
            id,
            "state=other&oauth_token=rt-0&oauth_verifier=v",
            "redirect_unknown",
        ),
        ("mine", id, "oauth_verifier=v", "redirect_unknown"),
        ("theirs", id, own, "other_browser"),
    ] {
        let refused = site
            .attempts
            .redirected(redirect(browser, attempt, query))
            .await;
        assert_eq!(refused.unwrap_err().code(), code, "{browser} {query}");
    }
    assert!(api.requests_to("/access").is_empty());
    let taken = site.attempts.redirected(redirect("mine", id, own)).await;
    signed_in(&taken.unwrap().settled().await);
    assert_eq!(api.requests_to("/access").len(), 1);
}
