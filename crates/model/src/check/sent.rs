//! Whether calls send what a sign-in gives, and whether a refresh changes what they send.

use template::{Path, Template};

use super::Subject;
use crate::build::FlowName;
use crate::code::Code;
use crate::flow::RefreshFlow;
use crate::report::Report;
use crate::step::StepKind;

/// Checks the way from the auth flow to a call.
pub(super) fn check(subject: &Subject<'_>, report: &mut Report<'_>) {
    let connector = subject.connector;
    let sent = sent(subject);
    let reads = |root: &str| {
        sent.iter()
            .flat_map(|template| template.expressions())
            .any(|expression| expression.path.root == root)
    };
    let cookies = connector.cookies.forward_all || reads("cookies");
    let steps = subject.steps(FlowName::Auth);
    if !steps.is_empty() && !cookies && !steps.iter().any(|step| reads(&step.id)) {
        let span = subject.root.key_span("auth_flow");
        return report.add(
            Code::TokenNotSent,
            span,
            "auth_flow",
            "No call sends anything that this sign-in gives.",
            Code::TokenNotSent.help(),
        );
    }
    if let Some(refresh) = &connector.refresh_flow
        && !refresh.same_as_auth_flow
        && !refresh.steps.is_empty()
        && !cookies
        && !changes(refresh, &sent)
    {
        report.add(
            Code::RefreshChangesNothing,
            subject.root.key_span("refresh_flow"),
            "refresh_flow",
            "After this refresh every call would send the same as before.",
            Code::RefreshChangesNothing.help(),
        );
    }
}

/// The templates whose values calls send.
fn sent<'a>(subject: &Subject<'a>) -> Vec<&'a Template> {
    let connector = subject.connector;
    let mut sent: Vec<&Template> = connector.sign_in.templates();
    for parameter in &connector.request_parameters {
        sent.extend(parameter.templates());
    }
    let endpoints = connector.endpoints.iter().chain(&connector.test_api);
    sent.extend(endpoints.flat_map(|endpoint| endpoint.request.templates()));
    sent
}

/// Whether an update, or an OAuth 2 step that renews another one, touches what is sent.
fn changes(refresh: &RefreshFlow, sent: &[&Template]) -> bool {
    let paths = || {
        sent.iter()
            .flat_map(|template| template.expressions())
            .map(|expression| &expression.path)
    };
    let renewed = refresh.steps.iter().filter_map(|step| match &step.kind {
        StepKind::OAuth2Refresh(step) => step.of.as_deref(),
        _ => None,
    });
    renewed
        .into_iter()
        .any(|of| paths().any(|path| path.root == of))
        || refresh
            .update_variables
            .iter()
            .any(|update| paths().any(|path| overlap(path, &update.target)))
}

/// Whether one path leads into or over the other.
fn overlap(one: &Path, other: &Path) -> bool {
    one.root == other.root
        && one
            .segments
            .iter()
            .zip(&other.segments)
            .all(|(one, other)| one == other)
}
