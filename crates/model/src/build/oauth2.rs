//! The OAuth 2 steps out of nodes.

use template::Template;

use super::{At, Builder, Role};
use crate::code::Code;
use crate::jws::JwsAlgorithm;
use crate::oauth2::{
    ClientAuth, DeviceCodeStep, ExchangedToken, OAuth2ClientCredentialsStep, OAuth2RefreshStep,
    OAuth2Settings, OAuth2Step, OAuth2TokenExchangeStep, PkceMode,
};
use crate::sso::TokenExchange;
use crate::tree::NodeValue;

impl Builder<'_, '_> {
    /// The authorization code grant, whose kind decides what counts without a method.
    pub(super) fn oauth2(&mut self, at: &At<'_>, otherwise: PkceMode) -> OAuth2Step {
        let pkce = match at.text_of("code_challenge_method").as_deref() {
            Some("S256") => PkceMode::S256,
            Some("plain") => PkceMode::Plain,
            _ => otherwise,
        };
        if pkce == PkceMode::Plain {
            self.report.add(
                Code::PlainChallenge,
                at.get("code_challenge_method")
                    .map_or_else(|| at.node.span.clone(), |at| at.node.span.clone()),
                &format!("{}.code_challenge_method", at.path),
                "With `plain` whoever sees the first request can use the code.",
                Code::PlainChallenge.help(),
            );
        }
        OAuth2Step {
            settings: self.oauth2_settings(at),
            authorization_url: self.template_of(at, "authorization_url", Role::Url),
            authorization_parameters: self.values(at.get("authorization_parameters"), Role::Query),
            par_url: self.template_of(at, "par_url", Role::Url),
            pkce,
        }
    }

    /// The device authorization grant.
    pub(super) fn device_code(&mut self, at: &At<'_>) -> DeviceCodeStep {
        DeviceCodeStep {
            settings: self.oauth2_settings(at),
            device_authorization_url: self.template_of(at, "device_authorization_url", Role::Url),
            authorization_parameters: self.values(at.get("authorization_parameters"), Role::Other),
        }
    }

    /// The client credentials grant.
    pub(super) fn oauth2_client_credentials(&mut self, at: &At<'_>) -> OAuth2ClientCredentialsStep {
        OAuth2ClientCredentialsStep {
            settings: self.oauth2_settings(at),
        }
    }

    /// The token exchange grant.
    pub(super) fn oauth2_token_exchange(&mut self, at: &At<'_>) -> OAuth2TokenExchangeStep {
        let settings = self.oauth2_settings(at);
        let subject = ExchangedToken {
            token: self.needed(at, "subject_token", Role::Other),
            kind: self.template_of(at, "subject_token_type", Role::Other),
        };
        let actor = self.template_of(at, "actor_token", Role::Other);
        let actor_kind = self.template_of(at, "actor_token_type", Role::Other);
        OAuth2TokenExchangeStep {
            settings,
            subject,
            actor: actor.map(|token| ExchangedToken {
                token,
                kind: actor_kind,
            }),
            requested_token_type: self.template_of(at, "requested_token_type", Role::Other),
            audience: self.one_or_more(at, "audience"),
        }
    }

    /// The same for the token of a single sign-on.
    pub(super) fn token_exchange(&mut self, at: &At<'_>) -> TokenExchange {
        TokenExchange {
            settings: self.oauth2_settings(at),
            audience: self.one_or_more(at, "audience"),
        }
    }

    /// The refresh token grant.
    pub(super) fn oauth2_refresh(&mut self, at: &At<'_>) -> OAuth2RefreshStep {
        OAuth2RefreshStep {
            of: at.text_of("of"),
            settings: self.oauth2_settings(at),
            refresh_token: self.template_of(at, "refresh_token", Role::Other),
        }
    }

    fn oauth2_settings(&mut self, at: &At<'_>) -> OAuth2Settings {
        self.check_client_key(at);
        let resource = self.one_or_more(at, "resource");
        let scopes = self.one_or_more(at, "scope");
        OAuth2Settings {
            token_url: self.template_of(at, "token_url", Role::Url),
            issuer: self.template_of(at, "issuer", Role::Url),
            client_id: self.template_of(at, "client_id", Role::Other),
            client_secret: self.template_of(at, "client_secret", Role::Other),
            client_auth: match at.text_of("client_auth").as_deref() {
                Some("client_secret_basic") => Some(ClientAuth::ClientSecretBasic),
                Some("client_secret_post") => Some(ClientAuth::ClientSecretPost),
                Some("private_key_jwt") => Some(ClientAuth::PrivateKeyJwt),
                Some("tls_client_auth") => Some(ClientAuth::TlsClientAuth),
                Some("none") => Some(ClientAuth::None),
                _ => None,
            },
            client_certificate: self.template_of(at, "client_certificate", Role::Other),
            client_key: self.template_of(at, "client_key", Role::Other),
            client_key_algorithm: at
                .text_of("client_key_algorithm")
                .and_then(|name| JwsAlgorithm::named(&name)),
            client_key_id: self.template_of(at, "client_key_id", Role::Other),
            client_audience: self.template_of(at, "client_audience", Role::Other),
            scope: joined(&scopes),
            resource,
            token_parameters: self.values(at.get("token_parameters"), Role::Other),
            dpop: at.flag("dpop", false),
            revocation_url: self.template_of(at, "revocation_url", Role::Url),
        }
    }

    /// A client that signs or shows a certificate needs something for it; a refresh may inherit it.
    fn check_client_key(&mut self, at: &At<'_>) {
        let Some(auth) = at.get("client_auth") else {
            return;
        };
        let lacks = |key| at.get(key).is_none() && at.get("of").is_none();
        let (code, missing) = match auth.text().as_str() {
            "private_key_jwt" if lacks("client_key") => (Code::NoClientKey, "key to sign with"),
            "tls_client_auth" if self.has_certificate => return,
            "tls_client_auth" if lacks("client_certificate") => {
                (Code::NoClientCertificate, "certificate to show")
            }
            "tls_client_auth" if lacks("client_key") => {
                (Code::NoClientCertificate, "key for its certificate")
            }
            _ => return,
        };
        let message = format!("`{}` has no {missing}.", at.path);
        let span = auth.node.span.clone();
        self.report
            .add(code, span, &auth.path, message, code.help());
    }

    /// The texts of a list, or the one text.
    fn one_or_more(&mut self, at: &At<'_>, key: &str) -> Vec<Template> {
        let Some(at) = at.get(key) else {
            return Vec::new();
        };
        match &at.node.value {
            NodeValue::List(_) => at
                .items()
                .iter()
                .map(|item| self.template(item, Role::Other))
                .collect(),
            _ => vec![self.template(&at, Role::Other)],
        }
    }
}

/// Scopes as the one text that is sent.
fn joined(scopes: &[Template]) -> Option<Template> {
    let sources: Vec<_> = scopes.iter().map(Template::source).collect();
    match sources.as_slice() {
        [] => None,
        // Each of them was read as a template before, so the whole is one too.
        some => Template::parse(&some.join(" ")).ok(),
    }
}
