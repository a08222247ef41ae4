//! `sso_token`: who the user is, by the tokens of their single sign-on, as they are or exchanged for others (RFC 8693).
//!
//! The tokens are not the run's: it stops here for a moment, and whoever drives it brings them, renewed where they are over.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use indexmap::IndexMap;
use model::{SsoTokenStep, Step, StepKind, TokenExchange};
use secret::SecretString;
use serde_json::{Map, Value};
use template::{Place, Template};

use super::StepContext;
use crate::destination::destination;
use crate::failure::Failure;
use crate::judge::{self, unusable};
use crate::learned;
use crate::oauth;
use crate::run::{FlowKind, Input, Paused};
use crate::runner::Taken;

const GRANT: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
const ACCESS_TOKEN: &str = "urn:ietf:params:oauth:token-type:access_token";
const ID_TOKEN: &str = "urn:ietf:params:oauth:token-type:id_token";

pub(super) async fn take(
    cx: &mut StepContext<'_>,
    step: &Step,
    kind: &SsoTokenStep,
    input: Option<Input>,
) -> Result<Taken, Failure> {
    let Some(Input::Identity(told)) = input else {
        cx.run.paused = Some(Paused::Identity {
            step: step.id.clone(),
        });
        return Ok(Taken::Identify(spent(cx)));
    };
    let told = (*told)?;
    learned::from_tokens(&told, cx.observer);
    cx.run.outputs.set(&step.id, told.clone());
    let Some(exchange) = &kind.exchange else {
        judge::expect(cx, step, None)?;
        return Ok(Taken::Done(told));
    };
    let mut outputs = exchanged(cx, step, exchange, &told).await?;
    for name in ["id_token", "claims"] {
        if let (false, Some(value)) = (outputs.contains_key(name), told.get(name)) {
            outputs.insert(name.to_owned(), value.clone());
        }
    }
    Ok(Taken::Done(outputs))
}

/// The token that a session had which is over: the same again would be of no use.
fn spent(cx: &StepContext<'_>) -> Option<SecretString> {
    if cx.run.kind != FlowKind::Refresh {
        return None;
    }
    let steps = cx.context.connector.auth_flow.steps.iter();
    let mut sso = steps
        .filter(|step| matches!(&step.kind, StepKind::SsoToken(step) if step.exchange.is_none()));
    let outputs = cx.run.base.as_ref()?.outputs.of(&sso.next()?.id)?;
    let token = outputs.get("access_token")?.as_str()?;
    Some(SecretString::new(token.to_owned()))
}

async fn exchanged(
    cx: &mut StepContext<'_>,
    step: &Step,
    exchange: &TokenExchange,
    told: &Map<String, Value>,
) -> Result<Map<String, Value>, Failure> {
    let token = |name: &str| told.get(name).and_then(Value::as_str).map(str::to_owned);
    let (subject, is) = match (token("access_token"), token("id_token")) {
        (Some(token), _) => (token, ACCESS_TOKEN),
        (None, Some(token)) => (token, ID_TOKEN),
        (None, None) => {
            return Err(Failure::refused(
                "sso_missing",
                "The user's single sign-on brought no token that could be exchanged.",
            ));
        }
    };
    let url = exchange
        .token_url
        .resolve_text(&cx.scope(), Place::Url)
        .map_err(|error| unusable(cx, &step.id, error.into()))?;
    let url = destination(&exchange.token_url, &url, cx.context.connector)
        .map_err(|error| unusable(cx, &step.id, error.into()))?;
    let mut form = vec![
        ("grant_type".to_owned(), GRANT.to_owned()),
        ("subject_token".to_owned(), subject),
        ("subject_token_type".to_owned(), is.to_owned()),
        ("requested_token_type".to_owned(), ACCESS_TOKEN.to_owned()),
    ];
    for (name, template) in [("audience", &exchange.audience), ("scope", &exchange.scope)] {
        let text = text(cx, step, template.as_ref())?;
        form.extend(text.map(|text| (name.to_owned(), text)));
    }
    let client = text(cx, step, exchange.client_id.as_ref())?;
    let secret = text(cx, step, exchange.client_secret.as_ref())?;
    let mut shown = oauth::Shown::default();
    match (client, secret) {
        (Some(client), Some(secret)) => {
            learned::text(&secret, cx.observer);
            shown.authorization = Some(basic(&client, &secret));
        }
        (Some(client), None) => form.push(("client_id".to_owned(), client)),
        (None, _) => {}
    }
    let none = IndexMap::new();
    let received = oauth::post(cx, step, url, form, &none, shown).await?;
    oauth::read(cx, step, &received)
}

fn text(
    cx: &StepContext<'_>,
    step: &Step,
    template: Option<&Template>,
) -> Result<Option<String>, Failure> {
    let text = template.map(|template| template.resolve_text(&cx.scope(), Place::Text));
    text.transpose()
        .map_err(|error| unusable(cx, &step.id, error.into()))
}

/// Both halves form-encoded (RFC 6749, section 2.3.1).
fn basic(client: &str, secret: &str) -> String {
    let encoded = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let pair = format!("{}:{}", encoded(client), encoded(secret));
    format!("Basic {}", STANDARD.encode(pair))
}
