//! Phase five, judge: what the reply means, by the connector's conditions, read ahead no further than it must be.

use crate::answer::AnswerBody;
use crate::error::CallError;
use crate::kept_body::BODY_LIMIT;
use crate::renew::Credential;
use crate::resolve::Plan;
use crate::scope::{Seen, with_scope};
use crate::send::Received;
use crate::step_up;
use bytes::{Bytes, BytesMut};
use connection::{Connections, Equipped};
use flow::CallScope;
use http::header::{CONTENT_TYPE, WWW_AUTHENTICATE};
use http::{HeaderMap, StatusCode};
use http_body::Body;
use http_body_util::BodyExt;
use model::Condition;
use outbound::{Challenge, OutboundError, Parts};
use serde_json::{Map, Value, json};

/// A reply whose body may have been read ahead.
pub(crate) struct Judged {
    pub(crate) parts: Parts,
    pub(crate) body: AnswerBody,
}

/// What the reply means.
#[derive(Debug)]
pub(crate) enum Finding {
    /// More proof is wanted for this call: the reply as templates read it.
    StepUp(Value),
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
    let Received {
        reply,
        request,
        clock,
    } = received;
    let (parts, body) = reply.into_parts();
    let reads_body = reads_body(equipped, plan) || may_ask(equipped, plan, parts.status);
    let (body, value) = if reads_body && is_readable(&parts.headers) {
        match read_ahead(body).await? {
            Ahead::Whole { bytes, trailers } => {
                let value = value_of(&parts.headers, &bytes);
                (AnswerBody::whole(bytes, trailers), value)
            }
            Ahead::Begun { ahead, rest } => (AnswerBody::begun(ahead, rest), None),
        }
    } else {
        (AnswerBody::Passing(Box::new(body)), None)
    };
    let told = Told {
        request: &request,
        status: parts.status,
        headers: &parts.headers,
        body: value.as_ref(),
        clock_is_off: clock.is_some(),
    };
    let finding = find(connections, equipped, credential, plan, told)?;
    Ok((Judged { parts, body }, finding))
}

/// What conditions read of an exchange.
#[derive(Clone, Copy)]
pub(crate) struct Told<'a> {
    /// A map of method and URL.
    pub(crate) request: &'a Value,
    pub(crate) status: StatusCode,
    pub(crate) headers: &'a HeaderMap,
    /// Where it was read.
    pub(crate) body: Option<&'a Value>,
    /// It refuses what was signed with a time, and this machine's clock is off.
    pub(crate) clock_is_off: bool,
}

/// Whether a condition reads the body of this call's reply.
pub(crate) fn reads_body(equipped: &Equipped, plan: &Plan<'_>) -> bool {
    let over_when = Some(&equipped.connector.session.over_when).filter(|_| plan.attaches());
    let expect = plan
        .endpoint()
        .and_then(|endpoint| endpoint.expect.as_ref());
    let steps_up = equipped.connector.step_up.as_ref();
    let steps_up = steps_up.filter(|_| plan.attaches());
    over_when
        .into_iter()
        .chain(expect)
        .chain(steps_up.and_then(|step_up| step_up.when.as_ref()))
        .any(Condition::reads_body)
}

/// Whether a reply of this status may ask for more proof, so that a step-up has its body to read.
fn may_ask(equipped: &Equipped, plan: &Plan<'_>, status: StatusCode) -> bool {
    equipped.connector.step_up.is_some() && plan.attaches() && status.as_u16() >= 400
}

/// What the reply means.
pub(crate) fn find(
    connections: &Connections,
    equipped: &Equipped,
    credential: &Credential,
    plan: &Plan<'_>,
    told: Told<'_>,
) -> Result<Finding, CallError> {
    let over_when = Some(&equipped.connector.session.over_when).filter(|_| plan.attaches());
    let expect = plan
        .endpoint()
        .and_then(|endpoint| endpoint.expect.as_ref());
    let mut response = response(told);
    let is_insufficient = step_up::is_insufficient(told.status, told.headers);
    let steps_up = equipped.connector.step_up.as_ref();
    let steps_up = steps_up.filter(|_| plan.attaches());
    if let (Some(_), Some(map)) = (steps_up, response.as_object_mut()) {
        let challenge = step_up::challenge(told.headers);
        map.extend(challenge.map(|it| ("challenge".to_owned(), it)));
    }
    let seen = Seen {
        request: Some(told.request),
        response: Some(&response),
        ..Seen::default()
    };
    let finding = with_scope(connections, equipped, credential, plan, seen, |scope| {
        let holds = |condition: &Condition| tell(condition, scope, told.body.is_some());
        if let Some(step_up) = steps_up {
            let when = step_up.when.as_ref().map(holds).transpose()?;
            if is_insufficient || when.flatten() == Some(true) {
                return Ok(Finding::StepUp(response.clone()));
            }
        }
        // What lacks is a nonce in the proof, the right time, or more proof than there is a way to get, and not a
        // session.
        let lacks_more = is_insufficient
            || outbound::wants_dpop_nonce(told.status, told.headers)
            || (told.clock_is_off && speaks_of_time(told.headers));
        if !lacks_more && over_when.map(holds).transpose()?.flatten() == Some(true) {
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
    finding.map_err(|error: template::ResolveError| error.into())
}

/// Whether a challenge says that it is the time that was not taken: Hawk's, the problem reporting of OAuth 1.0a, DPoP's
/// (RFC 9449, section 7.1).
fn speaks_of_time(headers: &HeaderMap) -> bool {
    Challenge::all(headers, WWW_AUTHENTICATE)
        .iter()
        .any(
            |challenge| match challenge.scheme.to_ascii_lowercase().as_str() {
                "hawk" => challenge.parameter("ts").is_some(),
                "oauth" => challenge.parameter("oauth_problem") == Some("timestamp_refused"),
                "dpop" => challenge.parameter("error") == Some("invalid_dpop_proof"),
                _ => false,
            },
        )
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
pub(crate) fn is_readable(headers: &HeaderMap) -> bool {
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

/// A body as far as it was read.
pub(crate) enum Ahead<B> {
    /// To its end.
    Whole {
        bytes: Bytes,
        trailers: Option<HeaderMap>,
    },
    /// Beyond the limit.
    Begun { ahead: Bytes, rest: B },
}

/// Reads a body, but no further than the limit. What was read goes on to the caller untouched.
pub(crate) async fn read_ahead<B>(mut body: B) -> Result<Ahead<B>, CallError>
where
    B: Body<Data = Bytes, Error = OutboundError> + Unpin,
{
    // Most bodies come in one piece, which needs no copy.
    let mut first = Bytes::new();
    let mut joined = BytesMut::new();
    let mut trailers = None;
    while let Some(frame) = body.frame().await {
        match frame?.into_data() {
            Ok(data) if first.is_empty() && joined.is_empty() => first = data,
            Ok(data) => {
                joined.extend_from_slice(&std::mem::take(&mut first));
                joined.extend_from_slice(&data);
            }
            Err(frame) => trailers = frame.into_trailers().ok(),
        }
        if first.len() + joined.len() > BODY_LIMIT {
            let ahead = whole(first, joined);
            return Ok(Ahead::Begun { ahead, rest: body });
        }
    }
    let bytes = whole(first, joined);
    Ok(Ahead::Whole { bytes, trailers })
}

fn whole(first: Bytes, joined: BytesMut) -> Bytes {
    if joined.is_empty() {
        first
    } else {
        joined.freeze()
    }
}

/// What conditions see of a body, decoded.
pub(crate) fn value_of(headers: &HeaderMap, bytes: &Bytes) -> Option<Value> {
    let decoded = outbound::decode(headers, bytes, BODY_LIMIT).ok()?;
    Some(flow::parse_body(headers, &decoded))
}

fn response(told: Told<'_>) -> Value {
    let mut headers = Map::new();
    for name in told.headers.keys() {
        let values: Vec<_> = told
            .headers
            .get_all(name)
            .iter()
            .map(|value| String::from_utf8_lossy(value.as_bytes()))
            .collect();
        headers.insert(name.as_str().to_owned(), Value::String(values.join(", ")));
    }
    let mut response = json!({ "status": told.status.as_u16(), "headers": headers });
    if let (Some(body), Some(map)) = (told.body, response.as_object_mut()) {
        map.insert("body".to_owned(), body.clone());
    }
    response
}
