//! Hashes and HMAC, because APIs ask for signatures that only a script can put together.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha384, Sha512};

use super::encoding::{binary_text, bytes_of};

/// The hash of binary text, in the encoding asked for; none when either name is unknown.
pub(super) fn hash(algorithm: String, data: String, encoding: String) -> Option<String> {
    let data = bytes_of(&data)?;
    let hash = match algorithm.as_str() {
        "md5" => Md5::digest(&data).to_vec(),
        "sha1" => Sha1::digest(&data).to_vec(),
        "sha256" => Sha256::digest(&data).to_vec(),
        "sha384" => Sha384::digest(&data).to_vec(),
        "sha512" => Sha512::digest(&data).to_vec(),
        _ => return None,
    };
    encode(&hash, &encoding)
}

/// The HMAC of binary text under a key of binary text; none when either name is unknown.
pub(super) fn hmac(
    algorithm: String,
    key: String,
    data: String,
    encoding: String,
) -> Option<String> {
    let (key, data) = (bytes_of(&key)?, bytes_of(&data)?);
    let tag = match algorithm.as_str() {
        "md5" => tag::<Hmac<Md5>>(&key, &data),
        "sha1" => tag::<Hmac<Sha1>>(&key, &data),
        "sha256" => tag::<Hmac<Sha256>>(&key, &data),
        "sha384" => tag::<Hmac<Sha384>>(&key, &data),
        "sha512" => tag::<Hmac<Sha512>>(&key, &data),
        _ => None,
    }?;
    encode(&tag, &encoding)
}

fn tag<M: Mac + KeyInit>(key: &[u8], data: &[u8]) -> Option<Vec<u8>> {
    let mut mac = <M as KeyInit>::new_from_slice(key).ok()?;
    mac.update(data);
    Some(mac.finalize().into_bytes().to_vec())
}

fn encode(bytes: &[u8], encoding: &str) -> Option<String> {
    match encoding {
        "hex" => Some(hex::encode(bytes)),
        "base64" => Some(STANDARD.encode(bytes)),
        "base64url" => Some(URL_SAFE_NO_PAD.encode(bytes)),
        "bytes" => Some(binary_text(bytes)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_those_of_their_standards() {
        let cases = [
            ("md5", "900150983cd24fb0d6963f7d28e17f72"),
            ("sha1", "a9993e364706816aba3e25717850c26c9cd0d89d"),
            (
                "sha256",
                "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
            ),
            (
                "sha384",
                "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7",
            ),
            (
                "sha512",
                "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
            ),
        ];
        for (algorithm, expected) in cases {
            let got = hash(algorithm.into(), "abc".into(), "hex".into());
            assert_eq!(got.as_deref(), Some(expected), "{algorithm}");
        }
        assert_eq!(hash("crc".into(), "abc".into(), "hex".into()), None);
        assert_eq!(hash("md5".into(), "abc".into(), "octal".into()), None);
    }

    /// RFC 2202 and RFC 4231, test case 2.
    #[test]
    fn hmacs_are_those_of_the_rfcs() {
        let cases = [
            ("md5", "750c783e6ab0b503eaa86e310a5db738"),
            ("sha1", "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"),
            (
                "sha256",
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
            ),
        ];
        for (algorithm, expected) in cases {
            let got = hmac(
                algorithm.into(),
                "Jefe".into(),
                "what do ya want for nothing?".into(),
                "hex".into(),
            );
            assert_eq!(got.as_deref(), Some(expected), "{algorithm}");
        }
    }

    #[test]
    fn encodings_are_told_apart() {
        for (encoding, expected) in [
            ("base64", "+/8="),
            ("base64url", "-_8"),
            ("hex", "fbff"),
            ("bytes", "\u{fb}\u{ff}"),
        ] {
            assert_eq!(encode(&[0xfb, 0xff], encoding).as_deref(), Some(expected));
        }
    }
}
