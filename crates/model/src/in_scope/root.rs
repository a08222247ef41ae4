//! The names that are no step: variables, secrets, parameters, and what is called the same in every definition.

use serde_json::Value;

use super::{Readable, ReadableKind};
use crate::build::{Parameters, Signing, Site};
use crate::connector::Connector;
use crate::endpoint::Endpoint;

/// What can be read in a place beside steps.
pub(super) fn readable(connector: &Connector, site: &Site) -> Vec<Readable> {
    let mut names = Vec::new();
    names.extend(parameters(connector, site));
    names.extend(connector.variables.iter().map(|(name, value)| {
        let about = "A variable of the connector.";
        Readable::root(format!("variables.{name}"), type_of(value), about)
            .of_kind(ReadableKind::Variable)
    }));
    names.extend(connector.secrets.iter().map(|name| {
        let about = "A secret of the connector; it is kept apart from the definition.";
        Readable::root(format!("secrets.{name}"), "string", about).of_kind(ReadableKind::Secret)
    }));
    if site.response {
        names.extend([
            Readable::root(
                "response.status",
                "number",
                "The status code of the reply that is judged.",
            ),
            Readable::root(
                "response.headers",
                "object",
                "Its headers, by names in lower case.",
            ),
            Readable::root(
                "response.body",
                "any",
                "Its body: JSON and form-encoded ones as values, any other as text.",
            ),
        ]);
    }
    if site.challenge {
        names.push(Readable::root(
            "response.challenge",
            "object",
            "What its challenge asks for (RFC 9470): `acr_values`, `max_age`, `scope`.",
        ));
    }
    names.extend(requests(site));
    names.extend([
        Readable::root(
            "base_url",
            "string",
            "The connector's base URL, without a slash at its end.",
        ),
        Readable::root(
            "cookies",
            "object",
            "The cookies of the connection as they are now, by name.",
        ),
        Readable::root(
            "callback_url",
            "string",
            "The address of this server that an API sends a person back to.",
        ),
    ]);
    if site.state {
        names.push(Readable::root(
            "state",
            "string",
            "What ties a redirect back to this flow run; it is compared by itself.",
        ));
    }
    names.extend([
        Readable::root("now", "number", "The time, in seconds since 1970."),
        Readable::root("uuid", "string", "A random UUID, new at each mention."),
        Readable::root(
            "random",
            "string",
            "32 random bytes as base64url, new at each mention.",
        ),
    ]);
    names
}

fn parameters(connector: &Connector, site: &Site) -> Vec<Readable> {
    let of = |endpoint: &Endpoint, certain: bool| -> Vec<Readable> {
        let parameters = endpoint.parameters.iter();
        let readable = parameters.map(|(name, parameter)| {
            let about = match (&parameter.default, parameter.required) {
                (Some(_), _) => "A parameter that has a default.",
                (None, true) => "A parameter that the caller must give.",
                (None, false) => "A parameter that the caller may give.",
            };
            let type_name = parameter.kind.name();
            Readable {
                certain: certain && (parameter.required || parameter.default.is_some()),
                ..Readable::root(format!("parameters.{name}"), type_name, about)
                    .of_kind(ReadableKind::Parameter)
            }
        });
        readable.collect()
    };
    let endpoints = &connector.endpoints;
    let mut found = match site.parameters {
        Parameters::None => Vec::new(),
        Parameters::Endpoint(index) => {
            let endpoint = endpoints.get(index);
            endpoint.map(|it| of(it, true)).unwrap_or_default()
        }
        Parameters::TestApi => {
            let test = connector.test_api.as_ref();
            test.map(|it| of(it, true)).unwrap_or_default()
        }
        Parameters::Any => endpoints.iter().flat_map(|it| of(it, false)).collect(),
    };
    found.sort_by(|one, other| one.path.cmp(&other.path));
    found.dedup_by(|one, other| one.path == other.path);
    found
}

fn requests(site: &Site) -> Vec<Readable> {
    let text = |path: &str, about: &str| Readable::root(path, "string", about);
    let mut names = Vec::new();
    if site.request || site.signing != Signing::None {
        names.extend([
            text("request.method", "The method of the request."),
            text("request.url", "The whole address of the request."),
        ]);
    }
    if site.signing != Signing::None {
        names.extend([
            text("request.target", "Path and query as they are sent."),
            text("request.path", "The path as it is sent."),
            text("request.query", "The query as it is sent."),
            text("request.host", "The host as it is sent."),
            Readable::root(
                "request.headers",
                "object",
                "The headers, by names in lower case.",
            ),
            text("request.body", "The body."),
            text("request.body_sha256", "The SHA-256 of the body, as hex."),
            Readable::root(
                "timestamp",
                "number",
                "The time of the signature, in seconds since 1970.",
            ),
            Readable::root("timestamp_ms", "number", "The same in milliseconds."),
            text("http_date", "The same as an HTTP date."),
            text("iso_date", "The same as an ISO 8601 date."),
            text(
                "nonce",
                "A random text, the same in all templates of one signature.",
            ),
        ]);
    }
    if site.signing == Signing::Value {
        names.push(text("signature", "The signature that was made."));
    }
    names
}

fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}
