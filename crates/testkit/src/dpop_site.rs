//! An authorization server and an API whose tokens are bound to a key (RFC 9449), and which believe no proof.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use http::Request;
use p256::ecdsa::signature::Verifier;
use p256::ecdsa::{Signature, VerifyingKey};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::handler::Handler;
use crate::received::Received;
use crate::reply::Reply;
use crate::upstream::Upstream;

/// A running site.
///
/// - `POST /par`: takes pushed parameters with a proof of the key named by `dpop_jkt`
/// - `POST /token`: any grant; a code or refresh token is good once, and for the key it was given for
/// - `POST /device`: a device code
/// - any other path: by a bound token and its proof; says method, path and body
///
/// Each proof has to hold in all of its parts, at the time that the test's clock shows, and is taken once.
pub struct DpopSite {
    upstream: Upstream,
    site: Site,
}

#[derive(Clone)]
struct Site {
    now: i64,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    made: usize,
    /// The nonce that proofs must have at the token endpoint, and at the API.
    nonces: Option<(String, String)>,
    /// What was given out, with the thumbprint of the key it is for.
    tokens: HashMap<String, String>,
    seen: HashSet<String>,
    bearer: bool,
    refused: Vec<String>,
}

impl DpopSite {
    /// A site whose clock stands at `now`, in seconds since 1970.
    #[must_use]
    pub fn start(now: i64) -> Self {
        let site = Site {
            now,
            state: Arc::default(),
        };
        Self {
            upstream: Upstream::serve(site.clone()),
            site,
        }
    }

    /// From now on proofs must have the newest nonce; each call of this makes new ones.
    pub fn want_nonces(&self) {
        let mut state = self.site.state();
        let (server, api) = (state.make("as"), state.make("rs"));
        state.nonces = Some((server, api));
    }

    /// From now on tokens are not bound, as by a server that knows nothing of proofs.
    pub fn bind_nothing(&self) {
        self.site.state().bearer = true;
    }

    /// Ends all access tokens.
    pub fn end_tokens(&self) {
        let mut state = self.site.state();
        state.tokens.retain(|token, _| !token.starts_with("access"));
    }

    /// Why proofs were refused, but for the lack of a nonce.
    #[must_use]
    pub fn refused(&self) -> Vec<String> {
        self.site.state().refused.clone()
    }

    /// The thumbprints of all keys that something was given for.
    #[must_use]
    pub fn keys(&self) -> HashSet<String> {
        self.site.state().tokens.values().cloned().collect()
    }

    /// The server underneath, with its recorded requests.
    #[must_use]
    pub fn upstream(&self) -> &Upstream {
        &self.upstream
    }

    /// The origin, without a slash at the end.
    #[must_use]
    pub fn origin(&self) -> String {
        self.upstream.origin()
    }
}

/// The claims of the proof of a request, unchecked; null where it has none.
#[must_use]
pub fn proof_claims(request: &Request<Bytes>) -> Value {
    let claims = request.header("dpop").and_then(|it| it.split('.').nth(1));
    let bytes = claims.and_then(|claims| URL_SAFE_NO_PAD.decode(claims).ok());
    bytes
        .and_then(|bytes| serde_json::from_slice(&bytes).ok())
        .unwrap_or_default()
}

/// What is wrong with a proof.
enum Wrong {
    Nonce,
    Proof(&'static str),
}

impl Site {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no handler panics")
    }

    /// The thumbprint of the key that a request proves.
    fn proved(
        &self,
        request: &Request<Bytes>,
        nonce: Option<&str>,
        token: Option<&str>,
    ) -> Result<String, Wrong> {
        let [proof] = request.header_all("dpop")[..] else {
            return Err(Wrong::Proof("not one proof"));
        };
        let (input, signature) = proof.rsplit_once('.').ok_or(Wrong::Proof("form"))?;
        let (header, _) = input.split_once('.').ok_or(Wrong::Proof("form"))?;
        let header = URL_SAFE_NO_PAD
            .decode(header)
            .map_err(|_| Wrong::Proof("form"))?;
        let header: Value = serde_json::from_slice(&header).map_err(|_| Wrong::Proof("form"))?;
        if header["typ"] != "dpop+jwt" || header["alg"] != "ES256" || !header["jwk"]["d"].is_null()
        {
            return Err(Wrong::Proof("header"));
        }
        let part = |name: &str| header["jwk"][name].as_str().unwrap_or_default();
        let (x, y) = (part("x"), part("y"));
        let bytes = |text: &str| URL_SAFE_NO_PAD.decode(text).unwrap_or_default();
        let key = VerifyingKey::from_sec1_bytes(&[&[4], &*bytes(x), &*bytes(y)].concat());
        let signature = Signature::from_slice(&bytes(signature));
        let holds = matches!((key, signature), (Ok(key), Ok(signature)) if key.verify(input.as_bytes(), &signature).is_ok());
        if !holds {
            return Err(Wrong::Proof("signature"));
        }
        let claims = proof_claims(request);
        let host = request.header("host").unwrap_or_default();
        let ath = token.map(|token| URL_SAFE_NO_PAD.encode(Sha256::digest(token)));
        let checks = [
            ("htm", claims["htm"] == request.method().as_str()),
            (
                "htu",
                claims["htu"] == format!("http://{host}{}", request.uri().path()),
            ),
            (
                "iat",
                claims["iat"]
                    .as_i64()
                    .is_some_and(|at| (at - self.now).abs() <= 60),
            ),
            ("ath", claims["ath"].as_str() == ath.as_deref()),
        ];
        if let Some((name, _)) = checks.iter().find(|(_, fits)| !fits) {
            return Err(Wrong::Proof(name));
        }
        if nonce.is_some() && claims["nonce"].as_str() != nonce {
            return Err(Wrong::Nonce);
        }
        if !self.state().seen.insert(claims["jti"].to_string()) {
            return Err(Wrong::Proof("jti"));
        }
        Ok(URL_SAFE_NO_PAD.encode(Sha256::digest(format!(
            r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#
        ))))
    }

    fn at_the_server(&self, request: &Request<Bytes>) -> Reply {
        let nonce = self.state().nonces.clone().map(|(nonce, _)| nonce);
        let refuse = |error: &str| Reply::json(json!({ "error": error })).with_status(400);
        let with_nonce = |reply: Reply| match &nonce {
            Some(nonce) => reply.header("DPoP-Nonce", nonce),
            None => reply,
        };
        if self.state().bearer {
            return Reply::json(json!({ "access_token": "access-0", "token_type": "Bearer" }));
        }
        let key = match self.proved(request, nonce.as_deref(), None) {
            Ok(key) => key,
            Err(Wrong::Nonce) => return with_nonce(refuse("use_dpop_nonce")),
            Err(Wrong::Proof(why)) => {
                self.state().refused.push(why.to_owned());
                return with_nonce(refuse("invalid_dpop_proof"));
            }
        };
        let mut state = self.state();
        if request.uri().path() == "/par" {
            let bound = request.form_value("dpop_jkt").is_some_and(|jkt| jkt == key);
            return match bound {
                true => Reply::json(json!({ "request_uri": "urn:r:1", "expires_in": 60 }))
                    .with_status(201),
                false => refuse("invalid_request"),
            };
        }
        if let Some(spent) = request.form_value("refresh_token")
            && state.tokens.remove(&spent) != Some(key.clone())
        {
            return refuse("invalid_grant");
        }
        let (access, refresh) = (state.make("access"), state.make("refresh"));
        state.tokens.insert(access.clone(), key.clone());
        state.tokens.insert(refresh.clone(), key);
        with_nonce(Reply::json(json!({
            "access_token": access, "refresh_token": refresh, "token_type": "DPoP", "expires_in": 3600,
        })))
    }

    fn at_the_api(&self, request: &Request<Bytes>) -> Reply {
        let nonce = self.state().nonces.clone().map(|(_, nonce)| nonce);
        let refuse = |error: &str| {
            let reply = Reply::status(401).header(
                "WWW-Authenticate",
                &format!(r#"DPoP error="{error}", algs="ES256""#),
            );
            match &nonce {
                Some(nonce) => reply.header("DPoP-Nonce", nonce),
                None => reply,
            }
        };
        let token = request
            .header("authorization")
            .and_then(|it| it.strip_prefix("DPoP "));
        let Some(token) = token else {
            return refuse("invalid_token");
        };
        let proved = self.proved(request, nonce.as_deref(), Some(token));
        let key = match proved {
            Ok(key) => key,
            Err(Wrong::Nonce) => return refuse("use_dpop_nonce"),
            Err(Wrong::Proof(why)) => {
                self.state().refused.push(why.to_owned());
                return refuse("invalid_dpop_proof");
            }
        };
        if self.state().tokens.get(token) != Some(&key) {
            return refuse("invalid_token");
        }
        if request.uri().path() == "/moved" {
            return Reply::redirect("/api/there?a=b");
        }
        Reply::json(
            json!({ "method": request.method().as_str(), "path": request.uri().path(), "body": request.text() }),
        )
    }
}

impl Handler for Site {
    fn answer(&self, request: &Request<Bytes>) -> Reply {
        match request.uri().path() {
            "/par" | "/token" => self.at_the_server(request),
            "/device" => Reply::json(json!({
                "device_code": "d-1", "user_code": "ABCD", "verification_uri": "https://id.example/d", "expires_in": 600, "interval": 1,
            })),
            _ => self.at_the_api(request),
        }
    }
}

impl State {
    fn make(&mut self, kind: &str) -> String {
        self.made += 1;
        format!("{kind}-{:08x}", self.made * 2_654_435_761 % (1 << 32))
    }
}
