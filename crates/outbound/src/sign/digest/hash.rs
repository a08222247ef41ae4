//! The hashes of Digest, by the names that challenges have for them (RFC 7616, section 6.1).

use md5::Md5;
use sha2::{Digest, Sha256, Sha512_256};

/// A hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::sign) enum Hash {
    /// MD5, for servers that know nothing better.
    Md5,
    /// SHA-512/256, of which some servers have a reading of their own.
    Sha512_256,
    /// SHA-256.
    Sha256,
}

impl Hash {
    /// The hash of that name, and whether it is for a session; none that is not known here.
    pub(super) fn named(algorithm: &str) -> Option<(Self, bool)> {
        let name = algorithm.to_ascii_uppercase();
        let (name, session) = match name.strip_suffix("-SESS") {
            Some(name) => (name, true),
            None => (name.as_str(), false),
        };
        let hash = match name {
            "MD5" => Self::Md5,
            "SHA-256" => Self::Sha256,
            "SHA-512-256" => Self::Sha512_256,
            _ => return None,
        };
        Some((hash, session))
    }

    /// The hash of bytes in hex.
    pub(super) fn hex(self, bytes: &[u8]) -> String {
        match self {
            Self::Md5 => hex::encode(Md5::digest(bytes)),
            Self::Sha256 => hex::encode(Sha256::digest(bytes)),
            Self::Sha512_256 => hex::encode(Sha512_256::digest(bytes)),
        }
    }
}
