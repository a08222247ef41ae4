//! The errors of this crate that are no problem of a definition.

use thiserror::Error;

/// An event that a credential's state does not allow.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum TransitionError {
    /// The event cannot follow the state.
    #[error("{event} cannot happen to a credential that is {state}")]
    NotPossible {
        /// The state's name.
        state: &'static str,
        /// The event's name.
        event: &'static str,
    },
    /// The API's passing fault is not over yet.
    #[error("the API had a passing fault; not to be tried before {until}")]
    TooEarly {
        /// Seconds since 1970.
        until: i64,
    },
    /// A renewal with a later or the same fencing number has begun.
    #[error("a renewal with fencing number {fence} is under way")]
    Superseded {
        /// The later number.
        fence: u64,
    },
    /// Two renewals spent this version and nobody knows the outcome of either.
    #[error("the outcome of two renewals of the same credential is unknown")]
    SpentTwice,
}
