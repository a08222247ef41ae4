//! Texts made to hurt: the reader names a problem, and neither panics nor takes long.

use model::{Source, read};
use proptest::prelude::{ProptestConfig, Strategy, any, prop, proptest};

const DEFINITION: &str = include_str!("../../../fixtures/definitions/valid/everything.yaml");

fn codes(text: &str) -> Vec<&'static str> {
    let problems = read(&Source::new("x.yaml", text)).problems;
    problems.iter().map(|problem| problem.code).collect()
}

#[test]
fn a_text_over_one_mebibyte_is_not_read() {
    let text = format!("stepgate: 1\n# {}", "x".repeat(1024 * 1024));
    assert_eq!(codes(&text), ["too_large"]);
}

#[test]
fn nesting_ends_at_its_limit_in_every_style() {
    let table = [
        "[".repeat(500_000),
        "{a: ".repeat(200_000),
        "- ".repeat(300_000),
        "? ".repeat(300_000),
        format!("a: {}1{}", "[".repeat(65), "]".repeat(65)),
    ];
    for text in table {
        assert_eq!(codes(&text), ["too_deep"], "{}", &text[..10]);
    }
}

#[test]
fn many_problems_are_capped() {
    let mut text = String::from("stepgate: 1\nconnector: a\nbase_url: https://a.example\n");
    for index in 0..40_000 {
        text.push_str(&format!("key{index}: 1\n"));
    }
    assert_eq!(codes(&text).len(), 500);
}

#[test]
fn wide_maps_are_checked_in_passing() {
    let mut text =
        String::from("stepgate: 1\nconnector: a\nbase_url: https://a.example\nvariables:\n");
    for index in 0..40_000 {
        text.push_str(&format!("  key{index}: 1\n"));
    }
    assert_eq!(codes(&text).len(), 500);
}

#[test]
fn attack_64_names_of_objects_name_nothing() {
    for name in ["__proto__", "constructor", "prototype", "toString", "__x"] {
        let text = format!(
            "stepgate: 1\nconnector: a\nbase_url: https://a.example\nvariables: {{ {name}: 1 }}\n"
        );
        assert!(codes(&text).contains(&"reserved_name"), "{name}");
    }
}

#[test]
fn a_list_of_documents_is_none() {
    let text = format!("{DEFINITION}\n---\n{DEFINITION}");
    assert_eq!(codes(&text), ["several_documents"]);
    let ended = format!("---\n{DEFINITION}\n...\n");
    assert_eq!(codes(&ended), codes(DEFINITION));
}

/// A definition with some of its characters replaced.
fn mutated() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "{{", "}}", "{", "}", "[", "]", ":", "- ", "\n", "  ", "\"", "'", "|", "&a ", "*a",
        "!!str ", "é", "\t", "#", "null", "0x1", "<<: ", "? ", "\u{feff}", "\\uD800", "form1",
        "{{login.",
    ]);
    prop::collection::vec((any::<prop::sample::Index>(), piece, 0..30_usize), 1..6).prop_map(
        |changes| {
            let mut text: Vec<char> = DEFINITION.chars().collect();
            for (index, piece, removed) in changes {
                let at = index.index(text.len());
                let end = (at + removed).min(text.len());
                text.splice(at..end, piece.chars());
            }
            text.into_iter().collect()
        },
    )
}

fn check(text: &str) {
    let reading = read(&Source::new("x.yaml", text));
    let refused = reading
        .problems
        .iter()
        .any(|problem| problem.severity == model::Severity::Error);
    assert_eq!(reading.connector.is_none(), refused);
    for problem in &reading.problems {
        assert!(problem.line >= 1 && problem.column >= 1);
        assert!(problem.span.end <= text.len() && problem.span.start <= problem.span.end);
        assert!(text.get(problem.span.clone()).is_some(), "{problem:?}");
        let _ = model::render(problem, &Source::new("x.yaml", text));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read_without_a_panic(text in "\\PC{0,200}") {
        check(&text);
    }

    #[test]
    fn a_mutated_definition_is_read_without_a_panic(text in mutated()) {
        check(&text);
    }

    #[test]
    fn a_cut_definition_is_read_without_a_panic(at in 0..DEFINITION.len()) {
        let end = (0..=at).rev().find(|at| DEFINITION.is_char_boundary(*at)).unwrap_or(0);
        check(&DEFINITION[..end]);
    }
}
