//! How a run fails: where, whose fault it is, and what to do about it.
//!
//! The four ends must never be mixed up: only [`FailureKind::Refused`] says that the grant is
//! dead or the answers are wrong, so everything that is not certainly so is another kind.

use std::time::Duration;

use model::{Said, Words};
use secret::Sensitive;

/// Why a run ended without a credential.
#[derive(Clone, Debug)]
pub struct Failure {
    /// The step at which it ended.
    pub step: Option<String>,
    /// Whose fault it is.
    pub kind: FailureKind,
    /// A stable word for machines, such as `origin_not_listed`.
    pub code: &'static str,
    /// What happened, for the person.
    pub message: Words,
    /// What to do about it; may be empty.
    pub help: Words,
    /// The beginning of the reply, where seeing it helps; to be masked before it is shown.
    pub excerpt: Option<Box<Sensitive>>,
    /// The status of the reply that failed.
    pub status: Option<u16>,
    /// The answers that were refused are those kept from the sign-in. They must never be tried
    /// again without a person: accounts get locked.
    pub stored_password_refused: bool,
    /// A request may have arrived and its reply never came, so that a token or a code in it may be
    /// spent.
    pub outcome_unknown: bool,
}

/// Whose fault a failure is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FailureKind {
    /// The API refused: wrong answers, or a grant that is dead.
    Refused {
        /// The definition's own `else` text, where one was written.
        else_text: Option<String>,
    },
    /// The API cannot answer now; the same may work later.
    Passing {
        /// How long the API asks to wait.
        retry_after: Option<Duration>,
    },
    /// The definition does not fit the API, or lacks something.
    Definition,
    /// The person stopped it, or nobody was there to answer.
    Cancelled,
    /// Stepgate's own fault.
    Ours,
}

impl Failure {
    /// A failure of the given kind with no further detail.
    #[must_use]
    pub fn new(kind: FailureKind, code: &'static str, message: impl Into<Words>) -> Self {
        Self {
            step: None,
            kind,
            code,
            message: message.into(),
            help: Words::default(),
            excerpt: None,
            status: None,
            stored_password_refused: false,
            outcome_unknown: false,
        }
    }

    /// The definition is at fault.
    #[must_use]
    pub fn definition(code: &'static str, message: impl Into<Words>) -> Self {
        Self::new(FailureKind::Definition, code, message)
    }

    /// The API refused. That is read by whoever signs in, in their language, so that it is one of what is said in all.
    #[must_use]
    pub fn refused(code: &'static str, said: Said) -> Self {
        Self::new(FailureKind::Refused { else_text: None }, code, said)
    }

    /// The API cannot answer now.
    #[must_use]
    pub fn passing(
        code: &'static str,
        message: impl Into<Words>,
        retry_after: Option<Duration>,
    ) -> Self {
        Self::new(FailureKind::Passing { retry_after }, code, message)
    }

    /// Stepgate's own fault.
    #[must_use]
    pub fn ours(code: &'static str, message: impl Into<Words>) -> Self {
        Self::new(FailureKind::Ours, code, message)
    }

    /// The same, with what to do about it.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<Words>) -> Self {
        self.help = help.into();
        self
    }

    /// The same, at the given step unless it has one.
    #[must_use]
    pub fn at(mut self, step: &str) -> Self {
        self.step.get_or_insert_with(|| step.to_owned());
        self
    }

    /// The same, with the beginning of a reply's text.
    #[must_use]
    pub fn with_excerpt(mut self, text: &str) -> Self {
        const LONGEST: usize = 200;
        let beginning: String = text.trim_start().chars().take(LONGEST).collect();
        self.excerpt = (!beginning.is_empty()).then(|| Box::new(Sensitive::new(beginning)));
        self
    }

    /// The same, with the status of the reply.
    #[must_use]
    pub fn with_status(mut self, status: u16) -> Self {
        self.status = Some(status);
        self
    }

    /// Whether the API refused.
    #[must_use]
    pub fn is_refused(&self) -> bool {
        matches!(self.kind, FailureKind::Refused { .. })
    }

    /// Whether the same may work later.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        matches!(self.kind, FailureKind::Passing { .. })
    }
}
