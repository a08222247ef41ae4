//! The OAuth 2 step kinds and the settings they share.

use indexmap::IndexMap;
use template::Template;

use crate::jws::JwsAlgorithm;
use crate::value_template::ValueTemplate;

/// What every OAuth 2 step knows about the authorization server and the client.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OAuth2Settings {
    /// The token endpoint.
    pub token_url: Option<Template>,
    /// The issuer whose metadata (RFC 8414, OpenID Connect Discovery) names the endpoints.
    pub issuer: Option<Template>,
    /// The client's id; every step but an inheriting refresh has one.
    pub client_id: Option<Template>,
    /// The client's secret.
    pub client_secret: Option<Template>,
    /// How the client proves itself, where the definition says it.
    pub client_auth: Option<ClientAuth>,
    /// The certificate by which the client proves itself while it connects (RFC 8705).
    pub client_certificate: Option<Template>,
    /// The client's private key.
    pub client_key: Option<Template>,
    /// How that key signs; none: the usual way of such keys.
    pub client_key_algorithm: Option<JwsAlgorithm>,
    /// The name by which the server knows that key.
    pub client_key_id: Option<Template>,
    /// Whom the client's signed statement is for; none: the token endpoint, else the issuer.
    pub client_audience: Option<Template>,
    /// What is asked for, separated by spaces.
    pub scope: Option<Template>,
    /// The resources the token is for (RFC 8707).
    pub resource: Vec<Template>,
    /// Further parameters of the token request.
    pub token_parameters: IndexMap<String, ValueTemplate>,
    /// Whether tokens are bound to a key of the credential (RFC 9449).
    pub dpop: bool,
    /// Where a sign-out revokes the tokens (RFC 7009).
    pub revocation_url: Option<Template>,
}

impl OAuth2Settings {
    /// How the client proves itself: with its certificate or its key where it has one, with its secret in the header
    /// where it has that, else by its id alone.
    #[must_use]
    pub fn client_auth(&self) -> ClientAuth {
        match (self.client_auth, &self.client_key, &self.client_secret) {
            (Some(written), _, _) => written,
            (None, Some(_), _) if self.client_certificate.is_some() => ClientAuth::TlsClientAuth,
            (None, Some(_), _) => ClientAuth::PrivateKeyJwt,
            (None, None, Some(_)) => ClientAuth::ClientSecretBasic,
            (None, None, None) => ClientAuth::None,
        }
    }
}

/// How a client proves itself at the token endpoint (RFC 6749, section 2.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientAuth {
    /// Id and secret in the Authorization header.
    ClientSecretBasic,
    /// Id and secret in the body.
    ClientSecretPost,
    /// A statement signed with the client's key, in the body (RFC 7523, section 2.2).
    PrivateKeyJwt,
    /// A certificate that is shown while the connection is made, and the id in the body (RFC 8705, section 2).
    TlsClientAuth,
    /// The id alone, in the body.
    None,
}

/// Whether and how the code is bound to the client that asked for it (RFC 7636).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PkceMode {
    /// Not at all: the `oauth2` kind without `code_challenge_method`.
    None,
    /// By the SHA-256 of the verifier.
    S256,
    /// By the verifier itself; only where a server knows nothing better.
    Plain,
}

/// The authorization code grant.
#[derive(Clone, Debug, PartialEq)]
pub struct OAuth2Step {
    /// The token endpoint, the client and what is asked for.
    pub settings: OAuth2Settings,
    /// Where the person goes; none: from the issuer's metadata.
    pub authorization_url: Option<Template>,
    /// Further parameters of that address.
    pub authorization_parameters: IndexMap<String, ValueTemplate>,
    /// Where the parameters are pushed to (RFC 9126).
    pub par_url: Option<Template>,
    /// Whether and how PKCE is used.
    pub pkce: PkceMode,
}

/// The device authorization grant (RFC 8628).
#[derive(Clone, Debug, PartialEq)]
pub struct DeviceCodeStep {
    /// The token endpoint, the client and what is asked for.
    pub settings: OAuth2Settings,
    /// Where codes come from; none: from the issuer's metadata.
    pub device_authorization_url: Option<Template>,
    /// Further parameters of the request for them.
    pub authorization_parameters: IndexMap<String, ValueTemplate>,
}

/// The client credentials grant.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OAuth2ClientCredentialsStep {
    /// The token endpoint, the client and what is asked for.
    pub settings: OAuth2Settings,
}

/// The token exchange grant (RFC 8693).
#[derive(Clone, Debug, PartialEq)]
pub struct OAuth2TokenExchangeStep {
    /// The token endpoint, the client and what is asked for.
    pub settings: OAuth2Settings,
    /// The token that says for whom.
    pub subject: ExchangedToken,
    /// The token that says who acts for them.
    pub actor: Option<ExchangedToken>,
    /// What kind of token is wanted, as a URI; none: what the server thinks right.
    pub requested_token_type: Option<Template>,
    /// The services that the new token is for, by the names that the server knows them by.
    pub audience: Vec<Template>,
}

/// A token that is given for another one.
#[derive(Clone, Debug, PartialEq)]
pub struct ExchangedToken {
    /// The token.
    pub token: Template,
    /// What it is: a URI, or the last word of one of RFC 8693, section 3.
    pub kind: Option<Template>,
}

/// The URI of a token type, of which RFC 8693, section 3, has some that a word stands for.
#[must_use]
pub fn token_type_uri(name: &str) -> String {
    match name {
        "access_token" | "refresh_token" | "id_token" | "saml1" | "saml2" | "jwt" => {
            format!("urn:ietf:params:oauth:token-type:{name}")
        }
        other => other.to_owned(),
    }
}

/// The refresh token grant.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OAuth2RefreshStep {
    /// The OAuth 2 step of the auth flow whose settings are inherited and whose outputs are
    /// renewed.
    pub of: Option<String>,
    /// The settings written at this step; each wins over the inherited one.
    pub settings: OAuth2Settings,
    /// The refresh token; none: that of the inherited step's outputs.
    pub refresh_token: Option<Template>,
}
