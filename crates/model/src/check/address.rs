//! URLs before their templates are resolved: what they begin with decides where a call may go.

use url::Url;

use super::Subject;
use crate::build::{Mention, Role};
use crate::code::Code;
use crate::report::Report;

/// Checks every URL.
pub(super) fn check(subject: &Subject<'_>, report: &mut Report<'_>) {
    for mention in subject.mentions {
        if mention.role == Role::Url {
            check_one(mention, report);
        }
    }
}

fn check_one(mention: &Mention, report: &mut Report<'_>) {
    let template = &mention.template;
    let source = template.source();
    let mut refuse = |code: Code, message: String, help: &str| {
        report.add(code, mention.span.clone(), &mention.path, message, help);
    };
    let leading = template.leading_literal();
    if leading.is_empty() && !template.is_literal() {
        if let Some(first) = template.expressions().next()
            && first.path.root == "base_url"
            && let Some(next) = source[first.span.end..].chars().next()
            && !"/?#{".contains(next)
        {
            refuse(
                Code::HostExtended,
                format!("`{next}` right after `{{{{base_url}}}}` would change its host."),
                Code::HostExtended.help(),
            );
        }
        return;
    }
    let Some((scheme, rest)) = leading.split_once("://") else {
        return refuse(
            Code::BadAddress,
            format!("`{source}` does not begin with an address."),
            "Begin with `{{base_url}}`, or write `https://` and the host.",
        );
    };
    if !scheme.eq_ignore_ascii_case("https") && !scheme.eq_ignore_ascii_case("http") {
        return refuse(
            Code::BadAddress,
            format!("`{scheme}` is not a scheme that can be called."),
            "Use `https://`.",
        );
    }
    let authority = rest.find(['/', '?', '#', '\\']);
    if authority.is_none() && !template.is_literal() {
        // The host is what a template yields; a run compares it with the connector's origins.
        return;
    }
    let end = scheme.len() + 3 + authority.unwrap_or(rest.len());
    match Url::parse(&leading[..end]) {
        Err(error) => refuse(
            Code::BadAddress,
            format!("`{source}` cannot be read as an address: {error}."),
            "Write `https://`, a host and a path.",
        ),
        Ok(url) if !url.username().is_empty() || url.password().is_some() => refuse(
            Code::BadAddress,
            "An address must not hold a user name or password.".to_owned(),
            "Use `sign_in: { kind: basic, .. }`.",
        ),
        Ok(url) if url.scheme() == "http" && !crate::origin::is_loopback(&url) => refuse(
            Code::NotEncrypted,
            format!("What is sent to `{url}` is not encrypted."),
            Code::NotEncrypted.help(),
        ),
        Ok(_) => {}
    }
}
