//! A connection as JSON shows it: its state with the reason and since when, its account, and when it was used.

use crate::api::moment::Moment;
use crate::signing_in::{SigningIn, realm, user};
use connection::SignedOut;
use gateway::Answer;
use model::{CredentialState, Endpoint};
use serde::Serialize;
use store::ConnectionRecord;
use utoipa::ToSchema;

/// A connection.
#[derive(Serialize, ToSchema)]
pub(crate) struct ConnectionView {
    id: String,
    #[schema(example = "wiki")]
    connector: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    environment: Option<String>,
    /// `APP/USER`, `shared`, `local`, or `people/LOGIN`.
    #[schema(example = "shop/u123")]
    owner: String,
    /// The app, where it is a user's.
    #[serde(skip_serializing_if = "Option::is_none")]
    app: Option<String>,
    /// The app's own name for the user.
    #[serde(skip_serializing_if = "Option::is_none")]
    user: Option<String>,
    /// What people called it.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    /// The account, as the API names it.
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<String>,
    /// Which account it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    identity: Option<String>,
    /// `fresh`, `renewing`, `uncertain`, `backoff` or `sign_in_required`.
    #[schema(example = "fresh")]
    state: &'static str,
    /// Why it is in this state.
    reason: String,
    /// Since when.
    since: Moment,
    /// The credential's version, raised by each sign-in and renewal.
    version: u64,
    /// When the session ends, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<Moment>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_used_at: Option<Moment>,
    /// When the session was last renewed; a sign-in is no renewal.
    #[serde(skip_serializing_if = "Option::is_none")]
    renewed_at: Option<Moment>,
    created_at: Moment,
    updated_at: Moment,
}

/// A page of connections.
#[derive(Serialize, ToSchema)]
pub(crate) struct ConnectionList {
    pub(crate) connections: Vec<ConnectionView>,
    /// Where the next page begins, for `after`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) next: Option<String>,
}

/// What came of a test.
#[derive(Serialize, ToSchema)]
pub(crate) struct TestView {
    /// Whether the credential works.
    ok: bool,
    /// The test API.
    name: String,
    /// The status it answered with.
    status: u16,
    /// Whether the session was renewed for it.
    renewed: bool,
    /// Why not, in the definition's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<String>,
}

/// What became of the session at the API. Here it is forgotten, whatever that was.
#[derive(Serialize, ToSchema)]
pub(crate) struct SignedOutView {
    /// `at_the_api`, `only_here`, `logout_failed`, or `not_revoked`.
    #[schema(example = "at_the_api")]
    pub(crate) outcome: &'static str,
    /// Why the API did not end it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) why: Option<String>,
}

impl ConnectionView {
    /// What may be told of a connection.
    pub(crate) fn of(signing_in: &SigningIn, record: ConnectionRecord) -> Self {
        let needed = signing_in.sign_in_needed(&record);
        let (state, reason) = match needed {
            Some(reason) => ("sign_in_required", reason),
            None => (word(&record.state.state), record.state.reason),
        };
        let of_app =
            record.owner.contains('/') && realm(&record.owner) != crate::signing_in::PEOPLE;
        Self {
            app: of_app.then(|| realm(&record.owner).to_owned()),
            user: of_app.then(|| user(&record.owner).to_owned()),
            id: record.id,
            connector: record.connector,
            environment: record.environment,
            owner: record.owner,
            name: record.name,
            label: record.label,
            identity: record.identity,
            state,
            reason,
            since: Moment(record.state.since),
            version: record.version,
            expires_at: record.expires_at.map(Moment),
            last_used_at: record.last_used_at.map(Moment),
            renewed_at: record.renewed_at.map(Moment),
            created_at: Moment(record.created_at),
            updated_at: Moment(record.updated_at),
        }
    }
}

impl TestView {
    /// How the answer is judged: by what the definition expects, else by its status.
    pub(crate) fn of(test_api: &Endpoint, answer: &Answer) -> Self {
        let ok = match (&test_api.expect, &answer.unexpected) {
            (_, Some(_)) => false,
            (Some(_), None) => !answer.over,
            (None, None) => answer.status.as_u16() < 400 && !answer.over,
        };
        Self {
            ok,
            name: test_api.name.clone(),
            status: answer.status.as_u16(),
            renewed: answer.renewed,
            why: answer.unexpected.clone().and_then(|it| it.message),
        }
    }
}

impl From<SignedOut> for SignedOutView {
    fn from(outcome: SignedOut) -> Self {
        let (outcome, why) = match outcome {
            SignedOut::AtTheApi => ("at_the_api", None),
            SignedOut::OnlyHere => ("only_here", None),
            SignedOut::LogoutFailed(failure) => ("logout_failed", Some(failure.message.into())),
            SignedOut::NotRevoked(failure) => ("not_revoked", Some(failure.message.into())),
        };
        Self { outcome, why }
    }
}

fn word(state: &CredentialState) -> &'static str {
    match state {
        CredentialState::Fresh => "fresh",
        CredentialState::Renewing { .. } => "renewing",
        CredentialState::Uncertain { .. } => "uncertain",
        CredentialState::Backoff { .. } => "backoff",
        CredentialState::SignInRequired { .. } => "sign_in_required",
    }
}
