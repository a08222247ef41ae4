//! What a renewal made of a credential: which outputs have a new value, and whether a call would send the same as before.

use super::record::{Heard, leaves};
use flow::Credential;
use model::{Connector, Location, RefreshFlow, StepKind};
use serde_json::Value;

/// Tokens of a reply (RFC 6749, section 5.1) that are told of even where they are as before: whether they are is what a
/// builder looks for.
const TOKENS: [&str; 2] = ["access_token", "refresh_token"];

/// What became of each update variable, and of the outputs of the steps that `oauth2_refresh` renews by `of`.
pub(super) fn updates(
    connector: &Connector,
    before: &Credential,
    after: &Credential,
) -> Vec<Heard> {
    let Some(refresh) = &connector.refresh_flow else {
        return Vec::new();
    };
    let written = refresh.update_variables.iter().map(|update| {
        let of = |credential: &Credential| credential.outputs.get(&update.target);
        (update.target.to_string(), of(before) != of(after))
    });
    let mut told: Vec<(String, bool)> = written.collect();
    for step in renewed_by_themselves(refresh) {
        for (target, changed) in outputs_of(step, before, after) {
            if !told.iter().any(|(known, _)| *known == target) {
                told.push((target, changed));
            }
        }
    }
    told.into_iter()
        .map(|(target, changed)| Heard::Updated { target, changed })
        .collect()
}

/// Whether a call would send the same as before.
pub(super) fn sends_the_same(
    connector: &Connector,
    before: &Credential,
    after: &Credential,
) -> bool {
    sent(connector, before) == sent(connector, after)
}

/// The steps that the flow names by `of`.
fn renewed_by_themselves(refresh: &RefreshFlow) -> impl Iterator<Item = &str> {
    refresh.steps.iter().filter_map(|step| match &step.kind {
        StepKind::OAuth2Refresh(kind) => kind.of.as_deref(),
        _ => None,
    })
}

/// The outputs of a step that have a new value, and its tokens in any case, as they are written in a template.
fn outputs_of(step: &str, before: &Credential, after: &Credential) -> Vec<(String, bool)> {
    let all = |credential: &Credential| {
        let mut all = Vec::new();
        let outputs = credential.outputs.of(step).cloned().unwrap_or_default();
        leaves(&Value::Object(outputs), step, &mut |path, value| {
            all.push((path.to_owned(), value.clone()));
        });
        all
    };
    let old = all(before);
    let is_token = |path: &str| {
        let key = path
            .strip_prefix(step)
            .and_then(|key| key.strip_prefix('.'));
        key.is_some_and(|key| TOKENS.contains(&key))
    };
    let new = all(after).into_iter().map(|(path, value)| {
        let was = old.iter().find(|(known, _)| *known == path);
        let changed = was.is_none_or(|(_, was)| *was != value);
        (path, changed)
    });
    new.filter(|(path, changed)| *changed || is_token(path))
        .collect()
}

/// Everything of a credential that calls send: the outputs that they name, and the jar where it goes along.
fn sent(connector: &Connector, credential: &Credential) -> Vec<Option<Value>> {
    let parameters = connector.request_parameters.iter();
    let templates = parameters
        .flat_map(|parameter| parameter.value.templates())
        .chain(connector.sign_in.templates());
    let outputs = templates
        .flat_map(|template| template.expressions())
        .map(|expression| credential.outputs.get(&expression.path));
    let names_cookies = connector.request_parameters.iter().any(|parameter| {
        let mut templates = parameter.value.templates().into_iter();
        parameter.location != Location::Query
            && templates.any(|it| it.expressions().any(|one| one.path.root == "cookies"))
    });
    let cookies = credential.jar.cookies();
    let cookies = cookies
        .filter(|_| connector.cookies.forward_all || names_cookies)
        .map(|cookie| Some(Value::from(format!("{}={}", cookie.name, cookie.value))));
    outputs.chain(cookies).collect()
}
