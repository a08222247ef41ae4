//! The sign-in type `aws_sigv4`.

use super::super::{Object, Type, key, word};

/// AWS Signature Version 4.
pub(super) static AWS_SIGV4: Object = Object {
    name: "sign_in_aws_sigv4",
    doc: "AWS Signature Version 4, made anew for each request. With `service: s3` paths are encoded once, as S3 alone has it, and the body's hash is sent along.",
    common: &[],
    keys: &[
        key(
            "access_key_id",
            Type::Template,
            "\"{{form1.access_key_id}}\"",
            "The access key's id.",
        )
        .required(),
        key(
            "secret_access_key",
            Type::Template,
            "\"{{form1.secret_access_key}}\"",
            "The access key.",
        )
        .required(),
        key(
            "session_token",
            Type::Template,
            "\"{{login.body.SessionToken}}\"",
            "What goes along with temporary credentials.",
        ),
        key("region", Type::Template, "eu-central-1", "The region.").required(),
        key(
            "service",
            Type::Template,
            "execute-api",
            "The service, as its addresses name it.",
        )
        .required(),
        key(
            "in",
            Type::Choice(&[word("header"), word("query")]),
            "query",
            "Where the signature goes; in the query it is good for 5 minutes.",
        )
        .or("`header`"),
        key(
            "unsigned_payload",
            Type::Bool,
            "true",
            "Permits a larger body, which is streamed, to go unsigned over https. S3 takes that.",
        )
        .or("`false`"),
        key(
            "assume_role",
            Type::Object(&ASSUME_ROLE),
            "{ role_arn: \"arn:aws:iam::123456789012:role/orders\" }",
            "Uses the key for nothing but taking on this role.",
        ),
    ],
    rules: &[],
};

static ASSUME_ROLE: Object = Object {
    name: "assume_role",
    doc: "A role that AWS STS gives temporary credentials for. They are kept in memory, asked for anew five minutes before they end, and sign each request in place of the key.",
    common: &[],
    keys: &[
        key(
            "role_arn",
            Type::Template,
            "\"arn:aws:iam::123456789012:role/orders\"",
            "The role.",
        )
        .required(),
        key(
            "session_name",
            Type::Template,
            "stepgate",
            "Under which name the role's doings are logged.",
        )
        .or("`stepgate`"),
        key(
            "external_id",
            Type::Template,
            "\"{{variables.external_id}}\"",
            "What the role's owner asks of third parties.",
        ),
        key(
            "duration",
            Type::Duration,
            "1h",
            "How long the credentials last: 15 minutes to 12 hours.",
        )
        .or("1h"),
        key(
            "url",
            Type::Template,
            "https://sts.amazonaws.com/",
            "The STS endpoint.",
        )
        .or("that of the region"),
    ],
    rules: &[],
};
