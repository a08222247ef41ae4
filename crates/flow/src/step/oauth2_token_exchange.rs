//! `oauth2_token_exchange`: a token for another one (RFC 8693).

use model::{ExchangedToken, OAuth2TokenExchangeStep, Step, token_type_uri};
use template::Template;

use super::StepContext;
use crate::failure::Failure;
use crate::learned;
use crate::oauth::{ask, metadata, resolve_text, token_url, warn_of_narrower_scope};
use crate::runner::Taken;

const GRANT: &str = "urn:ietf:params:oauth:grant-type:token-exchange";

pub(super) async fn take(
    cx: &mut StepContext<'_>,
    step: &Step,
    kind: &OAuth2TokenExchangeStep,
) -> Result<Taken, Failure> {
    let settings = &kind.settings;
    let mut grant = vec![("grant_type", GRANT.to_owned())];
    let (token, kind_of) = given(cx, step, &kind.subject)?;
    grant.extend([("subject_token", token), ("subject_token_type", kind_of)]);
    if let Some(actor) = &kind.actor {
        let (token, kind_of) = given(cx, step, actor)?;
        grant.extend([("actor_token", token), ("actor_token_type", kind_of)]);
    }
    let wanted = resolve_text(cx, &step.id, kind.requested_token_type.as_ref())?;
    grant.extend(wanted.map(|name| ("requested_token_type", token_type_uri(&name))));
    for audience in &kind.audience {
        let audience = resolve_text(cx, &step.id, Some(audience))?;
        grant.extend(audience.map(|text| ("audience", text)));
    }
    let scope = resolve_text(cx, &step.id, settings.scope.as_ref())?;
    grant.extend(scope.clone().map(|scope| ("scope", scope)));
    let found = metadata(cx, step, settings).await?;
    let discovered = found
        .as_ref()
        .and_then(|found| found.token_endpoint.as_ref());
    let url = token_url(cx, &step.id, settings, discovered)?;
    let outputs = ask(cx, step, url, settings, grant).await?;
    warn_of_narrower_scope(cx, &step.id, scope.as_deref(), &outputs);
    Ok(Taken::Done(outputs))
}

/// A token, and the URI of what it is.
fn given(
    cx: &mut StepContext<'_>,
    step: &Step,
    given: &ExchangedToken,
) -> Result<(String, String), Failure> {
    let text = |template: Option<&Template>| resolve_text(cx, &step.id, template);
    let token = text(Some(&given.token))?.unwrap_or_default();
    let kind = text(given.kind.as_ref())?;
    learned::text(&token, cx.observer);
    Ok((
        token,
        token_type_uri(kind.as_deref().unwrap_or("access_token")),
    ))
}
