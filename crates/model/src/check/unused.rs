//! What is declared and never read.

use template::Segment;

use super::Subject;
use crate::build::{At, Parameters};
use crate::code::Code;
use crate::report::Report;

/// Checks variables, secrets and parameters.
pub(super) fn check(subject: &Subject<'_>, report: &mut Report<'_>) {
    let reads = |root: &str, name: &str, here: &dyn Fn(&Parameters) -> bool| {
        subject
            .mentions
            .iter()
            .filter(|mention| here(&mention.site.parameters))
            .flat_map(|mention| mention.template.expressions())
            .any(|expression| {
                expression.path.root == root
                    && match expression.path.segments.first() {
                        Some(Segment::Key(key)) => key == name,
                        Some(Segment::Index(_)) => false,
                        None => true,
                    }
            })
    };
    let anywhere = |_: &Parameters| true;
    for at in subject.root.get("secrets").iter().flat_map(At::items) {
        let name = at.text();
        if !reads("secrets", &name, &anywhere) {
            let message = format!("Nothing reads the secret `{name}`.");
            let help = format!("Remove it, or read it as `{{{{secrets.{name}}}}}`.");
            report.add(
                Code::UnusedSecret,
                at.node.span.clone(),
                &at.path,
                message,
                help,
            );
        }
    }
    if let Some(variables) = subject.root.get("variables") {
        for (name, at) in variables.entries() {
            if !reads("variables", name, &anywhere) {
                let message = format!("Nothing reads the variable `{name}`.");
                let help = format!("Remove it, or read it as `{{{{variables.{name}}}}}`.");
                let span = variables.key_span(name);
                report.add(Code::UnusedVariable, span, &at.path, message, help);
            }
        }
    }
    let endpoints = subject.root.get("endpoints");
    for (index, endpoint) in endpoints.iter().flat_map(At::items).enumerate() {
        let here =
            |site: &Parameters| *site == Parameters::Endpoint(index) || *site == Parameters::Any;
        let Some(parameters) = endpoint.get("parameters") else {
            continue;
        };
        for (name, at) in parameters.entries() {
            if !reads("parameters", name, &here) {
                let message = format!("The endpoint does not use its parameter `{name}`.");
                let help = format!("Remove it, or read it as `{{{{parameters.{name}}}}}`.");
                let span = parameters.key_span(name);
                report.add(Code::UnusedParameter, span, &at.path, message, help);
            }
        }
    }
}
