//! `oauth2_client_credentials`: the client signs in as itself (RFC 6749, section 4.4).

use model::{OAuth2ClientCredentialsStep, Step};

use super::StepContext;
use crate::failure::Failure;
use crate::oauth::{ask, metadata, resolve_text, token_url, warn_of_narrower_scope};
use crate::runner::Taken;

pub(super) async fn take(
    cx: &mut StepContext<'_>,
    step: &Step,
    kind: &OAuth2ClientCredentialsStep,
) -> Result<Taken, Failure> {
    let settings = &kind.settings;
    let found = metadata(cx, step, settings).await?;
    let discovered = found
        .as_ref()
        .and_then(|found| found.token_endpoint.as_ref());
    let url = token_url(cx, &step.id, settings, discovered)?;
    let scope = resolve_text(cx, &step.id, settings.scope.as_ref())?;
    let mut grant = vec![("grant_type", "client_credentials".to_owned())];
    grant.extend(scope.clone().map(|scope| ("scope", scope)));
    let outputs = ask(cx, step, url, settings, grant).await?;
    warn_of_narrower_scope(cx, &step.id, scope.as_deref(), &outputs);
    Ok(Taken::Done(outputs))
}
