//! The sums of NTLMv2 (MS-NLMP 3.3.2 and 3.4.5). MD4, MD5 and RC4 are what the protocol has;
//! nothing else here uses them.

use hmac::{Hmac, KeyInit, Mac};
use md4::{Digest, Md4};
use md5::Md5;
use rc4::{Rc4, StreamCipher};
use zeroize::Zeroizing;

use super::NtlmError;
use super::field::utf16;

/// A key of 128 bits, wiped once it has served.
pub(super) type Key = Zeroizing<[u8; 16]>;

/// NTOWFv2: what a password becomes for one user of one domain.
pub(super) fn ntowf_v2(password: &str, username: &str, domain: &str) -> Result<Key, NtlmError> {
    let password = Zeroizing::new(utf16(password, "password")?);
    let hash: Key = Zeroizing::new(Md4::digest(&*password).into());
    let name = utf16(&upper_case(username), "user name")?;
    let domain = utf16(domain, "domain")?;
    Ok(Zeroizing::new(hmac_md5(&hash, &[&name, &domain])))
}

/// What a proof is made of beside the password.
pub(super) struct Proven<'a> {
    pub(super) server_nonce: [u8; 8],
    pub(super) client_nonce: [u8; 8],
    /// FILETIME, little-endian.
    pub(super) time: [u8; 8],
    pub(super) target_info: &'a [u8],
}

impl Proven<'_> {
    /// NtChallengeResponse, and the session base key that comes of it.
    pub(super) fn nt_response(&self, key: &Key) -> (Vec<u8>, Key) {
        let mut blob = vec![1, 1, 0, 0, 0, 0, 0, 0];
        blob.extend_from_slice(&self.time);
        blob.extend_from_slice(&self.client_nonce);
        blob.extend_from_slice(&[0; 4]);
        blob.extend_from_slice(self.target_info);
        blob.extend_from_slice(&[0; 4]);
        let proof = hmac_md5(key, &[&self.server_nonce, &blob]);
        let session = Zeroizing::new(hmac_md5(key, &[&proof]));
        ([&proof[..], &blob].concat(), session)
    }

    /// LmChallengeResponse as NTLMv2 has it, for servers without a clock.
    pub(super) fn lm_response(&self, key: &Key) -> [u8; 24] {
        let mut response = [0; 24];
        let (sum, nonce) = response.split_at_mut(16);
        sum.copy_from_slice(&hmac_md5(key, &[&self.server_nonce, &self.client_nonce]));
        nonce.copy_from_slice(&self.client_nonce);
        response
    }
}

/// RC4K: a session key, encrypted for the server.
pub(super) fn encrypt_key(with: &Key, session: &Key) -> [u8; 16] {
    let mut encrypted = **session;
    // RC4 goes round and round its key, so twice the key is the same key.
    let mut twice = Zeroizing::new([0; 32]);
    for half in twice.chunks_exact_mut(16) {
        half.copy_from_slice(&**with);
    }
    Rc4::new((&*twice).into()).apply_keystream(&mut encrypted);
    encrypted
}

/// HMAC-MD5 over some pieces.
pub(super) fn hmac_md5(key: &[u8; 16], pieces: &[&[u8]]) -> [u8; 16] {
    // A key shorter than a block is one that zeros fill up (RFC 2104 section 2).
    let mut block = Zeroizing::new([0; 64]);
    block[..16].copy_from_slice(key);
    let mut mac = Hmac::<Md5>::new((&*block).into());
    for piece in pieces {
        mac.update(piece);
    }
    mac.finalize().into_bytes().into()
}

/// Upper case as Windows has it: character by character, so that a `ß` stays one.
fn upper_case(text: &str) -> String {
    let upper = |character: char| {
        let mut upper = character.to_uppercase();
        match (upper.next(), upper.next()) {
            (Some(single), None) => single,
            _ => character,
        }
    };
    text.chars().map(upper).collect()
}

#[cfg(test)]
mod tests {
    use super::{Key, Proven, encrypt_key, hmac_md5, ntowf_v2, upper_case};

    fn bytes<const N: usize>(hex: &str) -> [u8; N] {
        let bytes = hex::decode(hex).expect("hex");
        bytes.try_into().expect("the length")
    }

    /// MS-NLMP 4.2.4, with the target info of 4.2.4.3.
    #[test]
    fn the_sums_are_those_published() {
        let key = ntowf_v2("Password", "User", "Domain").expect("a key");
        assert_eq!(hex::encode(*key), "0c868a403bfd7a93a3001ef22ef02e3f");
        let target_info =
            hex::decode("02000c0044006f006d00610069006e0001000c0053006500720076006500720000000000")
                .expect("hex");
        let proven = Proven {
            server_nonce: bytes("0123456789abcdef"),
            client_nonce: [0xaa; 8],
            time: [0; 8],
            target_info: &target_info,
        };
        assert_eq!(
            hex::encode(proven.lm_response(&key)),
            "86c35097ac9cec102554764a57cccc19aaaaaaaaaaaaaaaa"
        );
        let (response, session) = proven.nt_response(&key);
        assert_eq!(
            hex::encode(&response[..16]),
            "68cd0ab851e51c96aabc927bebef6a1c"
        );
        assert_eq!(hex::encode(*session), "8de40ccadbc14a82f15cb0ad0de95ca3");
        assert_eq!(
            hex::encode(encrypt_key(&session, &Key::new([0x55; 16]))),
            "c5dad2544fc9799094ce1ce90bc9d03e"
        );
    }

    #[test]
    fn sums_over_pieces_are_sums_over_the_whole() {
        let key = bytes("8de40ccadbc14a82f15cb0ad0de95ca3");
        let pieces: [&[u8]; 3] = [&[0x44; 4], &[0x66; 6], &[0x88; 8]];
        // The value that Chromium's tests have for these bytes.
        assert_eq!(
            hex::encode(hmac_md5(&key, &pieces)),
            "71feefd776d442a85f6e180a6b024720"
        );
    }

    #[test]
    fn upper_case_keeps_the_number_of_characters() {
        assert_eq!(upper_case("straße-žluťák-ŉ"), "STRAßE-ŽLUŤÁK-ŉ");
    }
}
