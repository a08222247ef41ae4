//! The step that signs a JSON Web Token.

use super::name::KEY;
use super::step::REPLIED;
use super::{Object, Rule, Type, Word, key, word};

/// The signature algorithms.
pub(crate) const ALGORITHMS: &[Word] = &[
    word("HS256"),
    word("HS384"),
    word("HS512"),
    word("RS256"),
    word("RS384"),
    word("RS512"),
    word("PS256"),
    word("PS384"),
    word("PS512"),
    word("ES256"),
    word("ES384"),
    word("ES512"),
    word("EdDSA"),
];

/// How a key may be written.
pub(crate) const ENCODINGS: &[Word] = &[word("text"), word("base64"), word("hex")];

/// Signs a token.
pub(crate) static JWT_BEARER: Object = Object {
    name: "step_jwt_bearer",
    doc: "Signs a JSON Web Token (RFC 7519). With `token_url` it is exchanged for an access token (RFC 7523). Outputs: `token`, or the reply's fields.",
    common: REPLIED,
    keys: &[
        key(
            "algorithm",
            Type::Choice(ALGORITHMS),
            "RS256",
            "How it is signed (RFC 7518, RFC 8037).",
        )
        .required(),
        key(
            "key",
            Type::Template,
            "\"{{secrets.private_key}}\"",
            "The private key: PEM (PKCS#8, PKCS#1, SEC1), a JSON Web Key, or DER in base64; for HS256 to HS512 the shared secret.",
        )
        .required(),
        key(
            "key_encoding",
            Type::Choice(ENCODINGS),
            "base64",
            "How the key is written, where it is not written as it is. `base64` takes both alphabets.",
        )
        .or("text"),
        key(
            "header",
            Type::Map(&KEY, &Type::Value),
            "{ kid: key-1 }",
            "Further header parameters. `alg` and `typ` come by themselves, as does `kid` from a JSON Web Key.",
        ),
        key(
            "claims",
            Type::Map(&KEY, &Type::Value),
            "{ iss: \"{{variables.client}}\", aud: \"https://id.example.org\" }",
            "The claims, which keep their JSON types. `iat`, `exp` and `jti` come by themselves; null leaves one out.",
        ),
        key("expires_in", Type::Duration, "5m", "From `iat` to `exp`.").or("5m"),
        key(
            "token_url",
            Type::Template,
            "https://id.example.org/token",
            "Where the token is exchanged for an access token.",
        ),
        key(
            "token_parameters",
            Type::Map(&KEY, &Type::Value),
            "{ scope: read }",
            "Further parameters of the exchange.",
        ),
    ],
    rules: &[
        Rule::Needs("token_parameters", "token_url"),
        Rule::Needs("extract", "token_url"),
    ],
};
