//! Sign-ins of everybody, for our own people: where each stands, and nothing that was typed.

use crate::api::moment::Moment;
use crate::api::person::Person;
use crate::api::run_view::FailureView;
use crate::signing_in::PEOPLE;
use connection::{AttemptState, AttemptView, WaitingFor};
use serde::{Deserialize, Serialize};
use store::Role;
use utoipa::{IntoParams, ToSchema};

/// The most that are listed.
pub(crate) const MOST: usize = 500;

/// Which sign-ins are listed.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct RunListing {
    /// Of this connector.
    pub(crate) connector: Option<String>,
    /// Of this owner, as in `shop/u123`.
    pub(crate) owner: Option<String>,
    /// In this state.
    state: Option<String>,
}

/// Sign-ins.
#[derive(Serialize, ToSchema)]
pub(crate) struct RunList {
    /// Newest first. Each is forgotten ten minutes after it was started.
    pub(crate) runs: Vec<RunSummary>,
}

/// A sign-in in a list.
#[derive(Serialize, ToSchema)]
pub(crate) struct RunSummary {
    id: String,
    #[schema(example = "wiki")]
    connector: String,
    environment: Option<String>,
    /// `APP/USER`, `shared`, `local`, or `people/LOGIN`.
    #[schema(example = "shop/u123")]
    owner: String,
    /// The connection's name, where it was given one.
    connection: Option<String>,
    /// `working`, `waiting`, `signed_in`, `failed`, `expired` or `cancelled`.
    #[schema(example = "waiting")]
    state: &'static str,
    /// `form`, `open`, `show` or `confirm_identity`, where it waits for a person.
    waits_for: Option<&'static str>,
    /// The step that it waits in.
    step: Option<String>,
    /// Why it failed.
    error: Option<FailureView>,
    /// The connection that has the credential, once signed in.
    connection_id: Option<String>,
    expires_at: Moment,
}

impl RunListing {
    /// Whether a sign-in is asked for, and this person's to see: what another builder tries out is their own business.
    pub(crate) fn shows(&self, person: &Person, view: &AttemptView) -> bool {
        let own = format!("{PEOPLE}/{}", person.login);
        let is_theirs = person.role == Role::Admin
            || view.owner == own
            || !view.owner.starts_with(&format!("{PEOPLE}/"));
        let state = self.state.as_deref();
        is_theirs && state.is_none_or(|state| state == view.state.name())
    }
}

impl From<AttemptView> for RunSummary {
    fn from(view: AttemptView) -> Self {
        let (mut waits_for, mut step, mut error, mut connection_id) = (None, None, None, None);
        let state = view.state.name();
        match view.state {
            AttemptState::Waiting(WaitingFor::Form(prompt)) => {
                (waits_for, step) = (Some("form"), Some(prompt.step));
            }
            AttemptState::Waiting(WaitingFor::Open(open)) => {
                (waits_for, step) = (Some("open"), Some(open.step));
            }
            AttemptState::Waiting(WaitingFor::Show(show)) => {
                (waits_for, step) = (Some("show"), Some(show.step));
            }
            AttemptState::Waiting(WaitingFor::ConfirmIdentity { .. }) => {
                waits_for = Some("confirm_identity");
            }
            AttemptState::Failed(failure) => error = Some(failure.into()),
            AttemptState::SignedIn { connection_id: id }
            | AttemptState::SteppedUp { connection_id: id } => connection_id = Some(id),
            AttemptState::Working | AttemptState::Expired | AttemptState::Cancelled => {}
        }
        Self {
            id: view.id,
            connector: view.connector,
            environment: view.environment,
            owner: view.owner,
            connection: view.name,
            state,
            waits_for,
            step,
            error,
            connection_id,
            expires_at: Moment(view.expires_at),
        }
    }
}
