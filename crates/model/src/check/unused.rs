//! What is declared and never read.

use std::collections::HashSet;
use std::ops::Range;

use template::Segment;

use super::Subject;
use crate::build::{At, Parameters};
use crate::code::Code;
use crate::report::Report;

/// Checks variables, secrets and parameters.
pub(super) fn check(subject: &Subject<'_>, report: &mut Report<'_>) {
    let reads = Reads::of(subject);
    for at in subject.root.get("secrets").iter().flat_map(At::items) {
        let name = at.text();
        if !reads.has("secrets", &name) {
            let message = format!("Nothing reads the secret `{name}`.");
            let span = at.node.span.clone();
            unused(
                Code::UnusedSecret,
                span,
                &at.path,
                message,
                "secrets",
                &name,
                report,
            );
        }
    }
    let variables = subject.root.get("variables");
    for (name, span, at) in variables.iter().flat_map(At::keyed) {
        if !reads.has("variables", name) {
            let message = format!("Nothing reads the variable `{name}`.");
            unused(
                Code::UnusedVariable,
                span,
                &at.path,
                message,
                "variables",
                name,
                report,
            );
        }
    }
    let endpoints = subject.root.get("endpoints");
    for (index, endpoint) in endpoints.iter().flat_map(At::items).enumerate() {
        let parameters = endpoint.get("parameters");
        for (name, span, at) in parameters.iter().flat_map(At::keyed) {
            if !reads.has_parameter(index, name) {
                let message = format!("The endpoint does not use its parameter `{name}`.");
                unused(
                    Code::UnusedParameter,
                    span,
                    &at.path,
                    message,
                    "parameters",
                    name,
                    report,
                );
            }
        }
    }
}

fn unused(
    code: Code,
    span: Range<usize>,
    path: &str,
    message: String,
    root: &str,
    name: &str,
    report: &mut Report<'_>,
) {
    let help = format!("Remove it, or read it as `{{{{{root}.{name}}}}}`.");
    report.add(code, span, path, message, help);
}

/// What templates read, by root and name; an empty name stands for the whole root.
struct Reads<'a> {
    names: HashSet<(&'a str, &'a str)>,
    of_endpoint: HashSet<(usize, &'a str)>,
}

impl<'a> Reads<'a> {
    fn of(subject: &'a Subject<'_>) -> Self {
        let mut reads = Self {
            names: HashSet::new(),
            of_endpoint: HashSet::new(),
        };
        for mention in subject.mentions {
            for expression in mention.template.expressions() {
                let name = match expression.path.segments.first() {
                    Some(Segment::Key(key)) => key.as_str(),
                    _ => "",
                };
                let root = expression.path.root.as_str();
                match mention.site.parameters {
                    Parameters::Endpoint(index) if root == "parameters" => {
                        reads.of_endpoint.insert((index, name));
                    }
                    _ => {
                        reads.names.insert((root, name));
                    }
                }
            }
        }
        reads
    }

    fn has(&self, root: &str, name: &str) -> bool {
        self.names.contains(&(root, name)) || self.names.contains(&(root, ""))
    }

    fn has_parameter(&self, endpoint: usize, name: &str) -> bool {
        self.has("parameters", name)
            || self.of_endpoint.contains(&(endpoint, name))
            || self.of_endpoint.contains(&(endpoint, ""))
    }
}
