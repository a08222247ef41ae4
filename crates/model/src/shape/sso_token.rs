//! The step that hands over who the user is.

use super::oauth2::{
    AUDIENCE, CLIENT_AUDIENCE, CLIENT_CERTIFICATE, CLIENT_ID, CLIENT_KEY, CLIENT_KEY_ALGORITHM,
    CLIENT_KEY_ID, CLIENT_SECRET, DPOP, ISSUER, RESOURCE, SCOPE, TOKEN_PARAMETERS, TOKEN_URL,
};
use super::request::CLIENT_AUTH;
use super::step::REPLIED;
use super::{Object, Rule, Type, key};

/// The user's single sign-on.
pub(crate) static SSO_TOKEN: Object = Object {
    name: "step_sso_token",
    doc: "Gives the tokens with which the user signed in to Stepgate by single sign-on, or which the app handed over for them; renewed by itself where they are over. It needs no person, so a refresh flow may have it too. With `exchange` the token is exchanged for one of another audience (RFC 8693). Outputs: `access_token`, `id_token`, `claims`, and `expires_in` in seconds where it is known; with `exchange` the reply's fields as well, its `access_token` in the place of the first. In the terminal they come from `--sso-token-file`. Not for shared connections, which are nobody's.",
    common: REPLIED,
    keys: &[key(
        "exchange",
        Type::Object(&EXCHANGE),
        "{ token_url: \"https://id.example.org/token\", audience: wiki }",
        "Exchanges the access token, or the id_token where there is none.",
    )],
    rules: &[Rule::Needs("extract", "exchange")],
};

static EXCHANGE: Object = Object {
    name: "token_exchange",
    doc: "An exchange of a token for another (RFC 8693), as the step `oauth2_token_exchange` has it: the subject is the user's token, and an access token is asked for.",
    common: &[],
    keys: &[
        TOKEN_URL,
        ISSUER,
        AUDIENCE,
        CLIENT_ID,
        CLIENT_SECRET,
        CLIENT_AUTH,
        CLIENT_CERTIFICATE,
        CLIENT_KEY,
        CLIENT_KEY_ALGORITHM,
        CLIENT_KEY_ID,
        CLIENT_AUDIENCE,
        SCOPE,
        RESOURCE,
        TOKEN_PARAMETERS,
        DPOP,
    ],
    rules: &[
        Rule::AtLeastOne(&["token_url", "issuer"]),
        Rule::Needs("client_secret", "client_id"),
        Rule::Needs("client_auth", "client_id"),
        Rule::Needs("client_key", "client_id"),
    ],
};
