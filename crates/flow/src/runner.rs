//! The one runner of all flows: takes one step after the other until something is needed.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use model::{Origin, Renewal, Said, Step};
use secret::SecretString;
use serde_json::{Map, Value};

use crate::answers::Source;
use crate::engine::Context;
use crate::exchange::millis_between;
use crate::failure::{Failure, FailureKind};
use crate::outputs::Outputs;
use crate::prompt::{Open, Prompt, Show};
use crate::run::{FlowKind, Input, Notice, Paused, Progress, RunData};
use crate::step::{self, StepContext};
use crate::timeline::{Event, Kept, Observer};
use crate::{ending, judge, learned, setback};

/// Length of `state` in bytes; RFC 6749, section 10.10, asks for 16 at the least.
const STATE_BYTES: usize = 32;

/// How far a step came.
pub(crate) enum Taken {
    /// It has its outputs.
    Done(Map<String, Value>),
    /// It needs a form.
    Ask(Prompt),
    /// An earlier step has to run again, the one at this position.
    Again(usize),
    /// It needs a page opened.
    Open(Open),
    /// It needs to know who the user is; not by this token again.
    Identify(Option<SecretString>),
    /// It needs time.
    Wait(SystemTime),
    /// It needs time, and a person who sees this meanwhile.
    Show(SystemTime, Box<Show>),
}

pub(crate) async fn advance(
    run: &mut RunData,
    context: &Context<'_>,
    input: Input,
    observer: &mut dyn Observer,
) -> Progress {
    if let Err(failure) = ready(run, context, observer) {
        run.ended = true;
        return Progress::Failed(Box::new(failure));
    }
    if matches!(input, Input::Nobody) {
        run.ended = true;
        return Progress::Failed(Box::new(nobody(run)));
    }
    let mut cx = StepContext {
        run,
        context,
        observer,
    };
    let mut input = Some(input);
    loop {
        let Some(step) = cx.run.steps(context.connector).get(cx.run.cursor) else {
            return end(&mut cx);
        };
        let begun = context.engine.clock.now();
        match take(&mut cx, step, input.take()).await {
            Ok(Some(Taken::Done(outputs))) => {
                cx.run.outputs.set(&step.id, outputs);
                keep(&mut cx, step);
                if let Some(at) = cx.run.last_reply {
                    cx.run.told_at.insert(step.id.clone(), at);
                }
                cx.observer.event(Event::StepDone {
                    step: step.id.clone(),
                    millis: millis_between(begun, context.engine.clock.now()),
                });
                move_on(cx.run);
            }
            Ok(None) => {
                cx.run.outputs.forget(&step.id);
                cx.run.resending.take_if(|again| again.form == step.id);
                cx.observer.event(Event::StepSkipped {
                    step: step.id.clone(),
                });
                move_on(cx.run);
            }
            Ok(Some(Taken::Again(position))) => {
                cx.run.paused = None;
                cx.run.cursor = position;
            }
            Ok(Some(Taken::Ask(prompt))) => return waiting(&mut cx, step, Progress::Ask(prompt)),
            Ok(Some(Taken::Open(open))) => return waiting(&mut cx, step, Progress::Open(open)),
            Ok(Some(Taken::Identify(spent))) => return Progress::Identify { spent },
            Ok(Some(Taken::Wait(until))) => {
                return waiting(&mut cx, step, Progress::Wait { until, show: None });
            }
            Ok(Some(Taken::Show(until, show))) => {
                let show = Some(show);
                return waiting(&mut cx, step, Progress::Wait { until, show });
            }
            Err(failure) => {
                keep(&mut cx, step);
                if let Some(failure) = setback::after(&mut cx, step, failure.at(&step.id)) {
                    return Progress::Failed(Box::new(failure));
                }
            }
        }
    }
}

/// A time as milliseconds since 1970.
pub(crate) fn to_millis(time: SystemTime) -> i64 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// The time of so many milliseconds since 1970.
pub(crate) fn from_millis(millis: i64) -> SystemTime {
    UNIX_EPOCH + Duration::from_millis(u64::try_from(millis).unwrap_or_default())
}

/// A new `state`; every one is used for one redirect only.
pub(crate) fn renew_state(run: &mut RunData, context: &Context<'_>) {
    run.state = context.engine.random.base64url(STATE_BYTES);
}

/// Checks that the run can go on with this connector, and tells the masker what it begins with.
fn ready(
    run: &mut RunData,
    context: &Context<'_>,
    observer: &mut dyn Observer,
) -> Result<(), Failure> {
    let connector = context.connector;
    if run.ended {
        return Err(Failure::ours("run_ended", "This run has ended already."));
    }
    if run.connector != connector.name {
        return Err(Failure::ours(
            "wrong_connector",
            "The run belongs to another connector.",
        ));
    }
    let moved = run.paused.as_ref().is_some_and(|paused| {
        let step = run.steps(connector).get(run.cursor);
        step.is_none_or(|step| step.id != paused.step())
    });
    if moved || run.origins != connector.origin_set_key() {
        return Err(Failure::definition(
            "definition_changed",
            "The definition was changed while the run was waiting.",
        )
        .with_help(Said::StartAgain));
    }
    learned::at_start(connector, context.secrets, run, observer);
    if run.begun {
        return Ok(());
    }
    if let Some(base) = &run.base {
        let sorted = |origins: &[Origin]| {
            let mut origins = origins.to_vec();
            origins.sort();
            origins
        };
        if sorted(&base.origins) != sorted(&connector.origins) {
            return Err(Failure::refused("origins_changed", Said::AddressesChanged)
                .with_help(Said::SignInAgainAtTheAddress));
        }
    }
    if run.flow == FlowKind::Refresh && matches!(connector.renewal(), Renewal::Ask) {
        return Err(
            Failure::refused("sign_in_required", Said::NotRenewable).with_help(Said::SignInAgain)
        );
    }
    renew_state(run, context);
    run.begun = true;
    Ok(())
}

async fn take(
    cx: &mut StepContext<'_>,
    step: &Step,
    input: Option<Input>,
) -> Result<Option<Taken>, Failure> {
    if cx.run.paused.is_none() && !judge::when(cx, step)? {
        return Ok(None);
    }
    cx.observer.event(Event::StepStarted {
        step: step.id.clone(),
        kind: step.kind.name(),
    });
    step::take(cx, step, input).await.map(Some)
}

/// Tells what the step has left behind, where somebody wants to hear it.
fn keep(cx: &mut StepContext<'_>, step: &Step) {
    if !cx.observer.wants_detail() {
        return;
    }
    let mut outputs = Outputs::new();
    if let Some(left) = cx.run.outputs.of(&step.id) {
        outputs.set(&step.id, left.clone());
    }
    let jar = cx.run.jar.clone();
    cx.observer.event(Event::Kept(Box::new(Kept {
        step: step.id.clone(),
        outputs,
        jar,
    })));
}

fn move_on(run: &mut RunData) {
    run.paused = None;
    run.cursor += 1;
}

fn waiting(cx: &mut StepContext<'_>, step: &Step, progress: Progress) -> Progress {
    cx.observer.event(Event::Waiting {
        step: step.id.clone(),
        what: match progress {
            Progress::Ask(_) => "form",
            Progress::Open(_) => "browser",
            Progress::Wait { show: Some(_), .. } => "code",
            _ => "time",
        },
    });
    progress
}

fn end(cx: &mut StepContext<'_>) -> Progress {
    cx.run.ended = true;
    match ending::credential(cx) {
        Ok(credential) => Progress::Done(Box::new(credential)),
        Err(failure) => Progress::Failed(Box::new(failure)),
    }
}

/// A run that is left alone: refused where answers were refused, else cancelled.
fn nobody(run: &RunData) -> Failure {
    let step = run.paused.as_ref().map(Paused::step);
    let failure = match (&run.notice, &run.paused) {
        (
            Some(Notice {
                text, else_text, ..
            }),
            Some(Paused::Form { .. }),
        ) => Failure::new(
            FailureKind::Refused {
                else_text: else_text.clone(),
            },
            "answers_refused",
            text.clone(),
        ),
        _ => Failure::new(FailureKind::Cancelled, "person_needed", Said::PersonNeeded),
    };
    let mut failure = match step {
        Some(step) => failure.at(step),
        None => failure,
    };
    failure.stored_password_refused =
        failure.is_refused() && step.is_some_and(|step| run.answers.any_from(step, Source::Stored));
    failure
}
