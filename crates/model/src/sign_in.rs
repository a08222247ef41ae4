//! The sign-in types: schemes that sign each request itself.

use std::time::Duration;

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
    /// HTTP Digest (RFC 7616).
    Digest {
        /// The user name.
        username: Template,
        /// The password.
        password: Template,
    },
    /// AWS Signature Version 4.
    AwsSigV4(Box<AwsSigV4SignIn>),
    /// Hawk.
    Hawk(Box<HawkSignIn>),
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

/// AWS Signature Version 4.
#[derive(Clone, Debug, PartialEq)]
pub struct AwsSigV4SignIn {
    /// The access key's id.
    pub access_key_id: Template,
    /// The access key.
    pub secret_access_key: Template,
    /// What goes along with temporary credentials.
    pub session_token: Option<Template>,
    /// Such as `eu-central-1`.
    pub region: Template,
    /// Such as `execute-api`.
    pub service: Template,
    /// Where the signature goes: a header or the query.
    pub location: Location,
    /// Whether a body that is streamed may go unsigned, over https.
    pub unsigned_payload: bool,
    /// The role to take on.
    pub assume_role: Option<AssumeRoleSettings>,
}

/// A role of AWS.
#[derive(Clone, Debug, PartialEq)]
pub struct AssumeRoleSettings {
    /// Its name, `arn:aws:iam::123456789012:role/name`.
    pub role_arn: Template,
    /// Under which name its doings are logged; none: `stepgate`.
    pub session_name: Option<Template>,
    /// What the role's owner asks of third parties.
    pub external_id: Option<Template>,
    /// How long its credentials last.
    pub duration: Duration,
    /// The STS endpoint; none: that of the region.
    pub url: Option<Template>,
}

/// How long a role's credentials last where the definition says nothing.
pub const DEFAULT_ROLE_DURATION: Duration = Duration::from_secs(3600);

/// Hawk.
#[derive(Clone, Debug, PartialEq)]
pub struct HawkSignIn {
    /// The credential's id.
    pub id: Template,
    /// Its key.
    pub key: Template,
    /// The hash: SHA-1 or SHA-256.
    pub algorithm: HmacAlgorithm,
    /// Whether the body is signed too.
    pub hash_payload: bool,
    /// Anything else that is to be signed.
    pub ext: Option<Template>,
    /// The application's id.
    pub app: Option<Template>,
    /// Who gave the credential to that application.
    pub dlg: Option<Template>,
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

impl AwsSigV4SignIn {
    fn templates(&self) -> Vec<&Template> {
        let mut found = vec![
            &self.access_key_id,
            &self.secret_access_key,
            &self.region,
            &self.service,
        ];
        found.extend(&self.session_token);
        if let Some(role) = &self.assume_role {
            found.push(&role.role_arn);
            let others = [&role.session_name, &role.external_id, &role.url];
            found.extend(others.into_iter().flatten());
        }
        found
    }
}

impl HmacSignIn {
    /// Whether what is sent hangs on the time.
    #[must_use]
    pub fn reads_time(&self) -> bool {
        const TIMES: [&str; 5] = ["timestamp", "timestamp_ms", "http_date", "iso_date", "now"];
        let mut read = self.texts().flat_map(Template::expressions);
        read.any(|expression| TIMES.contains(&expression.path.root.as_str()))
    }

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
            Self::Digest { .. } => "digest",
            Self::AwsSigV4(_) => "aws_sigv4",
            Self::Hawk(_) => "hawk",
            Self::Hmac(_) => "hmac",
            Self::OAuth1(_) => "oauth1",
        }
    }

    /// Every template of the type.
    #[must_use]
    pub fn templates(&self) -> Vec<&Template> {
        match self {
            Self::None => Vec::new(),
            Self::Basic { username, password } | Self::Digest { username, password } => {
                vec![username, password]
            }
            Self::Bearer { token } => vec![token],
            Self::Ntlm(ntlm) => [&ntlm.username, &ntlm.password]
                .into_iter()
                .chain(&ntlm.domain)
                .chain(&ntlm.workstation)
                .collect(),
            Self::AwsSigV4(aws) => aws.templates(),
            Self::Hawk(hawk) => [&hawk.id, &hawk.key]
                .into_iter()
                .chain([&hawk.ext, &hawk.app, &hawk.dlg].into_iter().flatten())
                .collect(),
            Self::Hmac(hmac) => [&hmac.key].into_iter().chain(hmac.texts()).collect(),
            Self::OAuth1(oauth1) => oauth1.templates(),
        }
    }

    /// Whether a signature is good for a time only, by this machine's clock.
    #[must_use]
    pub fn signs_the_time(&self) -> bool {
        match self {
            Self::AwsSigV4(_) | Self::Hawk(_) | Self::OAuth1(_) => true,
            Self::Hmac(hmac) => hmac.reads_time(),
            Self::None
            | Self::Basic { .. }
            | Self::Bearer { .. }
            | Self::Ntlm(_)
            | Self::Digest { .. } => false,
        }
    }

    /// Whether each request is signed by itself, with values of that moment, rather than given a header that stays the
    /// same.
    #[must_use]
    pub fn signs_each_request(&self) -> bool {
        match self {
            Self::None | Self::Basic { .. } | Self::Bearer { .. } => false,
            Self::Ntlm(_)
            | Self::Digest { .. }
            | Self::AwsSigV4(_)
            | Self::Hawk(_)
            | Self::OAuth1(_)
            | Self::Hmac(_) => true,
        }
    }
}
