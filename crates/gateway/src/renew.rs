//! Phase six, renew: before a call whose session ends, and after one whose session was over. Flows run here and nowhere else.

use crate::error::CallError;
use crate::kept_body::KeptBody;
use crate::resolve::Plan;
use connection::{ConnectionError, Connections, Equipped, Handle, Why};
use flow::{ClockDifference, Observer};
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
            flow::learn_credential(connector, secrets, &handle.credential(), observer);
        }
    }
}

/// The newest credential of a connection, for a call that takes one along; signed in to anew where that needs nobody.
pub(crate) async fn open(
    connections: &Connections,
    equipped: &Equipped,
    connection: Option<&str>,
    plan: &Plan<'_>,
    observer: &mut dyn Observer,
) -> Result<Option<Arc<Handle>>, CallError> {
    match connection {
        Some(id) if plan.attaches() => Ok(Some(connections.usable(equipped, id, observer).await?)),
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
    if !is_wanted(connections, equipped, &handle) {
        return Ok(Credential {
            handle: Some(handle),
            renewed: false,
        });
    }
    ahead(connections, equipped, handle, observer).await
}

/// Renews a credential whose end is near.
pub(crate) async fn ahead(
    connections: &Connections,
    equipped: &Equipped,
    handle: Arc<Handle>,
    observer: &mut dyn Observer,
) -> Result<Credential, CallError> {
    let now = connections.engine().clock.unix();
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
    refusal: Refusal,
    observer: &mut dyn Observer,
) -> Result<Option<Credential>, CallError> {
    let Some(handle) = &credential.handle else {
        return Ok(None);
    };
    if !may_help(connections, equipped, handle, refusal) {
        return Ok(None);
    }
    let fresh = connections
        .renew(equipped, handle, over(equipped, refusal.clock), observer)
        .await?;
    check_repeatable(plan.may_be_sent_again(), body.is_kept())?;
    Ok(Some(Credential {
        handle: Some(fresh),
        renewed: true,
    }))
}

/// A call whose session was said to be over.
#[derive(Clone, Copy)]
pub(crate) struct Refusal {
    /// How often it was sent.
    pub(crate) attempts: u8,
    /// Whether the session was renewed for it.
    pub(crate) renewed: bool,
    /// Whether who refused it was shown what the connector signs in with.
    pub(crate) was_shown: bool,
    /// Where it was signed with a time: by how much the clocks differ.
    pub(crate) clock: Option<ClockDifference>,
}

/// Whether a renewal may help where the session was said to be over.
pub(crate) fn may_help(
    connections: &Connections,
    equipped: &Equipped,
    handle: &Handle,
    refusal: Refusal,
) -> bool {
    let connector = &equipped.connector;
    if connector.calls_show_a_password() {
        // There is nothing to renew, only a password to put forward no more. Where others were taken, and nobody is there
        // to be asked for another, it may be this one call that is not wanted.
        return refusal.was_shown
            && (!handle.note_password_refused() || matches!(connector.renewal(), Renewal::Ask));
    }
    let now = connections.engine().clock.unix();
    if refusal.attempts > 1 || refusal.renewed {
        // A session that has just been renewed and is over again is not one that renewing helps.
        handle.note_rejected(now);
        return false;
    }
    !handle.is_rejected(now) && !is_just_made(connections, equipped, handle)
}

/// What it means that the session is over.
pub(crate) fn over(equipped: &Equipped, clock: Option<ClockDifference>) -> Why {
    match (equipped.connector.calls_show_a_password(), clock) {
        (true, _) => Why::PasswordRefused,
        (false, None) => Why::Over,
        (false, Some(difference)) => Why::OverOrWrongTime(difference),
    }
}

/// Whether a call may be sent a second time, after the session was renewed.
///
/// # Errors
/// Why not.
pub(crate) fn check_repeatable(may_be_sent_again: bool, is_kept: bool) -> Result<(), CallError> {
    let why = match (may_be_sent_again, is_kept) {
        (true, true) => return Ok(()),
        (false, _) => "the endpoint says `resend: never`",
        (true, false) => "its body is larger than what is kept for a second sending",
    };
    Err(CallError::NotRepeated { why })
}

/// Whether to renew the credential before the call.
pub(crate) fn is_wanted(connections: &Connections, equipped: &Equipped, handle: &Handle) -> bool {
    // Most say nothing of their end, and then nobody has to know the time.
    if handle.packed().renew_at().is_none() {
        return false;
    }
    let now = connections.engine().clock.unix();
    // Where nothing but a person can renew it, the session is used to its end.
    let asks = || matches!(equipped.connector.renewal(), Renewal::Ask);
    handle.is_due(now) && (handle.is_over(now) || !asks())
}

/// Whether a person has signed in a moment ago and would have to again: what the API refuses then is not the session,
/// and asking for one more sign-in would go on for ever.
fn is_just_made(connections: &Connections, equipped: &Equipped, handle: &Handle) -> bool {
    let age = connections.engine().clock.unix() - handle.issued_at();
    let is_young = (0..A_MOMENT).contains(&age);
    matches!(equipped.connector.renewal(), Renewal::Ask) && handle.is_unproven() && is_young
}
