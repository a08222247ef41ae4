//! Forms and their fields.

use super::name::ID;
use super::step::PLAIN;
use super::{Object, Rule, Type, key, word};
use crate::code::Code;

/// Asks a person.
pub(crate) static FORM: Object = Object {
    name: "step_form",
    doc: "Asks a person, or only shows something. Outputs: each key.",
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
        ),
        key(
            "show",
            Type::List(&Type::Object(&EXHIBIT), 1),
            "[{ image: \"{{start.body.captcha}}\", label: The letters to type }]",
            "Texts, images and QR codes above the fields; what has no value is left out.",
        ),
        key(
            "resend",
            Type::Name(&ID),
            "send_code",
            "An earlier step that runs again, with those between it and the form, where the person asks for it: at most 5 times, and none of them may need a person.",
        ),
        key(
            "expires_in",
            Type::Duration,
            "5m",
            "How long the form can be answered, counted from when it was first shown, and anew after a `resend`. Then it waits for that, or the run ends.",
        )
        .or("as long as the sign-in may take"),
    ],
    rules: &[Rule::AtLeastOne(&["fields", "show"])],
};

static EXHIBIT: Object = Object {
    name: "exhibit",
    doc: "Something to see above the fields.",
    common: &[],
    keys: &[
        key(
            "text",
            Type::Template,
            "\"{{push.body.number}}\"",
            "A text, such as a number to compare.",
        ),
        key(
            "image",
            Type::Template,
            "\"{{start.body.captcha}}\"",
            "A PNG, JPEG, GIF or WebP image of at most 256 KiB: its bytes in base64, or a `data:` URL. The `body` of a reply that is such an image is one.",
        ),
        key(
            "qr",
            Type::Template,
            "\"{{start.body.uri}}\"",
            "A text that is shown as a QR code.",
        ),
        key(
            "label",
            Type::Template,
            "The letters to type",
            "What it is: shown above it, and read out to those who cannot see it.",
        ),
    ],
    rules: &[
        Rule::AtLeastOne(&["text", "image", "qr"]),
        Rule::AtMostOne(&["text", "image", "qr"], Code::ConflictingKeys),
    ],
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
            "else",
            Type::Template,
            "Six digits, please.",
            "What the person reads where the value does not match `pattern`.",
        )
        .or("that it does not have the right form"),
        key(
            "min_length",
            Type::Count(1, 10_000),
            "8",
            "The least number of characters, for what is typed as text.",
        ),
        key(
            "max_length",
            Type::Count(1, 10_000),
            "64",
            "The greatest number of characters, for what is typed as text.",
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
    rules: &[Rule::Needs("else", "pattern")],
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
