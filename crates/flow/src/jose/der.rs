//! Keys in DER: PKCS#8 (RFC 5958), PKCS#1 (RFC 8017), SEC1 (RFC 5915), bare or in PEM (RFC 7468).

use p256::pkcs8::{ObjectIdentifier, PrivateKeyInfoRef};
use ring::signature::{Ed25519KeyPair, RsaKeyPair};
use sec1::EcPrivateKey;

use super::key::{KeyError, Material, base64};

const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const RSA_PSS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.10");
const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");
const P256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
const P384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.34");
const P521: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.35");

/// A curve of RFC 7518, section 6.2.1.1.
#[derive(Clone, Copy)]
pub(super) enum Curve {
    P256,
    P384,
    P521,
}

/// The first private key of a PEM. Line breaks may have become `\n`, spaces or nothing, as they do
/// on their way through forms and environment variables.
pub(super) fn from_pem(text: &str) -> Result<Material, KeyError> {
    let text = text.replace("\\r", "").replace("\\n", "\n");
    let mut rest = text.as_str();
    let mut other = None;
    while let Some((_, after)) = rest.split_once("-----BEGIN ") {
        let (label, after) = after.split_once("-----").ok_or(KeyError::BrokenPem)?;
        let end = format!("-----END {label}-----");
        let (inside, after) = after.split_once(&end).ok_or(KeyError::BrokenPem)?;
        rest = after;
        // RFC 1421's header of PKCS#1 and SEC1.
        if label == "ENCRYPTED PRIVATE KEY" || inside.contains("ENCRYPTED") {
            return Err(KeyError::Encrypted);
        }
        let der = || base64(inside).ok_or(KeyError::BrokenPem);
        match label {
            "PRIVATE KEY" => return pkcs8(der()?.reveal()),
            "RSA PRIVATE KEY" => return rsa(der()?.reveal()),
            "EC PRIVATE KEY" => return sec1(der()?.reveal()),
            "PUBLIC KEY" | "RSA PUBLIC KEY" => other = Some(KeyError::NotPrivate("a public key")),
            "CERTIFICATE" => other = Some(KeyError::NotPrivate("a certificate")),
            // `openssl ecparam` puts these before the key.
            "EC PARAMETERS" => {}
            _ => other = Some(KeyError::Unsupported("another kind of PEM")),
        }
    }
    Err(other.unwrap_or(KeyError::BrokenPem))
}

/// A key whose form only its content tells.
pub(super) fn from_der(der: &[u8]) -> Result<Material, KeyError> {
    if PrivateKeyInfoRef::try_from(der).is_ok() {
        pkcs8(der)
    } else if EcPrivateKey::try_from(der).is_ok() {
        sec1(der)
    } else {
        RsaKeyPair::from_der(der)
            .map(|key| Material::Rsa(Box::new(key)))
            .map_err(|_| KeyError::NoForm)
    }
}

/// An EC key by its private number, whose leading zeros may be missing.
pub(super) fn on_curve(curve: Curve, number: &[u8]) -> Result<Material, KeyError> {
    const MALFORMED: KeyError = KeyError::Malformed("EC key");
    Ok(match curve {
        Curve::P256 => {
            let key = p256::SecretKey::from_slice(number).map_err(|_| MALFORMED)?;
            Material::P256(Box::new(key.into()))
        }
        Curve::P384 => {
            let key = p384::SecretKey::from_slice(number).map_err(|_| MALFORMED)?;
            Material::P384(Box::new(key.into()))
        }
        Curve::P521 => {
            let key = p521::SecretKey::from_slice(number).map_err(|_| MALFORMED)?;
            Material::P521(Box::new(key.into()))
        }
    })
}

fn pkcs8(der: &[u8]) -> Result<Material, KeyError> {
    const MALFORMED: KeyError = KeyError::Malformed("PKCS#8 key");
    let info = PrivateKeyInfoRef::try_from(der).map_err(|_| MALFORMED)?;
    let inside = info.private_key.as_bytes();
    match info.algorithm.oid {
        RSA | RSA_PSS => rsa(inside),
        EC => {
            let curve = info.algorithm.parameters_oid().map_err(|_| MALFORMED)?;
            let key = EcPrivateKey::try_from(inside).map_err(|_| MALFORMED)?;
            on_curve(named(curve)?, key.private_key)
        }
        ED25519 => Ed25519KeyPair::from_pkcs8_maybe_unchecked(der)
            .map(|key| Material::Ed25519(Box::new(key)))
            .map_err(|_| MALFORMED),
        _ => Err(KeyError::Unsupported("for another algorithm")),
    }
}

fn sec1(der: &[u8]) -> Result<Material, KeyError> {
    const MALFORMED: KeyError = KeyError::Malformed("SEC1 key");
    let key = EcPrivateKey::try_from(der).map_err(|_| MALFORMED)?;
    let curve = key
        .parameters
        .and_then(|parameters| parameters.named_curve())
        .ok_or(MALFORMED)?;
    on_curve(named(curve)?, key.private_key)
}

fn rsa(der: &[u8]) -> Result<Material, KeyError> {
    RsaKeyPair::from_der(der)
        .map(|key| Material::Rsa(Box::new(key)))
        .map_err(|rejected| rejected_rsa(&rejected))
}

/// Why *ring* takes no such RSA key.
pub(super) fn rejected_rsa(rejected: &ring::error::KeyRejected) -> KeyError {
    match rejected.to_string().as_str() {
        "TooSmall" => KeyError::Unsupported("an RSA key of fewer than 2048 bits"),
        "TooLarge" => KeyError::Unsupported("an RSA key of too many bits"),
        _ => KeyError::Malformed("RSA key"),
    }
}

fn named(curve: ObjectIdentifier) -> Result<Curve, KeyError> {
    match curve {
        P256 => Ok(Curve::P256),
        P384 => Ok(Curve::P384),
        P521 => Ok(Curve::P521),
        _ => Err(KeyError::Unsupported("an EC key on another curve")),
    }
}
