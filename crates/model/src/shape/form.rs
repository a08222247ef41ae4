//! Forms and their fields.

use super::name::ID;
use super::step::PLAIN;
use super::{Object, Type, key, word};

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
