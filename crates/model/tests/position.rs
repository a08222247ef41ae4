//! Each problem points at exactly the text it is about, however that is written.

use model::{Source, read};

/// The texts that the problems of a definition point at, with their codes.
fn underlined(rest: &str) -> Vec<(&'static str, String)> {
    let text = format!("stepgate: 1\nconnector: wiki\nbase_url: https://wiki.example.org\n{rest}");
    let problems = read(&Source::new("x.yaml", text.as_str())).problems;
    problems
        .into_iter()
        .map(|problem| (problem.code, text[problem.span].to_owned()))
        .collect()
}

fn header(value: &str) -> String {
    format!("request_parameters:\n  - in: body\n    name: A\n    value: {value}\n")
}

#[test]
fn an_expression_is_found_in_every_style_of_scalar() {
    let table = [
        ("'{{nope.a}}'", "{{nope.a}}"),
        ("\"{{nope.a}}\"", "{{nope.a}}"),
        ("a {{nope.a}} b", "{{nope.a}}"),
        ("\"é {{nope.a | trim}} b\"", "{{nope.a | trim}}"),
        ("\"\\u0041 {{nope.a}}\"", "{{nope.a}}"),
        ("'it''s {{nope.a}}'", "{{nope.a}}"),
        ("|\n      first\n      second {{nope.a}}\n", "{{nope.a}}"),
        (
            ">-\n      first\n      {{now}}\n      second {{nope.a}}\n",
            "{{nope.a}}",
        ),
        ("!!str {{nope.a}}x", "!!str {{nope.a}}x"),
    ];
    for (value, expected) in table {
        let found = underlined(&header(value));
        if value.starts_with("!!str") {
            // A tag hides that this is a map; the text cannot be read at all.
            assert_eq!(found[0].0, "yaml_syntax");
            continue;
        }
        let expected = [("unknown_name", expected.to_owned())];
        assert_eq!(found, expected, "{value}");
    }
}

#[test]
fn two_equal_expressions_each_have_their_place() {
    let text = header("\"{{nope.a}} and {{nope.a}}\"");
    let definition = format!("stepgate: 1\nconnector: a\nbase_url: https://a.example\n{text}");
    let problems = read(&Source::new("x.yaml", definition)).problems;
    let columns: Vec<_> = problems.iter().map(|it| it.column).collect();
    assert_eq!(columns, [13, 28]);
    assert!(
        problems
            .iter()
            .all(|it| it.path == "request_parameters[0].value")
    );
}

#[test]
fn keys_and_values_are_underlined_as_such() {
    let table = [
        ("titel: Wiki\n", "unknown_key", "titel"),
        ("\"titel\": Wiki\n", "unknown_key", "\"titel\""),
        (
            "connection:\n  owner:   'usr'   # who\n",
            "unknown_value",
            "'usr'",
        ),
        (
            "origins:\n  - https://a.example/x\n",
            "bad_url",
            "https://a.example/x",
        ),
        ("session: { margin: soon }\n", "bad_duration", "soon"),
        (
            "auth_flow:\n  steps:\n    - id: a\n      kind: nope\n",
            "unknown_kind",
            "nope",
        ),
        ("variables: { a-b: 1 }\n", "bad_name", "a-b"),
    ];
    for (text, code, expected) in table {
        assert_eq!(underlined(text), [(code, expected.to_owned())], "{text}");
    }
}

#[test]
fn problems_come_in_the_order_of_the_text_and_once() {
    let text = "endpoints:\n  - { name: a, request: &r { url: \"{{nope.a}}\" } }\n  - { name: b, request: *r }\ntitel: x\n";
    let codes: Vec<_> = underlined(text).into_iter().map(|(code, _)| code).collect();
    assert_eq!(codes, ["unknown_name", "unknown_key"]);
}
