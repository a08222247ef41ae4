//! Identity providers that people sign in at, ours and apps' users.
//!
//! # Layout
//! - [`SingleSignOn`]: the providers of this server
//! - [`Admission`] (`admission.rs`): who of a provider's people is ours, and as what
//! - [`AppSso`], [`hand_over`] (`app_user.rs`): who an app's user is
//! - [`Away`], [`Errand`] (`away.rs`): a browser that is at a provider, and what it went there for
//! - `person.rs`: the account of one of our people who came back

mod admission;
mod app_user;
mod away;
mod person;

use std::sync::Arc;

use flow::Engine;
use sso::{Assertions, Provider, RelyingParty, SsoError};

use crate::problem::Problem;
use gateway::{Retry, WhoseFault};
use http::StatusCode;

pub use admission::Admission;
pub(crate) use app_user::{AppSso, Assertion, hand_over, somebody_else, user_of};
pub(crate) use away::{Away, Errand};
pub(crate) use person::enter;

/// An identity provider, and who of its people may come in here.
#[derive(Clone, Debug)]
pub struct SsoProvider {
    /// The provider.
    pub provider: Provider,
    /// Who of its people may build and run connectors; none: nobody, it is for apps' users.
    pub admission: Option<Admission>,
}

/// The identity providers of this server. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct SingleSignOn {
    known: Arc<[Known]>,
    assertions: Assertions,
}

/// A provider, ready to be asked.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    pub(crate) party: RelyingParty,
    pub(crate) admission: Option<Admission>,
}

impl SingleSignOn {
    pub(crate) fn new(providers: &[SsoProvider], engine: &Engine) -> Self {
        let known = providers.iter().map(|given| Known {
            party: RelyingParty::new(
                given.provider.clone(),
                engine.client.clone(),
                engine.clock.clone(),
                engine.random.clone(),
            ),
            admission: given.admission.clone(),
        });
        Self {
            known: known.collect(),
            assertions: Assertions::new(engine.client.clone(), engine.clock.clone()),
        }
    }

    /// Judges what apps sign for their users.
    pub(crate) fn assertions(&self) -> &Assertions {
        &self.assertions
    }

    /// All, in the order of the settings.
    pub(crate) fn all(&self) -> &[Known] {
        &self.known
    }

    /// What we are to each of them.
    pub(crate) fn parties(&self) -> Vec<RelyingParty> {
        self.known.iter().map(|known| known.party.clone()).collect()
    }

    /// The provider of this name.
    pub(crate) fn named(&self, name: &str) -> Option<&Known> {
        self.known
            .iter()
            .find(|known| known.party.provider().name == name)
    }
}

impl From<SsoError> for Problem {
    fn from(error: SsoError) -> Self {
        let told = |status| Self::new(status, error.code(), error.to_string());
        match &error {
            SsoError::Passing(_) => told(StatusCode::BAD_GATEWAY)
                .fault(WhoseFault::Api)
                .retry(Retry::Later),
            SsoError::Discovery(_) => told(StatusCode::BAD_GATEWAY)
                .fault(WhoseFault::Stepgate)
                .help("`stepgate doctor` says what to mend."),
            SsoError::Refused(_) | SsoError::NotBelieved { .. } => told(StatusCode::FORBIDDEN),
            SsoError::Callback(_) => told(StatusCode::BAD_REQUEST).help("Start again."),
        }
    }
}
