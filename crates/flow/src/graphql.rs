//! GraphQL over HTTP: the body of an operation, and the errors of a reply.

use bytes::Bytes;
use model::{GraphqlOperation, Said};
use serde_json::{Map, Value};
use template::Place;

use crate::exchange::Received;
use crate::failure::Failure;
use crate::judge::own_words;
use crate::request::BuildError;
use crate::scope::CallScope;
use crate::value::{resolve_entry, resolve_value};

/// What replies may be (GraphQL over HTTP, section 6.3): the older type first, by which errors of an
/// operation come with status 200 from every server.
pub(crate) const GRAPHQL: &str = "application/json, application/graphql-response+json;q=0.9";

/// The `extensions.code` of errors that say nothing about the caller, as the usual servers write them.
const PASSING: [&str; 6] = [
    "INTERNAL_SERVER_ERROR",
    "SERVICE_UNAVAILABLE",
    "TIMEOUT",
    "THROTTLED",
    "RATE_LIMITED",
    "TOO_MANY_REQUESTS",
];

/// The body of an operation.
pub(crate) fn graphql(
    operation: &GraphqlOperation,
    scope: &CallScope<'_>,
) -> Result<Bytes, BuildError> {
    let mut body = Map::new();
    let query = operation.query.resolve_text(scope, Place::Text)?;
    body.insert("query".to_owned(), Value::String(query));
    let mut variables = Map::new();
    for (name, value) in &operation.variables {
        if let Some(value) = resolve_value(value, scope)? {
            variables.insert(name.clone(), value);
        }
    }
    if !operation.variables.is_empty() {
        body.insert("variables".to_owned(), Value::Object(variables));
    }
    if let Some(name) = &operation.operation_name
        && let Some(name) = resolve_entry(name, scope, Place::Text)?
    {
        body.insert("operationName".to_owned(), name);
    }
    Ok(Bytes::from(Value::Object(body).to_string()))
}

/// What the errors of a reply mean; none where it has none.
pub(crate) fn failure(received: &Received) -> Option<Failure> {
    let errors = received.body.get("errors")?.as_array()?;
    let first = errors.first()?;
    let code = first
        .get("extensions")
        .and_then(|extensions| extensions.get("code"))
        .and_then(Value::as_str);
    let said = own_words(&received.body).or_else(|| code.map(str::to_owned));
    let status = received.status.as_u16();
    let failure = if code.is_some_and(|code| PASSING.contains(&code)) {
        Failure::passing(
            "api_unavailable",
            format!(
                "The API cannot answer now: {}",
                said.as_deref().unwrap_or("an error without a message")
            ),
            None,
        )
        .with_help("Nothing was stored. Try again later.")
    } else {
        let said = said.map_or(Said::RefusedWithoutWords, |why| Said::Refused { why });
        Failure::refused("graphql_errors", said)
    };
    Some(failure.with_status(status).with_excerpt(&received.text))
}
