//! JSON Web Tokens that a step signs: what is in them, and their exchange.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use testkit::{Reply, Upstream};

use crate::world::{Expect, NOW, World, connector, value};

const KEY: &str = "a secret of at least thirty-two bytes";

fn world() -> World {
    let mut world = World::new();
    let key = secret::SecretString::new(KEY.to_owned());
    world.secrets.insert("key", key);
    world
}

fn parts(token: &Value) -> (Value, Value) {
    let token = token.as_str().unwrap();
    let parts: Vec<_> = token.split('.').collect();
    let read = |part: &str| serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap();
    assert_eq!(parts.len(), 3);
    (read(parts[0]), read(parts[1]))
}

fn signing(rest: &str) -> String {
    format!(
        r#"
secrets: [key]
variables: {{ roles: [a, 1] }}
auth_flow:
  steps:
    - {{ id: form1, kind: form, fields: [{{ key: user }}, {{ key: team, required: false }}] }}
    - {{ id: sign, kind: jwt_bearer, algorithm: HS256, key: "{{{{secrets.key}}}}", {rest} }}
"#
    )
}

#[tokio::test]
async fn claims_keep_their_types_and_times_come_by_themselves() {
    let rest = r#"header: { kid: k-1 }, claims: { sub: "{{form1.user}}", roles: "{{variables.roles}}", team: "{{form1.team}}", n: 7, deep: { yes: true } }"#;
    let connector = connector("https://api.example", &signing(rest));
    let mut world = world();
    let credential = world.sign_in(&connector, &[("form1", "user", "ana")]).await;
    let token = value(&credential, "sign", "/token");
    let (header, claims) = parts(&token);
    assert_eq!(
        header,
        json!({ "alg": "HS256", "typ": "JWT", "kid": "k-1" })
    );
    let id = claims["jti"].as_str().unwrap().to_owned();
    assert_eq!(id.len(), 22);
    assert_eq!(
        claims,
        json!({ "iat": NOW, "exp": NOW + 300, "jti": id, "sub": "ana", "roles": ["a", 1], "n": 7, "deep": { "yes": true } })
    );
    let token = token.as_str().unwrap();
    assert!(!world.masker().mask(&format!("<{token}>")).contains(token));
}

#[tokio::test]
async fn the_definition_has_the_last_word_on_claims() {
    let rest = r#"expires_in: 1h, claims: { jti: mine, iat: null }, header: { typ: at+jwt }"#;
    let connector = connector("https://api.example", &signing(rest));
    let credential = world()
        .sign_in(&connector, &[("form1", "user", "ana")])
        .await;
    let (header, claims) = parts(&value(&credential, "sign", "/token"));
    assert_eq!(header, json!({ "alg": "HS256", "typ": "at+jwt" }));
    assert_eq!(claims, json!({ "exp": NOW + 3600, "jti": "mine" }));
}

#[tokio::test]
async fn a_token_is_exchanged_for_an_access_token() {
    let upstream =
        Upstream::start(|_| Reply::json(json!({ "access_token": "a-1", "expires_in": 600 })));
    let rest = r#"claims: { iss: me }, token_url: "BASE/token", token_parameters: { scope: read }"#;
    let connector = connector(&upstream.origin(), &signing(rest));
    let credential = world()
        .sign_in(&connector, &[("form1", "user", "ana")])
        .await;
    assert_eq!(value(&credential, "sign", "/access_token"), json!("a-1"));
    assert_eq!(credential.expires_at, Some(NOW + 600));
    let request = upstream.last_request();
    assert!(request.headers().get("authorization").is_none());
    let form: Vec<(String, String)> = form_urlencoded::parse(request.body())
        .into_owned()
        .collect();
    assert_eq!(form[0].1, "urn:ietf:params:oauth:grant-type:jwt-bearer");
    assert_eq!(parts(&json!(form[1].1)).1["iss"], json!("me"));
    assert_eq!(form[2], ("scope".to_owned(), "read".to_owned()));
    assert_eq!(form.len(), 3);
}

#[tokio::test]
async fn a_refusal_tells_how_far_the_clocks_are_apart() {
    let date = httpdate::fmt_http_date(
        std::time::UNIX_EPOCH + std::time::Duration::from_secs(u64::try_from(NOW + 400).unwrap()),
    );
    let upstream = Upstream::start(move |_| {
        Reply::json(json!({ "error": "invalid_grant", "error_description": "Token used too late" }))
            .with_status(400)
            .header("Date", &date)
    });
    let connector = connector(&upstream.origin(), &signing(r#"token_url: "BASE/token""#));
    let failure = world()
        .begin(&connector, &[("form1", "user", "ana")])
        .await
        .1
        .failed();
    let host = upstream.origin().replace("http://", "");
    assert_eq!(
        &*failure.message,
        format!(
            "The API refused: Token used too late (invalid_grant). This machine's clock is 6 min 40 s behind {host}'s."
        )
    );
    assert!(failure.help.contains("NTP"), "{failure:?}");
}

#[tokio::test]
async fn a_key_that_does_not_fit_is_named_by_its_field() {
    let mut world = world();
    let pem = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA\n-----END PUBLIC KEY-----\n";
    world
        .secrets
        .insert("key", secret::SecretString::new(pem.to_owned()));
    let connector = connector("https://api.example", &signing("expires_in: 60"));
    let failure = world
        .begin(&connector, &[("form1", "user", "ana")])
        .await
        .1
        .failed();
    assert_eq!(failure.code, "key_unusable");
    assert_eq!(
        &*failure.message,
        "`sign.key` cannot sign: it is a public key, and the private key is needed."
    );
    assert!(failure.help.contains("PKCS#8"), "{failure:?}");
}
