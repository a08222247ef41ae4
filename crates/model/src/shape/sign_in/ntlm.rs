//! The sign-in type `ntlm`, and the account that the step of that name shares with it.

use super::super::{Key, Object, Type, key};

/// NTLM on each connection.
pub(super) static NTLM: Object = Object {
    name: "sign_in_ntlm",
    doc: "NTLMv2 (MS-NLMP) with MIC and channel binding, never NTLMv1 or LM. It signs in connections rather than requests: each speaks HTTP/1.1 and belongs to one credential. A server that offers `Negotiate` alone has to offer `NTLM` too.",
    common: &[],
    keys: &[USERNAME, PASSWORD, DOMAIN, WORKSTATION],
    rules: &[],
};

/// The user name of an account.
pub(crate) const USERNAME: Key = key(
    "username",
    Type::Template,
    "\"{{form1.username}}\"",
    "The user name; `DOMAIN\\name` brings a domain along, `name@domain` stays whole.",
)
.required();

/// Its password.
pub(crate) const PASSWORD: Key = key(
    "password",
    Type::Template,
    "\"{{form1.password}}\"",
    "The password.",
)
.required();

/// Its domain.
pub(crate) const DOMAIN: Key = key("domain", Type::Template, "CORP", "The account's domain.");

/// The name of the machine that calls.
pub(crate) const WORKSTATION: Key = key(
    "workstation",
    Type::Template,
    "STEPGATE",
    "The name of the machine that calls, for the server's log.",
);
