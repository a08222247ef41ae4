//! Requests: where they may go, and values that stay in their place.

use hmac::{Hmac, KeyInit, Mac};
use serde_json::json;
use sha2::{Digest, Sha256};
use testkit::{Received, Reply, Upstream};

use crate::world::{Expect, World, connector, value};

fn step(request: &str) -> String {
    format!(
        r#"
variables: {{ text: 'a","admin":true,"x":"&b=c d/é', list: [1, two], away: "https://away.example" }}
auth_flow:
  steps:
    - {{ id: start, kind: api_request, request: {{ method: GET, url: "{{{{base_url}}}}/start" }} }}
    - {{ id: s, kind: api_request, request: {request} }}
"#
    )
}

fn echo() -> Upstream {
    Upstream::start(|request| match request.uri().path() {
        "/start" => Reply::json(json!({ "host": "https://evil.example", "id": "../x?y#z" })),
        _ => Reply::json(json!({ "ok": true })),
    })
}

#[tokio::test]
async fn attack_52_and_64_a_host_out_of_a_template_must_be_the_connectors() {
    let upstream = echo();
    let table = [
        (
            r#"{ method: GET, url: "{{start.body.host}}/x" }"#,
            "origin_not_listed",
        ),
        (
            r#"{ method: GET, url: "{{variables.away}}/x" }"#,
            "origin_not_listed",
        ),
        (r#"{ method: GET, url: "{{start.body.id}}" }"#, "not_a_url"),
    ];
    for (request, code) in table {
        let connector = connector(&upstream.origin(), &step(request));
        let failure = World::new().begin(&connector, &[]).await.1.failed();
        assert_eq!(failure.code, code, "{request}: {failure:?}");
        assert_eq!(failure.step.as_deref(), Some("s"));
    }
    assert!(
        upstream
            .requests()
            .iter()
            .all(|request| request.uri().path() == "/start")
    );
}

#[tokio::test]
async fn an_origin_that_is_written_out_may_be_called_and_gets_no_more_than_its_request() {
    let upstream = echo();
    let other = Upstream::start(|_| Reply::json(json!({})));
    let definition = step(&format!(
        r#"{{ method: GET, url: "{}/t" }}"#,
        other.origin()
    ));
    let definition = format!(
        "cookies: {{ double_submit: {{ cookie: c, send_as: {{ in: header, name: X-C }} }} }}\n{definition}"
    );
    let connector = connector(&upstream.origin(), &definition);
    World::new().sign_in(&connector, &[]).await;
    assert_eq!(other.requests().len(), 1);
}

#[tokio::test]
async fn attack_45_values_stay_in_their_place() {
    let upstream = echo();
    let text = r#"a","admin":true,"x":"&b=c d/é"#;
    let send = async |request: &str| {
        let connector = connector(&upstream.origin(), &step(request));
        World::new().sign_in(&connector, &[]).await;
        upstream.last_request()
    };
    let sent = send(r#"{ method: POST, url: "{{base_url}}/{{start.body.id}}/s?q={{variables.text}}", query: { l: "{{variables.list}}", t: "{{variables.text}}" } }"#).await;
    assert_eq!(sent.uri().path(), "/..%2Fx%3Fy%23z/s");
    let pairs: Vec<_> = sent.query_pairs();
    let pairs: Vec<_> = pairs
        .iter()
        .map(|(k, v)| (k.as_str(), v.as_str()))
        .collect();
    assert_eq!(pairs, [("q", text), ("l", "1"), ("l", "two"), ("t", text)]);
    let sent = send(r#"{ method: POST, url: "{{base_url}}/s", json: { t: "{{variables.text}}", l: "{{variables.list}}", n: { m: "x {{variables.text}}" } } }"#).await;
    let expected = json!({ "t": text, "l": [1, "two"], "n": { "m": format!("x {text}") } });
    assert_eq!(sent.json(), expected);
    assert_eq!(sent.header("content-type"), Some("application/json"));
    let sent = send(r#"{ method: POST, url: "{{base_url}}/s", form: { t: "{{variables.text}}", l: "{{variables.list}}" } }"#).await;
    assert_eq!(sent.form_value("t").as_deref(), Some(text));
    assert_eq!(sent.form_pairs().len(), 3);
    let sent = send(r#"{ method: POST, url: "{{base_url}}/s", query: { m: { a: [1] } }, form: { m: { t: "{{variables.text}}", n: null } } }"#).await;
    let written = json!({ "t": text, "n": null }).to_string();
    assert_eq!(sent.form_value("m").as_deref(), Some(written.as_str()));
    let query = ("m".to_owned(), r#"{"a":[1]}"#.to_owned());
    assert_eq!(sent.query_pairs(), [query]);
    let sent =
        send(r#"{ method: POST, url: "{{base_url}}/s", multipart: { t: "{{variables.text}}" } }"#)
            .await;
    assert!(
        sent.header("content-type")
            .unwrap()
            .starts_with("multipart/form-data; boundary=")
    );
    assert!(
        sent.text()
            .contains(&format!("name=\"t\"\r\n\r\n{text}\r\n"))
    );
    let sent = send(r#"{ method: POST, url: "{{base_url}}/s", text: "<{{variables.text}}>", headers: { Content-Type: text/xml } }"#).await;
    assert_eq!(sent.text(), format!("<{text}>"));
    assert_eq!(sent.header("content-type"), Some("text/xml"));
}

#[tokio::test]
async fn a_request_signs_itself_by_its_own_sign_in() {
    let upstream = echo();
    let basic = r#"{ method: GET, url: "{{base_url}}/s", sign_in: { kind: basic, username: alice, password: "p:w" } }"#;
    let definition = connector(&upstream.origin(), &step(basic));
    World::new().sign_in(&definition, &[]).await;
    assert_eq!(
        upstream.last_request().header("authorization"),
        Some("Basic YWxpY2U6cDp3")
    );
    let bearer = r#"{ method: GET, url: "{{base_url}}/s", sign_in: { kind: bearer, token: "t-{{variables.list[1]}}" } }"#;
    let definition = connector(&upstream.origin(), &step(bearer));
    World::new().sign_in(&definition, &[]).await;
    assert_eq!(upstream.last_request().bearer(), Some("t-two"));
}

#[tokio::test]
async fn a_missing_value_names_its_template() {
    let upstream = echo();
    let request =
        r#"{ method: POST, url: "{{base_url}}/s", json: { t: "x {{start.body.token}}" } }"#;
    let connector = connector(&upstream.origin(), &step(request));
    let failure = World::new().begin(&connector, &[]).await.1.failed();
    assert_eq!(
        (failure.code, failure.kind.clone()),
        ("value_missing", flow::FailureKind::Definition)
    );
    assert!(
        failure.message.contains("x {{start.body.token}}"),
        "{}",
        failure.message
    );
}

#[tokio::test]
async fn a_secret_that_is_not_set_is_said_with_how_to_set_it() {
    let upstream = echo();
    let request =
        r#"{ method: GET, url: "{{base_url}}/s", headers: { X-Key: "{{secrets.api_key}}" } }"#;
    let definition = format!("secrets: [api_key]\n{}", step(request));
    let connector = connector(&upstream.origin(), &definition);
    let failure = World::new().begin(&connector, &[]).await.1.failed();
    assert_eq!(failure.code, "secret_missing");
    assert!(
        failure.help.contains("STEPGATE_SECRET_TEST_API_KEY"),
        "{}",
        failure.help
    );
}

#[tokio::test]
async fn attack_33_a_line_break_in_a_header_is_refused() {
    let upstream = Upstream::start(|_| Reply::json(json!({ "host": "a\r\nX-Evil: 1" })));
    let request =
        r#"{ method: GET, url: "{{base_url}}/s", headers: { X-A: "{{start.body.host}}" } }"#;
    let connector = connector(&upstream.origin(), &step(request));
    let failure = World::new().begin(&connector, &[]).await.1.failed();
    assert_eq!(failure.kind, flow::FailureKind::Definition);
    assert_eq!(upstream.requests().len(), 1);
}

#[tokio::test]
async fn attack_56_double_submit_copies_the_newest_value_once_the_cookie_is_there() {
    for (place, name) in [
        ("header", "X-CSRFToken"),
        ("query", "csrf"),
        ("body", "csrf"),
    ] {
        let upstream = Upstream::start(|request| match request.uri().path() {
            "/first" => Reply::json(json!({})).cookie("csrftoken=one"),
            "/second" => Reply::redirect("/third")
                .with_status(307)
                .cookie("csrftoken=two"),
            _ => Reply::json(json!({})),
        });
        let steps = |id: &str| {
            format!(
                r#"    - {{ id: {id}, kind: api_request, request: {{ method: POST, url: "{{{{base_url}}}}/{id}", json: {{ a: 1 }} }} }}
"#
            )
        };
        let definition = format!(
            "cookies: {{ double_submit: {{ cookie: csrftoken, send_as: {{ in: {place}, name: {name} }} }} }}\nauth_flow:\n  steps:\n{}{}",
            steps("first"),
            steps("second"),
        );
        let connector = connector(&upstream.origin(), &definition);
        let credential = World::new().sign_in(&connector, &[]).await;
        let sent: Vec<_> = upstream
            .requests()
            .iter()
            .map(|request| match place {
                "header" => request.header(name).map(str::to_owned),
                "query" => request.query_value(name),
                _ => request.json()[name].as_str().map(str::to_owned),
            })
            .collect();
        let expected = [None, Some("one".to_owned()), Some("two".to_owned())];
        assert_eq!(sent, expected, "{place}");
        assert_eq!(
            value(&credential, "second", "/cookies/csrftoken"),
            json!("two")
        );
    }
}

#[tokio::test]
async fn a_request_with_a_declared_signature_carries_what_was_signed() {
    let upstream = echo();
    let request = r#"{ method: POST, url: "{{base_url}}/s?q=1", json: { a: 1 }, sign_in: { kind: hmac, key: a2V5, key_encoding: base64, name: Authorization, value: "HMAC {{signature}}", headers: { X-Time: "{{timestamp}}", X-Nonce: "{{nonce}}" }, string_to_sign: "{{request.method}} {{request.target}} {{timestamp}} {{now}} {{nonce}} {{request.body_sha256}} {{request.body}} {{request.host}} {{request.headers.content-type}} {{variables.list[1]}}" } }"#;
    let definition = connector(&upstream.origin(), &step(request));
    World::new().sign_in(&definition, &[]).await;
    let sent = upstream.last_request();
    let nonce = sent.header("x-nonce").unwrap();
    assert_eq!(
        (sent.header("x-time"), nonce.len()),
        (Some("1700000000"), 32)
    );
    let hash = hex::encode(Sha256::digest(sent.body()));
    let signed = format!(
        r#"POST /s?q=1 1700000000 1700000000 {nonce} {hash} {{"a":1}} {} application/json two"#,
        upstream.address()
    );
    let mut mac = Hmac::<Sha256>::new_from_slice(b"key").unwrap();
    mac.update(signed.as_bytes());
    let expected = hex::encode(mac.finalize().into_bytes());
    assert_eq!(
        sent.header("authorization"),
        Some(format!("HMAC {expected}").as_str())
    );
}

#[tokio::test]
async fn what_a_signature_cannot_be_made_of_is_said_at_its_key() {
    let upstream = echo();
    let sign_in = |rest: &str| {
        format!(
            r#"{{ method: GET, url: "{{{{base_url}}}}/s", sign_in: {{ kind: hmac, name: X, {rest} }} }}"#
        )
    };
    let table = [
        (
            sign_in(r#"key: "no hex", key_encoding: hex, string_to_sign: a"#),
            "sign_in_unusable",
            "`sign_in.key`",
        ),
        (
            sign_in(r#"key: "{{start.body.none | default('')}}", string_to_sign: a"#),
            "sign_in_unusable",
            "is empty",
        ),
        (
            sign_in(r#"key: a, string_to_sign: "{{start.body.none}}""#),
            "value_missing",
            "start.body.none",
        ),
        (
            sign_in(r#"key: a, string_to_sign: "{{request.headers.x-none}}""#),
            "request_failed",
            "request.headers.x-none",
        ),
    ];
    for (request, code, part) in table {
        let connector = connector(&upstream.origin(), &step(&request));
        let failure = World::new().begin(&connector, &[]).await.1.failed();
        assert_eq!(failure.code, code, "{failure:?}");
        assert!(failure.message.contains(part), "{}", failure.message);
    }
    assert!(
        upstream
            .requests()
            .iter()
            .all(|request| request.uri().path() == "/start")
    );
}

#[tokio::test]
async fn attack_34_a_signature_stays_with_the_connectors_origins() {
    let elsewhere = Upstream::start(|_| Reply::json(json!({})));
    let away = elsewhere.url("/stolen");
    let upstream = Upstream::start(move |request| match request.uri().path() {
        "/start" => Reply::json(json!({})),
        "/s" => Reply::redirect("/here").with_status(307),
        _ => Reply::redirect(&away).with_status(307),
    });
    let request = r#"{ method: GET, url: "{{base_url}}/s", sign_in: { kind: hmac, key: k, name: sig, in: query, string_to_sign: "{{request.path}} {{nonce}}", headers: { X-Nonce: "{{nonce}}" } } }"#;
    let definition = connector(&upstream.origin(), &step(request));
    World::new().sign_in(&definition, &[]).await;
    let signed: Vec<_> = upstream
        .requests()
        .iter()
        .filter(|request| request.uri().path() != "/start")
        .map(|request| {
            (
                request.query_value("sig").unwrap(),
                request.header("x-nonce").unwrap().to_owned(),
            )
        })
        .collect();
    assert_eq!(signed.len(), 2);
    assert!(
        signed[0].0 != signed[1].0 && signed[0].1 != signed[1].1,
        "each hop has a signature of its own"
    );
    let stolen = elsewhere.last_request();
    assert_eq!(
        (stolen.query_value("sig"), stolen.header("x-nonce")),
        (None, None)
    );
}
