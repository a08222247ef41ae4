//! No text makes the parser panic, and what it prints it reads again.

use proptest::prelude::{
    Just, Strategy, any, prop, prop_assert, prop_assert_eq, prop_oneof, proptest,
};
use template::{Path, Segment, Template};

fn paths() -> impl Strategy<Value = Path> {
    let segment = prop_oneof![
        ".{0,8}".prop_map(Segment::Key),
        "[a-z0-9_-]{1,4}".prop_map(Segment::Key),
        any::<usize>().prop_map(Segment::Index),
    ];
    (
        "[A-Za-z_][A-Za-z0-9_]{0,8}",
        prop::collection::vec(segment, 0..5),
    )
        .prop_map(|(root, segments)| Path { root, segments })
}

/// Texts made of the grammar's own tokens, so that most get far into the parser.
fn near_templates() -> impl Strategy<Value = String> {
    let tokens = [
        "{{",
        "}}",
        "{",
        "}",
        "|",
        ".",
        "[",
        "]",
        "'",
        "\"",
        "\\",
        "(",
        ")",
        " ",
        "a",
        "é",
        "0",
        "99999999999999999999",
        "default",
        "trim",
        "sha256",
        "-",
        "_",
        "\n",
        "null",
        "1e999",
    ];
    prop::collection::vec(prop::sample::select(tokens.to_vec()), 0..24).prop_map(|t| t.concat())
}

proptest! {
    #[test]
    fn parse_never_panics(text in prop_oneof![".{0,64}", near_templates()]) {
        match Template::parse(&text) {
            Ok(template) => {
                for expression in template.expressions() {
                    let written = &text[expression.span.clone()];
                    prop_assert!(written.starts_with("{{") && written.ends_with("}}"));
                    prop_assert_eq!(Path::parse(&expression.path.to_string()).unwrap(), expression.path.clone());
                }
            }
            Err(error) => {
                // The span can be shown: it lies in the text, between characters.
                prop_assert!(text.get(error.offset..error.offset + error.length).is_some(), "{error}");
                prop_assert!(!error.hint.is_empty());
            }
        }
        let _ = Path::parse(&text);
    }

    #[test]
    fn a_printed_expression_is_read_again(path in paths(), default in ".{0,8}") {
        prop_assert_eq!(Path::parse(&path.to_string()).unwrap(), path.clone());
        let filter = template::Filter::Default(default.into());
        let source = format!("{{{{{path} | trim | {filter}}}}}");
        let template = Template::parse(&source).unwrap();
        let expression = template.single().unwrap();
        prop_assert_eq!(expression.to_string(), source);
        prop_assert_eq!(&expression.path, &path);
        prop_assert_eq!(&expression.filters, &[template::Filter::Trim, filter]);
    }

    #[test]
    fn text_without_braces_is_literal(text in "[^{]{0,32}", brace in Just("{")) {
        let text = format!("{text}{brace}");
        let template = Template::parse(&text).unwrap();
        prop_assert!(template.is_literal());
        prop_assert_eq!(template.leading_literal(), text);
    }
}
