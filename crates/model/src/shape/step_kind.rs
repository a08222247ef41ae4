//! The step kinds, each with its own keys.

use super::name::{ID, KEY};
use super::request::{REDIRECTS, REQUEST};
use super::sign_in::{DOMAIN, PASSWORD, USERNAME, WORKSTATION};
use super::step::{JUDGED, PLAIN, REPLIED};
use super::{Object, Type, key};

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

/// Sends a request on a connection that NTLM signs in.
pub(crate) static NTLM: Object = Object {
    name: "step_ntlm",
    doc: "Sends a request on a connection that NTLMv2 signs in, never NTLMv1 or LM. The proof goes to the request's own address and the connector's origins alone. Outputs: `status`, `headers`, `body`, `cookies`, `url`, and the extracted.",
    common: REPLIED,
    keys: &[
        USERNAME,
        PASSWORD,
        DOMAIN,
        WORKSTATION,
        key(
            "request",
            Type::Object(&REQUEST),
            "{ method: GET, url: \"{{base_url}}/_api/web\" }",
            "What is sent; it has no `sign_in` of its own.",
        )
        .required(),
    ],
    rules: &[],
};
