//! The step that hands over who the user is.

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
    doc: "An exchange of a token for another (RFC 8693).",
    common: &[],
    keys: &[
        key(
            "token_url",
            Type::Template,
            "https://id.example.org/token",
            "Where. Written out, its origin need not be listed.",
        )
        .required(),
        key(
            "audience",
            Type::Template,
            "wiki",
            "Whom the new token is for.",
        ),
        key("scope", Type::Template, "read", "What it is to allow."),
        key(
            "client_id",
            Type::Template,
            "\"{{variables.client}}\"",
            "The client, where the server wants one to show itself (by HTTP Basic).",
        ),
        key(
            "client_secret",
            Type::Template,
            "\"{{secrets.client_secret}}\"",
            "Its secret.",
        ),
    ],
    rules: &[Rule::Needs("client_secret", "client_id")],
};
