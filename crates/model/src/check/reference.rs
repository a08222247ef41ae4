//! Every template reads something that is there in its place, or that only a run can tell.

use std::ops::Range;

use template::{Expression, Path, Segment};

use super::outputs::{self, Outputs};
use super::{Subject, place};
use crate::build::{FlowName, Mention, Parameters, Steps};
use crate::code::Code;
use crate::report::{Report, did_you_mean, listed};
use crate::step::Step;

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

struct Fault {
    code: Code,
    message: String,
    help: String,
}

fn fault(code: Code, message: impl Into<String>, help: impl Into<String>) -> Option<Fault> {
    Some(Fault {
        code,
        message: message.into(),
        help: help.into(),
    })
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
            "response" if site.response => part(path, &["status", "headers", "body"]),
            "response" => fault(
                Code::NotAvailableHere,
                "`response` exists only where a reply is judged.",
                "Read an output of a step, such as `{{login.body}}`.",
            ),
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
        for flow in [FlowName::Auth, FlowName::Refresh, FlowName::Logout] {
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
        let names = visible.iter().map(|step| step.id.as_str()).chain(ROOTS);
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

    fn visible(&self) -> Vec<&Step> {
        let subject = self.subject;
        let all = |flow| subject.steps(flow).iter();
        match self.mention.site.steps {
            Steps::None => Vec::new(),
            Steps::Before(FlowName::Auth, upto) => all(FlowName::Auth).take(upto).collect(),
            Steps::Before(flow, upto) => all(FlowName::Auth).chain(all(flow).take(upto)).collect(),
            Steps::AuthFlow => all(FlowName::Auth).collect(),
            Steps::RefreshFlow => all(FlowName::Auth).chain(all(FlowName::Refresh)).collect(),
        }
    }
}

/// A path into the outputs of a step that has run.
fn output(step: &Step, path: &Path) -> Option<Fault> {
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
fn whole(path: &Path) -> Option<Fault> {
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
fn part(path: &Path, names: &[&str]) -> Option<Fault> {
    let all = || format!("There are {}.", listed(names.iter().copied()));
    match path.segments.first() {
        None => None,
        Some(Segment::Key(key)) if names.contains(&key.as_str()) => {
            let plain = matches!(key.as_str(), "status" | "method" | "url");
            if !plain || path.segments.len() == 1 {
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
fn declared(path: &Path, names: &[&str], code: Code, noun: &str, place: &str) -> Option<Fault> {
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
