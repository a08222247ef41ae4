//! The tests of conditions, as tables.

use serde_json::{Value, json};
use template::Template;

use super::{Condition, Test};
use crate::value_template::ValueTemplate;

fn literal(value: Value) -> ValueTemplate {
    match value {
        Value::String(text) => ValueTemplate::Template(Template::literal(&text)),
        other => ValueTemplate::Scalar(other),
    }
}

fn test_of(path: &str, test: Test) -> Condition {
    Condition::Test {
        value: ValueTemplate::Template(Template::parse(&format!("{{{{{path}}}}}")).unwrap()),
        test,
        otherwise: None,
    }
}

fn with_else(condition: Condition, text: &str) -> Condition {
    match condition {
        Condition::Test { value, test, .. } => Condition::Test {
            value,
            test,
            otherwise: Some(Template::parse(text).unwrap()),
        },
        other => other,
    }
}

fn scope() -> Value {
    json!({
        "response": {
            "status": 200,
            "headers": { "x-left": "12" },
            "body": {
                "ok": true, "text": "true", "count": 12, "half": 0.5, "none": null,
                "big": 9_007_199_254_740_993_u64, "list": [1, "2"], "word": "expired"
            }
        }
    })
}

fn holds(condition: &Condition) -> bool {
    condition.judge(&scope()).unwrap().holds
}

#[test]
fn equals_is_by_type_but_for_texts_that_read_the_same() {
    let table = [
        ("response.status", json!(200), true),
        ("response.status", json!("200"), true),
        ("response.status", json!(200.0), true),
        ("response.status", json!("2e2"), true),
        ("response.status", json!(true), false),
        ("response.headers.x-left", json!(12), true),
        ("response.headers.x-left", json!("12"), true),
        ("response.headers.x-left", json!("012"), false),
        ("response.body.ok", json!(true), true),
        ("response.body.ok", json!("true"), true),
        ("response.body.text", json!(true), true),
        ("response.body.text", json!(1), false),
        ("response.body.none", json!(null), true),
        ("response.body.none", json!("null"), false),
        ("response.body.big", json!(9_007_199_254_740_993_u64), true),
        ("response.body.big", json!(9_007_199_254_740_992_u64), false),
        ("response.body.list", json!([1, 2]), true),
        ("response.body.list", json!([1]), false),
    ];
    for (path, other, expected) in table {
        let condition = test_of(path, Test::Equals(literal(other.clone())));
        assert_eq!(holds(&condition), expected, "{path} equals {other}");
        let condition = test_of(path, Test::NotEquals(literal(other.clone())));
        assert_eq!(holds(&condition), !expected, "{path} not_equals {other}");
    }
}

#[test]
fn of_an_absent_value_only_exists_false_and_not_equals_hold() {
    let pattern = regex::Regex::new("").unwrap();
    let table = [
        (Test::Equals(literal(json!(null))), false),
        (Test::NotEquals(literal(json!(1))), true),
        (Test::In(vec![literal(json!(null))]), false),
        (Test::Matches(pattern), false),
        (Test::Exists(true), false),
        (Test::Exists(false), true),
        (Test::LessThan(literal(json!(1))), false),
        (Test::GreaterThan(literal(json!(1))), false),
    ];
    for (test, expected) in table {
        let condition = test_of("response.body.word.deeper", test);
        assert_eq!(holds(&condition), expected, "{condition:?}");
    }
    assert!(holds(&test_of("response.body.none", Test::Exists(true))));
    assert!(!holds(&test_of("response.body.none", Test::Exists(false))));
}

#[test]
fn an_absent_operand_is_like_nothing() {
    let absent = || ValueTemplate::Template(Template::parse("{{response.body.nowhere}}").unwrap());
    let status = "response.status";
    assert!(!holds(&test_of(status, Test::Equals(absent()))));
    assert!(holds(&test_of(status, Test::NotEquals(absent()))));
    assert!(!holds(&test_of(status, Test::LessThan(absent()))));
    let among = Test::In(vec![absent(), literal(json!(200))]);
    assert!(holds(&test_of(status, among)));
}

#[test]
fn a_list_with_an_absent_value_is_absent() {
    let template = |text: &str| ValueTemplate::Template(Template::parse(text).unwrap());
    let list = ValueTemplate::Array(vec![template("{{response.body.nowhere}}")]);
    let condition = Condition::Test {
        value: list.clone(),
        test: Test::Exists(false),
        otherwise: None,
    };
    assert!(holds(&condition));
    assert!(!holds(&test_of("response.body.list", Test::Equals(list))));
}

#[test]
fn numbers_and_texts_that_read_as_numbers_are_ordered() {
    let table = [
        ("response.body.count", json!(13), true),
        ("response.body.count", json!("13"), true),
        ("response.body.count", json!(12), false),
        ("response.headers.x-left", json!(12.5), true),
        ("response.body.half", json!(1), true),
        ("response.body.word", json!("z"), false),
        ("response.body.none", json!(1), false),
    ];
    for (path, other, expected) in table {
        let condition = test_of(path, Test::LessThan(literal(other.clone())));
        assert_eq!(holds(&condition), expected, "{path} less_than {other}");
    }
    let more = Test::GreaterThan(literal(json!(3)));
    assert!(holds(&test_of("response.headers.x-left", more)));
}

#[test]
fn joined_conditions_name_the_test_that_failed() {
    let status = |expected: u16| test_of("response.status", Test::Equals(literal(json!(expected))));
    let said = |condition: &Condition| {
        let verdict = condition.judge(&scope()).unwrap();
        verdict.because.and_then(|test| test.render_else(&scope()))
    };
    let all = Condition::All(vec![
        status(200),
        with_else(status(201), "got {{response.status}}"),
    ]);
    assert_eq!(said(&all).as_deref(), Some("got 200"));
    let any = Condition::Any(vec![status(201), with_else(status(202), "neither")]);
    assert_eq!(said(&any).as_deref(), Some("neither"));
    let not = Condition::Not(Box::new(with_else(status(200), "did")));
    assert_eq!(said(&not).as_deref(), Some("did"));
    assert!(holds(&Condition::Any(vec![status(201), status(200)])));
    assert!(holds(&Condition::Not(Box::new(status(201)))));
    assert!(holds(&Condition::All(Vec::new())));
    assert!(!holds(&Condition::Any(Vec::new())));
}

#[test]
fn a_condition_knows_whether_it_reads_the_body() {
    let exists = |path: &str| test_of(path, Test::Exists(true));
    assert!(exists("response.body.error").reads_body());
    assert!(exists("response").reads_body());
    assert!(!exists("response.status").reads_body());
    assert!(!exists("login.body").reads_body());
    let deep = Condition::Any(vec![exists("response.status"), exists("response['body']")]);
    assert!(deep.reads_body());
}

#[test]
fn matches_looks_anywhere_in_the_text() {
    let matches = |path: &str, pattern: &str| {
        holds(&test_of(
            path,
            Test::Matches(regex::Regex::new(pattern).unwrap()),
        ))
    };
    assert!(matches("response.body.word", "xpir"));
    assert!(!matches("response.body.word", "^xpir"));
    assert!(matches("response.status", "^2..$"));
}
