//! Drives a sign-in at the terminal: forms, browser steps and waits, until it is done.

use std::sync::Arc;

use connection::{Begun, ConnectionError, Handle, Purpose, SignInProgress};
use flow::{Answers, Input, Source};
use model::{Connector, FieldKind, StepKind};

use crate::answers::Given;
use crate::arguments::SignIn;
use crate::ending::Complaint;
use crate::failing;
use crate::person::{Asks, Person};
use crate::sso_sign_in;
use crate::timeline::Timeline;
use crate::wiring::Wiring;

/// Who waits for a browser step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Patience {
    /// `run` always waits.
    Always,
    /// `call` and `test` wait only where a person is at the terminal.
    WithAPerson,
}

/// Signs in and stores the credential.
pub(crate) async fn sign_in(
    wiring: &Wiring,
    options: &SignIn,
    purpose: Purpose,
    patience: Patience,
    timeline: &mut Timeline,
) -> Result<Arc<Handle>, Complaint> {
    let given = given(wiring.connector(), options, timeline)?;
    let waits = patience == Patience::Always || wiring.terminal.person;
    sso_sign_in::ensure(wiring, options, waits, timeline).await?;
    let mut person =
        Person::new(wiring, options, &wiring.connector().auth_flow.steps, waits).await?;
    let equipped = person.equipped();
    timeline.awaiting("waiting for the sign-in to begin: another one may be open");
    let begun = wiring
        .connections
        .sign_in(&equipped, wiring.selector.clone(), given, purpose)
        .await;
    timeline.settle();
    let mut sign_in = match begun.map_err(|error| failing::connection(&error, wiring, timeline))? {
        Begun::Elsewhere(handle) => return Ok(handle),
        Begun::Started(sign_in) => sign_in,
    };
    let mut input = Input::Begin;
    loop {
        let progress = match sign_in.advance(input, timeline).await {
            Ok(progress) => progress,
            Err(error @ ConnectionError::IdentityDiffers { .. }) => {
                timeline.settle();
                let (terminal, question) = (
                    wiring.terminal,
                    format!("{error} Use the new account from now on?"),
                );
                let agreed = terminal.person
                    && tokio::task::spawn_blocking(move || terminal.confirm(&question))
                        .await
                        .is_ok_and(|answer| answer.unwrap_or(false));
                if !agreed {
                    return Err(failing::connection(&error, wiring, timeline));
                }
                return sign_in
                    .accept_identity()
                    .await
                    .map_err(|error| failing::connection(&error, wiring, timeline));
            }
            Err(error) => return Err(failing::connection(&error, wiring, timeline)),
        };
        timeline.settle();
        input = match progress {
            SignInProgress::Done(handle) => return Ok(handle),
            SignInProgress::Ask(prompt) => person.answer(Asks::Form(prompt), timeline).await?,
            SignInProgress::Open(open) => person.answer(Asks::Open(open), timeline).await?,
            SignInProgress::Wait { until, show } => {
                person.answer(Asks::Wait { until, show }, timeline).await?
            }
        };
    }
}

/// The answers given ahead, for the forms of every flow that has some: who gives one for a step-up gives it with the call.
pub(crate) fn given(
    connector: &Connector,
    options: &SignIn,
    timeline: &mut Timeline,
) -> Result<Answers, Complaint> {
    let forms = || {
        let of_step_up = connector.step_up.iter().flat_map(|step_up| &step_up.steps);
        let steps = connector.auth_flow.steps.iter();
        steps.chain(of_step_up).filter_map(|step| match &step.kind {
            StepKind::Form(form) => Some((&step.id, form)),
            _ => None,
        })
    };
    let fields: Vec<(String, String)> = forms()
        .flat_map(|(id, form)| {
            form.fields
                .iter()
                .map(move |field| (id.clone(), field.key.clone()))
        })
        .collect();
    let secret = |step: &str, key: &str| {
        forms().any(|(id, form)| {
            id == step
                && form.fields.iter().any(|field| {
                    field.key == key && matches!(field.kind, FieldKind::Password | FieldKind::Otp)
                })
        })
    };
    let given = Given::collect(options, &fields, |name| std::env::var(name).ok())?;
    let mut answers = Answers::new();
    for (step, field, value) in given.iter() {
        if secret(step, field) {
            timeline.learn(value.reveal());
        }
        answers.put(step, field, value.reveal().clone(), Source::Given);
    }
    Ok(answers)
}
