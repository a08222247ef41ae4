//! The JSON Schema accepts what the reader accepts, and refuses every error of shape.

use std::collections::HashSet;

use jsonschema::Validator;
use model::{Code, Rule, Severity, read, schema};
use serde_json::Value;

use crate::fixture::{files, source};
use crate::json::to_json;

fn validator() -> Validator {
    jsonschema::validator_for(&schema()).unwrap()
}

#[test]
fn the_schema_agrees_with_the_reader_about_every_fixture() {
    let validator = validator();
    for path in files("valid").iter().chain(&files("invalid")) {
        let source = source(path);
        let codes: Vec<_> = read(&source)
            .problems
            .iter()
            .filter(|problem| problem.severity == Severity::Error)
            .map(|problem| rule_of(problem.code))
            .collect();
        if codes.contains(&Rule::Text) {
            continue;
        }
        let json = match serde_json::from_str(&source.text) {
            Ok(json) => json,
            Err(_) => to_json(&source.text).unwrap(),
        };
        let expected = !codes.contains(&Rule::Shape);
        let errors: Vec<_> = validator
            .iter_errors(&json)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert_eq!(errors.is_empty(), expected, "{}: {errors:#?}", source.name);
    }
}

#[test]
fn every_code_but_those_of_overrides_has_a_fixture() {
    let mut seen: Vec<&str> = Vec::new();
    for path in files("valid").iter().chain(&files("invalid")) {
        seen.extend(read(&source(path)).problems.iter().map(|it| it.code));
    }
    // A file of that size, and what comes from the command line, have tests of their own.
    let elsewhere = [Code::TooLarge, Code::UnknownEnvironment, Code::BadOverride];
    let missing: Vec<_> = Code::ALL
        .iter()
        .filter(|code| !elsewhere.contains(code) && !seen.contains(&code.name()))
        .map(|code| code.name())
        .collect();
    assert!(missing.is_empty(), "no fixture has {missing:?}");
}

/// Every key of every map in a value.
fn keys(value: &Value, found: &mut HashSet<String>) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                found.insert(key.clone());
                keys(value, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| keys(item, found)),
        _ => {}
    }
}

#[test]
fn every_key_of_the_schema_stands_in_a_valid_fixture() {
    let mut written = HashSet::new();
    for path in files("valid") {
        let source = source(&path);
        let json = serde_json::from_str(&source.text).ok();
        let json = json.or_else(|| to_json(&source.text));
        keys(&json.unwrap(), &mut written);
    }
    let schema = schema();
    let defined = schema["$defs"].as_object().unwrap();
    let missing: Vec<_> = defined
        .iter()
        .chain([(&"definition".to_owned(), &schema)])
        .filter_map(|(name, map)| Some((name, map["properties"].as_object()?)))
        .flat_map(|(name, keys)| keys.keys().map(move |key| format!("{name}.{key}")))
        .filter(|path| !written.contains(path.rsplit('.').next().unwrap()))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}

fn rule_of(name: &str) -> Rule {
    let code = Code::ALL.iter().find(|code| code.name() == name);
    code.unwrap().rule()
}

#[test]
fn the_schema_is_closed() {
    let text = schema().to_string();
    assert!(
        !text.contains("null}") && !text.contains("null,"),
        "an open reference"
    );
    let schema: Value = schema();
    assert!(schema["$defs"]["step_form"].is_object());
}
