//! The authorization server keeps to the RFCs, and breaks them only when told.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use testkit::{
    AuthorizationServer, AuthorizationServerBuilder, ClientAuth, Pkce, Reply, TokenFormat,
};
use url::Url;

use crate::ask::{get, post, read_all, send};

const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const REDIRECT: &str = "http://127.0.0.1:8914/callback";

/// The RFC 7636 verifier's authorization URL, with more parameters at its end.
#[expect(clippy::unwrap_used, reason = "a valid URL")]
fn authorization_url(server: &AuthorizationServer, more: &[(&str, &str)]) -> Url {
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER));
    let mut parameters = vec![
        ("response_type", "code"),
        ("client_id", "client-1"),
        ("redirect_uri", REDIRECT),
        ("state", "s-1"),
        ("code_challenge", &challenge),
        ("code_challenge_method", "S256"),
    ];
    parameters.extend_from_slice(more);
    Url::parse_with_params(&server.authorization_url(), parameters).unwrap()
}

fn parameter(url: &Url, name: &str) -> Option<String> {
    let mut pairs = url.query_pairs();
    pairs
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.into_owned())
}

/// Status and body of a token request with the secret in the body.
fn token(server: &AuthorizationServer, form: &str) -> (u16, Value) {
    let form = format!("{form}&client_id=client-1&client_secret=secret-1");
    read(&post(server.upstream().address(), "/token", &form))
}

fn read(reply: &str) -> (u16, Value) {
    let status = reply.get(9..12).and_then(|status| status.parse().ok());
    let body = reply.split_once("\r\n\r\n").map_or("", |(_, body)| body);
    (
        status.unwrap_or(0),
        serde_json::from_str(body).unwrap_or(json!(body)),
    )
}

fn exchange(server: &AuthorizationServer, callback: &Url) -> (u16, Value) {
    let code = parameter(callback, "code").unwrap_or_default();
    token(
        server,
        &format!(
            "grant_type=authorization_code&code={code}&redirect_uri={REDIRECT}&code_verifier={VERIFIER}"
        ),
    )
}

fn refresh(server: &AuthorizationServer, tokens: &Value) -> (u16, Value) {
    let token_text = tokens["refresh_token"].as_str().unwrap_or_default();
    token(
        server,
        &format!("grant_type=refresh_token&refresh_token={token_text}"),
    )
}

fn me(server: &AuthorizationServer, tokens: &Value) -> (u16, Value) {
    let access = tokens["access_token"].as_str().unwrap_or_default();
    let rest = format!("authorization: Bearer {access}\r\nconnection: close\r\n\r\n");
    read(&read_all(&mut send(
        server.upstream().address(),
        "GET",
        "/api/me",
        &rest,
    )))
}

fn posting() -> AuthorizationServerBuilder {
    AuthorizationServer::builder().client_auth(ClientAuth::Post)
}

#[test]
fn signs_in_refreshes_and_kills_on_replay() {
    let server = posting().start();
    let callback = server.approve(&authorization_url(&server, &[("scope", "read")]));
    assert!(callback.as_str().starts_with(REDIRECT));
    assert_eq!(parameter(&callback, "state").as_deref(), Some("s-1"));
    assert_eq!(parameter(&callback, "iss"), None);
    let (status, first) = exchange(&server, &callback);
    assert_eq!(
        (status, &first["scope"], &first["expires_in"]),
        (200, &json!("read"), &json!(3600))
    );
    assert_eq!(me(&server, &first).1["user"]["id"], "alice");
    server.expire_access_tokens();
    assert_eq!(me(&server, &first).0, 401);
    let (_, second) = refresh(&server, &first);
    assert_ne!(second["refresh_token"], first["refresh_token"]);
    assert_eq!((me(&server, &second).0, server.live_grants()), (200, 1));
    let (status, error) = refresh(&server, &first);
    assert_eq!((status, &error["error"]), (400, &json!("invalid_grant")));
    assert_eq!(
        (me(&server, &second).0, refresh(&server, &second).0),
        (401, 400)
    );
    assert_eq!((server.replays(), server.live_grants()), (1, 0));
    assert_eq!(server.token_requests().len(), 4);
}

#[test]
fn a_code_is_good_once() {
    let server = posting().start();
    let callback = server.approve(&authorization_url(&server, &[]));
    let (_, tokens) = exchange(&server, &callback);
    assert_eq!(exchange(&server, &callback).0, 400);
    assert_eq!((me(&server, &tokens).0, server.replays()), (401, 1));
}

#[test]
fn pkce_is_checked() {
    let server = posting().start();
    let callback = server.approve(&authorization_url(&server, &[]));
    let code = parameter(&callback, "code").unwrap();
    for verifier in [
        "",
        "&code_verifier=short",
        &format!("&code_verifier={}", "x".repeat(43)),
    ] {
        let form =
            format!("grant_type=authorization_code&code={code}&redirect_uri={REDIRECT}{verifier}");
        assert_eq!(token(&server, &form).0, 400, "{verifier}");
    }
    let bare = Url::parse_with_params(
        &server.authorization_url(),
        [
            ("response_type", "code"),
            ("client_id", "client-1"),
            ("redirect_uri", REDIRECT),
        ],
    )
    .unwrap();
    assert_eq!(
        parameter(&server.approve(&bare), "error").as_deref(),
        Some("invalid_request")
    );
    let lenient = posting().pkce(Pkce::Optional).start();
    let bare = Url::parse(&bare.as_str().replace(&server.issuer(), &lenient.issuer())).unwrap();
    let code = parameter(&lenient.approve(&bare), "code").unwrap();
    let form = format!("grant_type=authorization_code&code={code}&redirect_uri={REDIRECT}");
    assert_eq!(token(&lenient, &form).0, 200);
}

#[test]
fn the_client_shows_who_it_is() {
    for (auth, header, form, expected) in [
        (ClientAuth::Basic, Some("client-1:secret-1"), "", 200),
        (ClientAuth::Basic, Some("client-1:wrong"), "", 401),
        (
            ClientAuth::Basic,
            None,
            "&client_id=client-1&client_secret=secret-1",
            401,
        ),
        (
            ClientAuth::Post,
            None,
            "&client_id=client-1&client_secret=secret-1",
            200,
        ),
        (ClientAuth::Post, None, "&client_id=client-1", 401),
        (ClientAuth::None, None, "&client_id=client-1", 200),
    ] {
        let server = AuthorizationServer::builder().client_auth(auth).start();
        let form = format!("grant_type=client_credentials&scope=x{form}");
        let header =
            header.map(|pair| format!("authorization: Basic {}\r\n", STANDARD.encode(pair)));
        let rest = format!(
            "{}connection: close\r\ncontent-length: {}\r\n\r\n{form}",
            header.unwrap_or_default(),
            form.len()
        );
        let reply = read_all(&mut send(
            server.upstream().address(),
            "POST",
            "/token",
            &rest,
        ));
        assert_eq!(read(&reply).0, expected, "{auth:?} {form}");
    }
}

#[test]
fn the_redirect_can_name_the_issuer_or_another() {
    let server = posting().iss().start();
    let callback = server.approve(&authorization_url(&server, &[]));
    assert_eq!(parameter(&callback, "iss"), Some(server.issuer()));
    let denied = server.deny(&authorization_url(&server, &[]));
    assert_eq!(
        parameter(&denied, "error").as_deref(),
        Some("access_denied")
    );
    let mixed = posting().redirect_issuer("https://other.example").start();
    let callback = mixed.approve(&authorization_url(&mixed, &[]));
    assert_eq!(
        parameter(&callback, "iss").as_deref(),
        Some("https://other.example")
    );
    let document = read(&get(
        server.upstream().address(),
        "/.well-known/openid-configuration",
    ))
    .1;
    assert_eq!(document["issuer"], json!(server.issuer()));
    assert_eq!(document["token_endpoint"], json!(server.token_url()));
    assert_eq!(
        document["authorization_response_iss_parameter_supported"],
        true
    );
}

#[test]
fn token_replies_come_in_three_formats() {
    for (format, content_type) in [
        (TokenFormat::Json, "application/json"),
        (TokenFormat::Form, "application/x-www-form-urlencoded"),
        (TokenFormat::QueryString, "text/plain"),
    ] {
        let server = posting()
            .token_format(format)
            .expires_in(json!("90"))
            .start();
        let form = "grant_type=client_credentials&client_id=client-1&client_secret=secret-1";
        let reply = post(server.upstream().address(), "/token", form);
        assert!(
            reply.contains(&format!("content-type: {content_type}")),
            "{reply}"
        );
        let expected = if format == TokenFormat::Json {
            r#""expires_in":"90""#
        } else {
            "&expires_in=90"
        };
        assert!(reply.contains(expected), "{reply}");
    }
}

#[test]
fn a_reply_can_be_replaced_or_lost() {
    let server = posting().start();
    let (_, tokens) = exchange(&server, &server.approve(&authorization_url(&server, &[])));
    server.next_token_reply(Reply::status(503).header("retry-after", "7"));
    assert_eq!(refresh(&server, &tokens).0, 503);
    server.lose_next_token_reply();
    assert_eq!(refresh(&server, &tokens).0, 0);
    assert_eq!((refresh(&server, &tokens).0, server.replays()), (400, 1));
}

#[test]
fn revocation_and_the_end_of_grants() {
    let server = posting().rotate(false).start();
    let (_, tokens) = exchange(&server, &server.approve(&authorization_url(&server, &[])));
    let (status, renewed) = refresh(&server, &tokens);
    assert_eq!((status, renewed.get("refresh_token")), (200, None));
    let token_text = tokens["refresh_token"].as_str().unwrap();
    let form = format!("token={token_text}&client_id=client-1&client_secret=secret-1");
    assert!(post(server.upstream().address(), "/revoke", &form).starts_with("HTTP/1.1 200"));
    assert_eq!(
        (me(&server, &renewed).0, refresh(&server, &tokens).0),
        (401, 400)
    );
    server.sign_in_as("bob");
    let (_, tokens) = exchange(&server, &server.approve(&authorization_url(&server, &[])));
    assert_eq!(me(&server, &tokens).1["user"]["id"], "bob");
    server.end_grants();
    assert_eq!(
        (refresh(&server, &tokens).0, server.live_grants()),
        (400, 0)
    );
}
