//! What happens when a step fails: back to a form, on to the auth flow, or the end of the run.

use model::{Otherwise, Step, StepKind};
use secret::Sensitive;

use crate::answers::Source;
use crate::drift;
use crate::failure::{Failure, FailureKind};
use crate::judge;
use crate::resend;
use crate::run::{FlowKind, Notice};
use crate::step::StepContext;
use crate::stored;
use crate::timeline::Event;

/// The failure with which the run ends; none where it goes on elsewhere.
pub(crate) fn after(
    cx: &mut StepContext<'_>,
    step: &Step,
    mut failure: Failure,
) -> Option<Failure> {
    let clock = drift::told(cx, step, &failure);
    cx.observer.event(Event::StepFailed {
        step: step.id.clone(),
        message: Sensitive::new(failure.message.to_string()),
    });
    cx.run.paused = None;
    if (failure.is_passing() || failure.is_refused()) && resend::undo(cx, &failure) {
        return None;
    }
    if failure.is_passing() {
        // Not ended: the same step can be tried again with all that came before it.
        return Some(failure);
    }
    if failure.is_refused() {
        if go_back(cx, step, &failure) || go_to_auth_flow(cx) {
            return None;
        }
        // A page where JSON was expected may be about anything but the password.
        failure.stored_password_refused = failure.code != judge::HTML && stored_were_used(cx, step);
    }
    cx.run.ended = true;
    Some(match clock {
        Some(clock) => clock.put_to(failure),
        None => failure,
    })
}

/// Goes back to the step's form, where somebody may give other answers.
fn go_back(cx: &mut StepContext<'_>, step: &Step, failure: &Failure) -> bool {
    let Some(on_fail) = &step.on_fail else {
        return false;
    };
    let steps = cx.run.steps(cx.context.connector);
    let Some(target) = steps.iter().position(|step| step.id == on_fail.back_to) else {
        return false;
    };
    let Some(StepKind::Form(form)) = steps.get(target).map(|step| &step.kind) else {
        return false;
    };
    if stored_alone(cx, &on_fail.back_to) {
        return false;
    }
    let failures = cx.run.failures.entry(step.id.clone()).or_default();
    *failures += 1;
    let attempts_left = on_fail.attempts.saturating_sub(*failures);
    if attempts_left == 0 {
        return false;
    }
    // The form will show the definition's own words, which speak of the answers; a page may be about anything else.
    if let (judge::HTML, Some(excerpt)) = (failure.code, &failure.excerpt) {
        cx.observer.event(Event::Warning {
            step: Some(step.id.clone()),
            message: format!(
                "Step {} got a web page where something else was expected. It begins: {}",
                step.id,
                excerpt.reveal()
            ),
        });
    }
    cx.run.typed.clear();
    for field in &form.fields {
        let answer = cx.run.answers.get(&on_fail.back_to, &field.key);
        if let (false, Some(answer)) = (field.kind.is_secret(), answer) {
            cx.run.typed.insert(field.key.clone(), answer.value.clone());
        }
    }
    // Every form on the way is filled in anew, and what came of the old answers is forgotten.
    for passed in steps.iter().take(cx.run.cursor + 1).skip(target) {
        cx.run.outputs.forget(&passed.id);
        cx.run.answers.drop_form(&passed.id);
        if passed.id != on_fail.back_to {
            // Shown anew, they have their time anew.
            cx.run.deadlines.remove(&passed.id);
        }
    }
    let else_text = match &failure.kind {
        FailureKind::Refused { else_text } => else_text.clone(),
        _ => None,
    };
    cx.run.notice = Some(Notice {
        form: on_fail.back_to.clone(),
        text: failure.message.clone(),
        else_text,
        attempts_left: Some(attempts_left),
    });
    cx.run.cursor = target;
    cx.observer.event(Event::WentBack {
        from: step.id.clone(),
        to: on_fail.back_to.clone(),
    });
    true
}

/// Turns a refused renewal to the auth flow, where the definition wants it.
fn go_to_auth_flow(cx: &mut StepContext<'_>) -> bool {
    let connector = cx.context.connector;
    let wanted = connector
        .refresh_flow
        .as_ref()
        .is_some_and(|refresh| refresh.otherwise == Otherwise::AuthFlow);
    if cx.run.flow != FlowKind::Refresh || !wanted {
        return false;
    }
    let answers = match &cx.run.base {
        Some(base) => stored::answers(connector, base),
        None => return false,
    };
    cx.run.restart_as_auth(answers);
    cx.observer.event(Event::Warning {
        step: None,
        message: "The renewal was refused; signing in again.".to_owned(),
    });
    true
}

/// Whether a form was answered with nothing but what was kept: then nobody is there to try again.
fn stored_alone(cx: &StepContext<'_>, form: &str) -> bool {
    let answers = &cx.run.answers;
    answers.any_from(form, Source::Stored)
        && !answers.any_from(form, Source::Person)
        && !answers.any_from(form, Source::Given)
}

/// Whether a password that was kept is among what was refused.
fn stored_were_used(cx: &StepContext<'_>, step: &Step) -> bool {
    let steps = cx.run.steps(cx.context.connector);
    let used = match &step.on_fail {
        Some(on_fail) => vec![on_fail.back_to.as_str()],
        None => steps
            .iter()
            .take(cx.run.cursor)
            .filter(|step| matches!(step.kind, StepKind::Form(_)))
            .map(|step| step.id.as_str())
            .collect(),
    };
    used.iter()
        .any(|form| cx.run.answers.any_from(form, Source::Stored))
}
