//! One request of a step and its reply, told from the API's passing faults.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::header::RETRY_AFTER;
use http::{HeaderMap, StatusCode};
use outbound::{Cookies, OutboundError, Outgoing};
use secret::{SecretString, Sensitive};
use serde_json::{Map, Value};
use url::{Position, Url};

use crate::body::{BodyKind, body_kind, body_text, parse_body};
use crate::client_certificate::client_certificate;
use crate::double_submit::DoubleSubmit;
use crate::drift::{self, ClockDifference};
use crate::expiry::unix;
use crate::failure::Failure;
use crate::judge::unusable;
use crate::learned;
use crate::signing;
use crate::step::StepContext;
use crate::timeline::Event;
use crate::watched::Watched;

/// What to do about a passing fault. A step before it may have done something at the API.
const NOTHING_STORED: &str = "Nothing was stored. Try again later.";

/// A reply that was read whole.
#[derive(Clone)]
pub(crate) struct Received {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    /// The URL that answered in the end.
    pub(crate) url: Url,
    /// Set over all redirects, the newest value of each name.
    pub(crate) cookies: Vec<(String, String)>,
    pub(crate) body: Value,
    pub(crate) text: String,
}

impl Received {
    fn new(parts: outbound::Parts, body: &Bytes) -> Self {
        Self {
            status: parts.status,
            url: parts.url,
            cookies: parts.set_cookies,
            body: parse_body(&parts.headers, body),
            text: body_text(&parts.headers, body),
            headers: parts.headers,
        }
    }

    pub(crate) fn kind(&self) -> BodyKind {
        body_kind(&self.headers)
    }

    /// The outputs of every step that gets a reply.
    pub(crate) fn outputs(&self) -> Map<String, Value> {
        let cookies: Map<String, Value> = self
            .cookies
            .iter()
            .map(|(name, value)| (name.clone(), Value::from(value.as_str())))
            .collect();
        let mut outputs = Map::new();
        outputs.insert("status".to_owned(), Value::from(self.status.as_u16()));
        outputs.insert("headers".to_owned(), headers_value(&self.headers));
        outputs.insert("body".to_owned(), self.body.clone());
        outputs.insert("cookies".to_owned(), Value::Object(cookies));
        outputs.insert("url".to_owned(), Value::from(self.url.as_str()));
        outputs
    }

    /// What conditions read as `response`.
    pub(crate) fn response(&self) -> Value {
        let mut outputs = self.outputs();
        outputs.retain(|key, _| matches!(key.as_str(), "status" | "headers" | "body"));
        Value::Object(outputs)
    }
}

/// Headers as a map of lower-case names. Several of one name are joined as RFC 9110 has it,
/// except cookies, which cannot be.
#[must_use]
pub fn headers_value(headers: &HeaderMap) -> Value {
    let mut map = Map::new();
    for name in headers.keys() {
        let values: Vec<_> = headers
            .get_all(name)
            .iter()
            .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
            .collect();
        let value = if name == http::header::SET_COOKIE {
            Value::from(values)
        } else {
            Value::from(values.join(", "))
        };
        map.insert(name.as_str().to_owned(), value);
    }
    Value::Object(map)
}

/// Sends a step's request with the run's jar and reads the reply whole. An API that cannot
/// answer now is a failure here, before anything else of the reply is looked at.
pub(crate) async fn send(
    cx: &mut StepContext<'_>,
    step: &str,
    mut outgoing: Outgoing,
) -> Result<Received, Failure> {
    if outgoing.signing.is_none() {
        outgoing.signing = signing::dpop::of_run(cx);
    }
    if outgoing.client_certificate.is_none() {
        let found = client_certificate(&cx.scope(), &outgoing.url);
        outgoing.client_certificate = found.map_err(|error| unusable(cx, step, error))?;
    }
    let engine = cx.context.engine;
    let begun = engine.clock.now();
    cx.observer.event(Event::RequestSent {
        step: step.to_owned(),
        method: outgoing.method.to_string(),
        url: Sensitive::new(outgoing.url.to_string()),
    });
    let double_submit = DoubleSubmit::of(cx.context.connector);
    let attach = double_submit
        .as_ref()
        .map(|hook| hook as &dyn outbound::Attach);
    let watched = Watched::new(attach, cx.observer);
    // On a copy, so that a run whose future is dropped half-way still has its cookies.
    let jar = Mutex::new(cx.run.jar.clone());
    let exchange = async {
        let reply = engine
            .client
            .send(outgoing, Cookies::Jar(&jar), Some(&watched), begun)
            .await?;
        reply.read(engine.client.limits().body_bytes).await
    };
    let result = exchange.await;
    cx.run.jar = jar.into_inner().unwrap_or_else(PoisonError::into_inner);
    let (parts, bytes) = match result {
        Ok(read) => read,
        Err(error) => {
            watched.tell(step, None, cx.observer);
            return Err(failed(&error).at(step));
        }
    };
    let now = engine.clock.now();
    cx.run.last_reply = Some(unix(now));
    let told = ClockDifference::measured(&parts.headers, begun, now);
    drift::remember(cx.run, told, &parts.url);
    for pair in parts.hops.windows(2) {
        let [from, to] = pair else { continue };
        cx.observer.event(Event::Redirected {
            step: step.to_owned(),
            status: from.status.as_u16(),
            url: Sensitive::new(to.url.to_string()),
        });
    }
    cx.observer.event(Event::ReplyReceived {
        step: step.to_owned(),
        status: parts.status.as_u16(),
        millis: millis_between(begun, now),
        bytes: bytes.len(),
    });
    let received = Received::new(parts, &bytes);
    for (_, value) in &received.cookies {
        cx.observer
            .event(Event::Learned(SecretString::new(value.clone())));
    }
    learned::from_reply(&received.body, cx.observer);
    watched.tell(step, Some(&received.text), cx.observer);
    match passing_fault(&received, now) {
        Some(fault) => Err(fault.at(step)),
        None => Ok(received),
    }
}

/// Whole milliseconds from one moment to another.
pub(crate) fn millis_between(begun: SystemTime, ended: SystemTime) -> u64 {
    let took = ended.duration_since(begun).unwrap_or_default();
    u64::try_from(took.as_millis()).unwrap_or(u64::MAX)
}

/// The statuses by which an API says "not now". In a flow, where one step builds on another, a
/// conflict, a lock and any fault of the server are such too.
fn passing_fault(received: &Received, now: SystemTime) -> Option<Failure> {
    let status = received.status.as_u16();
    if !(matches!(status, 408 | 409 | 423 | 425 | 429) || status >= 500) {
        return None;
    }
    let wait = retry_after(&received.headers, now);
    let reason = received.status.canonical_reason().unwrap_or_default();
    let message = format!(
        "The API at {} cannot answer now: it replied {status} {reason}",
        &received.url[Position::BeforeHost..Position::AfterPort]
    );
    let help = match wait {
        Some(wait) => format!(
            "Nothing was stored. Try again in {} s, which is what the API asks for.",
            wait.as_secs()
        ),
        None => NOTHING_STORED.to_owned(),
    };
    Some(
        Failure::passing("api_unavailable", message.trim_end(), wait)
            .with_help(help)
            .with_status(status)
            .with_excerpt(&received.text),
    )
}

/// `Retry-After` as seconds or as a date (RFC 9110, section 10.2.3).
fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    match text.parse() {
        Ok(seconds) => Some(Duration::from_secs(seconds)),
        Err(_) => httpdate::parse_http_date(text)
            .ok()
            .map(|date| date.duration_since(now).unwrap_or_default()),
    }
}

fn failed(error: &OutboundError) -> Failure {
    let message = error.to_string();
    let mut failure = if error.is_passing() {
        Failure::passing("no_reply", message, None).with_help(NOTHING_STORED)
    } else {
        match error {
            OutboundError::Refused { .. } => Failure::definition("address_refused", message),
            OutboundError::CaFile { .. } => Failure::ours("outbound", message),
            OutboundError::Signing { .. } | OutboundError::Ntlm { .. } => {
                Failure::definition("sign_in_unusable", message)
            }
            _ => Failure::definition("request_failed", message),
        }
    };
    failure.outcome_unknown = error.may_have_arrived();
    failure
}
