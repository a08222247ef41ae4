//! Why a call has no answer of the API's own: whose fault, whether to try again, and what to do, so that nobody has to guess from a status.

use connection::{FaultOf, SetBack, SetBackKind};
use http::Method;
use serde::{Serialize, Serializer};
use std::fmt;
use std::sync::Arc;

/// Who has to act.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum WhoseFault {
    /// Who sent the call.
    Caller,
    /// Who wrote the definition.
    Builder,
    /// The API, for now.
    Api,
    /// We.
    Stepgate,
}

/// Whether the same call may be sent again.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Retry {
    /// Not as it is.
    No,
    /// Once somebody has signed in.
    AfterSignIn,
    /// As it is, after a while.
    Later,
}

impl WhoseFault {
    /// The word in problem documents.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Caller => "caller",
            Self::Builder => "builder",
            Self::Api => "api",
            Self::Stepgate => "stepgate",
        }
    }
}

impl Retry {
    /// The word in problem documents.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::No => "no",
            Self::AfterSignIn => "after_sign_in",
            Self::Later => "later",
        }
    }
}

impl From<FaultOf> for WhoseFault {
    fn from(fault: FaultOf) -> Self {
        match fault {
            FaultOf::Caller => Self::Caller,
            FaultOf::Builder => Self::Builder,
            FaultOf::Api => Self::Api,
            FaultOf::Stepgate => Self::Stepgate,
        }
    }
}

impl fmt::Display for WhoseFault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.word())
    }
}

impl fmt::Display for Retry {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.word())
    }
}

impl Serialize for WhoseFault {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.word())
    }
}

impl Serialize for Retry {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.word())
    }
}

/// Why a call has no answer of the API's own. Displays as a sentence without anything secret.
#[derive(Clone, Debug, thiserror::Error)]
pub enum CallError {
    /// No endpoint has this name.
    #[error("The connector has no endpoint `{name}`.")]
    UnknownEndpoint {
        /// The name given.
        name: String,
        /// What there is, or the nearest of it.
        help: String,
    },
    /// A parameter that the endpoint does not have.
    #[error("The endpoint `{endpoint}` has no parameter `{name}`.")]
    UnknownParameter {
        /// The endpoint.
        endpoint: String,
        /// The parameter given.
        name: String,
        /// What there is, or the nearest of it.
        help: String,
    },
    /// A required parameter was not given.
    #[error("The endpoint `{endpoint}` needs the parameter `{name}`.")]
    MissingParameter {
        /// The endpoint.
        endpoint: String,
        /// The parameter.
        name: String,
    },
    /// A parameter is not of its type.
    #[error("The parameter `{name}` is not {expected}.")]
    BadParameter {
        /// The parameter.
        name: String,
        /// "an integer".
        expected: &'static str,
    },
    /// A path that would not stay below the base URL.
    #[error("{0}")]
    BadPath(&'static str),
    /// A method that does not travel.
    #[error("The method {0} is not passed on.")]
    BadMethod(Method),
    /// A body that cannot take what the connector adds to it.
    #[error("The body cannot take the key `{key}`: {why}.")]
    BodyTakesNoKey {
        /// What would be added.
        key: String,
        /// Why not.
        why: &'static str,
    },
    /// The whole body is needed.
    #[error("The body is larger than {limit} bytes, and {why}.")]
    BodyTooLarge {
        /// The most that can be held.
        limit: usize,
        /// What needs all of it.
        why: &'static str,
    },
    /// The caller's body ended with an error.
    #[error("The body could not be read to its end: {0}.")]
    BodyBroken(String),
    /// The session was over; the call went out once and was not repeated.
    #[error(
        "The session was over. It has been renewed, but the call was not sent a second time: {why}."
    )]
    NotRepeated {
        /// Why not.
        why: &'static str,
    },
    /// A person has to sign in.
    #[error("A sign-in is needed: {reason}")]
    SignInRequired {
        /// Why, for people.
        reason: String,
    },
    /// The API wants more proof for this call than the session is.
    #[error("The API wants more proof for this call: {reason}.")]
    StepUpRequired {
        /// The attempt in which a person gives it.
        run: Option<String>,
        /// What is missing, for people.
        reason: String,
    },
    /// A template of the definition came to nothing, or to what cannot be sent.
    #[error("{message}")]
    Definition {
        /// The stable code.
        code: &'static str,
        /// What.
        message: String,
        /// What to do.
        help: String,
    },
    /// The egress policy refused the address.
    #[error("{0}")]
    AddressRefused(String),
    /// No reply, or none that could be read.
    #[error("{message}")]
    NoReply {
        /// `api_unreachable`, `api_timeout`, `api_broke_off`, `api_header_too_large`.
        code: &'static str,
        /// What, and in which phase.
        message: String,
    },
    /// The app has as many WebSockets as it may, or all apps together have.
    #[error("There are too many WebSockets at once.")]
    TooManyTunnels,
    /// A WebSocket that cannot be passed on.
    #[error("WebSockets cannot be opened at this API through here: {0}.")]
    WebSocketRefused(&'static str),
    /// The session could not be renewed for now.
    #[error("The session is over and could not be renewed for now: {message}")]
    RenewalPostponed {
        /// What the API said, or did not say.
        message: String,
        /// When it is tried again, in Unix seconds.
        until: Option<i64>,
    },
    /// The sign-in, which needs no person, does not work for now.
    #[error("The sign-in, which runs by itself, failed: {}", .0.message)]
    SignInSetBack(Arc<SetBack>),
    /// Our own fault.
    #[error("{message}")]
    Ours {
        /// What.
        message: String,
        /// What to do.
        help: String,
    },
}

impl CallError {
    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::UnknownEndpoint { .. } => "unknown_endpoint",
            Self::UnknownParameter { .. } => "unknown_parameter",
            Self::MissingParameter { .. } => "missing_parameter",
            Self::BadParameter { .. } => "bad_parameter",
            Self::BadPath(_) => "bad_path",
            Self::BadMethod(_) => "bad_method",
            Self::BodyTakesNoKey { .. } => "body_takes_no_key",
            Self::BodyTooLarge { .. } => "body_too_large",
            Self::BodyBroken(_) => "body_broken",
            Self::NotRepeated { .. } => "not_repeated",
            Self::SignInRequired { .. } => "sign_in_required",
            Self::StepUpRequired { .. } => "step_up_required",
            Self::Definition { code, .. } | Self::NoReply { code, .. } => code,
            Self::AddressRefused(_) => "address_refused",
            Self::TooManyTunnels => "too_many_websockets",
            Self::WebSocketRefused(_) => "websocket_unsupported",
            Self::RenewalPostponed { .. } => "renewal_postponed",
            Self::SignInSetBack(setback) => setback.code(),
            Self::Ours { .. } => "internal",
        }
    }

    /// Who has to act.
    #[must_use]
    pub fn whose_fault(&self) -> WhoseFault {
        match self {
            Self::UnknownEndpoint { .. }
            | Self::UnknownParameter { .. }
            | Self::MissingParameter { .. }
            | Self::BadParameter { .. }
            | Self::BadPath(_)
            | Self::BadMethod(_)
            | Self::BodyTakesNoKey { .. }
            | Self::BodyTooLarge { .. }
            | Self::BodyBroken(_)
            | Self::NotRepeated { .. }
            | Self::TooManyTunnels
            | Self::StepUpRequired { .. }
            | Self::SignInRequired { .. } => WhoseFault::Caller,
            Self::Definition { .. } | Self::AddressRefused(_) | Self::WebSocketRefused(_) => {
                WhoseFault::Builder
            }
            Self::NoReply { .. } | Self::RenewalPostponed { .. } => WhoseFault::Api,
            Self::SignInSetBack(setback) => setback.whose_fault().into(),
            Self::Ours { .. } => WhoseFault::Stepgate,
        }
    }

    /// Whether the same call may be sent again.
    #[must_use]
    pub fn retry(&self) -> Retry {
        match self {
            Self::SignInRequired { .. } | Self::StepUpRequired { .. } => Retry::AfterSignIn,
            // It would answer the same again.
            Self::NoReply { code, .. } if *code == "api_header_too_large" => Retry::No,
            Self::NotRepeated { .. }
            | Self::NoReply { .. }
            | Self::TooManyTunnels
            | Self::RenewalPostponed { .. } => Retry::Later,
            Self::SignInSetBack(setback) => match setback.kind {
                SetBackKind::Refused | SetBackKind::Passing | SetBackKind::Ours => Retry::Later,
                SetBackKind::Definition => Retry::No,
                SetBackKind::Person => Retry::AfterSignIn,
            },
            _ => Retry::No,
        }
    }

    /// Whether the call had been sent when it failed.
    pub(crate) fn was_sent(&self) -> bool {
        match self {
            Self::NotRepeated { .. } | Self::StepUpRequired { .. } => true,
            Self::NoReply { code, .. } => *code != "api_unreachable",
            _ => false,
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> String {
        match self {
            Self::UnknownEndpoint { help, .. }
            | Self::UnknownParameter { help, .. }
            | Self::Definition { help, .. }
            | Self::Ours { help, .. } => help.clone(),
            Self::MissingParameter { name, .. } => {
                format!("Give it, as in --parameter {name}=VALUE.")
            }
            Self::BadParameter { expected, .. } => format!("Give {expected}."),
            Self::BadPath(_) => "Give a path below the base URL, such as /users?page=2.".to_owned(),
            Self::BadMethod(_) => {
                "CONNECT opens a tunnel, and TRACE would give the credential back: use another."
                    .to_owned()
            }
            Self::BodyTakesNoKey { .. } => "Send a JSON object or a form.".to_owned(),
            Self::BodyTooLarge { limit, .. } => {
                format!("Send at most {limit} bytes, or several smaller calls.")
            }
            Self::BodyBroken(_) => "Send the call again with its whole body.".to_owned(),
            Self::NotRepeated { .. } => {
                "Send it again yourself, if it may run twice: the session is fresh now.".to_owned()
            }
            Self::SignInRequired { .. } => "Sign in, then send the call again.".to_owned(),
            Self::StepUpRequired { .. } => {
                "Have the person confirm it, then send the call again.".to_owned()
            }
            Self::AddressRefused(_) => {
                "Private addresses are off limits unless --allow-private names their network."
                    .to_owned()
            }
            Self::NoReply { code, .. } if *code == "api_header_too_large" => {
                "The call was sent, and its answer is lost: find out whether it was done before you send it again."
                    .to_owned()
            }
            Self::NoReply { .. } => "Try again later.".to_owned(),
            Self::SignInSetBack(setback) => setback.what_to_do(),
            Self::WebSocketRefused(_) => "Send plain requests.".to_owned(),
            Self::TooManyTunnels => "Close some, or raise limits.websockets.".to_owned(),
            Self::RenewalPostponed { .. } => {
                "The credential is kept. Try again later; it is renewed by itself then.".to_owned()
            }
        }
    }
}
