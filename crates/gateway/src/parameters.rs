//! The parameters of an endpoint call, checked against what the endpoint declares before anything is sent.

use crate::error::CallError;
use model::{Endpoint, ParameterKind};
use serde_json::{Map, Value};

/// One parameter as a caller gives it.
#[derive(Clone, Debug, PartialEq)]
pub enum Given {
    /// A JSON value, which must have the parameter's type.
    Json(Value),
    /// Text, as on a command line: read as the parameter's type.
    Text(String),
}

/// The parameters with their defaults, in the types the endpoint wants.
///
/// # Errors
/// An unknown one, a missing one, one of another type.
pub(crate) fn check(
    endpoint: &Endpoint,
    given: Vec<(String, Given)>,
) -> Result<Map<String, Value>, CallError> {
    let mut checked = Map::new();
    for (name, value) in given {
        let Some(parameter) = endpoint.parameters.get(&name) else {
            return Err(CallError::UnknownParameter {
                endpoint: endpoint.name.clone(),
                help: nearest(&name, endpoint.parameters.keys().map(String::as_str)),
                name,
            });
        };
        let value = typed(&name, parameter.kind, value)?;
        checked.insert(name, value);
    }
    for (name, parameter) in &endpoint.parameters {
        if checked.contains_key(name) {
            continue;
        }
        match &parameter.default {
            Some(default) => {
                checked.insert(name.clone(), default.clone());
            }
            None if parameter.required => {
                return Err(CallError::MissingParameter {
                    endpoint: endpoint.name.clone(),
                    name: name.clone(),
                });
            }
            None => {}
        }
    }
    Ok(checked)
}

/// "Did you mean `x`?", or what there is.
pub(crate) fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str> + Clone) -> String {
    let close = known
        .clone()
        .map(|candidate| (distance(name, candidate), candidate))
        .filter(|(distance, candidate)| *distance <= 1 + candidate.len() / 4)
        .min();
    if let Some((_, candidate)) = close {
        return format!("Did you mean `{candidate}`?");
    }
    let all: Vec<_> = known.map(|candidate| format!("`{candidate}`")).collect();
    if all.is_empty() {
        "It has none.".to_owned()
    } else {
        format!("It has {}.", all.join(", "))
    }
}

fn typed(name: &str, kind: ParameterKind, given: Given) -> Result<Value, CallError> {
    let value = match given {
        Given::Json(value) => Some(value),
        Given::Text(text) => match kind {
            ParameterKind::String => Some(Value::String(text)),
            // A word is a word, such as a value of an enum.
            ParameterKind::Any => serde_json::from_str(text.trim())
                .ok()
                .or(Some(Value::String(text))),
            _ => serde_json::from_str(text.trim()).ok(),
        },
    };
    value
        .filter(|value| kind.accepts(value))
        .ok_or_else(|| CallError::BadParameter {
            name: name.to_owned(),
            expected: match kind {
                ParameterKind::String => "a text",
                ParameterKind::Integer => "an integer",
                ParameterKind::Number => "a number",
                ParameterKind::Boolean => "true or false",
                ParameterKind::Object => "a JSON object",
                ParameterKind::Array => "a JSON list",
                ParameterKind::Any => "any JSON",
            },
        })
}

/// Edits between two names (Levenshtein).
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (line, left) in one.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = line + 1;
        for (column, right) in other.iter().enumerate() {
            let replaced = diagonal + usize::from(left != *right);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(row[column] + 1).min(diagonal + 1);
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::{Given, check, nearest};
    use indexmap::IndexMap;
    use model::{Endpoint, Parameter, ParameterKind, Redirects, Request, Resend};
    use serde_json::{Value, json};
    use template::Template;

    fn endpoint() -> Endpoint {
        let parameter = |kind, default, required| Parameter {
            kind,
            default,
            required,
        };
        Endpoint {
            name: "list".to_owned(),
            request: Request {
                method: "GET".to_owned(),
                url: Template::literal("https://api.example.org"),
                query: IndexMap::new(),
                headers: IndexMap::new(),
                body: model::Body::None,
                timeout: std::time::Duration::from_secs(1),
                sign_in: None,
            },
            parameters: IndexMap::from_iter([
                (
                    "limit".to_owned(),
                    parameter(ParameterKind::Integer, Some(json!(20)), false),
                ),
                (
                    "name".to_owned(),
                    parameter(ParameterKind::String, None, true),
                ),
                (
                    "tags".to_owned(),
                    parameter(ParameterKind::Array, None, false),
                ),
            ]),
            expect: None,
            attach: true,
            resend: Resend::Allowed,
            redirects: Redirects::Stop,
        }
    }

    fn told(given: &[(&str, Given)]) -> Result<Value, (&'static str, String)> {
        let given = given
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.clone()))
            .collect();
        check(&endpoint(), given)
            .map(Value::Object)
            .map_err(|error| (error.code(), error.help()))
    }

    #[test]
    fn parameters_have_their_types_defaults_and_names() {
        let text = |text: &str| Given::Text(text.to_owned());
        let table = [
            (
                vec![("name", text("5"))],
                Ok(json!({ "name": "5", "limit": 20 })),
            ),
            (
                vec![
                    ("name", text("a")),
                    ("limit", text(" 7 ")),
                    ("tags", text("[1]")),
                ],
                Ok(json!({ "name": "a", "limit": 7, "tags": [1] })),
            ),
            (
                vec![
                    ("name", Given::Json(json!("a"))),
                    ("limit", Given::Json(json!(1))),
                ],
                Ok(json!({ "name": "a", "limit": 1 })),
            ),
            (
                vec![],
                Err((
                    "missing_parameter",
                    "Give it, as in --parameter name=VALUE.",
                )),
            ),
            (
                vec![("name", text("a")), ("limit", text("x"))],
                Err(("bad_parameter", "Give an integer.")),
            ),
            (
                vec![("name", text("a")), ("limit", text("1.5"))],
                Err(("bad_parameter", "Give an integer.")),
            ),
            (
                vec![("name", Given::Json(json!(1)))],
                Err(("bad_parameter", "Give a text.")),
            ),
            (
                vec![("nam", text("a"))],
                Err(("unknown_parameter", "Did you mean `name`?")),
            ),
            (
                vec![("zzzz", text("a"))],
                Err(("unknown_parameter", "It has `limit`, `name`, `tags`.")),
            ),
        ];
        for (given, expected) in table {
            let expected = expected.map_err(|(code, help)| (code, help.to_owned()));
            assert_eq!(told(&given), expected, "{given:?}");
        }
    }

    #[test]
    fn the_nearest_name_is_told() {
        let known = ["list_pages", "list_users", "get"];
        assert_eq!(
            nearest("list_page", known.into_iter()),
            "Did you mean `list_pages`?"
        );
        assert_eq!(nearest("other", [].into_iter()), "It has none.");
    }
}
