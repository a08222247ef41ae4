//! A condition out of a node.

use regex::Regex;

use super::{At, Builder, Role};
use crate::code::Code;
use crate::condition::{Condition, Test};
use crate::tree::NodeValue;

impl Builder<'_, '_> {
    /// A condition; a stand-in that always holds where the shape is wrong.
    pub(super) fn condition(&mut self, at: &At<'_>) -> Condition {
        match &at.node.value {
            NodeValue::List(_) => Condition::All(self.conditions(at)),
            NodeValue::Map(_) => {
                if let Some(all) = at.get("all") {
                    Condition::All(self.conditions(&all))
                } else if let Some(any) = at.get("any") {
                    Condition::Any(self.conditions(&any))
                } else if let Some(not) = at.get("not") {
                    Condition::Not(Box::new(self.condition(&not)))
                } else {
                    self.test(at)
                }
            }
            NodeValue::Scalar { .. } => Condition::All(Vec::new()),
        }
    }

    /// The condition of a key.
    pub(super) fn condition_of(&mut self, at: &At<'_>, key: &str) -> Option<Condition> {
        let at = at.get(key)?;
        Some(self.condition(&at))
    }

    fn conditions(&mut self, at: &At<'_>) -> Vec<Condition> {
        at.items().iter().map(|item| self.condition(item)).collect()
    }

    fn test(&mut self, at: &At<'_>) -> Condition {
        let value = at.get("value").map(|value| self.value(&value, Role::Other));
        let mut test = None;
        for (key, operand) in at.entries() {
            let found = match key {
                "equals" => Test::Equals(self.value(&operand, Role::Other)),
                "not_equals" => Test::NotEquals(self.value(&operand, Role::Other)),
                "less_than" => Test::LessThan(self.value(&operand, Role::Other)),
                "greater_than" => Test::GreaterThan(self.value(&operand, Role::Other)),
                "in" => Test::In(
                    operand
                        .items()
                        .iter()
                        .map(|item| self.value(item, Role::Other))
                        .collect(),
                ),
                "exists" => Test::Exists(
                    operand
                        .node
                        .scalar()
                        .and_then(serde_json::Value::as_bool)
                        .unwrap_or(true),
                ),
                "matches" => match self.regex(&operand) {
                    Some(pattern) => Test::Matches(pattern),
                    None => continue,
                },
                _ => continue,
            };
            test.get_or_insert(found);
        }
        let otherwise = self.template_of(at, "else", Role::Shown);
        match (value, test) {
            (Some(value), Some(test)) => Condition::Test {
                value,
                test,
                otherwise,
            },
            _ => Condition::All(Vec::new()),
        }
    }

    /// A regular expression.
    pub(super) fn regex(&mut self, at: &At<'_>) -> Option<Regex> {
        let raw = at.node.raw()?;
        match Regex::new(raw) {
            Ok(regex) => Some(regex),
            Err(error) => {
                let detail = error.to_string();
                let reason = detail
                    .lines()
                    .rev()
                    .find_map(|line| line.strip_prefix("error: "))
                    .unwrap_or("it is too large");
                self.report.add(
                    Code::BadRegex,
                    at.node.span.clone(),
                    &at.path,
                    format!("`{raw}` cannot be read as a regular expression: {reason}."),
                    Code::BadRegex.help(),
                );
                None
            }
        }
    }
}
