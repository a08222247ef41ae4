//! Runs a flow without a person: to its end, or to the first thing that only a person can answer.

use crate::connections::{Connections, Equipped};
use flow::{Credential, Engine, Failure, Input, Observer, Progress, Run};
use std::time::SystemTime;

/// How far a run came by itself.
pub(crate) enum Driven {
    /// To its end.
    Done(Box<Credential>),
    /// To a question. The run can go on from there.
    Asks(Box<Run>, Box<Progress>),
    /// It failed, perhaps with tokens that must not be lost although it did.
    Failed(Box<Failure>, Option<Box<Credential>>),
}

pub(crate) async fn drive(
    mut run: Run,
    connections: &Connections,
    equipped: &Equipped,
    owner: &str,
    observer: &mut dyn Observer,
) -> Driven {
    let engine = &connections.engine;
    let mut input = Input::Begin;
    loop {
        let progress = connections.advance(&mut run, equipped, owner, input, observer);
        match progress.await {
            Progress::Done(credential) => return Driven::Done(credential),
            Progress::Failed(failure) => {
                return Driven::Failed(failure, run.salvage().map(Box::new));
            }
            Progress::Wait { until, show: None } => rest(engine, until).await,
            asks @ (Progress::Ask(_)
            | Progress::Open(_)
            | Progress::Identify { .. }
            | Progress::Wait { .. }) => {
                return Driven::Asks(Box::new(run), Box::new(asks));
            }
        }
        input = Input::Continue;
    }
}

/// Waits as long as the engine's clock says it is to `until`.
pub(crate) async fn rest(engine: &Engine, until: SystemTime) {
    if let Ok(left) = until.duration_since(engine.clock.now()) {
        tokio::time::sleep(left).await;
    }
}

/// What a question is, for people who are not there to answer it.
pub(crate) fn question(asks: &Progress) -> String {
    match asks {
        Progress::Ask(prompt) => {
            let labels: Vec<_> = prompt
                .fields
                .iter()
                .map(|field| field.label.as_str())
                .collect();
            format!(
                "The form “{}” has to be filled in: {}.",
                prompt.title,
                labels.join(", ")
            )
        }
        Progress::Open(_) => "A page has to be opened in the browser.".to_owned(),
        Progress::Wait { show: Some(_), .. } => "A code has to be entered elsewhere.".to_owned(),
        _ => "A person is needed.".to_owned(),
    }
}
