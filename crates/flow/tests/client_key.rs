//! Clients that sign (RFC 7523, section 2.2), and parameters that are pushed (RFC 9126).

use std::collections::HashMap;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use flow::Input;
use serde_json::{Value, json};
use testkit::{Reply, Upstream};

use crate::world::{Expect, NOW, World, connector, value};

fn world(form: &str) -> World {
    let keys: Value = serde_json::from_str(include_str!("../src/jose/keys.json")).unwrap();
    let mut world = World::new();
    let key = keys["pem"][form].as_str().unwrap().to_owned();
    world.secrets.insert("key", secret::SecretString::new(key));
    world
}

fn form(request: &http::Request<bytes::Bytes>) -> HashMap<String, String> {
    form_urlencoded::parse(request.body())
        .into_owned()
        .collect()
}

/// Header and claims of a statement.
fn signed(form: &HashMap<String, String>) -> (Value, Value) {
    let kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    assert_eq!(form["client_assertion_type"], kind);
    let parts: Vec<_> = form["client_assertion"].split('.').collect();
    let read = |part: &str| serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap();
    (read(parts[0]), read(parts[1]))
}

fn tokens() -> Upstream {
    Upstream::start(|request| match request.uri().path() {
        "/par" => Reply::json(json!({ "request_uri": "urn:example:r-1", "expires_in": 60 }))
            .with_status(201),
        _ => Reply::json(json!({ "access_token": "a-1", "refresh_token": "r-1" })),
    })
}

#[tokio::test]
async fn a_client_signs_a_new_statement_for_each_request() {
    let upstream = tokens();
    let definition = r#"
secrets: [key]
auth_flow:
  steps:
    - { id: one, kind: oauth2_client_credentials, token_url: "BASE/token", client_id: c-1, client_key: "{{secrets.key}}", client_key_id: k-1 }
refresh_flow: { steps: [{ id: renew, kind: oauth2_refresh, of: one, client_audience: "https://id.example", client_key_algorithm: PS256 }] }
"#;
    let connector = connector(&upstream.origin(), definition);
    let mut world = world("rsa pkcs1");
    let credential = world.sign_in(&connector, &[]).await;
    world.refresh(&connector, &credential).await.done();
    let requests = upstream.requests_to("/token");
    let (first, second) = (form(&requests[0]), form(&requests[1]));
    assert!(requests[0].headers().get("authorization").is_none());
    assert_eq!(first["client_id"], "c-1");
    let (header, claims) = signed(&first);
    assert_eq!(
        header,
        json!({ "alg": "RS256", "typ": "JWT", "kid": "k-1" })
    );
    let jti = claims["jti"].clone();
    assert_eq!(
        claims,
        json!({ "iss": "c-1", "sub": "c-1", "aud": upstream.url("/token"), "iat": NOW, "exp": NOW + 120, "jti": jti })
    );
    let (header, again) = signed(&second);
    assert_eq!(
        (&header["alg"], &again["aud"]),
        (&json!("PS256"), &json!("https://id.example"))
    );
    assert_ne!(again["jti"], jti);
    let statement = &second["client_assertion"];
    assert!(
        !world
            .masker()
            .mask(&format!("<{statement}>"))
            .contains(statement)
    );
}

#[tokio::test]
async fn a_clients_key_that_cannot_be_used_is_named_by_its_field() {
    let definition = r#"
secrets: [key]
auth_flow:
  steps:
    - { id: one, kind: oauth2_client_credentials, token_url: "https://id.example/token", client_id: c-1, client_auth: private_key_jwt, client_key: "{{secrets.key}}", client_key_algorithm: ES256 }
"#;
    let connector = connector("https://api.example", definition);
    let failure = world("p384 sec1").begin(&connector, &[]).await.1.failed();
    assert_eq!(
        (failure.code, failure.message.as_str()),
        (
            "key_unusable",
            "`one.client_key` does not fit: it is an EC key on P-384, and ES256 needs an EC key on P-256."
        )
    );
}

const PUSHED: &str = r#"
secrets: [key]
auth_flow:
  steps:
    - { id: login, kind: oauth2_pkce, client_id: c-1, client_key: "{{secrets.key}}", authorization_url: "BASE/authorize", token_url: "BASE/token", par_url: "BASE/par", scope: read, resource: "https://api.example" }
"#;

#[tokio::test]
async fn pushed_parameters_do_not_travel_by_the_browser() {
    let upstream = tokens();
    let connector = connector(&upstream.origin(), PUSHED);
    let mut world = world("ed25519 pkcs8");
    let (mut run, progress) = world.begin(&connector, &[]).await;
    let open = progress.open();
    let carried: Vec<_> = open.url.query_pairs().into_owned().collect();
    let pair = |key: &str, text: &str| (key.to_owned(), text.to_owned());
    assert_eq!(
        carried,
        [
            pair("client_id", "c-1"),
            pair("request_uri", "urn:example:r-1")
        ]
    );
    let pushed = form(&upstream.last_request());
    assert_eq!(signed(&pushed).0["alg"], "EdDSA");
    assert_eq!(signed(&pushed).1["aud"], json!(upstream.url("/token")));
    for (key, text) in [
        ("response_type", "code"),
        ("scope", "read"),
        ("resource", "https://api.example"),
        ("code_challenge_method", "S256"),
    ] {
        assert_eq!(pushed[key], text);
    }
    let state = open.state.unwrap();
    assert_eq!(pushed["state"], state);
    let back = format!("http://127.0.0.1:8914/callback?code=c&state={state}");
    let back = Input::Callback(back.parse().unwrap());
    let credential = world.advance(&connector, &mut run, back).await.done();
    assert_eq!(value(&credential, "login", "/access_token"), json!("a-1"));
    assert_eq!(
        form(&upstream.last_request())["resource"],
        "https://api.example"
    );
}

#[tokio::test]
async fn a_push_that_is_refused_or_answered_otherwise_opens_no_browser() {
    let refused =
        Reply::json(json!({ "error": "invalid_request", "error_description": "No such scope" }));
    let table = [
        (
            refused.with_status(400),
            "pushed_request_refused",
            "No such scope",
        ),
        (
            Reply::json(json!({ "expires_in": 5 })),
            "pushed_reply_unusable",
            "request_uri",
        ),
    ];
    for (reply, code, said) in table {
        let upstream = Upstream::start(move |_| reply.clone());
        let connector = connector(&upstream.origin(), PUSHED);
        let failure = world("p256 pkcs8").begin(&connector, &[]).await.1.failed();
        assert_eq!(failure.code, code);
        assert!(failure.message.contains(said), "{failure:?}");
    }
}
