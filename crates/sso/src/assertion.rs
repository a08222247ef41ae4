//! What an app signs for its user: a JSON Web Token (RFC 7519) that says who the user is, short-lived and for us alone.

use std::collections::HashMap;
use std::sync::Arc;

use model::Clock;
use openidconnect::core::CoreJsonWebKeySet;
use openidconnect::{ClientId, ClientSecret, IssuerUrl, JsonWebKeySetUrl};
use outbound::Client;
use secret::SecretString;
use serde_json::{Map, Value};
use tokio::sync::Mutex;

use crate::discovery::unusable;
use crate::error::SsoError;
use crate::http_client;
use crate::id_token::{Doubt, Judge, Keys};

/// How long keys are kept, and how soon they are asked for again for one that is not there; in seconds.
const KEPT: i64 = 60 * 60;
const AGAIN: i64 = 60;

/// The longest life of an assertion, in seconds: what is sent along with calls may be seen by others.
const LONGEST: i64 = 60 * 60;

/// The most key sets that are kept.
const MOST: usize = 1_000;

/// By what an app's assertions are judged.
#[derive(Clone, Debug)]
pub struct AssertionRules {
    /// What `iss` has to be: a URL.
    pub issuer: String,
    /// What `aud` has to name.
    pub audience: String,
    /// With which keys.
    pub keys: AssertionKeys,
}

/// With which keys an app signs.
#[derive(Clone, Debug)]
pub enum AssertionKeys {
    /// Public keys at this address (RFC 7517, section 5).
    At(String),
    /// A key that the app and we know.
    Shared(SecretString),
}

/// Judges assertions. Cheap to clone; clones share the keys that were fetched.
#[derive(Clone)]
pub struct Assertions(Arc<Fetched>);

struct Fetched {
    client: Client,
    clock: Clock,
    sets: Mutex<HashMap<String, (i64, CoreJsonWebKeySet)>>,
}

impl Assertions {
    /// No keys are fetched yet.
    #[must_use]
    pub fn new(client: Client, clock: Clock) -> Self {
        Self(Arc::new(Fetched {
            client,
            clock,
            sets: Mutex::default(),
        }))
    }

    /// What an assertion claims, once it is believed; `sub` and `exp` are among it.
    ///
    /// # Errors
    /// [`SsoError::NotBelieved`]; [`SsoError::Passing`] and [`SsoError::Discovery`] where the keys cannot be had.
    pub async fn claims(
        &self,
        rules: &AssertionRules,
        token: &str,
    ) -> Result<Map<String, Value>, SsoError> {
        let claims = match &rules.keys {
            AssertionKeys::Shared(key) => {
                let secret = ClientSecret::new(key.reveal().to_owned());
                self.judge(rules, Keys::Shared(secret), token)?
            }
            AssertionKeys::At(address) => {
                let keys = self.keys(address, KEPT).await?;
                match self.judge(rules, Keys::Public(&keys), token)? {
                    Err(Doubt::UnknownKey) => {
                        let keys = self.keys(address, AGAIN).await?;
                        self.judge(rules, Keys::Public(&keys), token)?
                    }
                    judged => judged,
                }
            }
        };
        let claims = claims.map_err(|doubt| match doubt {
            Doubt::UnknownKey => not_believed("the app has no key that fits its signature"),
            Doubt::Other(why) => not_believed(&why),
        })?;
        let ends = claims
            .get("exp")
            .and_then(Value::as_i64)
            .unwrap_or(i64::MAX);
        if ends.saturating_sub(self.0.clock.unix()) > LONGEST {
            return Err(not_believed("it is good for more than an hour"));
        }
        Ok(claims)
    }

    fn judge(
        &self,
        rules: &AssertionRules,
        keys: Keys<'_>,
        token: &str,
    ) -> Result<Result<Map<String, Value>, Doubt>, SsoError> {
        let issuer = IssuerUrl::new(rules.issuer.clone())
            .map_err(|error| SsoError::Discovery(format!("the app's issuer is no URL: {error}")))?;
        let judge = Judge {
            keys,
            issuer,
            audience: ClientId::new(rules.audience.clone()),
            now: self.0.clock.unix(),
            nonce: None,
        };
        Ok(judge.claims(token))
    }

    async fn keys(&self, address: &str, age: i64) -> Result<CoreJsonWebKeySet, SsoError> {
        let now = self.0.clock.unix();
        if let Some((at, keys)) = self.0.sets.lock().await.get(address)
            && (0..age).contains(&(now - at))
        {
            return Ok(keys.clone());
        }
        let url = JsonWebKeySetUrl::new(address.to_owned())
            .map_err(|error| SsoError::Discovery(error.to_string()))?;
        let send =
            |request| http_client::send(self.0.client.clone(), self.0.clock.clone(), request);
        let keys = CoreJsonWebKeySet::fetch_async(&url, &send)
            .await
            .map_err(unusable)?;
        let mut sets = self.0.sets.lock().await;
        if sets.len() >= MOST {
            sets.clear();
        }
        sets.insert(address.to_owned(), (now, keys.clone()));
        Ok(keys)
    }
}

impl std::fmt::Debug for Assertions {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Assertions")
    }
}

fn not_believed(why: &str) -> SsoError {
    SsoError::NotBelieved {
        what: "The assertion",
        why: why.to_owned(),
    }
}
