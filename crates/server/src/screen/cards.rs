//! What an app's user has to sign in to, and how each stands: for the list on the screen, and for pages of the app's own.

use crate::problem::Problem;
use crate::registry::{App, Published, Served};
use crate::signing_in::{NeededWhy, SigningIn, is_shared};
use model::{StepKind, Words};

/// A connector of the app.
pub(crate) struct Card {
    /// Its name.
    pub(crate) connector: String,
    /// What people read.
    pub(crate) title: String,
    /// Where it lives.
    pub(crate) host: String,
    /// Who signs in to it.
    pub(crate) whose: Whose,
    /// Whether a sign-in begins on a page of the API's own, so that a window for it has to open at the click.
    pub(crate) opens_page: bool,
}

/// Who signs in to a connector.
pub(crate) enum Whose {
    /// Those who run the app.
    Shared,
    /// Nobody: it needs no person.
    Itself,
    /// The user, with these accounts so far.
    User(Vec<Account>),
}

/// An account that is signed in, or was.
pub(crate) struct Account {
    /// The connection.
    pub(crate) id: String,
    /// Who it is, where that is known.
    pub(crate) label: Option<String>,
    /// The credential's version.
    pub(crate) version: u64,
    /// Why a person is needed, where one is.
    pub(crate) needed: Option<Needed>,
}

/// Why a person has to sign in again.
pub(crate) struct Needed {
    /// What kind of cause it is.
    pub(crate) why: NeededWhy,
    /// What is known of it.
    pub(crate) detail: Words,
    /// Since when, in Unix seconds.
    pub(crate) since: i64,
}

impl Card {
    /// Whether nothing is to be done by the user.
    pub(crate) fn is_ready(&self) -> bool {
        match &self.whose {
            Whose::Shared | Whose::Itself => true,
            Whose::User(accounts) => accounts.iter().any(|account| account.needed.is_none()),
        }
    }
}

/// The connectors that the screen asks for, the one that it is about first.
pub(crate) async fn cards(
    signing_in: &SigningIn,
    app: &App,
    owner: &str,
    about: Option<&str>,
    environment: Option<&str>,
) -> Result<Vec<Card>, Problem> {
    let is_asked = |published: &&Published| Some(published.connector.as_str()) == about;
    let first = app.connectors.iter().filter(|one| is_asked(one));
    let others = app
        .connectors
        .iter()
        .filter(|one| !is_asked(one) && one.selected);
    standing(signing_in, first.chain(others), owner, environment).await
}

/// All connectors that the app publishes, in its order.
pub(crate) async fn all_cards(
    signing_in: &SigningIn,
    app: &App,
    owner: &str,
    environment: Option<&str>,
) -> Result<Vec<Card>, Problem> {
    standing(signing_in, app.connectors.iter(), owner, environment).await
}

async fn standing<'a>(
    signing_in: &SigningIn,
    connectors: impl Iterator<Item = &'a Published>,
    owner: &str,
    environment: Option<&str>,
) -> Result<Vec<Card>, Problem> {
    let mut cards = Vec::new();
    for published in connectors {
        if let Ok(served) = signing_in.served(&published.connector, environment) {
            cards.push(card(signing_in, owner, &served).await?);
        }
    }
    Ok(cards)
}

async fn card(signing_in: &SigningIn, owner: &str, served: &Served) -> Result<Card, Problem> {
    let connector = &served.equipped.connector;
    let whose = match is_shared(served) {
        true => Whose::Shared,
        false => {
            let records = signing_in.state.connections.list(connector, owner).await?;
            if records.is_empty() && connector.may_sign_in_unattended() {
                Whose::Itself
            } else {
                let accounts = records.into_iter().map(|record| Account {
                    needed: signing_in.needed(&record).map(|(why, detail)| Needed {
                        why,
                        detail,
                        since: record.state.since,
                    }),
                    version: record.version,
                    label: record.name.or(record.label).or(record.identity),
                    id: record.id,
                });
                Whose::User(accounts.collect())
            }
        }
    };
    let mut steps = connector.auth_flow.steps.iter().map(|step| &step.kind);
    let opens_page = match steps.find(|kind| kind.needs_person()) {
        Some(StepKind::Form(_) | StepKind::DeviceCode(_)) | None => false,
        Some(_) => true,
    };
    Ok(Card {
        connector: connector.name.clone(),
        title: connector.title.clone(),
        host: connector.base_url.host_str().unwrap_or_default().to_owned(),
        whose,
        opens_page,
    })
}
