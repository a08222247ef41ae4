//! The provider's key, and tokens that are signed with it or only look so.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use ring::rand::SystemRandom;
use ring::rsa::PublicKeyComponents;
use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use serde_json::{Value, json};
use sha2::Sha256;

use super::Forgery;

/// Made for tests, by `openssl genpkey -algorithm RSA`.
const KEY: &str = include_str!("key.pem");

/// The same by another run: nobody publishes it.
const OTHER_KEY: &str = include_str!("other_key.pem");

/// Signs.
pub(super) struct Signer {
    key: RsaKeyPair,
    other: RsaKeyPair,
}

impl Signer {
    pub(super) fn new() -> Self {
        Self {
            key: read(KEY),
            other: read(OTHER_KEY),
        }
    }

    /// The key set (RFC 7517).
    pub(super) fn key_set(&self, kid: &str) -> Value {
        let public = PublicKeyComponents::<Vec<u8>>::from(self.key.public());
        json!({ "keys": [{
            "kty": "RSA", "use": "sig", "kid": kid,
            "n": URL_SAFE_NO_PAD.encode(public.n),
            "e": URL_SAFE_NO_PAD.encode(public.e),
        }] })
    }

    pub(super) fn rs256(&self, kid: &str, claims: &Value) -> String {
        by(&self.key, kid, claims)
    }

    pub(super) fn forged(&self, kid: &str, forgery: &Forgery, claims: &Value) -> String {
        match forgery {
            Forgery::Unsigned => format!("{}.", input(&json!({ "alg": "none" }), claims)),
            Forgery::HmacWithPublicKey => {
                let set = self.key_set(kid);
                hs256(
                    set["keys"][0]["n"].as_str().unwrap_or_default().as_bytes(),
                    claims,
                )
            }
            Forgery::OtherKey => by(&self.other, kid, claims),
            Forgery::Claims(other) => {
                let mut claims = claims.clone();
                for (name, value) in other.as_object().into_iter().flatten() {
                    claims[name] = value.clone();
                }
                if let Some(all) = claims.as_object_mut() {
                    all.retain(|_, value| !value.is_null());
                }
                by(&self.key, kid, &claims)
            }
        }
    }
}

/// A token by HS256.
pub(super) fn hs256(key: &[u8], claims: &Value) -> String {
    let input = input(&json!({ "alg": "HS256" }), claims);
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    mac.update(input.as_bytes());
    format!(
        "{input}.{}",
        URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
    )
}

fn by(key: &RsaKeyPair, kid: &str, claims: &Value) -> String {
    let input = input(&json!({ "alg": "RS256", "kid": kid }), claims);
    let mut signature = vec![0; key.public().modulus_len()];
    key.sign(
        &RSA_PKCS1_SHA256,
        &SystemRandom::new(),
        input.as_bytes(),
        &mut signature,
    )
    .expect("a key of 2048 bits signs");
    format!("{input}.{}", URL_SAFE_NO_PAD.encode(signature))
}

fn input(header: &Value, claims: &Value) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}", part(header), part(claims))
}

fn read(pem: &str) -> RsaKeyPair {
    let text: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    let der = STANDARD.decode(text).expect("the key is base64");
    RsaKeyPair::from_pkcs8(&der).expect("the key is PKCS#8")
}
