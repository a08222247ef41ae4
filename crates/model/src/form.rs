//! A form: what a person is shown and asked for.

use std::time::Duration;

use regex::Regex;
use template::Template;

/// Asks a person for values.
#[derive(Clone, Debug, PartialEq)]
pub struct FormStep {
    /// The heading; none: the connector's title.
    pub title: Option<Template>,
    /// A sentence above the fields.
    pub text: Option<Template>,
    /// What is shown above the fields.
    pub show: Vec<Exhibit>,
    /// What is asked, in the order shown.
    pub fields: Vec<Field>,
    /// The id of an earlier step that runs again where the person asks for it.
    pub resend: Option<String>,
    /// How long it can be answered once it was shown.
    pub expires_in: Option<Duration>,
}

/// Something to see. Without a value it is left out.
#[derive(Clone, Debug, PartialEq)]
pub struct Exhibit {
    /// What it is.
    pub label: Option<Template>,
    /// What is seen.
    pub kind: ExhibitKind,
}

/// What is seen.
#[derive(Clone, Debug, PartialEq)]
pub enum ExhibitKind {
    /// The text itself.
    Text(Template),
    /// An image, as [`crate::Image::read`] takes it.
    Image(Template),
    /// A QR code that says the text.
    Qr(Template),
}

impl ExhibitKind {
    /// What yields it.
    #[must_use]
    pub fn template(&self) -> &Template {
        match self {
            Self::Text(template) | Self::Image(template) | Self::Qr(template) => template,
        }
    }
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
    /// What a typed value must look like.
    pub rule: TextRule,
    /// What people read where it does not match the pattern.
    pub otherwise: Option<Template>,
    /// What can be chosen, for a choice.
    pub options: Options,
    /// Whether it is stored after sign-in; none: only if something needs it. An otp never is.
    pub remember: Option<bool>,
}

/// What a typed value must look like.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TextRule {
    /// A regular expression that the whole value must match.
    pub pattern: Option<String>,
    /// The least number of characters.
    pub min_length: Option<u32>,
    /// The greatest number of characters.
    pub max_length: Option<u32>,
}

/// What of a rule a value breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Misfit {
    /// It has fewer characters than this.
    TooShort(u32),
    /// It has more characters than this.
    TooLong(u32),
    /// It does not match the pattern.
    Pattern,
}

impl TextRule {
    /// What of it a value breaks, the length first.
    #[must_use]
    pub fn misfit(&self, value: &str) -> Option<Misfit> {
        let length = u32::try_from(value.chars().count()).unwrap_or(u32::MAX);
        if let Some(least) = self.min_length.filter(|least| length < *least) {
            return Some(Misfit::TooShort(least));
        }
        if let Some(most) = self.max_length.filter(|most| length > *most) {
            return Some(Misfit::TooLong(most));
        }
        let pattern = self.pattern.as_ref()?;
        // One that cannot be read was refused by the check, and lets nothing through here.
        let whole = Regex::new(&format!("^(?:{pattern})$"));
        let matches = whole.is_ok_and(|whole| whole.is_match(value));
        (!matches).then_some(Misfit::Pattern)
    }
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

    /// Whether the value is typed as a text, so that it has a length.
    #[must_use]
    pub fn is_text(self) -> bool {
        match self {
            Self::Text | Self::Email | Self::Password | Self::Otp => true,
            Self::Number | Self::Choice => false,
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_is_about_characters_and_the_whole_value() {
        let rule = |pattern: Option<&str>, min, max| TextRule {
            pattern: pattern.map(str::to_owned),
            min_length: min,
            max_length: max,
        };
        let table = [
            (rule(None, Some(3), None), "éü", Some(Misfit::TooShort(3))),
            (rule(None, Some(2), Some(2)), "éü", None),
            (rule(None, None, Some(2)), "abc", Some(Misfit::TooLong(2))),
            (rule(Some("a|b"), None, None), "ab", Some(Misfit::Pattern)),
            (rule(Some("a|b"), None, None), "b", None),
            (
                rule(Some("[0-9]+"), Some(4), None),
                "x",
                Some(Misfit::TooShort(4)),
            ),
        ];
        for (rule, value, expected) in table {
            assert_eq!(rule.misfit(value), expected, "{value} {rule:?}");
        }
    }
}
