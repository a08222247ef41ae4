//! A key that signs: what it is, and which algorithms it fits.

use base64::Engine as _;
use base64::alphabet::{STANDARD, URL_SAFE};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use model::{JwsAlgorithm, KeyEncoding};
use ring::signature::{Ed25519KeyPair, RsaKeyPair};
use secret::SecretBytes;

use super::{der, jwk};
use crate::failure::Failure;

/// A private key or a shared secret.
pub(crate) struct SigningKey {
    pub(super) material: Material,
    /// The name that a JSON Web Key has.
    pub(crate) kid: Option<String>,
}

/// What a key is.
pub(super) enum Material {
    Shared(SecretBytes),
    Rsa(Box<RsaKeyPair>),
    P256(Box<p256::ecdsa::SigningKey>),
    P384(Box<p384::ecdsa::SigningKey>),
    P521(Box<p521::ecdsa::SigningKey>),
    Ed25519(Box<Ed25519KeyPair>),
}

/// Why a key cannot be used. Nothing of it is quoted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum KeyError {
    #[error("is empty")]
    Empty,
    #[error("is not written in {0}")]
    Encoding(&'static str),
    #[error("cannot be read: it is neither PEM, nor a JSON Web Key, nor DER in base64")]
    NoForm,
    #[error("cannot be read: its PEM has no end, or something other than base64 inside")]
    BrokenPem,
    #[error("cannot be used: it is encrypted")]
    Encrypted,
    #[error("cannot sign: it is {0}, and the private key is needed")]
    NotPrivate(&'static str),
    #[error("cannot be read: it is no well-formed {0}")]
    Malformed(&'static str),
    #[error("cannot be used: it is {0}")]
    Unsupported(&'static str),
    #[error("does not fit: it is {found}, and {} needs {wanted}", algorithm.name())]
    DoesNotFit {
        found: &'static str,
        algorithm: JwsAlgorithm,
        wanted: &'static str,
    },
}

impl KeyError {
    /// What to do about it.
    pub(crate) fn help(self) -> &'static str {
        match self {
            Self::Encrypted => {
                "Take the password off: `openssl pkcs8 -topk8 -nocrypt -in key.pem`, and store what that prints."
            }
            Self::NotPrivate(_) => {
                "Store the private key that belongs to it: PKCS#8 (`BEGIN PRIVATE KEY`), PKCS#1 or SEC1 as PEM, or a JSON Web Key with `d`."
            }
            Self::DoesNotFit { .. } => {
                "Take the algorithm that the API names for this key, or the key that belongs to the algorithm."
            }
            Self::Unsupported(_) => {
                "Make a key for one of the algorithms: RSA of 2048 to 4096 bits, EC on P-256, P-384 or P-521, or Ed25519."
            }
            Self::Encoding(_) => "Write `key_encoding` as the key is written, or leave it out.",
            Self::Empty | Self::NoForm | Self::BrokenPem | Self::Malformed(_) => {
                "Expected is a PEM (`-----BEGIN PRIVATE KEY-----`, with its line breaks), a JSON Web Key, or DER in base64; for HS256, HS384 and HS512 the shared secret."
            }
        }
    }
}

impl SigningKey {
    /// Reads a key: with an HMAC algorithm the shared secret, else a PEM, a JSON Web Key, or DER in
    /// base64. Without an algorithm it is one of the latter.
    pub(crate) fn read(
        text: &str,
        encoding: KeyEncoding,
        algorithm: Option<JwsAlgorithm>,
    ) -> Result<Self, KeyError> {
        let bytes = decoded(text, encoding)?;
        if bytes.reveal().is_empty() {
            return Err(KeyError::Empty);
        }
        let written = std::str::from_utf8(bytes.reveal()).map(str::trim).ok();
        let key = match written {
            Some(written) if written.starts_with('{') => jwk::read(written)?,
            Some(written) if written.contains("-----BEGIN ") => der::from_pem(written)?.into(),
            _ if algorithm.is_some_and(is_hmac) => Material::Shared(bytes).into(),
            Some(written) => match base64(written) {
                Some(der) => der::from_der(der.reveal())?.into(),
                None => return Err(KeyError::NoForm),
            },
            None => der::from_der(bytes.reveal())?.into(),
        };
        match algorithm {
            Some(algorithm) => key.fits(algorithm).map(|()| key),
            None => Ok(key),
        }
    }

    /// The usual algorithm of such a key.
    pub(crate) fn usual(&self) -> JwsAlgorithm {
        match &self.material {
            Material::Shared(_) => JwsAlgorithm::Hs256,
            Material::Rsa(_) => JwsAlgorithm::Rs256,
            Material::P256(_) => JwsAlgorithm::Es256,
            Material::P384(_) => JwsAlgorithm::Es384,
            Material::P521(_) => JwsAlgorithm::Es512,
            Material::Ed25519(_) => JwsAlgorithm::EdDsa,
        }
    }

    /// Whether it is shorter than the hash of its algorithm, which RFC 7518, section 3.2, forbids
    /// and some APIs do all the same.
    pub(crate) fn is_short(&self, algorithm: JwsAlgorithm) -> bool {
        let least = match algorithm {
            JwsAlgorithm::Hs256 => 32,
            JwsAlgorithm::Hs384 => 48,
            JwsAlgorithm::Hs512 => 64,
            _ => 0,
        };
        matches!(&self.material, Material::Shared(secret) if secret.reveal().len() < least)
    }

    fn fits(&self, algorithm: JwsAlgorithm) -> Result<(), KeyError> {
        let wanted = wanted(algorithm);
        let found = self.material.name();
        if wanted == found {
            Ok(())
        } else {
            Err(KeyError::DoesNotFit {
                found,
                algorithm,
                wanted,
            })
        }
    }
}

/// A key that cannot be used, named by its field.
pub(crate) fn unusable_key(field: &str, error: KeyError) -> Failure {
    Failure::definition("key_unusable", format!("`{field}` {error}.")).with_help(error.help())
}

impl Material {
    fn name(&self) -> &'static str {
        match self {
            Self::Shared(_) => SHARED,
            Self::Rsa(_) => RSA,
            Self::P256(_) => P256,
            Self::P384(_) => P384,
            Self::P521(_) => P521,
            Self::Ed25519(_) => ED25519,
        }
    }
}

impl From<Material> for SigningKey {
    fn from(material: Material) -> Self {
        Self {
            material,
            kid: None,
        }
    }
}

// Nothing of a key is shown.
impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("SigningKey")
            .field(&self.material.name())
            .finish()
    }
}

const SHARED: &str = "a shared secret";
const RSA: &str = "an RSA key";
const P256: &str = "an EC key on P-256";
const P384: &str = "an EC key on P-384";
const P521: &str = "an EC key on P-521";
const ED25519: &str = "an Ed25519 key";

fn wanted(algorithm: JwsAlgorithm) -> &'static str {
    match algorithm {
        JwsAlgorithm::Hs256 | JwsAlgorithm::Hs384 | JwsAlgorithm::Hs512 => SHARED,
        JwsAlgorithm::Rs256
        | JwsAlgorithm::Rs384
        | JwsAlgorithm::Rs512
        | JwsAlgorithm::Ps256
        | JwsAlgorithm::Ps384
        | JwsAlgorithm::Ps512 => RSA,
        JwsAlgorithm::Es256 => P256,
        JwsAlgorithm::Es384 => P384,
        JwsAlgorithm::Es512 => P521,
        JwsAlgorithm::EdDsa => ED25519,
    }
}

fn is_hmac(algorithm: JwsAlgorithm) -> bool {
    wanted(algorithm) == SHARED
}

/// A key's bytes, however they are written.
pub(crate) fn decoded(text: &str, encoding: KeyEncoding) -> Result<SecretBytes, KeyError> {
    match encoding {
        KeyEncoding::Text => Ok(SecretBytes::new(text.as_bytes().to_vec())),
        KeyEncoding::Base64 => base64(text).ok_or(KeyError::Encoding("base64")),
        KeyEncoding::Hex => data_encoding::HEXLOWER_PERMISSIVE
            .decode(text.trim().as_bytes())
            .map(SecretBytes::new)
            .map_err(|_| KeyError::Encoding("hex")),
    }
}

/// Base64 in either alphabet, with or without padding, over any number of lines.
pub(super) fn base64(text: &str) -> Option<SecretBytes> {
    const CONFIG: GeneralPurposeConfig = GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true);
    let compact = SecretBytes::new(
        text.bytes()
            .filter(|byte| !byte.is_ascii_whitespace())
            .collect(),
    );
    let alphabet = if compact
        .reveal()
        .iter()
        .any(|byte| matches!(byte, b'-' | b'_'))
    {
        &URL_SAFE
    } else {
        &STANDARD
    };
    GeneralPurpose::new(alphabet, CONFIG)
        .decode(compact.reveal())
        .ok()
        .map(SecretBytes::new)
}
