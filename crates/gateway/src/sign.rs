//! Phase three, sign: the sign-in type's own header, over whatever else would stand there.

use crate::attach::Sending;
use crate::error::CallError;
use crate::renew::Credential;
use crate::resolve::Plan;
use crate::scope::{Seen, with_scope};
use connection::{Connections, Equipped};
use http::header::AUTHORIZATION;
use model::SignIn;

/// Adds what the connector's sign-in type makes of the credential. A request with a `sign_in` of its own keeps that.
pub(crate) fn sign(
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
        // Its header is written already, and what every call gets must not take its place.
        if !matches!(own, SignIn::None) {
            let headers = &mut sending.attachment.headers;
            headers.retain(|(name, _)| *name != AUTHORIZATION);
        }
        return Ok(());
    }
    let seen = Seen {
        at: Some(&sending.outgoing.url),
        ..Seen::default()
    };
    let value = with_scope(connections, equipped, credential, plan, seen, |scope| {
        flow::authorization(&equipped.connector.sign_in, scope)
    })?;
    if let Some(value) = value {
        let headers = &mut sending.attachment.headers;
        headers.retain(|(name, _)| *name != AUTHORIZATION);
        headers.push((AUTHORIZATION, vec![value]));
    }
    Ok(())
}
