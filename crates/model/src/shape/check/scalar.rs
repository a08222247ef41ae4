//! Scalars against the description: words, numbers, durations and addresses.

use serde_json::Value;

use super::super::url::looks_like_url;
use super::super::{Path, Word};
use super::Checker;
use crate::code::Code;
use crate::duration::{looks_like_duration, parse_duration};
use crate::report::{did_you_mean, listed};
use crate::tree::Node;

impl Checker<'_, '_> {
    pub(super) fn choice(&mut self, node: &Node, words: &[Word], path: &str) {
        let names = || words.iter().map(|word| word.name);
        let Some(raw) = node.raw() else {
            return self.wrong_type(node, &format!("one of {}", listed(names())), path);
        };
        if names().any(|name| name == raw) {
            return;
        }
        self.report.add(
            Code::UnknownValue,
            node.span.clone(),
            path,
            format!("`{raw}` is none of the words that stand here."),
            did_you_mean(raw, names(), &format!("Write one of {}.", listed(names()))),
        );
    }

    pub(super) fn version(&mut self, node: &Node, path: &str) {
        if node.scalar().and_then(Value::as_u64) != Some(1) {
            self.report.add(
                Code::UnsupportedVersion,
                node.span.clone(),
                path,
                "This version of the format is not known.",
                "Write `stepgate: 1`.",
            );
        }
    }

    pub(super) fn count(&mut self, node: &Node, least: u32, most: u32, path: &str) {
        match node.scalar() {
            Some(Value::Number(number)) => {
                let range = u64::from(least)..=u64::from(most);
                if !number
                    .as_u64()
                    .is_some_and(|number| range.contains(&number))
                {
                    self.report.add(
                        Code::OutOfRange,
                        node.span.clone(),
                        path,
                        format!("{number} is outside the range of this number."),
                        format!("Write a whole number from {least} to {most}."),
                    );
                }
            }
            _ => self.wrong_type(node, "a whole number", path),
        }
    }

    pub(super) fn duration(&mut self, node: &Node, path: &str) {
        let Some(written) = node.duration_text() else {
            return self.wrong_type(node, "a duration", path);
        };
        let (code, message) = if !looks_like_duration(&written) {
            (Code::BadDuration, format!("`{written}` is no duration."))
        } else if parse_duration(&written).is_none() {
            let message = format!("`{written}` is more than ten years.");
            (Code::TooLong, message)
        } else {
            return;
        };
        self.report
            .add(code, node.span.clone(), path, message, code.help());
    }

    pub(super) fn url(&mut self, node: &Node, allowed: Path, path: &str) {
        let Some(raw) = node.raw() else {
            return self.wrong_type(node, "an address", path);
        };
        if !looks_like_url(raw, allowed) {
            let help = match allowed {
                Path::Allowed => "Write `https://`, a host and a path; no user, query or `#`.",
                Path::None => "Write `https://` and a host, without a path.",
            };
            self.report.add(
                Code::BadUrl,
                node.span.clone(),
                path,
                format!("`{raw}` cannot be an address of a connector."),
                help,
            );
        }
    }
}
