//! The grammar, by example.

use crate::{Filter, Template, TemplateErrorKind as Kind};
use serde_json::json;

#[test]
fn says_what_is_wrong_and_what_to_do() {
    for (source, kind, offset, message) in [
        (
            "Bearer abc {{a.b",
            Kind::NotClosed,
            11,
            "The template opened with `{{` at character 12 is not closed: add `}}`",
        ),
        (
            "é{{a.b}",
            Kind::NotClosed,
            2,
            "The template opened with `{{` at character 2 is not closed: add `}}`",
        ),
        (
            "{{a}}{{b | default('}",
            Kind::NotClosed,
            5,
            "The template opened with `{{` at character 6 is not closed: add `}}`",
        ),
        (
            "{{ }}",
            Kind::Empty,
            0,
            "The template names no value: write a path between `{{` and `}}`, such as `{{form1.username}}`",
        ),
        (
            "{{a.0}}",
            Kind::BadPath,
            4,
            "`.0` is neither a key nor a position: write `[0]` for a position in a list, `['0']` for a key",
        ),
        (
            "{{a b}}",
            Kind::BadPath,
            4,
            "Unexpected `b`: a `|` with a filter, or `}}`, is expected: a path has dots between names and no spaces; put a key with other characters as `['a key']`",
        ),
        (
            "{{a | bas64}}",
            Kind::UnknownFilter,
            6,
            "There is no filter `bas64`: did you mean `base64`?",
        ),
        (
            "{{a | nothing_like}}",
            Kind::UnknownFilter,
            6,
            "There is no filter `nothing_like`: use one of `base64`, `base64url`, `urlencode`, `path`, `json`, `trim`, `lower`, `upper`, `sha256` or `default`",
        ),
        (
            "{{a | trim(1)}}",
            Kind::BadArguments,
            6,
            "The filter `trim` takes no argument: write `| trim`",
        ),
        (
            "{{a | default}}",
            Kind::BadArguments,
            6,
            "The filter `default` needs one value in brackets: write `| default('text')`, or a number, `true`, `false` or `null` without quotes",
        ),
    ] {
        let error = Template::parse(source).unwrap_err();
        assert_eq!(error.to_string(), message, "{source}");
        assert_eq!((error.kind, error.offset), (kind, offset), "{source}");
    }
}

#[test]
fn refuses_other_broken_expressions() {
    for source in [
        "{{{a}}}",
        "{{a|}}",
        "{{a||trim}}",
        "{{a | default(x)}}",
        "{{a | default('x' }}",
        "{{a | default([1])}}",
        "{{my-step.x}}",
        "{{a.}}",
        "{{.a}}",
        "{{random()}}",
        "{{a | default: 'x'}}",
        "{{'text'}}",
        "{{a['b}}",
        "{{",
        "{{a}",
        "{{a['}}']",
    ] {
        assert!(Template::parse(source).is_err(), "{source}");
    }
}

#[test]
fn quotes_may_hold_braces() {
    let template = Template::parse("{{a['}}'] | default('}}') }}!").unwrap();
    let expression = template.expressions().next().unwrap();
    assert_eq!(expression.path.to_string(), "a['}}']");
    assert_eq!(expression.filters, [Filter::Default(json!("}}"))]);
}

#[test]
fn reads_filters_in_order() {
    let template = Template::parse(
        r#"{{a|trim | sha256 |base64url| default( "it's" )|default(-1.5)|default(null)}}"#,
    )
    .unwrap();
    let expression = template.single().unwrap();
    assert_eq!(
        expression.filters,
        [
            Filter::Trim,
            Filter::Sha256,
            Filter::Base64Url,
            Filter::Default(json!("it's")),
            Filter::Default(json!(-1.5)),
            Filter::Default(json!(null)),
        ]
    );
    let printed: Vec<_> = expression.filters.iter().map(ToString::to_string).collect();
    assert_eq!(
        printed[3..],
        [r"default('it\'s')", "default(-1.5)", "default(null)"]
    );
}
