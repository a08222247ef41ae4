//! Which values of a run are secret, so that whoever shows anything can mask them.
//!
//! Tells too much rather than too little: a value that looks like a token is taken for one.

use model::{Connector, StepKind};
use outbound::Jar;
use secret::SecretString;
use serde_json::{Map, Value};

use crate::credential::Credential;
use crate::engine::Secrets;
use crate::outputs::Outputs;
use crate::run::RunData;
use crate::timeline::{Event, Observer};

/// Parts of names that secrets go by.
const NAMES: [&str; 15] = [
    "token",
    "secret",
    "passw",
    "session",
    "csrf",
    "xsrf",
    "jwt",
    "auth",
    "cookie",
    "nonce",
    "signature",
    "ticket",
    "apikey",
    "api_key",
    "credential",
];

/// Words of OAuth 1.0a that are called like secrets and are none: what is wrong, and what would be right.
const WORDS: [&str; 6] = [
    "oauth_problem",
    "oauth_problem_advice",
    "oauth_acceptable_timestamps",
    "oauth_acceptable_versions",
    "oauth_callback_confirmed",
    "oauth_expires_in",
];

/// One secret text.
pub(crate) fn text(text: &str, observer: &mut dyn Observer) {
    if !text.is_empty() {
        observer.event(Event::Learned(SecretString::new(text.to_owned())));
    }
}

/// Every text in a value, all being secret: a token reply, what code returned, an extract.
pub(crate) fn every(value: &Value, observer: &mut dyn Observer) {
    match value {
        Value::String(found) => text(found, observer),
        Value::Array(items) => items.iter().for_each(|item| every(item, observer)),
        Value::Object(map) => map.values().for_each(|item| every(item, observer)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// What looks secret in a reply's body.
pub(crate) fn from_reply(body: &Value, observer: &mut dyn Observer) {
    walk(body, false, observer);
}

/// The tokens of an OAuth reply.
pub(crate) fn from_tokens(reply: &Map<String, Value>, observer: &mut dyn Observer) {
    for key in [
        "access_token",
        "refresh_token",
        "id_token",
        "oauth_token",
        "oauth_token_secret",
        "oauth_session_handle",
    ] {
        if let Some(value) = reply.get(key) {
            every(value, observer);
        }
    }
    reply
        .values()
        .for_each(|value| walk(value, false, observer));
}

/// All that is secret in what a call is sent with: what a masker that is new to it must know.
pub fn learn_credential(
    connector: &Connector,
    secrets: &Secrets,
    credential: &Credential,
    observer: &mut dyn Observer,
) {
    for secret in secrets.values() {
        text(secret.reveal(), observer);
    }
    from_jar(&credential.jar, observer);
    from_outputs(connector, &credential.outputs, observer);
}

/// All that a run holds when it begins or goes on: what a masker that is new to it must know.
pub(crate) fn at_start(
    connector: &Connector,
    secrets: &Secrets,
    run: &RunData,
    observer: &mut dyn Observer,
) {
    for secret in secrets.values() {
        text(secret.reveal(), observer);
    }
    from_jar(&run.jar, observer);
    from_outputs(connector, &run.outputs, observer);
    if let Some(base) = &run.base {
        from_jar(&base.jar, observer);
        from_outputs(connector, &base.outputs, observer);
    }
}

fn from_outputs(connector: &Connector, outputs: &Outputs, observer: &mut dyn Observer) {
    for (id, outputs) in outputs.steps() {
        let of_step_up = connector.step_up.iter().flat_map(|it| &it.steps);
        let mut steps = connector.auth_flow.steps.iter().chain(of_step_up);
        let Some(step) = steps.find(|step| step.id == id) else {
            // Of a refresh or logout flow, whose steps all get a reply.
            from_tokens(outputs, observer);
            continue;
        };
        match &step.kind {
            StepKind::Form(form) => {
                let secret = form.fields.iter().filter(|field| field.kind.is_secret());
                secret
                    .filter_map(|field| outputs.get(&field.key))
                    .for_each(|value| every(value, observer));
            }
            StepKind::JsCode(_)
            | StepKind::Basic(_)
            | StepKind::Callback(_)
            | StepKind::JwtBearer(_)
            | StepKind::Totp(_) => {
                outputs.values().for_each(|value| every(value, observer));
            }
            StepKind::ApiRequest(_)
            | StepKind::GraphqlRequest(_)
            | StepKind::Ntlm(_)
            | StepKind::OAuth2(_)
            | StepKind::OAuth2ClientCredentials(_)
            | StepKind::OAuth2Refresh(_)
            | StepKind::OAuth2TokenExchange(_)
            | StepKind::OAuth1(_)
            | StepKind::SsoToken(_)
            | StepKind::DeviceCode(_) => from_tokens(outputs, observer),
        }
        let extracted = step.extract.keys();
        extracted
            .filter_map(|name| outputs.get(name))
            .for_each(|value| every(value, observer));
    }
}

/// Every cookie of a jar.
fn from_jar(jar: &Jar, observer: &mut dyn Observer) {
    for value in jar.values() {
        text(value, observer);
    }
}

fn walk(value: &Value, named: bool, observer: &mut dyn Observer) {
    match value {
        Value::String(found) if (named && !is_address(found)) || looks_secret(found) => {
            text(found, observer);
        }
        Value::Array(items) => items.iter().for_each(|item| walk(item, named, observer)),
        Value::Object(map) => {
            for (key, item) in map {
                let key = key.to_ascii_lowercase();
                let named = NAMES.iter().any(|name| key.contains(name))
                    && !key.ends_with("_type")
                    && !WORDS.contains(&key.as_str());
                walk(item, named, observer);
            }
        }
        Value::String(_) | Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// An address without a query, such as a `token_endpoint`: a page's, not a token.
fn is_address(text: &str) -> bool {
    (text.starts_with("https://") || text.starts_with("http://")) && !text.contains(['?', '#', '@'])
}

/// Long, in one piece, and with both letters and digits: a token rather than a word.
fn looks_secret(text: &str) -> bool {
    const SHORTEST: usize = 16;
    const LONGEST: usize = 16 * 1024;
    (SHORTEST..=LONGEST).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_graphic())
        && !text.starts_with("http")
        && !text.starts_with("data:image/")
        && text.bytes().any(|byte| byte.is_ascii_digit())
        && text.bytes().any(|byte| byte.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_reply_tells_its_tokens_and_not_its_words() {
        let body = json!({
            "result": "Success",
            "token_type": "bearer",
            "opaque": "a1b2c3d4e5f6a7b8",
            "user": { "name": "Ana Maria da Silva 2nd", "sessionToken": "short" },
            "next": "https://a.example/page/2",
            "token_endpoint": "https://a.example/token",
            "session_link": "https://a.example/in?t=1",
            "oauth_problem": "timestamp_refused",
            "oauth_acceptable_timestamps": "1700000000-1700000600",
            "oauth_callback_confirmed": "true",
        });
        let mut found = Vec::new();
        from_reply(&body, &mut |event: Event| {
            if let Event::Learned(secret) = event {
                found.push(secret.reveal().clone());
            }
        });
        found.sort();
        assert_eq!(
            found,
            ["a1b2c3d4e5f6a7b8", "https://a.example/in?t=1", "short"]
        );
    }
}
