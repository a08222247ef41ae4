//! More proof for one call, asked for at the terminal or taken from the answers that were given ahead.

use connection::StepUpProgress;
use flow::{Input, Prompt};
use gateway::{Answer, CallError, WantsProof};

use crate::arguments::SignIn;
use crate::ending::{Complaint, Ending};
use crate::failing;
use crate::person::{Asks, Person};
use crate::signing_in::given;
use crate::timeline::Timeline;
use crate::wiring::Wiring;

/// Runs the steps of the step-up, and sends the call again with what they gave. What was typed is forgotten then.
pub(crate) async fn step_up<'a>(
    wiring: &'a Wiring,
    options: &SignIn,
    wants: WantsProof<'a>,
    timeline: &mut Timeline,
) -> Result<Result<Answer, CallError>, Complaint> {
    let connector = wiring.connector();
    let Some(step_up) = connector.step_up.as_ref().filter(|_| wants.may_go_on()) else {
        return Ok(Ok(wants.pass_on()));
    };
    let is_there = wiring.terminal.person;
    let mut ahead = Some(given(connector, options, timeline)?);
    let mut person = Person::new(wiring, options, &step_up.steps, is_there).await?;
    let connections = &wiring.connections;
    timeline.awaiting("waiting for another step-up to end");
    let (equipped, response) = (person.equipped(), wants.response().clone());
    let begun = connections
        .step_up(&equipped, wants.handle(), response)
        .await;
    timeline.settle();
    let mut stepping = begun.map_err(|error| failing::connection(&error, wiring, timeline))?;
    let mut input = Input::Begin;
    let stepped = loop {
        let progress = stepping.advance(input, timeline).await;
        timeline.settle();
        let asks = match progress.map_err(|error| failing::connection(&error, wiring, timeline))? {
            StepUpProgress::Done(stepped) => break stepped,
            StepUpProgress::Ask(prompt) => {
                let has = |step: &str| {
                    let mut keys = ahead.iter().flat_map(|answers| answers.keys());
                    keys.any(|(given, _)| given == step)
                };
                if has(&prompt.step)
                    && let Some(answers) = ahead.take()
                {
                    input = Input::Answers(answers);
                    continue;
                }
                if !is_there {
                    return Err(nobody(&prompt));
                }
                Asks::Form(prompt)
            }
            StepUpProgress::Open(open) if !is_there => return Err(no_browser(&open.step)),
            StepUpProgress::Open(open) => Asks::Open(open),
            StepUpProgress::Wait {
                show: Some(show), ..
            } if !is_there => return Err(no_browser(&show.step)),
            StepUpProgress::Wait { until, show } => Asks::Wait { until, show },
        };
        input = person.answer(asks, timeline).await?;
    };
    drop(stepping);
    timeline.awaiting("sending the call again");
    let answered = wants
        .go_on(connections, &wiring.equipped, stepped, timeline)
        .await;
    timeline.settle();
    Ok(answered)
}

fn no_browser(step: &str) -> Complaint {
    let message = format!(
        "the API wants more proof for this call, and nobody is at a terminal: the step {step} needs a browser"
    );
    Complaint::new(Ending::PersonNeeded, "step_up_required", message).help("call it at a terminal")
}

fn nobody(prompt: &Prompt) -> Complaint {
    let labels: Vec<_> = prompt.fields.iter().map(|it| it.label.as_str()).collect();
    let message = format!(
        "the API wants more proof for this call, and nobody is at a terminal: the form \u{201c}{}\u{201d} asks for {}",
        prompt.title,
        labels.join(", ")
    );
    let keys = prompt
        .fields
        .iter()
        .map(|it| format!("--answer {}.{}=..", prompt.step, it.key));
    let keys: Vec<_> = keys.collect();
    Complaint::new(Ending::PersonNeeded, "step_up_required", message)
        .help(format!("call it at a terminal, or with {}", keys.join(" ")))
}
