//! The sign-in types; one file for each that has more than two keys.

mod aws_sigv4;
mod hawk;
mod hmac;
mod ntlm;

use super::oauth1::SIGN_IN_OAUTH1;
use super::{Kind, Kinds, Object, Type, key};
use aws_sigv4::AWS_SIGV4;
use hawk::HAWK;
use hmac::HMAC;
use ntlm::NTLM;
pub(crate) use ntlm::{DOMAIN, PASSWORD, USERNAME, WORKSTATION};

/// A sign-in type.
pub(crate) static SIGN_IN: Kinds = Kinds {
    name: "sign_in",
    noun: "sign-in type",
    doc: "A scheme that signs each request itself.",
    kinds: &[
        Kind {
            name: "none",
            object: &NONE,
        },
        Kind {
            name: "basic",
            object: &BASIC,
        },
        Kind {
            name: "bearer",
            object: &BEARER,
        },
        Kind {
            name: "ntlm",
            object: &NTLM,
        },
        Kind {
            name: "oauth1",
            object: &SIGN_IN_OAUTH1,
        },
        Kind {
            name: "digest",
            object: &DIGEST,
        },
        Kind {
            name: "aws_sigv4",
            object: &AWS_SIGV4,
        },
        Kind {
            name: "hawk",
            object: &HAWK,
        },
        Kind {
            name: "hmac",
            object: &HMAC,
        },
    ],
};

static NONE: Object = Object {
    name: "sign_in_none",
    doc: "Not signed.",
    common: &[],
    keys: &[],
    rules: &[],
};

static BASIC: Object = Object {
    name: "sign_in_basic",
    doc: "HTTP Basic (RFC 7617).",
    common: &[],
    keys: &[
        key(
            "username",
            Type::Template,
            "\"{{form1.username}}\"",
            "The user name.",
        )
        .required(),
        key(
            "password",
            Type::Template,
            "\"{{form1.password}}\"",
            "The password.",
        )
        .required(),
    ],
    rules: &[],
};

static BEARER: Object = Object {
    name: "sign_in_bearer",
    doc: "A bearer token (RFC 6750) in the Authorization header.",
    common: &[],
    keys: &[key(
        "token",
        Type::Template,
        "\"{{login.body.token}}\"",
        "The token.",
    )
    .required()],
    rules: &[],
};

static DIGEST: Object = Object {
    name: "sign_in_digest",
    doc: "HTTP Digest (RFC 7616): answers the API's challenge, which is kept and counted for the calls after it. Knows SHA-256, SHA-512-256 and MD5, each with `-sess`, and the protections `auth` and `auth-int`.",
    common: &[],
    keys: &[
        key(
            "username",
            Type::Template,
            "\"{{form1.username}}\"",
            "The user name.",
        )
        .required(),
        key(
            "password",
            Type::Template,
            "\"{{form1.password}}\"",
            "The password.",
        )
        .required(),
    ],
    rules: &[],
};
