//! Phase three, sign: the sign-in type's own header, over whatever else would stand there; or what signs each hop, last
//! of all that is put on it.

use crate::attach::Sending;
use crate::error::CallError;
use crate::renew::Credential;
use crate::resolve::Plan;
use crate::scope::{Seen, with_scope};
use connection::{Connections, Equipped};
use http::header::AUTHORIZATION;
use model::{Origin, SignIn};
use url::Url;

/// Adds what the connector's sign-in type makes of the credential. A request with a `sign_in` of its own keeps that.
pub(crate) fn sign(
    connections: &Connections,
    equipped: &Equipped,
    credential: &Credential,
    plan: &Plan<'_>,
    sending: &mut Sending<'_>,
) -> Result<(), CallError> {
    add(connections, equipped, credential, plan, sending)?;
    prove(connections, equipped, credential, plan, sending);
    // One that is only tried out has no id yet, and nobody else's connection may be taken for its.
    if let (Some(signing), Some(handle)) = (&mut sending.outgoing.signing, &credential.handle)
        && !handle.id().is_empty()
    {
        signing.keep_for(handle.id());
    }
    Ok(())
}

/// A token that is bound to the credential's key goes with a proof, unless the call is signed in another way.
fn prove(
    connections: &Connections,
    equipped: &Equipped,
    credential: &Credential,
    plan: &Plan<'_>,
    sending: &mut Sending<'_>,
) {
    let outgoing = &mut sending.outgoing;
    if let Some(handle) = &credential.handle
        && plan.attaches()
        && outgoing.signing.is_none()
        && is_listed(equipped, &outgoing.url)
    {
        outgoing.signing = flow::bound_token_signing(handle.packed(), connections.engine());
    }
}

/// Whether a URL is one of the connector's: an endpoint may be written out with an address elsewhere, which gets nothing
/// of the connector's.
fn is_listed(equipped: &Equipped, url: &Url) -> bool {
    Origin::of(url).is_some_and(|origin| equipped.connector.origins.contains(&origin))
}

fn add(
    connections: &Connections,
    equipped: &Equipped,
    credential: &Credential,
    plan: &Plan<'_>,
    sending: &mut Sending<'_>,
) -> Result<(), CallError> {
    if !plan.attaches() {
        return Ok(());
    }
    let its_own = plan
        .endpoint()
        .and_then(|endpoint| endpoint.request.sign_in.as_ref());
    if let Some(own) = its_own {
        // Its header is written already, and what every call gets must not take its place. A signature comes last
        // anyway.
        if !matches!(own, SignIn::None) && !own.signs_each_request() {
            let headers = &mut sending.attachment.headers;
            headers.retain(|(name, _)| *name != AUTHORIZATION);
        }
        return Ok(());
    }
    let sign_in = &equipped.connector.sign_in;
    let seen = Seen {
        at: Some(&sending.outgoing.url),
        ..Seen::default()
    };
    if sign_in.signs_each_request() {
        if is_listed(equipped, &sending.outgoing.url) {
            sending.outgoing.signing =
                with_scope(connections, equipped, credential, plan, seen, |scope| {
                    flow::signing(sign_in, scope)
                })?;
        }
        return Ok(());
    }
    let value = with_scope(connections, equipped, credential, plan, seen, |scope| {
        flow::authorization(sign_in, scope)
    })?;
    if let Some(value) = value {
        let headers = &mut sending.attachment.headers;
        headers.retain(|(name, _)| *name != AUTHORIZATION);
        headers.push((AUTHORIZATION, vec![value]));
    }
    Ok(())
}
