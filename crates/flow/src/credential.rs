//! A credential: the outputs and cookies that a run ended with.

use model::Origin;
use outbound::{DpopKey, Jar};

use crate::outputs::Outputs;

/// The outputs and cookies of one signed-in account.
#[derive(Clone)]
pub struct Credential {
    /// What the auth flow's steps left behind, less the form fields that are not kept.
    pub outputs: Outputs,
    /// The connection's cookies.
    pub jar: Jar,
    /// When the person, or the machine, signed in; seconds since 1970.
    pub signed_in_at: i64,
    /// When it was last made or renewed: the time of the last reply it comes from.
    pub issued_at: i64,
    /// When it ends, where that can be told.
    pub expires_at: Option<i64>,
    /// When to renew it ahead of its end.
    pub(crate) renew_at: Option<i64>,
    /// Which account it is.
    pub identity: Option<String>,
    /// What people read.
    pub label: Option<String>,
    /// The one-time passwords it was had with that may still be current, each by the end of its period.
    pub(crate) used_codes: Vec<i64>,
    /// The key that its tokens are bound to. No template names it.
    pub(crate) dpop_key: Option<DpopKey>,
    /// Where it may go; a connector with other origins needs a new sign-in.
    pub origins: Vec<Origin>,
}

impl Credential {
    /// When to renew it: its end less the connector's margin, which is at most half its life.
    /// None where its end is not known.
    #[must_use]
    pub fn renew_at(&self) -> Option<i64> {
        self.renew_at
    }

    /// Whether its end is known and has come.
    #[must_use]
    pub fn has_expired(&self, now: i64) -> bool {
        self.expires_at.is_some_and(|end| end <= now)
    }
}

impl std::fmt::Debug for Credential {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Credential")
            .field("outputs", &self.outputs)
            .field("signed_in_at", &self.signed_in_at)
            .field("expires_at", &self.expires_at)
            .field("origins", &self.origins)
            .finish_non_exhaustive()
    }
}
