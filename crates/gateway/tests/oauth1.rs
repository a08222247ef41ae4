//! Calls signed by OAuth 1.0a, against an API that makes each signature again for itself.

use crate::front::{Front, to};
use crate::pieces::Pieces;
use crate::world::{World, request};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use gateway::CallBody;
use hmac::{Hmac, KeyInit, Mac};
use http::{Method, Request};
use serde_json::json;
use sha2::Sha256;
use std::collections::HashSet;
use std::sync::Mutex;
use testkit::{Received, Reply, Upstream};

const SIGNED: &str = r#"
auth_flow: { steps: [ { id: login, kind: api_request, request: { method: POST, url: "{{base_url}}/login" } } ] }
request_parameters:
  - { in: body, name: who, value: a+b, when: { value: "{{request.method}}", equals: POST } }
sign_in:
  kind: oauth1
  consumer_key: c
  consumer_secret: cs
  token: t
  token_secret: "{{login.body.secret}}"
  signature_method: HMAC-SHA256
"#;

/// An API that gives a new secret at each login and takes the newest alone, each nonce once.
fn api() -> Upstream {
    let (given, nonces) = (Mutex::new(0), Mutex::new(HashSet::new()));
    Upstream::start(move |request| match request.uri().path() {
        "/login" => {
            let mut given = given.lock().unwrap();
            *given += 1;
            Reply::json(json!({ "secret": format!("ts-{given}") }))
        }
        "/api/end" => {
            *given.lock().unwrap() += 100;
            Reply::json(json!({}))
        }
        _ => {
            let key = format!("cs&ts-{}", given.lock().unwrap());
            let nonce = protocol(request, "oauth_nonce");
            let fits = protocol(request, "oauth_signature") == expected(request, &key);
            match fits && nonces.lock().unwrap().insert(nonce) {
                true => {
                    Reply::json(json!({ "query": request.uri().query(), "body": request.text() }))
                }
                false => Reply::status(401),
            }
        }
    })
}

/// A parameter of the protocol, from wherever it stands; the encoded ones here are signatures.
fn protocol(request: &Request<Bytes>, name: &str) -> String {
    let header = request.header("authorization").unwrap_or_default();
    let quoted = header
        .split(", ")
        .find_map(|part| {
            part.trim_start_matches("OAuth ")
                .strip_prefix(&format!("{name}=\""))
        })
        .map(|part| {
            part.trim_end_matches('"')
                .replace("%2B", "+")
                .replace("%2F", "/")
                .replace("%3D", "=")
        });
    quoted
        .or_else(|| request.query_value(name))
        .or_else(|| request.form_value(name))
        .unwrap_or_default()
}

/// The signature of the one request of these tests, whose parameters are in order as they stand here.
fn expected(request: &Request<Bytes>, key: &str) -> String {
    let own = match request.method().as_str() {
        "POST" => "a%3D1%26a%3D1%26b%3D%2520%26e%3D",
        _ => "b%3D%2520",
    };
    let who = match request.method().as_str() {
        "POST" => "%26who%3Da%252Bb",
        _ => "",
    };
    let host = request.header("host").unwrap().replace(':', "%3A");
    let path = request.uri().path().replace('/', "%2F");
    let signed = format!(
        "{}&http%3A%2F%2F{host}{path}&{own}%26oauth_consumer_key%3Dc%26oauth_nonce%3D{}%26oauth_signature_method%3DHMAC-SHA256%26oauth_timestamp%3D{}%26oauth_token%3Dt%26oauth_version%3D1.0{who}",
        request.method(),
        protocol(request, "oauth_nonce"),
        protocol(request, "oauth_timestamp"),
    );
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).unwrap();
    mac.update(signed.as_bytes());
    STANDARD.encode(mac.finalize().into_bytes())
}

const FORM: (&str, &str) = ("Content-Type", "application/x-www-form-urlencoded");
/// What a caller sends of the protocol goes, and nothing of it is signed.
const PATH: &str = "/api/x?oauth_token=theirs&b=%20";
const BODY: &str = "e&a=1&oauth_signature=theirs&a=1";

#[tokio::test(flavor = "multi_thread")]
async fn a_form_and_a_query_are_signed_wherever_the_parameters_stand() {
    for place in ["header", "query", "body"] {
        let api = api();
        let world = World::at(&api.origin(), &format!("{SIGNED}  in: {place}\n")).await;
        let front = Front::of(&world).await;
        let headers = [FORM, ("Authorization", "OAuth theirs")];
        let body = || CallBody::Bytes(Bytes::from(BODY));
        let answer = world
            .call(request(Method::POST, PATH, &headers, body()))
            .await
            .unwrap();
        assert_eq!(
            (answer.status.as_u16(), answer.attempts),
            (200, 1),
            "{place}"
        );
        let got = front.got(to(Method::POST, PATH, &headers, BODY)).await;
        assert_eq!((got.status, got.attempts()), (200, 1), "{place}");
        for sent in api.requests_to("/api/x") {
            let (query, body) = (sent.uri().query().unwrap().to_owned(), sent.text());
            assert!(
                query.starts_with("b=%20") && body.starts_with("e&a=1&a=1&who=a%2Bb"),
                "{query} {body}"
            );
            let standing = [
                sent.header("authorization")
                    .is_some_and(|it| it.starts_with("OAuth oauth_")),
                query.contains("oauth_"),
                body.contains("oauth_"),
            ];
            assert_eq!(
                standing,
                [place == "header", place == "query", place == "body"]
            );
        }
        if place != "body" {
            let got = front.got(to(Method::GET, "/api/x?b=%20", &[], "")).await;
            assert_eq!(got.status, 200, "{place}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_42_a_call_that_is_sent_again_is_signed_anew() {
    let api = api();
    let world = World::at(&api.origin(), SIGNED).await;
    let front = Front::of(&world).await;
    front.got(to(Method::GET, "/api/end", &[], "")).await;
    let got = front.got(to(Method::POST, PATH, &[FORM], BODY)).await;
    assert_eq!((got.status, got.attempts()), (200, 2));
    let sent = api.requests_to("/api/x");
    let part = |name| -> HashSet<_> { sent.iter().map(|it| protocol(it, name)).collect() };
    assert_eq!(
        (
            sent.len(),
            part("oauth_nonce").len(),
            part("oauth_signature").len()
        ),
        (2, 2, 2)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_too_large_to_keep_cannot_be_signed() {
    let api = api();
    let world = World::at(&api.origin(), SIGNED).await;
    let front = Front::of(&world).await;
    let upload = |content_type: &str| {
        let call = Request::put("/proxy/echo/api/upload").header("content-type", content_type);
        call.body(Pieces::default().of(110)).unwrap()
    };
    let got = front.got(upload(FORM.1)).await;
    assert_eq!(got.code(), Some("body_too_large"));
    assert!(api.requests_to("/api/upload").is_empty());
    front.got(upload("application/octet-stream")).await;
    let sent = api.requests_to("/api/upload");
    assert!(sent[0].body() == &Pieces::sum(&[110]));
    assert!(!protocol(&sent[0], "oauth_signature").is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn where_there_is_no_form_the_body_cannot_carry_the_parameters() {
    let api = api();
    let world = World::at(&api.origin(), &format!("{SIGNED}  in: body\n")).await;
    let refused = world
        .call(request(Method::GET, "/api/x", &[], CallBody::Empty))
        .await
        .unwrap_err();
    assert!(refused.to_string().contains("sign_in.in"), "{refused}");
    assert!(api.requests_to("/api/x").is_empty());
}
