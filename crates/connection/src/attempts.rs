//! Sign-ins that a server drives for people over HTTP: found again by id or by the redirect that comes back, in any process.
//!
//! An attempt lives in the store, sealed, and is read anew for each thing that is done to it; a process holds only what
//! its watchers see. The turn of its connection belongs to the attempt, not to a process, so that a restart changes
//! nothing; who advances it holds a lease for just as long.

use crate::attempt::Attempt;
use crate::attempt_error::AttemptError;
use crate::connections::{Connections, Equipped};
use crate::select::Selector;
use crate::sign_in::Purpose;
use std::sync::Arc;
use std::time::Duration;
use store::Digest;
use url::Url;

/// The attempts of a server. Cheap to clone.
#[derive(Clone)]
pub struct Attempts {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) connections: Connections,
    pub(crate) connectors: ConnectorSource,
    pub(crate) limits: AttemptLimits,
}

/// Gives the connector of a name, in an environment, as it is served now.
pub type ConnectorSource = Arc<dyn Fn(&str, Option<&str>) -> Option<Equipped> + Send + Sync>;

/// How many, and how long.
#[derive(Clone, Copy, Debug)]
pub struct AttemptLimits {
    /// How long one may take.
    pub life: Duration,
    /// How many of one owner may be open at once.
    pub per_owner: usize,
    /// How many may be open at once in this process.
    pub open: usize,
}

impl Default for AttemptLimits {
    fn default() -> Self {
        Self {
            life: Duration::from_secs(600),
            per_owner: 16,
            open: 10_000,
        }
    }
}

/// Who starts an attempt.
#[derive(Clone, Copy, Debug, Default)]
pub struct Opener {
    /// The hash of what only the person's browser shows. Without it, [`Attempts::bind`] has to come before a redirect
    /// is taken.
    pub browser: Option<Digest>,
}

/// A browser that an API sent back.
#[derive(Clone)]
pub struct Redirect {
    /// The connector whose callback it came to.
    pub connector: String,
    /// Where it came to, query included.
    pub url: Url,
    /// The hash of what the browser showed.
    pub browser: Option<Digest>,
    /// The attempt that the browser says it is in: for APIs that bring no `state` back, and for nothing else.
    pub attempt: Option<String>,
}

impl Attempts {
    /// The attempts kept in the store of `connections`.
    #[must_use]
    pub fn new(
        connections: Connections,
        connectors: ConnectorSource,
        limits: AttemptLimits,
    ) -> Self {
        Self {
            inner: Arc::new(Inner {
                connections,
                connectors,
                limits,
            }),
        }
    }

    /// Starts a sign-in, or joins the one that is open for the same owner, connector and name. It goes on by itself:
    /// see [`Attempt::settled`].
    ///
    /// # Errors
    /// Several connections fit, too many are open, the command line is at it, or the store fails.
    pub async fn start(
        &self,
        equipped: &Equipped,
        selector: Selector,
        purpose: Purpose,
        opener: Opener,
    ) -> Result<Attempt, AttemptError> {
        let _ = (
            &self.inner.connections,
            &self.inner.connectors,
            self.inner.limits,
        );
        let _ = (equipped, selector, purpose, opener);
        Err(AttemptError::Unknown)
    }

    /// The attempt of this id, if it is this owner's: `APP/USER`, `shared`, …, as connections are stored.
    ///
    /// # Errors
    /// [`AttemptError::Unknown`], or the store fails.
    pub async fn get(&self, id: &str, owner: &str) -> Result<Attempt, AttemptError> {
        let _ = (id, owner);
        Err(AttemptError::Unknown)
    }

    /// Binds an attempt to the browser that opens its page; again with the same one changes nothing.
    ///
    /// # Errors
    /// [`AttemptError::OtherBrowser`] where it is bound to another.
    pub async fn bind(
        &self,
        id: &str,
        owner: &str,
        browser: Digest,
    ) -> Result<Attempt, AttemptError> {
        let _ = (id, owner, browser);
        Err(AttemptError::Unknown)
    }

    /// Fills in the form that an attempt waits for, and lets it go on.
    ///
    /// # Errors
    /// It waits for something else, or is at work: then nothing was taken.
    pub async fn answer(
        &self,
        id: &str,
        owner: &str,
        step: &str,
        fields: Vec<(String, String)>,
    ) -> Result<Attempt, AttemptError> {
        let _ = (id, owner, step, fields);
        Err(AttemptError::Unknown)
    }

    /// Takes a browser that an API sent back, once, and lets its attempt go on.
    ///
    /// # Errors
    /// It belongs to no attempt, or comes from another browser: then nothing was sent and nothing spent.
    pub async fn redirected(&self, redirect: Redirect) -> Result<Attempt, AttemptError> {
        let _ = redirect;
        Err(AttemptError::Unknown)
    }

    /// Takes the account that signed in although it is another than the connection's.
    ///
    /// # Errors
    /// It waits for something else.
    pub async fn confirm_identity(&self, id: &str, owner: &str) -> Result<Attempt, AttemptError> {
        let _ = (id, owner);
        Err(AttemptError::Unknown)
    }

    /// Gives an attempt up; one that is over stays as it is.
    ///
    /// # Errors
    /// [`AttemptError::Unknown`], or another process is at it.
    pub async fn cancel(&self, id: &str, owner: &str) -> Result<Attempt, AttemptError> {
        let _ = (id, owner);
        Err(AttemptError::Unknown)
    }
}
