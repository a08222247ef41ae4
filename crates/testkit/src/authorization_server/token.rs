//! The token endpoint (RFC 6749, sections 4.1.3, 4.4 and 6) and the revocation endpoint.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use bytes::Bytes;
use http::Request;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::builder::{ClientAuth, TokenFormat};
use super::{Desk, State, token_error};
use crate::received::Received;
use crate::reply::Reply;

impl Desk {
    pub(super) fn token(&self, request: &Request<Bytes>) -> Reply {
        let mut state = self.state();
        if let Some(reply) = state.next_token_reply.take() {
            return reply;
        }
        let reply = self.act(request, &mut state);
        if std::mem::take(&mut state.lose_next_token_reply) {
            return Reply::hang_up();
        }
        match &state.gate {
            Some(gate) => reply.held_by(gate),
            None => reply,
        }
    }

    pub(super) fn revoke(&self, request: &Request<Bytes>) -> Reply {
        if !self.is_client(request) {
            return token_error(401, "invalid_client", "not the client");
        }
        let token = request.form_value("token").unwrap_or_default();
        self.state().grants.revoke(&token);
        Reply::status(200)
    }

    fn act(&self, request: &Request<Bytes>, state: &mut State) -> Reply {
        if !self.is_client(request) {
            return token_error(401, "invalid_client", "not the client");
        }
        let sent = |name: &str| request.form_value(name).unwrap_or_default();
        match sent("grant_type").as_str() {
            "authorization_code" => {
                let code = sent("code");
                let Some(kept) = state.grants.code(&code) else {
                    return token_error(400, "invalid_grant", "unknown or used code");
                };
                if kept.redirect_uri != sent("redirect_uri") {
                    return token_error(400, "invalid_grant", "another redirect_uri");
                }
                if !verifies(kept.challenge.as_ref(), request.form_value("code_verifier")) {
                    return token_error(400, "invalid_grant", "the code_verifier does not fit");
                }
                let grant = state.grants.exchange(&code, &kept);
                self.tokens(state, grant, self.settings.refresh_tokens)
            }
            "refresh_token" => {
                let token = sent("refresh_token");
                let Some(grant) = state.grants.refreshed_by(&token) else {
                    return token_error(400, "invalid_grant", "the grant is dead");
                };
                if self.settings.rotate {
                    state.grants.spend(&token);
                }
                self.tokens(state, grant, self.settings.rotate)
            }
            "client_credentials" => {
                let scope = self.settings.scope.clone().unwrap_or_else(|| sent("scope"));
                let grant = state.grants.new_grant(&self.settings.client.0, &scope);
                self.tokens(state, grant, false)
            }
            _ => token_error(400, "unsupported_grant_type", "no such grant type"),
        }
    }

    fn tokens(&self, state: &mut State, grant: usize, with_refresh_token: bool) -> Reply {
        let mut fields = Map::new();
        let access = state.grants.new_access_token(grant);
        fields.insert("access_token".into(), json!(access));
        fields.insert("token_type".into(), json!("Bearer"));
        if !self.settings.expires_in.is_null() {
            fields.insert("expires_in".into(), self.settings.expires_in.clone());
        }
        if with_refresh_token {
            let refresh = state.grants.new_refresh_token(grant);
            fields.insert("refresh_token".into(), json!(refresh));
        }
        let scope = &state.grants.grant(grant).scope;
        if !scope.is_empty() {
            fields.insert("scope".into(), json!(scope));
        }
        let reply = match self.settings.format {
            TokenFormat::Json => Reply::json(Value::Object(fields)),
            TokenFormat::Form => Reply::status(200)
                .header("content-type", "application/x-www-form-urlencoded")
                .then(encoded(&fields)),
            TokenFormat::QueryString => Reply::text(encoded(&fields)),
        };
        reply.header("cache-control", "no-store")
    }

    fn is_client(&self, request: &Request<Bytes>) -> bool {
        let (id, secret) = &self.settings.client;
        let in_body = |name: &str| request.form_value(name);
        match self.settings.client_auth {
            ClientAuth::Basic => basic(request).is_some_and(|shown| shown == self.settings.client),
            ClientAuth::Post => {
                in_body("client_id").as_ref() == Some(id)
                    && in_body("client_secret").as_ref() == Some(secret)
            }
            ClientAuth::None => in_body("client_id").as_ref() == Some(id),
        }
    }
}

/// RFC 7636, section 4.6.
fn verifies(challenge: Option<&(String, String)>, verifier: Option<String>) -> bool {
    match (challenge, verifier) {
        (None, None) => true,
        (Some((challenge, method)), Some(verifier)) => {
            let unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
            let computed = match method.as_str() {
                "S256" => URL_SAFE_NO_PAD.encode(Sha256::digest(&verifier)),
                _ => verifier.clone(),
            };
            (43..=128).contains(&verifier.len())
                && verifier.bytes().all(unreserved)
                && computed == *challenge
        }
        _ => false,
    }
}

/// Name and secret of `Authorization: Basic`, form-decoded (RFC 6749, section 2.3.1).
fn basic(request: &Request<Bytes>) -> Option<(String, String)> {
    let encoded = request.header("authorization")?.strip_prefix("Basic ")?;
    let decoded = String::from_utf8(STANDARD.decode(encoded).ok()?).ok()?;
    let (id, secret) = decoded.split_once(':')?;
    Some((form_decoded(id), form_decoded(secret)))
}

fn form_decoded(text: &str) -> String {
    let pair = form_urlencoded::parse(text.as_bytes()).next();
    pair.map(|(text, _)| text.into_owned()).unwrap_or_default()
}

fn encoded(fields: &Map<String, Value>) -> String {
    let mut form = form_urlencoded::Serializer::new(String::new());
    for (name, value) in fields {
        match value {
            Value::String(text) => form.append_pair(name, text),
            other => form.append_pair(name, &other.to_string()),
        };
    }
    form.finish()
}
