//! Pushed authorization requests (RFC 9126): the parameters go to the server directly, and the browser
//! carries a reference to them.

use indexmap::IndexMap;
use model::{OAuth2Settings, OAuth2Step, Said, Step};
use serde_json::Value;
use template::Place;
use url::Url;

use super::{Client, Metadata, error_of, post, wants_nonce};
use crate::destination::destination;
use crate::exchange::Received;
use crate::failure::Failure;
use crate::judge::{own_words, unusable};
use crate::learned;
use crate::signing;
use crate::step::StepContext;

/// Where the parameters are pushed to; none where the browser carries them.
pub(crate) fn pushed_to(
    cx: &StepContext<'_>,
    step: &str,
    kind: &OAuth2Step,
    metadata: Option<&Metadata>,
) -> Result<Option<Url>, Failure> {
    let Some(template) = &kind.par_url else {
        let found = metadata.filter(|found| found.wants_them_pushed);
        return Ok(found.and_then(|found| found.pushed_authorization_request_endpoint.clone()));
    };
    let text = template
        .resolve_text(&cx.scope(), Place::Url)
        .map_err(|error| unusable(cx, step, error.into()))?;
    destination(template, &text, cx.context.connector)
        .map(Some)
        .map_err(|error| unusable(cx, step, error.into()))
}

/// Pushes the parameters, and gives those that the browser carries instead.
pub(crate) async fn push(
    cx: &mut StepContext<'_>,
    step: &Step,
    url: Url,
    settings: &OAuth2Settings,
    pairs: &[(String, String)],
) -> Result<Vec<(String, String)>, Failure> {
    let mut client = Client::resolve(cx, &step.id, settings)?;
    let mut received = send(cx, step, url.clone(), settings, &client, pairs).await?;
    if settings.dpop && wants_nonce(&received) {
        client = Client::resolve(cx, &step.id, settings)?;
        received = send(cx, step, url, settings, &client, pairs).await?;
    }
    let status = received.status;
    if error_of(&received).is_some() || status.is_client_error() {
        let why = own_words(&received.body).unwrap_or_else(|| format!("status {status}"));
        return Err(
            Failure::refused("pushed_request_refused", Said::ParametersRefused { why })
                .with_status(status.as_u16())
                .with_excerpt(&received.text),
        );
    }
    let reference = received.body.get("request_uri").and_then(Value::as_str);
    let reference = reference.filter(|text| !text.is_empty()).ok_or_else(|| {
        Failure::definition(
            "pushed_reply_unusable",
            "The pushed authorization request was not answered as RFC 9126 has it: there is no `request_uri`.",
        )
        .with_help("Check `par_url`, and look at the reply.")
        .with_status(status.as_u16())
        .with_excerpt(&received.text)
    })?;
    learned::text(reference, cx.observer);
    Ok(vec![
        ("client_id".to_owned(), client.id),
        ("request_uri".to_owned(), reference.to_owned()),
    ])
}

/// Sends them with what the client proves itself by, and with a proof of the key that the code is to be bound to, which
/// some servers want here already (RFC 9449, section 10.1).
async fn send(
    cx: &mut StepContext<'_>,
    step: &Step,
    url: Url,
    settings: &OAuth2Settings,
    client: &Client,
    pairs: &[(String, String)],
) -> Result<Received, Failure> {
    let own = client.parameters();
    let is_own = |key: &String| own.iter().any(|(other, _)| other == key);
    let mut form: Vec<_> = pairs
        .iter()
        .filter(|(key, _)| !is_own(key))
        .cloned()
        .collect();
    form.extend(own);
    let proof = settings.dpop.then(|| signing::dpop::of_key(cx));
    let none = IndexMap::new();
    post(cx, step, url, form, &none, client.shows(proof)).await
}
