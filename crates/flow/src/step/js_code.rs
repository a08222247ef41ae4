//! `js_code`: runs the builder's JavaScript in the sandbox.

use model::{JsCodeStep, Step};
use script::ScriptError;
use secret::Sensitive;
use serde_json::Map;

use super::StepContext;
use crate::failure::Failure;
use crate::judge::{self, unusable};
use crate::learned;
use crate::runner::Taken;
use crate::timeline::Event;
use crate::value::resolve_value;

pub(super) async fn take(
    cx: &mut StepContext<'_>,
    step: &Step,
    kind: &JsCodeStep,
) -> Result<Taken, Failure> {
    let mut parameters = Map::new();
    for (name, value) in &kind.parameters {
        let value = resolve_value(value, &cx.scope())
            .map_err(|error| unusable(cx, &step.id, error.into()))?;
        if let Some(value) = value {
            parameters.insert(name.clone(), value);
        }
    }
    let engine = cx.context.engine;
    let ran = engine
        .scripts
        .run_aloud(&kind.code, &parameters, engine.clock.now())
        .await;
    // Before what it says is told: a line may hold what it returns.
    for value in ran.result.iter().flat_map(Map::values) {
        learned::every(value, cx.observer);
    }
    // Before it is asked how it went: what a script said last tells most about why it failed.
    if cx.observer.wants_detail() {
        for line in ran.console {
            cx.observer.event(Event::Console {
                step: step.id.clone(),
                level: line.level.name(),
                text: Sensitive::new(line.text),
            });
        }
    }
    let outputs = ran.result.map_err(|error| failed(&error))?;
    cx.run.outputs.set(&step.id, outputs.clone());
    judge::expect(cx, step, None)?;
    Ok(Taken::Done(outputs))
}

fn failed(error: &ScriptError) -> Failure {
    if error.is_ours() {
        Failure::ours("script_failed", error.to_string())
    } else {
        Failure::definition("script_failed", error.to_string())
    }
}
