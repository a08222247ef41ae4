//! Pushed authorization requests (RFC 9126): the parameters go to the server directly, and the browser
//! carries a reference to them.

use indexmap::IndexMap;
use model::{OAuth2Step, Step};
use serde_json::Value;
use template::Place;
use url::Url;

use super::{Client, Metadata, error_of, post};
use crate::destination::destination;
use crate::failure::Failure;
use crate::judge::{own_words, unusable};
use crate::learned;
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
    client: &Client,
    mut pairs: Vec<(String, String)>,
) -> Result<Vec<(String, String)>, Failure> {
    let proof = client.parameters();
    pairs.retain(|(key, _)| !proof.iter().any(|(other, _)| other == key));
    pairs.extend(proof);
    let none = IndexMap::new();
    let received = post(cx, step, url, pairs, &none, client.authorization()).await?;
    let status = received.status;
    if error_of(&received).is_some() || status.is_client_error() {
        let said = own_words(&received.body).unwrap_or_else(|| format!("status {status}"));
        return Err(Failure::refused(
            "pushed_request_refused",
            format!("The API did not take the authorization parameters: {said}"),
        )
        .with_status(status.as_u16())
        .with_excerpt(&received.text));
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
        ("client_id".to_owned(), client.id.clone()),
        ("request_uri".to_owned(), reference.to_owned()),
    ])
}
