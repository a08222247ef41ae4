//! How two JSON values compare in a condition: by type, except that a text and a number or truth
//! value which read the same are the same, since headers, form fields and form-encoded bodies
//! know only texts.

use std::cmp::Ordering;

use serde_json::{Number, Value};

/// Whether two values are the same.
pub(super) fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => compare(one, other) == Some(Ordering::Equal),
        (Value::String(text), Value::Number(number))
        | (Value::Number(number), Value::String(text)) => {
            number_of(text).is_some_and(|read| compare(&read, number) == Some(Ordering::Equal))
        }
        (Value::String(text), Value::Bool(truth)) | (Value::Bool(truth), Value::String(text)) => {
            text == if *truth { "true" } else { "false" }
        }
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len()
                && one
                    .iter()
                    .all(|(key, one)| other.get(key).is_some_and(|other| same(one, other)))
        }
        (one, other) => one == other,
    }
}

/// How two numbers, or texts that read as numbers, are ordered; none for anything else.
pub(super) fn order(one: &Value, other: &Value) -> Option<Ordering> {
    let number = |value: &Value| match value {
        Value::Number(number) => Some(number.clone()),
        Value::String(text) => number_of(text),
        _ => None,
    };
    compare(&number(one)?, &number(other)?)
}

/// The text that a regular expression is matched against.
pub(super) fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn number_of(text: &str) -> Option<Number> {
    serde_json::from_str(text.trim()).ok()
}

/// Compares whole numbers exactly and only others as floats, so that large ids stay distinct.
fn compare(one: &Number, other: &Number) -> Option<Ordering> {
    match (one.as_i128(), other.as_i128()) {
        (Some(one), Some(other)) => Some(one.cmp(&other)),
        _ => one.as_f64()?.partial_cmp(&other.as_f64()?),
    }
}
