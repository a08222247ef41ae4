//! The sign-in types: schemes that sign each request itself.

use indexmap::IndexMap;
use template::Template;

use crate::connector::Location;
use crate::jws::KeyEncoding;
use crate::oauth1::OAuth1SignIn;

/// How a request is signed.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum SignIn {
    /// Not at all.
    #[default]
    None,
    /// HTTP Basic (RFC 7617).
    Basic {
        /// The user name.
        username: Template,
        /// The password.
        password: Template,
    },
    /// A bearer token (RFC 6750) in the Authorization header.
    Bearer {
        /// The token.
        token: Template,
    },
    /// NTLMv2 (MS-NLMP), which signs in connections.
    Ntlm(Box<NtlmSignIn>),
    /// A signature that the definition declares (RFC 2104).
    Hmac(Box<HmacSignIn>),
    /// OAuth 1.0a (RFC 5849).
    OAuth1(Box<OAuth1SignIn>),
}

/// An account for NTLM.
#[derive(Clone, Debug, PartialEq)]
pub struct NtlmSignIn {
    /// The user name; `DOMAIN\name` brings a domain along.
    pub username: Template,
    /// The password.
    pub password: Template,
    /// The domain.
    pub domain: Option<Template>,
    /// The name of the machine that calls.
    pub workstation: Option<Template>,
}

/// A declared signature.
#[derive(Clone, Debug, PartialEq)]
pub struct HmacSignIn {
    /// The shared key.
    pub key: Template,
    /// How the key is written.
    pub key_encoding: KeyEncoding,
    /// The hash inside.
    pub algorithm: HmacAlgorithm,
    /// What is signed.
    pub string_to_sign: Template,
    /// How the signature is written.
    pub encoding: SignatureEncoding,
    /// Where the signature goes: a header or the query.
    pub location: Location,
    /// The name of that header or query parameter.
    pub name: String,
    /// What stands there.
    pub value: Template,
    /// Further headers, put on before the request is signed.
    pub headers: IndexMap<String, Template>,
    /// Further query parameters, put on before the request is signed.
    pub query: IndexMap<String, Template>,
}

/// The hash inside an HMAC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HmacAlgorithm {
    /// SHA-1.
    Sha1,
    /// SHA-256.
    Sha256,
    /// SHA-512.
    Sha512,
}

/// How a signature is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignatureEncoding {
    /// Lower-case hex.
    Hex,
    /// Base64 with padding.
    Base64,
    /// The alphabet for URLs, without padding.
    Base64Url,
}

impl HmacSignIn {
    /// The templates that are resolved for each signature, and may read the request.
    pub fn texts(&self) -> impl Iterator<Item = &Template> {
        [&self.string_to_sign, &self.value]
            .into_iter()
            .chain(self.headers.values())
            .chain(self.query.values())
    }
}

impl SignIn {
    /// The name of the type in a definition.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Basic { .. } => "basic",
            Self::Bearer { .. } => "bearer",
            Self::Ntlm(_) => "ntlm",
            Self::Hmac(_) => "hmac",
            Self::OAuth1(_) => "oauth1",
        }
    }

    /// Every template of the type.
    #[must_use]
    pub fn templates(&self) -> Vec<&Template> {
        match self {
            Self::None => Vec::new(),
            Self::Basic { username, password } => vec![username, password],
            Self::Bearer { token } => vec![token],
            Self::Ntlm(ntlm) => [&ntlm.username, &ntlm.password]
                .into_iter()
                .chain(&ntlm.domain)
                .chain(&ntlm.workstation)
                .collect(),
            Self::Hmac(hmac) => [&hmac.key].into_iter().chain(hmac.texts()).collect(),
            Self::OAuth1(oauth1) => oauth1.templates(),
        }
    }

    /// Whether each request is signed by itself, with values of that moment, rather than given a header that stays the
    /// same.
    #[must_use]
    pub fn signs_each_request(&self) -> bool {
        match self {
            Self::None | Self::Basic { .. } | Self::Bearer { .. } => false,
            Self::Ntlm(_) | Self::Hmac(_) | Self::OAuth1(_) => true,
        }
    }
}
