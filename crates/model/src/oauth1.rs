//! OAuth 1.0a (RFC 5849): the step kind, the sign-in type, and the client that both know.

use template::Template;

use crate::connector::Location;

/// The client as the API knows it, and how it signs.
#[derive(Clone, Debug, PartialEq)]
pub struct OAuth1Client {
    /// The consumer key.
    pub consumer_key: Template,
    /// The shared secret, or for RSA-SHA1 the private key.
    pub consumer_secret: Template,
    /// How a request is signed.
    pub signature_method: SignatureMethod,
    /// Where the protocol's parameters stand.
    pub location: Location,
}

/// How a request is signed (RFC 5849, section 3.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignatureMethod {
    /// HMAC with SHA-1.
    HmacSha1,
    /// HMAC with SHA-256.
    HmacSha256,
    /// RSA with SHA-1; the secret is a private key.
    RsaSha1,
    /// The secrets as they are.
    Plaintext,
}

/// Gets a token: with a person's consent, or without where there is no `authorization_url`.
#[derive(Clone, Debug, PartialEq)]
pub struct OAuth1Step {
    /// The client.
    pub client: OAuth1Client,
    /// Where temporary credentials come from; always there where there is an `authorization_url`.
    pub request_token_url: Option<Template>,
    /// Where the person goes; none: nobody is asked.
    pub authorization_url: Option<Template>,
    /// Where the token comes from.
    pub access_token_url: Template,
}

/// Signs each request.
#[derive(Clone, Debug, PartialEq)]
pub struct OAuth1SignIn {
    /// The client.
    pub client: OAuth1Client,
    /// The token; none: the client signs for itself.
    pub token: Option<Template>,
    /// The token's secret.
    pub token_secret: Option<Template>,
}

impl OAuth1Client {
    fn templates(&self) -> [&Template; 2] {
        [&self.consumer_key, &self.consumer_secret]
    }
}

impl OAuth1Step {
    /// Every template inside.
    #[must_use]
    pub fn templates(&self) -> Vec<&Template> {
        let addresses = [&self.request_token_url, &self.authorization_url];
        let mut found = vec![&self.access_token_url];
        found.extend(addresses.into_iter().flatten());
        found.extend(self.client.templates());
        found
    }
}

impl OAuth1SignIn {
    /// Every template inside.
    #[must_use]
    pub fn templates(&self) -> Vec<&Template> {
        let mut found = self.client.templates().to_vec();
        found.extend([&self.token, &self.token_secret].into_iter().flatten());
        found
    }
}
