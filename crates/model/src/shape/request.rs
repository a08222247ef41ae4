//! A request: the same in steps, endpoints and the test API.

use super::graphql::OPERATION;
use super::name::{HEADER, KEY, METHOD};
use super::sign_in::SIGN_IN;
use super::{Key, Object, Rule, Type, key, word};
use crate::code::Code;

/// A request.
pub(crate) static REQUEST: Object = Object {
    name: "request",
    doc: "What is sent, with at most one body. An absent value is an error that names the template, except that an optional parameter takes its key with it.",
    common: &[],
    keys: &[
        key("method", Type::Name(&METHOD), "POST", "The method.").or("`GET`, or `POST` with a body"),
        key("url", Type::Template, "\"{{base_url}}/login\"", "The whole address. A value at its start stands as it is; elsewhere it is encoded for its part.").or("an error, but for a `graphql` body in a GraphQL connector, whose `base_url` it then is"),
        key("query", Type::Map(&KEY, &Type::Value), "{ limit: \"{{parameters.limit}}\" }", "Added to the address's own query; a list stands for the key several times."),
        key("headers", Type::Map(&HEADER, &Type::Template), "{ Accept: application/json }", "Headers."),
        key("json", Type::Value, "{ token: \"{{shape.bearer}}\" }", "A JSON body."),
        key("form", Type::Map(&KEY, &Type::Value), "{ user: \"{{form1.username}}\" }", "A form-encoded body; a list stands for the key several times."),
        key("multipart", Type::Map(&KEY, &Type::Value), "{ title: \"{{parameters.title}}\" }", "A multipart body, each value a part of text."),
        key("text", Type::Template, "\"{{parameters.text}}\"", "A body of text; `text/plain` unless a header says otherwise."),
        key("graphql", Type::Object(&OPERATION), "{ query: \"{ me { id } }\" }", "A GraphQL operation as a JSON body; errors in the reply are for `expect` to find."),
        key("timeout", Type::Duration, "30s", "How long the request may take.").or("30s"),
        key("sign_in", Type::Kinds(&SIGN_IN), "{ kind: basic, username: client, password: \"{{secrets.client_secret}}\" }", "How this request alone is signed.").or("none in flows, the connector's own in calls"),
    ],
    rules: &[
        Rule::AtMostOne(&["json", "form", "multipart", "text", "graphql"], Code::TwoBodies),
        Rule::AtLeastOne(&["url", "graphql"]),
    ],
};

/// Whether redirects are followed, as steps have it.
pub(crate) const REDIRECTS: Key = key(
    "redirects",
    Type::Choice(&[word("follow"), word("stop")]),
    "follow",
    "Whether a reply that points elsewhere is followed.",
);

/// One value picked out of a reply.
pub(crate) static EXTRACT: Object = Object {
    name: "extract",
    doc: "One value picked out of a reply: the first match, or with `all: true` a list.",
    common: &[],
    keys: &[
        key(
            "css",
            Type::Text,
            "\"input[name=csrf]\"",
            "A CSS selector over HTML; the text of the element.",
        ),
        key(
            "attribute",
            Type::Text,
            "value",
            "With `css`: this attribute instead of the text.",
        ),
        key(
            "json",
            Type::Text,
            "$.items[0].id",
            "A JSONPath (RFC 9535) over a JSON body.",
        ),
        key(
            "regex",
            Type::Text,
            "'csrf = \"(\\w+)\"'",
            "A regular expression over the text; the first group, or the whole match without one.",
        ),
        key("header", Type::Name(&HEADER), "x-token", "A reply header."),
        key(
            "cookie",
            Type::Text,
            "sid",
            "A cookie that the reply set, over all redirects.",
        ),
        key("all", Type::Bool, "true", "Every match as a list.").or("false"),
    ],
    rules: &[
        Rule::AtMostOne(
            &["css", "json", "regex", "header", "cookie"],
            Code::ConflictingKeys,
        ),
        Rule::AtLeastOne(&["css", "json", "regex", "header", "cookie"]),
        Rule::Needs("attribute", "css"),
    ],
};

/// How a client proves itself at a token endpoint.
pub(crate) const CLIENT_AUTH: Key = key(
    "client_auth",
    Type::Choice(&[
        word("client_secret_basic"),
        word("client_secret_post"),
        word("private_key_jwt"),
        word("tls_client_auth"),
        word("none"),
    ]),
    "client_secret_post",
    "How the client proves itself at the token endpoint. `tls_client_auth` serves certificates that it signed itself too (RFC 8705, section 2).",
)
.or("`tls_client_auth` with a `client_certificate`, `private_key_jwt` with a `client_key` alone, `client_secret_basic` with a `client_secret`, else `none`");
