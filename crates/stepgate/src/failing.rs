//! Turns the failures of flows, connections and calls into what the command says and its exit status.

use connection::{ConnectionError, SetBackKind};
use flow::{Failure, FailureKind};
use gateway::{CallError, WhoseFault};

use crate::ending::{Complaint, Ending};
use crate::timeline::Timeline;
use crate::wiring::Wiring;

/// What stood between the person and a credential.
pub(crate) fn connection(
    error: &ConnectionError,
    wiring: &Wiring,
    timeline: &Timeline,
) -> Complaint {
    let file = wiring.file.display();
    let said = |ending| Complaint::new(ending, error.code(), timeline.shown(&error.to_string()));
    match error {
        ConnectionError::Ambiguous { .. } => said(Ending::Usage).help("name one with --connection"),
        ConnectionError::SignInRequired { .. } => {
            said(Ending::PersonNeeded).help(format!("sign in with: stepgate run {file}"))
        }
        ConnectionError::IdentityDiffers { .. } => said(Ending::Refused)
            .help("keep both by giving the new one a name of its own: --connection NAME"),
        ConnectionError::NotProven { first: false, .. } => {
            said(Ending::Refused).help("the credential from before is as it was")
        }
        ConnectionError::NotProven { first: true, .. } => {
            said(Ending::Refused).help("look at what the test API answers, and at what it expects")
        }
        ConnectionError::SetBack(setback) => {
            said(set_back(setback.kind)).help(timeline.shown(&setback.what_to_do()))
        }
        ConnectionError::Postponed { .. } => {
            said(Ending::Passing).help("the credential is kept; try again later")
        }
        ConnectionError::Flow(failure) => flow(failure, error.code(), timeline),
        ConnectionError::Store(error) => Complaint::from(error.clone()),
        ConnectionError::Ours { .. } => said(Ending::Ours),
    }
}

/// Why a run ended without a credential.
pub(crate) fn flow(failure: &Failure, code: &'static str, timeline: &Timeline) -> Complaint {
    let ending = match failure.kind {
        FailureKind::Refused { .. } => Ending::Refused,
        FailureKind::Passing { .. } => Ending::Passing,
        FailureKind::Definition => Ending::Usage,
        FailureKind::Cancelled => Ending::PersonNeeded,
        FailureKind::Ours => Ending::Ours,
    };
    let mut message = match &failure.step {
        Some(step) => format!("step {step}: {}", failure.message),
        None => failure.message.to_string(),
    };
    if let Some(excerpt) = &failure.excerpt {
        message.push_str(&format!(
            "\n  the reply begins: {}",
            timeline.shown_sensitive(excerpt)
        ));
    }
    let complaint = Complaint::new(ending, code, timeline.shown(&message));
    if failure.help.is_empty() {
        return complaint;
    }
    complaint.help(timeline.shown(&failure.help))
}

/// How a command ends where a sign-in that needs no person failed.
fn set_back(kind: SetBackKind) -> Ending {
    match kind {
        SetBackKind::Refused => Ending::Refused,
        SetBackKind::Passing => Ending::Passing,
        SetBackKind::Definition => Ending::Usage,
        SetBackKind::Ours => Ending::Ours,
        SetBackKind::Person => Ending::PersonNeeded,
    }
}

/// Why a call has no answer of the API's own.
pub(crate) fn call(error: &CallError, wiring: &Wiring, timeline: &Timeline) -> Complaint {
    let ending = match (error, error.whose_fault()) {
        (CallError::SignInRequired { .. } | CallError::StepUpRequired { .. }, _) => {
            Ending::PersonNeeded
        }
        (CallError::SignInSetBack(setback), _) => set_back(setback.kind),
        // The API did answer, and what it answered is what went wrong.
        (CallError::NotRepeated { .. }, _) => Ending::Answered,
        (_, WhoseFault::Caller | WhoseFault::Builder) => Ending::Usage,
        (_, WhoseFault::Api) => Ending::Passing,
        (_, WhoseFault::Stepgate) => Ending::Ours,
    };
    let complaint = Complaint::new(ending, error.code(), timeline.shown(&error.to_string()));
    if let CallError::SignInRequired { .. } = error {
        return complaint.help(format!(
            "sign in with: stepgate run {}",
            wiring.file.display()
        ));
    }
    match error.help() {
        help if help.is_empty() => complaint,
        help => complaint.help(timeline.shown(&help)),
    }
}
