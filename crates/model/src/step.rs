//! A step of a flow and the kinds it comes in: a closed set, so that every match is exhaustive.

use std::time::Duration;

use indexmap::IndexMap;
use template::Template;

use crate::condition::Condition;
use crate::extract::Extract;
use crate::form::FormStep;
use crate::graphql::GraphqlRequestStep;
use crate::jws::{JwsAlgorithm, KeyEncoding};
use crate::oauth1::OAuth1Step;
use crate::oauth2::{
    DeviceCodeStep, OAuth2ClientCredentialsStep, OAuth2RefreshStep, OAuth2Settings, OAuth2Step,
    OAuth2TokenExchangeStep, PkceMode,
};
use crate::request::{Redirects, Request};
use crate::sso::SsoTokenStep;
use crate::totp::TotpStep;
use crate::value_template::ValueTemplate;

/// One unit of a flow.
#[derive(Clone, Debug)]
pub struct Step {
    /// Its name, the root under which its outputs are read.
    pub id: String,
    /// Runs only where this holds; skipped, its outputs are absent.
    pub when: Option<Condition>,
    /// What a good outcome looks like; none: a status below 400 where there is a reply.
    pub expect: Option<Condition>,
    /// What happens where it fails; none: the flow fails.
    pub on_fail: Option<OnFail>,
    /// What is picked out of the reply, by output name.
    pub extract: IndexMap<String, Extract>,
    /// What it does.
    pub kind: StepKind,
}

/// Goes back to a form, which is shown with what went wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OnFail {
    /// The id of an earlier form of the same flow.
    pub back_to: String,
    /// How often the form may be answered in all.
    pub attempts: u32,
}

/// The attempts where the definition says nothing.
pub const DEFAULT_ATTEMPTS: u32 = 3;

/// What a step does.
#[derive(Clone, Debug)]
pub enum StepKind {
    /// Asks a person.
    Form(FormStep),
    /// Sends a request.
    ApiRequest(ApiRequestStep),
    /// Sends a GraphQL operation.
    GraphqlRequest(GraphqlRequestStep),
    /// Sends a person to an address and waits for the API to send them back.
    Callback(CallbackStep),
    /// Runs the builder's JavaScript.
    JsCode(JsCodeStep),
    /// Makes an HTTP Basic header value.
    Basic(BasicStep),
    /// Signs a JSON Web Token, and exchanges it where it says where.
    JwtBearer(JwtBearerStep),
    /// Sends a request on a connection that NTLM signs in.
    Ntlm(NtlmStep),
    /// The OAuth 2 authorization code grant, with or without PKCE.
    OAuth2(OAuth2Step),
    /// The OAuth 2 client credentials grant.
    OAuth2ClientCredentials(OAuth2ClientCredentialsStep),
    /// The OAuth 2 refresh token grant.
    OAuth2Refresh(OAuth2RefreshStep),
    /// The OAuth 2 token exchange grant.
    OAuth2TokenExchange(Box<OAuth2TokenExchangeStep>),
    /// The OAuth 2 device authorization grant.
    DeviceCode(DeviceCodeStep),
    /// Makes a time-based one-time password.
    Totp(TotpStep),
    /// OAuth 1.0a.
    OAuth1(OAuth1Step),
    /// The user's single sign-on.
    SsoToken(SsoTokenStep),
}

impl StepKind {
    /// The name of the kind in a definition.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Form(_) => "form",
            Self::ApiRequest(_) => "api_request",
            Self::GraphqlRequest(_) => "graphql_request",
            Self::Callback(_) => "callback",
            Self::JsCode(_) => "js_code",
            Self::Basic(_) => "basic",
            Self::JwtBearer(_) => "jwt_bearer",
            Self::Ntlm(_) => "ntlm",
            Self::OAuth2(step) if step.pkce == PkceMode::None => "oauth2",
            Self::OAuth2(_) => "oauth2_pkce",
            Self::OAuth2ClientCredentials(_) => "oauth2_client_credentials",
            Self::OAuth2Refresh(_) => "oauth2_refresh",
            Self::OAuth2TokenExchange(_) => "oauth2_token_exchange",
            Self::DeviceCode(_) => "device_code",
            Self::Totp(_) => "totp",
            Self::OAuth1(_) => "oauth1",
            Self::SsoToken(_) => "sso_token",
        }
    }

    /// The settings of an OAuth 2 kind, or of the exchange of another.
    #[must_use]
    pub fn oauth2(&self) -> Option<&OAuth2Settings> {
        match self {
            Self::OAuth2(step) => Some(&step.settings),
            Self::OAuth2ClientCredentials(step) => Some(&step.settings),
            Self::OAuth2Refresh(step) => Some(&step.settings),
            Self::OAuth2TokenExchange(step) => Some(&step.settings),
            Self::DeviceCode(step) => Some(&step.settings),
            Self::SsoToken(step) => step.exchange.as_ref().map(|exchange| &exchange.settings),
            Self::Form(_)
            | Self::ApiRequest(_)
            | Self::GraphqlRequest(_)
            | Self::Callback(_)
            | Self::JsCode(_)
            | Self::Basic(_)
            | Self::JwtBearer(_)
            | Self::Ntlm(_)
            | Self::Totp(_)
            | Self::OAuth1(_) => None,
        }
    }

    /// Whether the step waits for a person, so that it cannot run unattended.
    #[must_use]
    pub fn needs_person(&self) -> bool {
        match self {
            Self::OAuth1(step) => step.authorization_url.is_some(),
            Self::Form(_) | Self::Callback(_) | Self::OAuth2(_) | Self::DeviceCode(_) => true,
            Self::ApiRequest(_)
            | Self::GraphqlRequest(_)
            | Self::JsCode(_)
            | Self::Basic(_)
            | Self::JwtBearer(_)
            | Self::Ntlm(_)
            | Self::OAuth2ClientCredentials(_)
            | Self::OAuth2Refresh(_)
            | Self::OAuth2TokenExchange(_)
            | Self::Totp(_)
            | Self::SsoToken(_) => false,
        }
    }

    /// Whether an API takes part in the step, so that it may bring something new each time.
    #[must_use]
    pub fn asks_an_api(&self) -> bool {
        match self {
            Self::Form(_) | Self::JsCode(_) | Self::Basic(_) | Self::Totp(_) => false,
            Self::JwtBearer(step) => step.token_url.is_some(),
            Self::ApiRequest(_)
            | Self::GraphqlRequest(_)
            | Self::Callback(_)
            | Self::Ntlm(_)
            | Self::OAuth2(_)
            | Self::OAuth2ClientCredentials(_)
            | Self::OAuth2Refresh(_)
            | Self::OAuth2TokenExchange(_)
            | Self::DeviceCode(_)
            | Self::OAuth1(_)
            | Self::SsoToken(_) => true,
        }
    }
}

/// Sends a request and reads the reply.
#[derive(Clone, Debug)]
pub struct ApiRequestStep {
    /// What is sent.
    pub request: Request,
    /// Whether redirects are followed; steps follow them by default.
    pub redirects: Redirects,
    /// Sends the request again until a condition holds.
    pub poll: Option<Poll>,
}

/// Sends a request again and again until a condition holds.
#[derive(Clone, Debug)]
pub struct Poll {
    /// The time between two requests.
    pub every: Duration,
    /// The time after which the step fails.
    pub for_: Duration,
    /// When to stop.
    pub until: Condition,
}

/// The time between two polls where the definition says nothing.
pub const DEFAULT_POLL_EVERY: Duration = Duration::from_secs(5);
/// How long a step polls where the definition says nothing.
pub const DEFAULT_POLL_FOR: Duration = Duration::from_secs(300);

/// Sends a person to an address and waits for the API to send them back to `callback_url`.
#[derive(Clone, Debug, PartialEq)]
pub struct CallbackStep {
    /// Where the person goes.
    pub url: Template,
    /// Whether the query parameters that come back are percent-decoded; they are by default.
    pub decode: bool,
    /// The query parameters that are kept; empty: all of them.
    pub outputs: Vec<String>,
}

/// Runs JavaScript that sees its parameters by name and returns an object.
#[derive(Clone, Debug, PartialEq)]
pub struct JsCodeStep {
    /// The values the code sees, by name.
    pub parameters: IndexMap<String, ValueTemplate>,
    /// The body of a function.
    pub code: String,
}

/// Sends a request on a connection that NTLM signs in, and reads the reply.
#[derive(Clone, Debug)]
pub struct NtlmStep {
    /// What is sent; its `sign_in` is the step's account.
    pub request: Request,
}

/// Makes an HTTP Basic header value (RFC 7617).
#[derive(Clone, Debug, PartialEq)]
pub struct BasicStep {
    /// The user name.
    pub username: Template,
    /// The password.
    pub password: Template,
}

/// The life of a signed token where the definition says nothing.
pub const DEFAULT_JWT_LIFE: Duration = Duration::from_secs(300);

/// Signs a JSON Web Token (RFC 7519), and exchanges it for an access token where it has a
/// `token_url` (RFC 7523, section 2.1).
#[derive(Clone, Debug, PartialEq)]
pub struct JwtBearerStep {
    /// How it is signed.
    pub algorithm: JwsAlgorithm,
    /// The key.
    pub key: Template,
    /// How the key is written.
    pub key_encoding: KeyEncoding,
    /// Further header parameters.
    pub header: IndexMap<String, ValueTemplate>,
    /// The claims; `iat`, `exp` and `jti` come by themselves.
    pub claims: IndexMap<String, ValueTemplate>,
    /// From `iat` to `exp`.
    pub expires_in: Duration,
    /// Where it is exchanged.
    pub token_url: Option<Template>,
    /// Further parameters of the exchange.
    pub token_parameters: IndexMap<String, ValueTemplate>,
}
