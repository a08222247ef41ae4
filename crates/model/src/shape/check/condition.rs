//! The shape of a condition: a list, one joining key, or a value with one test.

use std::ops::Range;

use crate::code::Code;
use crate::report::{did_you_mean, listed};
use crate::tree::{Entry, Node, NodeValue};

use super::super::Type;
use super::{Checker, join, place};

/// The keys that test a value.
pub(crate) const TESTS: [&str; 7] = [
    "equals",
    "not_equals",
    "in",
    "matches",
    "exists",
    "less_than",
    "greater_than",
];
/// The keys that join conditions.
pub(crate) const JOINTS: [&str; 3] = ["all", "any", "not"];

impl Checker<'_, '_> {
    pub(super) fn condition(&mut self, node: &Node, path: &str) {
        match &node.value {
            NodeValue::List(_) => self.list(node, &Type::Condition, 1, path),
            NodeValue::Map(entries) => {
                let joint = entries
                    .iter()
                    .find(|entry| JOINTS.contains(&entry.key.as_str()));
                match joint {
                    Some(joint) => self.joint(joint, entries, path),
                    None => self.test(node, path),
                }
            }
            NodeValue::Scalar { .. } => self.wrong_type(node, "a condition", path),
        }
    }

    fn joint(&mut self, joint: &Entry, entries: &[Entry], path: &str) {
        for other in entries.iter().filter(|entry| entry.key != joint.key) {
            let other_path = join(path, &other.key);
            if TESTS.contains(&other.key.as_str()) || JOINTS.contains(&other.key.as_str()) {
                self.two_tests(&joint.key, &other.key, other.key_span.clone(), path);
            } else {
                self.report.add(
                    Code::UnknownKey,
                    other.key_span.clone(),
                    &other_path,
                    format!("There is no key `{}` beside `{}`.", other.key, joint.key),
                    format!("Write it inside `{}`, with the value it tests.", joint.key),
                );
            }
        }
        let path = join(path, &joint.key);
        match joint.key.as_str() {
            "not" => self.condition(&joint.value, &path),
            _ => self.list(&joint.value, &Type::Condition, 1, &path),
        }
    }

    fn test(&mut self, node: &Node, path: &str) {
        let mut first: Option<&str> = None;
        for entry in node.entries() {
            let entry_path = join(path, &entry.key);
            match entry.key.as_str() {
                "value" => {}
                "else" => self.value(&entry.value, &Type::Template, &entry_path),
                test if TESTS.contains(&test) => {
                    match first {
                        Some(first) => self.two_tests(first, test, entry.key_span.clone(), path),
                        None => first = Some(test),
                    }
                    match test {
                        "in" => self.list(&entry.value, &Type::Value, 1, &entry_path),
                        "matches" => self.value(&entry.value, &Type::Text, &entry_path),
                        "exists" => self.value(&entry.value, &Type::Bool, &entry_path),
                        _ => {}
                    }
                }
                unknown => {
                    let names = ["value", "else"].into_iter().chain(TESTS).chain(JOINTS);
                    let all = format!("The keys here are {}.", listed(names.clone()));
                    let help = did_you_mean(unknown, names, &all);
                    let message = format!("There is no key `{unknown}` here.");
                    let span = entry.key_span.clone();
                    self.report
                        .add(Code::UnknownKey, span, &entry_path, message, help);
                }
            }
        }
        if node.get("value").is_none() {
            let message = format!("{} has no `value`.", place(path));
            let help = "Add it, for example `value: \"{{response.status}}\"`.";
            self.report
                .add(Code::MissingKey, self.head(node), path, message, help);
        } else if first.is_none() {
            let message = format!("{} does not say how the value is tested.", place(path));
            let help = format!("Add one of {}.", listed(TESTS));
            self.report
                .add(Code::NoTest, self.head(node), path, message, help);
        }
    }

    fn two_tests(&mut self, one: &str, other: &str, span: Range<usize>, path: &str) {
        self.report.add(
            Code::TwoTests,
            span,
            path,
            format!("This condition has two tests, `{one}` and `{other}`."),
            "Make a list of two conditions: both must hold.",
        );
    }
}
