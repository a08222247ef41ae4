//! What must hold between the keys of one map.

use crate::code::Code;
use crate::report::listed;
use crate::tree::Node;

use super::super::{Rule, When};
use super::{Checker, place};

impl Checker<'_, '_> {
    pub(super) fn rule(&mut self, node: &Node, rule: &Rule, path: &str) {
        match rule {
            Rule::AtMostOne(keys, code) => {
                let there: Vec<_> = node
                    .entries()
                    .iter()
                    .filter(|entry| keys.contains(&entry.key.as_str()))
                    .collect();
                for extra in there.iter().skip(1) {
                    let message =
                        format!("`{}` and `{}` exclude each other.", there[0].key, extra.key);
                    let help = format!("Keep one of {}.", listed(keys.iter().copied()));
                    self.report
                        .add(*code, extra.key_span.clone(), path, message, help);
                }
            }
            Rule::AtLeastOne(keys) => {
                if keys.iter().all(|key| node.get(key).is_none()) {
                    let names = listed(keys.iter().copied());
                    let message = format!("{} has none of {names}.", place(path));
                    let head = self.head(node);
                    let help = "Add one of them.";
                    self.report
                        .add(Code::MissingOneOf, head, path, message, help);
                }
            }
            Rule::Clash(one, other, code) => {
                let (Some(first), Some(second)) = (find(node, one), find(node, other)) else {
                    return;
                };
                let message = format!("`{first}` and `{second}` exclude each other.");
                let span = node
                    .entries()
                    .iter()
                    .find(|entry| entry.key == other.key)
                    .map_or(node.span.clone(), |entry| entry.key_span.clone());
                self.report.add(*code, span, path, message, code.help());
            }
            Rule::Needs(key, other) => {
                let found = node.entries().iter().find(|entry| entry.key == *key);
                if let (Some(entry), None) = (found, node.get(other)) {
                    let message = format!("`{key}` means nothing without `{other}`.");
                    let help = format!("Add `{other}`, or remove `{key}`.");
                    self.report.add(
                        Code::MissingKey,
                        entry.key_span.clone(),
                        path,
                        message,
                        help,
                    );
                }
            }
        }
    }
}

/// The key, with its value where one is asked for, if it is there like that.
fn find(node: &Node, when: &When) -> Option<String> {
    let value = node.get(when.key)?;
    match when.is {
        None => Some(when.key.to_owned()),
        Some(is) => (value.raw() == Some(is)).then(|| format!("{}: {is}", when.key)),
    }
}
