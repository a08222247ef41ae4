//! Finds the connection that a call is to be sent with, on the back runtime: what a thread does not have prepared.

use crate::browser_kept;
use crate::problem::Problem;
use crate::registry::{App, Entry, Served};
use crate::signing_in::PEOPLE;
use crate::state::State;
use connection::{Binding, ConnectionError, Handle, Selector, Shown};
use flow::Silent;
use gateway::{CallError, Prepared};
use http::HeaderValue;
use model::Owner;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::oneshot;
use tokio::time::{Instant, timeout};

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
    /// What the caller's browser keeps of a credential.
    pub(crate) blob: Option<String>,
}

impl Asked {
    fn selector(&self) -> Selector {
        Selector {
            owner: self.owner.clone(),
            name: self.connection.clone(),
        }
    }
}

/// What a look into the store is for.
#[derive(Clone, Eq, Hash, PartialEq)]
pub(crate) struct SoughtConnection {
    /// The address of the connector as it is served, which whoever looks or waits keeps where it is.
    served: usize,
    owner: String,
    connection: Option<String>,
}

/// What a call is sent with.
pub(crate) struct Resolved {
    /// The credential; none for a call that goes without.
    pub(crate) handle: Option<Arc<Handle>>,
    /// The same as the caller's browser showed it, where it keeps it.
    pub(crate) shown: Option<Shown>,
}

/// The very same answer for what is not there, what is not published, and what is another's.
pub(crate) fn no_such() -> Problem {
    Problem::not_found("connector or connection").help(
        "Look at the name, at the connectors published to the app, and at whose connection it is.",
    )
}

/// The same, where a connector is there that whoever asks may know of, and the environment is what is not.
pub(crate) fn no_such_environment(entry: Option<&Entry>, named: Option<&str>) -> Problem {
    let Some(entry) = entry else { return no_such() };
    let environments = entry
        .all()
        .map(|served| &served.equipped.connector.environment);
    let names: Vec<&str> = environments.filter_map(Option::as_deref).collect();
    let without = entry.in_environment(None).is_some();
    let help = match (names.is_empty(), without, named) {
        (true, _, _) => {
            "The connector has no environments: leave Stepgate-Environment out.".to_owned()
        }
        (false, true, _) => format!(
            "Stepgate-Environment may be left out, or one of: {}.",
            names.join(", ")
        ),
        (false, false, _) => format!(
            "Send Stepgate-Environment with one of: {}.",
            names.join(", ")
        ),
    };
    no_such().help(help).more("environments", names)
}

/// The credential, or none for a call that goes without. Once the other half of `caller` is dropped it waits no longer:
/// what nobody reads must not be looked for, however many call and leave.
pub(crate) async fn resolve(
    state: State,
    asked: Asked,
    mut caller: oneshot::Receiver<()>,
) -> Result<Resolved, Problem> {
    let until = Instant::now() + Duration::from_secs(asked.wait.min(LONGEST_WAIT));
    let (mut brought, mut needs_person, mut waiting) = (false, None, None);
    loop {
        let reason = match look(&state, &asked).await? {
            Looked::Found(resolved) => return Ok(resolved),
            Looked::Needed(_) if asked.goes_without => {
                return Ok(Resolved {
                    handle: None,
                    shown: None,
                });
            }
            Looked::Needed(reason) => reason,
        };
        // Who waits does so for a person: a sign-in that needs none has shown itself not to be enough.
        let reason = match needs_person.clone() {
            Some(reason) => reason,
            None => match sign_in_unattended(&state, &asked, reason).await? {
                // Looked for once more, as whoever keeps it in a browser gets it in another form.
                None if !brought => {
                    brought = true;
                    continue;
                }
                None => "What the sign-in has brought is gone already.".to_owned(),
                Some(reason) => reason,
            },
        };
        needs_person = Some(reason.clone());
        if waiting.is_none() && Instant::now() + EACH <= until {
            // Held as long as this waits.
            waiting = Some(state.waits.begin(&asked.owner)?);
        }
        if Instant::now() + EACH > until || !is_there_after(EACH, &mut caller).await {
            let error = CallError::SignInRequired { reason };
            let mut problem = Problem::from(error);
            problem.sign_in_url = sign_in_url(&state, &asked);
            if asked.served.equipped.connector.connection.owner == Owner::Shared {
                problem = problem.help("This connection is shared: one of your builders signs in, by POST /api/runs with a token of theirs.");
            }
            return Err(problem);
        }
    }
}

/// Whether the caller is still there once so much time has passed; told at once where it leaves.
async fn is_there_after(time: Duration, caller: &mut oneshot::Receiver<()>) -> bool {
    timeout(time, caller).await.is_err()
}

enum Looked {
    Found(Resolved),
    /// A sign-in is needed, for this reason.
    Needed(String),
}

async fn look(state: &State, asked: &Asked) -> Result<Looked, Problem> {
    if let Some(binding) = browser_kept::binding(&asked.served, &asked.owner) {
        return look_in_browser(state, asked, binding).await;
    }
    let mut needed = None;
    let looking = async {
        match look_in_store(state, asked).await? {
            Ok(handle) => Ok::<_, Problem>(Some(handle)),
            Err(reason) => {
                needed = Some(reason);
                Ok(None)
            }
        }
    };
    let wanted = SoughtConnection {
        served: Arc::as_ptr(&asked.served) as usize,
        owner: asked.owner.clone(),
        connection: asked.connection.clone(),
    };
    let found = state
        .looks
        .join(wanted, |handle| handle.is_current(), looking);
    Ok(match found.await? {
        Some(handle) => Looked::Found(Resolved {
            handle: Some(handle),
            shown: None,
        }),
        None => Looked::Needed(needed.unwrap_or_default()),
    })
}

/// The credential as the store has it, or why there is none.
async fn look_in_store(
    state: &State,
    asked: &Asked,
) -> Result<Result<Arc<Handle>, String>, Problem> {
    let connector = &asked.served.equipped.connector;
    let selector = asked.selector();
    let Some(record) = state.connections.select(connector, &selector).await? else {
        return match asked.connection {
            Some(_) => Err(no_such()),
            None => Ok(Err("Nobody has signed in yet.".to_owned())),
        };
    };
    match state.connections.current(connector, &record.id).await {
        Ok(handle) => Ok(Ok(handle)),
        Err(ConnectionError::SignInRequired { reason }) => Ok(Err(reason)),
        Err(error) => Err(error.into()),
    }
}

/// Signs in by itself where no person is needed; else the reason why one is.
async fn sign_in_unattended(
    state: &State,
    asked: &Asked,
    reason: String,
) -> Result<Option<String>, Problem> {
    let equipped = &asked.served.equipped;
    if !equipped.connector.may_sign_in_unattended() {
        return Ok(Some(reason));
    }
    let selector = asked.selector();
    let outcome = state
        .connections
        .sign_in_unattended(equipped, selector, &mut Silent)
        .await;
    match outcome {
        Ok(_) => Ok(None),
        Err(ConnectionError::SignInRequired { reason }) => Ok(Some(reason)),
        Err(error) => Err(Problem::from(error).at(state.clock.unix())),
    }
}

async fn look_in_browser(
    state: &State,
    asked: &Asked,
    binding: Binding<'_>,
) -> Result<Looked, Problem> {
    let connector = &asked.served.equipped.connector;
    let (blob, name) = (asked.blob.as_deref(), asked.connection.as_deref());
    let shown = state
        .connections
        .open_from_browser(connector, binding, blob, name)
        .await;
    match shown {
        Ok(shown) => Ok(Looked::Found(Resolved {
            handle: Some(shown.handle.clone()),
            shown: Some(shown),
        })),
        Err(ConnectionError::SignInRequired { reason }) => {
            let selector = asked.selector();
            // As for every other connector: another's connection is none, whatever is shown.
            match state.connections.select(connector, &selector).await? {
                None if asked.connection.is_some() => Err(no_such()),
                _ => Ok(Looked::Needed(reason)),
            }
        }
        Err(error) => Err(error.into()),
    }
}

/// What an answer carries for the browser, where it does not keep this already.
pub(crate) async fn keep_in_browser(
    state: State,
    shown: Shown,
    asked: Asked,
) -> Option<HeaderValue> {
    let binding = browser_kept::binding(&asked.served, &asked.owner)?;
    match browser_kept::sealed(&state.connections, &shown, binding) {
        Ok(field) => field,
        Err(error) => {
            // The answer is the caller's all the same; the credential waits for the next call.
            tracing::error!(%error, "a credential could not be sealed for its browser");
            None
        }
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

/// Where a person proves more for a call: a link to the screen for an app's user, else the run itself.
pub(crate) fn step_up_link(state: &State, prepared: &Prepared, run: &str) -> String {
    let connector = prepared.route().connector();
    let handle = prepared.handle();
    let owner = handle.and_then(|handle| handle.record().owner.split_once('/'));
    match owner {
        Some((app, user)) if app != PEOPLE => {
            let environment = connector.environment.as_deref();
            let links = &state.links;
            let made = links.make_for_run(app, user, &connector.name, environment, run);
            made.url.into()
        }
        _ => {
            let base = state.public_url.as_str().trim_end_matches('/');
            format!("{base}/api/runs/{run}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Duration, is_there_after, oneshot};

    #[tokio::test]
    async fn attack_46_who_has_left_is_not_waited_for() {
        let (here, mut caller) = oneshot::channel();
        let time = Duration::ZERO;
        assert!(is_there_after(time, &mut caller).await);
        assert!(is_there_after(time, &mut caller).await);
        drop(here);
        assert!(!is_there_after(time, &mut caller).await);
    }
}
