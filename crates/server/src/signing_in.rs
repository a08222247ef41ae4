//! What sign-ins over HTTP are served with: by JSON and by pages alike.

#![allow(
    clippy::result_large_err,
    reason = "a refusal is rare, and moved a few times at most"
)]

use crate::api::{Api, value};
use crate::problem::Problem;
use crate::registry::{App, Served};
use crate::state::State;
use axum::extract::FromRef;
use connection::{
    Attempt, AttemptError, AttemptState, AttemptView, Opener, Purpose, Selector, SignedOut,
    WaitingFor,
};
use flow::Silent;
use gateway::Retry;
use http::header::RETRY_AFTER;
use http::{HeaderValue, StatusCode};
use model::{CredentialState, Owner, Said, Words};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::time::Duration;
use store::{ConnectionRecord, Digest};
use url::Url;

/// How long a reply waits for a sign-in to come to a rest, so that most callers need not ask twice.
const PATIENCE: Duration = Duration::from_secs(10);

/// Stands where the app's name would, for our own people. No app has this name.
pub(crate) const PEOPLE: &str = "people";

const OPEN: &str = "open";
const FORM: &str = "form";

/// What sign-ins are served with. Cheap to clone.
#[derive(Clone)]
pub(crate) struct SigningIn {
    pub(crate) state: State,
    /// What our own people are known by.
    pub(crate) api: Api,
}

/// Whoever shows it may open the API's page for this sign-in.
#[derive(Serialize, Deserialize)]
pub(crate) struct OpenTicket {
    run: String,
    /// Whose sign-in it is.
    pub(crate) owner: String,
    expires_at: i64,
}

/// What kind of cause it has that a person has to sign in again.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum NeededWhy {
    /// The API does not take the credential any more.
    Refused,
    /// A renewal asks for something that is not kept.
    AnswerMissing,
    /// The connector's addresses have changed.
    Moved,
}

impl SigningIn {
    /// Starts a sign-in or joins the one that is open.
    ///
    /// Where a connection only lacks a person's answer it is asked for that alone; one that works is signed in anew.
    pub(crate) async fn start(
        &self,
        served: &Served,
        owner: &str,
        name: Option<String>,
        browser: Option<Digest>,
    ) -> Result<Attempt, Problem> {
        let selector = Selector {
            owner: owner.to_owned(),
            name,
        };
        let connector = &served.equipped.connector;
        let found = self.state.connections.select(connector, &selector).await?;
        // One that is not there is made, and called so.
        if let (None, Some(name)) = (&found, &selector.name) {
            value::text("connection", name)?;
        }
        let lacks = found.is_some_and(|record| {
            matches!(record.state.state, CredentialState::SignInRequired { .. })
        });
        let purpose = match lacks {
            true => Purpose::Needed,
            false => Purpose::Asked,
        };
        Ok(self
            .state
            .attempts
            .start(&served.equipped, selector, purpose, Opener { browser })
            .await?)
    }

    /// How a sign-in stands, once it rests or after a while.
    pub(crate) async fn rested(&self, mut attempt: Attempt) -> AttemptView {
        match tokio::time::timeout(PATIENCE, attempt.settled()).await {
            Ok(view) => view,
            Err(_) => attempt.view(),
        }
    }

    /// Our address that leads to the API's page of a sign-in: it binds the browser first.
    pub(crate) fn open_url(&self, view: &AttemptView) -> Url {
        let ticket = OpenTicket {
            run: view.id.clone(),
            owner: view.owner.clone(),
            expires_at: view.expires_at,
        };
        let ticket = serde_json::to_vec(&ticket).unwrap_or_default();
        let mut url = self.url(&format!("/auth/{}/open/{}", realm(&view.owner), view.id));
        url.query_pairs_mut()
            .append_pair("ticket", &self.state.signer.sign(OPEN, &ticket));
        url
    }

    /// What a ticket for this sign-in says.
    pub(crate) fn ticket(&self, realm_shown: &str, run: &str, ticket: &str) -> Option<OpenTicket> {
        let content = self.state.signer.open(OPEN, ticket)?;
        let ticket: OpenTicket = serde_json::from_slice(&content).ok()?;
        let fits = ticket.run == run
            && realm(&ticket.owner) == realm_shown
            && ticket.expires_at > self.state.clock.unix();
        fits.then_some(ticket)
    }

    /// Why a person has to sign in to a connection, where one has to.
    pub(crate) fn sign_in_needed(&self, record: &ConnectionRecord) -> Option<String> {
        self.needed(record).map(|(_, detail)| detail.into())
    }

    /// The same with the kind of cause.
    pub(crate) fn needed(&self, record: &ConnectionRecord) -> Option<(NeededWhy, Words)> {
        if let CredentialState::SignInRequired { asked } = &record.state.state {
            let why = match asked {
                true => NeededWhy::AnswerMissing,
                false => NeededWhy::Refused,
            };
            return Some((why, record.state.words()));
        }
        let environment = record.environment.as_deref();
        let served = self.served(&record.connector, environment).ok()?;
        let moved = record.origins != served.equipped.connector.origin_set_key();
        moved.then(|| (NeededWhy::Moved, Said::Moved.into()))
    }

    /// Signs a connection out and forgets it. Where its connector is gone, nothing can be sent any more.
    pub(crate) async fn sign_out(&self, record: &ConnectionRecord) -> Result<SignedOut, Problem> {
        let connections = &self.state.connections;
        match self.served(&record.connector, record.environment.as_deref()) {
            Ok(served) => Ok(connections
                .sign_out(&served.equipped, record, &mut Silent)
                .await?),
            Err(_) => {
                connections.clear(record).await?;
                Ok(SignedOut::OnlyHere)
            }
        }
    }

    /// The token that shows that a form came from our page in this browser, by a cookie of it.
    pub(crate) fn form_token(&self, cookie: &str) -> String {
        self.state
            .signer
            .sign(FORM, Digest::of(cookie.as_bytes()).bytes())
    }

    /// Whether a form came from our page in the browser that shows this cookie.
    pub(crate) fn is_our_form(&self, token: &str, cookie: &str) -> bool {
        // Signed, so that the comparison of what was signed gives nothing away.
        self.state
            .signer
            .open(FORM, token)
            .is_some_and(|signed| signed == Digest::of(cookie.as_bytes()).bytes())
    }

    /// An address of ours, as it is reached from outside.
    pub(crate) fn url(&self, path: &str) -> Url {
        let mut url = self.state.public_url.clone();
        let base = url.path().trim_end_matches('/').to_owned();
        url.set_path(&format!("{base}{path}"));
        url
    }

    /// The connector, where the app publishes it; else the same as where there is none.
    pub(crate) fn published(
        &self,
        app: &App,
        connector: &str,
        environment: Option<&str>,
    ) -> Result<Arc<Served>, Problem> {
        match app.publishes(connector) {
            true => self.served(connector, environment),
            false => Err(Problem::not_found("connector")),
        }
    }

    /// The connector, in an environment.
    pub(crate) fn served(
        &self,
        connector: &str,
        environment: Option<&str>,
    ) -> Result<Arc<Served>, Problem> {
        let snapshot = self.state.registry.snapshot();
        let found = snapshot.served(connector, environment).cloned();
        found.ok_or_else(|| Problem::not_found("connector"))
    }
}

/// Whether a connector is signed in to once for all.
pub(crate) fn is_shared(served: &Served) -> bool {
    served.equipped.connector.connection.owner == Owner::Shared
}

/// The app in an owner text, or what stands for our own people.
pub(crate) fn realm(owner: &str) -> &str {
    match owner.split_once('/') {
        Some((app, _)) => app,
        None => PEOPLE,
    }
}

/// The app's user, or the person, in an owner text.
pub(crate) fn user(owner: &str) -> &str {
    owner.split_once('/').map_or(owner, |(_, user)| user)
}

impl FromRef<Api> for SigningIn {
    fn from_ref(api: &Api) -> Self {
        Self {
            state: State::clone(api),
            api: api.clone(),
        }
    }
}

impl From<AttemptError> for Problem {
    fn from(error: AttemptError) -> Self {
        let told = |status: StatusCode| Self::new(status, error.code(), error.to_string());
        match &error {
            AttemptError::Unknown => Self::not_found("sign-in"),
            AttemptError::UnknownRedirect | AttemptError::OtherBrowser => {
                told(StatusCode::BAD_REQUEST)
            }
            AttemptError::Expired => told(StatusCode::GONE).help("Start another sign-in."),
            AttemptError::Busy | AttemptError::Elsewhere => {
                told(StatusCode::CONFLICT).retry(Retry::Later)
            }
            AttemptError::WrongTurn { waits_for } => {
                told(StatusCode::CONFLICT).more("waits_for", waits_for.clone())
            }
            AttemptError::NotAsked { .. } => told(StatusCode::UNPROCESSABLE_ENTITY),
            AttemptError::NoResend { .. } => told(StatusCode::CONFLICT),
            AttemptError::TooMany => told(StatusCode::TOO_MANY_REQUESTS)
                .retry(Retry::Later)
                .header(RETRY_AFTER, HeaderValue::from_static("30")),
            AttemptError::NoConnector { .. } => Self::not_found("connector"),
            AttemptError::Connection(error) => error.clone().into(),
        }
    }
}

/// Whether a sign-in waits for the API's page to be opened.
pub(crate) fn waits_for_page(state: &AttemptState) -> Option<&Url> {
    match state {
        AttemptState::Waiting(WaitingFor::Open(open)) => Some(&open.url),
        _ => None,
    }
}
