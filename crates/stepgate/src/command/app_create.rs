//! `stepgate app create`: makes an app and its first key, for scripts and first use.

use std::collections::BTreeMap;

use model::nearest;
use server::{NewApp, NewAppError};
use store::{Store, StoreError};
use url::Url;

use crate::arguments::{AppCreate, Everywhere};
use crate::command::unprintable;
use crate::ending::{Complaint, Ending};
use crate::served_folder::known_connectors;
use crate::terminal::Terminal;
use crate::wiring;

pub(crate) async fn create(
    everywhere: &Everywhere,
    terminal: Terminal,
    app: AppCreate,
) -> Result<Ending, Complaint> {
    let store = wiring::open_store(everywhere, terminal)?;
    let served = known_connectors(everywhere, &store).await?;
    let asked = app.connectors.clone();
    let key = make(&store, app).await?;
    terminal.out(&key).map_err(unprintable)?;
    terminal.say("This is the app's key, shown this once. It goes into `Stepgate-Key`.");
    for connector in asked.iter().filter(|_| !served.is_empty()) {
        if !served.contains_key(connector) {
            terminal.say(&unserved(connector, &served));
        }
    }
    Ok(Ending::Done)
}

/// Makes the app and a key of it, in the clear.
pub(crate) async fn make(store: &Store, app: AppCreate) -> Result<String, Complaint> {
    let new = NewApp {
        name: app.name,
        origins: app.origins,
        return_addresses: app.return_addresses,
        connectors: app.connectors,
    };
    let key = server::create_app(store, &wiring::random(), new).await?;
    Ok(key.reveal().clone())
}

/// It may come later, so that this is no mistake yet.
fn unserved(connector: &str, served: &BTreeMap<String, Url>) -> String {
    let near = nearest(connector, served.keys().map(String::as_str));
    let near = near.map_or(String::new(), |near| format!("; did you mean `{near}`?"));
    format!("warning: no connector `{connector}` is served yet{near}")
}

impl From<NewAppError> for Complaint {
    fn from(error: NewAppError) -> Self {
        match error {
            NewAppError::Address { .. } => Complaint::usage("address_refused", error.to_string()),
            NewAppError::Store(
                refused @ (StoreError::Taken { .. } | StoreError::NameRefused { .. }),
            ) => Complaint::usage(refused.code(), refused.to_string()),
            NewAppError::Store(other) => other.into(),
        }
    }
}
