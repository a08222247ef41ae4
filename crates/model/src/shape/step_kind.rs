//! The step kinds, each with its own keys.

use super::name::{ID, KEY};
use super::request::{CLIENT_AUTH, REDIRECTS, REQUEST};
use super::step::{JUDGED, PLAIN, REPLIED};
use super::{Key, Object, Rule, Type, key, word};

/// Asks a person.
pub(crate) static FORM: Object = Object {
    name: "step_form",
    doc: "Asks a person. Outputs: each key.",
    common: PLAIN,
    keys: &[
        key(
            "title",
            Type::Template,
            "Sign in to the wiki",
            "The heading.",
        )
        .or("the connector's title"),
        key(
            "text",
            Type::Template,
            "Use your staff account.",
            "A sentence above the fields.",
        ),
        key(
            "fields",
            Type::List(&Type::Object(&FIELD), 1),
            "[{ key: username, type: text, label: User name }]",
            "What is asked, in the order shown.",
        )
        .required(),
        key(
            "show",
            Type::Value,
            "[{ qr: \"{{start.body.uri}}\" }]",
            "Text, images and QR codes above the fields.",
        )
        .later(),
        key(
            "resend",
            Type::Text,
            "send_code",
            "A step that runs again when the person asks for it.",
        )
        .later(),
        key(
            "expires_in",
            Type::Duration,
            "5m",
            "How long the form can be answered.",
        )
        .later(),
    ],
    rules: &[],
};

static FIELD: Object = Object {
    name: "field",
    doc: "One value that a person is asked for.",
    common: &[],
    keys: &[
        key("key", Type::Name(&ID), "username", "The output's name.").required(),
        key(
            "type",
            Type::Choice(&[
                word("text"),
                word("number"),
                word("email"),
                word("password"),
                word("otp"),
                word("choice"),
            ]),
            "password",
            "What is typed or chosen.",
        )
        .or("text"),
        key("label", Type::Template, "User name", "What people read.").or("the key"),
        key(
            "help",
            Type::Template,
            "As on your badge.",
            "A sentence below the field.",
        ),
        key(
            "placeholder",
            Type::Template,
            "ana@example.org",
            "A hint inside the empty field.",
        ),
        key(
            "required",
            Type::Bool,
            "false",
            "Whether the form can only be sent with it.",
        )
        .or("true"),
        key(
            "default",
            Type::Template,
            "\"{{variables.tenant}}\"",
            "What stands in it at first.",
        ),
        key(
            "pattern",
            Type::Text,
            "'[0-9]{6}'",
            "A regular expression that the whole value must match.",
        ),
        key(
            "options",
            Type::ListOr(&Type::List(&OPTION, 1), &Type::Template),
            "[{ value: eu, label: Europe }]",
            "For a choice: texts, maps of `value` and `label`, or a template that yields such a list.",
        ),
        key(
            "remember",
            Type::Bool,
            "false",
            "Whether it is stored after sign-in; an otp never is.",
        )
        .or("only if something outside the auth flow reads it, or with `use_stored_credentials`"),
    ],
    rules: &[],
};

static OPTION: Type = Type::MapOrText(&OPTION_OBJECT);

static OPTION_OBJECT: Object = Object {
    name: "option",
    doc: "One thing that can be chosen.",
    common: &[],
    keys: &[
        key("value", Type::Text, "eu", "The output's value.").required(),
        key("label", Type::Text, "Europe", "What people read.").or("the value"),
    ],
    rules: &[],
};

/// Sends a request.
pub(crate) static API_REQUEST: Object = Object {
    name: "step_api_request",
    doc: "Sends a request. Outputs: `status`, `headers`, `body`, `cookies`, `url`, and the extracted.",
    common: REPLIED,
    keys: &[
        key(
            "request",
            Type::Object(&REQUEST),
            "{ method: GET, url: \"{{base_url}}/login\" }",
            "What is sent.",
        )
        .required(),
        REDIRECTS.or("follow"),
        key(
            "poll",
            Type::Object(&POLL),
            "{ every: 5s, for: 5m, until: { value: \"{{response.body.status}}\", equals: approved } }",
            "Sends the request again until a condition holds.",
        ),
    ],
    rules: &[],
};

static POLL: Object = Object {
    name: "poll",
    doc: "Sends a request again until a condition holds.",
    common: &[],
    keys: &[
        key(
            "every",
            Type::Duration,
            "5s",
            "The time between two requests.",
        )
        .or("5s"),
        key(
            "for",
            Type::Duration,
            "5m",
            "The time after which the step fails.",
        )
        .or("5m"),
        key(
            "until",
            Type::Condition,
            "{ value: \"{{response.body.status}}\", equals: approved }",
            "When to stop.",
        )
        .required(),
    ],
    rules: &[],
};

/// Sends a person elsewhere.
pub(crate) static CALLBACK: Object = Object {
    name: "step_callback",
    doc: "Sends a person to an address and waits for the API to send them back to `{{callback_url}}`. `state` is compared by itself when the URL carries it. Outputs: the query parameters.",
    common: JUDGED,
    keys: &[
        key(
            "url",
            Type::Template,
            "\"{{base_url}}/authorize?return={{callback_url}}&state={{state}}\"",
            "Where the person goes.",
        )
        .required(),
        key(
            "decode",
            Type::Bool,
            "true",
            "Whether the query parameters are percent-decoded.",
        )
        .or("true"),
        key(
            "outputs",
            Type::List(&Type::Name(&KEY), 0),
            "[code]",
            "The query parameters that are kept; the check then knows their names.",
        )
        .or("all of them"),
    ],
    rules: &[],
};

/// Runs JavaScript.
pub(crate) static JS_CODE: Object = Object {
    name: "step_js_code",
    doc: "Runs JavaScript that sees its parameters by name and returns an object. Outputs: the object's fields.",
    common: JUDGED,
    keys: &[
        key(
            "parameters",
            Type::Map(&ID, &Type::Value),
            "{ body: \"{{login.body}}\" }",
            "The values the code sees.",
        ),
        key(
            "code",
            Type::Text,
            "\"return { bearer: body.token.trim() }\"",
            "The body of a function.",
        )
        .required(),
    ],
    rules: &[],
};

/// Makes a Basic header value.
pub(crate) static BASIC: Object = Object {
    name: "step_basic",
    doc: "Makes an HTTP Basic header value. Output: `authorization`.",
    common: PLAIN,
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

const AUTHORIZATION_URL: Key = key(
    "authorization_url",
    Type::Template,
    "https://id.example.org/authorize",
    "Where the person goes.",
)
.or("from the issuer's metadata");
const TOKEN_URL: Key = key(
    "token_url",
    Type::Template,
    "https://id.example.org/token",
    "The token endpoint.",
)
.or("from the issuer's metadata");
const ISSUER: Key = key(
    "issuer",
    Type::Template,
    "https://id.example.org",
    "The issuer whose metadata (RFC 8414, OpenID Connect Discovery) names the addresses.",
);
const CLIENT_ID: Key = key("client_id", Type::Template, "stepgate", "The client's id.");
const CLIENT_SECRET: Key = key(
    "client_secret",
    Type::Template,
    "\"{{secrets.client_secret}}\"",
    "The client's secret.",
);
const SCOPE: Key = key(
    "scope",
    Type::Template,
    "openid offline_access",
    "What is asked for, separated by spaces.",
);
const RESOURCE: Key = key(
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
const TOKEN_PARAMETERS: Key = key(
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
    "Where the authorization parameters are pushed to (RFC 9126).",
)
.later();
const DPOP: Key = key(
    "dpop",
    Type::Bool,
    "true",
    "Whether tokens are bound to a key (RFC 9449).",
)
.later();

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
