//! Sealing: a value under a data key, bound to the row, the column and the version it stands in.
//!
//! What identifies the row is associated data of XChaCha20-Poly1305, so that a ciphertext put into
//! another row, or an older one put back under a newer version, does not open. A whole row put back
//! together with its version cannot be told from the row as it was.

use std::fmt;

use chacha20poly1305::aead::AeadInOut;
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use model::Random;
use secret::SecretBytes;
use zeroize::Zeroizing;

/// A sealed value as it lies in the database.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Sealed(Vec<u8>);

/// Where a sealed value stands: all of it is authenticated with the value.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'a> {
    /// Table and column.
    pub(crate) column: &'static str,
    pub(crate) id: &'a str,
    pub(crate) connector: &'a str,
    pub(crate) environment: &'a str,
    pub(crate) owner: &'a str,
    pub(crate) origins: &'a str,
    pub(crate) version: u64,
    /// A further count where the column has one of its own.
    pub(crate) generation: u64,
}

/// 32 bytes that are wiped when dropped.
#[derive(Clone)]
pub(crate) struct SealingKey(Zeroizing<[u8; KEY_BYTES]>);

/// The bytes of a key.
pub(crate) const KEY_BYTES: usize = 32;

impl Sealed {
    pub(crate) fn from_stored(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    pub(crate) fn stored(&self) -> &[u8] {
        &self.0
    }

    /// The id of the data key that it names.
    pub(crate) fn key_id(&self) -> Option<&str> {
        let (&format, rest) = self.0.split_first()?;
        let (&length, rest) = rest.split_first()?;
        (format == FORMAT).then_some(())?;
        std::str::from_utf8(rest.get(..usize::from(length))?).ok()
    }
}

impl SealingKey {
    pub(crate) fn new(bytes: Zeroizing<[u8; KEY_BYTES]>) -> Self {
        Self(bytes)
    }

    pub(crate) fn generate(random: &Random) -> Self {
        Self(Zeroizing::new(random.bytes()))
    }

    pub(crate) fn bytes(&self) -> &[u8; KEY_BYTES] {
        &self.0
    }

    /// Seals `plain` for `place`, naming the key that did it. Fails only for more than the cipher can take, 256 GiB.
    pub(crate) fn seal(
        &self,
        key_id: &str,
        place: &Place<'_>,
        plain: &[u8],
        random: &Random,
    ) -> Option<Sealed> {
        let length = u8::try_from(key_id.len()).unwrap_or(u8::MAX);
        let mut sealed = vec![FORMAT, length];
        sealed.extend_from_slice(&key_id.as_bytes()[..usize::from(length)]);
        let associated = place.associated(&sealed);
        let nonce: [u8; NONCE_BYTES] = random.bytes();
        // Room for the tag, lest growing leaves a copy of the plain bytes behind.
        let mut buffer = Zeroizing::new(Vec::with_capacity(plain.len() + TAG_BYTES));
        buffer.extend_from_slice(plain);
        self.cipher()
            .encrypt_in_place(&XNonce::from(nonce), &associated, &mut *buffer)
            .ok()?;
        sealed.extend_from_slice(&nonce);
        sealed.extend_from_slice(&buffer);
        Some(Sealed(sealed))
    }

    /// Opens what was sealed for `place` with this key, or nothing.
    pub(crate) fn open(&self, place: &Place<'_>, sealed: &Sealed) -> Option<SecretBytes> {
        let header = 2 + sealed.key_id()?.len();
        let (header, rest) = sealed.0.split_at_checked(header)?;
        let (nonce, ciphertext) = rest.split_first_chunk::<NONCE_BYTES>()?;
        let mut buffer = Zeroizing::new(ciphertext.to_vec());
        self.cipher()
            .decrypt_in_place(
                &XNonce::from(*nonce),
                &place.associated(header),
                &mut *buffer,
            )
            .ok()?;
        Some(SecretBytes::new(std::mem::take(&mut *buffer)))
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(self.bytes().into())
    }
}

impl Place<'_> {
    /// The header and each part with its length before it, so that no two places look alike.
    fn associated(&self, header: &[u8]) -> Vec<u8> {
        let version = self.version.to_be_bytes();
        let generation = self.generation.to_be_bytes();
        let parts: [&[u8]; 9] = [
            header,
            self.column.as_bytes(),
            self.id.as_bytes(),
            self.connector.as_bytes(),
            self.environment.as_bytes(),
            self.owner.as_bytes(),
            self.origins.as_bytes(),
            &version,
            &generation,
        ];
        let mut associated = Vec::new();
        for part in parts {
            associated.extend_from_slice(&(part.len() as u64).to_be_bytes());
            associated.extend_from_slice(part);
        }
        associated
    }
}

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[sealed]")
    }
}

impl fmt::Debug for SealingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

/// The first byte of every sealed value: how the rest is laid out.
const FORMAT: u8 = 1;
const NONCE_BYTES: usize = 24;
const TAG_BYTES: usize = 16;

#[cfg(test)]
mod tests {
    use proptest::prelude::{ProptestConfig, any, prop_assert, prop_assert_eq, proptest};

    use super::{Place, Random, Sealed, SealingKey};

    fn random() -> Random {
        Random::new(|bytes| getrandom::fill(bytes).unwrap())
    }

    type Parts = ([String; 5], u64, u64);

    fn place(parts: &Parts) -> Place<'_> {
        let ([id, connector, environment, owner, origins], version, generation) = parts;
        Place {
            column: "c",
            id,
            connector,
            environment,
            owner,
            origins,
            version: *version,
            generation: *generation,
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]

        #[test]
        fn a_value_opens_where_it_was_sealed_for_and_nowhere_else(
            one in any::<([String; 5], u64, u64)>(),
            // Short parts over two letters, so that one place often runs together into another.
            near in "[ab]{0,6}",
            cut in 0_usize..7,
            plain in any::<Vec<u8>>(),
        ) {
            let key = SealingKey::generate(&random());
            let sealed = key.seal("k1", &place(&one), &plain, &random()).unwrap();
            prop_assert_eq!(sealed.key_id(), Some("k1"));
            let opened = key.open(&place(&one), &sealed).unwrap();
            prop_assert_eq!(opened.reveal(), plain.as_slice());
            prop_assert!(SealingKey::generate(&random()).open(&place(&one), &sealed).is_none());
            let split = |cut: usize| -> Parts {
                let (left, right) = near.split_at(cut.min(near.len()));
                ([left.into(), right.into(), String::new(), String::new(), String::new()], 1, 1)
            };
            let (here, there) = (split(cut), split(cut + 1));
            let sealed = key.seal("k1", &place(&here), &plain, &random()).unwrap();
            prop_assert_eq!(key.open(&place(&there), &sealed).is_some(), here == there);
        }

        #[test]
        fn rubbish_opens_nothing(bytes in any::<Vec<u8>>()) {
            let key = SealingKey::generate(&random());
            let parts = Parts::default();
            let sealed = Sealed::from_stored(bytes);
            prop_assert!(key.open(&place(&parts), &sealed).is_none());
        }
    }
}
