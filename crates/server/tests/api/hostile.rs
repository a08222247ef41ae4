//! Requests that nobody should send: all are answered as problems, and none as a fault of ours.

use super::client::Answer;
use super::world::World;
use serde_json::json;

/// The request's line, headers and body, and the status it gets.
type Case<'a> = (&'a str, &'a [(&'a str, &'a str)], &'a [u8], u16);

fn guarded(answer: &Answer) {
    assert_eq!(answer.header("cache-control"), "no-store", "{answer:?}");
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    assert!(!answer.header("stepgate-request-id").is_empty());
    assert!(!answer.status.is_server_error(), "{answer:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_malformed_is_a_problem_of_the_caller() {
    let (world, ada) = World::with_admin().await;
    let bearer = ada.token().await;
    let who = ("authorization", bearer.as_str());
    let json = ("content-type", "application/json");
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let long = "a".repeat(2_000_000);
    let long = json!({ "name": long }).to_string();
    let table: [Case<'_>; 22] = [
        ("POST /api/apps", &[who, json], b"{", 400),
        ("POST /api/apps", &[who, json], b"", 400),
        ("POST /api/apps", &[who, json], b"\xff\xfe", 400),
        ("POST /api/apps", &[who, json], deep.as_bytes(), 422),
        ("POST /api/apps", &[who, json], long.as_bytes(), 413),
        ("POST /api/apps", &[who, json], b"[]", 422),
        ("POST /api/apps", &[who, json], b"{\"name\": null}", 422),
        (
            "POST /api/apps",
            &[who, json],
            b"{\"name\": \"a\", \"name\": \"b\"}",
            422,
        ),
        ("POST /api/apps", &[who], b"{}", 415),
        (
            "POST /api/apps",
            &[who, ("content-type", "text/plain")],
            b"{}",
            415,
        ),
        (
            "POST /api/apps",
            &[who, ("content-type", "nonsense")],
            b"{}",
            415,
        ),
        ("PUT /api/apps", &[who], b"", 405),
        ("TRACE /api/apps", &[who], b"", 405),
        ("PROPFIND /api/apps", &[who], b"", 405),
        ("GET /api", &[who], b"", 404),
        ("GET /api/", &[who], b"", 404),
        ("GET /api/none", &[who], b"", 404),
        ("GET /api/apps/", &[who], b"", 404),
        ("GET /api/apps/%00", &[who], b"", 404),
        ("GET /api/apps/%ff", &[who], b"", 400),
        ("GET /api/apps/..%2fpeople", &[who], b"", 404),
        (
            "POST /api/connectors?note=%ff%00",
            &[who, ("content-type", "text/yaml")],
            b"\xff",
            400,
        ),
    ];
    for (line, headers, body, status) in table {
        let answer = world.send(line, headers, body).await;
        assert_eq!(answer.status.as_u16(), status, "{line} {answer:?}");
        guarded(&answer);
        answer.code();
        if status == 405 {
            assert_eq!(answer.header("allow"), "GET,HEAD,POST", "{line}");
        }
    }
    guarded(&world.send("GET /api/apps", &[who], b"").await.expect(200));
}

#[tokio::test(flavor = "multi_thread")]
async fn odd_names_are_names_of_nothing() {
    let (world, ada) = World::with_admin().await;
    let bearer = ada.token().await;
    let long = "a".repeat(10_000);
    let odd = [
        "%00",
        "%0d%0a",
        "%F0%9F%98%80",
        "..",
        "*",
        "%25",
        "'%20OR%201=1--",
        &long,
    ];
    let paths = [
        "/api/apps/ODD",
        "/api/apps/ODD/keys",
        "/api/people/ODD",
        "/api/connectors/ODD",
        "/api/connectors/ODD/versions",
        "/api/connectors/ODD/versions/1",
        "/api/connectors/folder-wiki/versions/ODD",
        "/api/connectors/ODD/secrets",
        "/api/connectors/folder-wiki/secrets?environment=ODD",
    ];
    let who = [
        ("authorization", bearer.as_str()),
        ("if-match", "*"),
        ("content-type", "application/json"),
    ];
    for path in paths {
        for odd in odd {
            let path = path.replace("ODD", odd);
            let answer = world.send(&format!("GET {path}"), &who, b"").await;
            assert_eq!(answer.status.as_u16(), 404, "{path} {answer:?}");
            guarded(&answer);
            for (method, body) in [
                ("DELETE", ""),
                ("PATCH", "{}"),
                ("PUT", "{}"),
                ("POST", "{}"),
            ] {
                let answer = world
                    .send(&format!("{method} {path}"), &who, body.as_bytes())
                    .await;
                assert!(
                    answer.status.is_client_error(),
                    "{method} {path} {answer:?}"
                );
                guarded(&answer);
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_nobody_gets_nothing() {
    let (world, _) = World::with_admin().await;
    let document = world.send("GET /api/openapi.json", &[], b"").await.json();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let open = operation["security"] == json!([{}]);
            let path = path.replace(['{', '}'], "");
            let answer = world
                .json(
                    &format!("{} {path}", method.to_uppercase()),
                    &[],
                    &json!({}),
                )
                .await;
            guarded(&answer);
            if !open {
                assert_eq!(answer.status.as_u16(), 401, "{method} {path} {answer:?}");
                assert_eq!(answer.header("www-authenticate"), "Bearer");
            }
        }
    }
}
