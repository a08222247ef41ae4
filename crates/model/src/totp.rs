//! The one-time password step (RFC 6238).

use template::Template;

/// Makes a time-based one-time password. What is not said counts as the secret's `otpauth` address
/// has it, else SHA-1, 6 digits and 30 s.
#[derive(Clone, Debug, PartialEq)]
pub struct TotpStep {
    /// The shared secret: base32, or an `otpauth://totp/` address.
    pub secret: Template,
    /// The hash.
    pub algorithm: Option<TotpAlgorithm>,
    /// How long the code is: 6 to 8.
    pub digits: Option<u32>,
    /// For how many seconds a code is the current one.
    pub period: Option<u32>,
}

/// The hash of a one-time password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TotpAlgorithm {
    /// SHA-1, which nearly everybody uses.
    Sha1,
    /// SHA-256.
    Sha256,
    /// SHA-512.
    Sha512,
}

impl TotpAlgorithm {
    /// The algorithm of that name, as definitions and `otpauth` addresses write it.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "SHA1" => Some(Self::Sha1),
            "SHA256" => Some(Self::Sha256),
            "SHA512" => Some(Self::Sha512),
            _ => None,
        }
    }
}
