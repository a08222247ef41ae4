//! Flows and the session.

use super::connector::REQUEST_PARAMETER;
use super::name::KEY;
use super::step::STEP;
use super::{Object, Rule, Type, When, key, word};
use crate::code::Code;

/// The auth and logout flow.
pub(crate) static FLOW: Object = Object {
    name: "flow",
    doc: "Ordered steps. The steps of a logout flow need no person.",
    common: &[],
    keys: &[key(
        "steps",
        Type::List(&Type::Kinds(&STEP), 0),
        "[{ id: login, kind: api_request, request: .. }]",
        "In the order in which they run.",
    )
    .required()],
    rules: &[],
};

/// What happens where one call wants more proof.
pub(crate) static STEP_UP: Object = Object {
    name: "step_up",
    doc: "The API wants more proof for one call: its reply is judged by this before anything else, and never starts a refresh. The steps run, with a person where they need one, and the call is sent once more with what they gave, which is then forgotten. `{{response.status}}`, `headers`, `body` and `challenge` are those of the reply that asked; in a step's own `expect` and `until` they are that step's. Where nobody is there to ask, a call ends with exit 3, over HTTP with 409 `step_up_required`; what the API answers to the proof passes on.",
    common: &[],
    keys: &[
        key(
            "when",
            Type::Condition,
            "{ value: \"{{response.body.session}}\", exists: true }",
            "A reply for which this holds wants more proof. So does each whose challenge says `insufficient_user_authentication` (RFC 9470), whose `acr_values` and `max_age` are read as `{{response.challenge.acr_values}}`; one that is absent takes its key with it.",
        )
        .or("such a challenge alone"),
        key(
            "steps",
            Type::List(&Type::Kinds(&STEP), 1),
            "[{ id: again, kind: form, fields: [{ key: password, type: password }] }]",
            "What is done for it: steps of every kind, in their order, which read those of the auth flow too.",
        )
        .required(),
        key(
            "request_parameters",
            Type::List(&Type::Object(&REQUEST_PARAMETER), 0),
            "[{ in: body, name: proof, value: \"{{again.password}}\" }]",
            "Added to the call, which is sent again; each takes the place of what every call gets under the same name.",
        ),
    ],
    rules: &[],
};

/// The session.
pub(crate) static SESSION: Object = Object {
    name: "session",
    doc: "How the end of a session is told: afterwards by a reply, or ahead by its life. An expiry that is absent, negative, no number or over 10 years away counts as not said.",
    common: &[],
    keys: &[
        key(
            "over_when",
            Type::Condition,
            "{ value: \"{{response.status}}\", in: [401] }",
            "A reply for which this holds means that the session is over.",
        )
        .or("the status is 401"),
        key(
            "expires_in",
            Type::Template,
            "\"{{login.body.expires_in}}\"",
            "The life in seconds or as `90m`, counted from the last reply before it.",
        ),
        key(
            "expires_at",
            Type::Template,
            "\"{{login.body.expires_at}}\"",
            "The end, in seconds since 1970 or as RFC 3339.",
        ),
        key(
            "jwt",
            Type::Template,
            "\"{{login.body.token}}\"",
            "A JSON Web Token whose `exp` is the end; it is read and not verified.",
        ),
        key(
            "margin",
            Type::Duration,
            "60s",
            "Renewed this long before the end; never more than half the life.",
        )
        .or("60s"),
    ],
    rules: &[Rule::AtMostOne(
        &["expires_in", "expires_at", "jwt"],
        Code::ConflictingKeys,
    )],
};

/// The refresh flow.
pub(crate) static REFRESH_FLOW: Object = Object {
    name: "refresh_flow",
    doc: "How a session that is over is renewed. Its own steps need no person; with `same_as_auth_flow` only what is not kept is asked.",
    common: &[],
    keys: &[
        key("same_as_auth_flow", Type::Bool, "true", "The auth flow's steps run again with an empty jar.").or("false"),
        key("use_stored_credentials", Type::Bool, "true", "Forms are answered from what the user typed at sign-in.").or("false"),
        key("steps", Type::List(&Type::Kinds(&STEP), 0), "[{ id: renew, kind: api_request, request: .. }]", "The refresh flow's own steps."),
        key(
            "update_variables",
            Type::Map(&KEY, &Type::Template),
            "{ shape.bearer: \"{{renew.body.token}}\" }",
            "Outputs of the auth flow, at any depth, and what replaces them: all together or none; an absent source leaves its target as it was.",
        ),
        key(
            "otherwise",
            Type::Choice(&[word("ask"), word("auth_flow")]),
            "ask",
            "Where the renewal is refused: `ask` the person, or `auth_flow`: sign in again with stored credentials, then ask.",
        )
        .or("ask"),
    ],
    rules: &[
        Rule::Clash(
            When { key: "same_as_auth_flow", is: Some("true") },
            When { key: "steps", is: None },
            Code::SameWithSteps,
        ),
        Rule::Clash(
            When { key: "same_as_auth_flow", is: Some("true") },
            When { key: "update_variables", is: None },
            Code::SameWithSteps,
        ),
    ],
};
