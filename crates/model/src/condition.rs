//! A condition: a test of a value, and how it is judged.

use std::cmp::Ordering;

use regex::Regex;
use serde_json::Value;
use template::{Place, ResolveError, Scope, Template};

use crate::value_template::ValueTemplate;

mod compare;

/// A test of a value, or several of them joined.
#[derive(Clone, Debug)]
pub enum Condition {
    /// Every one holds; also a plain list.
    All(Vec<Condition>),
    /// At least one holds.
    Any(Vec<Condition>),
    /// It does not hold.
    Not(Box<Condition>),
    /// One test of one value.
    Test {
        /// What is tested.
        value: ValueTemplate,
        /// How.
        test: Test,
        /// `else`: what a person reads where it does not hold.
        otherwise: Option<Template>,
    },
}

/// How a value is tested.
#[derive(Clone, Debug)]
pub enum Test {
    /// It is the same. A number or truth value and a text that reads the same are the same.
    Equals(ValueTemplate),
    /// It is not the same; also holds where the value is absent.
    NotEquals(ValueTemplate),
    /// It is the same as one of these.
    In(Vec<ValueTemplate>),
    /// Its text contains a match of the regular expression.
    Matches(Regex),
    /// It is there (also as null), or it is not.
    Exists(bool),
    /// It is a number, or a text that reads as one, below the other one.
    LessThan(ValueTemplate),
    /// It is a number, or a text that reads as one, above the other one.
    GreaterThan(ValueTemplate),
}

/// The outcome of a condition.
#[derive(Clone, Copy, Debug)]
pub struct Verdict<'a> {
    /// Whether it holds.
    pub holds: bool,
    /// The test on which it failed, for its `else`; none where it holds.
    pub because: Option<&'a Condition>,
}

impl Condition {
    /// Judges the condition over what the scope knows.
    ///
    /// # Errors
    /// A template that cannot be resolved for another reason than being absent.
    pub fn judge(&self, scope: &dyn Scope) -> Result<Verdict<'_>, ResolveError> {
        match self {
            Self::All(parts) => {
                for part in parts {
                    let verdict = part.judge(scope)?;
                    if !verdict.holds {
                        return Ok(verdict);
                    }
                }
                Ok(Verdict::HOLDS)
            }
            Self::Any(parts) => {
                for part in parts {
                    if part.judge(scope)?.holds {
                        return Ok(Verdict::HOLDS);
                    }
                }
                let because = parts.iter().find_map(Self::test_with_else);
                Ok(Verdict::fails(because.unwrap_or(self)))
            }
            Self::Not(part) => Ok(if part.judge(scope)?.holds {
                Verdict::fails(part.test_with_else().unwrap_or(self))
            } else {
                Verdict::HOLDS
            }),
            Self::Test { value, test, .. } => {
                Ok(if test.holds(value.resolve_whole(scope)?, scope)? {
                    Verdict::HOLDS
                } else {
                    Verdict::fails(self)
                })
            }
        }
    }

    /// Whether judging it needs the body of the reply.
    #[must_use]
    pub fn reads_body(&self) -> bool {
        self.templates()
            .iter()
            .flat_map(|template| template.expressions())
            .any(|expression| {
                expression.path.root == "response"
                    && match expression.path.segments.first() {
                        Some(template::Segment::Key(key)) => key == "body",
                        Some(template::Segment::Index(_)) => false,
                        None => true,
                    }
            })
    }

    /// The `else` of this test as text; none where it has none or cannot be resolved, as a
    /// missing detail must not hide that something failed.
    #[must_use]
    pub fn render_else(&self, scope: &dyn Scope) -> Option<String> {
        match self {
            Self::Test {
                otherwise: Some(template),
                ..
            } => template.resolve_text(scope, Place::Text).ok(),
            _ => None,
        }
    }

    /// Every template inside, `else` included.
    #[must_use]
    pub fn templates(&self) -> Vec<&Template> {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().flat_map(Self::templates).collect(),
            Self::Not(part) => part.templates(),
            Self::Test {
                value,
                test,
                otherwise,
            } => {
                let mut found = value.templates();
                match test {
                    Test::Equals(other)
                    | Test::NotEquals(other)
                    | Test::LessThan(other)
                    | Test::GreaterThan(other) => found.extend(other.templates()),
                    Test::In(others) => {
                        found.extend(others.iter().flat_map(ValueTemplate::templates));
                    }
                    Test::Matches(_) | Test::Exists(_) => {}
                }
                found.extend(otherwise);
                found
            }
        }
    }

    fn test_with_else(&self) -> Option<&Self> {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().find_map(Self::test_with_else),
            Self::Not(part) => part.test_with_else(),
            Self::Test { otherwise, .. } => otherwise.as_ref().map(|_| self),
        }
    }
}

impl<'a> Verdict<'a> {
    const HOLDS: Verdict<'static> = Verdict {
        holds: true,
        because: None,
    };

    fn fails(because: &'a Condition) -> Self {
        Self {
            holds: false,
            because: Some(because),
        }
    }
}

impl Test {
    fn holds(&self, value: Option<Value>, scope: &dyn Scope) -> Result<bool, ResolveError> {
        let Some(value) = value else {
            return Ok(matches!(self, Self::Exists(false) | Self::NotEquals(_)));
        };
        let equals = |other: &ValueTemplate| -> Result<bool, ResolveError> {
            let other = other.resolve_whole(scope)?;
            Ok(other.is_some_and(|other| compare::same(&value, &other)))
        };
        let order = |other: &ValueTemplate| -> Result<Option<Ordering>, ResolveError> {
            let other = other.resolve_whole(scope)?;
            Ok(other.and_then(|other| compare::order(&value, &other)))
        };
        Ok(match self {
            Self::Equals(other) => equals(other)?,
            Self::NotEquals(other) => !equals(other)?,
            Self::In(others) => {
                for other in others {
                    if equals(other)? {
                        return Ok(true);
                    }
                }
                false
            }
            Self::Matches(pattern) => pattern.is_match(&compare::text(&value)),
            Self::Exists(expected) => *expected,
            Self::LessThan(other) => order(other)? == Some(Ordering::Less),
            Self::GreaterThan(other) => order(other)? == Some(Ordering::Greater),
        })
    }
}

#[cfg(test)]
mod tests;
