//! `totp`: a one-time password, made for the API's time and used once.

use model::{Said, Step, StepKind, TotpStep};
use serde_json::{Map, Value};
use template::Place;

use super::StepContext;
use crate::drift;
use crate::failure::Failure;
use crate::judge::{self, unusable};
use crate::learned;
use crate::run::Paused;
use crate::runner::{Taken, from_millis};
use crate::totp::{Key, KeyError};

pub(super) fn take(
    cx: &mut StepContext<'_>,
    step: &Step,
    kind: &TotpStep,
) -> Result<Taken, Failure> {
    let secret = kind
        .secret
        .resolve_text(&cx.scope(), Place::Text)
        .map_err(|error| unusable(cx, &step.id, error.into()))?;
    learned::text(&secret, cx.observer);
    let key = Key::read(&secret, kind).map_err(|error| bad_secret(cx, step, kind, &error))?;
    let correction = drift::correction(cx.run);
    let now = cx.context.engine.clock.unix().saturating_add(correction);
    let ends = key.period_end(now);
    if cx.run.used_codes.contains(&ends) {
        // An API takes a code once (RFC 6238, section 5.2), and may lock the account at the second.
        let at = ends.saturating_sub(correction).saturating_mul(1000);
        cx.run.paused = Some(Paused::Time {
            step: step.id.clone(),
            at,
            ends: i64::MAX,
        });
        return Ok(Taken::Wait(from_millis(at)));
    }
    cx.run.used_codes.push(ends);
    let code = key.code(now);
    learned::text(&code, cx.observer);
    let mut outputs = Map::new();
    outputs.insert("code".to_owned(), Value::String(code));
    cx.run.outputs.set(&step.id, outputs.clone());
    judge::expect(cx, step, None)?;
    Ok(Taken::Done(outputs))
}

/// Typed into a form, it is the person who can mend it.
fn bad_secret(cx: &StepContext<'_>, step: &Step, kind: &TotpStep, error: &KeyError) -> Failure {
    const CODE: &str = "totp_secret_unusable";
    let forms = cx.run.steps(cx.context.connector).iter();
    let typed = forms
        .filter(|step| matches!(step.kind, StepKind::Form(_)))
        .any(|form| {
            let mut read = kind.secret.expressions();
            read.any(|expression| expression.path.root == form.id)
        });
    let said = Said::TotpSecretUnusable {
        step: step.id.clone(),
        why: error.to_string(),
    };
    let failure = if typed {
        Failure::refused(CODE, said)
    } else {
        Failure::definition(CODE, said)
    };
    failure.with_help(Said::TotpSecretForm)
}
