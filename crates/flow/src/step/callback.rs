//! `callback`: sends the person to an address and waits for the API to send them back.

use model::{CallbackStep, Said, Step, Words};
use template::Place;
use url::Url;

use super::StepContext;
use crate::failure::Failure;
use crate::judge::{self, own_words, unusable};
use crate::learned;
use crate::prompt::Open;
use crate::redirect_back::{check_state, parameters, state_name};
use crate::run::{Input, Paused};
use crate::runner::{Taken, renew_state};
use crate::timeline::Event;

pub(super) fn take(
    cx: &mut StepContext<'_>,
    step: &Step,
    kind: &CallbackStep,
    input: Option<Input>,
) -> Result<Taken, Failure> {
    let Some(Paused::Browser {
        url, state_name, ..
    }) = cx.run.paused.clone()
    else {
        return open(cx, step, kind);
    };
    let Some(Input::Callback(back)) = input else {
        return Ok(Taken::Open(waiting(
            cx,
            step,
            url,
            state_name.is_some(),
            None,
        )));
    };
    if let Some(name) = &state_name
        && let Err(why) = check_state(&back, name, &cx.run.state)
    {
        let why = Words::from(why);
        cx.observer.event(Event::CallbackRefused {
            why: why.to_string(),
        });
        return Ok(Taken::Open(waiting(cx, step, url, true, Some(why))));
    }
    // Used up, whatever comes of it.
    renew_state(cx.run, cx.context);
    let mut outputs = parameters(&back, kind.decode);
    if !kind.outputs.is_empty() {
        if let Some(missing) = kind
            .outputs
            .iter()
            .find(|name| !outputs.contains_key(*name))
        {
            return Err(came_back_without(&back, missing));
        }
        outputs.retain(|name, _| kind.outputs.contains(name));
    }
    outputs
        .values()
        .for_each(|value| learned::every(value, cx.observer));
    cx.run.outputs.set(&step.id, outputs.clone());
    judge::expect(cx, step, None)?;
    Ok(Taken::Done(outputs))
}

fn open(cx: &mut StepContext<'_>, step: &Step, kind: &CallbackStep) -> Result<Taken, Failure> {
    let text = kind
        .url
        .resolve_text(&cx.scope(), Place::Url)
        .map_err(|error| unusable(cx, &step.id, error.into()))?;
    let url = page(&text).ok_or_else(|| {
        Failure::definition(
            "not_a_url",
            format!(
                "`{}` gives no address that a browser can open.",
                kind.url.source()
            ),
        )
    })?;
    let state_name = state_name(&url, &cx.run.state);
    let carries_state = state_name.is_some();
    cx.run.paused = Some(Paused::Browser {
        step: step.id.clone(),
        url: url.clone(),
        state_name,
        oauth: None,
        oauth1: None,
    });
    Ok(Taken::Open(waiting(cx, step, url, carries_state, None)))
}

fn waiting(
    cx: &StepContext<'_>,
    step: &Step,
    url: Url,
    carries_state: bool,
    refused: Option<Words>,
) -> Open {
    Open {
        step: step.id.clone(),
        url,
        state: carries_state.then(|| cx.run.state.clone()),
        refused,
    }
}

/// A page that may be handed to a browser: nothing but http and https, as other schemes start
/// programs.
pub(super) fn page(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    (matches!(url.scheme(), "http" | "https") && url.has_host()).then_some(url)
}

fn came_back_without(back: &Url, missing: &str) -> Failure {
    let said = own_words(&parameters(back, true).into());
    let said = match said {
        Some(why) => Said::Refused { why },
        None => Said::CallbackWithout {
            parameter: missing.to_owned(),
        },
    };
    Failure::refused("callback_incomplete", said)
}
