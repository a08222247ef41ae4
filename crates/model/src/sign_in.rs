//! The sign-in types: schemes that sign each request itself.

use template::Template;

/// How a request is signed.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum SignIn {
    /// Not at all.
    #[default]
    None,
    /// HTTP Basic (RFC 7617).
    Basic {
        /// The user name.
        username: Template,
        /// The password.
        password: Template,
    },
    /// A bearer token (RFC 6750) in the Authorization header.
    Bearer {
        /// The token.
        token: Template,
    },
}

impl SignIn {
    /// The name of the type in a definition.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Basic { .. } => "basic",
            Self::Bearer { .. } => "bearer",
        }
    }

    /// Every template of the type.
    #[must_use]
    pub fn templates(&self) -> Vec<&Template> {
        match self {
            Self::None => Vec::new(),
            Self::Basic { username, password } => vec![username, password],
            Self::Bearer { token } => vec![token],
        }
    }
}
