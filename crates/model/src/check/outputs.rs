//! What each step leaves behind, as far as the definition tells.

use crate::form::FieldKind;
use crate::step::{Step, StepKind};

/// The outputs of a step.
pub(crate) enum Outputs<'a> {
    /// Only a run knows their names.
    Open,
    /// Exactly these.
    Known(Vec<&'a str>),
}

/// The outputs that every request step has.
pub(super) const OF_REQUEST: [&str; 5] = ["status", "headers", "body", "cookies", "url"];

/// The output of a one-time password.
const TOTP_CODE: &str = "code";

/// The outputs of single sign-on.
const OF_SSO: [&str; 4] = ["access_token", "id_token", "claims", "expires_in"];

/// The outputs of a step.
pub(crate) fn of(step: &Step) -> Outputs<'_> {
    let extracted = step.extract.keys().map(String::as_str);
    match &step.kind {
        StepKind::Form(form) => {
            Outputs::Known(form.fields.iter().map(|field| field.key.as_str()).collect())
        }
        StepKind::ApiRequest(_) | StepKind::GraphqlRequest(_) | StepKind::Ntlm(_) => {
            Outputs::Known(OF_REQUEST.into_iter().chain(extracted).collect())
        }
        StepKind::JwtBearer(jwt) if jwt.token_url.is_none() => Outputs::Known(vec!["token"]),
        StepKind::Basic(_) => Outputs::Known(vec!["authorization"]),
        StepKind::Totp(_) => Outputs::Known(vec![TOTP_CODE]),
        StepKind::SsoToken(sso) if sso.exchange.is_none() => Outputs::Known(OF_SSO.to_vec()),
        StepKind::Callback(callback) if !callback.outputs.is_empty() => {
            Outputs::Known(callback.outputs.iter().map(String::as_str).collect())
        }
        StepKind::Callback(_)
        | StepKind::JsCode(_)
        | StepKind::JwtBearer(_)
        | StepKind::OAuth2(_)
        | StepKind::OAuth2ClientCredentials(_)
        | StepKind::OAuth2Refresh(_)
        | StepKind::OAuth2TokenExchange(_)
        | StepKind::OAuth1(_)
        | StepKind::SsoToken(_)
        | StepKind::DeviceCode(_) => Outputs::Open,
    }
}

/// Whether an output is a plain text or number, with nothing inside.
pub(super) fn is_plain(step: &Step, output: &str) -> bool {
    match &step.kind {
        StepKind::Form(_) | StepKind::Basic(_) | StepKind::Callback(_) | StepKind::Totp(_) => true,
        StepKind::ApiRequest(_) | StepKind::GraphqlRequest(_) | StepKind::Ntlm(_) => {
            output == "status" || output == "url"
        }
        StepKind::SsoToken(_) => output != "claims",
        _ => false,
    }
}

/// The field of a form that an output is, or that it is like: a code that was made is for one use too.
pub(super) fn field_kind(step: &Step, output: &str) -> Option<(FieldKind, Option<bool>)> {
    match &step.kind {
        StepKind::Form(form) => form
            .fields
            .iter()
            .find(|field| field.key == output)
            .map(|field| (field.kind, field.remember)),
        StepKind::Totp(_) if output == TOTP_CODE => Some((FieldKind::Otp, None)),
        _ => None,
    }
}
