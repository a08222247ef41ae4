//! Phase six, renew: before a call whose session ends, and after one whose session was over. Flows run here and nowhere else.

use crate::error::CallError;
use crate::kept_body::KeptBody;
use crate::resolve::Plan;
use connection::{ConnectionError, Connections, Equipped, Handle, Why};
use flow::Observer;
use model::Renewal;
use std::sync::Arc;

/// How long a sign-in counts as one of just now, in seconds.
const A_MOMENT: i64 = 10;

/// What a call is sent with.
pub(crate) struct Credential {
    /// None where nothing is attached.
    pub(crate) handle: Option<Arc<Handle>>,
    /// Whether this call's coming had it renewed.
    pub(crate) renewed: bool,
}

impl Credential {
    /// Tells the observer what is secret in it, so that whatever it shows from here on can be masked.
    pub(crate) fn tell(&self, equipped: &Equipped, observer: &mut dyn Observer) {
        if let Some(handle) = &self.handle {
            let (connector, secrets) = (&equipped.connector, &equipped.secrets);
            flow::learn_credential(connector, secrets, handle.credential(), observer);
        }
    }
}

/// The newest credential of a connection, for a call that takes one along.
pub(crate) async fn open(
    connections: &Connections,
    equipped: &Equipped,
    connection: Option<&str>,
    plan: &Plan<'_>,
) -> Result<Option<Arc<Handle>>, CallError> {
    match connection {
        Some(id) if plan.attaches() => {
            Ok(Some(connections.current(&equipped.connector, id).await?))
        }
        _ => Ok(None),
    }
}

/// The credential now, renewed where its end is near.
pub(crate) async fn before(
    connections: &Connections,
    equipped: &Equipped,
    handle: Option<Arc<Handle>>,
    plan: &Plan<'_>,
    observer: &mut dyn Observer,
) -> Result<Credential, CallError> {
    if !plan.attaches() {
        return Ok(Credential {
            handle: None,
            renewed: false,
        });
    }
    let Some(handle) = handle else {
        return Err(CallError::SignInRequired {
            reason: "Nobody has signed in yet.".to_owned(),
        });
    };
    let now = connections.engine().clock.unix();
    // Where nothing but a person can renew it, the session is used to its end.
    let asks = matches!(equipped.connector.renewal(), Renewal::Ask);
    if !handle.is_due(now) || (asks && !handle.is_over(now)) {
        return Ok(Credential {
            handle: Some(handle),
            renewed: false,
        });
    }
    match connections
        .renew(equipped, &handle, Why::Due, observer)
        .await
    {
        Ok(fresh) => Ok(Credential {
            handle: Some(fresh),
            renewed: true,
        }),
        // The session has not ended yet: a passing fault must not end it early.
        Err(ConnectionError::Postponed { .. }) if !handle.is_over(now) => Ok(Credential {
            handle: Some(handle),
            renewed: false,
        }),
        Err(error) => Err(error.into()),
    }
}

/// A fresh credential for a second sending, or none where the reply passes on as it is.
pub(crate) async fn after(
    connections: &Connections,
    equipped: &Equipped,
    credential: &Credential,
    plan: &Plan<'_>,
    body: &KeptBody,
    attempts: u8,
    observer: &mut dyn Observer,
) -> Result<Option<Credential>, CallError> {
    let Some(handle) = &credential.handle else {
        return Ok(None);
    };
    if attempts > 1 || credential.renewed {
        // A session that has just been renewed and is over again is not one that renewing helps.
        handle.note_rejected(connections.engine().clock.unix());
        return Ok(None);
    }
    if handle.is_rejected(connections.engine().clock.unix())
        || is_just_made(connections, equipped, handle)
    {
        return Ok(None);
    }
    let fresh = connections
        .renew(equipped, handle, Why::Over, observer)
        .await?;
    let why = match (plan.may_be_sent_again(), body.is_kept()) {
        (true, true) => {
            return Ok(Some(Credential {
                handle: Some(fresh),
                renewed: true,
            }));
        }
        (false, _) => "the endpoint says `resend: never`",
        (true, false) => "its body is larger than what is kept for a second sending",
    };
    Err(CallError::NotRepeated { why })
}

/// Whether a person has signed in a moment ago and would have to again: what the API refuses then is not the session,
/// and asking for one more sign-in would go on for ever.
fn is_just_made(connections: &Connections, equipped: &Equipped, handle: &Handle) -> bool {
    let age = connections.engine().clock.unix() - handle.credential().issued_at;
    matches!(equipped.connector.renewal(), Renewal::Ask) && handle.is_unproven() && age < A_MOMENT
}
