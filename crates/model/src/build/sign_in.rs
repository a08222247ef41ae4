//! Sign-in types out of nodes.

use indexmap::IndexMap;
use template::Template;

use super::endpoint::location;
use super::{At, Builder, Role, Signing};
use crate::connector::Location;
use crate::jws::KeyEncoding;
use crate::sign_in::{
    AssumeRoleSettings, AwsSigV4SignIn, DEFAULT_ROLE_DURATION, HawkSignIn, HmacAlgorithm,
    HmacSignIn, NtlmSignIn, SignIn, SignatureEncoding,
};

impl Builder<'_, '_> {
    /// A sign-in type; none where its shape is wrong.
    pub(super) fn sign_in(&mut self, at: &At<'_>) -> SignIn {
        match at.text_of("kind").as_deref() {
            Some("basic") => SignIn::Basic {
                username: self.needed(at, "username", Role::Other),
                password: self.needed(at, "password", Role::Other),
            },
            Some("bearer") => SignIn::Bearer {
                token: self.needed(at, "token", Role::Other),
            },
            Some("ntlm") => SignIn::Ntlm(Box::new(self.ntlm(at))),
            Some("digest") => SignIn::Digest {
                username: self.needed(at, "username", Role::Other),
                password: self.needed(at, "password", Role::Other),
            },
            Some("aws_sigv4") => SignIn::AwsSigV4(Box::new(self.aws_sigv4(at))),
            Some("hawk") => SignIn::Hawk(Box::new(HawkSignIn {
                id: self.needed(at, "id", Role::Other),
                key: self.needed(at, "key", Role::Other),
                algorithm: match at.text_of("algorithm").as_deref() {
                    Some("sha1") => HmacAlgorithm::Sha1,
                    _ => HmacAlgorithm::Sha256,
                },
                hash_payload: at.flag("hash_payload", false),
                ext: self.template_of(at, "ext", Role::Header),
                app: self.template_of(at, "app", Role::Header),
                dlg: self.template_of(at, "dlg", Role::Header),
            })),
            Some("hmac") => SignIn::Hmac(Box::new(self.hmac(at))),
            Some("oauth1") => SignIn::OAuth1(Box::new(self.oauth1_sign_in(at))),
            _ => SignIn::None,
        }
    }

    /// The account that a sign-in type or a step names.
    pub(super) fn ntlm(&mut self, at: &At<'_>) -> NtlmSignIn {
        NtlmSignIn {
            username: self.needed(at, "username", Role::Other),
            password: self.needed(at, "password", Role::Other),
            domain: self.template_of(at, "domain", Role::Other),
            workstation: self.template_of(at, "workstation", Role::Other),
        }
    }

    fn aws_sigv4(&mut self, at: &At<'_>) -> AwsSigV4SignIn {
        AwsSigV4SignIn {
            access_key_id: self.needed(at, "access_key_id", Role::Other),
            secret_access_key: self.needed(at, "secret_access_key", Role::Other),
            session_token: self.template_of(at, "session_token", Role::Header),
            region: self.needed(at, "region", Role::Other),
            service: self.needed(at, "service", Role::Other),
            location: location(at),
            unsigned_payload: at.flag("unsigned_payload", false),
            assume_role: at.get("assume_role").map(|at| AssumeRoleSettings {
                role_arn: self.needed(&at, "role_arn", Role::Other),
                session_name: self.template_of(&at, "session_name", Role::Other),
                external_id: self.template_of(&at, "external_id", Role::Other),
                duration: self.lasting(&at, "duration", DEFAULT_ROLE_DURATION),
                url: self.template_of(&at, "url", Role::Url),
            }),
        }
    }

    fn hmac(&mut self, at: &At<'_>) -> HmacSignIn {
        let location = location(at);
        let name = self.fixed_text(at, "name").unwrap_or_default();
        self.check_header(at, location, &name);
        let role = match location {
            Location::Header => Role::Header,
            Location::Query | Location::Body => Role::Query,
        };
        let key = self.needed(at, "key", Role::Other);
        let before = self.site.clone();
        self.site.signing = Signing::Text;
        let string_to_sign = self.needed(at, "string_to_sign", Role::Other);
        let headers = self.texts(at, "headers", Role::Header);
        let query = self.texts(at, "query", Role::Query);
        self.site.signing = Signing::Value;
        let value = self.template_of(at, "value", role);
        self.site = before;
        HmacSignIn {
            key,
            key_encoding: at
                .text_of("key_encoding")
                .and_then(|name| KeyEncoding::named(&name))
                .unwrap_or_default(),
            algorithm: match at.text_of("algorithm").as_deref() {
                Some("SHA1") => HmacAlgorithm::Sha1,
                Some("SHA512") => HmacAlgorithm::Sha512,
                _ => HmacAlgorithm::Sha256,
            },
            string_to_sign,
            encoding: match at.text_of("encoding").as_deref() {
                Some("base64") => SignatureEncoding::Base64,
                Some("base64url") => SignatureEncoding::Base64Url,
                _ => SignatureEncoding::Hex,
            },
            location,
            name,
            value: value.unwrap_or_else(the_signature),
            headers,
            query,
        }
    }

    fn texts(&mut self, at: &At<'_>, key: &str, role: Role) -> IndexMap<String, Template> {
        at.get(key)
            .iter()
            .flat_map(At::entries)
            .map(|(name, value)| (name.to_owned(), self.template(&value, role)))
            .collect()
    }
}

/// What stands in the signature's place where nothing is said.
fn the_signature() -> Template {
    #[allow(clippy::expect_used)]
    Template::parse("{{signature}}").expect("a fixed template")
}
