//! The step that hands over who the user is.

use template::Template;

use crate::oauth2::OAuth2Settings;

/// Gives the tokens of the user's single sign-on, and what they claim.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SsoTokenStep {
    /// Exchanges the token for one that the API takes; none: it is taken as it is.
    pub exchange: Option<TokenExchange>,
}

/// An exchange of a token for another (RFC 8693).
#[derive(Clone, Debug, PartialEq)]
pub struct TokenExchange {
    /// The token endpoint, the client where the server wants one, and what is asked for.
    pub settings: OAuth2Settings,
    /// The services that the new token is for, by the names that the server knows them by.
    pub audience: Vec<Template>,
}

impl SsoTokenStep {
    /// Every template inside.
    pub(crate) fn templates(&self) -> impl Iterator<Item = &Template> {
        self.exchange.iter().flat_map(|exchange| {
            let settings = exchange.settings.templates();
            settings.into_iter().chain(&exchange.audience)
        })
    }
}
