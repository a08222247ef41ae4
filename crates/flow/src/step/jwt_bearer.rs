//! `jwt_bearer`: a JSON Web Token (RFC 7519), as it is or exchanged for an access token (RFC 7523,
//! section 2.1).

use indexmap::IndexMap;
use model::{JwtBearerStep, Step, ValueTemplate};
use serde_json::{Map, Value};
use template::{Place, Template};

use super::StepContext;
use crate::destination::destination;
use crate::failure::Failure;
use crate::jose::{SigningKey, compact, unusable_key};
use crate::judge::{self, unusable};
use crate::learned;
use crate::oauth;
use crate::runner::Taken;
use crate::timeline::Event;
use crate::value::resolve_value;

const GRANT: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";
/// Length of `jti` in bytes.
const ID_BYTES: usize = 16;

pub(super) async fn take(
    cx: &mut StepContext<'_>,
    step: &Step,
    kind: &JwtBearerStep,
) -> Result<Taken, Failure> {
    let token = signed(cx, step, kind)?;
    learned::text(&token, cx.observer);
    let Some(template) = &kind.token_url else {
        let mut outputs = Map::new();
        outputs.insert("token".to_owned(), Value::String(token));
        cx.run.outputs.set(&step.id, outputs.clone());
        judge::expect(cx, step, None)?;
        return Ok(Taken::Done(outputs));
    };
    let text = template
        .resolve_text(&cx.scope(), Place::Url)
        .map_err(|error| unusable(cx, &step.id, error.into()))?;
    let url = destination(template, &text, cx.context.connector)
        .map_err(|error| unusable(cx, &step.id, error.into()))?;
    let form = vec![
        ("grant_type".to_owned(), GRANT.to_owned()),
        ("assertion".to_owned(), token),
    ];
    oauth::send(cx, step, url, form, &kind.token_parameters)
        .await
        .map(Taken::Done)
}

fn signed(cx: &mut StepContext<'_>, step: &Step, kind: &JwtBearerStep) -> Result<String, Failure> {
    let text = key_text(cx, step, &kind.key)?;
    let key = SigningKey::read(&text, kind.key_encoding, Some(kind.algorithm))
        .map_err(|error| unusable_key(&format!("{}.key", step.id), error))?;
    if key.is_short(kind.algorithm) {
        cx.observer.event(Event::Warning {
            step: Some(step.id.clone()),
            message: format!(
                "`{}.key` is shorter than RFC 7518 has it for {}.",
                step.id,
                kind.algorithm.name()
            ),
        });
    }
    let mut header = Map::new();
    header.insert("alg".to_owned(), kind.algorithm.name().into());
    header.insert("typ".to_owned(), "JWT".into());
    header.extend(key.kid.clone().map(|kid| ("kid".to_owned(), kid.into())));
    written(cx, step, &kind.header, &mut header)?;
    let now = cx.context.engine.clock.unix();
    let life = i64::try_from(kind.expires_in.as_secs()).unwrap_or(i64::MAX);
    let mut claims = Map::new();
    claims.insert("iat".to_owned(), now.into());
    claims.insert("exp".to_owned(), now.saturating_add(life).into());
    let id = cx.context.engine.random.base64url(ID_BYTES);
    claims.insert("jti".to_owned(), id.into());
    written(cx, step, &kind.claims, &mut claims)?;
    let (header, claims) = (Value::Object(header), Value::Object(claims));
    compact(
        kind.algorithm,
        &key,
        header.to_string().as_bytes(),
        claims.to_string().as_bytes(),
    )
    .map_err(|error| Failure::ours("not_signed", format!("Step `{}`: {error}.", step.id)))
}

/// The text of a key, which no one is to see.
fn key_text(cx: &mut StepContext<'_>, step: &Step, template: &Template) -> Result<String, Failure> {
    let text = template
        .resolve_text(&cx.scope(), Place::Text)
        .map_err(|error| unusable(cx, &step.id, error.into()))?;
    learned::text(&text, cx.observer);
    Ok(text)
}

/// Puts what the definition says over what comes by itself; null takes a name out.
fn written(
    cx: &StepContext<'_>,
    step: &Step,
    entries: &IndexMap<String, ValueTemplate>,
    into: &mut Map<String, Value>,
) -> Result<(), Failure> {
    for (name, value) in entries {
        let value = resolve_value(value, &cx.scope())
            .map_err(|error| unusable(cx, &step.id, error.into()))?;
        match value {
            None => {}
            Some(Value::Null) => {
                into.shift_remove(name);
            }
            Some(value) => {
                into.insert(name.clone(), value);
            }
        }
    }
    Ok(())
}
