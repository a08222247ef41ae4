//! An OpenID Connect identity provider: discovery, keys, the authorization code with PKCE, refresh tokens that rotate, and
//! id_tokens that a test may forge. Its user says yes to everything.

mod signer;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use http::Request;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use url::Url;

use self::signer::Signer;
use crate::clock::FixedClock;
use crate::received::Received;
use crate::reply::Reply;
use crate::upstream::Upstream;

/// A running identity provider.
pub struct IdentityProvider {
    upstream: Upstream,
    desk: Desk,
}

/// How the next id_token is forged.
#[derive(Clone, Debug)]
pub enum Forgery {
    /// `alg` is `none`, and there is no signature.
    Unsigned,
    /// `alg` is `HS256`, keyed with the public key's own text.
    HmacWithPublicKey,
    /// Signed by a key that the provider does not have, under the name of its own.
    OtherKey,
    /// Signed as it should be, and claims something else; null takes a claim away.
    Claims(Value),
}

/// What answers the requests; clones share everything.
#[derive(Clone)]
struct Desk {
    clock: FixedClock,
    signer: Arc<Signer>,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    origin: String,
    discovery_issuer: Option<String>,
    user: Map<String, Value>,
    forgery: Option<Forgery>,
    kid: String,
    life: i64,
    codes: HashMap<String, Code>,
    refresh_tokens: HashMap<String, Map<String, Value>>,
    made: usize,
    down: bool,
    names_itself: bool,
    garbled: bool,
}

struct Code {
    challenge: String,
    redirect_uri: String,
    nonce: Option<String>,
    user: Map<String, Value>,
}

/// The one client, `stepgate` with this secret.
const SECRET: &str = "sso-secret-1";

impl IdentityProvider {
    /// Client `stepgate` with secret `sso-secret-1` by Basic authentication; its user is `ada@example.org`, and its tokens
    /// live 300 s by this clock.
    #[must_use]
    pub fn start(clock: &FixedClock) -> IdentityProvider {
        let user = json!({ "sub": "u-ada", "email": "ada@example.org", "email_verified": true, "name": "Ada" });
        let desk = Desk {
            clock: clock.clone(),
            signer: Arc::new(Signer::new()),
            state: Arc::new(Mutex::new(State {
                user: user.as_object().cloned().unwrap_or_default(),
                kid: "key-1".to_owned(),
                life: 300,
                ..State::default()
            })),
        };
        let answering = desk.clone();
        let upstream = Upstream::start(move |request: &Request<Bytes>| answering.answer(request));
        desk.state().origin = upstream.origin();
        IdentityProvider { upstream, desk }
    }

    /// The issuer, which is the origin.
    #[must_use]
    pub fn issuer(&self) -> String {
        self.upstream.origin()
    }

    /// Where its keys are.
    #[must_use]
    pub fn keys_url(&self) -> String {
        self.upstream.url("/keys")
    }

    /// The server underneath, with its recorded requests.
    #[must_use]
    pub fn upstream(&self) -> &Upstream {
        &self.upstream
    }

    /// Who agrees from now on: the claims of their id_token beside the protocol's own.
    pub fn user(&self, claims: Value) {
        self.desk.state().user = claims.as_object().cloned().unwrap_or_default();
    }

    /// Forges every id_token from now on.
    pub fn forge(&self, forgery: Forgery) {
        self.desk.state().forgery = Some(forgery);
    }

    /// Names this issuer in its description.
    pub fn discovery_issuer(&self, issuer: &str) {
        self.desk.state().discovery_issuer = Some(issuer.to_owned());
    }

    /// Says in its description that every redirect of its names it (RFC 9207).
    pub fn names_itself(&self) {
        self.desk.state().names_itself = true;
    }

    /// Answers 200 and a page to whoever asks for tokens, or stops doing so.
    pub fn garble(&self, garbled: bool) {
        self.desk.state().garbled = garbled;
    }

    /// Answers 503 to everything, or stops doing so.
    pub fn down(&self, down: bool) {
        self.desk.state().down = down;
    }

    /// Gives its key another name, as after a rotation.
    pub fn rename_key(&self, kid: &str) {
        self.desk.state().kid = kid.to_owned();
    }

    /// Ends all refresh tokens.
    pub fn end_grants(&self) {
        self.desk.state().refresh_tokens.clear();
    }

    /// Where a browser is led back to whose user agrees.
    ///
    /// # Panics
    /// When the request is not one of the authorization code with PKCE by S256.
    #[must_use]
    pub fn approve(&self, authorization_url: &Url) -> Url {
        self.desk.approve(authorization_url)
    }

    /// A token with these claims, signed by the provider's key.
    #[must_use]
    pub fn sign(&self, claims: &Value) -> String {
        let kid = self.desk.state().kid.clone();
        self.desk.signer.rs256(&kid, claims)
    }

    /// A token with these claims by HS256 with this key.
    #[must_use]
    pub fn sign_shared(&self, key: &str, claims: &Value) -> String {
        signer::hs256(key.as_bytes(), claims)
    }

    /// A forged token with these claims.
    #[must_use]
    pub fn sign_forged(&self, forgery: &Forgery, claims: &Value) -> String {
        let kid = self.desk.state().kid.clone();
        self.desk.signer.forged(&kid, forgery, claims)
    }
}

impl Desk {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no handler panics")
    }

    fn answer(&self, request: &Request<Bytes>) -> Reply {
        if self.state().down {
            return Reply::status(503);
        }
        match (request.method().as_str(), request.uri().path()) {
            ("GET", "/.well-known/openid-configuration") => self.discovery(),
            ("GET", "/keys") => Reply::json(self.signer.key_set(&self.state().kid)),
            ("GET", "/authorize") => {
                let origin = self.state().origin.clone();
                let url = Url::parse(&format!("{origin}{}", request.uri())).expect("a valid URL");
                Reply::redirect(self.approve(&url).as_str())
            }
            ("POST", "/token") if self.state().garbled => Reply::html("<h1>Welcome</h1>"),
            ("POST", "/token") => self.token(request),
            ("POST", "/revoke") => self.revoke(request),
            _ => Reply::status(404),
        }
    }

    fn discovery(&self) -> Reply {
        let state = self.state();
        let origin = &state.origin;
        Reply::json(json!({
            "issuer": state.discovery_issuer.as_ref().unwrap_or(origin),
            "authorization_endpoint": format!("{origin}/authorize"),
            "token_endpoint": format!("{origin}/token"),
            "revocation_endpoint": format!("{origin}/revoke"),
            "authorization_response_iss_parameter_supported": state.names_itself,
            "jwks_uri": format!("{origin}/keys"),
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            // Also what no client should take.
            "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
            "code_challenge_methods_supported": ["S256"],
        }))
    }

    fn approve(&self, url: &Url) -> Url {
        let asked: HashMap<String, String> = url.query_pairs().into_owned().collect();
        let said = |name: &str| asked.get(name).cloned().unwrap_or_default();
        assert_eq!(said("response_type"), "code");
        assert_eq!(said("client_id"), "stepgate");
        assert_eq!(said("code_challenge_method"), "S256");
        assert!(said("scope").split(' ').any(|scope| scope == "openid"));
        let mut state = self.state();
        state.made += 1;
        let code = format!("code-{}", state.made);
        let kept = Code {
            challenge: said("code_challenge"),
            redirect_uri: said("redirect_uri"),
            nonce: asked.get("nonce").cloned(),
            user: state.user.clone(),
        };
        state.codes.insert(code.clone(), kept);
        let mut back = Url::parse(&said("redirect_uri")).expect("redirect_uri is a URL");
        back.query_pairs_mut()
            .append_pair("code", &code)
            .append_pair("state", &said("state"))
            .append_pair("iss", &state.origin);
        back
    }

    fn is_the_client(request: &Request<Bytes>) -> bool {
        let basic = base64::engine::general_purpose::STANDARD.encode(format!("stepgate:{SECRET}"));
        request.header("authorization") == Some(&format!("Basic {basic}"))
    }

    fn revoke(&self, request: &Request<Bytes>) -> Reply {
        if !Self::is_the_client(request) {
            return Reply::json(json!({ "error": "invalid_client" })).with_status(401);
        }
        let token = request.form_value("token").unwrap_or_default();
        self.state().refresh_tokens.remove(&token);
        Reply::status(200)
    }

    fn token(&self, request: &Request<Bytes>) -> Reply {
        let refuse = |error: &str| Reply::json(json!({ "error": error })).with_status(400);
        if !Self::is_the_client(request) {
            return refuse("invalid_client").with_status(401);
        }
        let sent = |name: &str| request.form_value(name).unwrap_or_default();
        let (user, nonce) = match sent("grant_type").as_str() {
            "authorization_code" => {
                let Some(code) = self.state().codes.remove(&sent("code")) else {
                    return refuse("invalid_grant");
                };
                let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(sent("code_verifier")));
                if code.challenge != challenge || code.redirect_uri != sent("redirect_uri") {
                    return refuse("invalid_grant");
                }
                (code.user, code.nonce)
            }
            "refresh_token" => match self.state().refresh_tokens.remove(&sent("refresh_token")) {
                Some(user) => (user, None),
                None => return refuse("invalid_grant"),
            },
            _ => return refuse("unsupported_grant_type"),
        };
        self.tokens(user, nonce)
    }

    fn tokens(&self, user: Map<String, Value>, nonce: Option<String>) -> Reply {
        let now = self.clock.unix();
        let mut state = self.state();
        state.made += 1;
        let number = state.made;
        let mut claims = user.clone();
        let own = json!({
            "iss": state.origin, "aud": "stepgate", "iat": now, "exp": now + state.life,
        });
        claims.extend(own.as_object().cloned().unwrap_or_default());
        claims.extend(nonce.map(|nonce| ("nonce".to_owned(), json!(nonce))));
        state
            .refresh_tokens
            .insert(format!("refresh-{number}"), user);
        let claims = Value::Object(claims);
        let token = match &state.forgery {
            None => self.signer.rs256(&state.kid, &claims),
            Some(forgery) => self.signer.forged(&state.kid, forgery, &claims),
        };
        Reply::json(json!({
            "access_token": format!("access-{number}"),
            "token_type": "Bearer",
            "expires_in": state.life,
            "refresh_token": format!("refresh-{number}"),
            "id_token": token,
        }))
    }
}
