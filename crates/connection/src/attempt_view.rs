//! What may be told of an attempt: to its owner, on a page or as JSON. Nothing typed, no output and no cookie is in it,
//! except what the definition itself puts before a person.

use crate::error::ConnectionError;
use flow::{Failure, FailureKind, Open, Prompt, Show};
use model::Words;
use secret::Masker;
use serde::{Deserialize, Serialize};

/// An attempt as its owner sees it.
#[derive(Clone, Debug)]
pub struct AttemptView {
    /// Its id, which nobody guesses.
    pub id: String,
    /// The connector that is signed in to.
    pub connector: String,
    /// The environment, where one is named.
    pub environment: Option<String>,
    /// Whose it is, as connections are stored: `APP/USER`, `shared`, …
    pub owner: String,
    /// The name of the connection, where one was given.
    pub name: Option<String>,
    /// Raised by each change that is kept.
    pub version: u64,
    /// Where it stands.
    pub state: AttemptState,
    /// When it ends at the latest, in Unix seconds.
    pub expires_at: i64,
}

/// Where an attempt stands.
#[derive(Clone, Debug)]
pub enum AttemptState {
    /// It goes on by itself.
    Working,
    /// It waits for a person.
    Waiting(WaitingFor),
    /// It is over, and the credential is stored.
    SignedIn {
        /// The connection that has it.
        connection_id: String,
    },
    /// It is over: the call that asked for more proof can be sent again.
    SteppedUp {
        /// The connection that it is a call of.
        connection_id: String,
    },
    /// It is over, without a credential. What was stored before is as it was.
    Failed(AttemptFailure),
    /// Nobody finished it in time.
    Expired,
    /// It was given up.
    Cancelled,
}

/// What a person has to do.
#[derive(Clone, Debug)]
pub enum WaitingFor {
    /// Fill in a form.
    Form(Prompt),
    /// Open a page. Its address is the API's own and carries the `state`.
    Open(Open),
    /// Enter a code at an address, on any device. The sign-in goes on by itself once that was done.
    Show(Show),
    /// Say whether the other account that signed in takes the place of the connection's.
    ConfirmIdentity {
        /// Whose the connection is.
        old: String,
        /// Who signed in.
        new: String,
    },
}

/// Why an attempt failed, masked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttemptFailure {
    /// One of [`crate::ConnectionError::code`].
    pub code: String,
    /// What exactly, such as `issuer_mismatch`; the same as `code` where nothing more is known.
    pub cause: String,
    /// The step at which it ended.
    pub step: Option<String>,
    /// Who has to act.
    pub whose_fault: FaultOf,
    /// What happened, for people: the definition's `else` text, where one was written.
    pub message: Words,
    /// What to do about it, where something is known.
    pub help: Option<Words>,
    /// Whether the same may work later.
    pub passing: bool,
}

/// Who has to act after an attempt failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultOf {
    /// Who signs in.
    Caller,
    /// Who wrote the definition.
    Builder,
    /// The API, for now.
    Api,
    /// We.
    Stepgate,
}

impl AttemptState {
    /// The word for machines.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Working => "working",
            Self::Waiting(_) => "waiting",
            Self::SignedIn { .. } => "signed_in",
            Self::SteppedUp { .. } => "stepped_up",
            Self::Failed(_) => "failed",
            Self::Expired => "expired",
            Self::Cancelled => "cancelled",
        }
    }

    /// Whether it goes no further.
    #[must_use]
    pub fn has_ended(&self) -> bool {
        !matches!(self, Self::Working | Self::Waiting(_))
    }
}

impl FaultOf {
    /// The word for machines.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Caller => "caller",
            Self::Builder => "builder",
            Self::Api => "api",
            Self::Stepgate => "stepgate",
        }
    }
}

impl AttemptFailure {
    /// What may be told of `error`, with what the run has learned masked.
    pub(crate) fn of(error: &ConnectionError, masker: &Masker) -> Self {
        let code = error.code();
        if let ConnectionError::Flow(failure) = error {
            return Self::of_flow(failure, code, masker);
        }
        let whose_fault = match error {
            ConnectionError::Store(_) | ConnectionError::Ours { .. } => FaultOf::Stepgate,
            ConnectionError::Postponed { .. } => FaultOf::Api,
            ConnectionError::NotProven { .. } => FaultOf::Builder,
            _ => FaultOf::Caller,
        };
        Self {
            code: code.to_owned(),
            cause: code.to_owned(),
            step: None,
            whose_fault,
            message: masker.mask(&error.to_string()).into(),
            help: None,
            passing: matches!(error, ConnectionError::Postponed { .. }),
        }
    }

    fn of_flow(failure: &Failure, code: &str, masker: &Masker) -> Self {
        let (whose_fault, written) = match &failure.kind {
            FailureKind::Refused { else_text } => (FaultOf::Caller, else_text.as_deref()),
            FailureKind::Cancelled => (FaultOf::Caller, None),
            FailureKind::Passing { .. } => (FaultOf::Api, None),
            FailureKind::Definition => (FaultOf::Builder, None),
            FailureKind::Ours => (FaultOf::Stepgate, None),
        };
        Self {
            code: code.to_owned(),
            cause: failure.code.to_owned(),
            step: failure.step.clone(),
            whose_fault,
            // Masked even where the definition wrote it: what was typed never comes back.
            message: match written {
                Some(written) => masker.mask(written).into(),
                None => failure.message.masked(&|text| masker.mask(text)),
            },
            help: (!failure.help.is_empty())
                .then(|| failure.help.masked(&|text| masker.mask(text))),
            passing: failure.is_passing(),
        }
    }
}
