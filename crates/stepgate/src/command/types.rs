//! Asks a GraphQL API for its types, where it tells them, and holds the connector's operations against them.

use gateway::{Call, CallBody, Target};
use http::header::{ACCEPT, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, Method};
use model::{ConnectorKind, GraphqlTypes, TYPES_QUERY};
use serde_json::{Value, json};

use crate::arguments::{Format, SignIn};
use crate::calling::{self, SHOWN_LIMIT};
use crate::command::unprintable;
use crate::ending::Complaint;
use crate::failing;
use crate::timeline::Timeline;
use crate::wiring::Wiring;

/// Says how the operations fit; nothing for connectors that are not GraphQL.
pub(crate) async fn check(
    wiring: &Wiring,
    options: &SignIn,
    timeline: &mut Timeline,
) -> Result<(), Complaint> {
    let connector = wiring.connector();
    if connector.kind != ConnectorKind::Graphql {
        return Ok(());
    }
    let answer = calling::send(wiring, options, question, timeline).await?;
    let bytes = answer.read(SHOWN_LIMIT).await;
    let bytes = bytes.map_err(|error| failing::call(&error, wiring, timeline))?;
    let reply: Value = serde_json::from_slice(&bytes).unwrap_or_default();
    let (known, held, told) = match GraphqlTypes::of(&reply) {
        Some(types) => {
            let (held, told) = types.check(connector);
            (true, held, told)
        }
        None => (false, 0, Vec::new()),
    };
    let line = match (wiring.terminal.format, known) {
        (Format::Json, _) => {
            json!({ "event": "types_checked", "known": known, "operations": held, "problems": told })
                .to_string()
        }
        (Format::Text, false) => "- types: this API does not tell them".to_owned(),
        (Format::Text, true) if told.is_empty() => {
            format!("✓ types: {held} operations fit what the API tells")
        }
        (Format::Text, true) => format!("✗ types: {}", told.join("\n  ")),
    };
    wiring.terminal.out(&line).map_err(unprintable)?;
    match told.is_empty() {
        true => Ok(()),
        false => Err(Complaint::usage(
            "types_differ",
            "operations do not fit the types that the API tells",
        )
        .help("mend them in the definition: the types are those of the API's schema")),
    }
}

fn question() -> Call {
    let mut headers = HeaderMap::new();
    let json = HeaderValue::from_static("application/json");
    headers.insert(CONTENT_TYPE, json.clone());
    headers.insert(ACCEPT, json);
    let body = json!({ "query": TYPES_QUERY }).to_string();
    Call {
        target: Target::Path {
            method: Method::POST,
            path: "/".to_owned(),
            query: Vec::new(),
            headers,
        },
        body: CallBody::Bytes(body.into()),
    }
}
