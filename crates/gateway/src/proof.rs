//! The proof of a new credential: the test API, sent once and with nothing renewed, before it is stored.

use crate::attach::attach;
use crate::call::Target;
use crate::error::{CallError, WhoseFault};
use crate::judge::{Finding, judge};
use crate::kept_body::{CallBody, KeptBody};
use crate::renew::Credential;
use crate::resolve::resolve;
use crate::send::send;
use crate::sign::sign;
use connection::{Connections, Equipped, Handle, Proof, ProofFn};
use flow::Silent;
use http::StatusCode;
use std::sync::Arc;

/// What [`Connections::with_proof`] takes.
#[must_use]
pub fn proof() -> ProofFn {
    Arc::new(|connections, equipped, handle| {
        Box::pin(async move {
            match prove(&connections, &equipped, handle).await {
                Ok(proof) => proof,
                // Nothing was said about the credential.
                Err(error) if error.whose_fault() == WhoseFault::Api => Proof::Postponed {
                    message: error.to_string(),
                },
                Err(error) => Proof::Refused {
                    message: error.to_string(),
                },
            }
        })
    })
}

async fn prove(
    connections: &Connections,
    equipped: &Equipped,
    handle: Arc<Handle>,
) -> Result<Proof, CallError> {
    let Some(test_api) = &equipped.connector.test_api else {
        return Ok(Proof::Open);
    };
    let plan = resolve(&equipped.connector, Target::TestApi)?;
    let mut body = KeptBody::keep(CallBody::Empty).await?;
    let credential = Credential {
        handle: Some(handle).filter(|_| plan.attaches()),
        renewed: false,
    };
    let mut sending = attach(connections, equipped, &credential, &plan, &mut body)?;
    sign(connections, equipped, &credential, &plan, &mut sending)?;
    let reply = send(connections, equipped, &credential, sending, &mut Silent).await?;
    let (judged, finding) = judge(connections, equipped, &credential, &plan, reply).await?;
    let status = judged.parts.status;
    let answered = || {
        let (name, status) = (&test_api.name, status.as_u16());
        format!("{name} answered with status {status}.")
    };
    let told = |message: Option<String>| Proof::Refused {
        message: message.unwrap_or_else(answered),
    };
    Ok(match finding {
        Finding::Over => told(None),
        Finding::Good if test_api.expect.is_some() || status.as_u16() < 400 => Proof::Accepted,
        _ if is_passing(status) => Proof::Postponed {
            message: answered(),
        },
        Finding::Unexpected(message) => told(message),
        Finding::Good => told(None),
    })
}

/// Whether a status tells of the API's state and not of the credential.
fn is_passing(status: StatusCode) -> bool {
    matches!(status.as_u16(), 408 | 425 | 429 | 502 | 503 | 504)
}
