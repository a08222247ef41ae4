//! `basic`: the value of an HTTP Basic header.

use model::{BasicStep, Said, Step};
use serde_json::{Map, Value};
use template::{Place, Template};

use super::StepContext;
use crate::failure::Failure;
use crate::judge::{self, unusable};
use crate::learned;
use crate::request::basic;
use crate::runner::Taken;

pub(super) fn take(
    cx: &mut StepContext<'_>,
    step: &Step,
    kind: &BasicStep,
) -> Result<Taken, Failure> {
    let text = |template: &Template| {
        template
            .resolve_text(&cx.scope(), Place::Text)
            .map_err(|error| unusable(cx, &step.id, error.into()))
    };
    let (username, password) = (text(&kind.username)?, text(&kind.password)?);
    // A name that cannot be sent is one that the API would refuse: the person may correct it.
    let value = basic(&username, &password).map_err(|error| {
        let why = error.to_string();
        Failure::refused("user_name_unusable", Said::UserNameUnusable { why })
    })?;
    learned::text(&password, cx.observer);
    learned::text(&value, cx.observer);
    let mut outputs = Map::new();
    outputs.insert("authorization".to_owned(), Value::String(value));
    cx.run.outputs.set(&step.id, outputs.clone());
    judge::expect(cx, step, None)?;
    Ok(Taken::Done(outputs))
}
