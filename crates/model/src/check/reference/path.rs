//! Whether a path leads to something, once its root is known to be there.

use template::{Path, Segment};

use super::super::outputs::{self, Outputs};
use crate::code::Code;
use crate::report::{Help, did_you_mean, listed};
use crate::step::Step;

/// What is wrong with a path.
pub(super) struct Fault {
    pub(super) code: Code,
    pub(super) message: String,
    pub(super) help: Help,
}

/// A fault with its words.
pub(super) fn fault(
    code: Code,
    message: impl Into<String>,
    help: impl Into<Help>,
) -> Option<Fault> {
    Some(Fault {
        code,
        message: message.into(),
        help: help.into(),
    })
}

/// A path into the outputs of a step that has run.
pub(super) fn output(step: &Step, path: &Path) -> Option<Fault> {
    let Outputs::Known(names) = outputs::of(step) else {
        return None;
    };
    let (first, rest) = path.segments.split_first()?;
    let key = match first {
        Segment::Key(key) if names.contains(&key.as_str()) => key,
        other => {
            let name = match other {
                Segment::Key(key) => key.clone(),
                Segment::Index(index) => format!("[{index}]"),
            };
            let all = format!("Its outputs are {}.", listed(names.iter().copied()));
            return fault(
                Code::UnknownOutput,
                format!("The step `{}` has no output `{name}`.", step.id),
                did_you_mean(&name, names, &all),
            );
        }
    };
    if !rest.is_empty() && outputs::is_plain(step, key) {
        return fault(
            Code::UnknownOutput,
            format!("`{path}` goes into `{key}`, which is a plain value."),
            format!("Read `{}.{key}` as it is.", step.id),
        );
    }
    None
}

/// A root that has nothing inside.
pub(super) fn whole(path: &Path) -> Option<Fault> {
    if path.segments.is_empty() {
        return None;
    }
    fault(
        Code::UnknownOutput,
        format!(
            "`{path}` goes into `{}`, which is a plain value.",
            path.root
        ),
        format!("Read `{}` as it is.", path.root),
    )
}

/// A root with a fixed set of parts.
pub(super) fn part(path: &Path, names: &[&str]) -> Option<Fault> {
    let all = || format!("There are {}.", listed(names.iter().copied()));
    match path.segments.first() {
        None => None,
        Some(Segment::Key(key)) if names.contains(&key.as_str()) => {
            let deep = match path.root.as_str() {
                "request" => key == "headers",
                _ => key != "status",
            };
            if deep || path.segments.len() == 1 {
                return None;
            }
            fault(
                Code::UnknownOutput,
                format!("`{path}` goes into `{key}`, which is a plain value."),
                format!("Read `{}.{key}` as it is.", path.root),
            )
        }
        Some(Segment::Key(key)) => fault(
            Code::UnknownOutput,
            format!("`{}` has no `{key}`.", path.root),
            did_you_mean(key, names.iter().copied(), &all()),
        ),
        Some(Segment::Index(_)) => fault(
            Code::UnknownOutput,
            format!("`{}` is no list.", path.root),
            all(),
        ),
    }
}

/// A root whose names are declared.
pub(super) fn declared(
    path: &Path,
    names: &[&str],
    code: Code,
    noun: &str,
    place: &str,
) -> Option<Fault> {
    let key = match path.segments.first() {
        None => return None,
        Some(Segment::Key(key)) => key,
        Some(Segment::Index(_)) => {
            return fault(
                code,
                format!("`{}` is no list.", path.root),
                format!("Name one {noun}."),
            );
        }
    };
    if names.contains(&key.as_str()) {
        return None;
    }
    fault(
        code,
        format!("There is no {noun} `{key}`."),
        did_you_mean(
            key,
            names.iter().copied(),
            &format!("Declare it under {place}."),
        ),
    )
}
