//! What an error of another crate is for whoever sent the call: whose fault, under which code.

use crate::error::CallError;
use crate::kept_body::BODY_LIMIT;
use connection::ConnectionError;
use flow::{BuildError, FailureKind};
use outbound::{OutboundError, Phase};
use template::ResolveError;

impl From<ConnectionError> for CallError {
    fn from(error: ConnectionError) -> Self {
        let message = error.to_string();
        match error {
            ConnectionError::SignInRequired { reason } => Self::SignInRequired { reason },
            ConnectionError::NotProven { .. } => Self::SignInRequired { reason: message },
            ConnectionError::SetBack(setback) => Self::SignInSetBack(setback),
            ConnectionError::Postponed { message, until } => {
                Self::RenewalPostponed { message, until }
            }
            ConnectionError::Flow(failure) => match failure.kind {
                FailureKind::Refused { .. } | FailureKind::Cancelled => {
                    Self::SignInRequired { reason: message }
                }
                FailureKind::Passing { .. } => Self::RenewalPostponed {
                    message,
                    until: None,
                },
                FailureKind::Definition => Self::Definition {
                    code: failure.code,
                    message,
                    help: failure.help.to_string(),
                },
                FailureKind::Ours => Self::Ours {
                    message,
                    help: failure.help.to_string(),
                },
            },
            ConnectionError::Ambiguous { .. }
            | ConnectionError::IdentityDiffers { .. }
            | ConnectionError::Store(_)
            | ConnectionError::Ours { .. } => Self::Ours {
                message,
                help: String::new(),
            },
        }
    }
}

impl From<BuildError> for CallError {
    fn from(error: BuildError) -> Self {
        Self::Definition {
            code: error.code(),
            message: error.to_string(),
            help: error.help(),
        }
    }
}

impl From<ResolveError> for CallError {
    fn from(error: ResolveError) -> Self {
        BuildError::from(error).into()
    }
}

impl From<OutboundError> for CallError {
    fn from(error: OutboundError) -> Self {
        let message = error.to_string();
        match error {
            OutboundError::Refused { .. } => Self::AddressRefused(message),
            OutboundError::Timeout { .. } => Self::NoReply {
                code: "api_timeout",
                message,
            },
            OutboundError::HeaderTooLarge { .. } => Self::NoReply {
                code: "api_header_too_large",
                message,
            },
            OutboundError::RequestBody { detail, .. } => Self::BodyBroken(detail),
            OutboundError::BodyNotKept => Self::BodyTooLarge {
                limit: BODY_LIMIT,
                why: "the connector signs all of it",
            },
            OutboundError::Signing { .. } | OutboundError::Ntlm { .. } => Self::Definition {
                code: "sign_in_unusable",
                message,
                help: String::new(),
            },
            OutboundError::Scheme { .. }
            | OutboundError::Request { .. }
            | OutboundError::RedirectCarriesBody { .. }
            | OutboundError::RedirectNeedsReplay { .. } => Self::Definition {
                code: "request_unusable",
                message,
                help: String::new(),
            },
            // The text of a signature came to nothing.
            OutboundError::Attach(cause) => match cause.downcast::<ResolveError>() {
                Ok(error) => (*error).into(),
                Err(_) => Self::Ours {
                    message,
                    help: String::new(),
                },
            },
            OutboundError::CaFile { .. } => Self::Ours {
                message,
                help: String::new(),
            },
            other => {
                let code = match other.phase() {
                    Phase::Send | Phase::Receive => "api_broke_off",
                    Phase::Prepare | Phase::Resolve | Phase::Connect | Phase::Tls => {
                        "api_unreachable"
                    }
                };
                Self::NoReply { code, message }
            }
        }
    }
}
