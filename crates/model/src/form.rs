//! A form: what a person is asked for.

use template::Template;

/// Asks a person for values.
#[derive(Clone, Debug, PartialEq)]
pub struct FormStep {
    /// The heading; none: the connector's title.
    pub title: Option<Template>,
    /// A sentence above the fields.
    pub text: Option<Template>,
    /// What is asked, in the order shown.
    pub fields: Vec<Field>,
}

/// One value that a person is asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// The output's name.
    pub key: String,
    /// What is typed or chosen.
    pub kind: FieldKind,
    /// What people read; none: the key.
    pub label: Option<Template>,
    /// A sentence below the field.
    pub help: Option<Template>,
    /// A hint inside the empty field.
    pub placeholder: Option<Template>,
    /// Whether the form can be sent without it.
    pub required: bool,
    /// What stands in it at first.
    pub default: Option<Template>,
    /// A regular expression that the whole value must match.
    pub pattern: Option<String>,
    /// What can be chosen, for a choice.
    pub options: Options,
    /// Whether it is stored after sign-in; none: only if something needs it. An otp never is.
    pub remember: Option<bool>,
}

/// What is typed or chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// A line of text.
    Text,
    /// A number.
    Number,
    /// An e-mail address.
    Email,
    /// A text that is not shown.
    Password,
    /// A code for one use.
    Otp,
    /// One of a list.
    Choice,
}

impl FieldKind {
    /// The name in a definition.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Number => "number",
            Self::Email => "email",
            Self::Password => "password",
            Self::Otp => "otp",
            Self::Choice => "choice",
        }
    }

    /// Whether the value must not be shown or written anywhere in the clear.
    #[must_use]
    pub fn is_secret(self) -> bool {
        matches!(self, Self::Password | Self::Otp)
    }
}

/// What can be chosen.
#[derive(Clone, Debug, PartialEq)]
pub enum Options {
    /// What the definition lists; empty for fields that are not a choice.
    Fixed(Vec<Choice>),
    /// A list that an earlier step gave: of texts, or of maps with `value` and `label`.
    From(Template),
}

/// One thing that can be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The output's value.
    pub value: String,
    /// What people read.
    pub label: String,
}
