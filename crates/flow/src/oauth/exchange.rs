//! The token exchange grant (RFC 8693): a token for another one, whoever brought the first.

use model::{OAuth2Settings, Step, token_type_uri};
use serde_json::{Map, Value};
use template::Template;

use super::{ask, metadata, resolve_text, token_url, warn_of_narrower_scope};
use crate::failure::Failure;
use crate::learned;
use crate::step::StepContext;

const GRANT: &str = "urn:ietf:params:oauth:grant-type:token-exchange";

/// What is exchanged, and for what (section 2.1).
pub(crate) struct Exchange<'a> {
    /// The token that says for whom.
    pub(crate) subject: Token,
    /// The token that says who acts for them.
    pub(crate) actor: Option<Token>,
    /// A URI, or a word of section 3; none: what the server thinks right.
    pub(crate) wanted: Option<String>,
    /// Whom the new token is for.
    pub(crate) audience: &'a [Template],
}

/// A token, and what it is: a URI, or a word of section 3.
pub(crate) struct Token {
    pub(crate) text: String,
    pub(crate) kind: String,
}

/// Sends the exchange and gives the reply's fields, which are now the step's outputs.
pub(crate) async fn exchange(
    cx: &mut StepContext<'_>,
    step: &Step,
    settings: &OAuth2Settings,
    exchange: Exchange<'_>,
) -> Result<Map<String, Value>, Failure> {
    let mut grant = vec![("grant_type", GRANT.to_owned())];
    learned::text(&exchange.subject.text, cx.observer);
    grant.push(("subject_token", exchange.subject.text));
    grant.push(("subject_token_type", token_type_uri(&exchange.subject.kind)));
    if let Some(actor) = exchange.actor {
        learned::text(&actor.text, cx.observer);
        grant.push(("actor_token", actor.text));
        grant.push(("actor_token_type", token_type_uri(&actor.kind)));
    }
    let wanted = exchange.wanted;
    grant.extend(wanted.map(|name| ("requested_token_type", token_type_uri(&name))));
    for audience in exchange.audience {
        let audience = resolve_text(cx, &step.id, Some(audience))?;
        grant.extend(audience.map(|text| ("audience", text)));
    }
    let scope = resolve_text(cx, &step.id, settings.scope.as_ref())?;
    grant.extend(scope.clone().map(|scope| ("scope", scope)));
    let found = metadata(cx, step, settings).await?;
    let discovered = found
        .as_ref()
        .and_then(|found| found.token_endpoint.as_ref());
    let url = token_url(cx, &step.id, settings, discovered)?;
    let outputs = ask(cx, step, url, settings, grant).await?;
    warn_of_narrower_scope(cx, &step.id, scope.as_deref(), &outputs);
    Ok(outputs)
}
