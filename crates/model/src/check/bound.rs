//! Tokens that are bound to a key (RFC 9449) and go as bearer tokens: whoever binds tokens refuses them so.

use template::Template;

use super::Subject;
use crate::code::Code;
use crate::report::Report;
use crate::sign_in::SignIn;

const BEARER: &str = "bearer ";

/// Checks what every call gets.
pub(super) fn check(subject: &Subject<'_>, report: &mut Report<'_>) {
    let bound: Vec<&str> = subject.connector.binding_steps().collect();
    let token = |template: &Template| {
        let mut roots = template.expressions().map(|it| it.path.root.as_str());
        roots.find(|root| bound.contains(root)).map(str::to_owned)
    };
    let of_sign_in = |template: &Template| match &subject.connector.sign_in {
        SignIn::Bearer { token } => template == token,
        _ => false,
    };
    for mention in subject.mentions {
        let path = mention.path.as_str();
        let source = mention.template.source().trim_start();
        let as_bearer = source
            .get(..BEARER.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(BEARER));
        let sent = (as_bearer
            && (path.starts_with("request_parameters") || path.contains("headers")))
            || (path == "sign_in.token" && of_sign_in(&mention.template));
        if let Some(step) = token(&mention.template).filter(|_| sent) {
            report.add(
                Code::BoundAsBearer,
                mention.span.clone(),
                path,
                format!("The token of `{step}` is bound to a key, and goes as one that anybody may use."),
                format!("Send it with its proof: a header `Authorization` of `DPoP {{{{{step}.access_token}}}}`, in place of this."),
            );
        }
    }
}
