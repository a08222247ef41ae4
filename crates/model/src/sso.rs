//! The step that hands over who the user is.

use template::Template;

/// Gives the tokens of the user's single sign-on, and what they claim.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SsoTokenStep {
    /// Exchanges the token for one that the API takes; none: it is taken as it is.
    pub exchange: Option<TokenExchange>,
}

/// An exchange of a token for another (RFC 8693).
#[derive(Clone, Debug, PartialEq)]
pub struct TokenExchange {
    /// Where.
    pub token_url: Template,
    /// Whom the new token is for.
    pub audience: Option<Template>,
    /// What it is to allow.
    pub scope: Option<Template>,
    /// Our own id there, where the server wants one.
    pub client_id: Option<Template>,
    /// Our secret there.
    pub client_secret: Option<Template>,
}

impl SsoTokenStep {
    /// Every template inside.
    pub(crate) fn templates(&self) -> impl Iterator<Item = &Template> {
        self.exchange.iter().flat_map(|exchange| {
            let further = [
                &exchange.audience,
                &exchange.scope,
                &exchange.client_id,
                &exchange.client_secret,
            ];
            std::iter::once(&exchange.token_url).chain(further.into_iter().flatten())
        })
    }
}
