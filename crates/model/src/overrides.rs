//! What the command line changes in a definition before it is checked: an environment and single
//! values.

use std::ops::Range;

use serde_json::Value;

use crate::code::Code;
use crate::read::Overrides;
use crate::report::{Report, did_you_mean, listed};
use crate::shape::Path;
use crate::shape::url::looks_like_url;
use crate::tree::Node;

/// Applies the environment first, then the single values, which win.
pub(crate) fn apply(root: &mut Node, overrides: &Overrides, report: &mut Report<'_>) {
    if let Some(name) = &overrides.environment {
        environment(root, name, report);
    }
    for (key, value) in &overrides.set {
        set(root, key, value, report);
    }
}

fn environment(root: &mut Node, name: &str, report: &mut Report<'_>) {
    let found = root
        .get("environments")
        .and_then(|environments| environments.get(name))
        .cloned();
    let Some(chosen) = found else {
        let names = names(root, "environments");
        let names = || names.iter().map(String::as_str);
        let all = match listed(names()) {
            none if none.is_empty() => "Declare it under `environments`.".to_owned(),
            some => format!("There are {some}."),
        };
        let message = format!("There is no environment `{name}`.");
        let help = did_you_mean(name, names(), &all);
        return report.add(
            Code::UnknownEnvironment,
            place(root, "environments"),
            "environments",
            message,
            help,
        );
    };
    if let Some(base_url) = chosen.get("base_url") {
        root.set("base_url", base_url.clone());
    }
    let Some(changed) = chosen.get("variables") else {
        return;
    };
    for entry in changed.entries() {
        set_variable(root, &entry.key, entry.value.clone());
    }
}

fn set(root: &mut Node, key: &str, value: &str, report: &mut Report<'_>) {
    let refused = if key == "base_url" {
        if looks_like_url(value, Path::Allowed) {
            let span = place(root, "base_url");
            root.set("base_url", text(span, value));
            return;
        }
        format!("`{value}` cannot be an address of a connector.")
    } else if let Some(name) = key.strip_prefix("variables.") {
        let declared = root.get("variables").and_then(|it| it.get(name)).cloned();
        if let Some(old) = declared {
            let json = match old.scalar() {
                Some(Value::String(_)) => Value::String(value.to_owned()),
                _ => {
                    serde_json::from_str(value).unwrap_or_else(|_| Value::String(value.to_owned()))
                }
            };
            set_variable(root, name, Node::of_json(old.span, json));
            return;
        }
        format!("There is no variable `{name}`.")
    } else {
        format!("`{key}` cannot be set from outside.")
    };
    let variables = names(root, "variables");
    let known = variables.iter().map(|name| format!("variables.{name}"));
    let known: Vec<String> = std::iter::once("base_url".to_owned())
        .chain(known)
        .collect();
    let known = listed(known.iter().map(String::as_str));
    let help = if key == "base_url" {
        "Write `https://`, a host and a path.".to_owned()
    } else {
        format!("What can be set is {known}.")
    };
    report.add(Code::BadOverride, 0..0, "", refused, help);
}

fn set_variable(root: &mut Node, name: &str, value: Node) {
    if root.get("variables").is_none() {
        root.set("variables", Node::empty_map(value.span.clone()));
    }
    if let Some(variables) = root.get_mut("variables") {
        variables.set(name, value);
    }
}

fn names(root: &Node, key: &str) -> Vec<String> {
    root.get(key)
        .map(|node| {
            node.entries()
                .iter()
                .map(|entry| entry.key.clone())
                .collect()
        })
        .unwrap_or_default()
}

fn place(root: &Node, key: &str) -> Range<usize> {
    root.get(key).map_or(0..0, |node| node.span.clone())
}

fn text(span: Range<usize>, value: &str) -> Node {
    Node::of_json(span, Value::String(value.to_owned()))
}
