//! Tokens by which a browser shows whose it is: minted by an app's backend, signed, good for minutes.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use hmac::{Hmac, KeyInit, Mac};
use model::Random;
use secret::{SecretBytes, SecretString};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

/// What a user token begins with.
pub(crate) const PREFIX: &str = "sg_user_";

/// Makes and recognises user tokens. All processes that share a store share the key.
#[derive(Clone, Debug)]
pub(crate) struct UserTokens {
    key: SecretBytes,
}

/// What a token says.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub(crate) struct UserToken {
    /// The app.
    pub(crate) app: String,
    /// Its user.
    pub(crate) user: String,
    /// When it ends, in seconds since 1970.
    #[serde(rename = "exp")]
    pub(crate) expires_at: i64,
    /// When it was minted.
    #[serde(rename = "iat")]
    pub(crate) issued_at: i64,
    /// Something random.
    #[serde(rename = "jti")]
    pub(crate) id: String,
}

/// Why a token is not taken.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Refused {
    /// It is not one of ours.
    Forged,
    /// It has ended.
    Expired,
}

impl UserTokens {
    /// With `store.server_secret("user-tokens")`.
    pub(crate) fn new(key: SecretBytes) -> Self {
        Self { key }
    }

    /// A token for a user of an app, good from `now` for so many seconds. The names have been checked.
    pub(crate) fn mint(
        &self,
        app: &str,
        user: &str,
        now: i64,
        seconds: i64,
        random: &Random,
    ) -> SecretString {
        let token = UserToken {
            app: app.to_owned(),
            user: user.to_owned(),
            expires_at: now.saturating_add(seconds),
            issued_at: now,
            id: random.base64url(12),
        };
        // A struct of texts and numbers is always written.
        let payload = BASE64.encode(serde_json::to_vec(&token).unwrap_or_default());
        let signature = BASE64.encode(self.mac(&payload).finalize().into_bytes());
        SecretString::new(format!("{PREFIX}{payload}.{signature}"))
    }

    /// What a token says, where it is ours and has not ended.
    pub(crate) fn verify(&self, token: &str, now: i64) -> Result<UserToken, Refused> {
        let signed = token.strip_prefix(PREFIX).ok_or(Refused::Forged)?;
        let (payload, signature) = signed.split_once('.').ok_or(Refused::Forged)?;
        let signature = BASE64.decode(signature).map_err(|_| Refused::Forged)?;
        // In constant time.
        self.mac(payload)
            .verify_slice(&signature)
            .map_err(|_| Refused::Forged)?;
        let payload = BASE64.decode(payload).map_err(|_| Refused::Forged)?;
        let token: UserToken = serde_json::from_slice(&payload).map_err(|_| Refused::Forged)?;
        if token.expires_at <= now {
            return Err(Refused::Expired);
        }
        Ok(token)
    }

    fn mac(&self, payload: &str) -> Hmac<Sha256> {
        // HMAC takes a key of any length.
        let mut mac = Hmac::<Sha256>::new_from_slice(self.key.reveal())
            .unwrap_or_else(|_| Hmac::new(&Default::default()));
        mac.update(PREFIX.as_bytes());
        mac.update(payload.as_bytes());
        mac
    }
}

#[cfg(test)]
mod tests {
    use super::{PREFIX, Refused, UserTokens};
    use model::Random;
    use secret::SecretBytes;

    #[test]
    fn what_was_changed_has_ended_or_was_signed_elsewhere_is_not_taken() {
        let random = Random::new(|bytes| bytes.fill(7));
        let tokens = UserTokens::new(SecretBytes::new(vec![1; 32]));
        let other = UserTokens::new(SecretBytes::new(vec![2; 32]));
        let token = tokens.mint("shop", "u1", 1_000, 300, &random);
        let token = token.reveal();
        let read = tokens.verify(token, 1_299).unwrap();
        assert_eq!((read.app.as_str(), read.user.as_str()), ("shop", "u1"));
        assert_eq!((read.issued_at, read.expires_at), (1_000, 1_300));
        assert_eq!(tokens.verify(token, 1_300), Err(Refused::Expired));
        assert_eq!(other.verify(token, 1_000), Err(Refused::Forged));
        let (payload, signature) = token.split_once('.').unwrap();
        let more = other.mint("shop", "u2", 1_000, 300, &random);
        let (admin, _) = more.reveal().split_once('.').unwrap();
        for changed in [
            format!("{payload}."),
            format!("{admin}.{signature}"),
            format!("{payload}.{signature}A"),
            format!("{PREFIX}.{signature}"),
            payload.to_owned(),
            token.replace(PREFIX, "sg_app_"),
            String::new(),
        ] {
            let refused = tokens.verify(&changed, 1_000);
            assert_eq!(refused, Err(Refused::Forged), "{changed}");
        }
    }
}
