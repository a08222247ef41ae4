//! `oauth2_token_exchange`: a token for another one (RFC 8693).

use model::{ExchangedToken, OAuth2TokenExchangeStep, Step};

use super::StepContext;
use crate::failure::Failure;
use crate::oauth::{Exchange, Token, exchange, resolve_text};
use crate::runner::Taken;

pub(super) async fn take(
    cx: &mut StepContext<'_>,
    step: &Step,
    kind: &OAuth2TokenExchangeStep,
) -> Result<Taken, Failure> {
    let actor = kind.actor.as_ref();
    let given = Exchange {
        subject: given(cx, step, &kind.subject)?,
        actor: actor.map(|actor| given(cx, step, actor)).transpose()?,
        wanted: resolve_text(cx, &step.id, kind.requested_token_type.as_ref())?,
        audience: &kind.audience,
    };
    exchange(cx, step, &kind.settings, given)
        .await
        .map(Taken::Done)
}

fn given(cx: &mut StepContext<'_>, step: &Step, given: &ExchangedToken) -> Result<Token, Failure> {
    let text = resolve_text(cx, &step.id, Some(&given.token))?;
    let kind = resolve_text(cx, &step.id, given.kind.as_ref())?;
    Ok(Token {
        text: text.unwrap_or_default(),
        kind: kind.unwrap_or_else(|| "access_token".to_owned()),
    })
}
