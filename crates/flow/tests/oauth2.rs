//! The authorization code grant.

use flow::{Input, Run};
use model::Connector;
use serde_json::json;
use testkit::{AuthorizationServer, ClientAuth, Pkce, Received, Reply, TokenFormat, Upstream};
use url::Url;

use crate::world::{CALLBACK, Expect, World, connector, value};

/// A definition with one OAuth 2 step of the given kind and keys; `AS` stands for the server.
pub(crate) fn definition(server: &AuthorizationServer, kind: &str, keys: &str) -> Connector {
    let definition = format!(
        r#"
secrets: [client_secret]
auth_flow:
  steps:
    - {{ id: login, kind: {kind}, client_id: client-1, {keys} }}
"#
    );
    connector(
        &server.issuer(),
        &definition.replace("AS", &server.issuer()),
    )
}

pub(crate) const WRITTEN_OUT: &str = r#"client_secret: "{{secrets.client_secret}}", authorization_url: "AS/authorize", token_url: "AS/token""#;

async fn sent_out(world: &mut World, connector: &Connector) -> (Run, flow::Open) {
    let (run, progress) = world.begin(connector, &[]).await;
    (run, progress.open())
}

fn query(url: &Url, name: &str) -> Option<String> {
    let mut pairs = url.query_pairs().filter(|(key, _)| key == name);
    let value = pairs.next().map(|(_, value)| value.into_owned());
    assert!(pairs.next().is_none(), "{name} twice");
    value
}

#[tokio::test]
async fn attack_5_a_code_is_bound_to_who_asked_for_it() {
    let server = AuthorizationServer::start();
    let keys = format!(
        r#"{WRITTEN_OUT}, scope: "read write", resource: "https://api.example", authorization_parameters: {{ prompt: consent, state: mine }}, token_parameters: {{ audience: "a b" }}"#
    );
    let connector = definition(&server, "oauth2_pkce", &keys);
    let mut world = World::new();
    let (mut run, open) = sent_out(&mut world, &connector).await;
    assert_eq!(query(&open.url, "response_type").as_deref(), Some("code"));
    assert_eq!(query(&open.url, "redirect_uri").as_deref(), Some(CALLBACK));
    assert_eq!(query(&open.url, "scope").as_deref(), Some("read write"));
    assert_eq!(query(&open.url, "prompt").as_deref(), Some("consent"));
    assert_eq!(
        query(&open.url, "resource").as_deref(),
        Some("https://api.example")
    );
    assert_eq!(
        query(&open.url, "code_challenge_method").as_deref(),
        Some("S256")
    );
    assert_eq!(
        query(&open.url, "state"),
        open.state,
        "the definition cannot set it"
    );
    let back = Input::Callback(server.approve(&open.url));
    let credential = world.advance(&connector, &mut run, back).await.done();
    assert!(value(&credential, "login", "/access_token").is_string());
    let sent = &server.token_requests()[0];
    assert_eq!(sent.form_value("code_verifier").unwrap().len(), 43);
    assert_eq!(sent.form_value("audience").as_deref(), Some("a b"));
    assert_eq!(sent.form_value("redirect_uri").as_deref(), Some(CALLBACK));
    assert_eq!(sent.form_value("client_secret"), None);
    assert_eq!(credential.expires_at, Some(credential.issued_at + 3600));
}

#[tokio::test]
async fn attack_1_and_2_state_is_random_checked_and_used_once() {
    let server = AuthorizationServer::start();
    let connector = definition(&server, "oauth2_pkce", WRITTEN_OUT);
    let mut world = World::new();
    let (mut run, open) = sent_out(&mut world, &connector).await;
    let (_, other) = sent_out(&mut world, &connector).await;
    assert_ne!(open.state, other.state);
    assert!(open.state.as_deref().is_some_and(|state| state.len() >= 22));
    // Attack 11: the code of one sign-in cannot be used in another.
    let foreign = server.approve(&other.url);
    let mut without = foreign.clone();
    without.set_query(Some("code=c"));
    for back in [foreign, without] {
        let open = world
            .advance(&connector, &mut run, Input::Callback(back))
            .await
            .open();
        assert!(open.refused.is_some());
    }
    assert!(server.token_requests().is_empty());
    let back = server.approve(&open.url);
    world
        .advance(&connector, &mut run, Input::Callback(back.clone()))
        .await
        .done();
    let failure = world
        .advance(&connector, &mut run, Input::Callback(back))
        .await
        .failed();
    assert_eq!(failure.code, "run_ended");
    assert_eq!(server.token_requests().len(), 1);
}

#[tokio::test]
async fn a_redirect_is_not_taken_twice_when_the_exchange_failed() {
    let server = AuthorizationServer::start();
    let connector = definition(&server, "oauth2_pkce", WRITTEN_OUT);
    let mut world = World::new();
    let (mut run, open) = sent_out(&mut world, &connector).await;
    server.next_token_reply(Reply::status(503));
    let back = server.approve(&open.url);
    let progress = world
        .advance(&connector, &mut run, Input::Callback(back.clone()))
        .await;
    assert!(progress.failed().is_passing());
    let again = world
        .advance(&connector, &mut run, Input::Callback(back))
        .await
        .open();
    assert_ne!(again.state, open.state);
    assert_eq!(server.token_requests().len(), 1);
    let back = Input::Callback(server.approve(&again.url));
    world.advance(&connector, &mut run, back).await.done();
}

#[tokio::test]
async fn a_refusal_has_the_apis_own_words() {
    let server = AuthorizationServer::start();
    let connector = definition(&server, "oauth2_pkce", WRITTEN_OUT);
    let mut world = World::new();
    let (mut run, open) = sent_out(&mut world, &connector).await;
    let back = Input::Callback(server.deny(&open.url));
    let failure = world.advance(&connector, &mut run, back).await.failed();
    assert!(failure.is_refused());
    assert!(
        failure.message.contains("access_denied"),
        "{}",
        failure.message
    );
    let (mut run, open) = sent_out(&mut world, &connector).await;
    let text = "%3Cscript%3Ealert(1)%3C%2Fscript%3E%0D%0Ax";
    let state = open.state.unwrap();
    let back = format!("{CALLBACK}?state={state}&error=x&error_description={text}");
    let back = Input::Callback(Url::parse(&back).unwrap());
    let failure = world.advance(&connector, &mut run, back).await.failed();
    // Attack 12: a text, whoever shows it escapes it; without line breaks at least.
    assert_eq!(
        &*failure.message,
        "The API refused: <script>alert(1)</script>  x (x)"
    );
}

#[tokio::test]
async fn attack_6_plain_only_where_it_is_asked_for() {
    let table = [
        ("oauth2", "", Pkce::Optional, None),
        (
            "oauth2",
            ", code_challenge_method: S256",
            Pkce::S256,
            Some("S256"),
        ),
        ("oauth2_pkce", "", Pkce::S256, Some("S256")),
        (
            "oauth2",
            ", code_challenge_method: plain",
            Pkce::Any,
            Some("plain"),
        ),
    ];
    for (kind, more, pkce, method) in table {
        let server = AuthorizationServer::builder().pkce(pkce).start();
        let connector = definition(&server, kind, &format!("{WRITTEN_OUT}{more}"));
        let mut world = World::new();
        let (mut run, open) = sent_out(&mut world, &connector).await;
        assert_eq!(query(&open.url, "code_challenge_method").as_deref(), method);
        let back = Input::Callback(server.approve(&open.url));
        world.advance(&connector, &mut run, back).await.done();
    }
}

#[tokio::test]
async fn an_issuer_names_its_endpoints() {
    let server = AuthorizationServer::builder().iss().start();
    let keys = r#"client_secret: "{{secrets.client_secret}}", issuer: "AS""#;
    let connector = definition(&server, "oauth2_pkce", keys);
    let mut world = World::new();
    let (mut run, open) = sent_out(&mut world, &connector).await;
    let back = Input::Callback(server.approve(&open.url));
    world.advance(&connector, &mut run, back).await.done();
}

#[tokio::test]
async fn attack_13_metadata_of_another_issuer_is_refused() {
    let server = AuthorizationServer::builder()
        .discovery_issuer("https://other.example")
        .start();
    let keys = r#"client_secret: "{{secrets.client_secret}}", issuer: "AS""#;
    let connector = definition(&server, "oauth2_pkce", keys);
    let failure = World::new().begin(&connector, &[]).await.1.failed();
    assert_eq!(failure.code, "issuer_mismatch");
}

#[tokio::test]
async fn attack_7_and_8_a_redirect_from_another_issuer_sends_nothing() {
    let keys = r#"client_secret: "{{secrets.client_secret}}", issuer: "AS""#;
    let mixed_up = AuthorizationServer::builder()
        .redirect_issuer("https://evil.example")
        .start();
    let connector = definition(&mixed_up, "oauth2_pkce", keys);
    let mut world = World::new();
    let (mut run, open) = sent_out(&mut world, &connector).await;
    let back = Input::Callback(mixed_up.approve(&open.url));
    let failure = world.advance(&connector, &mut run, back).await.failed();
    assert_eq!(failure.code, "issuer_mismatch");
    assert!(mixed_up.token_requests().is_empty());

    let silent = AuthorizationServer::builder().iss().start();
    let connector = definition(&silent, "oauth2_pkce", keys);
    let (mut run, open) = sent_out(&mut world, &connector).await;
    let mut back = silent.approve(&open.url);
    let kept: Vec<_> = back
        .query_pairs()
        .filter(|(key, _)| key != "iss")
        .map(|(key, value)| (key.into_owned(), value.into_owned()))
        .collect();
    back.query_pairs_mut().clear().extend_pairs(kept);
    let progress = world
        .advance(&connector, &mut run, Input::Callback(back))
        .await;
    assert_eq!(progress.failed().code, "issuer_mismatch");
    assert!(silent.token_requests().is_empty());
}

#[tokio::test]
async fn the_client_proves_itself_as_the_definition_says_at_exchange_and_refresh() {
    let secret = r#"client_secret: "{{secrets.client_secret}}""#;
    let table = [
        (ClientAuth::Basic, secret.to_owned()),
        (
            ClientAuth::Post,
            format!("{secret}, client_auth: client_secret_post"),
        ),
        (ClientAuth::None, "client_auth: none".to_owned()),
    ];
    for (auth, keys) in table {
        let server = AuthorizationServer::builder().client_auth(auth).start();
        let definition = format!(
            r#"
secrets: [client_secret]
auth_flow:
  steps:
    - {{ id: login, kind: oauth2_pkce, client_id: client-1, authorization_url: "BASE/authorize", token_url: "BASE/token", {keys} }}
refresh_flow:
  steps:
    - {{ id: renew, kind: oauth2_refresh, of: login }}
"#
        );
        let connector = connector(&server.issuer(), &definition);
        let mut world = World::new();
        let (mut run, open) = sent_out(&mut world, &connector).await;
        let back = Input::Callback(server.approve(&open.url));
        let first = world.advance(&connector, &mut run, back).await.done();
        let second = world.refresh(&connector, &first).await.done();
        for pointer in ["/access_token", "/refresh_token"] {
            let (old, new) = (
                value(&first, "login", pointer),
                value(&second, "login", pointer),
            );
            assert!(new.is_string() && old != new, "{auth:?} {pointer}");
        }
    }
}

#[tokio::test]
async fn token_replies_come_in_three_shapes() {
    for format in [
        TokenFormat::Json,
        TokenFormat::Form,
        TokenFormat::QueryString,
    ] {
        let server = AuthorizationServer::builder().token_format(format).start();
        let connector = definition(&server, "oauth2_pkce", WRITTEN_OUT);
        let mut world = World::new();
        let (mut run, open) = sent_out(&mut world, &connector).await;
        let back = Input::Callback(server.approve(&open.url));
        let credential = world.advance(&connector, &mut run, back).await.done();
        assert!(
            value(&credential, "login", "/refresh_token").is_string(),
            "{format:?}"
        );
        assert_eq!(
            credential.expires_at,
            Some(credential.issued_at + 3600),
            "{format:?}"
        );
    }
}

#[tokio::test]
async fn attack_15_less_than_was_asked_for_is_told() {
    let server = AuthorizationServer::builder().scope("read").start();
    let keys = format!(r#"{WRITTEN_OUT}, scope: "read write""#);
    let connector = definition(&server, "oauth2_pkce", &keys);
    let mut world = World::new();
    let (mut run, open) = sent_out(&mut world, &connector).await;
    let back = Input::Callback(server.approve(&open.url));
    let credential = world.advance(&connector, &mut run, back).await.done();
    assert_eq!(value(&credential, "login", "/scope"), json!("read"));
    assert_eq!(world.warnings().len(), 1, "{:?}", world.warnings());
}

#[tokio::test]
async fn client_credentials_need_nobody() {
    let server = AuthorizationServer::start();
    let definition = r#"
secrets: [client_secret]
auth_flow:
  steps:
    - { id: token, kind: oauth2_client_credentials, client_id: client-1, client_secret: "{{secrets.client_secret}}", token_url: "BASE/token", scope: read }
"#;
    let connector = connector(&server.issuer(), definition);
    let mut world = World::new();
    let first = world.sign_in(&connector, &[]).await;
    assert_eq!(value(&first, "token", "/scope"), json!("read"));
    let second = world.refresh(&connector, &first).await.done();
    assert_ne!(
        value(&first, "token", "/access_token"),
        value(&second, "token", "/access_token")
    );
}

#[tokio::test]
async fn a_token_endpoint_does_not_redirect() {
    let elsewhere = Upstream::start(|_| Reply::json(json!({ "access_token": "stolen" })));
    let server = AuthorizationServer::start();
    let connector = definition(&server, "oauth2_pkce", WRITTEN_OUT);
    let mut world = World::new();
    let (mut run, open) = sent_out(&mut world, &connector).await;
    let there = Reply::redirect(&elsewhere.url("/token")).with_status(307);
    server.next_token_reply(there);
    let back = Input::Callback(server.approve(&open.url));
    let failure = world.advance(&connector, &mut run, back).await.failed();
    assert_eq!(failure.code, "token_reply_unusable");
    assert!(elsewhere.requests().is_empty());
}
