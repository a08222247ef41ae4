//! Endpoints and the test API.

use super::name::{ENDPOINT as ENDPOINT_NAME, ID};
use super::request::{REDIRECTS, REQUEST};
use super::{Key, Object, Type, key, word};

const COMMON: &[Key] = &[
    key(
        "request",
        Type::Object(&REQUEST),
        "{ method: GET, url: \"{{base_url}}/api/pages\" }",
        "What is sent.",
    )
    .required(),
    key(
        "parameters",
        Type::Map(&ID, &PARAMETERS),
        "{ limit: { type: integer, default: 20 } }",
        "What the caller may give, read as `{{parameters.limit}}`.",
    ),
    key(
        "expect",
        Type::Condition,
        "{ value: \"{{response.status}}\", equals: 200 }",
        "What a good reply looks like.",
    )
    .or("a status below 400"),
    key(
        "attach",
        Type::Bool,
        "false",
        "Whether request parameters, cookies and the sign-in type are attached.",
    )
    .or("true"),
    key(
        "resend",
        Type::Choice(&[word("allowed"), word("never")]),
        "never",
        "Whether a call that was refused for its session is sent again after a renewal.",
    )
    .or("allowed"),
    REDIRECTS.or("stop"),
];

/// An endpoint.
pub(crate) static ENDPOINT: Object = Object {
    name: "endpoint",
    doc: "A call that has a name.",
    common: COMMON,
    keys: &[key(
        "name",
        Type::Name(&ENDPOINT_NAME),
        "list_pages",
        "What the caller calls it by.",
    )
    .required()],
    rules: &[],
};

/// The test API.
pub(crate) static TEST_API: Object = Object {
    name: "test_api",
    doc: "The call that proves that a credential works.",
    common: COMMON,
    keys: &[key("name", Type::Text, "Who am I", "What people read.").or("Test API")],
    rules: &[],
};

static PARAMETERS: Type = Type::Object(&PARAMETER);

static PARAMETER: Object = Object {
    name: "parameter",
    doc: "What a caller may give to an endpoint. One that is not required and not given takes its key of the request with it.",
    common: &[],
    keys: &[
        key(
            "type",
            Type::Choice(&[
                word("string"),
                word("integer"),
                word("number"),
                word("boolean"),
                word("object"),
                word("array"),
            ]),
            "integer",
            "The JSON type it must have.",
        )
        .or("string"),
        key(
            "default",
            Type::Literal,
            "20",
            "The value where the caller gives none.",
        ),
        key(
            "required",
            Type::Bool,
            "false",
            "Whether the caller must give it.",
        )
        .or("true without a default, else false"),
    ],
    rules: &[],
};
