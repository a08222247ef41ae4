//! Header values.

use proptest::prelude::{prop_assert, prop_assert_eq, proptest};
use serde_json::json;
use template::{Place, ResolveError, Template};

#[test]
fn attack_33_line_breaks_and_nul_are_refused() {
    let template = Template::parse("Bearer {{login.token}}").unwrap();
    for (token, character) in [
        ("abc\r\nX-Admin: 1", "a line break"),
        ("abc\n", "a line break"),
        ("abc\0", "a NUL"),
        ("abc\u{1b}[0m", "a control character"),
    ] {
        let scope = json!({"login": {"token": token}});
        let error = template.resolve_text(&scope, Place::Header).unwrap_err();
        assert!(!error.to_string().contains("abc"), "the value is not said");
        assert_eq!(
            error,
            ResolveError::ForbiddenCharacter {
                path: "login.token".into(),
                character,
                place: "a header",
                hint: "add `| trim` if it stands at an end, or encode the value",
            }
        );
    }
    let trimmed = Template::parse("Bearer {{login.token | trim}}").unwrap();
    let scope = json!({"login": {"token": "abc\n"}});
    assert_eq!(
        trimmed.resolve_text(&scope, Place::Header).unwrap(),
        "Bearer abc"
    );
}

#[test]
fn attack_33_the_templates_own_text_counts_too() {
    let template = Template::parse("a: {{x}}\r\nb: c").unwrap();
    let error = template
        .resolve_text(&json!({"x": "1"}), Place::Header)
        .unwrap_err();
    assert!(matches!(
        error,
        ResolveError::ForbiddenCharacter {
            character: "a line break",
            ..
        }
    ));
}

#[test]
fn a_null_does_not_become_a_word() {
    let template = Template::parse("Bearer {{login.token}}").unwrap();
    let error = template
        .resolve_text(&json!({"login": {"token": null}}), Place::Header)
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "`login.token` is null, which cannot stand in a header: name the text inside it, or add `| default('…')` or `| json`"
    );
}

proptest! {
    #[test]
    fn attack_33_no_value_breaks_the_line(value in "\\PC*[\r\n\0a-z\t]{0,4}\\PC*", whole in proptest::bool::ANY) {
        let template = Template::parse(if whole { "{{v}}" } else { "Bearer {{v}};x" }).unwrap();
        let result = template.resolve(&json!({"v": value}), Place::Header);
        if value.contains(['\r', '\n', '\0']) {
            prop_assert!(result.is_err());
        } else {
            let text = result.unwrap().unwrap();
            prop_assert!(text.as_str().unwrap().contains(&value));
            prop_assert_eq!(text.as_str().unwrap().contains(['\r', '\n', '\0']), false);
        }
    }
}
