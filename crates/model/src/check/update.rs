//! The targets of update variables: outputs of the auth flow.

use template::Segment;

use super::Subject;
use super::outputs::{self, Outputs};
use crate::build::FlowName;
use crate::code::Code;
use crate::report::{Help, Report, did_you_mean, listed};

/// Checks every target; the sources are templates like all others.
pub(super) fn check(subject: &Subject<'_>, report: &mut Report<'_>) {
    let (Some(flow), Some(at)) = (
        &subject.connector.refresh_flow,
        subject.root.find(&["refresh_flow", "update_variables"]),
    ) else {
        return;
    };
    let steps = subject.steps(FlowName::Auth);
    let ids = || steps.iter().map(|step| step.id.as_str());
    for (written, span, entry) in at.keyed() {
        let plain = written.trim_start_matches("{{").trim_end_matches("}}");
        let Some(update) = flow
            .update_variables
            .iter()
            .find(|update| update.target.to_string() == plain.trim())
        else {
            continue;
        };
        let target = &update.target;
        let mut refuse = |message: String, help: Help| {
            report.add(Code::BadTarget, span.clone(), &entry.path, message, help);
        };
        let Some(step) = steps.iter().find(|step| step.id == target.root) else {
            let all = match listed(ids()) {
                none if none.is_empty() => "The auth flow has no steps.".to_owned(),
                some => format!("The steps of the auth flow are {some}."),
            };
            refuse(
                format!("The auth flow has no step `{}`.", target.root),
                did_you_mean(&target.root, ids(), &all),
            );
            continue;
        };
        match (target.segments.first(), outputs::of(step)) {
            (None, _) => refuse(
                format!("`{target}` is a step, not one of its outputs."),
                format!("Name an output: `{target}.token`.").into(),
            ),
            (Some(Segment::Key(key)), Outputs::Known(names)) if !names.contains(&key.as_str()) => {
                let all = format!("Its outputs are {}.", listed(names.iter().copied()));
                refuse(
                    format!("The step `{}` has no output `{key}`.", step.id),
                    did_you_mean(key, names, &all),
                );
            }
            (Some(Segment::Index(_)), _) => refuse(
                format!("`{target}` is no output: a step is no list."),
                Code::BadTarget.help().into(),
            ),
            _ => {}
        }
    }
}
