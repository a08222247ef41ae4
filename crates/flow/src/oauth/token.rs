//! The token endpoint: asking it, and reading what comes back without believing it.

use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderValue, Method};
use indexmap::IndexMap;
use model::{OAuth2Settings, Said, Step, ValueTemplate};
use outbound::{OutBody, Outgoing, USE_DPOP_NONCE, wants_dpop_nonce};
use serde_json::{Map, Value};
use template::Place;
use url::Url;

use super::client::{Client, Shown, resolve_pairs, resolve_text};
use crate::body::{BodyKind, form_map};
use crate::destination::destination;
use crate::exchange::{self, Received};
use crate::failure::{Failure, FailureKind};
use crate::judge::{self, own_words, unusable};
use crate::learned;
use crate::request::form_body;
use crate::run::FlowKind;
use crate::signing;
use crate::step::StepContext;
use crate::timeline::Event;

/// The token endpoint: as written out, else as the issuer's metadata has it.
pub(crate) fn token_url(
    cx: &StepContext<'_>,
    step: &str,
    settings: &OAuth2Settings,
    discovered: Option<&Url>,
) -> Result<Url, Failure> {
    let Some(template) = &settings.token_url else {
        return discovered.cloned().ok_or_else(|| {
            Failure::definition(
                "metadata_missing",
                format!("Step `{step}` has no `token_url`, and no issuer's metadata names one."),
            )
        });
    };
    let text = template
        .resolve_text(&cx.scope(), Place::Url)
        .map_err(|error| unusable(cx, step, error.into()))?;
    destination(template, &text, cx.context.connector)
        .map_err(|error| unusable(cx, step, error.into()))
}

/// Sends a grant and gives the reply's fields, which are now the step's outputs.
pub(crate) async fn ask(
    cx: &mut StepContext<'_>,
    step: &Step,
    url: Url,
    settings: &OAuth2Settings,
    grant: Vec<(&str, String)>,
) -> Result<Map<String, Value>, Failure> {
    let received = request(cx, step, url, settings, grant).await?;
    granted(cx, step, settings, &received)
}

/// Reads the reply to a grant, which is to be bound where the settings say so.
pub(crate) fn granted(
    cx: &mut StepContext<'_>,
    step: &Step,
    settings: &OAuth2Settings,
    received: &Received,
) -> Result<Map<String, Value>, Failure> {
    let outputs = read(cx, step, received)?;
    let kind = outputs.get("token_type").and_then(Value::as_str);
    match kind {
        Some(kind) if settings.dpop && !kind.eq_ignore_ascii_case("DPoP") => {
            Err(unbound(cx.run.kind, received, kind))
        }
        _ => Ok(outputs),
    }
}

/// Sends a grant, and once more where the server wants a nonce of its own in the proof.
pub(crate) async fn request(
    cx: &mut StepContext<'_>,
    step: &Step,
    url: Url,
    settings: &OAuth2Settings,
    grant: Vec<(&str, String)>,
) -> Result<Received, Failure> {
    let received = send_grant(cx, step, url.clone(), settings, &grant).await?;
    match settings.dpop && wants_nonce(&received) {
        true => send_grant(cx, step, url, settings, &grant).await,
        false => Ok(received),
    }
}

/// Whether a server refused a proof for the lack of its nonce, which came along (RFC 9449, section 8).
pub(crate) fn wants_nonce(received: &Received) -> bool {
    let headers = &received.headers;
    let said =
        error_of(received).as_deref() == Some(USE_DPOP_NONCE) && headers.contains_key("dpop-nonce");
    said || wants_dpop_nonce(received.status, headers)
}

async fn send_grant(
    cx: &mut StepContext<'_>,
    step: &Step,
    url: Url,
    settings: &OAuth2Settings,
    grant: &[(&str, String)],
) -> Result<Received, Failure> {
    // Anew for each sending: what a client signs is good once.
    let client = Client::resolve(cx, &step.id, settings)?;
    let mut form: Vec<(String, String)> = grant
        .iter()
        .map(|(key, value)| ((*key).to_owned(), value.clone()))
        .collect();
    for resource in &settings.resource {
        let resource = resolve_text(cx, &step.id, Some(resource))?;
        form.extend(resource.map(|text| ("resource".to_owned(), text)));
    }
    form.extend(client.parameters());
    let further = &settings.token_parameters;
    let proof = settings.dpop.then(|| signing::dpop::of_key(cx));
    post(cx, step, url, form, further, client.shows(proof)).await
}

/// Sends a form to a token endpoint and gives the reply's fields.
pub(crate) async fn send(
    cx: &mut StepContext<'_>,
    step: &Step,
    url: Url,
    form: Vec<(String, String)>,
    further: &IndexMap<String, ValueTemplate>,
) -> Result<Map<String, Value>, Failure> {
    let received = post(cx, step, url, form, further, Shown::default()).await?;
    read(cx, step, &received)
}

/// Sends a form, in which the definition's own parameters win.
pub(crate) async fn post(
    cx: &mut StepContext<'_>,
    step: &Step,
    url: Url,
    mut form: Vec<(String, String)>,
    further: &IndexMap<String, ValueTemplate>,
    shown: Shown,
) -> Result<Received, Failure> {
    let further = resolve_pairs(cx, &step.id, further)?;
    form.retain(|(key, _)| !further.iter().any(|(other, _)| other == key));
    form.extend(further);
    let mut outgoing = Outgoing::new(Method::POST, url);
    let json = HeaderValue::from_static("application/json");
    let form_type = HeaderValue::from_static("application/x-www-form-urlencoded");
    outgoing.headers.insert(ACCEPT, json);
    outgoing.headers.insert(CONTENT_TYPE, form_type);
    if let Some(text) = shown.authorization {
        learned::text(&text, cx.observer);
        if let Ok(mut value) = HeaderValue::from_str(&text) {
            value.set_sensitive(true);
            outgoing.headers.insert(AUTHORIZATION, value);
        }
    }
    outgoing.body = OutBody::Bytes(form_body(&form));
    outgoing.signing = shown.proof;
    outgoing.client_certificate = shown.certificate;
    exchange::send(cx, &step.id, outgoing).await
}

/// The error of a reply in the protocol's own words.
pub(crate) fn error_of(received: &Received) -> Option<String> {
    let fields = fields(received)?;
    fields.get("error")?.as_str().map(str::to_owned)
}

/// Reads the reply to a grant: its fields are the step's outputs.
pub(crate) fn read(
    cx: &mut StepContext<'_>,
    step: &Step,
    received: &Received,
) -> Result<Map<String, Value>, Failure> {
    let fields = fields(received);
    let mut outputs = fields.clone().unwrap_or_default();
    learned::from_tokens(&outputs, cx.observer);
    judge::pick(cx, step, received, &mut outputs)?;
    cx.run.outputs.set(&step.id, outputs.clone());
    judge::expect(cx, step, Some(received))?;
    let malformed = |why: &str| malformed(cx.run.kind, received, why);
    if step.expect.is_none() {
        if let Some(failure) = refusal(received, fields.as_ref()) {
            return Err(match (cx.run.kind, failure.is_refused()) {
                (FlowKind::Refresh, true) => failure.with_help(Said::SignInAgain),
                _ => failure,
            });
        }
        if received.status.as_u16() >= 300 {
            let what = format!("It answered with status {}.", received.status);
            return Err(malformed(&what));
        }
    }
    if fields.is_none() {
        return Err(malformed("The reply is neither JSON nor a form."));
    }
    match outputs.get("access_token") {
        Some(Value::String(token)) if !token.trim().is_empty() => {}
        None if step.expect.is_some() => {}
        None => return Err(malformed("The reply holds no `access_token`.")),
        Some(_) => return Err(malformed("Its `access_token` is not a text.")),
    }
    match outputs.get("refresh_token") {
        Some(Value::String(token)) if !token.is_empty() => {}
        // Not there, in the ways in which servers say so: the old one stays.
        None | Some(Value::Null | Value::String(_)) => {
            outputs.shift_remove("refresh_token");
        }
        Some(_) => return Err(malformed("Its `refresh_token` is not a text.")),
    }
    Ok(outputs)
}

/// The reply's fields, from JSON, a form, or text in either shape.
fn fields(received: &Received) -> Option<Map<String, Value>> {
    match &received.body {
        Value::Object(map) => Some(map.clone()),
        Value::String(text) if received.kind() != BodyKind::Html || !text.contains('<') => {
            let text = text.trim();
            if let Ok(Value::Object(map)) = serde_json::from_str(text) {
                return Some(map);
            }
            let map = form_map(text.as_bytes());
            (map.contains_key("access_token") || map.contains_key("error")).then_some(map)
        }
        _ => None,
    }
}

/// An error in the protocol's own words (RFC 6749, section 5.2), whatever the status; or a
/// status that says as much without them.
fn refusal(received: &Received, fields: Option<&Map<String, Value>>) -> Option<Failure> {
    let status = received.status.as_u16();
    let error = fields.and_then(|fields| fields.get("error"));
    let error = error.filter(|error| {
        !matches!(error, Value::Null | Value::Bool(false))
            && error.as_str() != Some("")
            && error.as_i64() != Some(0)
    });
    let body = Value::Object(fields.cloned().unwrap_or_default());
    let said = own_words(&body);
    let code = error.and_then(Value::as_str);
    if matches!(
        code,
        Some("temporarily_unavailable" | "server_error" | "slow_down")
    ) {
        let message = format!(
            "The API cannot answer now: {}",
            said.unwrap_or_else(|| code.unwrap_or_default().to_owned())
        );
        return Some(Failure::passing("api_unavailable", message, None).with_status(status));
    }
    let says_no = matches!(status, 400 | 401 | 403) && received.kind() != BodyKind::Html;
    if error.is_none() && !says_no {
        return None;
    }
    let said = match (said, code) {
        (Some(why), Some(code)) if why != code => Said::RefusedWithCode {
            why,
            code: code.to_owned(),
        },
        (Some(why), _) => Said::Refused { why },
        (None, Some(code)) => Said::Refused {
            why: code.to_owned(),
        },
        (None, None) => Said::RefusedByStatus {
            status: received.status.to_string(),
        },
    };
    Some(
        Failure::refused("token_refused", said)
            .with_status(status)
            .with_excerpt(&received.text),
    )
}

/// A reply that cannot be used. At a sign-in the definition is at fault; a renewal has worked
/// before, so there it counts as passing, and the grant is left as it was.
fn malformed(kind: FlowKind, received: &Received, why: &str) -> Failure {
    let kind = match kind {
        FlowKind::Refresh => FailureKind::Passing { retry_after: None },
        FlowKind::Auth | FlowKind::Logout | FlowKind::StepUp => FailureKind::Definition,
    };
    Failure::new(
        kind,
        "token_reply_unusable",
        format!("The token endpoint did not answer as OAuth 2 has it. {why}"),
    )
    .with_help("Nothing was changed. Check `token_url`, and look at the reply.")
    .with_status(received.status.as_u16())
    .with_excerpt(&received.text)
}

/// A token that anybody could use who sees it, where a bound one was asked for (RFC 9449, section 5).
fn unbound(kind: FlowKind, received: &Received, token_type: &str) -> Failure {
    let kind = match kind {
        FlowKind::Refresh => FailureKind::Passing { retry_after: None },
        FlowKind::Auth | FlowKind::Logout | FlowKind::StepUp => FailureKind::Definition,
    };
    Failure::new(
        kind,
        "token_not_bound",
        format!("The token endpoint did not bind the token to a key: its `token_type` is `{token_type}`, not `DPoP`."),
    )
    .with_help("Have DPoP switched on for this client, or leave `dpop` out.")
    .with_status(received.status.as_u16())
}

/// Tells where less was granted than asked for (RFC 6749, section 3.3).
pub(crate) fn warn_of_narrower_scope(
    cx: &mut StepContext<'_>,
    step: &str,
    asked: Option<&str>,
    reply: &Map<String, Value>,
) {
    let granted = reply.get("scope").and_then(Value::as_str);
    let (Some(asked), Some(granted)) = (asked, granted) else {
        return;
    };
    let granted: Vec<&str> = granted.split([' ', ',']).collect();
    let missing: Vec<&str> = asked
        .split_whitespace()
        .filter(|scope| !granted.contains(scope))
        .collect();
    if !missing.is_empty() {
        cx.observer.event(Event::Warning {
            step: Some(step.to_owned()),
            message: format!(
                "Less was granted than asked for: without {}.",
                missing.join(", ")
            ),
        });
    }
}
