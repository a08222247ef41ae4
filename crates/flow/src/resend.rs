//! Sending again what a form is about: an earlier step and those after it run once more, up to the form. Where that does
//! not work, the form is as it was, and says so.

use model::{FormStep, Said, Step};

use crate::failure::{Failure, FailureKind};
use crate::outputs::Outputs;
use crate::run::{Notice, Resending};
use crate::step::StepContext;
use crate::timeline::Event;

/// How often one form may have something sent again: each costs somebody a message, and tries the API's patience.
const MOST: u32 = 5;

/// How often it may still be; none where the form has nothing to send again.
pub(crate) fn left(cx: &StepContext<'_>, step: &Step, form: &FormStep) -> Option<u32> {
    position(cx, form)?;
    let done = cx.run.resends.get(&step.id).copied().unwrap_or_default();
    Some(MOST.saturating_sub(done))
}

/// Turns the run back; the position to go on at. None where it may not be sent again.
pub(crate) fn begin(cx: &mut StepContext<'_>, step: &Step, form: &FormStep) -> Option<usize> {
    left(cx, step, form).filter(|left| *left > 0)?;
    let position = position(cx, form)?;
    let steps = cx.run.steps(cx.context.connector);
    let mut before = Outputs::new();
    for passed in steps.iter().take(cx.run.cursor).skip(position) {
        if let Some(outputs) = cx.run.outputs.of(&passed.id) {
            before.set(&passed.id, outputs.clone());
            cx.run.outputs.forget(&passed.id);
        }
    }
    *cx.run.resends.entry(step.id.clone()).or_default() += 1;
    cx.run.notice.take_if(|notice| notice.form == step.id);
    cx.run.resending = Some(Resending {
        form: step.id.clone(),
        before,
        deadline: cx.run.deadlines.remove(&step.id),
    });
    cx.observer.event(Event::SentAgain {
        form: step.id.clone(),
        from: steps.get(position)?.id.clone(),
    });
    Some(position)
}

/// Goes back to the form where it could not be sent again; whether something was being sent again at all.
pub(crate) fn undo(cx: &mut StepContext<'_>, failure: &Failure) -> bool {
    let Some(again) = cx.run.resending.take() else {
        return false;
    };
    let steps = cx.run.steps(cx.context.connector);
    let Some(form) = steps.iter().position(|step| step.id == again.form) else {
        return false;
    };
    for (step, outputs) in again.before.steps() {
        cx.run.outputs.set(step, outputs.clone());
    }
    if let Some(deadline) = again.deadline {
        cx.run.deadlines.insert(again.form.clone(), deadline);
    }
    let else_text = match &failure.kind {
        FailureKind::Refused { else_text } => else_text.clone(),
        _ => None,
    };
    let text = match &else_text {
        Some(written) => written.as_str().into(),
        None => {
            let why = failure.message.clone();
            Said::NotSentAgain { why }.into()
        }
    };
    cx.run.notice = Some(Notice {
        form: again.form,
        text,
        else_text,
        attempts_left: None,
    });
    cx.run.cursor = form;
    true
}

fn position(cx: &StepContext<'_>, form: &FormStep) -> Option<usize> {
    let named = form.resend.as_ref()?;
    let steps = cx.run.steps(cx.context.connector);
    let found = steps.iter().position(|step| step.id == *named)?;
    (found < cx.run.cursor).then_some(found)
}
