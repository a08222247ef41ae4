//! How all connectors of an app stand for one of its users, for pages of the app's own: what the managed auth screen shows.

use crate::api::asker::Asker;
use crate::api::moment::Moment;
use crate::api::state::Api;
use crate::problem::Problem;
use crate::registry::App;
use crate::screen::app_title;
use crate::screen::cards::{Account, Card, Whose, all_cards};
use crate::signing_in::{NeededWhy, SigningIn};
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header::CACHE_CONTROL;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// All connectors of an app, as they stand for a user.
#[derive(Serialize, ToSchema)]
struct ScreenView {
    /// The app.
    #[schema(example = "shop")]
    app: String,
    /// What people call it.
    title: String,
    /// Whether the app's pages show the managed auth screen at their start.
    screen_at_start: bool,
    /// Whether the user has nothing to do at any connector that the screen asks for.
    ready: bool,
    connectors: Vec<StandingView>,
}

/// How one connector stands.
#[derive(Serialize, ToSchema)]
struct StandingView {
    #[schema(example = "wiki")]
    connector: String,
    /// What people read.
    title: String,
    /// Where it lives.
    host: String,
    /// Whether the user has nothing to do.
    ready: bool,
    /// Whether the screen asks to sign in to it.
    selected: bool,
    /// Whether those who run the app sign in, once for all.
    shared: bool,
    accounts: Vec<AccountView>,
}

/// An account of the user.
#[derive(Serialize, ToSchema)]
struct AccountView {
    /// The connection.
    connection: String,
    /// Who it is, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<String>,
    ready: bool,
    /// The credential's version, raised by each sign-in and renewal.
    version: u64,
    /// Why a person has to sign in again.
    #[serde(skip_serializing_if = "Option::is_none")]
    needed: Option<NeededView>,
}

/// Why a person has to sign in again.
#[derive(Serialize, ToSchema)]
struct NeededView {
    /// `refused`, `answer_missing` or `moved`.
    #[schema(example = "refused")]
    why: &'static str,
    /// What is known of it.
    reason: String,
    since: Moment,
}

/// The routes of this file.
pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(get))
}

/// Tells how all connectors stand for a user
///
/// What the managed auth screen shows, for pages of the app's own.
#[utoipa::path(get, path = "/screen", tag = "sign-in",
    security(("app_key" = []), ("user_token" = []), ("session" = [])),
    responses((status = 200, description = "How they stand.", body = ScreenView)))]
async fn get(State(signing_in): State<SigningIn>, asker: Asker) -> Result<Response, Problem> {
    let app = asker.app()?;
    let owner = asker.owner()?;
    let cards = all_cards(&signing_in, app, &owner, asker.environment()).await?;
    let view = ScreenView::of(app, cards);
    Ok(([(CACHE_CONTROL, "no-store")], axum::Json(view)).into_response())
}

impl ScreenView {
    fn of(app: &App, cards: Vec<Card>) -> Self {
        let connectors: Vec<_> = cards
            .into_iter()
            .map(|card| StandingView::of(app, card))
            .collect();
        let mut asked = connectors.iter().filter(|one| one.selected);
        Self {
            app: app.name.clone(),
            title: app_title(app).to_owned(),
            screen_at_start: app.screen_at_start,
            ready: asked.all(|one| one.ready),
            connectors,
        }
    }
}

impl StandingView {
    fn of(app: &App, card: Card) -> Self {
        let ready = card.is_ready();
        let selected = app
            .connectors
            .iter()
            .any(|one| one.selected && one.connector == card.connector);
        let (shared, accounts) = match card.whose {
            Whose::Shared => (true, Vec::new()),
            Whose::Itself => (false, Vec::new()),
            Whose::User(accounts) => (false, accounts),
        };
        Self {
            connector: card.connector,
            title: card.title,
            host: card.host,
            ready,
            selected,
            shared,
            accounts: accounts.into_iter().map(AccountView::from).collect(),
        }
    }
}

impl From<Account> for AccountView {
    fn from(account: Account) -> Self {
        Self {
            connection: account.id,
            label: account.label,
            ready: account.needed.is_none(),
            version: account.version,
            needed: account.needed.map(|needed| NeededView {
                why: match needed.why {
                    NeededWhy::Refused => "refused",
                    NeededWhy::AnswerMissing => "answer_missing",
                    NeededWhy::Moved => "moved",
                },
                reason: needed.detail.into(),
                since: Moment(needed.since),
            }),
        }
    }
}
