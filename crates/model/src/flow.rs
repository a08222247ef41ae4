//! The flows of a connector: ordered steps that sign in, renew or sign out.

use template::{Path, Template};

use crate::step::Step;

/// Ordered steps: the auth flow and the logout flow.
#[derive(Clone, Debug, Default)]
pub struct Flow {
    /// In the order in which they run.
    pub steps: Vec<Step>,
}

impl Flow {
    /// The step of that id.
    #[must_use]
    pub fn step(&self, id: &str) -> Option<&Step> {
        self.steps.iter().find(|step| step.id == id)
    }
}

/// How a credential is renewed, as the definition writes it.
#[derive(Clone, Debug)]
pub struct RefreshFlow {
    /// The auth flow's steps run again with an empty jar.
    pub same_as_auth_flow: bool,
    /// Forms are answered from what the user typed at sign-in.
    pub use_stored_credentials: bool,
    /// The refresh flow's own steps; empty with `same_as_auth_flow`.
    pub steps: Vec<Step>,
    /// What of the credential is replaced after the steps; all of them together or none.
    pub update_variables: Vec<UpdateVariable>,
    /// What happens where the renewal is refused.
    pub otherwise: Otherwise,
}

/// A refresh flow output copied over an auth flow output, at any depth.
#[derive(Clone, Debug, PartialEq)]
pub struct UpdateVariable {
    /// The auth flow output that is replaced; its root is a step of the auth flow.
    pub target: Path,
    /// The new value; where it is absent the target stays as it was.
    pub source: Template,
}

/// What happens where the renewal is refused.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Otherwise {
    /// The person is asked to sign in.
    #[default]
    Ask,
    /// The auth flow runs with stored credentials first, then the person is asked.
    AuthFlow,
}

/// How a credential is renewed, once every default is applied.
#[derive(Clone, Copy, Debug)]
pub enum Renewal<'a> {
    /// The auth flow's steps again with an empty jar, forms answered from what is stored.
    SameAsAuthFlow(&'a RefreshFlow),
    /// No refresh flow is written and no step of the auth flow needs a person: it runs again.
    AuthFlowAgain,
    /// The refresh flow's own steps, then its updates.
    Steps(&'a RefreshFlow),
    /// Nothing can renew it but the person.
    Ask,
}
