//! How a command ends: the exit status, and for a failure what is said about it.

use std::process::ExitCode;

use serde::Serialize;

/// What a command came to. The numbers are part of the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// All done.
    Done = 0,
    /// The API answered 400 or more, or `expect` said no.
    Answered = 1,
    /// The definition or the command line is wrong.
    Usage = 2,
    /// Somebody has to sign in, or to prove more.
    PersonNeeded = 3,
    /// Our own fault: data folder, key, sandbox.
    Ours = 4,
    /// The API refused the sign-in.
    Refused = 5,
    /// The API's passing fault: no reply, 408, 425, 429, 502, 503, 504.
    Passing = 6,
}

impl From<Ending> for ExitCode {
    fn from(ending: Ending) -> Self {
        ExitCode::from(ending as u8)
    }
}

/// The code of a complaint that is not said: whoever read stdout, such as `head`, has seen enough.
pub(crate) const READER_GONE: &str = "reader_gone";

/// A failure as it is said: what, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Complaint {
    #[serde(skip)]
    pub(crate) ending: Ending,
    /// Stable, for programs.
    pub(crate) code: &'static str,
    /// What went wrong, where. May span lines.
    pub(crate) message: String,
    /// What to do next.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) help: Option<String>,
}

impl Complaint {
    pub(crate) fn new(ending: Ending, code: &'static str, message: impl Into<String>) -> Self {
        Complaint {
            ending,
            code,
            message: message.into(),
            help: None,
        }
    }

    pub(crate) fn usage(code: &'static str, message: impl Into<String>) -> Self {
        Complaint::new(Ending::Usage, code, message)
    }

    pub(crate) fn ours(code: &'static str, message: impl Into<String>) -> Self {
        Complaint::new(Ending::Ours, code, message)
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}
