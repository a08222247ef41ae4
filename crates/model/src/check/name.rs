//! Ids, keys and names that are taken, or mean something else already.

use std::collections::HashSet;

use super::Subject;
use super::outputs::OF_REQUEST;
use super::reference::ROOTS;
use crate::build::{At, FlowName};
use crate::code::Code;
use crate::connector::Location;
use crate::report::Report;
use crate::step::StepKind;

/// Names that JavaScript objects have by themselves; a value under one of them could reach code
/// that never expects it.
const OF_OBJECTS: [&str; 9] = [
    "constructor",
    "prototype",
    "hasOwnProperty",
    "isPrototypeOf",
    "propertyIsEnumerable",
    "toLocaleString",
    "toString",
    "valueOf",
    "then",
];

/// Words that cannot name a parameter of JavaScript code.
const OF_JAVASCRIPT: [&str; 44] = [
    "arguments",
    "await",
    "break",
    "case",
    "catch",
    "class",
    "const",
    "continue",
    "debugger",
    "default",
    "delete",
    "do",
    "else",
    "enum",
    "eval",
    "export",
    "extends",
    "false",
    "finally",
    "for",
    "function",
    "if",
    "implements",
    "import",
    "in",
    "instanceof",
    "interface",
    "let",
    "new",
    "null",
    "package",
    "private",
    "return",
    "static",
    "super",
    "switch",
    "this",
    "throw",
    "true",
    "try",
    "typeof",
    "var",
    "void",
    "while",
];

/// Checks every name.
pub(super) fn check(subject: &Subject<'_>, report: &mut Report<'_>) {
    let auth = ids(subject, FlowName::Auth, &[], report);
    for flow in [FlowName::Refresh, FlowName::StepUp, FlowName::Logout] {
        ids(subject, flow, &auth, report);
    }
    for flow in FlowName::ALL {
        for (step, at) in subject.steps_at(flow) {
            if let Some(fields) = at.get("fields") {
                unique(&fields, "key", "field", report);
            }
            for (key, span, at_name) in at.get("extract").iter().flat_map(At::keyed) {
                reserved(key, span.clone(), &at_name.path, report);
                if matches!(
                    step.kind,
                    StepKind::ApiRequest(_) | StepKind::GraphqlRequest(_) | StepKind::Ntlm(_)
                ) && OF_REQUEST.contains(&key)
                {
                    let message = format!("Every request step has an output `{key}` already.");
                    report.add(Code::ReservedName, span, &at_name.path, message, RENAME);
                }
            }
            if matches!(step.kind, StepKind::JsCode(_)) {
                keys(&at, "parameters", &OF_JAVASCRIPT, report);
            }
        }
    }
    keys(subject.root, "variables", &[], report);
    if let Some(secrets) = subject.root.get("secrets") {
        let mut seen = HashSet::new();
        for at in secrets.items() {
            once(&mut seen, &at.text(), "secret", &at, report);
        }
    }
    if let Some(endpoints) = subject.root.get("endpoints") {
        unique(&endpoints, "name", "endpoint", report);
        for endpoint in endpoints.items() {
            keys(&endpoint, "parameters", &[], report);
        }
    }
    request_parameters(subject, report);
}

const RENAME: &str = "Take another name.";

fn ids(
    subject: &Subject<'_>,
    flow: FlowName,
    taken: &[String],
    report: &mut Report<'_>,
) -> Vec<String> {
    let mut seen: HashSet<String> = taken.iter().cloned().collect();
    let mut found = Vec::new();
    for (_, at) in subject.steps_at(flow) {
        let Some(id) = at.get("id") else { continue };
        let name = id.text();
        if ROOTS.contains(&name.as_str()) {
            let message = format!("`{name}` means something else in templates.");
            report.add(
                Code::ReservedName,
                id.node.span.clone(),
                &id.path,
                message,
                RENAME,
            );
        }
        once(&mut seen, &name, "step", &id, report);
        found.push(name);
    }
    found
}

/// The names of a list's maps.
fn unique(list: &At<'_>, key: &str, noun: &str, report: &mut Report<'_>) {
    let mut seen = HashSet::new();
    for item in list.items() {
        if let Some(at) = item.get(key) {
            once(&mut seen, &at.text(), noun, &at, report);
        }
    }
}

fn once(seen: &mut HashSet<String>, name: &str, noun: &str, at: &At<'_>, report: &mut Report<'_>) {
    if name.is_empty() {
        return;
    }
    reserved(name, at.node.span.clone(), &at.path, report);
    if !seen.insert(name.to_owned()) {
        report.add(
            Code::DuplicateId,
            at.node.span.clone(),
            &at.path,
            format!("The name `{name}` of this {noun} is taken."),
            "Rename one of the two.",
        );
    }
}

/// The keys of a map.
fn keys(at: &At<'_>, map: &str, words: &[&str], report: &mut Report<'_>) {
    let Some(map) = at.get(map) else { return };
    for (key, span, entry) in map.keyed() {
        reserved(key, span.clone(), &entry.path, report);
        if words.contains(&key) {
            let message = format!("`{key}` is a word of JavaScript and cannot name a value there.");
            report.add(Code::ReservedName, span, &entry.path, message, RENAME);
        }
    }
}

fn reserved(name: &str, span: std::ops::Range<usize>, path: &str, report: &mut Report<'_>) {
    if name.starts_with("__") || OF_OBJECTS.contains(&name) {
        let message = format!("`{name}` is a name that objects have by themselves.");
        report.add(Code::ReservedName, span, path, message, RENAME);
    }
}

/// Two values for one header or body key: which one the API would take is anyone's guess.
fn request_parameters(subject: &Subject<'_>, report: &mut Report<'_>) {
    let nodes = subject.root.get("request_parameters");
    let nodes = nodes.iter().flat_map(At::items);
    let mut seen = HashSet::new();
    for (parameter, at) in subject.connector.request_parameters.iter().zip(nodes) {
        let name = match parameter.location {
            Location::Header => parameter.name.to_ascii_lowercase(),
            Location::Body => parameter.name.clone(),
            Location::Query => continue,
        };
        if parameter.when.is_some() || name.is_empty() {
            continue;
        }
        if !seen.insert((parameter.location, name)) {
            report.add(
                Code::DuplicateId,
                at.key_span("name"),
                &at.path,
                format!("`{}` is set a second time.", parameter.name),
                "Remove one of the two, or say with `when` which one counts.",
            );
        }
    }
}
