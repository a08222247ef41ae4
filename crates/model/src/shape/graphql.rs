//! A GraphQL operation: as a step, and as the body of a request.

use super::name::{HEADER, ID};
use super::step::REPLIED;
use super::{Key, Object, Type, key, word};

const QUERY: Key = key(
    "query",
    Type::Template,
    "\"mutation ($user: String!) { login(user: $user) { token } }\"",
    "The text of the operation, which the check reads. Values belong into `variables`: a template can only be all of the text.",
)
.required();
const VARIABLES: Key = key(
    "variables",
    Type::Map(&ID, &Type::Value),
    "{ user: \"{{form1.username}}\" }",
    "The operation's variables, which keep their JSON types.",
)
.or("in an endpoint of a GraphQL connector the parameters of the same names, one by one");
const OPERATION_NAME: Key = key(
    "operation_name",
    Type::Template,
    "Login",
    "Which operation of the text is meant, where it has several.",
);

/// Sends an operation.
pub(crate) static GRAPHQL_REQUEST: Object = Object {
    name: "step_graphql_request",
    doc: "Sends a GraphQL operation. A reply with `errors` fails the step, also where its status is 200. Outputs: `status`, `headers`, `body`, `cookies`, `url`, and the extracted.",
    common: REPLIED,
    keys: &[
        key(
            "url",
            Type::Template,
            "\"{{base_url}}/graphql\"",
            "The address.",
        )
        .or("an error, but in a GraphQL connector `base_url`"),
        QUERY,
        VARIABLES,
        OPERATION_NAME,
        key(
            "headers",
            Type::Map(&HEADER, &Type::Template),
            "{ X-Client: stepgate }",
            "Headers.",
        ),
        key(
            "errors",
            Type::Choice(&[word("fail"), word("keep")]),
            "keep",
            "Whether a reply with `errors` fails the step, or is judged by `expect` and the status alone.",
        )
        .or("fail"),
    ],
    rules: &[],
};

/// An operation as a body.
pub(crate) static OPERATION: Object = Object {
    name: "graphql",
    doc: "A GraphQL operation, sent as JSON.",
    common: &[],
    keys: &[QUERY, VARIABLES, OPERATION_NAME],
    rules: &[],
};
