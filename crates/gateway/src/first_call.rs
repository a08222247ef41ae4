//! The first call that shows a password goes alone, as long as none has proven it: those beside it wait for what becomes
//! of it, so that a wrong one is shown once and not once by each.

use crate::error::CallError;
use connection::{Connections, Equipped, FirstCall, Handle};
use model::{Connector, DEFAULT_TIMEOUT};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::timeout;

/// How much longer others wait than a call of the connector may take.
const MARGIN: Duration = Duration::from_secs(5);

/// Whether a call with this credential has to take its turn.
pub(crate) fn takes_turns(equipped: &Equipped, handle: &Handle) -> bool {
    handle.is_unproven() && equipped.connector.calls_show_a_password()
}

/// The credential once it is this call's turn, and the turn where it is the first: to be held until its answer is judged.
/// Who has waited looks again which credential there is.
///
/// # Errors
/// Where there is none any more, or the first call gets no answer for too long.
pub(crate) async fn turn(
    connections: &Connections,
    equipped: &Equipped,
    mut handle: Arc<Handle>,
) -> Result<(Arc<Handle>, Option<FirstCall>), CallError> {
    while takes_turns(equipped, &handle) {
        let first = match handle.try_first_call() {
            Some(first) => first,
            None => {
                let patience = patience(&equipped.connector);
                let waited = timeout(patience, handle.first_call()).await;
                waited.map_err(|_| unanswered(patience))?
            }
        };
        // It may have been refused since it was found, also by a call that nobody had to wait for.
        if handle.is_superseded() {
            drop(first);
            handle = connections
                .current(&equipped.connector, handle.id())
                .await?;
        } else if handle.is_unproven() {
            return Ok((handle, Some(first)));
        }
    }
    Ok((handle, None))
}

/// As long as the slowest call that the definition allows, and a little more.
fn patience(connector: &Connector) -> Duration {
    let named = connector.endpoints.iter().chain(&connector.test_api);
    let longest = named.map(|endpoint| endpoint.request.timeout).max();
    longest.unwrap_or_default().max(DEFAULT_TIMEOUT) + MARGIN
}

fn unanswered(patience: Duration) -> CallError {
    CallError::NoReply {
        code: "api_timeout",
        message: format!(
            "the first call with this password has had no answer for {} s, and others wait for it",
            patience.as_secs()
        ),
    }
}
