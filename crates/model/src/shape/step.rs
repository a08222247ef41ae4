//! A step: what every kind shares, and the list of kinds.

use super::form::FORM;
use super::graphql::GRAPHQL_REQUEST;
use super::jwt_bearer::JWT_BEARER;
use super::name::ID;
use super::oauth1::OAUTH1;
use super::oauth2::{
    DEVICE_CODE, OAUTH2, OAUTH2_CLIENT_CREDENTIALS, OAUTH2_PKCE, OAUTH2_REFRESH,
    OAUTH2_TOKEN_EXCHANGE,
};
use super::request::EXTRACT;
use super::sso_token::SSO_TOKEN;
use super::step_kind::{API_REQUEST, BASIC, CALLBACK, JS_CODE, NTLM};
use super::totp::TOTP;
use super::{Key, Kind, Kinds, Object, Type, key};

/// A step.
pub(crate) static STEP: Kinds = Kinds {
    name: "step",
    noun: "step kind",
    doc: "One unit of a flow. A step fails when the API has a passing fault, when its `expect` says no, or, without `expect`, when the status is 400 or more.",
    kinds: &[
        Kind {
            name: "form",
            object: &FORM,
        },
        Kind {
            name: "api_request",
            object: &API_REQUEST,
        },
        Kind {
            name: "graphql_request",
            object: &GRAPHQL_REQUEST,
        },
        Kind {
            name: "callback",
            object: &CALLBACK,
        },
        Kind {
            name: "js_code",
            object: &JS_CODE,
        },
        Kind {
            name: "basic",
            object: &BASIC,
        },
        Kind {
            name: "jwt_bearer",
            object: &JWT_BEARER,
        },
        Kind {
            name: "oauth2",
            object: &OAUTH2,
        },
        Kind {
            name: "oauth2_pkce",
            object: &OAUTH2_PKCE,
        },
        Kind {
            name: "oauth2_client_credentials",
            object: &OAUTH2_CLIENT_CREDENTIALS,
        },
        Kind {
            name: "oauth2_refresh",
            object: &OAUTH2_REFRESH,
        },
        Kind {
            name: "oauth2_token_exchange",
            object: &OAUTH2_TOKEN_EXCHANGE,
        },
        Kind {
            name: "device_code",
            object: &DEVICE_CODE,
        },
        Kind {
            name: "oauth1",
            object: &OAUTH1,
        },
        Kind {
            name: "ntlm",
            object: &NTLM,
        },
        Kind {
            name: "sso_token",
            object: &SSO_TOKEN,
        },
        Kind {
            name: "totp",
            object: &TOTP,
        },
    ],
};

const ID_KEY: Key = key(
    "id",
    Type::Name(&ID),
    "login",
    "The name under which later steps read its outputs.",
)
.required();
const WHEN: Key = key(
    "when",
    Type::Condition,
    "{ value: \"{{login.body.mfa}}\", equals: true }",
    "Runs only where this holds; skipped, its outputs are absent.",
);
const EXPECT: Key = key(
    "expect",
    Type::Condition,
    "{ value: \"{{login.body.result}}\", equals: Success, else: Wrong password. }",
    "What a good outcome looks like; `else` is what the person reads.",
)
.or("a status below 400, where there is a reply");
const ON_FAIL: Key = key(
    "on_fail",
    Type::Object(&ON_FAIL_OBJECT),
    "{ back_to: form1, attempts: 3 }",
    "Shows an earlier form again with the `else` text, without running the steps before it.",
);

/// The keys of a kind that only asks or computes.
pub(crate) const PLAIN: &[Key] = &[ID_KEY, WHEN];
/// The keys of a kind whose outcome can be judged.
pub(crate) const JUDGED: &[Key] = &[ID_KEY, WHEN, EXPECT, ON_FAIL];
/// The keys of a kind that gets a reply.
pub(crate) const REPLIED: &[Key] = &[
    ID_KEY,
    WHEN,
    EXPECT,
    ON_FAIL,
    key(
        "extract",
        Type::Map(&ID, &EXTRACTS),
        "{ csrf: { css: \"input[name=csrf]\", attribute: value } }",
        "Values picked out of the reply, as outputs; before the step is judged.",
    ),
];

static EXTRACTS: Type = Type::Object(&EXTRACT);

static ON_FAIL_OBJECT: Object = Object {
    name: "on_fail",
    doc: "Goes back to a form where the step fails. Answers that came from a file, flag or environment are tried once.",
    common: &[],
    keys: &[
        key(
            "back_to",
            Type::Name(&ID),
            "form1",
            "An earlier form of the same flow.",
        )
        .required(),
        key(
            "attempts",
            Type::Count(1, 100),
            "3",
            "How often the form may be answered in all.",
        )
        .or("3"),
    ],
    rules: &[],
};
