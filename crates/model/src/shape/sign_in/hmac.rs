//! The sign-in type `hmac`: what an API declares about its own signature.

use super::super::name::{HEADER, KEY};
use super::super::{Object, Type, key, word};

/// A declared signature.
pub(super) static HMAC: Object = Object {
    name: "sign_in_hmac",
    doc: "A signature (HMAC, RFC 2104) as the API declares it, made anew for each request after all else of it is final. See [Signatures](#signatures) for what its templates can read.",
    common: &[],
    keys: &[
        key(
            "key",
            Type::Template,
            "\"{{secrets.signing_key}}\"",
            "The shared key.",
        )
        .required(),
        key(
            "key_encoding",
            Type::Choice(&[word("text"), word("base64"), word("hex")]),
            "base64",
            "How the key is written, where its text is not the key itself.",
        )
        .or("`text`"),
        key(
            "algorithm",
            Type::Choice(&[word("SHA1"), word("SHA256"), word("SHA512")]),
            "SHA256",
            "The hash inside.",
        )
        .or("`SHA256`"),
        key(
            "string_to_sign",
            Type::Template,
            "\"{{timestamp}}{{request.method}}{{request.target}}{{request.body}}\"",
            "What is signed.",
        )
        .required(),
        key(
            "encoding",
            Type::Choice(&[word("hex"), word("base64"), word("base64url")]),
            "base64",
            "How the signature is written.",
        )
        .or("`hex`"),
        key(
            "in",
            Type::Choice(&[word("header"), word("query")]),
            "header",
            "Where the signature goes.",
        )
        .or("`header`"),
        key(
            "name",
            Type::Name(&KEY),
            "X-Signature",
            "The name of that header or query parameter. What a caller sent under it is dropped.",
        )
        .required(),
        key(
            "value",
            Type::Template,
            "\"HMAC {{signature}}\"",
            "What stands there.",
        )
        .or("`{{signature}}`"),
        key(
            "headers",
            Type::Map(&HEADER, &Type::Template),
            "{ X-Timestamp: \"{{timestamp}}\", X-Nonce: \"{{nonce}}\" }",
            "Further headers, put on before the request is signed.",
        ),
        key(
            "query",
            Type::Map(&KEY, &Type::Template),
            "{ timestamp: \"{{timestamp_ms}}\" }",
            "Further query parameters, put on at the end of the query before the request is signed.",
        ),
    ],
    rules: &[],
};
