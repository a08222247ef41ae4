//! OAuth 1.0a: three-legged, two-legged, and what does not belong to a run.

use bytes::Bytes;
use flow::{Input, Open, Run};
use http::Request;
use model::Connector;
use testkit::{Received, Reply, Upstream};
use url::Url;

use crate::world::{CALLBACK, Expect, World, connector, value};

const TEMPORARY: &str = "oauth_token=rt&oauth_token_secret=rs&oauth_callback_confirmed=true";
const GRANTED: &str = "oauth_token=at&oauth_token_secret=as&user_id=42";

/// An API whose two endpoints answer so, as text that says it is a page, which some do.
fn api(temporary: &'static str, granted: &'static str) -> Upstream {
    Upstream::start(move |request| match request.uri().path() {
        "/request_token" => text(temporary),
        "/access_token" => text(granted),
        _ => Reply::status(404),
    })
}

fn text(body: &str) -> Reply {
    Reply::html(body.to_owned())
}

const THREE_LEGGED: &str = r#"request_token_url: "{{base_url}}/request_token", authorization_url: "{{base_url}}/authorize?app=1", access_token_url: "{{base_url}}/access_token""#;

fn definition(api: &Upstream, keys: &str) -> Connector {
    let step = format!(
        r#"{{ id: login, kind: oauth1, consumer_key: c/1, consumer_secret: "{{{{secrets.client_secret}}}}", {keys} }}"#
    );
    connector(
        &api.origin(),
        &format!("secrets: [client_secret]\nauth_flow:\n  steps:\n    - {step}\n"),
    )
}

async fn sent_out(world: &mut World, connector: &Connector) -> (Run, Open) {
    let (run, progress) = world.begin(connector, &[]).await;
    (run, progress.open())
}

/// A parameter of the protocol out of the Authorization header, decoded.
fn protocol(request: &Request<Bytes>, name: &str) -> Option<String> {
    let header = request.header("authorization")?.strip_prefix("OAuth ")?;
    let pair = header
        .split(", ")
        .find_map(|pair| pair.strip_prefix(&format!("{name}=\"")))?;
    let encoded = pair.strip_suffix('"')?.replace('+', "%2B");
    let (_, decoded) = url::form_urlencoded::parse(format!("v={encoded}").as_bytes())
        .into_owned()
        .next()?;
    Some(decoded)
}

fn query(url: &Url, name: &str) -> Option<String> {
    let mut pairs = url.query_pairs().filter(|(key, _)| key == name);
    pairs.next().map(|(_, value)| value.into_owned())
}

/// The callback URL as the API was given it, with what the API adds.
fn back(api: &Upstream, added: &str) -> Url {
    let asked = api.requests();
    let asked = asked
        .iter()
        .rfind(|request| request.uri().path() == "/request_token")
        .unwrap();
    let callback = protocol(asked, "oauth_callback").unwrap();
    Url::parse(&format!("{callback}&{added}")).unwrap()
}

#[tokio::test]
async fn three_legged_signs_each_request_and_gives_all_fields() {
    let api = api(TEMPORARY, GRANTED);
    let connector = definition(
        &api,
        &format!("{THREE_LEGGED}, signature_method: PLAINTEXT"),
    );
    let mut world = World::new();
    let (mut run, open) = sent_out(&mut world, &connector).await;
    assert_eq!(query(&open.url, "oauth_token").as_deref(), Some("rt"));
    assert_eq!(query(&open.url, "app").as_deref(), Some("1"));
    let asked = api.last_request();
    assert_eq!(asked.method(), "POST");
    assert_eq!(
        protocol(&asked, "oauth_consumer_key").as_deref(),
        Some("c/1")
    );
    assert_eq!(
        protocol(&asked, "oauth_timestamp").as_deref(),
        Some("1700000000")
    );
    assert_eq!(
        protocol(&asked, "oauth_signature").as_deref(),
        Some("secret-1&")
    );
    assert_eq!(protocol(&asked, "oauth_token"), None);
    let callback = Url::parse(&protocol(&asked, "oauth_callback").unwrap()).unwrap();
    assert!(callback.as_str().starts_with(CALLBACK));
    assert_eq!(query(&callback, "state").unwrap().len(), 43, "256 bits");

    let back = back(&api, "oauth_token=rt&oauth_verifier=v%2B1");
    let credential = world
        .advance(&connector, &mut run, Input::Callback(back))
        .await
        .done();
    assert_eq!(value(&credential, "login", "/oauth_token"), "at");
    assert_eq!(value(&credential, "login", "/oauth_token_secret"), "as");
    assert_eq!(value(&credential, "login", "/user_id"), "42");
    let asked = api.last_request();
    assert_eq!(protocol(&asked, "oauth_token").as_deref(), Some("rt"));
    assert_eq!(protocol(&asked, "oauth_verifier").as_deref(), Some("v+1"));
    assert_eq!(protocol(&asked, "oauth_callback"), None);
    assert_eq!(
        protocol(&asked, "oauth_signature").as_deref(),
        Some("secret-1&rs")
    );
    for secret in ["rt-long", "secret-1"] {
        let masked = world.masker().mask(&format!("x {secret} y"));
        assert_eq!(masked.contains(secret), secret == "rt-long");
    }
}

#[tokio::test]
async fn attack_43_a_callback_that_was_not_confirmed_sends_nobody_out() {
    for temporary in [
        "oauth_token=rt&oauth_token_secret=rs",
        "oauth_token=rt&oauth_token_secret=rs&oauth_callback_confirmed=false",
        "oauth_token=rt&oauth_token_secret=rs&oauth_callback_confirmed=",
    ] {
        let api = api(temporary, GRANTED);
        let connector = definition(&api, THREE_LEGGED);
        let failure = World::new().begin(&connector, &[]).await.1.failed();
        assert_eq!(failure.code, "callback_not_confirmed", "{temporary}");
        assert!(!failure.is_refused() && !failure.is_passing());
        assert_eq!(api.requests().len(), 1);
    }
}

#[tokio::test]
async fn attack_43_a_token_that_belongs_to_another_run_is_not_exchanged() {
    let api = api(TEMPORARY, GRANTED);
    let connector = definition(&api, THREE_LEGGED);
    // With this run's own state, and another's token: the run ends.
    for added in [
        "oauth_token=other&oauth_verifier=v",
        "oauth_token=rt&oauth_token=other&oauth_verifier=v",
        "oauth_verifier=v",
    ] {
        let mut world = World::new();
        let (mut run, _) = sent_out(&mut world, &connector).await;
        let back = back(&api, added);
        let failure = world
            .advance(&connector, &mut run, Input::Callback(back))
            .await
            .failed();
        assert!(failure.is_refused(), "{added}");
        assert!(
            failure.message.contains("oauth_token") && !failure.help.is_empty(),
            "{failure:?}"
        );
    }
    // Without the state, as anybody can send it: the run waits on, also past another's state.
    let mut world = World::new();
    let (mut run, _) = sent_out(&mut world, &connector).await;
    for query in [
        "oauth_token=other&oauth_verifier=v",
        "oauth_verifier=v",
        "oauth_token=rt&oauth_token=rt&oauth_verifier=v",
        "state=other&oauth_token=rt&oauth_verifier=v",
        "state=&oauth_token=rt&oauth_verifier=v",
    ] {
        let back = Url::parse(&format!("{CALLBACK}?{query}")).unwrap();
        assert!(!run.awaits_token_of(&back), "{query}");
        let open = world
            .advance(&connector, &mut run, Input::Callback(back))
            .await
            .open();
        assert!(open.refused.is_some(), "{query}");
    }
    let exchanged = |request: &Request<Bytes>| request.uri().path() == "/access_token";
    assert!(!api.requests().iter().any(exchanged));
    // From an API that keeps no query of ours the token alone is enough.
    let bare = Url::parse(&format!("{CALLBACK}?oauth_token=rt&oauth_verifier=v")).unwrap();
    assert!(run.awaits_token_of(&bare));
    world
        .advance(&connector, &mut run, Input::Callback(bare))
        .await
        .done();
}

#[tokio::test]
async fn attack_43_without_a_verifier_nothing_is_exchanged() {
    let api = api(TEMPORARY, GRANTED);
    let connector = definition(&api, THREE_LEGGED);
    for (added, code, part) in [
        ("oauth_token=rt", "callback_incomplete", "oauth_verifier"),
        (
            "oauth_token=rt&oauth_verifier=",
            "callback_incomplete",
            "oauth_verifier",
        ),
        (
            "oauth_token=rt&oauth_verifier=a&oauth_verifier=b",
            "callback_unusable",
            "oauth_verifier",
        ),
        ("denied=rt", "authorization_refused", "denied"),
        (
            "oauth_token=rt&oauth_problem=user_refused",
            "authorization_refused",
            "user_refused",
        ),
    ] {
        let mut world = World::new();
        let (mut run, _) = sent_out(&mut world, &connector).await;
        let back = back(&api, added);
        let failure = world
            .advance(&connector, &mut run, Input::Callback(back.clone()))
            .await
            .failed();
        assert_eq!(failure.code, code, "{added}");
        assert!(
            failure.is_refused() && failure.message.contains(part),
            "{failure:?}"
        );
        let again = world
            .advance(&connector, &mut run, Input::Callback(back))
            .await
            .failed();
        assert_eq!(again.code, "run_ended", "{added}");
    }
    assert!(
        api.requests()
            .iter()
            .all(|request| request.uri().path() == "/request_token")
    );
}

#[tokio::test]
async fn two_legged_needs_no_person_and_may_renew() {
    let api = api("oauth_token=rt&oauth_token_secret=rs", GRANTED);
    let keys = r#"request_token_url: "{{base_url}}/request_token", access_token_url: "{{base_url}}/access_token", signature_method: PLAINTEXT"#;
    let step = |id: &str| {
        format!(
            r#"{{ id: {id}, kind: oauth1, consumer_key: c, consumer_secret: "{{{{secrets.client_secret}}}}", {keys} }}"#
        )
    };
    let text = format!(
        "secrets: [client_secret]\nauth_flow:\n  steps:\n    - {}\nrefresh_flow:\n  steps:\n    - {}\n  update_variables: {{ login.oauth_token: \"{{{{renew.oauth_token}}}}\" }}\n",
        step("login"),
        step("renew")
    );
    let connector = connector(&api.origin(), &text);
    let mut world = World::new();
    let credential = world.sign_in(&connector, &[]).await;
    assert_eq!(value(&credential, "login", "/oauth_token"), "at");
    let asked = api.requests();
    assert_eq!(
        protocol(&asked[0], "oauth_callback").as_deref(),
        Some("oob")
    );
    assert_eq!(protocol(&asked[1], "oauth_token").as_deref(), Some("rt"));
    assert_eq!(protocol(&asked[1], "oauth_verifier"), None);
    world.refresh(&connector, &credential).await.done();
    assert_eq!(api.requests().len(), 4);
}

#[tokio::test]
async fn without_temporary_credentials_there_is_one_request() {
    let api = api("", GRANTED);
    let connector = definition(
        &api,
        r#"access_token_url: "{{base_url}}/access_token", in: query"#,
    );
    World::new().sign_in(&connector, &[]).await;
    let asked = api.last_request();
    assert_eq!(api.requests().len(), 1);
    assert_eq!(
        asked.query_value("oauth_consumer_key").as_deref(),
        Some("c/1")
    );
    assert_eq!(
        asked.query_value("oauth_signature").map(|text| text.len()),
        Some(28)
    );
    assert_eq!(asked.header("authorization"), None);
}

#[tokio::test]
async fn in_the_body_the_parameters_are_a_form() {
    let api = api("", GRANTED);
    let connector = definition(
        &api,
        r#"access_token_url: "{{base_url}}/access_token", in: body"#,
    );
    World::new().sign_in(&connector, &[]).await;
    let asked = api.last_request();
    assert_eq!(
        asked.header("content-type"),
        Some("application/x-www-form-urlencoded")
    );
    assert_eq!(
        asked.form_value("oauth_consumer_key").as_deref(),
        Some("c/1")
    );
    assert_eq!(
        asked.form_value("oauth_signature").map(|text| text.len()),
        Some(28)
    );
}

#[tokio::test]
async fn a_refusal_is_told_with_the_apis_words_and_the_difference_of_clocks() {
    let table = [
        (
            "oauth_problem=timestamp_refused",
            "Tue, 14 Nov 2023 22:28:20 GMT",
            "timestamp_refused. This machine's clock is 15 min behind",
            "NTP",
        ),
        (
            "oauth_problem=timestamp_refused",
            "Tue, 14 Nov 2023 22:03:20 GMT",
            "timestamp_refused. This machine's clock is 10 min ahead of",
            "NTP",
        ),
        (
            "error=invalid_client&error_description=No%20such%20key",
            "Tue, 14 Nov 2023 22:13:30 GMT",
            "No such key",
            "`consumer_key`",
        ),
        (
            "Invalid signature",
            "Tue, 14 Nov 2023 22:13:20 GMT",
            "401",
            "`consumer_secret`",
        ),
    ];
    for (body, date, message, help) in table {
        let api = Upstream::start(move |_| Reply::text(body).with_status(401).header("date", date));
        let connector = definition(&api, THREE_LEGGED);
        let failure = World::new().begin(&connector, &[]).await.1.failed();
        assert_eq!(
            (failure.code, failure.is_refused()),
            ("token_refused", true),
            "{body}"
        );
        assert!(failure.message.contains(message), "{failure:?}");
        assert!(failure.help.contains(help), "{failure:?}");
    }
}

#[tokio::test]
async fn a_reply_that_grants_nothing_is_no_refusal() {
    for reply in [
        "",
        "<html>oauth_token=rt&oauth_token_secret=rs</html>",
        "oauth_token=&oauth_token_secret=rs",
        "oauth_token=rt",
        "oauth_token=rt&oauth_token=other&oauth_token_secret=rs",
    ] {
        let api = api(reply, GRANTED);
        let connector = definition(&api, THREE_LEGGED);
        let failure = World::new().begin(&connector, &[]).await.1.failed();
        assert_eq!(
            (failure.code, failure.is_refused()),
            ("token_reply_unusable", false),
            "{reply}"
        );
    }
}

#[tokio::test]
async fn a_secret_that_does_not_fit_the_method_is_said_at_its_key() {
    let api = api(TEMPORARY, GRANTED);
    let pem = include_str!("../../../fixtures/oauth1/oauth-test-cases.pkcs1.pem");
    for (method, secret, problem, help) in [
        (
            "RSA-SHA1",
            "a shared secret",
            "not a private key in PEM",
            "BEGIN RSA PRIVATE KEY",
        ),
        (
            "HMAC-SHA1",
            pem,
            "signs with a shared secret",
            "signature_method: RSA-SHA1",
        ),
    ] {
        let connector = definition(&api, &format!("{THREE_LEGGED}, signature_method: {method}"));
        let mut world = World::new();
        world.secrets.insert(
            "client_secret",
            secret::SecretString::new(secret.to_owned()),
        );
        let failure = world.begin(&connector, &[]).await.1.failed();
        assert_eq!(
            (failure.code, failure.step.as_deref()),
            ("key_unusable", Some("login"))
        );
        assert!(
            failure.message.starts_with("`login.consumer_secret`"),
            "{}",
            failure.message
        );
        assert!(failure.message.contains(problem), "{}", failure.message);
        assert!(
            failure.help.contains(help) && !failure.message.contains("MIIC"),
            "{}",
            failure.help
        );
    }
    assert!(api.requests().is_empty());
}
