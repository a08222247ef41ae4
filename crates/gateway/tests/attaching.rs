//! What goes along with a call, and what does not.

use crate::world::{BEARER, LOGIN, World, echo, json_body, request};
use bytes::Bytes;
use gateway::CallBody;
use http::Method;
use serde_json::json;
use testkit::{Received, Reply, Upstream};

const PARAMETERS: &str = r#"
request_parameters:
  - { in: header, name: Authorization, value: "Bearer {{login.body.token}}" }
  - { in: header, name: X-Own, value: "ours" }
  - { in: query, name: key, value: ["a b", "c"] }
  - { in: body, name: csrf, value: "{{cookies.csrftoken}}", when: { value: "{{request.method}}", equals: POST } }
"#;

#[tokio::test]
async fn attack_32_what_we_attach_stands_alone_and_the_callers_own_does_not_travel() {
    let world = World::new(&format!("{LOGIN}{PARAMETERS}")).await;
    let headers = [
        ("Authorization", "Bearer theirs"),
        ("Cookie", "sid=theirs"),
        ("X-Own", "theirs"),
        ("X-Forwarded-For", "10.0.0.1"),
        ("Stepgate-Key", "sg_app_1"),
        ("Idempotency-Key", "once"),
    ];
    let answer = world
        .call(request(
            Method::GET,
            "/api/x?key=theirs&b=%20&key=2",
            &headers,
            CallBody::Empty,
        ))
        .await
        .unwrap();
    let got = echo(answer).await;
    assert_eq!(got["headers"]["authorization"], "Bearer t-1");
    assert_eq!(got["headers"]["x-own"], "ours");
    assert_eq!(got["headers"]["idempotency-key"], "once");
    assert_eq!(got["query"], "b=%20&key=a+b&key=c");
    for gone in ["cookie", "x-forwarded-for", "stepgate-key"] {
        assert!(got["headers"].get(gone).is_none(), "{gone}");
    }
}

#[tokio::test]
async fn attack_38_a_connection_header_cannot_take_off_what_we_attach() {
    let world = World::new(&format!("{LOGIN}{PARAMETERS}")).await;
    let headers = [
        ("Connection", "authorization, x-own, x-theirs"),
        ("X-Theirs", "1"),
        ("TE", "trailers"),
    ];
    let got = echo(
        world
            .call(request(Method::GET, "/api/x", &headers, CallBody::Empty))
            .await
            .unwrap(),
    )
    .await;
    assert_eq!(got["headers"]["authorization"], "Bearer t-1");
    assert_eq!(got["headers"]["x-own"], "ours");
    assert!(got["headers"].get("x-theirs").is_none());
    // What was for the caller's hop is said anew for the next.
    assert_eq!(got["headers"]["te"], "trailers");
    assert_eq!(got["headers"]["connection"], "te");
}

#[tokio::test]
async fn attack_31_a_path_that_leaves_the_base_url_sends_nothing() {
    let world = World::new(&format!("{LOGIN}{PARAMETERS}")).await;
    for path in [
        "//evil.example/x",
        "https://evil.example/x",
        "/..%2fx",
        "/\\evil.example",
        "/x\r\nHost: evil",
    ] {
        let error = world.get(path).await.unwrap_err();
        assert_eq!(
            (error.code(), error.whose_fault().word()),
            ("bad_path", "caller"),
            "{path}"
        );
    }
    assert_eq!(world.api.upstream.requests().len(), 1);
}

#[tokio::test]
async fn a_body_gets_its_key_where_there_is_one() {
    let world = World::new(&format!("{LOGIN}{PARAMETERS}")).await;
    let json = [("Content-Type", "application/json")];
    let got = echo(
        world
            .call(request(
                Method::POST,
                "/api/x",
                &json,
                json_body(r#"{"a":1,"csrf":"theirs"}"#),
            ))
            .await
            .unwrap(),
    )
    .await;
    assert_eq!(
        serde_json::from_str::<serde_json::Value>(got["body"].as_str().unwrap()).unwrap(),
        json!({ "a": 1, "csrf": "c-1" })
    );
    let form = [("Content-Type", "application/x-www-form-urlencoded")];
    let got = echo(
        world
            .call(request(Method::POST, "/api/x", &form, json_body("a=1")))
            .await
            .unwrap(),
    )
    .await;
    assert_eq!(got["body"], "a=1&csrf=c-1");
    let got = echo(
        world
            .call(request(Method::POST, "/api/x", &[], CallBody::Empty))
            .await
            .unwrap(),
    )
    .await;
    assert_eq!(got["body"], "");
    let got = echo(
        world
            .call(request(Method::PUT, "/api/x", &json, json_body("[1]")))
            .await
            .unwrap(),
    )
    .await;
    assert_eq!(got["body"], "[1]");
    let error = world
        .call(request(Method::POST, "/api/x", &json, json_body("[1]")))
        .await
        .unwrap_err();
    assert_eq!(error.code(), "body_takes_no_key");
}

#[tokio::test]
async fn a_body_that_is_too_large_for_a_key_says_so() {
    let world = World::new(&format!("{LOGIN}{PARAMETERS}")).await;
    let json = [("Content-Type", "application/json")];
    let large = CallBody::Bytes(Bytes::from(format!(
        "{{\"a\":\"{}\"}}",
        "x".repeat(1 << 20)
    )));
    let error = world
        .call(request(Method::POST, "/api/x", &json, large))
        .await
        .unwrap_err();
    assert_eq!(
        (
            error.code(),
            error.whose_fault().word(),
            error.retry().word()
        ),
        ("body_too_large", "caller", "no")
    );
    assert!(world.api.calls("/api/x").is_empty());
}

#[tokio::test]
async fn attack_36_an_apis_cookies_stay_in_the_jar_and_go_along_only_where_forwarded() {
    let submits = "cookies: { forward_all: true, double_submit: { cookie: csrftoken, send_as: { in: header, name: X-CSRFToken } } }";
    for (cookies, expected) in [("", None), (submits, Some("c-2"))] {
        let world = World::new(&format!("{BEARER}{cookies}")).await;
        world
            .api
            .answers(Reply::json(json!({})).cookie("csrftoken=c-2; Path=/"));
        let answer = world.get("/api/first").await.unwrap();
        assert!(!answer.headers.contains_key("set-cookie"));
        let got = echo(world.get("/api/second").await.unwrap()).await;
        let header = got["headers"]
            .get("x-csrftoken")
            .and_then(|value| value.as_str());
        assert_eq!(header, expected);
        let sent = got["headers"]
            .get("cookie")
            .and_then(|value| value.as_str());
        assert_eq!(
            sent,
            expected
                .map(|value| format!("csrftoken={value}"))
                .as_deref()
        );
        world.connections.flush().await.unwrap();
    }
}

#[tokio::test]
async fn attack_34_what_is_attached_is_taken_off_where_a_redirect_leaves_the_origins() {
    let stranger = Upstream::serve(Reply::json(json!({ "here": true })));
    let definition = format!(
        "{LOGIN}{PARAMETERS}cookies: {{ forward_all: true }}\nendpoints:\n  - {{ name: moved, request: {{ method: GET, url: \"{{{{base_url}}}}/api/moved\" }}, redirects: follow }}\n"
    );
    let world = World::new(&definition).await;
    world.api.answers(Reply::redirect(&stranger.url("/there")));
    let answer = world.endpoint("moved").await.unwrap();
    assert_eq!(answer.status, 200);
    let seen = stranger.last_request();
    assert_eq!(seen.uri().query(), None);
    for gone in ["authorization", "x-own", "cookie"] {
        assert!(!seen.headers().contains_key(gone), "{gone}");
    }
    // Below the base URL, and by default, a redirect is the answer.
    world.api.answers(Reply::redirect("/api/next"));
    let answer = world.get("/api/x").await.unwrap();
    assert_eq!(
        (
            answer.status.as_u16(),
            answer.headers["location"].to_str().unwrap()
        ),
        (302, "/api/next")
    );
}

#[tokio::test]
async fn an_endpoint_that_attaches_nothing_needs_nobody() {
    let endpoints = "endpoints:\n  - { name: open, request: { method: GET, url: \"{{base_url}}/public\" }, attach: false }\n";
    let world = World::new(&format!(
        "{BEARER}cookies: {{ forward_all: true }}\n{endpoints}"
    ))
    .await;
    let target = gateway::Target::Endpoint {
        name: "open".to_owned(),
        parameters: Vec::new(),
    };
    let call = gateway::Call {
        target,
        body: CallBody::Empty,
    };
    let answer = gateway::call(
        &world.connections,
        &world.equipped,
        None,
        call,
        &mut flow::Silent,
    )
    .await
    .unwrap();
    let got = echo(answer).await;
    assert!(got["headers"].get("authorization").is_none());
    assert!(got["headers"].get("cookie").is_none());
    let error = gateway::call(
        &world.connections,
        &world.equipped,
        None,
        request(Method::GET, "/api/x", &[], CallBody::Empty),
        &mut flow::Silent,
    )
    .await
    .unwrap_err();
    assert_eq!(
        (error.code(), error.retry().word()),
        ("sign_in_required", "after_sign_in")
    );
}

#[tokio::test]
async fn parameters_of_an_endpoint_go_where_its_request_says() {
    let endpoints = r#"
endpoints:
  - name: list
    request: { method: GET, url: "{{base_url}}/api/pages/{{parameters.id}}", query: { limit: "{{parameters.limit}}", after: "{{parameters.after}}" } }
    parameters: { id: { type: string }, limit: { type: integer, default: 20 }, after: { type: string, required: false } }
"#;
    let world = World::new(&format!("{BEARER}{endpoints}")).await;
    let got = echo(world.endpoint_with("list", "id", "a/../b").await.unwrap()).await;
    assert_eq!(
        (got["path"].as_str(), got["query"].as_str()),
        (Some("/api/pages/a%2F..%2Fb"), Some("limit=20"))
    );
    assert_eq!(
        world.endpoint("list").await.unwrap_err().code(),
        "missing_parameter"
    );
    assert_eq!(
        world.endpoint("lists").await.unwrap_err().help(),
        "Did you mean `list`?"
    );
    assert_eq!(
        world.api.calls("/api/pages/a%2F..%2Fb")[0].bearer(),
        Some("t-1")
    );
}

#[tokio::test]
async fn a_list_is_sent_several_times_and_a_sign_in_type_stands_alone() {
    let parameters = r#"
request_parameters:
  - { in: header, name: X-Tag, value: [one, two] }
  - { in: query, name: tag, value: [one, two, 3] }
  - { in: header, name: Authorization, value: other }
"#;
    let world = World::new(&format!("{BEARER}{parameters}")).await;
    let got = echo(world.get("/api/x?tag=theirs").await.unwrap()).await;
    assert_eq!(got["headers"]["x-tag"], "one, two");
    assert_eq!(got["query"], "tag=one&tag=two&tag=3");
    assert_eq!(got["headers"]["authorization"], "Bearer t-1");
}

#[tokio::test]
async fn a_sign_in_type_of_name_and_password_signs_each_call() {
    let basic = "sign_in: { kind: basic, username: alice, password: \"{{login.body.token}}\" }\n";
    let world = World::new(&format!("{LOGIN}{basic}")).await;
    world.get("/api/x").await.unwrap();
    let sent = &world.api.calls("/api/x")[0];
    assert_eq!(sent.headers()["authorization"], "Basic YWxpY2U6dC0x");
}

#[tokio::test]
async fn a_request_that_signs_itself_keeps_its_own_header() {
    let more = r#"
request_parameters:
  - { in: header, name: Authorization, value: everywhere }
endpoints:
  - { name: itself, request: { url: "{{base_url}}/api/x", sign_in: { kind: bearer, token: own } } }
  - { name: not, request: { url: "{{base_url}}/api/x", sign_in: { kind: none } } }
"#;
    let world = World::new(&format!("{LOGIN}{more}")).await;
    for (endpoint, expected) in [("itself", "Bearer own"), ("not", "everywhere")] {
        world.endpoint(endpoint).await.unwrap();
        let calls = world.api.calls("/api/x");
        let sent = calls.last().unwrap();
        assert_eq!(sent.headers()["authorization"], expected, "{endpoint}");
    }
}
