//! GraphQL operations: that the text can be read, which operation is meant, and that it gets the variables it takes.

use super::Subject;
use crate::build::{At, FlowName, added, locate};
use crate::code::Code;
use crate::connector::ConnectorKind;
use crate::endpoint::{Endpoint, Parameter, ParameterKind};
use crate::graphql::GraphqlOperation;
use crate::graphql_text::{Operation, Variable, chosen, operations};
use crate::report::{Report, did_you_mean, listed};
use crate::request::Body;
use crate::step::StepKind;
use crate::value_template::ValueTemplate;

/// Checks every operation, and that every request has an address.
pub(super) fn check(subject: &Subject<'_>, report: &mut Report<'_>) {
    let connector = subject.connector;
    let is_graphql = connector.kind == ConnectorKind::Graphql;
    for flow in [FlowName::Auth, FlowName::Refresh, FlowName::Logout] {
        for (step, at) in subject.steps_at(flow) {
            let (request, holder) = match &step.kind {
                StepKind::GraphqlRequest(kind) => (&kind.request, Some(at.clone())),
                StepKind::ApiRequest(kind) => (&kind.request, at.find(&["request", "graphql"])),
                StepKind::Ntlm(kind) => (&kind.request, at.find(&["request", "graphql"])),
                _ => continue,
            };
            let (Body::Graphql(operation), Some(holder)) = (&request.body, holder) else {
                continue;
            };
            let place = match step.kind {
                StepKind::GraphqlRequest(_) => Some(at.clone()),
                _ => at.get("request"),
            };
            address(is_graphql, place.as_ref(), report);
            of(operation, &holder, None, &[], report);
        }
    }
    let nodes = subject.root.get("endpoints");
    let nodes = nodes.iter().flat_map(At::items);
    let named = connector.endpoints.iter().zip(nodes);
    let test = connector.test_api.iter().zip(subject.root.get("test_api"));
    let added = if is_graphql {
        added(subject.root)
    } else {
        Vec::new()
    };
    for (endpoint, at) in named.chain(test) {
        let Some(request) = at.get("request") else {
            continue;
        };
        if is_graphql && !is_operation(endpoint, &request, report) {
            continue;
        }
        address(is_graphql, Some(&request), report);
        if let (Body::Graphql(operation), Some(holder)) =
            (&endpoint.request.body, request.get("graphql"))
        {
            let added = if endpoint.attach {
                added.as_slice()
            } else {
                &[]
            };
            of(operation, &holder, Some((endpoint, &at)), added, report);
        }
    }
}

/// Without `url` there is an address only where the connector has just one.
fn address(is_graphql: bool, at: Option<&At<'_>>, report: &mut Report<'_>) {
    let Some(at) = at.filter(|at| !is_graphql && at.get("url").is_none()) else {
        return;
    };
    // In a step the operation's keys stand beside it.
    let key = ["graphql", "query"]
        .into_iter()
        .find(|key| at.get(key).is_some());
    if let Some(key) = key {
        let (code, span) = (Code::NoUrl, at.key_span(key));
        let message = format!("`{}` has no `url`.", at.path);
        report.add(code, span, &at.path, message, code.help());
    }
}

/// Whether an endpoint of a GraphQL connector is an operation at its one address.
fn is_operation(endpoint: &Endpoint, request: &At<'_>, report: &mut Report<'_>) -> bool {
    let code = Code::NotAnOperation;
    if !matches!(endpoint.request.body, Body::Graphql(_)) {
        let span = request.node.entries().first().map(|entry| &entry.key_span);
        let span = span.unwrap_or(&request.node.span).clone();
        let message = "An endpoint of a GraphQL connector is an operation.";
        report.add(code, span, &request.path, message, code.help());
        return false;
    }
    if let Some(url) = request.get("url") {
        let message = "A GraphQL connector has one address, its `base_url`.";
        let span = request.key_span("url");
        report.add(code, span, &url.path, message, "Remove `url`.");
    }
    true
}

fn of(
    operation: &GraphqlOperation,
    at: &At<'_>,
    endpoint: Option<(&Endpoint, &At<'_>)>,
    added: &[String],
    report: &mut Report<'_>,
) {
    let Some(query) = at.get("query").filter(|_| operation.query.is_literal()) else {
        return;
    };
    let text = operation.query.source();
    let place = |report: &Report<'_>, inner| locate(report.text(), &query.node.span, text, inner);
    let all = match operations(text) {
        Ok(all) => all,
        Err(fault) => {
            let span = place(report, fault.span);
            let message = format!("This cannot be read as GraphQL: {}.", fault.message);
            let (code, path) = (Code::BadGraphql, &query.path);
            return report.add(code, span, path, message, code.help());
        }
    };
    let Some(read) = meant(operation, at, &query, &all, report) else {
        return;
    };
    if read.is_subscription {
        let span = place(report, read.span.clone());
        return report.add(
            Code::BadOperation,
            span,
            &query.path,
            "A subscription is no single request.",
            "Send a query or a mutation.",
        );
    }
    let variables = at.get("variables");
    for (name, span, value) in variables.iter().flat_map(At::keyed) {
        let names = || read.variables.iter().map(|variable| variable.name.as_str());
        let Some(variable) = read.variables.iter().find(|one| one.name == name) else {
            let all = match listed(names()) {
                none if none.is_empty() => "It takes none.".to_owned(),
                some => format!("It takes {some}."),
            };
            let message = format!("The operation has no variable `${name}`.");
            let help = did_you_mean(name, names(), &all);
            report.add(Code::BadVariable, span, &value.path, message, help);
            continue;
        };
        let parameter = operation.variables.get(name).zip(endpoint);
        let parameter = parameter.and_then(|(given, (endpoint, _))| parameter_of(given, endpoint));
        if let Some((name, parameter)) = parameter {
            let span = value.node.span.clone();
            fits(variable, name, parameter, span, &value.path, report);
        }
    }
    for variable in &read.variables {
        let name = &variable.name;
        let is_written = variables.iter().any(|at| at.get(name).is_some());
        if is_written || added.contains(name) {
            continue;
        }
        let parameter = endpoint.and_then(|(endpoint, _)| {
            let given = operation.variables.get(name)?;
            parameter_of(given, endpoint)
        });
        match parameter {
            Some((name, parameter)) => {
                let declared = endpoint.and_then(|(_, at)| at.find(&["parameters", name]));
                if let Some(declared) = declared {
                    let span = declared.node.span.clone();
                    fits(variable, name, parameter, span, &declared.path, report);
                }
            }
            None if variable.is_needed => {
                let span = place(report, variable.span.clone());
                let message = format!("Nothing gives the operation its `${name}`.");
                let help = format!("Add `{name}` to `variables`.");
                report.add(Code::BadVariable, span, &query.path, message, help);
            }
            None => {}
        }
    }
}

/// The operation that is meant, where it can be told.
fn meant<'o>(
    operation: &GraphqlOperation,
    at: &At<'_>,
    query: &At<'_>,
    all: &'o [Operation],
    report: &mut Report<'_>,
) -> Option<&'o Operation> {
    let written = operation.operation_name.as_ref();
    if written.is_some_and(|name| !name.is_literal()) {
        return None;
    }
    let name = written.map(template::Template::source);
    let found = chosen(all, name);
    if found.is_some() {
        return found;
    }
    let names = || all.iter().filter_map(|one| one.name.as_deref());
    let there = match listed(names()) {
        none if none.is_empty() => "Its operation has no name.".to_owned(),
        some => format!("Its operations are {some}."),
    };
    let (span, path, message, help) = match (name, at.get("operation_name")) {
        (Some(name), Some(at)) => (
            at.node.span.clone(),
            at.path,
            format!("The text has no operation `{name}`."),
            did_you_mean(name, names(), &there),
        ),
        _ => (
            query.node.span.clone(),
            query.path.clone(),
            "The text has several operations.".to_owned(),
            format!("Say which is meant by `operation_name`. {there}").into(),
        ),
    };
    report.add(Code::BadOperation, span, &path, message, help);
    None
}

/// The parameter that a value is, and nothing else.
fn parameter_of<'e>(
    given: &'e ValueTemplate,
    endpoint: &'e Endpoint,
) -> Option<(&'e str, &'e Parameter)> {
    let ValueTemplate::Template(template) = given else {
        return None;
    };
    let expression = template.single()?;
    let (path, filters) = (&expression.path, &expression.filters);
    let [template::Segment::Key(name)] = path.segments.as_slice() else {
        return None;
    };
    let parameter = endpoint.parameters.get(name)?;
    (path.root == "parameters" && filters.is_empty()).then_some((name, parameter))
}

/// Whether a parameter is what a variable takes.
fn fits(
    variable: &Variable,
    name: &str,
    parameter: &Parameter,
    span: std::ops::Range<usize>,
    path: &str,
    report: &mut Report<'_>,
) {
    use ParameterKind::{Any, Array, Integer, Number, String};
    let ty = &variable.ty;
    let taken = match (variable.kind, parameter.kind) {
        // A single value counts as a list of one (section 3.11).
        (Any | Array, _) | (_, Any) | (Number, Integer) => true,
        (String, Integer) => ty.starts_with("ID"),
        (variable, parameter) => variable == parameter,
    };
    let (message, help) = if !taken {
        let message = format!(
            "The parameter `{name}` is of type {}, and the operation takes `{ty}`.",
            parameter.kind.name()
        );
        let wanted = variable.kind.name();
        (message, format!("Declare it with `type: {wanted}`."))
    } else if variable.is_needed && !parameter.required && parameter.default.is_none() {
        let message =
            format!("The operation needs a `{ty}`, and the parameter `{name}` may be left out.");
        let help = "Remove `required: false`, or give it a `default`.".to_owned();
        (message, help)
    } else {
        return;
    };
    report.add(Code::BadVariable, span, path, message, help);
}
