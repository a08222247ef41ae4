//! Finds the connection that a call is to be sent with, on the back runtime: what a thread does not have prepared.

use crate::problem::Problem;
use crate::registry::{App, Served};
use crate::state::State;
use connection::{ConnectionError, Handle, Selector};
use gateway::CallError;
use model::Owner;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// The longest that a call waits for a sign-in, whatever it prefers.
pub(crate) const LONGEST_WAIT: u64 = 120;

/// How often it is looked whether somebody has signed in.
const EACH: Duration = Duration::from_millis(300);

/// Whose connection at what.
#[derive(Clone)]
pub(crate) struct Asked {
    /// Whose. Of a shared connector it is not read.
    pub(crate) owner: String,
    /// The app; none where one of our own people calls.
    pub(crate) app: Option<Arc<App>>,
    /// The app's user.
    pub(crate) user: Option<String>,
    /// The connector in its environment.
    pub(crate) served: Arc<Served>,
    /// The connection, where one is named.
    pub(crate) connection: Option<String>,
    /// Whether the call goes without a credential where there is none.
    pub(crate) goes_without: bool,
    /// How many seconds to wait for a sign-in.
    pub(crate) wait: u64,
}

/// The very same answer for what is not there, what is not published, and what is another's.
pub(crate) fn no_such() -> Problem {
    Problem::not_found("connector or connection").help(
        "Look at the name, at the connectors published to the app, and at whose connection it is.",
    )
}

/// The credential, or none for a call that goes without.
pub(crate) async fn resolve(state: State, asked: Asked) -> Result<Option<Arc<Handle>>, Problem> {
    let until = Instant::now() + Duration::from_secs(asked.wait.min(LONGEST_WAIT));
    loop {
        let reason = match look(&state, &asked).await? {
            Looked::Found(handle) => return Ok(Some(handle)),
            Looked::Needed(_) if asked.goes_without => return Ok(None),
            Looked::Needed(reason) => reason,
        };
        if Instant::now() + EACH > until {
            let error = CallError::SignInRequired { reason };
            let mut problem = Problem::from(error);
            problem.sign_in_url = sign_in_url(&state, &asked);
            return Err(problem);
        }
        tokio::time::sleep(EACH).await;
    }
}

enum Looked {
    Found(Arc<Handle>),
    /// A sign-in is needed, for this reason.
    Needed(String),
}

async fn look(state: &State, asked: &Asked) -> Result<Looked, Problem> {
    let connector = &asked.served.equipped.connector;
    let selector = Selector {
        owner: asked.owner.clone(),
        name: asked.connection.clone(),
    };
    let Some(record) = state.connections.select(connector, &selector).await? else {
        return match asked.connection {
            Some(_) => Err(no_such()),
            None => Ok(Looked::Needed("Nobody has signed in yet.".to_owned())),
        };
    };
    match state.connections.current(connector, &record.id).await {
        Ok(handle) => Ok(Looked::Found(handle)),
        Err(ConnectionError::SignInRequired { reason }) => Ok(Looked::Needed(reason)),
        Err(error) => Err(error.into()),
    }
}

fn sign_in_url(state: &State, asked: &Asked) -> Option<String> {
    let connector = &asked.served.equipped.connector;
    // Shared connections are signed in by builders.
    if connector.connection.owner == Owner::Shared {
        return None;
    }
    sign_in_link(
        state,
        &asked.app.as_ref()?.name,
        asked.user.as_deref()?,
        &connector.name,
        connector.environment.as_deref(),
    )
}

/// A link on which the user signs in. Making one writes nothing.
pub(crate) fn sign_in_link(
    state: &State,
    app: &str,
    user: &str,
    connector: &str,
    environment: Option<&str>,
) -> Option<String> {
    let made = state
        .links
        .make(app, user, None, Some(connector), environment);
    Some(made.url.into())
}
