//! What can stand between an owner and a usable credential, one variant for each thing somebody can do about it.

use crate::setback::SetBack;
use flow::{Failure, FailureKind};
use std::sync::Arc;
use store::StoreError;

/// Why there is no usable credential. Nothing secret in it; cloned to all who wait for one renewal.
#[derive(Clone, Debug, thiserror::Error)]
pub enum ConnectionError {
    /// Several connections fit and none was named.
    #[error("Several connections fit: {}. Name one of them.", labels.join(", "))]
    Ambiguous {
        /// What tells them apart.
        labels: Vec<String>,
    },
    /// A person has to sign in.
    #[error("{reason}")]
    SignInRequired {
        /// Why, for people.
        reason: String,
    },
    /// The sign-in worked, but for another account than the connection's; the old one stays.
    #[error("This connection is {old}, and the sign-in was by {new}. The old one stays.")]
    IdentityDiffers {
        /// Whose the connection is.
        old: String,
        /// Who signed in.
        new: String,
    },
    /// The sign-in worked, but the API does not take what it brought; what was there before stays.
    #[error(
        "The sign-in worked, but the test call with it did not: {message} {}",
        not_taken(*first)
    )]
    NotProven {
        /// What the API said to the test call.
        message: String,
        /// Whether there was no credential before.
        first: bool,
    },
    /// A sign-in that needs no person does not work for now. It is tried again by itself, and not before its time.
    #[error("{}", .0.message)]
    SetBack(Arc<SetBack>),
    /// The API has a passing fault; the credential is kept.
    #[error("{message}")]
    Postponed {
        /// What the API said, or did not say.
        message: String,
        /// When it may be tried again, in Unix seconds.
        until: Option<i64>,
    },
    /// A flow failed, at a sign-in or by the definition's or our own fault.
    #[error("{}", .0.message)]
    Flow(Arc<Failure>),
    /// The store failed.
    #[error("{0}")]
    Store(Arc<StoreError>),
    /// Our own fault.
    #[error("{message}")]
    Ours {
        /// What.
        message: String,
    },
}

impl ConnectionError {
    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Ambiguous { .. } => "ambiguous_connection",
            Self::SignInRequired { .. } => "sign_in_required",
            Self::IdentityDiffers { .. } => "identity_differs",
            Self::NotProven { .. } => "not_proven",
            Self::SetBack(setback) => setback.code(),
            Self::Postponed { .. } => "api_fault",
            Self::Flow(failure) => match failure.kind {
                FailureKind::Refused { .. } => "sign_in_refused",
                FailureKind::Passing { .. } => "api_fault",
                FailureKind::Definition => "definition_fault",
                FailureKind::Cancelled => "cancelled",
                FailureKind::Ours => "internal",
            },
            Self::Store(_) => "store",
            Self::Ours { .. } => "internal",
        }
    }
}

fn not_taken(first: bool) -> &'static str {
    match first {
        true => "Nothing was stored.",
        false => "The credential from before stays.",
    }
}

impl From<StoreError> for ConnectionError {
    fn from(error: StoreError) -> Self {
        Self::Store(Arc::new(error))
    }
}
