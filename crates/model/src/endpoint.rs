//! A callable operation of a connector; the test API is one too.

use indexmap::IndexMap;
use serde_json::Value;

use crate::condition::Condition;
use crate::request::{Redirects, Request};

/// A named operation with its parameters.
#[derive(Clone, Debug)]
pub struct Endpoint {
    /// What the caller calls it by; for the test API a title.
    pub name: String,
    /// What is sent.
    pub request: Request,
    /// What the caller may give, read as `{{parameters.NAME}}`.
    pub parameters: IndexMap<String, Parameter>,
    /// What a good reply looks like; none: a status below 400.
    pub expect: Option<Condition>,
    /// Whether request parameters, cookies and the sign-in type are attached.
    pub attach: bool,
    /// Whether a call that the API refused for its session is sent again after a renewal.
    pub resend: Resend,
    /// Whether redirects are followed; calls stop at them by default.
    pub redirects: Redirects,
}

/// Whether a refused call may be sent once more.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Resend {
    /// It may.
    #[default]
    Allowed,
    /// It may not, whatever the reply.
    Never,
}

/// What a caller may give to an endpoint.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// The JSON type it must have.
    pub kind: ParameterKind,
    /// The value where the caller gives none.
    pub default: Option<Value>,
    /// Whether the caller must give it; a default makes it optional.
    pub required: bool,
}

/// The JSON type of a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParameterKind {
    /// A text.
    String,
    /// A whole number.
    Integer,
    /// Any number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// A map.
    Object,
    /// A list.
    Array,
    /// Any JSON: a variable of a GraphQL operation whose type only the server knows. Not written in definitions.
    Any,
}

impl ParameterKind {
    /// The name in a definition, which is JSON Schema's.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::String => "string",
            Self::Integer => "integer",
            Self::Number => "number",
            Self::Boolean => "boolean",
            Self::Object => "object",
            Self::Array => "array",
            Self::Any => "any",
        }
    }

    /// Whether a value has this type; a whole float such as `2.0` is an integer too.
    #[must_use]
    pub fn accepts(self, value: &Value) -> bool {
        match self {
            Self::String => value.is_string(),
            Self::Integer => {
                value.is_i64()
                    || value.is_u64()
                    || value.as_f64().is_some_and(|number| number.fract() == 0.0)
            }
            Self::Number => value.is_number(),
            Self::Boolean => value.is_boolean(),
            Self::Object => value.is_object(),
            Self::Array => value.is_array(),
            Self::Any => true,
        }
    }
}
