//! A client's certificate, by which it proves itself while a connection is made (RFC 8705).
//!
//! Whoever shows one is somebody else than who shows another or none, so connections are kept apart by it, and TLS
//! sessions are not taken up again.

use std::fmt;
use std::sync::Arc;

use rustls::client::Resumption;
use rustls::crypto::ring::default_provider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls::{ClientConfig, Error as TlsError};
use sha2::{Digest, Sha256};

/// A certificate with its private key. Cheap to clone.
#[derive(Clone)]
pub struct ClientCertificate(Arc<Inner>);

struct Inner {
    shown: Arc<SingleCertAndKey>,
    fingerprint: Fingerprint,
}

/// The SHA-256 of a certificate and those above it.
pub(crate) type Fingerprint = [u8; 32];

/// Why a certificate cannot be shown. Nothing of the key is quoted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClientCertificateError {
    /// No certificate in it.
    #[error("holds no certificate in PEM")]
    NoCertificate,
    /// Not a certificate.
    #[error("cannot be read: it is no well-formed certificate")]
    BrokenCertificate,
    /// No key in it.
    #[error("holds no private key in PEM")]
    NoKey,
    /// A password is on it.
    #[error("cannot be used: it is encrypted")]
    EncryptedKey,
    /// Neither RSA, EC nor Ed25519.
    #[error("cannot be used: it is no RSA, EC or Ed25519 key that TLS signs with")]
    UnsupportedKey,
    /// Another certificate's.
    #[error("does not fit: it is not the key of the certificate")]
    OtherKey,
}

impl ClientCertificateError {
    /// Whether the key is at fault, and not the certificate.
    #[must_use]
    pub fn is_of_key(self) -> bool {
        match self {
            Self::NoCertificate | Self::BrokenCertificate => false,
            Self::NoKey | Self::EncryptedKey | Self::UnsupportedKey | Self::OtherKey => true,
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn help(self) -> &'static str {
        match self {
            Self::NoCertificate | Self::BrokenCertificate => {
                "Expected is PEM (`-----BEGIN CERTIFICATE-----`), the client's own certificate first, then those above it."
            }
            Self::EncryptedKey => {
                "Take the password off: `openssl pkcs8 -topk8 -nocrypt -in key.pem`, and store what that prints."
            }
            Self::NoKey | Self::UnsupportedKey => {
                "Expected is PEM (`-----BEGIN PRIVATE KEY-----`, with its line breaks), PKCS#8, PKCS#1 or SEC1."
            }
            Self::OtherKey => {
                "Store the key that the certificate was made for: `openssl x509 -pubkey` of the one and `openssl pkey -pubout` of the other print the same."
            }
        }
    }
}

impl ClientCertificate {
    /// Reads both as PEM; line breaks may have become `\n` on their way through an environment variable.
    ///
    /// # Errors
    /// Which of the two cannot be used, and why.
    pub fn read(certificate: &str, key: &str) -> Result<Self, ClientCertificateError> {
        use ClientCertificateError as E;
        let (certificate, key) = (lines(certificate), lines(key));
        let mut chain = Vec::new();
        for one in CertificateDer::pem_slice_iter(certificate.as_bytes()) {
            chain.push(one.map_err(|_| E::BrokenCertificate)?);
        }
        if chain.is_empty() {
            return Err(E::NoCertificate);
        }
        if key.contains("ENCRYPTED") {
            return Err(E::EncryptedKey);
        }
        let mut hasher = Sha256::new();
        chain.iter().for_each(|one| hasher.update(one));
        let key = PrivateKeyDer::from_pem_slice(key.as_bytes()).map_err(|_| E::NoKey)?;
        let certified = CertifiedKey::from_der(chain, key, &default_provider()).map_err(
            |error| match error {
                TlsError::InconsistentKeys(_) => E::OtherKey,
                TlsError::InvalidCertificate(_) => E::BrokenCertificate,
                _ => E::UnsupportedKey,
            },
        )?;
        Ok(Self(Arc::new(Inner {
            shown: Arc::new(SingleCertAndKey::from(certified)),
            fingerprint: hasher.finalize().into(),
        })))
    }

    pub(crate) fn fingerprint(&self) -> Fingerprint {
        self.0.fingerprint
    }

    /// Has connections made with `config` show it.
    pub(crate) fn show_by(&self, config: &mut ClientConfig) {
        config.client_auth_cert_resolver = self.0.shown.clone();
        config.resumption = Resumption::disabled();
    }
}

fn lines(pem: &str) -> String {
    pem.replace("\\r", "").replace("\\n", "\n")
}

// Nothing of the key is shown.
impl fmt::Debug for ClientCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientCertificate").finish_non_exhaustive()
    }
}

impl PartialEq for ClientCertificate {
    fn eq(&self, other: &Self) -> bool {
        self.fingerprint() == other.fingerprint()
    }
}

#[cfg(test)]
mod tests {
    use super::{ClientCertificate, ClientCertificateError as E};

    fn made() -> (String, String) {
        let made = rcgen::generate_simple_self_signed(vec!["client.example".to_owned()]).unwrap();
        (made.cert.pem(), made.signing_key.serialize_pem())
    }

    #[test]
    fn what_cannot_be_used_is_told_of_the_right_one() {
        let ((certificate, key), (_, other)) = (made(), made());
        let escaped = |pem: &str| pem.replace('\n', "\\n");
        assert!(ClientCertificate::read(&escaped(&certificate), &escaped(&key)).is_ok());
        let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        let encrypted =
            "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n";
        let odd = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
        let table = [
            ("", key.as_str(), E::NoCertificate),
            (key.as_str(), key.as_str(), E::NoCertificate),
            (broken, key.as_str(), E::BrokenCertificate),
            (certificate.as_str(), certificate.as_str(), E::NoKey),
            (certificate.as_str(), encrypted, E::EncryptedKey),
            (certificate.as_str(), odd, E::UnsupportedKey),
            (certificate.as_str(), other.as_str(), E::OtherKey),
        ];
        for (certificate, key, expected) in table {
            let found = ClientCertificate::read(certificate, key).unwrap_err();
            assert_eq!(found, expected);
            let of_key = !matches!(expected, E::NoCertificate | E::BrokenCertificate);
            assert_eq!(found.is_of_key(), of_key);
        }
    }
}
