//! The top of a definition: everything but steps, requests and endpoints.

use super::endpoint::{ENDPOINT, TEST_API};
use super::flow::{FLOW, REFRESH_FLOW, SESSION, STEP_UP};
use super::name::{CONNECTOR as CONNECTOR_NAME, ENVIRONMENT as ENVIRONMENT_NAME, ID, KEY};
use super::sign_in::SIGN_IN;
use super::{Key, Object, Path, Rule, Type, When, key, word};
use crate::code::Code;

/// The whole definition.
pub(crate) static DEFINITION: Object = Object {
    name: "definition",
    doc: "The whole definition: one API, how to sign in to it, and what can be called.",
    common: &[],
    keys: &[
        key("stepgate", Type::Version, "1", "The version of the format.").required(),
        key(
            "connector",
            Type::Name(&CONNECTOR_NAME),
            "wiki",
            "The connector's name in paths, files and stores.",
        )
        .required(),
        key("title", Type::Text, "Team wiki", "What people read.").or("the connector's name"),
        key(
            "kind",
            Type::Choice(&[word("rest"), word("graphql")]),
            "rest",
            "Whether the API has many addresses, or speaks GraphQL at one, which is `base_url`; see [GraphQL](#graphql-connectors).",
        )
        .or("rest"),
        key(
            "base_url",
            Type::Url(Path::Allowed),
            "https://wiki.example.org",
            "Where the API lives; read as `{{base_url}}`, without a `/` at its end.",
        )
        .required(),
        key(
            "origins",
            Type::List(&Type::Url(Path::None), 0),
            "[https://files.example.org]",
            "Further origins that may get the credential.",
        ),
        key(
            "connection",
            Type::Object(&CONNECTION),
            "{ owner: user }",
            "Whose connections are and where they are kept.",
        ),
        key(
            "cookies",
            Type::Object(&COOKIES),
            "{ forward_all: true }",
            "What the connection's jar does besides flows, which always use it.",
        ),
        key(
            "variables",
            Type::Map(&ID, &Type::Literal),
            "{ client: stepgate }",
            "Static values, read as `{{variables.client}}`.",
        ),
        key(
            "secrets",
            Type::List(&Type::Name(&ID), 0),
            "[client_secret]",
            "The names of values that are set apart and never written here, read as `{{secrets.client_secret}}`; kept per environment.",
        ),
        key(
            "environments",
            Type::Map(&ENVIRONMENT_NAME, &Type::Object(&ENVIRONMENT)),
            "{ staging: { base_url: https://staging.example.org } }",
            "Other places of the same API, chosen with `--environment`.",
        ),
        key(
            "auth_flow",
            Type::Object(&FLOW),
            "{ steps: [] }",
            "How a person or a machine signs in.",
        ),
        key(
            "session",
            Type::Object(&SESSION),
            "{ margin: 60s }",
            "When the session is over.",
        ),
        key(
            "refresh_flow",
            Type::Object(&REFRESH_FLOW),
            "{ same_as_auth_flow: true }",
            "How a session that is over is renewed.",
        )
        .or("the auth flow again if no step of it needs a person, else the person is asked"),
        key(
            "step_up",
            Type::Object(&STEP_UP),
            "{ when: { value: \"{{response.body.error}}\", equals: reauthenticate }, steps: [..] }",
            "What happens where the API wants more proof for one call.",
        ),
        key(
            "logout_flow",
            Type::Object(&FLOW),
            "{ steps: [] }",
            "How the session is ended.",
        ),
        key(
            "request_parameters",
            Type::List(&Type::Object(&REQUEST_PARAMETER), 0),
            "[{ in: header, name: Authorization, value: \"Bearer {{login.body.token}}\" }]",
            "What every call and the test API get, and flow steps do not.",
        ),
        key(
            "sign_in",
            Type::Kinds(&SIGN_IN),
            "{ kind: none }",
            "How each call is signed.",
        )
        .or("{ kind: none }"),
        key(
            "client_certificate",
            Type::Object(&CLIENT_CERTIFICATE),
            "{ certificate: \"{{secrets.certificate}}\", key: \"{{secrets.certificate_key}}\" }",
            "What is shown to the connector's origins, over https, while steps and calls connect to them (RFC 8705).",
        ),
        key(
            "test_api",
            Type::Object(&TEST_API),
            "{ request: { method: GET, url: \"{{base_url}}/me\" } }",
            "The call that proves that a credential works.",
        ),
        key(
            "endpoints",
            Type::List(&Type::Object(&ENDPOINT), 0),
            "[{ name: list_pages, request: .. }]",
            "The calls that have a name.",
        ),
    ],
    rules: &[],
};

static CLIENT_CERTIFICATE: Object = Object {
    name: "client_certificate",
    doc: "A certificate that Stepgate proves itself by as the client. Connections that were made with it serve nothing else.",
    common: &[],
    keys: &[
        key(
            "certificate",
            Type::Template,
            "\"{{secrets.certificate}}\"",
            "The certificate as PEM, those above it after it.",
        )
        .required(),
        key(
            "key",
            Type::Template,
            "\"{{secrets.certificate_key}}\"",
            "Its private key as PEM: PKCS#8, PKCS#1 or SEC1.",
        )
        .required(),
    ],
    rules: &[],
};

static CONNECTION: Object = Object {
    name: "connection",
    doc: "Whose connections are and where they are kept.",
    common: &[],
    keys: &[
        key(
            "owner",
            Type::Choice(&[word("user"), word("shared")]),
            "user",
            "`user`: each user signs in. `shared`: one for all, signed in by a builder.",
        )
        .or("user"),
        key(
            "keep_in",
            Type::Choice(&[word("server"), word("browser")]),
            "server",
            "Where the credential is kept; in the browser it is a blob that only the server opens.",
        )
        .or("server"),
        key(
            "identity",
            Type::Template,
            "\"{{login.body.user.id}}\"",
            "Which account it is; compared at each new sign-in.",
        ),
        key(
            "label",
            Type::Template,
            "\"{{login.body.user.name}}\"",
            "What people read.",
        ),
    ],
    rules: &[Rule::Clash(
        When {
            key: "owner",
            is: Some("shared"),
        },
        When {
            key: "keep_in",
            is: Some("browser"),
        },
        Code::SharedInBrowser,
    )],
};

static COOKIES: Object = Object {
    name: "cookies",
    doc: "Flows always use the connection's jar. Of two cookies of one name counts the one that would be sent to the URL first.",
    common: &[],
    keys: &[
        key(
            "forward_all",
            Type::Bool,
            "true",
            "The jar goes with every call too.",
        )
        .or("false"),
        key(
            "double_submit",
            Type::Object(&DOUBLE_SUBMIT),
            "{ cookie: csrftoken, send_as: { in: header, name: X-CSRFToken } }",
            "Copies the newest value of a cookie onto every request of flows and calls that goes to the connector's origins, once the cookie is there. Calls without the jar have none.",
        ),
    ],
    rules: &[],
};

static DOUBLE_SUBMIT: Object = Object {
    name: "double_submit",
    doc: "A cookie that is sent a second time, where a script of the page would put it.",
    common: &[],
    keys: &[
        key("cookie", Type::Text, "csrftoken", "The cookie's name.").required(),
        key(
            "send_as",
            Type::Object(&SEND_AS),
            "{ in: header, name: X-CSRFToken }",
            "Where the copy goes.",
        )
        .required(),
    ],
    rules: &[],
};

const IN: Key = key(
    "in",
    Type::Choice(&[word("header"), word("query"), word("body")]),
    "header",
    "Which part of the request; `body` adds a key to a JSON or form body and a part to a multipart one.",
)
.required();

static SEND_AS: Object = Object {
    name: "send_as",
    doc: "A named place in a request. `in: body` counts only where there is a body.",
    common: &[],
    keys: &[
        IN,
        key(
            "name",
            Type::Name(&KEY),
            "X-CSRFToken",
            "The header, query or body key.",
        )
        .required(),
    ],
    rules: &[],
};

static ENVIRONMENT: Object = Object {
    name: "environment",
    doc: "What another place of the same API changes.",
    common: &[],
    keys: &[
        key(
            "base_url",
            Type::Url(Path::Allowed),
            "https://staging.example.org",
            "Its own base URL.",
        )
        .or("the connector's"),
        key(
            "variables",
            Type::Map(&ID, &Type::Literal),
            "{ client: stepgate-staging }",
            "Values that replace variables of the connector.",
        ),
    ],
    rules: &[],
};

pub(super) static REQUEST_PARAMETER: Object = Object {
    name: "request_parameter",
    doc: "A value added to every endpoint call and the test API.",
    common: &[],
    keys: &[
        IN,
        key(
            "name",
            Type::Name(&KEY),
            "Authorization",
            "The header, query or body key.",
        )
        .required(),
        key(
            "value",
            Type::Value,
            "\"Bearer {{login.body.token}}\"",
            "Any JSON value; in a header or query a text.",
        )
        .required(),
        key(
            "when",
            Type::Condition,
            "{ value: \"{{request.method}}\", equals: POST }",
            "Added only where this holds.",
        ),
    ],
    rules: &[],
};
