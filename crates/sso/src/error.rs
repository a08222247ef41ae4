//! Why an identity was not taken. Nothing of a token is quoted.

/// Why somebody is not taken for whom they say, or could not be asked about.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SsoError {
    /// The identity provider cannot be reached, or has a passing fault.
    #[error("The identity provider cannot be asked now: {0}")]
    Passing(String),
    /// What the provider says of itself cannot be used; an operator has to act.
    #[error("The identity provider's description cannot be used: {0}")]
    Discovery(String),
    /// The provider says no.
    #[error("The identity provider refused: {0}")]
    Refused(String),
    /// The browser came back with something that does not belong to this sign-in.
    #[error("{0}")]
    Callback(String),
    /// A token that may not be believed.
    #[error("{what} is not believed: {why}")]
    NotBelieved {
        /// Which token.
        what: &'static str,
        /// Which check it did not pass.
        why: String,
    },
}

impl SsoError {
    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Passing(_) => "identity_provider_unavailable",
            Self::Discovery(_) => "identity_provider_unusable",
            Self::Refused(_) => "identity_provider_refused",
            Self::Callback(_) => "sso_callback",
            Self::NotBelieved { .. } => "token_not_believed",
        }
    }

    /// Whether the same may work later.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::Passing(_))
    }
}
