//! `sso_token`: who the user is, by the tokens of their single sign-on, as they are or exchanged for others (RFC 8693).
//!
//! The tokens are not the run's: it stops here for a moment, and whoever drives it brings them, renewed where they are over.

use model::{Said, SsoTokenStep, Step, StepKind};
use secret::SecretString;
use serde_json::{Map, Value};

use super::StepContext;
use crate::failure::Failure;
use crate::judge;
use crate::learned;
use crate::oauth::{Exchange, Token, exchange};
use crate::run::{FlowKind, Input, Paused};
use crate::runner::Taken;

/// What an exchange asks for.
const WANTED: &str = "access_token";

pub(super) async fn take(
    cx: &mut StepContext<'_>,
    step: &Step,
    kind: &SsoTokenStep,
    input: Option<Input>,
) -> Result<Taken, Failure> {
    let Some(Input::Identity(told)) = input else {
        cx.run.paused = Some(Paused::Identity {
            step: step.id.clone(),
        });
        return Ok(Taken::Identify(spent(cx)));
    };
    let told = (*told)?;
    learned::from_tokens(&told, cx.observer);
    cx.run.outputs.set(&step.id, told.clone());
    let Some(asked) = &kind.exchange else {
        judge::expect(cx, step, None)?;
        return Ok(Taken::Done(told));
    };
    let given = Exchange {
        subject: subject(&told)?,
        actor: None,
        wanted: Some(WANTED.to_owned()),
        audience: &asked.audience,
    };
    let mut outputs = exchange(cx, step, &asked.settings, given).await?;
    for name in ["id_token", "claims"] {
        if let (false, Some(value)) = (outputs.contains_key(name), told.get(name)) {
            outputs.insert(name.to_owned(), value.clone());
        }
    }
    Ok(Taken::Done(outputs))
}

/// The token that a session had which is over: the same again would be of no use.
fn spent(cx: &StepContext<'_>) -> Option<SecretString> {
    if cx.run.kind != FlowKind::Refresh {
        return None;
    }
    let steps = cx.context.connector.auth_flow.steps.iter();
    let mut sso = steps
        .filter(|step| matches!(&step.kind, StepKind::SsoToken(step) if step.exchange.is_none()));
    let outputs = cx.run.base.as_ref()?.outputs.of(&sso.next()?.id)?;
    let token = outputs.get("access_token")?.as_str()?;
    Some(SecretString::new(token.to_owned()))
}

/// The user's token, and what it is: their access token, or the id_token where there is none.
fn subject(told: &Map<String, Value>) -> Result<Token, Failure> {
    let named = |kind: &str| {
        let text = told.get(kind)?.as_str()?.to_owned();
        let kind = kind.to_owned();
        Some(Token { text, kind })
    };
    named("access_token")
        .or_else(|| named("id_token"))
        .ok_or_else(|| Failure::refused("sso_missing", Said::NothingToExchange))
}
