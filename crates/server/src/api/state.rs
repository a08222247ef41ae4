//! What the API's handlers work with: the server's state, and what sign-ins of our own people need. Cheap to clone.

use std::ops::Deref;
use std::sync::Arc;

use secret::SecretBytes;
use store::StoreError;

use crate::api::password::Passwords;
use crate::api::throttle::Throttle;
use crate::state::State;

/// The state of the API.
#[derive(Clone)]
pub(crate) struct Api(Arc<Shared>);

/// What all clones have in common.
pub(crate) struct Shared {
    state: State,
    /// Hashes and compares passwords.
    pub(crate) passwords: Passwords,
    /// Slows down who guesses them.
    pub(crate) throttle: Throttle,
    /// Signs the tokens against cross-site requests.
    pub(crate) csrf_secret: SecretBytes,
}

impl Api {
    /// Puts it together.
    ///
    /// # Errors
    /// Where the store fails.
    pub(crate) async fn new(state: &State) -> Result<Self, StoreError> {
        Ok(Self(Arc::new(Shared {
            passwords: Passwords::new(state.random.clone()),
            throttle: Throttle::new(state.clock.clone()),
            csrf_secret: state.store.server_secret("csrf").await?,
            state: state.clone(),
        })))
    }

    /// Lets what was just written be served at once. Where that fails the registry's own watch tries again.
    pub(crate) async fn serve_what_was_written(&self) {
        if let Err(error) = self.registry.reload().await {
            tracing::warn!(%error, "what was just written is not served yet");
        }
    }
}

impl Deref for Api {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

impl Deref for Shared {
    type Target = State;

    fn deref(&self) -> &State {
        &self.state
    }
}
