//! `oauth1`: OAuth 1.0a (RFC 5849, section 2), with a person's consent or without.

use model::{OAuth1Step, Said, Step, Words};
use serde_json::{Map, Value};
use template::{Place, Template};
use url::Url;

use super::StepContext;
use super::callback::page;
use crate::destination::destination;
use crate::failure::Failure;
use crate::judge::unusable;
use crate::learned;
use crate::oauth1::{Client, NotGranted, RequestToken, ask, granted};
use crate::prompt::Open;
use crate::redirect_back::{NotOurs, STATE, check_state, parameters};
use crate::request::add_query;
use crate::run::{Input, Paused};
use crate::runner::{Taken, renew_state};
use crate::timeline::Event;

const TOKEN: &str = "oauth_token";
const VERIFIER: &str = "oauth_verifier";

pub(super) async fn take(
    cx: &mut StepContext<'_>,
    step: &Step,
    kind: &OAuth1Step,
    input: Option<Input>,
) -> Result<Taken, Failure> {
    let Some(Paused::Browser {
        url,
        oauth1: Some(sent),
        ..
    }) = cx.run.paused.clone()
    else {
        return begin(cx, step, kind).await;
    };
    let Some(Input::Callback(back)) = input else {
        return Ok(Taken::Open(waiting(step, url, None)));
    };
    if let Err(why) = check_ours(&back, &cx.run.state, &sent.token) {
        let why = Words::from(why);
        cx.observer.event(Event::CallbackRefused {
            why: why.to_string(),
        });
        return Ok(Taken::Open(waiting(step, url, Some(why))));
    }
    // Used up, whatever comes of it: the same redirect is never taken twice.
    renew_state(cx.run, cx.context);
    cx.run.paused = None;
    let verifier = verifier(&back, &sent.token)?;
    learned::text(&verifier, cx.observer);
    let client = Client::resolve(cx, step, &kind.client, Some(&sent))?.with(VERIFIER, verifier);
    access(cx, step, kind, client).await
}

/// Whether a redirect is the one that this run waits for. It brings the `state` that was put into
/// the callback URL; from an API that takes no query there, the token alone tells.
pub(crate) fn check_ours(back: &Url, state: &str, token: &str) -> Result<(), NotOurs> {
    if back.query_pairs().any(|(name, _)| name == STATE) {
        return check_state(back, STATE, state);
    }
    let name = ["denied", TOKEN]
        .into_iter()
        .find(|name| back.query_pairs().any(|(key, _)| key == *name));
    match name {
        Some(name) => check_state(back, name, token),
        None => Err(NotOurs::NoState),
    }
}

/// Gets temporary credentials where the API has such (section 2.1), then a person's consent
/// (section 2.2) or, where nobody is asked, the token at once.
async fn begin(cx: &mut StepContext<'_>, step: &Step, kind: &OAuth1Step) -> Result<Taken, Failure> {
    let Some(template) = &kind.request_token_url else {
        let client = Client::resolve(cx, step, &kind.client, None)?;
        return access(cx, step, kind, client).await;
    };
    let page = authorization_page(cx, step, kind)?;
    let callback = match &page {
        Some(_) => callback_url(cx)?,
        // "If the client is unable to receive callbacks" (section 2.1).
        None => "oob".to_owned(),
    };
    let client = Client::resolve(cx, step, &kind.client, None)?.with("oauth_callback", callback);
    let url = address(cx, step, template)?;
    let received = ask(cx, step, url, client).await?;
    let fields = granted(&received).map_err(|why| why.failure(cx, &received))?;
    let sent = RequestToken::of(&fields, cx.observer);
    let Some(mut page) = page else {
        let client = Client::resolve(cx, step, &kind.client, Some(&sent))?;
        return access(cx, step, kind, client).await;
    };
    if fields
        .get("oauth_callback_confirmed")
        .and_then(Value::as_str)
        != Some("true")
    {
        return Err(NotGranted::NotConfirmed.failure(cx, &received));
    }
    add_query(&mut page, &[(TOKEN.to_owned(), sent.token.clone())]);
    cx.run.paused = Some(Paused::Browser {
        step: step.id.clone(),
        url: page.clone(),
        state_name: Some(STATE.to_owned()),
        oauth: None,
        oauth1: Some(Box::new(sent)),
    });
    Ok(Taken::Open(waiting(step, page, None)))
}

/// Gets the token (section 2.3), whose fields are now the step's outputs.
async fn access(
    cx: &mut StepContext<'_>,
    step: &Step,
    kind: &OAuth1Step,
    client: Client,
) -> Result<Taken, Failure> {
    let url = address(cx, step, &kind.access_token_url)?;
    let received = ask(cx, step, url, client).await?;
    let fields = granted(&received);
    let mut outputs: Map<String, Value> = match &fields {
        Ok(fields) => fields.clone(),
        Err(_) => Map::new(),
    };
    learned::from_tokens(&outputs, cx.observer);
    crate::judge::pick(cx, step, &received, &mut outputs)?;
    cx.run.outputs.set(&step.id, outputs.clone());
    crate::judge::expect(cx, step, Some(&received))?;
    match fields {
        Ok(_) => Ok(Taken::Done(outputs)),
        Err(why) => Err(why.failure(cx, &received)),
    }
}

/// The proof of a person's consent, from a redirect that is ours (section 2.2).
fn verifier(back: &Url, token: &str) -> Result<String, Failure> {
    let answer = parameters(back, true);
    let text = |name: &str| match answer.get(name) {
        Some(Value::String(text)) if !text.is_empty() => Ok(Some(text.clone())),
        None | Some(Value::String(_)) => Ok(None),
        Some(_) => Err(Failure::refused(
            "callback_unusable",
            Said::CallbackTwice {
                parameter: name.to_owned(),
            },
        )
        .with_help(Said::StartAgainNothingSent)),
    };
    let problem = match text("oauth_problem")? {
        None if answer.contains_key("denied") => Some("denied".to_owned()),
        found => found,
    };
    if let Some(problem) = problem {
        return Err(Failure::refused(
            "authorization_refused",
            Said::Refused { why: problem },
        ));
    }
    let incomplete = |missing: &str, help: Said| {
        Failure::refused(
            "callback_incomplete",
            Said::CallbackWithout {
                parameter: missing.to_owned(),
            },
        )
        .with_help(help)
    };
    text(TOKEN)?.ok_or_else(|| incomplete(TOKEN, Said::StartAgainNothingSent))?;
    if check_state(back, TOKEN, token).is_err() {
        return Err(Failure::refused("token_of_another_run", Said::OtherToken)
            .with_help(Said::StartAgainInItsWindow));
    }
    text(VERIFIER)?.ok_or_else(|| incomplete(VERIFIER, Said::WithoutVerifier))
}

fn authorization_page(
    cx: &StepContext<'_>,
    step: &Step,
    kind: &OAuth1Step,
) -> Result<Option<Url>, Failure> {
    let Some(template) = &kind.authorization_url else {
        return Ok(None);
    };
    let text = template
        .resolve_text(&cx.scope(), Place::Url)
        .map_err(|error| unusable(cx, &step.id, error.into()))?;
    let page = page(&text).ok_or_else(|| {
        Failure::definition(
            "not_a_url",
            format!(
                "`{}` gives no address that a browser can open.",
                template.source()
            ),
        )
    })?;
    Ok(Some(page))
}

/// Where the API sends the browser back to. The protocol has no `state`, but the API has to keep
/// the query of a callback (section 2.2).
fn callback_url(cx: &StepContext<'_>) -> Result<String, Failure> {
    let mut url = Url::parse(cx.context.callback_url)
        .map_err(|_| Failure::ours("callback_url", "The callback address is not an address."))?;
    add_query(&mut url, &[(STATE.to_owned(), cx.run.state.clone())]);
    Ok(url.into())
}

fn address(cx: &StepContext<'_>, step: &Step, template: &Template) -> Result<Url, Failure> {
    let text = template
        .resolve_text(&cx.scope(), Place::Url)
        .map_err(|error| unusable(cx, &step.id, error.into()))?;
    destination(template, &text, cx.context.connector)
        .map_err(|error| unusable(cx, &step.id, error.into()))
}

/// The `state` is in the callback URL, not in the page's, and some APIs drop it: what comes back
/// is looked at here.
fn waiting(step: &Step, url: Url, refused: Option<Words>) -> Open {
    Open {
        step: step.id.clone(),
        url,
        state: None,
        refused,
    }
}
