//! One call, phase by phase: resolve, attach, sign, send, judge, renew, answer.

use crate::answer::{Answer, answer};
use crate::attach::attach;
use crate::error::CallError;
use crate::judge::{Finding, judge};
use crate::kept_body::{CallBody, KeptBody};
use crate::parameters::Given;
use crate::renew::{Refusal, after, before, open};
use crate::resolve::{Plan, resolve};
use crate::send::send;
use crate::sign::sign;
use connection::{Connections, Equipped, Handle};
use flow::Observer;
use http::{HeaderMap, Method};
use std::sync::Arc;

/// What is called, and with what.
#[derive(Debug)]
pub struct Call {
    /// Where the call goes.
    pub target: Target,
    /// The body. An endpoint makes its own and takes none.
    pub body: CallBody,
}

/// Where a call goes.
#[derive(Debug)]
pub enum Target {
    /// A named operation of the connector.
    Endpoint {
        /// Its name.
        name: String,
        /// Its parameters.
        parameters: Vec<(String, Given)>,
    },
    /// The call that proves that a credential works.
    TestApi,
    /// Anything below the base URL.
    Path {
        /// The method.
        method: Method,
        /// The path, perhaps with a query.
        path: String,
        /// Added to the query.
        query: Vec<(String, String)>,
        /// The caller's headers; those that are not a caller's to send are left out.
        headers: HeaderMap,
    },
}

/// Sends a call with the credential of a connection, renewing the session before or after where it is over.
///
/// It is sent at most twice: once more where `session.over_when` matched and one renewal worked, rebuilt from its
/// template with the new credential. `connection` is an id; an endpoint that says `attach: false` needs none.
///
/// # Errors
/// Where there is no answer of the API's own. Whatever the API answers, its errors included, is an [`Answer`].
pub async fn call(
    connections: &Connections,
    equipped: &Equipped,
    connection: Option<&str>,
    call: Call,
    observer: &mut dyn Observer,
) -> Result<Answer, CallError> {
    let plan = resolve(&equipped.connector, call.target)?;
    let body = KeptBody::keep(call.body).await?;
    let handle = open(connections, equipped, connection, &plan, observer).await?;
    go(connections, equipped, handle, plan, body, observer).await
}

/// [`call`](call()) with a credential that is open already.
///
/// # Errors
/// As those of [`call`](call()).
pub async fn call_with(
    connections: &Connections,
    equipped: &Equipped,
    handle: Option<Arc<Handle>>,
    call: Call,
    observer: &mut dyn Observer,
) -> Result<Answer, CallError> {
    let plan = resolve(&equipped.connector, call.target)?;
    let body = KeptBody::keep(call.body).await?;
    go(connections, equipped, handle, plan, body, observer).await
}

async fn go(
    connections: &Connections,
    equipped: &Equipped,
    handle: Option<Arc<Handle>>,
    plan: Plan<'_>,
    mut body: KeptBody,
    observer: &mut dyn Observer,
) -> Result<Answer, CallError> {
    let mut credential = before(connections, equipped, handle, &plan, observer).await?;
    let mut attempts = 0;
    loop {
        credential.tell(equipped, observer);
        let mut sending = attach(connections, equipped, &credential, &plan, &mut body)?;
        sign(connections, equipped, &credential, &plan, &mut sending)?;
        let reply = send(connections, equipped, &credential, sending, observer).await?;
        attempts += 1;
        let was_shown = plan.shows_sign_in(&equipped.connector, &reply.reply.url);
        let (reply, finding) = judge(connections, equipped, &credential, &plan, reply).await?;
        if matches!(finding, Finding::Over)
            && let Some(fresh) = after(
                connections,
                equipped,
                &credential,
                &plan,
                &body,
                Refusal {
                    attempts,
                    renewed: credential.renewed,
                    was_shown,
                },
                observer,
            )
            .await?
        {
            credential = fresh;
            continue;
        }
        return Ok(answer(reply, finding, attempts, &credential));
    }
}
