//! OAuth 1.0a: the step kind and the sign-in type.

use super::step::REPLIED;
use super::{Key, Object, Rule, Type, key, word};

const CONSUMER_KEY: Key = key(
    "consumer_key",
    Type::Template,
    "\"{{variables.consumer_key}}\"",
    "The client's key.",
)
.required();
const CONSUMER_SECRET: Key = key(
    "consumer_secret",
    Type::Template,
    "\"{{secrets.consumer_secret}}\"",
    "The client's shared secret; for `RSA-SHA1` its private key in PEM (PKCS#8 or PKCS#1).",
)
.required();
const SIGNATURE_METHOD: Key = key(
    "signature_method",
    Type::Choice(&[
        word("HMAC-SHA1"),
        word("HMAC-SHA256"),
        word("RSA-SHA1"),
        word("PLAINTEXT"),
    ]),
    "HMAC-SHA256",
    "How requests are signed. `PLAINTEXT` sends the secrets as they are, so it is for https alone.",
)
.or("HMAC-SHA1");
const IN: Key = key(
    "in",
    Type::Choice(&[word("header"), word("query"), word("body")]),
    "query",
    "Where the protocol's parameters stand; `body` needs a form-encoded one.",
)
.or("header");

/// Gets a token.
pub(crate) static OAUTH1: Object = Object {
    name: "step_oauth1",
    doc: "OAuth 1.0a (RFC 5849). With `authorization_url` three-legged: a person agrees at the API, and comes back to `{{callback_url}}`. Without it two-legged: it needs no person, and may stand in a refresh flow. Outputs: the reply's fields, such as `oauth_token` and `oauth_token_secret`.",
    common: REPLIED,
    keys: &[
        key(
            "request_token_url",
            Type::Template,
            "\"{{base_url}}/oauth/request_token\"",
            "Where temporary credentials come from. Two-legged, it may be left out.",
        ),
        key(
            "authorization_url",
            Type::Template,
            "\"{{base_url}}/oauth/authorize\"",
            "Where the person goes.",
        )
        .or("two-legged"),
        key(
            "access_token_url",
            Type::Template,
            "\"{{base_url}}/oauth/access_token\"",
            "Where the token comes from.",
        )
        .required(),
        CONSUMER_KEY,
        CONSUMER_SECRET,
        SIGNATURE_METHOD,
        IN,
    ],
    rules: &[Rule::Needs("authorization_url", "request_token_url")],
};

/// Signs each request.
pub(crate) static SIGN_IN_OAUTH1: Object = Object {
    name: "sign_in_oauth1",
    doc: "OAuth 1.0a (RFC 5849): signs the method, the address and all parameters of a query or form. Without `token` the client signs for itself.",
    common: &[],
    keys: &[
        CONSUMER_KEY,
        CONSUMER_SECRET,
        key(
            "token",
            Type::Template,
            "\"{{login.oauth_token}}\"",
            "The token.",
        ),
        key(
            "token_secret",
            Type::Template,
            "\"{{login.oauth_token_secret}}\"",
            "The token's secret.",
        ),
        SIGNATURE_METHOD,
        IN,
    ],
    rules: &[Rule::Needs("token_secret", "token")],
};
