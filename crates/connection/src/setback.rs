//! What follows where a sign-in that needs no person fails: how long it is left alone, and what its callers are told.
//!
//! Pure, so that every process decides alike. It is kept in the store, because there may be no connection yet, and bound
//! to the definition and the secrets that it failed with: whoever mends one of them need not wait.

use crate::attempt_view::FaultOf;
use crate::error::ConnectionError;
use flow::{Failure, FailureKind};
use model::{CLOCKS_DIFFER, passing_wait};
use secret::Masker;
use serde::{Deserialize, Serialize};

/// The first wait after a refusal, in seconds: what was refused is not the network's weather.
const REFUSED: i64 = 60;
/// The longest wait after refusals, in seconds. Stored passwords are among what is refused, and accounts get locked.
const LONGEST_REFUSED: i64 = 3_600;
/// How long the need for a person is remembered, in seconds.
const PERSON: i64 = 30 * 86_400;
/// How long a setback counts after its wait, in seconds, so that the next is longer.
const REMEMBERED: i64 = 86_400;

/// A sign-in that needs no person, and does not work for now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetBack {
    /// What kind of failure it was.
    pub kind: SetBackKind,
    /// What exactly, such as `invalid_client`.
    pub cause: String,
    /// What happened, for people, with what is secret masked.
    pub message: String,
    /// What to do about it; may be empty.
    pub help: String,
    /// When it is tried again, in Unix seconds.
    pub until: i64,
    /// How many failures in a row.
    pub attempts: u32,
    /// When it happened, in Unix seconds.
    #[serde(default)]
    pub since: i64,
}

/// Why such a sign-in does not work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SetBackKind {
    /// The API refused what the definition and its secrets put forward, or its test API refused what came of it.
    Refused,
    /// The API has a passing fault.
    Passing,
    /// The definition does not fit the API.
    Definition,
    /// Our own fault.
    Ours,
    /// A person is needed after all.
    Person,
}

impl SetBack {
    /// What follows from a failure, the one before it being `earlier`; none where the failure says nothing about the
    /// sign-in itself. `jitter` is a random byte.
    pub(crate) fn after(
        error: &ConnectionError,
        earlier: Option<&Self>,
        masker: &Masker,
        now: i64,
        jitter: u8,
    ) -> Option<Self> {
        let (kind, cause, help, asked) = match error {
            ConnectionError::Flow(failure) => of_flow(failure),
            ConnectionError::NotProven { .. } => (SetBackKind::Refused, error.code(), "", None),
            ConnectionError::SignInRequired { .. } | ConnectionError::IdentityDiffers { .. } => {
                (SetBackKind::Person, error.code(), "", None)
            }
            ConnectionError::Ambiguous { .. }
            | ConnectionError::SetBack(_)
            | ConnectionError::Postponed { .. }
            | ConnectionError::Store(_)
            | ConnectionError::Ours { .. } => return None,
        };
        let attempts = earlier
            .map_or(0, |earlier| earlier.attempts)
            .saturating_add(1);
        let wait = match kind {
            SetBackKind::Person => PERSON,
            SetBackKind::Passing | SetBackKind::Ours => passing_wait(attempts, asked, jitter),
            SetBackKind::Refused | SetBackKind::Definition => {
                let own = refused_wait(attempts);
                own + own / 2 * i64::from(jitter) / 255
            }
        };
        Some(Self {
            kind,
            cause: cause.to_owned(),
            message: masker.mask(&error.to_string()),
            help: masker.mask(help),
            until: now.saturating_add(wait),
            attempts,
            since: now,
        })
    }

    /// What follows from a renewal that was refused at `since`, for a sign-in that would do the very same; the failure
    /// before it being `earlier`.
    pub(crate) fn after_renewal(reason: &str, since: i64, earlier: Option<&Self>) -> Self {
        let attempts = earlier
            .map_or(0, |earlier| earlier.attempts)
            .saturating_add(1);
        Self {
            kind: SetBackKind::Refused,
            cause: "renewal_refused".to_owned(),
            message: reason.to_owned(),
            help: String::new(),
            until: since.saturating_add(refused_wait(attempts)),
            attempts,
            since,
        }
    }

    /// Whether the sign-in is left alone still.
    pub(crate) fn holds_at(&self, now: i64) -> bool {
        // One that seems to be of later was noted by a clock that has been put back since.
        now < self.until && self.since <= now.saturating_add(CLOCKS_DIFFER)
    }

    /// When it is of no use any more, in Unix seconds.
    pub(crate) fn forget_at(&self) -> i64 {
        self.until.saturating_add(REMEMBERED)
    }

    /// What the callers are told.
    pub(crate) fn told(self) -> ConnectionError {
        match self.kind {
            SetBackKind::Person => ConnectionError::SignInRequired {
                reason: self.message,
            },
            _ => ConnectionError::SetBack(self.into()),
        }
    }

    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self.kind {
            SetBackKind::Refused => "sign_in_refused",
            SetBackKind::Passing => "sign_in_postponed",
            SetBackKind::Definition => "definition_fault",
            SetBackKind::Ours => "internal",
            SetBackKind::Person => "sign_in_required",
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn what_to_do(&self) -> String {
        let own = match self.kind {
            SetBackKind::Refused => {
                "Look at the connector's secrets and its auth flow. Once one of them is mended it is tried again at once, else when the time given has come."
            }
            SetBackKind::Passing | SetBackKind::Ours => {
                "It is tried again by itself by the first call after the time given."
            }
            SetBackKind::Definition => {
                "Mend the connector's definition: then it is tried again at once."
            }
            SetBackKind::Person => "Sign in, then send the call again.",
        };
        match self.help.is_empty() {
            true => own.to_owned(),
            false => self.help.clone(),
        }
    }

    /// Who has to act. What was refused is the definition's or one of its secrets, so its builder has.
    #[must_use]
    pub fn whose_fault(&self) -> FaultOf {
        match self.kind {
            SetBackKind::Refused | SetBackKind::Definition => FaultOf::Builder,
            SetBackKind::Passing => FaultOf::Api,
            SetBackKind::Ours => FaultOf::Stepgate,
            SetBackKind::Person => FaultOf::Caller,
        }
    }
}

/// The wait after so many refusals in a row, in seconds.
fn refused_wait(attempts: u32) -> i64 {
    let doubled = REFUSED.saturating_mul(1 << attempts.saturating_sub(1).min(10));
    doubled.min(LONGEST_REFUSED)
}

fn of_flow(failure: &Failure) -> (SetBackKind, &'static str, &str, Option<i64>) {
    let (kind, asked) = match &failure.kind {
        FailureKind::Refused { .. } => (SetBackKind::Refused, None),
        FailureKind::Passing { retry_after } => (
            SetBackKind::Passing,
            retry_after.map(|wait| i64::try_from(wait.as_secs()).unwrap_or(i64::MAX)),
        ),
        FailureKind::Definition => (SetBackKind::Definition, None),
        FailureKind::Cancelled => (SetBackKind::Person, None),
        FailureKind::Ours => (SetBackKind::Ours, None),
    };
    (kind, failure.code, &failure.help, asked)
}

#[cfg(test)]
mod tests {
    use super::{SetBack, SetBackKind};
    use crate::error::ConnectionError;
    use flow::{Failure, FailureKind};
    use secret::Masker;
    use std::time::Duration;

    const NOW: i64 = 1_000;

    fn flow(failure: Failure) -> ConnectionError {
        ConnectionError::Flow(failure.into())
    }

    fn after(error: &ConnectionError, earlier: Option<&SetBack>, jitter: u8) -> Option<SetBack> {
        let mut masker = Masker::new();
        masker.add("secret-1");
        SetBack::after(error, earlier, &masker, NOW, jitter)
    }

    #[test]
    fn the_kind_of_failure_decides_how_long_and_whose_it_is() {
        let seconds = |n| Some(Duration::from_secs(n));
        let required = ConnectionError::SignInRequired {
            reason: "a code".to_owned(),
        };
        let unproven = ConnectionError::NotProven {
            message: "401".to_owned(),
            first: true,
        };
        for (error, code, fault, wait) in [
            (
                flow(Failure::new(
                    FailureKind::Refused { else_text: None },
                    "x",
                    "no",
                )),
                "sign_in_refused",
                "builder",
                60,
            ),
            (unproven, "sign_in_refused", "builder", 60),
            (
                flow(Failure::passing("x", "503", None)),
                "sign_in_postponed",
                "api",
                5,
            ),
            (
                flow(Failure::passing("x", "429", seconds(90))),
                "sign_in_postponed",
                "api",
                90,
            ),
            (
                flow(Failure::passing("x", "429", seconds(u64::MAX))),
                "sign_in_postponed",
                "api",
                86_400,
            ),
            (
                flow(Failure::definition("x", "no such value")),
                "definition_fault",
                "builder",
                60,
            ),
            (
                flow(Failure::ours("x", "sandbox")),
                "internal",
                "stepgate",
                5,
            ),
            (required, "sign_in_required", "caller", 30 * 86_400),
        ] {
            let setback = after(&error, None, 0).unwrap();
            assert_eq!(setback.code(), code, "{error}");
            assert_eq!(setback.whose_fault().name(), fault, "{error}");
            assert_eq!(setback.until, NOW + wait, "{error}");
            assert!(setback.holds_at(NOW) && setback.holds_at(NOW + wait - 1));
            assert!(!setback.holds_at(NOW + wait));
        }
        let ours = ConnectionError::Ours {
            message: "the store".to_owned(),
        };
        assert_eq!(after(&ours, None, 0), None);
    }

    #[test]
    fn failures_in_a_row_wait_longer_up_to_an_end() {
        let refused = flow(Failure::new(
            FailureKind::Refused { else_text: None },
            "x",
            "no",
        ));
        let mut waits = Vec::new();
        let mut last = None;
        for _ in 0..9 {
            let setback = after(&refused, last.as_ref(), 0).unwrap();
            waits.push(setback.until - NOW);
            last = Some(setback);
        }
        assert_eq!(waits, [60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]);
        let stretched = after(&refused, None, 255).unwrap();
        assert_eq!(stretched.until, NOW + 90);
    }

    #[test]
    fn a_clock_that_is_put_back_holds_nothing_up() {
        let refused = flow(Failure::new(
            FailureKind::Refused { else_text: None },
            "x",
            "no",
        ));
        let setback = after(&refused, None, 0).unwrap();
        assert!(setback.holds_at(NOW - 60));
        assert!(!setback.holds_at(NOW - 61));
    }

    #[test]
    fn what_is_secret_is_masked_and_a_person_is_told_as_ever() {
        let refused = flow(
            Failure::new(
                FailureKind::Refused { else_text: None },
                "x",
                "not secret-1",
            )
            .with_help("is secret-1 right?"),
        );
        let setback = after(&refused, None, 0).unwrap();
        assert!(!setback.message.contains("secret-1") && !setback.help.contains("secret-1"));
        assert!(
            matches!(setback.told(), ConnectionError::SetBack(told) if told.kind == SetBackKind::Refused)
        );
        let required = ConnectionError::SignInRequired {
            reason: "a code".to_owned(),
        };
        let told = after(&required, None, 0).unwrap().told();
        assert!(matches!(told, ConnectionError::SignInRequired { reason } if reason == "a code"));
    }
}
