//! Why an attempt does not take what it is given. Whoever is refused has changed nothing, and spent nothing.
//!
//! Apart from [`ConnectionError`], because these are about whoever speaks to the attempt, not about the credential.

use crate::error::ConnectionError;
use store::StoreError;

/// Why an attempt does not take what it is given.
#[derive(Clone, Debug, thiserror::Error)]
pub enum AttemptError {
    /// No attempt of this owner has this id; whether another's has is not told.
    #[error("This sign-in is not known.")]
    Unknown,
    /// A redirect that no attempt waits for: no `state`, one that was never given out, or one that was used.
    #[error("This belongs to no sign-in that is under way, or it was used already.")]
    UnknownRedirect,
    /// It goes on in another browser than this one, or was not opened in any yet.
    #[error("This sign-in was begun in another browser, and goes on there.")]
    OtherBrowser,
    /// It took too long.
    #[error("This sign-in took too long. Start again.")]
    Expired,
    /// Something else is being done for it right now.
    #[error("This sign-in has just been answered, and is at work.")]
    Busy,
    /// It waits for something else, or for nothing any more.
    #[error("{}", wrong_turn(.waits_for))]
    WrongTurn {
        /// The step that it waits in, where it waits in one.
        waits_for: Option<String>,
    },
    /// The form that it waits for has no such field, or does not ask for it.
    #[error("The form `{step}` asks for no `{field}`.")]
    NotAsked {
        /// The form.
        step: String,
        /// The field.
        field: String,
    },
    /// The form that it waits for has nothing to send again, or did so too often.
    #[error("The form `{step}` can have nothing sent again now.")]
    NoResend {
        /// The form.
        step: String,
    },
    /// Another process, or the command line, is at it: to be tried again soon.
    #[error("Another process is at this sign-in. Try again in a moment.")]
    Elsewhere,
    /// Too many are open, of this owner or of all.
    #[error("Too many sign-ins are open. Finish or cancel one, or try again later.")]
    TooMany,
    /// The connector is not there any more.
    #[error("The connector `{connector}` is not there any more.")]
    NoConnector {
        /// Its name.
        connector: String,
    },
    /// It could not be started or kept.
    #[error("{0}")]
    Connection(#[from] ConnectionError),
}

impl AttemptError {
    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unknown => "sign_in_not_found",
            Self::UnknownRedirect => "redirect_unknown",
            Self::OtherBrowser => "other_browser",
            Self::Expired => "sign_in_expired",
            Self::Busy => "sign_in_busy",
            Self::WrongTurn { .. } => "wrong_turn",
            Self::NotAsked { .. } => "not_asked",
            Self::NoResend { .. } => "no_resend",
            Self::Elsewhere => "sign_in_elsewhere",
            Self::TooMany => "too_many_sign_ins",
            Self::NoConnector { .. } => "unknown_connector",
            Self::Connection(error) => error.code(),
        }
    }
}

impl From<StoreError> for AttemptError {
    fn from(error: StoreError) -> Self {
        Self::Connection(error.into())
    }
}

fn wrong_turn(waits_for: &Option<String>) -> String {
    match waits_for {
        Some(step) => format!("This sign-in waits for the step `{step}`."),
        None => "This sign-in waits for no answer.".to_owned(),
    }
}
