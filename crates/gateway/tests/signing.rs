//! Calls that are signed one by one, against an API that makes each signature again for itself.

use crate::front::{Front, to};
use crate::pieces::Pieces;
use crate::world::{World, json_body, request};
use bytes::Bytes;
use gateway::CallBody;
use hmac::{Hmac, KeyInit, Mac};
use http::{Method, Request};
use http_body_util::BodyExt;
use serde_json::json;
use sha2::{Digest, Sha256};
use std::collections::HashSet;
use std::sync::Mutex;
use std::time::Duration;
use testkit::{Gate, Received, Reply, Upstream};

const DECLARED: &str = r#"
auth_flow: { steps: [ { id: login, kind: api_request, request: { method: POST, url: "{{base_url}}/login" } } ] }
cookies: { forward_all: true, double_submit: { cookie: csrf, send_as: { in: header, name: X-Csrf } } }
request_parameters:
  - { in: query, name: tenant, value: "{{variables.tenant}}" }
  - { in: body, name: who, value: me, when: { value: "{{request.method}}", equals: POST } }
variables: { tenant: a b }
sign_in:
  kind: hmac
  key: "{{login.body.key}}"
  string_to_sign: "{{request.method}} {{request.target}} {{timestamp}} {{nonce}} {{request.headers.x-csrf}} {{request.headers.cookie}} {{request.body_sha256}}"
  name: Authorization
  value: "Sig {{signature}}"
  headers: { X-Time: "{{timestamp}}", X-Nonce: "{{nonce}}" }
endpoints:
  - { name: add, request: { method: POST, url: "{{base_url}}/api/add", json: { a: 1 } } }
  - { name: own, request: { method: GET, url: "{{base_url}}/own", sign_in: { kind: hmac, key: own, string_to_sign: "{{request.path}}", name: X-Own } } }
  - { name: bare, attach: false, request: { method: GET, url: "{{base_url}}/bare" } }
"#;

/// An API that gives a new key at each login and takes the newest alone, each nonce once.
fn api() -> Upstream {
    let (given, nonces) = (Mutex::new(0), Mutex::new(HashSet::new()));
    Upstream::start(move |request| match request.uri().path() {
        "/login" => {
            let mut given = given.lock().unwrap();
            *given += 1;
            Reply::json(json!({ "key": format!("key-{given}") })).cookie("csrf=c1; Path=/")
        }
        "/end" => {
            *given.lock().unwrap() += 100;
            Reply::json(json!({}))
        }
        "/own" => match request.header("x-own") == Some(&mac("own", "/own")) {
            true => Reply::json(json!({})),
            false => Reply::status(403),
        },
        // What is signed there is not what is tried.
        "/bare" | "/api/upload" => Reply::json(json!({})),
        _ => {
            let key = format!("key-{}", given.lock().unwrap());
            let nonce = request.header("x-nonce").unwrap_or_default().to_owned();
            let fits = request.header("authorization") == Some(&expected(request, &key));
            match fits && nonces.lock().unwrap().insert(nonce) {
                true => {
                    Reply::json(json!({ "query": request.uri().query(), "body": request.text() }))
                }
                false => Reply::status(401),
            }
        }
    })
}

fn expected(request: &Request<Bytes>, key: &str) -> String {
    let header = |name| request.header(name).unwrap_or_default();
    let signed = format!(
        "{} {} {} {} {} {} {}",
        request.method(),
        request.uri(),
        header("x-time"),
        header("x-nonce"),
        header("x-csrf"),
        header("cookie"),
        hex::encode(Sha256::digest(request.body())),
    );
    format!("Sig {}", mac(key, &signed))
}

fn mac(key: &str, text: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).unwrap();
    mac.update(text.as_bytes());
    hex::encode(mac.finalize().into_bytes())
}

const JSON: (&str, &str) = ("Content-Type", "application/json");

#[tokio::test(flavor = "multi_thread")]
async fn what_leaves_is_what_was_signed_on_both_ways() {
    let api = api();
    let world = World::at(&api.origin(), DECLARED).await;
    let theirs = [
        JSON,
        ("Authorization", "Sig theirs"),
        ("X-Nonce", "theirs"),
        ("X-Time", "0"),
        ("X-Csrf", "theirs"),
    ];
    let path = "/api/x?tenant=theirs&q=%20a";
    let body = || json_body(r#"{"b":2}"#);
    let answer = world
        .call(request(Method::POST, path, &theirs, body()))
        .await
        .unwrap();
    assert_eq!((answer.status.as_u16(), answer.attempts), (200, 1));
    let front = Front::of(&world).await;
    let got = front
        .got(to(Method::POST, path, &theirs, r#"{"b":2}"#))
        .await;
    assert_eq!((got.status, got.attempts()), (200, 1));
    assert_eq!(got.json()["query"], "q=%20a&tenant=a+b");
    let body: serde_json::Value =
        serde_json::from_str(got.json()["body"].as_str().unwrap()).unwrap();
    assert_eq!(body, json!({ "b": 2, "who": "me" }));
    for name in ["add", "own", "bare"] {
        assert_eq!(world.endpoint(name).await.unwrap().status, 200, "{name}");
        let call = Request::post(format!("/call/{name}")).body(Pieces::default());
        assert_eq!(front.got(call.unwrap()).await.status, 200, "{name}");
    }
    for request in api.requests_to("/bare") {
        assert!(!request.headers().contains_key("authorization"));
    }
    for request in api.requests_to("/own") {
        assert!(!request.headers().contains_key("authorization"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_is_sent_again_is_signed_anew() {
    for through_the_front in [false, true] {
        let api = api();
        let world = World::at(&api.origin(), DECLARED).await;
        let front = Front::of(&world).await;
        let end = outbound::Outgoing::new(Method::POST, api.url("/end").parse().unwrap());
        let client = &world.connections.engine().client;
        let ended = client.send(
            end,
            outbound::Cookies::None,
            None,
            world.connections.engine().clock.now(),
        );
        assert_eq!(ended.await.unwrap().status, 200);
        let headers = [JSON, ("X-Nonce", "theirs")];
        let (status, attempts) = if through_the_front {
            let got = front
                .got(to(Method::PUT, "/api/again", &headers, "{}"))
                .await;
            (got.status, got.attempts())
        } else {
            let call = request(Method::PUT, "/api/again", &headers, json_body("{}"));
            let answer = world.call(call).await.unwrap();
            (answer.status.as_u16(), answer.attempts)
        };
        assert_eq!((status, attempts), (200, 2), "{through_the_front}");
        let sent = api.requests_to("/api/again");
        let nonces: HashSet<_> = sent
            .iter()
            .map(|it| it.header("x-nonce").unwrap())
            .collect();
        assert_eq!((sent.len(), nonces.len()), (2, 2));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_too_large_to_keep_goes_only_where_it_is_not_signed() {
    let api = api();
    for (definition, code) in [
        (DECLARED.to_owned(), Some("body_too_large")),
        (DECLARED.replace("{{request.body_sha256}}", "-"), None),
    ] {
        // A key in the body needs all of it too, and is not what is tried here.
        let definition =
            definition.replace("  - { in: body, name: who", "  - { in: header, name: X-Who");
        let world = World::at(&api.origin(), &definition).await;
        let front = Front::of(&world).await;
        let body = Pieces::default().of(110);
        let got = front
            .got(Request::put("/proxy/echo/api/upload").body(body).unwrap())
            .await;
        assert_eq!(got.code(), code);
        let body = CallBody::Stream(BodyExt::boxed(
            http_body_util::Full::new(Bytes::from(Pieces::sum(&[110])))
                .map_err(|never| match never {}),
        ));
        let answer = world
            .call(request(Method::PUT, "/api/upload", &[], body))
            .await;
        assert_eq!(answer.err().map(|error| error.code()), code);
    }
    let whole = api.requests_to("/api/upload");
    assert_eq!(whole.len(), 2, "one on each way");
    for request in whole {
        assert!(request.body() == &Pieces::sum(&[110]));
        assert!(request.header("authorization").unwrap().starts_with("Sig "));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_is_taken_on_once_and_again_before_its_end() {
    let asked = Mutex::new(0_u8);
    let api = Upstream::start(move |request| {
        if request.uri().path() != "/sts" {
            return Reply::json(json!({}));
        }
        let mut asked = asked.lock().unwrap();
        *asked += 1;
        let until = match *asked {
            1 => "2023-11-14T23:13:20Z",
            2 => "2023-11-15T00:13:20Z",
            _ => {
                return Reply::text(
                    "<Error><Code>AccessDenied</Code><Message>No more</Message></Error>",
                )
                .with_status(403);
            }
        };
        Reply::text(format!(
            "<Credentials><AccessKeyId>ASIA{asked}</AccessKeyId><SecretAccessKey>k{asked}</SecretAccessKey><SessionToken>t{asked}</SessionToken><Expiration>{until}</Expiration></Credentials>"
        ))
    });
    let definition = r#"
sign_in:
  kind: aws_sigv4
  access_key_id: AKIAOWN
  secret_access_key: own
  region: eu-central-1
  service: execute-api
  assume_role: { role_arn: "arn:aws:iam::1:role/a b", external_id: e, url: "{{base_url}}/sts" }
"#;
    let world = World::at(&api.origin(), definition).await;
    let first: Vec<_> = (0..4).map(|_| world.get("/x")).collect();
    for call in first {
        assert_eq!(call.await.unwrap().status, 200);
    }
    world.clock.advance(3299);
    assert_eq!(world.get("/x").await.unwrap().status, 200);
    assert_eq!(api.requests_to("/sts").len(), 1);
    let sts = &api.requests_to("/sts")[0];
    assert_eq!(
        sts.text(),
        "Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fa+b&RoleSessionName=stepgate&DurationSeconds=3600&ExternalId=e"
    );
    assert!(
        sts.header("authorization")
            .unwrap()
            .contains("Credential=AKIAOWN/20231114/eu-central-1/sts/aws4_request")
    );
    world.clock.advance(1);
    assert_eq!(world.get("/x").await.unwrap().status, 200);
    let calls = api.requests_to("/x");
    for (call, (key, token)) in calls
        .iter()
        .zip([("ASIA1", "t1"); 5].into_iter().chain([("ASIA2", "t2")]))
    {
        let authorization = call.header("authorization").unwrap();
        assert!(
            authorization.contains(&format!("Credential={key}/")),
            "{authorization}"
        );
        assert_eq!(call.header("x-amz-security-token"), Some(token));
    }
    // Refused before their end, they are used to their end.
    world.clock.advance(3650);
    assert_eq!(world.get("/x").await.unwrap().status, 200);
    assert_eq!(api.requests_to("/sts").len(), 3);
    world.clock.advance(250);
    let error = world.get("/x").await.unwrap_err();
    assert_eq!(error.code(), "sign_in_unusable");
    let said = error.to_string();
    assert!(
        said.contains("`sign_in.assume_role`") && said.contains("AccessDenied: No more"),
        "{said}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_show_the_connectors_certificate_on_both_ways() {
    let (authority, clients) = (testkit::Authority::new(), testkit::Authority::new());
    let bank = Upstream::builder()
        .tls_between(&authority, &clients)
        .start(|request| Reply::json(json!({ "client": request.client() })));
    let (certificate, key) = clients.client("calls.example");
    let quoted = |pem: &str| serde_json::to_string(pem).unwrap();
    let definition = format!(
        "{}client_certificate: {{ certificate: {}, key: {} }}\nendpoints: [{{ name: me, request: {{ method: GET, url: \"{{{{base_url}}}}/me\" }} }}]\n",
        crate::world::LOGIN,
        quoted(&certificate),
        quoted(&key),
    );
    let world = World::trusting(&authority, &bank.origin(), &definition).await;
    assert_eq!(world.get("/me").await.unwrap().status, 200);
    assert_eq!(world.endpoint("me").await.unwrap().status, 200);
    let front = Front::of(&world).await;
    assert!(front.get("/me").await.json()["client"].is_string());
    let call = Request::post("/call/me").body(Pieces::default());
    assert!(front.got(call.unwrap()).await.json()["client"].is_string());
}

#[tokio::test(flavor = "multi_thread")]
async fn who_waits_for_a_role_waits_no_longer_than_the_call_may() {
    let gate = Gate::closed();
    let held = gate.clone();
    let api = Upstream::start(move |_| Reply::json(json!({})).held_by(&held));
    let definition = r#"
auth_flow: { steps: [] }
sign_in:
  kind: aws_sigv4
  access_key_id: AKIAOWN
  secret_access_key: own
  region: eu-central-1
  service: execute-api
  assume_role: { role_arn: "arn:aws:iam::1:role/a", url: "{{base_url}}/sts" }
endpoints: [ { name: x, request: { method: GET, url: "{{base_url}}/x", timeout: 100ms } } ]
"#;
    let world = World::at(&api.origin(), definition).await;
    let calls = async { tokio::join!(world.endpoint("x"), world.endpoint("x")) };
    // Less than STS alone may take.
    let (first, second) = tokio::time::timeout(Duration::from_secs(10), calls)
        .await
        .unwrap();
    for call in [first, second] {
        assert_eq!(call.unwrap_err().code(), "api_timeout");
    }
    gate.open();
}
