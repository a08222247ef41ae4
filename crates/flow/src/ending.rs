//! The end of a run: its outputs become a credential, all of it or none.

use model::{Life, StepKind};
use serde_json::Value;
use template::{Place, Template};

use crate::credential::Credential;
use crate::drift;
use crate::expiry::{self, NotSaid};
use crate::failure::Failure;
use crate::judge::unusable;
use crate::outputs::Outputs;
use crate::run::FlowKind;
use crate::step::StepContext;
use crate::stored;
use crate::timeline::Event;

/// The credential of a run that has taken its last step.
pub(crate) fn credential(cx: &mut StepContext<'_>) -> Result<Credential, Failure> {
    let connector = cx.context.connector;
    match (cx.run.flow, cx.run.base.clone()) {
        (FlowKind::Logout, Some(base)) => {
            return Ok(Credential {
                jar: cx.run.jar.clone(),
                ..base
            });
        }
        (FlowKind::StepUp, Some(base)) => {
            return Ok(Credential {
                outputs: cx.run.outputs.clone(),
                jar: cx.run.jar.clone(),
                ..base
            });
        }
        (FlowKind::Refresh, Some(_)) => cx.run.outputs = updated(cx)?,
        _ => {}
    }
    let now = cx.context.engine.clock.unix();
    let issued_at = last_reply(cx);
    let life = life(cx)?;
    let margin = connector.session.margin;
    let renewed = cx
        .run
        .base
        .as_ref()
        .filter(|_| cx.run.kind == FlowKind::Refresh);
    let signed_in_at = renewed.map_or(now, |base| base.signed_in_at);
    let (identity, label) = match renewed.filter(|_| cx.run.flow == FlowKind::Refresh) {
        Some(base) => (base.identity.clone(), base.label.clone()),
        None => (identity(cx)?, label(cx)),
    };
    Ok(Credential {
        outputs: stored::keep(connector, &cx.run.outputs),
        jar: cx.run.jar.clone(),
        signed_in_at,
        issued_at,
        expires_at: life.map(|(_, end)| end),
        renew_at: life.map(|(from, end)| expiry::renew_at(from, end, margin)),
        identity,
        label,
        used_codes: drift::still_current(cx.run, now),
        dpop_key: cx.run.dpop_key.clone(),
        origins: connector.origins.clone(),
    })
}

/// The outputs with the update variables written. Every source is read before any target is
/// written, and one that cannot be leaves all as they were.
fn updated(cx: &mut StepContext<'_>) -> Result<Outputs, Failure> {
    let mut updated = cx.run.outputs.clone();
    let Some(refresh) = &cx.context.connector.refresh_flow else {
        return Ok(updated);
    };
    let mut written = 0;
    for update in &refresh.update_variables {
        let name = || format!("update_variables.{}", update.target);
        let value = update
            .source
            .resolve(&cx.scope(), Place::Value)
            .map_err(|error| unusable(cx, &name(), error.into()))?;
        let Some(value) = value else { continue };
        written += 1;
        let told_at = roots(&update.source)
            .filter_map(|root| cx.run.told_at.get(root))
            .max();
        if let Some(at) = told_at.copied() {
            cx.run.told_at.insert(update.target.root.clone(), at);
        }
        updated.put(&update.target, value).map_err(|error| {
            Failure::definition(
                "update_unusable",
                format!("`{}` cannot be updated: {error}.", update.target),
            )
            .with_help("Compare the path with what the sign-in left behind.")
        })?;
    }
    if written == 0 && !refresh.update_variables.is_empty() {
        cx.observer.event(Event::Warning {
            step: None,
            message: "The renewal changed nothing: no source of `update_variables` was there."
                .to_owned(),
        });
    }
    Ok(updated)
}

/// From when to when the credential lives, as the session's settings tell it, else an OAuth 2
/// reply. A life is counted from the reply that told it, however long a person then took.
fn life(cx: &mut StepContext<'_>) -> Result<Option<(i64, i64)>, Failure> {
    let Some(life) = &cx.context.connector.session.life else {
        return Ok(told_by_tokens(cx));
    };
    let value = life
        .template()
        .resolve(&cx.scope(), Place::Value)
        .map_err(|error| unusable(cx, "session", error.into()))?;
    let told_at = roots(life.template())
        .filter_map(|root| cx.run.told_at.get(root))
        .max();
    let from = told_at.copied().unwrap_or_else(|| last_reply(cx));
    let (name, end) = match life {
        Life::ExpiresIn(_) => ("expires_in", expiry::from_life(value.as_ref(), from)),
        Life::ExpiresAt(_) => ("expires_at", expiry::from_date(value.as_ref(), from)),
        Life::Jwt(_) => ("jwt", expiry::from_jwt(value.as_ref(), from)),
    };
    Ok(end
        .map(|end| (from, end))
        .map_err(|why| warn(cx, None, &format!("session.{name}"), why))
        .ok())
}

/// The `expires_in` of the last OAuth 2 step of the auth flow that says one.
fn told_by_tokens(cx: &mut StepContext<'_>) -> Option<(i64, i64)> {
    let steps = &cx.context.connector.auth_flow.steps;
    let is_oauth = |kind: &StepKind| {
        matches!(
            kind,
            StepKind::JwtBearer(_)
                | StepKind::SsoToken(_)
                | StepKind::OAuth2(_)
                | StepKind::OAuth2ClientCredentials(_)
                | StepKind::OAuth2Refresh(_)
                | StepKind::OAuth2TokenExchange(_)
                | StepKind::DeviceCode(_)
        )
    };
    let (step, life) = steps
        .iter()
        .rev()
        .filter(|step| is_oauth(&step.kind))
        .find_map(|step| {
            let outputs = cx.run.outputs.of(&step.id)?;
            Some((step, outputs.get("expires_in")?.clone()))
        })?;
    let told_at = cx.run.told_at.get(&step.id).copied();
    let from = told_at.unwrap_or_else(|| last_reply(cx));
    expiry::from_life(Some(&life), from)
        .map(|end| (from, end))
        .map_err(|why| warn(cx, Some(&step.id), &format!("{}.expires_in", step.id), why))
        .ok()
}

fn last_reply(cx: &StepContext<'_>) -> i64 {
    let now = || cx.context.engine.clock.unix();
    cx.run.last_reply.unwrap_or_else(now)
}

/// The roots that a template names.
fn roots(template: &Template) -> impl Iterator<Item = &str> {
    template
        .expressions()
        .map(|expression| expression.path.root.as_str())
}

fn warn(cx: &mut StepContext<'_>, step: Option<&str>, name: &str, why: NotSaid) {
    cx.observer.event(Event::Warning {
        step: step.map(str::to_owned),
        message: format!("When the session ends is not known from `{name}`: {why}."),
    });
}

/// Which account it is. Without it a sign-in to the wrong account would go unnoticed, so a
/// value that is missing ends the run.
fn identity(cx: &StepContext<'_>) -> Result<Option<String>, Failure> {
    let template = &cx.context.connector.connection.identity;
    let Some(template) = template else {
        return Ok(None);
    };
    template
        .resolve_text(&cx.scope(), Place::Text)
        .map(Some)
        .map_err(|error| unusable(cx, "connection.identity", error.into()))
}

/// What people read. Nothing depends on it, so a missing value is only told.
fn label(cx: &mut StepContext<'_>) -> Option<String> {
    let template: &Template = cx.context.connector.connection.label.as_ref()?;
    let value = template.resolve(&cx.scope(), Place::Text);
    match value {
        Ok(Some(Value::String(text))) => Some(text),
        Ok(Some(other)) => Some(other.to_string()),
        Ok(None) | Err(_) => {
            cx.observer.event(Event::Warning {
                step: None,
                message: format!("`connection.label` has no value: {}", template.source()),
            });
            None
        }
    }
}
