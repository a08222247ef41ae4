//! Revoking what was granted (RFC 7009), at the end of a logout.

use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderValue, Method};
use model::{OAuth2Settings, Step, StepKind};
use outbound::{OutBody, Outgoing};
use serde_json::Value;
use template::{Place, Template};

use super::client::Client;
use crate::destination::destination;
use crate::exchange;
use crate::failure::Failure;
use crate::judge::unusable;
use crate::request::form_body;
use crate::step::StepContext;
use crate::timeline::Event;

/// Revokes the tokens of every OAuth 2 step that says where. What fails is told and no more:
/// the credential is forgotten here in any case.
pub(crate) async fn revoke_all(cx: &mut StepContext<'_>) {
    let connector = cx.context.connector;
    for step in &connector.auth_flow.steps {
        let settings = match &step.kind {
            StepKind::OAuth2(kind) => &kind.settings,
            StepKind::OAuth2ClientCredentials(kind) => &kind.settings,
            StepKind::OAuth2Refresh(kind) => &kind.settings,
            _ => continue,
        };
        let Some(template) = &settings.revocation_url else {
            continue;
        };
        // The refresh token takes the access tokens with it; without one the access token goes.
        let outputs = cx.run.outputs.of(&step.id);
        let token = ["refresh_token", "access_token"].iter().find_map(|kind| {
            let token = outputs?.get(*kind).and_then(Value::as_str)?;
            Some((*kind, token.to_owned()))
        });
        let Some((kind, token)) = token else { continue };
        if let Err(failure) = revoke(cx, step, settings, template, kind, token).await {
            cx.observer.event(Event::Warning {
                step: Some(step.id.clone()),
                message: format!("The API did not revoke the token: {}", failure.message),
            });
        }
    }
}

async fn revoke(
    cx: &mut StepContext<'_>,
    step: &Step,
    settings: &OAuth2Settings,
    template: &Template,
    kind: &str,
    token: String,
) -> Result<(), Failure> {
    let client = Client::resolve(cx, &step.id, settings)?;
    let text = template
        .resolve_text(&cx.scope(), Place::Url)
        .map_err(|error| unusable(cx, &step.id, error.into()))?;
    let url = destination(template, &text, cx.context.connector)
        .map_err(|error| unusable(cx, &step.id, error.into()))?;
    let mut form = vec![
        ("token".to_owned(), token),
        ("token_type_hint".to_owned(), kind.to_owned()),
    ];
    form.extend(client.parameters());
    let mut outgoing = Outgoing::new(Method::POST, url);
    let form_type = HeaderValue::from_static("application/x-www-form-urlencoded");
    outgoing.headers.insert(CONTENT_TYPE, form_type);
    if let Some(mut value) = client
        .authorization()
        .and_then(|text| HeaderValue::from_str(&text).ok())
    {
        value.set_sensitive(true);
        outgoing.headers.insert(AUTHORIZATION, value);
    }
    outgoing.body = OutBody::Bytes(form_body(&form));
    let received = exchange::send(cx, &step.id, outgoing).await?;
    if received.status.is_success() {
        Ok(())
    } else {
        let message = format!("it answered with status {}.", received.status);
        Err(Failure::refused("revocation_refused", message))
    }
}
