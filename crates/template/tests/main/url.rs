//! URLs: whatever a value holds, it stays in the part of the URL that the template gave it.

use percent_encoding::percent_decode_str;
use proptest::prelude::{Strategy, prop_assert, prop_assert_eq, prop_oneof, proptest};
use serde_json::{Value, json};
use template::{Place, ResolveError, Template};
use url::Url;

#[expect(clippy::unwrap_used, reason = "a broken template is a broken test")]
fn resolve(source: &str, scope: &Value) -> Result<String, ResolveError> {
    Template::parse(source)
        .unwrap()
        .resolve_text(scope, Place::Url)
}

/// Values that try to get out.
fn values() -> impl Strategy<Value = String> {
    prop_oneof![
        ".{0,24}",
        r"[a-z0-9/\\?#@:.%&=;,\[\] \t\r\n\x002e]{0,16}",
        r"(\.|%2e|%2E|/|\\|a){0,6}",
        r"(//|/|@|:|)(evil\.example)(:80|/x|@|\?|)",
    ]
}

#[expect(clippy::unwrap_used, reason = "every value is UTF-8")]
fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8().unwrap().into_owned()
}

#[test]
fn encodes_for_the_part_it_stands_in() {
    let scope = json!({
        "base_url": "https://api.example.org", "deep": "https://api.example.org/v1", "id": "a/b c", "n": 7,
        "q": "x&y=z+ü", "next": "/p/q?r", "host": "api.example.org", "at": "127.0.0.1:8080", "six": "[::1]:80",
        "all": "https://h.example/a?b=c#d", "ok": true,
    });
    for (source, expected) in [
        ("{{all}}", "https://h.example/a?b=c#d"),
        ("{{base_url}}/login", "https://api.example.org/login"),
        (
            "{{base_url}}/i/{{id}}",
            "https://api.example.org/i/a%2Fb%20c",
        ),
        (
            "{{base_url}}/i/{{id | path}}",
            "https://api.example.org/i/a/b%20c",
        ),
        (
            "{{base_url}}/i/{{id | urlencode}}",
            "https://api.example.org/i/a%2Fb%20c",
        ),
        (
            "{{base_url}}/i/{{id | urlencode | lower}}",
            "https://api.example.org/i/a%252fb%2520c",
        ),
        (
            "{{base_url}}{{next | path}}",
            "https://api.example.org/p/q%3Fr",
        ),
        (
            "{{deep}}{{next | path}}",
            "https://api.example.org/v1/p/q%3Fr",
        ),
        ("{{deep}}{{n}}", "https://api.example.org/v17"),
        (
            "{{base_url}}/v{{n}}?q={{q}}&ok={{ok}}",
            "https://api.example.org/v7?q=x%26y%3Dz%2B%C3%BC&ok=true",
        ),
        (
            "{{base_url}}?q={{q | urlencode}}",
            "https://api.example.org?q=x%26y%3Dz%2B%C3%BC",
        ),
        (
            "{{base_url}}/#{{q}}",
            "https://api.example.org/#x%26y%3Dz%2B%C3%BC",
        ),
        ("https://{{host}}/x", "https://api.example.org/x"),
        ("http://{{at}}/x", "http://127.0.0.1:8080/x"),
        ("http://{{six}}", "http://[::1]:80"),
        ("http://localhost:{{n}}/x", "http://localhost:7/x"),
        ("https://api{{n}}.example.org", "https://api7.example.org"),
        (
            "https://a.{{host}}:8443/",
            "https://a.api.example.org:8443/",
        ),
        (
            "https://{{id}}:{{q}}@h.example/",
            "https://a%2Fb%20c:x%26y%3Dz%2B%C3%BC@h.example/",
        ),
        ("/relative/{{id}}", "/relative/a%2Fb%20c"),
    ] {
        assert_eq!(resolve(source, &scope).unwrap(), expected, "{source}");
    }
}

#[test]
fn refuses_what_cannot_be_encoded_away() {
    let scope = json!({
        "base_url": "https://api.example.org", "empty": "", "up": "..", "dot": ".", "deep": "a/../../b",
        "evil": ".evil.example", "at": "@evil.example", "slashes": "//evil.example", "line": "https://x\n",
        "null": null, "list": [1], "next": "/p",
    });
    for source in [
        "{{base_url}}/a/{{up}}/b",
        "{{base_url}}/a/{{dot}}",
        "{{base_url}}/a/.{{dot}}/b",
        "{{base_url}}/a/{{dot}}%2e",
        "{{base_url}}/a/{{deep | path}}",
        "{{base_url}}{{evil}}",
        "{{base_url}}{{evil | path}}",
        "{{base_url}}{{at}}",
        "{{base_url}}{{next}}",
        "https://api.example.org{{evil}}/x",
        "{{empty}}{{slashes}}",
        "{{empty}}{{base_url}}",
        "/{{slashes | path}}",
        "/{{next | path}}",
        "{{line}}",
        "{{null}}",
        "{{base_url}}/{{null}}",
        "{{base_url}}/{{list}}",
    ] {
        assert!(
            resolve(source, &scope).is_err(),
            "{source}: {:?}",
            resolve(source, &scope)
        );
    }
    for (source, expected) in [
        (
            "{{base_url}}/a/{{up}}.txt",
            "https://api.example.org/a/...txt",
        ),
        (
            "{{base_url}}/a?up={{up}}",
            "https://api.example.org/a?up=..",
        ),
        (
            "{{base_url}}/a/../{{next | path}}",
            "https://api.example.org/a/..//p",
        ),
    ] {
        assert_eq!(resolve(source, &scope).unwrap(), expected, "{source}");
    }
}

#[test]
fn attack_64_a_password_does_not_become_a_host() {
    for password in [
        "p@evil.example",
        "evil.example/",
        "evil.example#",
        "a:b@c",
        "evil.example\\",
        "p%40evil",
    ] {
        let scope = json!({"form1": {"password": password}, "base_url": "https://api.example.org"});
        for source in [
            "https://{{form1.password}}.example.org/",
            "{{base_url}}{{form1.password}}",
        ] {
            let error = resolve(source, &scope).unwrap_err();
            assert!(matches!(
                error,
                ResolveError::ForbiddenCharacter {
                    place: "the host of a URL",
                    ..
                }
            ));
            assert!(
                !error.to_string().contains("evil"),
                "the value is not said: {error}"
            );
        }
        let url = resolve("https://u:{{form1.password}}@api.example.org/", &scope).unwrap();
        let url = Url::parse(&url).unwrap();
        assert_eq!(url.host_str(), Some("api.example.org"));
        assert_eq!(decoded(url.password().unwrap()), password);
    }
}

proptest! {
    #[test]
    fn a_value_stays_in_its_segment_and_parameter(value in values()) {
        let scope = json!({"v": value, "base_url": "https://api.example.org/v1"});
        let source = "{{base_url}}/{{v}}/end?a={{v}}&b=1#{{v}}";
        match resolve(source, &scope) {
            Err(error) => {
                prop_assert_eq!(error, ResolveError::LeavesPath { path: "v".into() });
                prop_assert!(value == "." || value == "..");
            }
            Ok(text) => {
                let url = Url::parse(&text).unwrap();
                prop_assert_eq!(url.origin().ascii_serialization(), "https://api.example.org");
                prop_assert_eq!((url.username(), url.password()), ("", None));
                let segments: Vec<_> = url.path_segments().unwrap().map(decoded).collect();
                prop_assert_eq!(segments, ["v1", value.as_str(), "end"]);
                let pairs: Vec<_> = url.query_pairs().into_owned().collect();
                prop_assert_eq!(pairs, [("a".to_owned(), value.clone()), ("b".to_owned(), "1".to_owned())]);
                prop_assert_eq!(decoded(url.fragment().unwrap()), value);
            }
        }
    }

    #[test]
    fn a_path_stays_below_what_stands_before_it(value in values()) {
        let scope = json!({"v": value});
        if let Ok(text) = resolve("https://api.example.org/v1/{{v | path}}/end?x", &scope) {
            let url = Url::parse(&text).unwrap();
            prop_assert_eq!(url.origin().ascii_serialization(), "https://api.example.org");
            prop_assert_eq!(decoded(url.path()), format!("/v1/{value}/end"));
            prop_assert_eq!(url.query(), Some("x"));
        }
    }

    #[test]
    fn attack_64_a_host_does_not_change(value in values(), second in values()) {
        let scope = json!({"v": value, "w": second, "base_url": "https://api.example.org"});
        for source in [
            "{{base_url}}{{v}}", "{{base_url}}{{v | path}}", "{{base_url}}{{v | urlencode}}{{w}}",
            "{{base_url}}{{v | path}}{{w | path}}", "https://api.example.org{{v}}{{w}}/x", "{{base_url}}/{{v}}{{w | path}}",
            "https://{{v}}@api.example.org/{{w}}", "https://{{v | path}}:{{w | path}}@api.example.org",
            "{{base_url}}?{{v}}{{w}}", "{{base_url}}?{{v | path}}",
        ] {
            if let Ok(text) = resolve(source, &scope) {
                let url = Url::parse(&text).unwrap();
                prop_assert_eq!(url.host_str(), Some("api.example.org"), "{} {}", source, text);
                prop_assert_eq!(url.port(), None);
                prop_assert_eq!(url.scheme(), "https");
            }
        }
    }

    #[test]
    fn a_part_of_a_host_stays_there(value in values(), second in values()) {
        let scope = json!({"v": value, "w": second, "empty": ""});
        for (source, end) in [
            ("https://{{v}}.example.org/x", ".example.org"),
            ("https://{{v}}{{w}}.example.org/x", ".example.org"),
            ("https://a-{{v}}.example.org:8443/x", ".example.org"),
            ("https://{{v}}/x", ""),
            ("https://{{v}}{{w}}/x", ""),
            ("https://api.example.org:{{v}}/x", "api.example.org"),
            ("https://api.{{v | path}}/x", ""),
            ("{{empty}}https://{{v}}.example.org/x", ".example.org"),
        ] {
            let Ok(text) = resolve(source, &scope) else { continue };
            let Ok(url) = Url::parse(&text) else { continue };
            prop_assert!(url.host_str().unwrap().ends_with(end), "{source} {text}");
            prop_assert_eq!(url.path(), "/x", "{} {}", source, text);
            prop_assert_eq!((url.username(), url.password(), url.query()), ("", None, None));
        }
    }

    #[test]
    fn a_relative_url_gets_no_host(value in values(), second in values()) {
        let base = Url::parse("https://api.example.org/v1/").unwrap();
        let scope = json!({"v": value, "w": second, "empty": ""});
        for source in ["/{{v}}{{w}}", "/{{v | path}}{{w | path}}", "/{{v | path}}/x", "x/{{v | path}}", "?{{v}}", "{{empty}}{{v}}/x"] {
            let Ok(text) = resolve(source, &scope) else { continue };
            let url = base.join(&text).unwrap();
            prop_assert_eq!(url.host_str(), Some("api.example.org"), "{} {}", source, text);
        }
    }
}
