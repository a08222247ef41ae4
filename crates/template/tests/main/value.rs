//! Absent values and filters.

use serde_json::json;
use template::{Place, ResolveError, Template};

#[test]
fn filters_run_in_order() {
    let scope = json!({"v": {"s": " Ab/c? ", "n": 5, "z": null, "o": {"a": [1]}, "u": "grüße"}});
    for (source, expected) in [
        ("{{v.s | trim | lower}}", "ab/c?"),
        ("{{v.s|trim|upper}}", "AB/C?"),
        ("{{v.s | trim | base64}}", "QWIvYz8="),
        ("{{v.s | trim | base64url}}", "QWIvYz8"),
        ("{{v.s | urlencode}}", "%20Ab%2Fc%3F%20"),
        ("{{v.s | trim | path}}", "Ab/c%3F"),
        ("{{v.u | urlencode}}", "gr%C3%BC%C3%9Fe"),
        ("{{v.u | upper}}", "GRÜSSE"),
        ("{{v.s | json}}", "\" Ab/c? \""),
        ("{{v.o | json}}", r#"{"a":[1]}"#),
        ("{{v.o | base64}}", "eyJhIjpbMV19"),
        ("{{v.n | json}}", "5"),
        (
            "{{v.n | sha256}}",
            "ef2d127de37b942baad06145e54b0c619a1f22327b2ebbcfbec78f5564afe39d",
        ),
        (
            "{{v.n | sha256 | base64}}",
            "7y0SfeN7lCuq0GFF5UsMYZofIjJ7LrvPvsePVWSv450=",
        ),
        (
            "{{v.n | sha256 | base64url}}",
            "7y0SfeN7lCuq0GFF5UsMYZofIjJ7LrvPvsePVWSv450",
        ),
        (
            "{{v.n | sha256 | upper}}",
            "EF2D127DE37B942BAAD06145E54B0C619A1F22327B2EBBCFBEC78F5564AFE39D",
        ),
        ("{{v.none | trim | default(' x ') | upper}}", " X "),
        ("{{v.z | default('none')}}", "none"),
        ("{{v.n | default('none')}}", "5"),
        ("{{v.none | default(null) | default(2)}}", "2"),
    ] {
        for place in [Place::Text, Place::FormField, Place::Query, Place::Header] {
            let text = Template::parse(source).unwrap().resolve_text(&scope, place);
            assert_eq!(text.unwrap(), expected, "{source}");
        }
    }
}

#[test]
fn a_filter_of_text_refuses_structure() {
    let scope = json!({"v": {"o": {}, "a": [], "z": null}});
    for (source, message) in [
        (
            "{{v.o | trim}}",
            "the filter `trim` needs text, and `v.o` is an object: name the text inside it",
        ),
        (
            "{{v.a | lower}}",
            "the filter `lower` needs text, and `v.a` is a list: name the text inside it",
        ),
        (
            "{{v.z | path}}",
            "the filter `path` needs text, and `v.z` is null: name the text inside it",
        ),
    ] {
        let error = Template::parse(source)
            .unwrap()
            .resolve(&scope, Place::Value);
        assert_eq!(error.unwrap_err().to_string(), message);
    }
}

#[test]
fn absent_is_told_apart_from_null_and_empty() {
    let scope = json!({"v": {"z": null, "e": ""}});
    for (source, absent) in [
        ("{{v.z}}", None),
        ("{{v.e}}", None),
        ("{{v.none}}", Some("v.none")),
        ("{{gone}}", Some("gone")),
        ("{{v.e}}{{v.z.deep}}{{v.none}}", Some("v.z.deep")),
        ("{{v.none | upper}}", Some("v.none")),
        ("{{v.none | default('')}}", None),
        ("literal", None),
    ] {
        let template = Template::parse(source).unwrap();
        let found = template.absent(&scope).map(ToString::to_string);
        assert_eq!(found.as_deref(), absent, "{source}");
        for place in [Place::Value, Place::Text, Place::Query] {
            let value = template.resolve(&scope, place).unwrap();
            assert_eq!(value.is_none(), absent.is_some(), "{source}");
        }
    }
    let template = Template::parse("a {{v.none}}").unwrap();
    assert_eq!(
        template.resolve_text(&scope, Place::Text).unwrap_err(),
        ResolveError::Absent {
            template: "a {{v.none}}".into(),
            path: "v.none".into()
        }
    );
    assert_eq!(
        template
            .resolve_text(&scope, Place::Text)
            .unwrap_err()
            .to_string(),
        "`v.none` in the template `a {{v.none}}` has no value: compare the path with what the step left behind, or add `| default('…')`"
    );
}

#[test]
fn a_literal_is_never_resolved() {
    let template = Template::literal("{{v}}");
    assert_eq!(
        template
            .resolve_text(&json!({"v": 1}), Place::Text)
            .unwrap(),
        "{{v}}"
    );
}
