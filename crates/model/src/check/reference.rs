//! Every template reads something that is there in its place, or that only a run can tell.

use std::ops::Range;

use template::{Expression, Path};

use super::{Subject, place};
use crate::build::{FlowName, Mention, Parameters, Signing, Steps};
use crate::code::Code;
use crate::report::{Report, did_you_mean, listed};
use crate::step::Step;

use path::{Fault, declared, fault, output, part, whole};
use signing::{OF_SIGNATURE, SIGNED, made_by_signing};

mod path;
mod signing;

/// The names that are no step.
pub(super) const ROOTS: [&str; 12] = [
    "variables",
    "secrets",
    "cookies",
    "parameters",
    "response",
    "request",
    "base_url",
    "callback_url",
    "state",
    "now",
    "uuid",
    "random",
];

/// Checks every template.
pub(super) fn check(subject: &Subject<'_>, report: &mut Report<'_>) {
    for mention in subject.mentions {
        if report.is_full() {
            return;
        }
        for expression in mention.template.expressions() {
            let fault = Reader { subject, mention }.fault(expression);
            if let Some(Fault {
                code,
                message,
                help,
            }) = fault
            {
                let span: Range<usize> = place(report, mention, expression);
                report.add(code, span, &mention.path, message, help);
            }
        }
    }
}

struct Reader<'a> {
    subject: &'a Subject<'a>,
    mention: &'a Mention,
}

impl Reader<'_> {
    fn fault(&self, expression: &Expression) -> Option<Fault> {
        let path = &expression.path;
        let site = &self.mention.site;
        match path.root.as_str() {
            "base_url" | "callback_url" | "now" | "uuid" | "random" => whole(path),
            "cookies" => None,
            "state" if site.state => whole(path),
            "state" => fault(
                Code::NotAvailableHere,
                "`state` belongs to a flow run and does not exist here.",
                "Read it in a step of a flow.",
            ),
            "response" if site.challenge => part(path, &["status", "headers", "body", "challenge"]),
            "response" if site.response => part(path, &["status", "headers", "body"]),
            "response" => fault(
                Code::NotAvailableHere,
                "`response` exists only where a reply is judged.",
                "Read an output of a step, such as `{{login.body}}`.",
            ),
            "request" if site.signing != Signing::None => part(path, &SIGNED),
            "request" if site.request => part(path, &["method", "url"]),
            "request" => fault(
                Code::NotAvailableHere,
                "`request` exists only where a call is made or judged.",
                "Read it in `request_parameters`, `expect` or `over_when`.",
            ),
            "variables" => {
                let names = self.subject.connector.variables.keys();
                let names: Vec<_> = names.map(String::as_str).collect();
                declared(
                    path,
                    &names,
                    Code::UnknownVariable,
                    "variable",
                    "`variables`",
                )
            }
            "secrets" => self.secret(path),
            "parameters" => self.parameter(path),
            // A step may have the same name: it is read by its outputs, and these have none.
            name if path.segments.is_empty()
                && site.signing != Signing::None
                && OF_SIGNATURE.contains(&name) =>
            {
                made_by_signing(name, site.signing)
            }
            _ => self.step(path),
        }
    }

    fn secret(&self, path: &Path) -> Option<Fault> {
        let names = self.subject.connector.secrets.iter();
        let names: Vec<_> = names.map(String::as_str).collect();
        match path.segments.as_slice() {
            [] => fault(
                Code::UnknownSecret,
                "`secrets` as a whole cannot be read.",
                "Name one: `{{secrets.client_secret}}`.",
            ),
            [_, _, ..] => fault(
                Code::UnknownSecret,
                format!("`{path}` goes into a secret, which is a plain text."),
                "Name the secret alone.",
            ),
            _ => declared(path, &names, Code::UnknownSecret, "secret", "`secrets`"),
        }
    }

    fn parameter(&self, path: &Path) -> Option<Fault> {
        let connector = self.subject.connector;
        let of = |endpoint: &'_ crate::endpoint::Endpoint| -> Vec<String> {
            endpoint.parameters.keys().cloned().collect()
        };
        let names: Vec<String> = match self.mention.site.parameters {
            Parameters::None => {
                return fault(
                    Code::NotAvailableHere,
                    "`parameters` exist only where an endpoint is called.",
                    "Read a variable, or an output of a step.",
                );
            }
            Parameters::Endpoint(index) => {
                connector.endpoints.get(index).map(of).unwrap_or_default()
            }
            Parameters::TestApi => connector.test_api.as_ref().map(of).unwrap_or_default(),
            Parameters::Any => connector.endpoints.iter().flat_map(of).collect(),
        };
        let names: Vec<_> = names.iter().map(String::as_str).collect();
        let place = "the endpoint's `parameters`";
        declared(path, &names, Code::UnknownParameter, "parameter", place)
    }

    fn step(&self, path: &Path) -> Option<Fault> {
        let root = path.root.as_str();
        let site = &self.mention.site;
        let visible = self.visible();
        if let Some(step) = visible.iter().find(|step| step.id == root) {
            return output(step, path);
        }
        for flow in FlowName::ALL {
            let Some(index) = self
                .subject
                .steps(flow)
                .iter()
                .position(|step| step.id == root)
            else {
                continue;
            };
            return match site.steps {
                Steps::Before(own, upto) if own == flow && index == upto => fault(
                    Code::LaterStep,
                    format!("`{root}` is this step itself, which has not run yet."),
                    "Read an earlier step; its own outputs are there in `expect`.",
                ),
                Steps::Before(own, _) if own == flow => fault(
                    Code::LaterStep,
                    format!("The step `{root}` runs after this one."),
                    "Move it up, or read an earlier step.",
                ),
                _ => fault(
                    Code::OtherFlow,
                    format!(
                        "`{root}` is a step of the {}, which has not run here.",
                        flow.noun()
                    ),
                    match flow {
                        FlowName::Refresh => {
                            "Copy its output over one of the auth flow with `update_variables`."
                        }
                        _ => "Read a step of the auth flow.",
                    },
                ),
            };
        }
        if OF_SIGNATURE.contains(&root) && site.signing == Signing::None {
            return fault(
                Code::NotAvailableHere,
                format!("`{root}` belongs to a signature and exists only in one that is declared."),
                "Read it in `string_to_sign`, `value`, `headers` or `query` of `sign_in: { kind: hmac, .. }`.",
            );
        }
        let roots = ROOTS.into_iter().filter(|root| self.has_root(root));
        let of_signature = OF_SIGNATURE
            .into_iter()
            .filter(|_| site.signing != Signing::None);
        let names = visible.iter().map(|step| step.id.as_str());
        let names = names.chain(roots).chain(of_signature);
        let known = match listed(visible.iter().map(|step| step.id.as_str())) {
            none if none.is_empty() => "No step has run here.".to_owned(),
            some => format!("The steps that have run here are {some}."),
        };
        fault(
            Code::UnknownName,
            format!("No earlier step is called `{root}`."),
            did_you_mean(root, names, &known),
        )
    }

    fn has_root(&self, root: &str) -> bool {
        let site = &self.mention.site;
        match root {
            "response" => site.response,
            "request" => site.request || site.signing != Signing::None,
            "state" => site.state,
            "parameters" => site.parameters != Parameters::None,
            _ => true,
        }
    }

    fn visible(&self) -> Vec<&Step> {
        let subject = self.subject;
        let all = |flow| subject.steps(flow).iter();
        match self.mention.site.steps {
            Steps::None => Vec::new(),
            Steps::Before(FlowName::Auth, upto) => all(FlowName::Auth).take(upto).collect(),
            Steps::Before(flow, upto) => all(FlowName::Auth).chain(all(flow).take(upto)).collect(),
            Steps::AuthFlow => all(FlowName::Auth).collect(),
            Steps::RefreshFlow => all(FlowName::Auth).chain(all(FlowName::Refresh)).collect(),
            Steps::StepUp => all(FlowName::Auth).chain(all(FlowName::StepUp)).collect(),
        }
    }
}
