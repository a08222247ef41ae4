//! When a session is over and how long it lives.

use std::time::Duration;

use template::Template;

use crate::condition::Condition;

/// The margin where the definition says nothing.
pub const DEFAULT_MARGIN: Duration = Duration::from_secs(60);

/// How the end of a session is told: afterwards by a reply, or ahead by its life.
#[derive(Clone, Debug)]
pub struct Session {
    /// A reply for which this holds means that the session is over.
    pub over_when: Condition,
    /// How long the credential lives, where it can be told.
    pub life: Option<Life>,
    /// Renewed this long before its end; the reader of it caps it at half the life.
    pub margin: Duration,
}

/// Where the end of a credential's life is read. A value that is absent, negative, no number or
/// more than ten years away counts as not said.
#[derive(Clone, Debug, PartialEq)]
pub enum Life {
    /// Seconds or a duration such as `90m`, counted from the last reply before it.
    ExpiresIn(Template),
    /// A point in time: seconds since 1970, or RFC 3339.
    ExpiresAt(Template),
    /// The `exp` of a JSON Web Token, which is read and not verified.
    Jwt(Template),
}

impl Life {
    /// The template that yields it.
    #[must_use]
    pub fn template(&self) -> &Template {
        match self {
            Self::ExpiresIn(template) | Self::ExpiresAt(template) | Self::Jwt(template) => template,
        }
    }
}
