//! The one-time password step.

use super::step::JUDGED;
use super::{Object, Type, key, word};

/// Makes a one-time password.
pub(crate) static TOTP: Object = Object {
    name: "step_totp",
    doc: "Makes the one-time password that an authenticator app would show (RFC 6238). Its time is corrected by the `Date` header of the run's last reply, up to 10 minutes; a code that was used is not used again, so the step may wait for the next one. Output: `code`, which is never stored.",
    common: JUDGED,
    keys: &[
        key(
            "secret",
            Type::Template,
            "\"{{secrets.totp_secret}}\"",
            "The shared secret in base32, spaces and lower case allowed, or an `otpauth://totp/…` address, whose own settings count where the step has none.",
        )
        .required(),
        key(
            "algorithm",
            Type::Choice(&[word("SHA1"), word("SHA256"), word("SHA512")]),
            "SHA1",
            "The hash.",
        )
        .or("SHA1"),
        key("digits", Type::Count(6, 8), "6", "How long the code is.").or("6"),
        key(
            "period",
            Type::Count(1, 3600),
            "30",
            "For how many seconds a code is the current one.",
        )
        .or("30"),
    ],
    rules: &[],
};
