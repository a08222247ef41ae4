//! OAuth 1.0a out of nodes.

use super::endpoint::location;
use super::{At, Builder, Role};
use crate::oauth1::{OAuth1Client, OAuth1SignIn, OAuth1Step, SignatureMethod};

impl Builder<'_, '_> {
    /// The step.
    pub(super) fn oauth1(&mut self, at: &At<'_>) -> OAuth1Step {
        OAuth1Step {
            request_token_url: self.template_of(at, "request_token_url", Role::Url),
            authorization_url: self.template_of(at, "authorization_url", Role::Url),
            access_token_url: self.needed(at, "access_token_url", Role::Url),
            client: self.oauth1_client(at),
        }
    }

    /// The sign-in type.
    pub(super) fn oauth1_sign_in(&mut self, at: &At<'_>) -> OAuth1SignIn {
        OAuth1SignIn {
            client: self.oauth1_client(at),
            token: self.template_of(at, "token", Role::Other),
            token_secret: self.template_of(at, "token_secret", Role::Other),
        }
    }

    fn oauth1_client(&mut self, at: &At<'_>) -> OAuth1Client {
        OAuth1Client {
            consumer_key: self.needed(at, "consumer_key", Role::Other),
            consumer_secret: self.needed(at, "consumer_secret", Role::Other),
            signature_method: match at.text_of("signature_method").as_deref() {
                Some("HMAC-SHA256") => SignatureMethod::HmacSha256,
                Some("RSA-SHA1") => SignatureMethod::RsaSha1,
                Some("PLAINTEXT") => SignatureMethod::Plaintext,
                _ => SignatureMethod::HmacSha1,
            },
            location: location(at),
        }
    }
}
