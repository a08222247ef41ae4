//! Who is the first to show a password that no call has proven yet. A page that opens sends ten calls at once: were the
//! password wrong, ten refusals would have the account locked.

use std::sync::{Arc, OnceLock};
use tokio::sync::{Mutex, OwnedMutexGuard};

/// Held by the call that goes first, until what became of it is known.
#[derive(Debug)]
pub struct FirstCall(
    #[expect(dead_code, reason = "it is held, and nothing else")] OwnedMutexGuard<()>,
);

/// Whose turn it is. Hardly any credential ever has two who want it.
#[derive(Default)]
pub(crate) struct FirstCalls(OnceLock<Arc<Mutex<()>>>);

impl FirstCalls {
    /// The turn, where nobody has it.
    pub(crate) fn try_take(&self) -> Option<FirstCall> {
        self.turn().try_lock_owned().ok().map(FirstCall)
    }

    /// The turn, once whoever has it and those before are done.
    pub(crate) async fn take(&self) -> FirstCall {
        FirstCall(self.turn().lock_owned().await)
    }

    fn turn(&self) -> Arc<Mutex<()>> {
        self.0.get_or_init(Arc::default).clone()
    }
}
