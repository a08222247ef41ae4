//! The sign-in type `hawk`.

use super::super::{Object, Type, key, word};

/// Hawk.
pub(super) static HAWK: Object = Object {
    name: "sign_in_hawk",
    doc: "Hawk: a MAC over method, address, host, time and nonce, made anew for each request.",
    common: &[],
    keys: &[
        key("id", Type::Template, "\"{{form1.id}}\"", "The credential's id.").required(),
        key("key", Type::Template, "\"{{form1.key}}\"", "Its key.").required(),
        key(
            "algorithm",
            Type::Choice(&[word("sha256"), word("sha1")]),
            "sha256",
            "The hash, as the credential was given out for it.",
        )
        .or("`sha256`"),
        key(
            "hash_payload",
            Type::Bool,
            "true",
            "Signs the body and its content type too. A larger body that is streamed cannot be sent then.",
        )
        .or("`false`"),
        key("ext", Type::Template, "some-data", "Anything else that the API wants signed."),
        key("app", Type::Template, "my-app", "The application's id, where the credential was given to one."),
        key("dlg", Type::Template, "some-id", "Who gave it to that application."),
    ],
    rules: &[super::super::Rule::Needs("dlg", "app")],
};
