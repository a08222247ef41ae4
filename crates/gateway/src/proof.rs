//! The proof of a new credential: the test API, sent once and with nothing renewed, before it is stored.

use crate::call::Target;
use crate::error::{CallError, WhoseFault};
use crate::judge::Finding;
use crate::trial::once;
use connection::{Connections, Equipped, Handle, Proof, ProofFn};
use flow::{Event, Observer};
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
                Err(CallError::Definition {
                    code,
                    message,
                    help,
                }) => Proof::Unusable {
                    code,
                    message: sentence(&message),
                    help,
                },
                Err(error) => Proof::Refused {
                    message: sentence(&error.to_string()),
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
    let mut warned = Warned::default();
    let (judged, finding, _) = once(
        connections,
        equipped,
        Some(handle),
        Target::TestApi,
        &mut warned,
    )
    .await?;
    let status = judged.parts.status;
    let answered = || {
        let (name, status) = (&test_api.name, status.as_u16());
        format!("{name} answered with status {status}.")
    };
    let told = |message: Option<String>| {
        let mut parts = vec![message.unwrap_or_else(answered)];
        parts.extend(warned.0.iter().cloned());
        Proof::Refused {
            message: parts.join(" "),
        }
    };
    Ok(match finding {
        Finding::Over => told(None),
        // It knows who calls, and wants more for this call than a sign-in gives.
        Finding::StepUp(_) => Proof::Open,
        Finding::Good if test_api.expect.is_some() || status.as_u16() < 400 => Proof::Accepted,
        _ if is_passing(status) => Proof::Postponed {
            message: answered(),
        },
        Finding::Unexpected(message) => told(message),
        Finding::Good => told(None),
    })
}

/// What the sending was warned of: that the clock is off, it may be.
#[derive(Default)]
struct Warned(Vec<String>);

impl Observer for Warned {
    fn event(&mut self, event: Event) {
        if let Event::Warning { message, .. } = event {
            self.0.push(message);
        }
    }
}

/// What went wrong as it stands before another sentence.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    let mut text: String = first.into_iter().chain(letters).collect();
    if !text.ends_with(['.', '!', '?']) {
        text.push('.');
    }
    text
}

/// Whether a status tells of the API's state and not of the credential.
fn is_passing(status: StatusCode) -> bool {
    matches!(status.as_u16(), 408 | 425 | 429 | 502 | 503 | 504)
}
