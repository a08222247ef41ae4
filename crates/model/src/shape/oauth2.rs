//! The OAuth 2 step kinds.

use super::jwt_bearer::ALGORITHMS;
use super::name::{ID, KEY};
use super::request::CLIENT_AUTH;
use super::step::REPLIED;
use super::{Key, Object, Rule, Type, key, word};

const AUTHORIZATION_URL: Key = key(
    "authorization_url",
    Type::Template,
    "https://id.example.org/authorize",
    "Where the person goes.",
)
.or("from the issuer's metadata");
pub(super) const TOKEN_URL: Key = key(
    "token_url",
    Type::Template,
    "https://id.example.org/token",
    "The token endpoint.",
)
.or("from the issuer's metadata");
pub(super) const ISSUER: Key = key(
    "issuer",
    Type::Template,
    "https://id.example.org",
    "The issuer whose metadata (RFC 8414, OpenID Connect Discovery) names the addresses.",
);
pub(super) const CLIENT_ID: Key = key("client_id", Type::Template, "stepgate", "The client's id.");
pub(super) const CLIENT_SECRET: Key = key(
    "client_secret",
    Type::Template,
    "\"{{secrets.client_secret}}\"",
    "The client's secret.",
);
pub(super) const CLIENT_CERTIFICATE: Key = key(
    "client_certificate",
    Type::Template,
    "\"{{secrets.client_certificate}}\"",
    "With `tls_client_auth`: the certificate that the client shows to the token endpoint (RFC 8705), as PEM, those above it after it.",
)
.or("that of the connector");
pub(super) const CLIENT_KEY: Key = key(
    "client_key",
    Type::Template,
    "\"{{secrets.client_key}}\"",
    "With `private_key_jwt`: the client's private key, as `key` of `jwt_bearer`. With `tls_client_auth`: the key of its certificate, as PEM.",
);
pub(super) const CLIENT_KEY_ALGORITHM: Key = key(
    "client_key_algorithm",
    Type::Choice(ALGORITHMS),
    "PS256",
    "How the client's key signs.",
)
.or("`RS256` with an RSA key, and what its curve has with others");
pub(super) const CLIENT_KEY_ID: Key = key(
    "client_key_id",
    Type::Template,
    "key-1",
    "The name by which the server knows the client's key (`kid`).",
)
.or("that of a JSON Web Key, else none");
pub(super) const CLIENT_AUDIENCE: Key = key(
    "client_audience",
    Type::Template,
    "https://id.example.org",
    "Whom the client's signed statement is for (`aud`).",
)
.or("`token_url`, else `issuer`");
pub(super) const SCOPE: Key = key(
    "scope",
    Type::ListOr(&Type::List(&Type::Template, 1), &Type::Template),
    "openid offline_access",
    "What is asked for, separated by spaces or as a list.",
);
pub(super) const RESOURCE: Key = key(
    "resource",
    Type::ListOr(&Type::List(&Type::Template, 1), &Type::Template),
    "https://api.example.org",
    "What the token is for (RFC 8707), one or a list.",
);
const AUTHORIZATION_PARAMETERS: Key = key(
    "authorization_parameters",
    Type::Map(&KEY, &Type::Value),
    "{ prompt: consent }",
    "Further parameters of the authorization address.",
);
pub(super) const TOKEN_PARAMETERS: Key = key(
    "token_parameters",
    Type::Map(&KEY, &Type::Value),
    "{ audience: api }",
    "Further parameters of the token request.",
);
const REVOCATION_URL: Key = key(
    "revocation_url",
    Type::Template,
    "https://id.example.org/revoke",
    "Where a sign-out revokes the tokens (RFC 7009).",
);
const CHALLENGE: Key = key(
    "code_challenge_method",
    Type::Choice(&[word("S256"), word("plain")]),
    "S256",
    "How the code is bound to this client (RFC 7636). `plain` is accepted with a warning.",
);
const PAR_URL: Key = key(
    "par_url",
    Type::Template,
    "https://id.example.org/par",
    "Where the authorization parameters are pushed to (RFC 9126), so that the browser carries none of them.",
)
.or("from the issuer's metadata, where the issuer wants nothing else");
pub(super) const AUDIENCE: Key = key(
    "audience",
    Type::ListOr(&Type::List(&Type::Template, 1), &Type::Template),
    "billing",
    "The service that the new token is for, by the name that the server knows it by, or a list of them.",
);
pub(super) const DPOP: Key = key(
    "dpop",
    Type::Bool,
    "true",
    "Whether tokens are bound to a key (RFC 9449): one of the credential's own, on P-256, that is made at the sign-in and that nothing can read. The requests which ask for tokens prove it, and so does each step and call whose `Authorization` is `DPoP {{login.access_token}}`.",
)
.or("false");

/// The authorization code grant.
pub(crate) static OAUTH2: Object = Object {
    name: "step_oauth2",
    doc: "The OAuth 2 authorization code grant; with PKCE only where `code_challenge_method` is written. Outputs: the reply's fields.",
    common: REPLIED,
    keys: &[
        AUTHORIZATION_URL,
        TOKEN_URL,
        ISSUER,
        CLIENT_ID.required(),
        CLIENT_SECRET,
        CLIENT_AUTH,
        CLIENT_CERTIFICATE,
        CLIENT_KEY,
        CLIENT_KEY_ALGORITHM,
        CLIENT_KEY_ID,
        CLIENT_AUDIENCE,
        SCOPE,
        RESOURCE,
        AUTHORIZATION_PARAMETERS,
        TOKEN_PARAMETERS,
        CHALLENGE.or("no PKCE"),
        PAR_URL,
        DPOP,
        REVOCATION_URL,
    ],
    rules: &[
        Rule::AtLeastOne(&["authorization_url", "issuer"]),
        Rule::AtLeastOne(&["token_url", "issuer"]),
    ],
};

/// The authorization code grant with PKCE.
pub(crate) static OAUTH2_PKCE: Object = Object {
    name: "step_oauth2_pkce",
    doc: "The OAuth 2 authorization code grant with PKCE. Outputs: the reply's fields.",
    common: REPLIED,
    keys: &[
        AUTHORIZATION_URL,
        TOKEN_URL,
        ISSUER,
        CLIENT_ID.required(),
        CLIENT_SECRET,
        CLIENT_AUTH,
        CLIENT_CERTIFICATE,
        CLIENT_KEY,
        CLIENT_KEY_ALGORITHM,
        CLIENT_KEY_ID,
        CLIENT_AUDIENCE,
        SCOPE,
        RESOURCE,
        AUTHORIZATION_PARAMETERS,
        TOKEN_PARAMETERS,
        CHALLENGE.or("S256"),
        PAR_URL,
        DPOP,
        REVOCATION_URL,
    ],
    rules: &[
        Rule::AtLeastOne(&["authorization_url", "issuer"]),
        Rule::AtLeastOne(&["token_url", "issuer"]),
    ],
};

/// The client credentials grant.
pub(crate) static OAUTH2_CLIENT_CREDENTIALS: Object = Object {
    name: "step_oauth2_client_credentials",
    doc: "The OAuth 2 client credentials grant, which needs no person. Outputs: the reply's fields.",
    common: REPLIED,
    keys: &[
        TOKEN_URL,
        ISSUER,
        CLIENT_ID.required(),
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
        REVOCATION_URL,
    ],
    rules: &[Rule::AtLeastOne(&["token_url", "issuer"])],
};

/// The refresh token grant.
pub(crate) static OAUTH2_REFRESH: Object = Object {
    name: "step_oauth2_refresh",
    doc: "The OAuth 2 refresh token grant. With `of` it inherits that step's settings and renews its outputs by itself. A reply without a new refresh token keeps the old one. Outputs: the reply's fields.",
    common: REPLIED,
    keys: &[
        key(
            "of",
            Type::Name(&ID),
            "login",
            "The OAuth 2 step of the auth flow that is renewed.",
        ),
        key(
            "refresh_token",
            Type::Template,
            "\"{{login.refresh_token}}\"",
            "The refresh token.",
        )
        .or("that of the step named by `of`"),
        TOKEN_URL,
        ISSUER,
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
        REVOCATION_URL,
    ],
    rules: &[
        Rule::AtLeastOne(&["of", "refresh_token"]),
        Rule::AtLeastOne(&["of", "client_id"]),
        Rule::AtLeastOne(&["of", "token_url", "issuer"]),
    ],
};

/// The token exchange grant.
pub(crate) static OAUTH2_TOKEN_EXCHANGE: Object = Object {
    name: "step_oauth2_token_exchange",
    doc: "The OAuth 2 token exchange grant (RFC 8693): a token that is there already is given for one of another service, of less scope, or for acting for somebody. Needs no person. Outputs: the reply's fields, `issued_token_type` among them.",
    common: REPLIED,
    keys: &[
        TOKEN_URL,
        ISSUER,
        key(
            "subject_token",
            Type::Template,
            "\"{{login.access_token}}\"",
            "The token that says for whom the new one is.",
        )
        .required(),
        key(
            "subject_token_type",
            Type::Template,
            "id_token",
            "What it is: `access_token`, `refresh_token`, `id_token`, `saml1`, `saml2`, `jwt`, or a URI of the server's own.",
        )
        .or("access_token"),
        key(
            "actor_token",
            Type::Template,
            "\"{{machine.access_token}}\"",
            "The token that says who acts for them.",
        ),
        key(
            "actor_token_type",
            Type::Template,
            "jwt",
            "What that is.",
        )
        .or("access_token"),
        key(
            "requested_token_type",
            Type::Template,
            "access_token",
            "What kind of token is wanted, in the same words.",
        )
        .or("what the server thinks right"),
        AUDIENCE,
        CLIENT_ID.required(),
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
        REVOCATION_URL,
    ],
    rules: &[
        Rule::AtLeastOne(&["token_url", "issuer"]),
        Rule::Needs("actor_token_type", "actor_token"),
    ],
};

/// The device authorization grant.
pub(crate) static DEVICE_CODE: Object = Object {
    name: "step_device_code",
    doc: "The OAuth 2 device authorization grant (RFC 8628): the person enters a code at an address, on any device, while this step asks the token endpoint as often as it is told to. Outputs: the reply's fields.",
    common: REPLIED,
    keys: &[
        key(
            "device_authorization_url",
            Type::Template,
            "https://id.example.org/device",
            "The device authorization endpoint.",
        )
        .or("from the issuer's metadata"),
        TOKEN_URL,
        ISSUER,
        CLIENT_ID.required(),
        CLIENT_SECRET,
        CLIENT_AUTH,
        CLIENT_CERTIFICATE,
        CLIENT_KEY,
        CLIENT_KEY_ALGORITHM,
        CLIENT_KEY_ID,
        CLIENT_AUDIENCE,
        SCOPE,
        RESOURCE,
        key(
            "authorization_parameters",
            Type::Map(&KEY, &Type::Value),
            "{ audience: api }",
            "Further parameters of the device authorization request.",
        ),
        TOKEN_PARAMETERS,
        DPOP,
        REVOCATION_URL,
    ],
    rules: &[
        Rule::AtLeastOne(&["device_authorization_url", "issuer"]),
        Rule::AtLeastOne(&["token_url", "issuer"]),
    ],
};
