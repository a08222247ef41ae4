//! `oauth2_refresh`: the refresh token grant (RFC 6749, section 6).

use model::{OAuth2RefreshStep, OAuth2Settings, Said, Step};
use serde_json::Value;
use template::Place;

use super::StepContext;
use crate::failure::Failure;
use crate::judge::unusable;
use crate::learned;
use crate::oauth::{ask, inherit, metadata, resolve_text, token_url};
use crate::runner::Taken;

pub(super) async fn take(
    cx: &mut StepContext<'_>,
    step: &Step,
    kind: &OAuth2RefreshStep,
) -> Result<Taken, Failure> {
    let settings = match &kind.of {
        Some(of) => inherit(&kind.settings, settings_of(cx, of)?),
        None => kind.settings.clone(),
    };
    let token = refresh_token(cx, step, kind)?;
    learned::text(&token, cx.observer);
    let found = metadata(cx, step, &settings).await?;
    let discovered = found
        .as_ref()
        .and_then(|found| found.token_endpoint.as_ref());
    let url = token_url(cx, &step.id, &settings, discovered)?;
    let scope = resolve_text(cx, &step.id, settings.scope.as_ref())?;
    let mut grant = vec![
        ("grant_type", "refresh_token".to_owned()),
        ("refresh_token", token),
    ];
    grant.extend(scope.map(|scope| ("scope", scope)));
    let outputs = ask(cx, step, url, &settings, grant).await?;
    if let Some(of) = &kind.of {
        // What the reply does not say stays, the old refresh token above all.
        let mut renewed = cx.run.outputs.of(of).cloned().unwrap_or_default();
        for (key, value) in &outputs {
            renewed.insert(key.clone(), value.clone());
        }
        cx.run.outputs.set(of, renewed);
        cx.run.renewed.push(of.clone());
        if let Some(at) = cx.run.last_reply {
            cx.run.told_at.insert(of.clone(), at);
        }
    }
    Ok(Taken::Done(outputs))
}

/// The settings of the auth flow's step that is renewed.
fn settings_of<'c>(cx: &StepContext<'c>, of: &str) -> Result<&'c OAuth2Settings, Failure> {
    let connector = cx.context.connector;
    let settings = connector.auth_flow.step(of);
    settings.and_then(|step| step.kind.oauth2()).ok_or_else(|| {
        Failure::definition(
            "step_unusable",
            format!("`of: {of}` names no OAuth 2 step of the auth flow."),
        )
    })
}

/// The token that is spent. Without one nothing can be renewed and the person is asked, rather
/// than an old access token handed out.
fn refresh_token(
    cx: &StepContext<'_>,
    step: &Step,
    kind: &OAuth2RefreshStep,
) -> Result<String, Failure> {
    let value = match (&kind.refresh_token, &kind.of) {
        (Some(template), _) => template
            .resolve(&cx.scope(), Place::Value)
            .map_err(|error| unusable(cx, &step.id, error.into()))?,
        (None, Some(of)) => cx
            .run
            .outputs
            .of(of)
            .and_then(|outputs| outputs.get("refresh_token"))
            .cloned(),
        (None, None) => None,
    };
    match value {
        Some(Value::String(token)) if !token.is_empty() => Ok(token),
        _ => Err(Failure::refused("no_refresh_token", Said::NoRefreshToken)
            .with_help(Said::SignInAgainForRefreshTokens)),
    }
}
