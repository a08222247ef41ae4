//! An OAuth 2 authorization server (RFC 6749) with PKCE (RFC 7636), rotation that kills a grant
//! on replay (RFC 9700, section 4.14), `iss` in the redirect (RFC 9207), discovery (RFC 8414),
//! revocation (RFC 7009) and a resource that its tokens open. Its user says yes to everything
//! unless a test says no.

mod authorize;
mod builder;
mod grants;
mod token;

use std::sync::{Arc, Mutex, MutexGuard};

use bytes::Bytes;
use http::Request;
use serde_json::{Value, json};
use url::Url;

use self::builder::Settings;
pub use self::builder::{AuthorizationServerBuilder, ClientAuth, Pkce, TokenFormat};
use self::grants::Grants;
use crate::gate::Gate;
use crate::handler::Handler;
use crate::received::Received;
use crate::reply::Reply;
use crate::upstream::Upstream;

/// A running authorization server.
pub struct AuthorizationServer {
    upstream: Upstream,
    desk: Desk,
}

/// What answers the requests; clones share everything.
#[derive(Clone)]
struct Desk {
    settings: Arc<Settings>,
    state: Arc<Mutex<State>>,
}

/// What changes while the server runs.
#[derive(Default)]
struct State {
    grants: Grants,
    origin: String,
    user: String,
    next_token_reply: Option<Reply>,
    lose_next_token_reply: bool,
    gate: Option<Gate>,
}

impl AuthorizationServer {
    /// Client `client-1` with secret `secret-1` by Basic authentication, PKCE with S256 demanded,
    /// JSON replies, refresh tokens that rotate, a life of 3600 s.
    #[must_use]
    pub fn start() -> AuthorizationServer {
        AuthorizationServer::builder().start()
    }

    /// For everything else.
    #[must_use]
    pub fn builder() -> AuthorizationServerBuilder {
        AuthorizationServerBuilder::default()
    }

    /// The issuer, which is the origin.
    #[must_use]
    pub fn issuer(&self) -> String {
        self.upstream.origin()
    }

    /// Where the user is sent.
    #[must_use]
    pub fn authorization_url(&self) -> String {
        self.upstream.url("/authorize")
    }

    /// Where codes and refresh tokens are exchanged.
    #[must_use]
    pub fn token_url(&self) -> String {
        self.upstream.url("/token")
    }

    /// Where tokens are revoked.
    #[must_use]
    pub fn revocation_url(&self) -> String {
        self.upstream.url("/revoke")
    }

    /// What an access token opens: `{"user": {"id", "name"}, "scope"}`, or 401.
    #[must_use]
    pub fn resource_url(&self) -> String {
        self.upstream.url("/api/me")
    }

    /// The server underneath, with its recorded requests.
    #[must_use]
    pub fn upstream(&self) -> &Upstream {
        &self.upstream
    }

    /// The requests to the token endpoint.
    #[must_use]
    pub fn token_requests(&self) -> Vec<Request<Bytes>> {
        self.upstream.requests_to("/token")
    }

    /// What a browser would do with this authorization URL and a user who agrees: the URL that it
    /// is redirected to.
    ///
    /// # Panics
    /// When the server does not redirect.
    #[must_use]
    pub fn approve(&self, authorization_url: &Url) -> Url {
        self.desk.visit(authorization_url, true)
    }

    /// The same with a user who refuses.
    ///
    /// # Panics
    /// When the server does not redirect.
    #[must_use]
    pub fn deny(&self, authorization_url: &Url) -> Url {
        self.desk.visit(authorization_url, false)
    }

    /// From now on this user is the one who agrees; at first it is `alice`.
    pub fn sign_in_as(&self, user: &str) {
        user.clone_into(&mut self.desk.state().user);
    }

    /// Makes every access token so far invalid; the grants stay alive.
    pub fn expire_access_tokens(&self) {
        self.desk.state().grants.expire_access_tokens();
    }

    /// Ends every grant so far, as a user does who takes the app's access away.
    pub fn end_grants(&self) {
        self.desk.state().grants.end_all();
    }

    /// Answers the next token request with this reply, without acting on it.
    pub fn next_token_reply(&self, reply: Reply) {
        self.desk.state().next_token_reply = Some(reply);
    }

    /// Acts on the next token request and hangs up in place of a reply: what was spent is spent.
    pub fn lose_next_token_reply(&self) {
        self.desk.state().lose_next_token_reply = true;
    }

    /// Holds back every reply of the token endpoint, after it has acted, until `gate` is open.
    pub fn hold_token_replies(&self, gate: &Gate) {
        self.desk.state().gate = Some(gate.clone());
    }

    /// How often a code or a refresh token came a second time.
    #[must_use]
    pub fn replays(&self) -> usize {
        self.desk.state().grants.replays()
    }

    /// How many grants are alive.
    #[must_use]
    pub fn live_grants(&self) -> usize {
        self.desk.state().grants.alive()
    }
}

impl Desk {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no handler panics")
    }

    fn visit(&self, url: &Url, agrees: bool) -> Url {
        let target = format!("{}?{}", url.path(), url.query().unwrap_or_default());
        let request = Request::get(target).body(Bytes::new());
        let reply = self.authorize(&request.expect("a valid URL"), agrees);
        let head = reply.into_response();
        let location = head.headers().get("location").and_then(|l| l.to_str().ok());
        let location = location.and_then(|location| Url::parse(location).ok());
        location.expect(
            "the authorization server redirects: the request names a known client and redirect_uri",
        )
    }

    fn discovery(&self) -> Reply {
        let origin = self.state().origin.clone();
        let settings = &self.settings;
        Reply::json(json!({
            "issuer": settings.discovery_issuer.as_ref().unwrap_or(&origin),
            "authorization_endpoint": format!("{origin}/authorize"),
            "token_endpoint": format!("{origin}/token"),
            "revocation_endpoint": format!("{origin}/revoke"),
            "response_types_supported": ["code"],
            "grant_types_supported": ["authorization_code", "refresh_token", "client_credentials"],
            "code_challenge_methods_supported": ["S256", "plain"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
            "authorization_response_iss_parameter_supported": settings.redirect_issuer.is_some() || settings.iss,
        }))
    }

    fn resource(&self, request: &Request<Bytes>) -> Reply {
        let state = self.state();
        match request
            .bearer()
            .and_then(|token| state.grants.opened_by(token))
        {
            Some(grant) => Reply::json(json!({
                "user": { "id": grant.user, "name": grant.user.to_uppercase() },
                "scope": grant.scope,
            })),
            None => Reply::json(json!({ "error": "invalid_token" }))
                .with_status(401)
                .header("www-authenticate", r#"Bearer error="invalid_token""#),
        }
    }
}

impl Handler for Desk {
    fn answer(&self, request: &Request<Bytes>) -> Reply {
        match (request.method().as_str(), request.uri().path()) {
            ("GET", "/authorize") => self.authorize(request, true),
            ("POST", "/token") => self.token(request),
            ("POST", "/revoke") => self.revoke(request),
            ("GET", "/api/me") => self.resource(request),
            (
                "GET",
                "/.well-known/oauth-authorization-server" | "/.well-known/openid-configuration",
            ) => self.discovery(),
            _ => Reply::status(404),
        }
    }
}

/// An error of the token endpoint (RFC 6749, section 5.2).
fn token_error(status: u16, error: &str, description: &str) -> Reply {
    let body: Value = json!({ "error": error, "error_description": description });
    Reply::json(body).with_status(status)
}
