//! Private JSON Web Keys (RFC 7517, RFC 7518, RFC 8037).

use ring::rsa::KeyPairComponents;
use ring::signature::{Ed25519KeyPair, RsaKeyPair, RsaPublicKeyComponents};
use secret::SecretBytes;
use serde_json::{Map, Value};

use super::der::{Curve, on_curve, rejected_rsa};
use super::key::{KeyError, Material, SigningKey, base64};

const MALFORMED: KeyError = KeyError::Malformed("JSON Web Key");

/// A key, or the only one of a set.
pub(super) fn read(text: &str) -> Result<SigningKey, KeyError> {
    let value: Value = serde_json::from_str(text).map_err(|_| MALFORMED)?;
    let jwk = match value
        .get("keys")
        .and_then(Value::as_array)
        .map(Vec::as_slice)
    {
        Some([only]) => only,
        Some(_) => return Err(KeyError::Unsupported("a set of several keys")),
        None => &value,
    };
    let jwk = jwk.as_object().ok_or(MALFORMED)?;
    let material = match text_of(jwk, "kty").ok_or(MALFORMED)? {
        "oct" => Material::Shared(bytes(jwk, "k")?),
        "RSA" => rsa(jwk)?,
        "EC" => {
            let curve = match text_of(jwk, "crv") {
                Some("P-256") => Curve::P256,
                Some("P-384") => Curve::P384,
                Some("P-521") => Curve::P521,
                _ => return Err(KeyError::Unsupported("an EC key on another curve")),
            };
            on_curve(curve, private(jwk)?.reveal())?
        }
        "OKP" if text_of(jwk, "crv") == Some("Ed25519") => {
            let (seed, public) = (private(jwk)?, bytes(jwk, "x")?);
            Ed25519KeyPair::from_seed_and_public_key(seed.reveal(), public.reveal())
                .map(|key| Material::Ed25519(Box::new(key)))
                .map_err(|_| MALFORMED)?
        }
        _ => return Err(KeyError::Unsupported("for another algorithm")),
    };
    Ok(SigningKey {
        material,
        kid: text_of(jwk, "kid").map(str::to_owned),
    })
}

fn rsa(jwk: &Map<String, Value>) -> Result<Material, KeyError> {
    let d = private(jwk)?;
    let part = |name| bytes(jwk, name);
    let (n, e) = (part("n")?, part("e")?);
    let (p, q, dp, dq, qi) = (
        part("p")?,
        part("q")?,
        part("dp")?,
        part("dq")?,
        part("qi")?,
    );
    let components = KeyPairComponents {
        public_key: RsaPublicKeyComponents {
            n: n.reveal(),
            e: e.reveal(),
        },
        d: d.reveal(),
        p: p.reveal(),
        q: q.reveal(),
        dP: dp.reveal(),
        dQ: dq.reveal(),
        qInv: qi.reveal(),
    };
    RsaKeyPair::from_components(&components)
        .map(|key| Material::Rsa(Box::new(key)))
        .map_err(|rejected| rejected_rsa(&rejected))
}

fn private(jwk: &Map<String, Value>) -> Result<SecretBytes, KeyError> {
    if jwk.contains_key("d") {
        bytes(jwk, "d")
    } else {
        Err(KeyError::NotPrivate("a public key"))
    }
}

fn bytes(jwk: &Map<String, Value>, name: &str) -> Result<SecretBytes, KeyError> {
    text_of(jwk, name).and_then(base64).ok_or(MALFORMED)
}

fn text_of<'a>(jwk: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    jwk.get(name)?.as_str()
}
