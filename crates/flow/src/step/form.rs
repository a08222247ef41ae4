//! `form`: asks a person, or takes what was answered ahead.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use model::{FieldKind, FormStep, Said, Step, Words};
use serde_json::{Map, Value};

use super::StepContext;
use crate::answers::Source;
use crate::exhibit::{exhibits, text};
use crate::failure::{Failure, FailureKind};
use crate::field::{Offered, offered, read};
use crate::judge::{self, unusable};
use crate::prompt::{Prompt, PromptChoice, PromptField};
use crate::run::{Input, Paused};
use crate::runner::Taken;
use crate::{learned, resend};

pub(super) fn take(
    cx: &mut StepContext<'_>,
    step: &Step,
    form: &FormStep,
    input: Option<Input>,
) -> Result<Taken, Failure> {
    let moment = Moment {
        sent_again: cx
            .run
            .resending
            .take_if(|again| again.form == step.id)
            .is_some(),
        expired: is_over(cx, step),
    };
    if matches!(input, Some(Input::Resend))
        && let Some(position) = resend::begin(cx, step, form)
    {
        return Ok(Taken::Again(position));
    }
    if moment.expired && resend::left(cx, step, form).unwrap_or(0) == 0 {
        return Err(too_late(form, step));
    }
    let sent = match input {
        Some(Input::Answers(answers)) if !moment.expired => {
            let sent = answers.0.any_from(&step.id, Source::Person)
                || answers.0.form(&step.id).is_some_and(IndexMap::is_empty);
            cx.run.answers.merge(answers.0);
            sent
        }
        _ => false,
    };
    let choices = choices(cx, step, form)?;
    let mut filled = fill(cx, step, form, &choices, sent)?;
    if !moment.expired && filled.may_go_on(form, sent, cx.run.answers.has_form(&step.id)) {
        for field in form.fields.iter().filter(|field| field.kind.is_secret()) {
            let value = filled.values.get(&field.key);
            value
                .into_iter()
                .for_each(|value| learned::every(value, cx.observer));
        }
        cx.run.notice.take_if(|notice| notice.form == step.id);
        cx.run.outputs.set(&step.id, filled.values.clone());
        judge::expect(cx, step, None)?;
        return Ok(Taken::Done(filled.values));
    }
    for field in &form.fields {
        let wrong = filled.errors.contains_key(&field.key) || filled.missing.contains(&field.key);
        // A password is typed anew whenever its form is.
        if wrong || (sent && field.kind.is_secret()) {
            cx.run.answers.drop_field(&step.id, &field.key);
            filled.values.remove(&field.key);
        }
    }
    if let Some(lasts) = form.expires_in {
        let now = cx.context.engine.clock.unix();
        let lasts = i64::try_from(lasts.as_secs().max(1)).unwrap_or(i64::MAX);
        let ends = now.saturating_add(lasts);
        cx.run.deadlines.entry(step.id.clone()).or_insert(ends);
    }
    cx.run.paused = Some(Paused::Form {
        step: step.id.clone(),
    });
    let prompt = prompt(cx, step, form, &choices, &filled, &moment)?;
    Ok(Taken::Ask(prompt))
}

/// What of a form depends on when it is shown.
struct Moment {
    /// What it is about was sent again just now.
    sent_again: bool,
    /// Its time is over.
    expired: bool,
}

/// Whether the time of a form that was shown is over.
fn is_over(cx: &StepContext<'_>, step: &Step) -> bool {
    let deadline = cx.run.deadlines.get(&step.id);
    deadline.is_some_and(|deadline| cx.context.engine.clock.unix() >= *deadline)
}

/// Nobody answered in time, and nothing can be sent again. Nothing was refused: a person was not there.
fn too_late(form: &FormStep, step: &Step) -> Failure {
    let lasts = form.expires_in.unwrap_or_default().as_secs();
    Failure::new(
        FailureKind::Cancelled,
        "form_expired",
        Said::Expired {
            step: step.id.clone(),
            seconds: lasts,
        },
    )
    .with_help(Said::StartAgain)
}

/// A form with what is known of each field.
#[derive(Default)]
struct Filled {
    values: Map<String, Value>,
    errors: BTreeMap<String, Words>,
    missing: Vec<String>,
}

impl Filled {
    /// A form that a person sent goes on unless something is wrong with it. One that was
    /// answered ahead also does, but one that nobody has answered at all is shown.
    fn may_go_on(&self, form: &FormStep, sent: bool, answered: bool) -> bool {
        let complete = self.errors.is_empty() && self.missing.is_empty();
        complete && (sent || (answered && !form.fields.is_empty()))
    }
}

fn fill(
    cx: &StepContext<'_>,
    step: &Step,
    form: &FormStep,
    choices: &BTreeMap<String, Vec<Offered>>,
    sent: bool,
) -> Result<Filled, Failure> {
    let mut filled = Filled::default();
    let offers = |key: &str| choices.get(key).map(Vec::as_slice).unwrap_or_default();
    for field in &form.fields {
        let answer = cx.run.answers.get(&step.id, &field.key);
        let answer = match answer {
            Some(answer) if !answer.value.is_empty() => Some(answer.value.clone()),
            // Emptied by hand, a default is not wanted.
            Some(_) => None,
            None => text(cx, step, field.default.as_ref())?,
        };
        match answer {
            Some(answer) => {
                let otherwise = text(cx, step, field.otherwise.as_ref())?;
                match read(field, &answer, offers(&field.key), otherwise.as_deref()) {
                    Ok(value) => {
                        filled.values.insert(field.key.clone(), value);
                    }
                    Err(error) => {
                        filled.errors.insert(field.key.clone(), error);
                    }
                }
            }
            None if field.required && sent => {
                filled.errors.insert(field.key.clone(), Said::Needed.into());
            }
            None if field.required => filled.missing.push(field.key.clone()),
            None => {}
        }
    }
    Ok(filled)
}

fn choices(
    cx: &StepContext<'_>,
    step: &Step,
    form: &FormStep,
) -> Result<BTreeMap<String, Vec<Offered>>, Failure> {
    let choices = form
        .fields
        .iter()
        .filter(|field| field.kind == FieldKind::Choice);
    choices
        .map(|field| {
            let scope = cx.scope();
            let offered = offered(field, &scope)
                .map_err(|error| unusable(cx, &step.id, error.into()))?
                .ok_or_else(|| {
                    Failure::definition(
                        "options_unusable",
                        format!(
                            "The options of `{}.{}` are not a list of texts, or of maps with `value` and `label`.",
                            step.id, field.key
                        ),
                    )
                })?;
            Ok((field.key.clone(), offered))
        })
        .collect()
}

fn prompt(
    cx: &StepContext<'_>,
    step: &Step,
    form: &FormStep,
    choices: &BTreeMap<String, Vec<Offered>>,
    filled: &Filled,
    moment: &Moment,
) -> Result<Prompt, Failure> {
    let notice = cx
        .run
        .notice
        .as_ref()
        .filter(|notice| notice.form == step.id);
    let mut fields = Vec::new();
    for field in &form.fields {
        let answer = cx.run.answers.get(&step.id, &field.key);
        // What was answered ahead, and well, is not asked.
        if answer.is_some_and(|answer| answer.source != Source::Person) {
            continue;
        }
        let typed = answer
            .map(|answer| answer.value.clone())
            .or_else(|| cx.run.typed.get(&field.key).cloned())
            .filter(|_| !field.kind.is_secret());
        let default = match typed {
            Some(typed) => Some(typed),
            None => text(cx, step, field.default.as_ref())?,
        };
        let options = choices.get(&field.key).map(Vec::as_slice);
        fields.push(PromptField {
            key: field.key.clone(),
            kind: field.kind,
            label: text(cx, step, field.label.as_ref())?.unwrap_or_else(|| field.key.clone()),
            help: text(cx, step, field.help.as_ref())?,
            placeholder: text(cx, step, field.placeholder.as_ref())?,
            required: field.required,
            default,
            options: options
                .unwrap_or_default()
                .iter()
                .map(|offered| PromptChoice {
                    value: offered.answer.clone(),
                    label: offered.label.clone(),
                })
                .collect(),
            rule: field.rule.clone(),
            otherwise: text(cx, step, field.otherwise.as_ref())?,
            error: filled.errors.get(&field.key).cloned(),
        });
    }
    let title = text(cx, step, form.title.as_ref())?;
    let too_late = || moment.expired.then(|| Said::RanOut.into());
    Ok(Prompt {
        step: step.id.clone(),
        title: title.unwrap_or_else(|| cx.context.connector.title.clone()),
        text: text(cx, step, form.text.as_ref())?,
        show: exhibits(cx, step, form)?,
        fields,
        error: notice.map(|notice| notice.text.clone()).or_else(too_late),
        attempts_left: notice.and_then(|notice| notice.attempts_left),
        notice: moment.sent_again.then(|| Said::SentAgain.into()),
        resends_left: resend::left(cx, step, form),
        expires_at: cx.run.deadlines.get(&step.id).copied(),
        expired: moment.expired,
    })
}
