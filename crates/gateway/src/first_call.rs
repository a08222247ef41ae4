//! The first call that shows a password goes alone, as long as none has proven it: those beside it wait for what becomes
//! of it, so that a wrong one is shown once and not once by each.

use crate::error::CallError;
use connection::{Connections, Equipped, FirstCall, Handle};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::timeout;

/// How long others wait: a little longer than a call may take.
const WAIT: Duration = Duration::from_secs(35);

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
        if let Some(first) = handle.try_first_call() {
            return Ok((handle, Some(first)));
        }
        let waited = timeout(WAIT, handle.first_call()).await;
        let first = waited.map_err(|_| unanswered())?;
        if handle.is_current() && handle.is_unproven() {
            return Ok((handle, Some(first)));
        }
        drop(first);
        if !handle.is_current() {
            let connector = &equipped.connector;
            handle = connections.current(connector, handle.id()).await?;
        }
    }
    Ok((handle, None))
}

fn unanswered() -> CallError {
    CallError::NoReply {
        code: "api_timeout",
        message: format!(
            "the first call with this password has had no answer for {} s, and others wait for it",
            WAIT.as_secs()
        ),
    }
}
