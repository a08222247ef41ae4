//! Revoking what was granted (RFC 7009), after a logout.

use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderValue, Method};
use model::{OAuth2Settings, Said, Step};
use outbound::{OutBody, Outgoing};
use serde_json::Value;
use template::{Place, Template};

use super::client::Client;
use crate::credential::Credential;
use crate::destination::destination;
use crate::engine::Context;
use crate::exchange;
use crate::failure::Failure;
use crate::judge::unusable;
use crate::request::form_body;
use crate::run::Run;
use crate::step::StepContext;
use crate::timeline::{Event, Observer};

/// What became of the tokens of a credential.
#[derive(Debug, Default)]
pub struct Revocation {
    /// How many tokens the API took back.
    pub revoked: usize,
    /// Where it did not.
    pub failures: Vec<Failure>,
}

/// Revokes the tokens of every OAuth 2 step that says where: the refresh token first, so that nothing new can be had with
/// it, then the access token.
pub async fn revoke(
    context: &Context<'_>,
    credential: &Credential,
    observer: &mut dyn Observer,
) -> Revocation {
    let connector = context.connector;
    let Run(mut run) = Run::logout(connector, credential);
    let mut cx = StepContext {
        run: &mut run,
        context,
        observer,
    };
    let mut revocation = Revocation::default();
    for step in &connector.auth_flow.steps {
        let Some(settings) = step.kind.oauth2() else {
            continue;
        };
        let Some(template) = &settings.revocation_url else {
            continue;
        };
        let mut went = false;
        for kind in [REFRESH_TOKEN, ACCESS_TOKEN] {
            let outputs = cx.run.outputs.of(&step.id);
            let token = outputs.and_then(|outputs| outputs.get(kind)?.as_str().map(str::to_owned));
            let Some(token) = token else { continue };
            match revoke_one(&mut cx, step, settings, template, kind, token).await {
                Ok(()) => {
                    went = true;
                    revocation.revoked += 1;
                }
                // It went with the refresh token (RFC 7009, section 2.1).
                Err(failure) if went && failure.code == UNSUPPORTED => {}
                Err(failure) => {
                    cx.observer.event(Event::Warning {
                        step: Some(step.id.clone()),
                        message: format!("The API did not revoke the token: {}", failure.message),
                    });
                    revocation.failures.push(failure);
                }
            }
        }
    }
    revocation
}

const REFRESH_TOKEN: &str = "refresh_token";
const ACCESS_TOKEN: &str = "access_token";

/// What a server says that revokes refresh tokens alone.
const UNSUPPORTED: &str = "unsupported_token_type";

async fn revoke_one(
    cx: &mut StepContext<'_>,
    step: &Step,
    settings: &OAuth2Settings,
    template: &Template,
    kind: &str,
    token: String,
) -> Result<(), Failure> {
    let client = Client::resolve(cx, &step.id, settings)?;
    let text = template
        .resolve_text(&cx.scope(), Place::Url)
        .map_err(|error| unusable(cx, &step.id, error.into()))?;
    let url = destination(template, &text, cx.context.connector)
        .map_err(|error| unusable(cx, &step.id, error.into()))?;
    let mut form = vec![
        ("token".to_owned(), token),
        ("token_type_hint".to_owned(), kind.to_owned()),
    ];
    form.extend(client.parameters());
    let mut outgoing = Outgoing::new(Method::POST, url);
    let form_type = HeaderValue::from_static("application/x-www-form-urlencoded");
    outgoing.headers.insert(CONTENT_TYPE, form_type);
    let shown = client.shows(None);
    outgoing.client_certificate = shown.certificate;
    if let Some(mut value) = shown
        .authorization
        .and_then(|text| HeaderValue::from_str(&text).ok())
    {
        value.set_sensitive(true);
        outgoing.headers.insert(AUTHORIZATION, value);
    }
    outgoing.body = OutBody::Bytes(form_body(&form));
    let received = exchange::send(cx, &step.id, outgoing).await?;
    if received.status.is_success() {
        return Ok(());
    }
    let status = received.status.to_string();
    let code = match received.body.get("error").and_then(Value::as_str) {
        Some(UNSUPPORTED) => UNSUPPORTED,
        _ => "revocation_refused",
    };
    Err(Failure::refused(code, Said::NotRevoked { status }))
}
