//! `device_code`: the device authorization grant (RFC 8628).

use model::{DeviceCodeStep, Said, Step};
use serde_json::Value;
use template::Place;
use url::Url;

use super::StepContext;
use super::callback::page;
use crate::destination::destination;
use crate::exchange::Received;
use crate::failure::{Failure, FailureKind};
use crate::judge::{own_words, unusable};
use crate::learned;
use crate::oauth::{
    Client, Device, Metadata, error_of, granted, metadata, post, request, resolve_text, token_url,
    warn_of_narrower_scope,
};
use crate::prompt::Show;
use crate::run::Paused;
use crate::runner::{Taken, from_millis, to_millis};
use crate::timeline::Event;

const GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";
/// Seconds between two questions where the reply says none (RFC 8628, section 3.2).
const INTERVAL: i64 = 5;
/// By how much `slow_down` raises them (RFC 8628, section 3.5).
const SLOWER: i64 = 5;
/// The most that a reply may ask for: more would be no sign-in that a person waits for.
const SLOWEST: i64 = 300;
/// The longest that a code is waited for.
const LONGEST: i64 = 24 * 60 * 60;

pub(super) async fn take(
    cx: &mut StepContext<'_>,
    step: &Step,
    kind: &DeviceCodeStep,
) -> Result<Taken, Failure> {
    let Some(Paused::Device { at, device, .. }) = cx.run.paused.clone() else {
        let device = begin(cx, step, kind).await?;
        return Ok(wait(cx, step, device));
    };
    let now = cx.context.engine.clock.now();
    if to_millis(now) < at {
        return Ok(Taken::Show(from_millis(at), Box::new(device.show)));
    }
    if cx.context.engine.clock.unix() >= device.show.expires_at {
        return Err(ran_out(&step.id));
    }
    poll(cx, step, kind, *device).await
}

/// Asks for a code (RFC 8628, section 3.1).
async fn begin(
    cx: &mut StepContext<'_>,
    step: &Step,
    kind: &DeviceCodeStep,
) -> Result<Device, Failure> {
    let found = metadata(cx, step, &kind.settings).await?;
    let url = authorization_url(cx, step, kind, found.as_ref())?;
    let client = Client::resolve(cx, &step.id, &kind.settings)?;
    let scope = resolve_text(cx, &step.id, kind.settings.scope.as_ref())?;
    let mut form: Vec<(String, String)> = Vec::new();
    form.extend(scope.clone().map(|scope| ("scope".to_owned(), scope)));
    for resource in &kind.settings.resource {
        let resource = resolve_text(cx, &step.id, Some(resource))?;
        form.extend(resource.map(|text| ("resource".to_owned(), text)));
    }
    form.extend(client.parameters());
    let further = &kind.authorization_parameters;
    let received = post(cx, step, url, form, further, client.shows(None)).await?;
    let now = cx.context.engine.clock.unix();
    let device = code_of(step, &received, now)?;
    learned::text(&device.device_code, cx.observer);
    Ok(Device {
        token_endpoint: found.and_then(|found| found.token_endpoint),
        scope,
        ..device
    })
}

/// Asks whether the code was entered (RFC 8628, section 3.4).
async fn poll(
    cx: &mut StepContext<'_>,
    step: &Step,
    kind: &DeviceCodeStep,
    mut device: Device,
) -> Result<Taken, Failure> {
    let url = token_url(cx, &step.id, &kind.settings, device.token_endpoint.as_ref())?;
    let grant = vec![
        ("grant_type", GRANT.to_owned()),
        ("device_code", device.device_code.clone()),
    ];
    let received = match request(cx, step, url, &kind.settings, grant).await {
        Ok(received) => received,
        Err(failure) => return later(cx, step, device, failure),
    };
    match error_of(&received).as_deref() {
        Some("authorization_pending") => Ok(wait(cx, step, device)),
        Some("slow_down") => {
            device.interval = (device.interval + SLOWER).min(SLOWEST);
            Ok(wait(cx, step, device))
        }
        Some("expired_token") => Err(ran_out(&step.id)),
        Some("access_denied") => {
            let said = own_words(&received.body).filter(|said| said != "access_denied");
            let said = said.map_or(Said::Declined, |why| Said::Refused { why });
            Err(Failure::refused("access_denied", said).with_status(received.status.as_u16()))
        }
        _ => {
            let outputs = granted(cx, step, &kind.settings, &received)?;
            warn_of_narrower_scope(cx, &step.id, device.scope.as_deref(), &outputs);
            Ok(Taken::Done(outputs))
        }
    }
}

/// An API that cannot answer now is asked again, half as often (RFC 8628, section 3.5), as long as
/// the code is good.
fn later(
    cx: &mut StepContext<'_>,
    step: &Step,
    mut device: Device,
    failure: Failure,
) -> Result<Taken, Failure> {
    let FailureKind::Passing { retry_after } = &failure.kind else {
        return Err(failure);
    };
    let asked = retry_after.map(|wait| i64::try_from(wait.as_secs()).unwrap_or(SLOWEST));
    device.interval = asked
        .unwrap_or_default()
        .max(device.interval.saturating_mul(2))
        .min(SLOWEST);
    cx.observer.event(Event::Warning {
        step: Some(step.id.clone()),
        message: failure.message.into(),
    });
    Ok(wait(cx, step, device))
}

fn wait(cx: &mut StepContext<'_>, step: &Step, device: Device) -> Taken {
    let now = to_millis(cx.context.engine.clock.now());
    let at = now.saturating_add(device.interval.saturating_mul(1000));
    let show = Box::new(device.show.clone());
    cx.run.paused = Some(Paused::Device {
        step: step.id.clone(),
        at,
        device: Box::new(device),
    });
    Taken::Show(from_millis(at), show)
}

/// Reads the reply to the request for a code (RFC 8628, section 3.2).
fn code_of(step: &Step, received: &Received, now: i64) -> Result<Device, Failure> {
    let status = received.status;
    if error_of(received).is_some() || status.is_client_error() {
        let why = own_words(&received.body).unwrap_or_else(|| format!("status {status}"));
        return Err(
            Failure::refused("device_code_refused", Said::NoCode { why })
                .with_help("Check that this client may use the device authorization grant.")
                .with_status(status.as_u16())
                .with_excerpt(&received.text),
        );
    }
    let malformed = |why: &str| {
        Failure::definition(
            "device_reply_unusable",
            format!("The device authorization endpoint did not answer as RFC 8628 has it. {why}"),
        )
        .with_help("Check `device_authorization_url`, and look at the reply.")
        .with_status(status.as_u16())
        .with_excerpt(&received.text)
    };
    let text = |name: &str| {
        let found = received.body.get(name).and_then(Value::as_str);
        found.map(str::trim).filter(|text| !text.is_empty())
    };
    let needed = |name: &str| text(name).ok_or_else(|| malformed(&format!("It has no `{name}`.")));
    let address = |text: &str| {
        page(text).ok_or_else(|| malformed("The address to go to is not http or https."))
    };
    // Some servers, Google's among them, have the name of an early draft.
    let uri = text("verification_uri").or_else(|| text("verification_url"));
    let uri = uri.ok_or_else(|| malformed("It has no `verification_uri`."))?;
    let seconds = |name: &str| whole_seconds(received.body.get(name)?);
    let life = seconds("expires_in").ok_or_else(|| malformed("It has no `expires_in`."))?;
    Ok(Device {
        device_code: needed("device_code")?.to_owned(),
        show: Show {
            step: step.id.clone(),
            code: needed("user_code")?.to_owned(),
            url: address(uri)?,
            complete_url: text("verification_uri_complete").map(address).transpose()?,
            expires_at: now.saturating_add(life.clamp(1, LONGEST)),
        },
        interval: seconds("interval").unwrap_or(INTERVAL).clamp(1, SLOWEST),
        token_endpoint: None,
        scope: None,
    })
}

/// A number of seconds, which some servers write as a text.
fn whole_seconds(value: &Value) -> Option<i64> {
    match value {
        Value::String(text) => text.trim().parse().ok(),
        value => value.as_i64(),
    }
    .filter(|seconds| *seconds > 0)
}

fn authorization_url(
    cx: &StepContext<'_>,
    step: &Step,
    kind: &DeviceCodeStep,
    metadata: Option<&Metadata>,
) -> Result<Url, Failure> {
    let Some(template) = &kind.device_authorization_url else {
        let found = metadata.and_then(|found| found.device_authorization_endpoint.clone());
        return found.ok_or_else(|| {
            Failure::definition(
                "metadata_missing",
                format!(
                    "Step `{}` has no `device_authorization_url`, and no issuer's metadata names one.",
                    step.id
                ),
            )
        });
    };
    let text = template
        .resolve_text(&cx.scope(), Place::Url)
        .map_err(|error| unusable(cx, &step.id, error.into()))?;
    destination(template, &text, cx.context.connector)
        .map_err(|error| unusable(cx, &step.id, error.into()))
}

fn ran_out(step: &str) -> Failure {
    Failure::refused(
        "device_code_expired",
        Said::CodeRanOut {
            step: step.to_owned(),
        },
    )
    .with_help(Said::StartAgainForACode)
}
