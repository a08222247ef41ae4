//! Phase five, judge: what the reply means, by the connector's conditions, read ahead no further than it must be.

use crate::answer::AnswerBody;
use crate::error::CallError;
use crate::kept_body::BODY_LIMIT;
use crate::renew::Credential;
use crate::resolve::Plan;
use crate::scope::{Seen, with_scope};
use crate::send::Received;
use bytes::BytesMut;
use connection::{Connections, Equipped};
use flow::CallScope;
use http::HeaderMap;
use http::header::CONTENT_TYPE;
use http_body_util::BodyExt;
use model::Condition;
use outbound::{Parts, ReplyBody};
use serde_json::{Map, Value, json};

/// A reply whose body may have been read ahead.
pub(crate) struct Judged {
    pub(crate) parts: Parts,
    pub(crate) body: AnswerBody,
}

/// What the reply means.
#[derive(Debug)]
pub(crate) enum Finding {
    /// The session is over.
    Over,
    /// What the endpoint expects, or all that can be said.
    Good,
    /// Not what the endpoint expects; what the person reads, where the definition says it.
    Unexpected(Option<String>),
}

pub(crate) async fn judge(
    connections: &Connections,
    equipped: &Equipped,
    credential: &Credential,
    plan: &Plan<'_>,
    received: Received,
) -> Result<(Judged, Finding), CallError> {
    let Received { reply, request } = received;
    let over_when = Some(&equipped.connector.session.over_when).filter(|_| plan.attaches());
    let expect = plan
        .endpoint()
        .and_then(|endpoint| endpoint.expect.as_ref());
    let reads_body = over_when
        .into_iter()
        .chain(expect)
        .any(Condition::reads_body);
    let (parts, body) = reply.into_parts();
    let (body, value) = if reads_body && is_readable(&parts.headers) {
        read_ahead(&parts, body).await?
    } else {
        (AnswerBody::Passing(Box::new(body)), None)
    };
    let response = response(&parts, value.as_ref());
    let seen = Seen {
        request: Some(&request),
        response: Some(&response),
        at: None,
    };
    let finding = with_scope(connections, equipped, credential, plan, seen, |scope| {
        let holds = |condition: &Condition| tell(condition, scope, value.is_some());
        if over_when.map(holds).transpose()?.flatten() == Some(true) {
            return Ok(Finding::Over);
        }
        let Some(expect) = expect else {
            return Ok(Finding::Good);
        };
        if holds(expect)? == Some(false) {
            let because = expect.judge(scope)?.because;
            return Ok(Finding::Unexpected(
                because.and_then(|test| test.render_else(scope)),
            ));
        }
        Ok(Finding::Good)
    });
    finding
        .map(|finding| (Judged { parts, body }, finding))
        .map_err(|error: template::ResolveError| error.into())
}

/// Whether a condition holds; `None` where that hangs on a body that was not read. A body that is too large, or streams,
/// must look neither like an expiry nor like a failure.
fn tell(
    condition: &Condition,
    scope: &CallScope<'_>,
    body_is_read: bool,
) -> Result<Option<bool>, template::ResolveError> {
    if body_is_read || !condition.reads_body() {
        return Ok(Some(condition.judge(scope)?.holds));
    }
    let parts = |parts: &[Condition]| {
        parts
            .iter()
            .map(|part| tell(part, scope, false))
            .collect::<Result<Vec<_>, template::ResolveError>>()
    };
    Ok(match condition {
        Condition::All(all) => {
            let told = parts(all)?;
            if told.contains(&Some(false)) {
                Some(false)
            } else {
                None
            }
        }
        Condition::Any(any) => {
            let told = parts(any)?;
            if told.contains(&Some(true)) {
                Some(true)
            } else {
                None
            }
        }
        Condition::Not(not) => tell(not, scope, false)?.map(|holds| !holds),
        Condition::Test { .. } => None,
    })
}

/// JSON, a form or text; never a stream of events, which has no end to wait for.
fn is_readable(headers: &HeaderMap) -> bool {
    let Some(content_type) = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
    else {
        return true;
    };
    let essence = content_type
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    match essence.as_str() {
        "text/event-stream" => false,
        "application/json"
        | "application/x-www-form-urlencoded"
        | "application/xml"
        | "application/javascript" => true,
        other => {
            other.starts_with("text/")
                || (other.starts_with("application/")
                    && (other.ends_with("+json") || other.ends_with("+xml")))
        }
    }
}

/// The body up to the limit, and its value where it ends before. What was read goes on to the caller untouched.
async fn read_ahead(
    parts: &Parts,
    mut body: ReplyBody,
) -> Result<(AnswerBody, Option<Value>), CallError> {
    let mut ahead = BytesMut::new();
    while let Some(frame) = body.frame().await {
        if let Ok(data) = frame?.into_data() {
            ahead.extend_from_slice(&data);
        }
        if ahead.len() > BODY_LIMIT {
            return Ok((AnswerBody::begun(ahead.freeze(), body), None));
        }
    }
    let ahead = ahead.freeze();
    let value = outbound::decode(&parts.headers, &ahead, BODY_LIMIT)
        .ok()
        .map(|decoded| flow::parse_body(&parts.headers, &decoded));
    Ok((AnswerBody::Whole(Some(ahead)), value))
}

fn response(parts: &Parts, body: Option<&Value>) -> Value {
    let mut headers = Map::new();
    for name in parts.headers.keys() {
        let values: Vec<_> = parts
            .headers
            .get_all(name)
            .iter()
            .map(|value| String::from_utf8_lossy(value.as_bytes()))
            .collect();
        headers.insert(name.as_str().to_owned(), Value::String(values.join(", ")));
    }
    let mut response = json!({ "status": parts.status.as_u16(), "headers": headers });
    if let (Some(body), Some(map)) = (body, response.as_object_mut()) {
        map.insert("body".to_owned(), body.clone());
    }
    response
}
