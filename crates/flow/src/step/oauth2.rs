//! `oauth2` and `oauth2_pkce`: the authorization code grant (RFC 6749, section 4.1; RFC 7636).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use model::{OAuth2Step, PkceMode, Said, Step, Words};
use serde_json::Value;
use sha2::{Digest, Sha256};
use template::Place;
use url::Url;

use super::StepContext;
use super::callback::page;
use crate::failure::Failure;
use crate::judge::{own_words, unusable};
use crate::learned;
use crate::oauth::{
    Client, Metadata, Pending, ask, metadata, push, pushed_to, resolve_pairs, resolve_text,
    token_url, warn_of_narrower_scope,
};
use crate::prompt::Open;
use crate::redirect_back::{STATE, check_state, parameters};
use crate::request::add_query;
use crate::run::{Input, Paused};
use crate::runner::{Taken, renew_state};
use crate::signing;
use crate::timeline::Event;

/// What the definition's further parameters cannot replace: the protection of the redirect.
const OURS: [&str; 7] = [
    "response_type",
    "client_id",
    "redirect_uri",
    "state",
    "code_challenge",
    "code_challenge_method",
    "dpop_jkt",
];

pub(super) async fn take(
    cx: &mut StepContext<'_>,
    step: &Step,
    kind: &OAuth2Step,
    input: Option<Input>,
) -> Result<Taken, Failure> {
    let Some(Paused::Browser {
        url,
        oauth: Some(pending),
        ..
    }) = cx.run.paused.clone()
    else {
        return send_out(cx, step, kind).await;
    };
    let Some(Input::Callback(back)) = input else {
        return Ok(Taken::Open(waiting(cx, step, url, None)));
    };
    if let Err(why) = check_state(&back, STATE, &cx.run.state) {
        let why = Words::from(why);
        cx.observer.event(Event::CallbackRefused {
            why: why.to_string(),
        });
        return Ok(Taken::Open(waiting(cx, step, url, Some(why))));
    }
    // Used up, whatever comes of it: the same redirect is never taken twice.
    renew_state(cx.run, cx.context);
    cx.run.paused = None;
    came_back(cx, step, kind, &back, &pending).await
}

async fn send_out(
    cx: &mut StepContext<'_>,
    step: &Step,
    kind: &OAuth2Step,
) -> Result<Taken, Failure> {
    let metadata = metadata(cx, step, &kind.settings).await?;
    // Also where it is not needed yet: a key that cannot be used is told before a person is sent out.
    let client = Client::resolve(cx, &step.id, &kind.settings)?;
    let scope = resolve_text(cx, &step.id, kind.settings.scope.as_ref())?;
    let redirect_uri = cx.context.callback_url.to_owned();
    let mut pairs = vec![
        ("response_type".to_owned(), "code".to_owned()),
        ("client_id".to_owned(), client.id),
        ("redirect_uri".to_owned(), redirect_uri.clone()),
    ];
    pairs.extend(scope.clone().map(|scope| ("scope".to_owned(), scope)));
    pairs.push((STATE.to_owned(), cx.run.state.clone()));
    let verifier = challenge(cx, kind.pkce, &mut pairs);
    if kind.settings.dpop {
        // The code is good for the holder of this key alone (RFC 9449, section 10).
        let key = signing::dpop::run_key(cx);
        pairs.push(("dpop_jkt".to_owned(), key.thumbprint().to_owned()));
    }
    for resource in &kind.settings.resource {
        let resource = resolve_text(cx, &step.id, Some(resource))?;
        pairs.extend(resource.map(|text| ("resource".to_owned(), text)));
    }
    let further = resolve_pairs(cx, &step.id, &kind.authorization_parameters)?;
    for (key, value) in further {
        if OURS.contains(&key.as_str()) {
            cx.observer.event(Event::Warning {
                step: Some(step.id.clone()),
                message: format!("`authorization_parameters.{key}` is left out: it is set here."),
            });
            continue;
        }
        pairs.retain(|(other, _)| *other != key);
        pairs.push((key, value));
    }
    let mut url = authorization_url(cx, step, kind, metadata.as_ref())?;
    let metadata = metadata.as_ref();
    if let Some(to) = pushed_to(cx, &step.id, kind, metadata)? {
        pairs = push(cx, step, to, &kind.settings, &pairs).await?;
    }
    add_query(&mut url, &pairs);
    cx.run.paused = Some(Paused::Browser {
        step: step.id.clone(),
        url: url.clone(),
        state_name: Some(STATE.to_owned()),
        oauth: Some(Box::new(Pending {
            verifier,
            redirect_uri,
            token_endpoint: metadata.and_then(|found| found.token_endpoint.clone()),
            issuer: metadata.map(|found| found.issuer.clone()),
            names_itself: metadata.is_some_and(|found| found.names_itself),
            scope,
        })),
        oauth1: None,
    });
    Ok(Taken::Open(waiting(cx, step, url, None)))
}

async fn came_back(
    cx: &mut StepContext<'_>,
    step: &Step,
    kind: &OAuth2Step,
    back: &Url,
    pending: &Pending,
) -> Result<Taken, Failure> {
    let answer = parameters(back, true);
    let text = |name: &str| match answer.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(Failure::refused(
            "callback_unusable",
            Said::CallbackTwice {
                parameter: name.to_owned(),
            },
        )),
    };
    check_issuer(text("iss")?.as_deref(), pending)?;
    if let Some(error) = text("error")? {
        let said = own_words(&Value::Object(answer.clone())).unwrap_or_else(|| error.clone());
        return Err(match error.as_str() {
            "temporarily_unavailable" | "server_error" => Failure::passing(
                "api_unavailable",
                format!("The API cannot answer now: {said}"),
                None,
            ),
            _ if said == error => {
                Failure::refused("authorization_refused", Said::Refused { why: error })
            }
            _ => Failure::refused(
                "authorization_refused",
                Said::RefusedWithCode {
                    why: said,
                    code: error,
                },
            ),
        });
    }
    let code = text("code")?
        .filter(|code| !code.is_empty())
        .ok_or_else(|| {
            Failure::refused(
                "callback_incomplete",
                Said::CallbackWithout {
                    parameter: "code".to_owned(),
                },
            )
        })?;
    learned::text(&code, cx.observer);
    let url = token_url(
        cx,
        &step.id,
        &kind.settings,
        pending.token_endpoint.as_ref(),
    )?;
    let mut grant = vec![
        ("grant_type", "authorization_code".to_owned()),
        ("code", code),
        ("redirect_uri", pending.redirect_uri.clone()),
    ];
    grant.extend(pending.verifier.clone().map(|text| ("code_verifier", text)));
    let outputs = ask(cx, step, url, &kind.settings, grant).await?;
    warn_of_narrower_scope(cx, &step.id, pending.scope.as_deref(), &outputs);
    Ok(Taken::Done(outputs))
}

/// Whom the redirect comes from, before the code is sent anywhere (RFC 9207, section 2.4).
fn check_issuer(iss: Option<&str>, pending: &Pending) -> Result<(), Failure> {
    let Some(expected) = pending.issuer.as_deref() else {
        return Ok(());
    };
    let wrong = match iss {
        Some(iss) => iss != expected,
        None => pending.names_itself,
    };
    if wrong {
        return Err(Failure::refused("issuer_mismatch", Said::OtherIssuer).with_help(Said::MixedUp));
    }
    Ok(())
}

/// Adds the challenge and gives the verifier: 32 random bytes, 43 characters.
fn challenge(
    cx: &mut StepContext<'_>,
    pkce: PkceMode,
    pairs: &mut Vec<(String, String)>,
) -> Option<String> {
    const VERIFIER_BYTES: usize = 32;
    let method = match pkce {
        PkceMode::None => return None,
        PkceMode::S256 => "S256",
        PkceMode::Plain => "plain",
    };
    let verifier = cx.context.engine.random.base64url(VERIFIER_BYTES);
    learned::text(&verifier, cx.observer);
    let challenge = match pkce {
        PkceMode::S256 => URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes())),
        PkceMode::None | PkceMode::Plain => verifier.clone(),
    };
    pairs.push(("code_challenge".to_owned(), challenge));
    pairs.push(("code_challenge_method".to_owned(), method.to_owned()));
    Some(verifier)
}

fn authorization_url(
    cx: &StepContext<'_>,
    step: &Step,
    kind: &OAuth2Step,
    metadata: Option<&Metadata>,
) -> Result<Url, Failure> {
    let missing = || {
        Failure::definition(
            "metadata_missing",
            format!(
                "Step `{}` has no usable `authorization_url`, and no issuer's metadata names one.",
                step.id
            ),
        )
    };
    match &kind.authorization_url {
        Some(template) => {
            let text = template
                .resolve_text(&cx.scope(), Place::Url)
                .map_err(|error| unusable(cx, &step.id, error.into()))?;
            page(&text).ok_or_else(missing)
        }
        None => metadata
            .and_then(|found| found.authorization_endpoint.clone())
            .ok_or_else(missing),
    }
}

fn waiting(cx: &StepContext<'_>, step: &Step, url: Url, refused: Option<Words>) -> Open {
    Open {
        step: step.id.clone(),
        url,
        state: Some(cx.run.state.clone()),
        refused,
    }
}
