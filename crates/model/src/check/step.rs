//! Who may stand in which flow, and what a step points to.

use super::Subject;
use crate::build::{At, FlowName};
use crate::code::Code;
use crate::connector::Owner;
use crate::report::{Report, did_you_mean, listed};
use crate::step::{Step, StepKind};

/// Checks every step.
pub(super) fn check(subject: &Subject<'_>, report: &mut Report<'_>) {
    for flow in FlowName::ALL {
        for (index, (step, at)) in subject.steps_at(flow).into_iter().enumerate() {
            if !flow.has_person() && step.kind.needs_person() {
                needs_person(step, &at, flow, report);
            }
            if step.on_fail.is_some() {
                back_to(&subject.steps(flow)[..index], step, &at, report);
            }
            of(subject, step, &at, report);
            resend(&subject.steps(flow)[..index], step, &at, report);
            nobodys(subject, step, &at, report);
        }
    }
    empty_refresh(subject, report);
}

fn needs_person(step: &Step, at: &At<'_>, flow: FlowName, report: &mut Report<'_>) {
    let Some(kind) = at.get("kind") else { return };
    let name = step.kind.name();
    report.add(
        Code::NeedsPerson,
        kind.node.span.clone(),
        &kind.path,
        format!(
            "A `{name}` cannot be in a {}: nobody is there to answer.",
            flow.noun()
        ),
        match flow {
            FlowName::Refresh => {
                "Move it to the auth flow, or renew with `same_as_auth_flow: true`."
            }
            _ => "Move it to the auth flow.",
        },
    );
}

/// A shared connection is nobody's, so nobody's single sign-on can be had for it.
fn nobodys(subject: &Subject<'_>, step: &Step, at: &At<'_>, report: &mut Report<'_>) {
    let is_shared = subject.connector.connection.owner == Owner::Shared;
    let (true, StepKind::SsoToken(_), Some(kind)) = (is_shared, &step.kind, at.get("kind")) else {
        return;
    };
    report.add(
        Code::ConflictingKeys,
        kind.node.span.clone(),
        &kind.path,
        "An `sso_token` cannot be in the flow of a shared connection, which is nobody's.",
        "Let the connection be the user's (`owner: user`), or sign in by another step.",
    );
}

fn back_to(earlier: &[Step], step: &Step, at: &At<'_>, report: &mut Report<'_>) {
    let (Some(on_fail), Some(at)) = (&step.on_fail, at.find(&["on_fail", "back_to"])) else {
        return;
    };
    let forms = || {
        earlier
            .iter()
            .filter(|step| matches!(step.kind, StepKind::Form(_)))
            .map(|step| step.id.as_str())
    };
    if forms().any(|id| id == on_fail.back_to) {
        return;
    }
    let all = match listed(forms()) {
        none if none.is_empty() => "There is no form before this step.".to_owned(),
        some => format!("The forms before this step are {some}."),
    };
    report.add(
        Code::BadBackTo,
        at.node.span.clone(),
        &at.path,
        format!("`{}` is no form before this step.", on_fail.back_to),
        did_you_mean(&on_fail.back_to, forms(), &all),
    );
}

fn of(subject: &Subject<'_>, step: &Step, at: &At<'_>, report: &mut Report<'_>) {
    let StepKind::OAuth2Refresh(refresh) = &step.kind else {
        return;
    };
    let (Some(of), Some(at)) = (&refresh.of, at.get("of")) else {
        return;
    };
    let grants = || {
        subject
            .steps(FlowName::Auth)
            .iter()
            .filter(|step| {
                matches!(
                    step.kind,
                    StepKind::OAuth2(_)
                        | StepKind::DeviceCode(_)
                        | StepKind::OAuth2TokenExchange(_)
                        | StepKind::OAuth2ClientCredentials(_)
                )
            })
            .map(|step| step.id.as_str())
    };
    if grants().any(|id| id == of) {
        return;
    }
    let all = match listed(grants()) {
        none if none.is_empty() => "The auth flow has no OAuth 2 step.".to_owned(),
        some => format!("The OAuth 2 steps of the auth flow are {some}."),
    };
    report.add(
        Code::BadOf,
        at.node.span.clone(),
        &at.path,
        format!("`{of}` is no OAuth 2 step of the auth flow."),
        did_you_mean(of, grants(), &all),
    );
}

/// What runs again must be there, and lead back to the form without anybody.
fn resend(earlier: &[Step], step: &Step, at: &At<'_>, report: &mut Report<'_>) {
    let StepKind::Form(form) = &step.kind else {
        return;
    };
    let (Some(named), Some(at)) = (&form.resend, at.get("resend")) else {
        return;
    };
    let (code, span) = (Code::BadResend, at.node.span.clone());
    let ids = || earlier.iter().map(|step| step.id.as_str());
    let Some(from) = ids().position(|id| id == named) else {
        let all = match listed(ids()) {
            none if none.is_empty() => "There is no step before this form.".to_owned(),
            some => format!("The steps before this form are {some}."),
        };
        let message = format!("`{named}` is no step before this form.");
        let help = did_you_mean(named, ids(), &all);
        return report.add(code, span, &at.path, message, help);
    };
    let person = earlier[from..].iter().find(|step| step.kind.needs_person());
    if let Some(person) = person {
        let message = format!(
            "`{}` would run again for this form, and needs a person.",
            person.id
        );
        let help = "Name a step after it, or move it before the one that is named.";
        report.add(code, span, &at.path, message, help);
    }
}

fn empty_refresh(subject: &Subject<'_>, report: &mut Report<'_>) {
    let (Some(flow), Some(at)) = (
        &subject.connector.refresh_flow,
        subject.root.get("refresh_flow"),
    ) else {
        return;
    };
    if !flow.same_as_auth_flow
        && flow.steps.is_empty()
        && at
            .node
            .get("steps")
            .is_none_or(|steps| steps.items().is_empty())
    {
        report.add(
            Code::EmptyRefresh,
            subject.root.key_span("refresh_flow"),
            &at.path,
            "This refresh flow has no steps and is not the auth flow either.",
            "Write `same_as_auth_flow: true`, or steps; or remove it for the default.",
        );
    }
}
