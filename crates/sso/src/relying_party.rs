//! Signs people in at an identity provider: sends them out, takes them back, renews what they brought.

use std::sync::Arc;

use model::{Clock, Random};
use openidconnect::core::{
    CoreAuthPrompt, CoreAuthenticationFlow, CoreClient, CoreClientAuthMethod,
    CoreErrorResponseType, CoreTokenResponse,
};
use openidconnect::{
    AuthType, AuthorizationCode, CsrfToken, EndpointMaybeSet, EndpointNotSet, EndpointSet, Nonce,
    OAuth2TokenResponse, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, RefreshToken,
    RequestTokenError, Scope, StandardErrorResponse, TokenResponse,
};
use outbound::{Client, OutboundError};
use secret::SecretString;
use url::Url;

use crate::discovery::{Discovery, Metadata};
use crate::error::SsoError;
use crate::http_client;
use crate::id_token::{Doubt, Judge, Keys};
use crate::identity::Identity;
use crate::pending::Pending;
use crate::provider::Provider;
use crate::revocation::{Given, Kind};

/// The scope that asks for a refresh token.
const OFFLINE: &str = "offline_access";

/// What we are to one identity provider. Cheap to clone; clones share what is known of the provider.
#[derive(Clone)]
pub struct RelyingParty(Arc<Shared>);

struct Shared {
    provider: Provider,
    client: Client,
    clock: Clock,
    random: Random,
    discovery: Discovery,
}

/// The library's client once the provider's endpoints are known.
type Known = CoreClient<
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

impl RelyingParty {
    /// Nothing is asked of the provider yet.
    #[must_use]
    pub fn new(provider: Provider, client: Client, clock: Clock, random: Random) -> Self {
        Self(Arc::new(Shared {
            provider,
            client,
            clock,
            random,
            discovery: Discovery::default(),
        }))
    }

    /// The provider.
    #[must_use]
    pub fn provider(&self) -> &Provider {
        &self.0.provider
    }

    /// Asks the provider for its description and keys.
    ///
    /// # Errors
    /// [`SsoError::Passing`] and [`SsoError::Discovery`], the latter also where it names another issuer.
    pub async fn look(&self) -> Result<(), SsoError> {
        self.metadata().await.map(drop)
    }

    /// Where to send the browser (OpenID Connect Core 1.0, section 3.1.2.1; PKCE with S256, RFC 7636), and what to keep
    /// until it comes back to `redirect_uri`.
    ///
    /// # Errors
    /// As [`RelyingParty::look`].
    pub async fn begin(&self, redirect_uri: &Url) -> Result<(Url, Pending), SsoError> {
        const BYTES: usize = 32;
        let client = self.known(&self.metadata().await?, redirect_uri)?;
        let Shared {
            random, provider, ..
        } = &*self.0;
        let fresh = || random.base64url(BYTES);
        let (state, nonce, verifier) = (fresh(), fresh(), fresh());
        let challenge =
            PkceCodeChallenge::from_code_verifier_sha256(&PkceCodeVerifier::new(verifier.clone()));
        let (sent_state, sent_nonce) = (state.clone(), nonce.clone());
        let mut request = client
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                move || CsrfToken::new(sent_state),
                move || Nonce::new(sent_nonce),
            )
            .set_pkce_challenge(challenge);
        for scope in provider.scopes.iter().filter(|scope| *scope != "openid") {
            request = request.add_scope(Scope::new(scope.clone()));
        }
        if provider.scopes.iter().any(|scope| scope == OFFLINE) {
            // Without the person's consent it is ignored (section 11).
            request = request.add_prompt(CoreAuthPrompt::Consent);
        }
        let (url, _, _) = request.url();
        let pending = Pending {
            provider: provider.name.clone(),
            state: SecretString::new(state),
            nonce: SecretString::new(nonce),
            verifier: SecretString::new(verifier),
            redirect_uri: redirect_uri.clone(),
        };
        Ok((url, pending))
    }

    /// Takes the browser back: `back` is the whole URL that it came to.
    ///
    /// # Errors
    /// [`SsoError::Callback`] where the URL is not this sign-in's, [`SsoError::Refused`] where the provider says no,
    /// [`SsoError::NotBelieved`] where its id_token is not to be believed; [`RelyingParty::look`]'s.
    pub async fn finish(&self, pending: &Pending, back: &Url) -> Result<Identity, SsoError> {
        let parameters = Parameters::of(back)?;
        self.check_from(pending, &parameters)?;
        let metadata = self.metadata().await?;
        if parameters.iss.is_none() && metadata.additional_metadata().names_itself() {
            // Also where it says no: whoever sent the browser back has not said that they are the provider.
            return Err(SsoError::Callback(
                "The browser came back without the issuer's name, which this provider always gives."
                    .to_owned(),
            ));
        }
        check_no_error(&parameters)?;
        let code = parameters.code.ok_or_else(|| {
            SsoError::Callback("The browser came back without a code.".to_owned())
        })?;
        let client = self.known(&metadata, &pending.redirect_uri)?;
        let send =
            |request| http_client::send(self.0.client.clone(), self.0.clock.clone(), request);
        let reply = client
            .exchange_code(AuthorizationCode::new(code))
            .map_err(|error| SsoError::Discovery(error.to_string()))?
            .set_pkce_verifier(PkceCodeVerifier::new(pending.verifier.reveal().to_owned()))
            .request_async(&send)
            .await
            .map_err(refusal)?;
        let Some(token) = reply.id_token().map(ToString::to_string) else {
            return Err(not_believed("there is none in the reply"));
        };
        let claims = self.believe(&token, Some(pending.nonce.reveal())).await?;
        Ok(self.identity(&reply, Some(token), claims))
    }

    /// New tokens for those that are over (section 12): whoever they are for must be the same.
    ///
    /// # Errors
    /// [`SsoError::Refused`] where the provider says no, or there is nothing to renew by; as [`RelyingParty::finish`].
    pub async fn renew(&self, old: &Identity) -> Result<Identity, SsoError> {
        let Some(refresh_token) = &old.refresh_token else {
            return Err(SsoError::Refused(
                "it gave no refresh token; ask for the scope `offline_access`, or sign in again"
                    .to_owned(),
            ));
        };
        let metadata = self.metadata().await?;
        let nowhere = metadata.authorization_endpoint().url().clone();
        let client = self.known(&metadata, &nowhere)?;
        let send =
            |request| http_client::send(self.0.client.clone(), self.0.clock.clone(), request);
        let reply = client
            .exchange_refresh_token(&RefreshToken::new(refresh_token.reveal().to_owned()))
            .map_err(|error| SsoError::Discovery(error.to_string()))?
            .request_async(&send)
            .await
            .map_err(|error| match error {
                // Neither a yes nor a no: what there is stays as it is.
                RequestTokenError::Parse(error, _) => {
                    SsoError::Passing(format!("its reply cannot be read, at `{}`", error.path()))
                }
                said => refusal(said),
            })?;
        let (token, claims) = match reply.id_token().map(ToString::to_string) {
            Some(token) => {
                let claims = self.believe(&token, None).await?;
                if claims.get("sub") != old.claims.get("sub") {
                    return Err(not_believed("it is for somebody else than before"));
                }
                (Some(token), claims)
            }
            // An old id_token would claim what is over.
            None => (None, old.claims.clone()),
        };
        let mut identity = self.identity(&reply, token, claims);
        if identity.refresh_token.is_none() {
            identity.refresh_token.clone_from(&old.refresh_token);
        }
        if identity.id_token.is_none() {
            identity.id_token.clone_from(&old.id_token);
        }
        Ok(identity)
    }

    fn identity(
        &self,
        reply: &CoreTokenResponse,
        token: Option<String>,
        claims: serde_json::Map<String, serde_json::Value>,
    ) -> Identity {
        let life = reply
            .expires_in()
            .and_then(|life| i64::try_from(life.as_secs()).ok());
        let expires_at = match life {
            Some(life) => Some(self.0.clock.unix().saturating_add(life)),
            None => claims.get("exp").and_then(serde_json::Value::as_i64),
        };
        let refresh_token = reply.refresh_token().map(|token| token.secret().clone());
        Identity {
            source: self.0.provider.name.clone(),
            access_token: Some(SecretString::new(reply.access_token().secret().clone())),
            id_token: token.map(SecretString::new),
            refresh_token: refresh_token.map(SecretString::new),
            expires_at,
            claims,
        }
    }

    /// Gives tokens back that are not wanted any more (RFC 7009): the refresh token, then the access token. False where
    /// the provider does not say where.
    ///
    /// # Errors
    /// As [`RelyingParty::look`]; [`SsoError::Refused`] where the provider does not take them.
    pub async fn revoke(&self, identity: &Identity) -> Result<bool, SsoError> {
        let metadata = self.metadata().await?;
        let Some(url) = metadata.additional_metadata().revocation_endpoint.clone() else {
            return Ok(false);
        };
        let Shared {
            provider,
            client,
            clock,
            ..
        } = &*self.0;
        let tokens = [
            (Kind::Refresh, &identity.refresh_token),
            (Kind::Access, &identity.access_token),
        ];
        // One that is refused keeps no other.
        let mut outcome = Ok(true);
        for (kind, token) in tokens {
            let Some(token) = token else { continue };
            let given = Given {
                provider,
                in_body: shows_itself_in_the_body(&metadata),
                kind,
                token,
            };
            let request = given.request(&url)?;
            let reply = http_client::send(client.clone(), clock.clone(), request).await;
            let judged = match reply {
                Ok(reply) => given.judge(&reply),
                Err(error) => Err(SsoError::Passing(error.to_string())),
            };
            outcome = outcome.and(judged.map(|()| true));
        }
        outcome
    }

    /// Whether a browser that came back is this sign-in's, and comes from no other issuer.
    fn check_from(&self, pending: &Pending, back: &Parameters) -> Result<(), SsoError> {
        let callback = |text: &str| Err(SsoError::Callback(text.to_owned()));
        if back.state.as_deref() != Some(pending.state.reveal().as_str()) {
            return callback("The browser came back with another sign-in's `state`.");
        }
        // RFC 9207: from another issuer nothing is taken.
        if back
            .iss
            .as_deref()
            .is_some_and(|iss| iss != self.0.provider.issuer)
        {
            return callback(
                "The browser came back from another issuer than the one it was sent to.",
            );
        }
        Ok(())
    }

    async fn believe(
        &self,
        token: &str,
        nonce: Option<&str>,
    ) -> Result<serde_json::Map<String, serde_json::Value>, SsoError> {
        let judged = self.judge(&self.metadata().await?, token, nonce)?;
        let judged = match judged {
            Err(Doubt::UnknownKey) => {
                let Shared {
                    discovery,
                    provider,
                    client,
                    clock,
                    ..
                } = &*self.0;
                let anew = discovery
                    .anew(&provider.issuer_url()?, client, clock)
                    .await?;
                self.judge(&anew, token, nonce)?
            }
            judged => judged,
        };
        judged.map_err(|doubt| match doubt {
            Doubt::UnknownKey => not_believed("the provider has no key that fits its signature"),
            Doubt::Other(why) => not_believed(&why),
        })
    }

    fn judge(
        &self,
        metadata: &Metadata,
        token: &str,
        nonce: Option<&str>,
    ) -> Result<Result<serde_json::Map<String, serde_json::Value>, Doubt>, SsoError> {
        let judge = Judge {
            keys: Keys::Public(metadata.jwks()),
            issuer: self.0.provider.issuer_url()?,
            audience: self.0.provider.client_id(),
            now: self.0.clock.unix(),
            nonce,
        };
        Ok(judge.claims(token))
    }

    async fn metadata(&self) -> Result<Metadata, SsoError> {
        let Shared {
            discovery,
            provider,
            client,
            clock,
            ..
        } = &*self.0;
        discovery.get(&provider.issuer_url()?, client, clock).await
    }

    fn known(&self, metadata: &Metadata, redirect: &Url) -> Result<Known, SsoError> {
        let provider = &self.0.provider;
        let redirect = RedirectUrl::new(redirect.to_string())
            .map_err(|error| SsoError::Discovery(error.to_string()))?;
        let client = CoreClient::from_provider_metadata(
            metadata.clone(),
            provider.client_id(),
            provider.client_secret(),
        );
        let auth = match shows_itself_in_the_body(metadata) {
            true => AuthType::RequestBody,
            false => AuthType::BasicAuth,
        };
        Ok(client.set_auth_type(auth).set_redirect_uri(redirect))
    }
}

impl std::fmt::Debug for RelyingParty {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_tuple("RelyingParty")
            .field(&self.0.provider.name)
            .finish()
    }
}

/// What a browser brings back (RFC 6749, section 4.1.2), each at most once.
#[derive(Default)]
struct Parameters {
    code: Option<String>,
    state: Option<String>,
    iss: Option<String>,
    error: Option<String>,
    error_description: Option<String>,
}

impl Parameters {
    fn of(back: &Url) -> Result<Self, SsoError> {
        let mut found = Self::default();
        for (name, value) in back.query_pairs() {
            let place = match &*name {
                "code" => &mut found.code,
                "state" => &mut found.state,
                "iss" => &mut found.iss,
                "error" => &mut found.error,
                "error_description" => &mut found.error_description,
                _ => continue,
            };
            if place.replace(value.into_owned()).is_some() {
                return Err(SsoError::Callback(format!(
                    "The browser came back with more than one `{name}`."
                )));
            }
        }
        Ok(found)
    }
}

/// Where nothing is said it is Basic (Discovery 1.0, section 3).
fn shows_itself_in_the_body(metadata: &Metadata) -> bool {
    let methods = metadata.token_endpoint_auth_methods_supported();
    methods.is_some_and(|methods| {
        methods.contains(&CoreClientAuthMethod::ClientSecretPost)
            && !methods.contains(&CoreClientAuthMethod::ClientSecretBasic)
    })
}

fn check_no_error(back: &Parameters) -> Result<(), SsoError> {
    let Some(error) = &back.error else {
        return Ok(());
    };
    let said = match &back.error_description {
        Some(said) => format!("{said} ({error})"),
        None => error.clone(),
    };
    Err(match error.as_str() {
        "temporarily_unavailable" | "server_error" => SsoError::Passing(said),
        _ => SsoError::Refused(said),
    })
}

fn not_believed(why: &str) -> SsoError {
    SsoError::NotBelieved {
        what: "The id_token",
        why: why.to_owned(),
    }
}

fn refusal(
    error: RequestTokenError<OutboundError, StandardErrorResponse<CoreErrorResponseType>>,
) -> SsoError {
    match error {
        RequestTokenError::ServerResponse(said) => SsoError::Refused(said.to_string()),
        RequestTokenError::Request(error) => SsoError::Passing(error.to_string()),
        RequestTokenError::Parse(error, _) => {
            SsoError::Refused(format!("its reply cannot be read, at `{}`", error.path()))
        }
        RequestTokenError::Other(said) => SsoError::Passing(said),
    }
}
