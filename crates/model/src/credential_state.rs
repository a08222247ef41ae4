//! The states of a credential and what moves it from one to the next.
//!
//! Pure, so that every node decides alike; nothing in a record is secret. A refresh token that
//! rotates may be spent once only, so a renewal whose outcome nobody knows is remembered, and
//! tried again once, never in a loop (RFC 9700, section 4.14).

use serde::{Deserialize, Serialize};

use crate::error::TransitionError;
use crate::said::Said;
use crate::words::Words;

/// The longest wait after a passing fault, where the API names none, in seconds.
pub const LONGEST_BACKOFF: i64 = 900;

/// How much later than now something may have been noted, in seconds, before the clock counts as put back since: then a
/// wait would last as long as the clock went back.
pub const CLOCKS_DIFFER: i64 = 60;

/// What a credential is fit for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum CredentialState {
    /// It can be used.
    Fresh,
    /// One holder is renewing it.
    Renewing {
        /// Who.
        holder: String,
        /// The fencing number of the holder's lease.
        fence: u64,
        /// The version of the credential that the renewal spends.
        spends_version: u64,
        /// Whether an earlier renewal spent the same version and its outcome is unknown.
        after_uncertain: bool,
        /// How many passing faults in a row came before.
        attempts: u32,
    },
    /// A renewal was sent and nobody knows whether it worked.
    Uncertain {
        /// The version of the credential that it spent.
        spent_version: u64,
    },
    /// The API had a passing fault; the credential is kept.
    Backoff {
        /// Not before then, in seconds since 1970.
        until: i64,
        /// How many passing faults in a row.
        attempts: u32,
    },
    /// Only a person can help.
    SignInRequired {
        /// Whether a renewal stopped at a form, and all that is missing is an answer that is not kept. What is kept
        /// has not been refused, so the person is asked for that alone.
        #[serde(default)]
        asked: bool,
    },
}

/// A state, why and since when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StateRecord {
    /// The state.
    #[serde(flatten)]
    pub state: CredentialState,
    /// Why, in words for people.
    pub reason: String,
    /// The same by its kind, where it is ours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub said: Option<Said>,
    /// Since when, in seconds since 1970.
    pub since: i64,
}

impl StateRecord {
    /// The record of a credential that was just made by a sign-in.
    #[must_use]
    pub fn signed_in(now: i64) -> Self {
        Self {
            state: CredentialState::Fresh,
            reason: "signed in".to_owned(),
            said: None,
            since: now,
        }
    }

    /// Why, in words that every language has where they are ours.
    #[must_use]
    pub fn words(&self) -> Words {
        match &self.said {
            Some(said) => said.clone().into(),
            None => self.reason.as_str().into(),
        }
    }

    /// Until when a renewal is put off after a passing fault, in seconds since 1970; none where it is not, or no longer.
    #[must_use]
    pub fn put_off_until(&self, now: i64) -> Option<i64> {
        let was_noted = self.since <= now.saturating_add(CLOCKS_DIFFER);
        match self.state {
            CredentialState::Backoff { until, .. } if was_noted && now < until => Some(until),
            _ => None,
        }
    }
}

/// What happened to a credential.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A holder of the lease begins to renew. Also over a renewal of an earlier holder, whose
    /// lease has ended.
    RenewalStarted {
        /// Who.
        holder: String,
        /// The fencing number of the lease.
        fence: u64,
        /// The version that is spent.
        spends_version: u64,
    },
    /// The renewed credential is stored.
    RenewalStored,
    /// The API refused to renew: the grant is dead.
    RenewalRefused {
        /// What the API said, in words for people.
        reason: Words,
    },
    /// The renewal stopped at a form: it needs an answer that is not kept.
    PersonAsked {
        /// Which, in words for people.
        reason: Words,
    },
    /// The API refused a stored password, which is never tried again by itself.
    StoredPasswordRefused {
        /// What the API said, in words for people.
        reason: Words,
    },
    /// The API had a passing fault.
    PassingFault {
        /// Which one.
        reason: String,
        /// The seconds the API asked to wait.
        retry_after: Option<i64>,
        /// A random byte that stretches our own wait by up to half, so that nodes spread.
        jitter: u8,
    },
    /// The renewal was sent, and whether it worked cannot be told.
    OutcomeUnknown {
        /// Why not.
        reason: String,
    },
    /// The holder's lease ended before it stored anything.
    LeaseLost,
    /// The renewal ended before anything was sent; the credential is as good as before.
    Abandoned {
        /// Why.
        reason: String,
    },
    /// A new sign-in replaced the credential.
    SignedIn,
}

/// The state after an event.
///
/// # Errors
/// An event that cannot happen in this state, or must not yet.
pub fn transition(
    record: &StateRecord,
    event: Event,
    now: i64,
) -> Result<StateRecord, TransitionError> {
    use CredentialState as State;
    let to = |state, reason: Words| {
        Ok(StateRecord {
            state,
            said: reason.said().cloned(),
            reason: reason.into(),
            since: now,
        })
    };
    let name = event.name();
    match (&record.state, event) {
        (_, Event::SignedIn) => Ok(StateRecord::signed_in(now)),
        (
            _,
            Event::RenewalStarted {
                holder,
                fence,
                spends_version,
            },
        ) => {
            let (attempts, after_uncertain) = may_start(record, fence, spends_version, now)?;
            let renewing = State::Renewing {
                holder,
                fence,
                spends_version,
                after_uncertain,
                attempts,
            };
            to(renewing, "being renewed".into())
        }
        (
            State::Renewing {
                spends_version,
                after_uncertain,
                attempts,
                ..
            },
            event,
        ) => {
            let uncertain = State::Uncertain {
                spent_version: *spends_version,
            };
            match event {
                Event::RenewalRefused { reason } | Event::StoredPasswordRefused { reason } => {
                    to(State::SignInRequired { asked: false }, reason)
                }
                Event::PersonAsked { reason } => to(State::SignInRequired { asked: true }, reason),
                Event::PassingFault {
                    reason,
                    retry_after,
                    jitter,
                } => {
                    let attempts = attempts.saturating_add(1);
                    let until = now.saturating_add(passing_wait(attempts, retry_after, jitter));
                    to(State::Backoff { until, attempts }, reason.into())
                }
                Event::OutcomeUnknown { reason } if *after_uncertain => {
                    to(State::SignInRequired { asked: false }, reason.into())
                }
                Event::LeaseLost if *after_uncertain => {
                    to(State::SignInRequired { asked: false }, LEASE_LOST.into())
                }
                Event::OutcomeUnknown { reason } => to(uncertain, reason.into()),
                Event::LeaseLost => to(uncertain, LEASE_LOST.into()),
                Event::Abandoned { reason } if *after_uncertain => to(uncertain, reason.into()),
                Event::Abandoned { reason } => to(State::Fresh, reason.into()),
                Event::RenewalStored | Event::SignedIn | Event::RenewalStarted { .. } => {
                    to(State::Fresh, "renewed".into())
                }
            }
        }
        // Whoever was asked for the rest went on with what is kept, and it was refused.
        (State::SignInRequired { .. }, Event::StoredPasswordRefused { reason }) => {
            to(State::SignInRequired { asked: false }, reason)
        }
        (state, _) => Err(TransitionError::NotPossible {
            state: state.name(),
            event: name,
        }),
    }
}

const LEASE_LOST: &str = "a renewal stopped before its outcome was stored";

/// Whether a renewal may start, with the faults before it and whether the version it spends may
/// have been spent already.
fn may_start(
    record: &StateRecord,
    fence: u64,
    spends_version: u64,
    now: i64,
) -> Result<(u32, bool), TransitionError> {
    use CredentialState as State;
    let state = &record.state;
    match state {
        State::Fresh => Ok((0, false)),
        State::Uncertain { spent_version } => Ok((0, *spent_version == spends_version)),
        State::Backoff { attempts, .. } => match record.put_off_until(now) {
            Some(until) => Err(TransitionError::TooEarly { until }),
            None => Ok((*attempts, false)),
        },
        State::Renewing { fence: held, .. } if fence <= *held => {
            Err(TransitionError::Superseded { fence: *held })
        }
        State::Renewing {
            spends_version: spent,
            after_uncertain: true,
            ..
        } if *spent == spends_version => Err(TransitionError::SpentTwice),
        State::Renewing {
            spends_version: spent,
            attempts,
            ..
        } => Ok((*attempts, *spent == spends_version)),
        State::SignInRequired { .. } => Err(TransitionError::NotPossible {
            state: state.name(),
            event: "renewal_started",
        }),
    }
}

/// The seconds to wait after so many passing faults in a row: what the API asked for, at most a day, else 5, 10, 20, …
/// up to [`LONGEST_BACKOFF`], stretched by up to half by a random byte, so that nodes spread.
#[must_use]
pub fn passing_wait(attempts: u32, retry_after: Option<i64>, jitter: u8) -> i64 {
    let own = 5_i64
        .saturating_mul(1 << attempts.saturating_sub(1).min(10))
        .min(LONGEST_BACKOFF);
    let asked = retry_after.unwrap_or(0).clamp(0, 86_400);
    own.max(asked)
        .saturating_add(own / 2 * i64::from(jitter) / 255)
}

impl CredentialState {
    /// The name in JSON.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Fresh => "fresh",
            Self::Renewing { .. } => "renewing",
            Self::Uncertain { .. } => "uncertain",
            Self::Backoff { .. } => "backoff",
            Self::SignInRequired { .. } => "sign_in_required",
        }
    }
}

impl Event {
    fn name(&self) -> &'static str {
        match self {
            Self::RenewalStarted { .. } => "renewal_started",
            Self::RenewalStored => "renewal_stored",
            Self::RenewalRefused { .. } => "renewal_refused",
            Self::PersonAsked { .. } => "person_asked",
            Self::StoredPasswordRefused { .. } => "stored_password_refused",
            Self::PassingFault { .. } => "passing_fault",
            Self::OutcomeUnknown { .. } => "outcome_unknown",
            Self::LeaseLost => "lease_lost",
            Self::Abandoned { .. } => "abandoned",
            Self::SignedIn => "signed_in",
        }
    }
}

#[cfg(test)]
mod tests;
