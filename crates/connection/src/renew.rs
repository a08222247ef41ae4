//! The one renewal: of all who find a session over, in every process, one renews it and the others use its result.
//!
//! In the process the first comer starts a task and everybody, the first comer included, only waits for it, so that no
//! caller can cancel it. Across processes a lease lets one holder at it; whoever gets the lease reads the connection
//! again before it spends anything. What a renewal is about to do is stored before it does it, and its result is stored
//! before anybody sees it.

use crate::connections::{Connections, Equipped};
use crate::error::ConnectionError;
use crate::flight::Boarding;
use crate::handle::Handle;
use crate::relay::Relay;
use crate::renewal::Renewal;
use flow::{ClockDifference, Observer};
use std::sync::Arc;

/// Why a renewal is asked for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Why {
    /// The session ends soon, or has ended.
    Due,
    /// The API said that the session is over.
    Over,
    /// The same of a call that was signed with a time, by a clock that is off by so much.
    OverOrWrongTime(ClockDifference),
    /// The API refused the password that calls show: nothing is renewed, and it is not shown again by itself.
    PasswordRefused,
    /// A person asked for it: a wait after a passing fault is not observed.
    Asked,
}

impl Connections {
    /// A version newer than `handle`'s: one that another has stored meanwhile, or the result of one renewal.
    ///
    /// Where it cannot be renewed, and the auth flow needs no person, it is signed in to anew.
    ///
    /// Dropping the future takes nothing along: the renewal goes on.
    ///
    /// # Errors
    /// See [`ConnectionError`]: a person is needed, the API has a passing fault, or somebody is at fault.
    pub async fn renew(
        &self,
        equipped: &Equipped,
        handle: &Arc<Handle>,
        why: Why,
        observer: &mut dyn Observer,
    ) -> Result<Arc<Handle>, ConnectionError> {
        match self.renewed(equipped, handle, why, observer).await {
            Err(required @ ConnectionError::SignInRequired { .. }) => {
                let record = handle.record();
                self.sign_in_again_unattended(equipped, record, required, observer)
                    .await
            }
            outcome => outcome,
        }
    }

    async fn renewed(
        &self,
        equipped: &Equipped,
        handle: &Arc<Handle>,
        why: Why,
        observer: &mut dyn Observer,
    ) -> Result<Arc<Handle>, ConnectionError> {
        loop {
            let (waiting, events) = match self.renewals.board(handle.id()) {
                Boarding::Wait(waiting) => (waiting, None),
                Boarding::Lead(landing) => {
                    let (relay, events) = Relay::new();
                    let waiting = landing.watch();
                    let renewal =
                        Renewal::new(self.clone(), equipped.clone(), handle.clone(), why, relay);
                    // A task of its own; a panic in it drops `landing`, which tells the waiters.
                    self.spawn(async move { landing.land(renewal.run().await) });
                    (waiting, Some(events))
                }
            };
            let result = match events {
                Some(events) => events.hand_on(waiting.result(), observer).await,
                None => waiting.result().await,
            };
            let renewed = result.unwrap_or_else(|| {
                Err(ConnectionError::Ours {
                    message: "The renewal broke off. The credential is as it was.".to_owned(),
                })
            })?;
            if renewed.version() > handle.version() {
                return Ok(renewed);
            }
            // The renewal that was under way led to the very version that is over: one more is due.
        }
    }
}
