//! What each step leaves behind, with type and a sentence.

use super::{Readable, ReadableKind};
use crate::build::FlowName;
use crate::check::outputs::{self, Outputs};
use crate::extract::{Extract, ExtractKind};
use crate::form::FieldKind;
use crate::step::{Step, StepKind};

/// A step and its outputs.
pub(super) fn readable(flow: FlowName, step: &Step, later: bool) -> Vec<Readable> {
    let place = |path: String, kind, value_type, about: String, certain| Readable {
        path,
        kind,
        value_type,
        step: Some(step.id.clone()),
        flow: Some(flow.key()),
        about: match later {
            true => format!("{about} Runs after this."),
            false => about,
        },
        certain: certain && step.when.is_none(),
        later,
    };
    let output = |name: &str, (value_type, about): (&'static str, String), certain| {
        let path = format!("{}.{name}", step.id);
        place(path, ReadableKind::Output, value_type, about, certain)
    };
    match outputs::of(step) {
        Outputs::Known(names) => names
            .into_iter()
            .map(|name| output(name, described(step, name), is_certain(step, name)))
            .collect(),
        Outputs::Open => {
            let (about, likely) = told_by_run(&step.kind);
            let whole = place(
                step.id.clone(),
                ReadableKind::Step,
                "object",
                about.to_owned(),
                true,
            );
            let extracted = step
                .extract
                .iter()
                .map(|(name, extract)| output(name, extracted(extract), false));
            let likely = likely.iter().map(|(name, value_type, about)| {
                output(name, (*value_type, (*about).to_owned()), false)
            });
            std::iter::once(whole)
                .chain(extracted)
                .chain(likely)
                .collect()
        }
    }
}

fn described(step: &Step, name: &str) -> (&'static str, String) {
    if let Some(extract) = step.extract.get(name) {
        return extracted(extract);
    }
    let told = |value_type, about: &str| (value_type, about.to_owned());
    match &step.kind {
        StepKind::Form(form) => {
            let field = form.fields.iter().find(|field| field.key == name);
            match field.map(|field| field.kind) {
                Some(FieldKind::Number) => told("number", "The number that the person types."),
                Some(FieldKind::Choice) => told("any", "What the person chooses."),
                Some(FieldKind::Password) => told("string", "The password that the person types."),
                Some(FieldKind::Otp) => {
                    told("string", "The code for one use that the person types.")
                }
                Some(FieldKind::Email) => {
                    told("string", "The e-mail address that the person types.")
                }
                Some(FieldKind::Text) | None => told("string", "What the person types."),
            }
        }
        StepKind::Basic(_) => told("string", "The value of an Authorization header."),
        StepKind::JwtBearer(_) => told("string", "The signed token."),
        StepKind::SsoToken(_) => match name {
            "claims" => told("object", "What the user's identity provider says of them."),
            _ => told("string", "A token of the user's own single sign-on."),
        },
        StepKind::Totp(_) => told("string", "The one-time password of now."),
        StepKind::Callback(_) => told("string", "A query parameter that the API sends back."),
        _ => match name {
            "status" => told("number", "The reply's status code."),
            "headers" => told("object", "The reply's headers, by names in lower case."),
            "cookies" => told(
                "object",
                "The cookies that the reply set, over all redirects.",
            ),
            "url" => told(
                "string",
                "The address of the last request, after redirects.",
            ),
            "body" => told(
                "any",
                "The reply's body: JSON and form-encoded ones as values, any other as text.",
            ),
            _ => told("any", "An output of this step."),
        },
    }
}

fn extracted(extract: &Extract) -> (&'static str, String) {
    let (one, by) = match &extract.kind {
        ExtractKind::Css { selector, .. } => ("string", format!("the selector `{selector}`")),
        ExtractKind::Json(path) => ("any", format!("`{path}`")),
        ExtractKind::Regex(regex) => ("string", format!("the expression `{}`", regex.as_str())),
        ExtractKind::Header(name) => ("string", format!("the header `{name}`")),
        ExtractKind::Cookie(name) => ("string", format!("the cookie `{name}`")),
    };
    match extract.all {
        true => ("array", format!("All that {by} finds in the reply.")),
        false => (one, format!("What {by} finds in the reply.")),
    }
}

/// Whether it is there whenever its step has run.
fn is_certain(step: &Step, name: &str) -> bool {
    match &step.kind {
        StepKind::Form(form) => form
            .fields
            .iter()
            .any(|field| field.key == name && field.required),
        StepKind::Callback(_) => false,
        _ => true,
    }
}

type Likely = [(&'static str, &'static str, &'static str)];

/// What of a step whose outputs only a run can tell is usually there (RFC 6749 section 5.1, RFC 5849 section 2.3).
fn told_by_run(kind: &StepKind) -> (&'static str, &'static Likely) {
    const TOKENS: &Likely = &[
        ("access_token", "string", "The token that calls show."),
        (
            "token_type",
            "string",
            "How the token is shown, mostly `Bearer`.",
        ),
        (
            "expires_in",
            "number",
            "The seconds that the token is good for.",
        ),
        (
            "refresh_token",
            "string",
            "The token that renews it, where the API gives one.",
        ),
        (
            "scope",
            "string",
            "What the token may do, where the API says so.",
        ),
    ];
    const TOKEN_AND_SECRET: &Likely = &[
        ("oauth_token", "string", "The token that signs calls."),
        ("oauth_token_secret", "string", "Its secret."),
    ];
    match kind {
        StepKind::Callback(_) => (
            "The query parameters that the API sends back; a test run tells their names.",
            &[],
        ),
        StepKind::JsCode(_) => (
            "The fields of the object that the code returns; a test run tells their names.",
            &[],
        ),
        StepKind::OAuth1(_) => ("The fields of the token reply.", TOKEN_AND_SECRET),
        _ => ("The fields of the token reply.", TOKENS),
    }
}
