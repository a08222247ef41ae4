//! Short texts that go out signed and come back from outside, so that what they say needs no place in the store.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use hmac::{Hmac, KeyInit, Mac};
use secret::SecretBytes;
use sha2::Sha256;

/// Signs and recognises texts. All processes that share a store share the key.
#[derive(Clone, Debug)]
pub(crate) struct Signer {
    key: SecretBytes,
}

impl Signer {
    /// With a secret of the server.
    pub(crate) fn new(key: SecretBytes) -> Self {
        Self { key }
    }

    /// The content with its signature, in letters that a URL takes as they are. What is signed for one purpose is good
    /// for no other.
    pub(crate) fn sign(&self, purpose: &str, content: &[u8]) -> String {
        format!(
            "{}.{}",
            BASE64.encode(content),
            BASE64.encode(self.mac(purpose, content).finalize().into_bytes())
        )
    }

    /// The content of what was signed for this purpose; none where anything of it was changed.
    pub(crate) fn open(&self, purpose: &str, signed: &str) -> Option<Vec<u8>> {
        let (content, signature) = signed.split_once('.')?;
        let content = BASE64.decode(content).ok()?;
        let signature = BASE64.decode(signature).ok()?;
        // In constant time.
        self.mac(purpose, &content).verify_slice(&signature).ok()?;
        Some(content)
    }

    fn mac(&self, purpose: &str, content: &[u8]) -> Hmac<Sha256> {
        // A key of any length will do for HMAC; one of none is what cannot happen.
        let mut mac = Hmac::<Sha256>::new_from_slice(self.key.reveal())
            .unwrap_or_else(|_| Hmac::new(&Default::default()));
        mac.update(purpose.as_bytes());
        mac.update(&[0]);
        mac.update(content);
        mac
    }
}

#[cfg(test)]
mod tests {
    use super::Signer;
    use secret::SecretBytes;

    #[test]
    fn what_was_changed_or_meant_for_else_is_not_taken() {
        let signer = Signer::new(SecretBytes::new(vec![7; 32]));
        let other = Signer::new(SecretBytes::new(vec![8; 32]));
        let signed = signer.sign("link", b"content");
        assert_eq!(
            signer.open("link", &signed).as_deref(),
            Some(&b"content"[..])
        );
        assert_eq!(signer.open("other", &signed), None);
        assert_eq!(other.open("link", &signed), None);
        let (content, signature) = signed.split_once('.').unwrap();
        for changed in [
            format!("{content}."),
            format!(".{signature}"),
            format!("x{content}.{signature}"),
            format!("{content}.{signature}x"),
            content.to_owned(),
            String::new(),
        ] {
            assert_eq!(signer.open("link", &changed), None, "{changed}");
        }
    }
}
