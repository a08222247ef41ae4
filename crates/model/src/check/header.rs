//! Header values before their templates are resolved: a line break would begin another header.

use super::Subject;
use crate::build::Role;
use crate::code::Code;
use crate::report::Report;

/// Checks the fixed text of every header value; what templates yield is checked when it is sent.
pub(super) fn check(subject: &Subject<'_>, report: &mut Report<'_>) {
    for mention in subject.mentions {
        let source = mention.template.source();
        let within = |at: usize| {
            mention
                .template
                .expressions()
                .any(|expression| expression.span.contains(&at))
        };
        let broken = source
            .char_indices()
            .any(|(at, c)| c.is_control() && c != '\t' && !within(at));
        if mention.role == Role::Header && broken {
            report.add(
                Code::BadHeader,
                mention.span.clone(),
                &mention.path,
                "This header value has a line break or another control character in it.",
                Code::BadHeader.help(),
            );
        }
    }
}
