//! Passwords in URLs, secrets before people, and fields that are never stored.

use template::{Expression, Segment};

use super::outputs::field_kind;
use super::{Subject, place};
use crate::build::{FlowName, Mention, Role, Steps};
use crate::code::Code;
use crate::form::FieldKind;
use crate::report::Report;
use crate::step::Step;

/// Checks every template that reads a form.
pub(super) fn check(subject: &Subject<'_>, report: &mut Report<'_>) {
    for mention in subject.mentions {
        for expression in mention.template.expressions() {
            shown(subject, mention, expression, report);
            if let Some((step, field)) = field_of(subject, expression) {
                in_url(mention, expression, step, field, report);
                never_kept(mention, expression, step, field, report);
            }
        }
    }
}

fn shown(
    subject: &Subject<'_>,
    mention: &Mention,
    expression: &Expression,
    report: &mut Report<'_>,
) {
    let secret = expression.path.root == "secrets"
        || field_of(subject, expression)
            .and_then(|(step, field)| field_kind(step, field))
            .is_some_and(|(kind, _)| kind.is_secret());
    if mention.role == Role::Shown && secret {
        report.add(
            Code::SecretShown,
            place(report, mention, expression),
            &mention.path,
            format!("`{}` would be shown to a person.", expression.path),
            Code::SecretShown.help(),
        );
    }
}

fn in_url(
    mention: &Mention,
    expression: &Expression,
    step: &Step,
    field: &str,
    report: &mut Report<'_>,
) {
    let hashed = expression
        .filters
        .iter()
        .any(|filter| filter.name() == "sha256");
    let typed = field_kind(step, field).map(|(kind, _)| kind);
    if matches!(mention.role, Role::Url | Role::Query)
        && typed == Some(FieldKind::Password)
        && !hashed
    {
        report.add(
            Code::PasswordInUrl,
            place(report, mention, expression),
            &mention.path,
            format!("The password `{}.{field}` would stand in a URL.", step.id),
            "Send it in the body or in a header; servers and proxies write URLs down.",
        );
    }
}

fn never_kept(
    mention: &Mention,
    expression: &Expression,
    step: &Step,
    field: &str,
    report: &mut Report<'_>,
) {
    let after = match mention.site.steps {
        Steps::Before(FlowName::Auth, _) | Steps::None => false,
        Steps::Before(..) | Steps::RefreshFlow | Steps::StepUp | Steps::AuthFlow => true,
    };
    if !after || mention.path.starts_with("connection.") {
        return;
    }
    let (why, help) = match field_kind(step, field) {
        Some((FieldKind::Otp, _)) => ("a code for one use", "Read something else"),
        Some((_, Some(false))) => (
            "marked `remember: false`",
            "Remove that, or read something else",
        ),
        _ => return,
    };
    report.add(
        Code::NeverKept,
        place(report, mention, expression),
        &mention.path,
        format!(
            "`{}.{field}` is {why} and is never stored, so it is absent here.",
            step.id
        ),
        format!("{help}; a run that needs it asks the person."),
    );
}

/// The form and the field that an expression reads.
fn field_of<'a>(subject: &Subject<'a>, expression: &'a Expression) -> Option<(&'a Step, &'a str)> {
    let Some(Segment::Key(field)) = expression.path.segments.first() else {
        return None;
    };
    let step = subject
        .steps(FlowName::Auth)
        .iter()
        .find(|step| step.id == expression.path.root)?;
    Some((step, field))
}
