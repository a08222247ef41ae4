//! Apps: registered callers, each with its origins, return addresses and published connectors.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::header::LOCATION;
use http::{HeaderMap, StatusCode};
use serde::{Deserialize, Serialize};
use store::{AppRecord, AppSettings};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::app_address::{self, AddressError};
use crate::api::body::Json;
use crate::api::etag::{Expected, etag};
use crate::api::moment::Moment;
use crate::api::person::Person;
use crate::api::state::Api;
use crate::api::value;
use crate::problem::Problem;

/// How many origins, return addresses or connectors an app has at most.
const MOST: usize = 200;

/// An app to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewApp {
    /// A lower-case letter, then at most 62 of a-z, 0-9 and -; not `people`, `local` or `shared`.
    #[schema(example = "shop", pattern = "^[a-z][a-z0-9-]{0,62}$")]
    name: String,
    /// What people read; left out: the name.
    #[schema(example = "Our shop", min_length = 1, max_length = 200)]
    title: Option<String>,
    /// Origins whose pages may call, each exactly, such as `https://shop.example.org`. No patterns.
    #[schema(example = json!(["https://shop.example.org"]), max_items = 200)]
    origins: Option<Vec<String>>,
    /// Where the managed auth screen may send a browser back to, each to the letter; https, or http on this machine.
    #[schema(example = json!(["https://shop.example.org/connected"]), max_items = 200)]
    return_addresses: Option<Vec<String>>,
    /// The connectors that it may use, in the order in which they are shown.
    #[schema(max_items = 200)]
    connectors: Option<Vec<Publication>>,
    /// Whether its pages show the managed auth screen at their start; left out: they do.
    #[schema(default = true)]
    screen_at_start: Option<bool>,
}

/// What is to change of an app; what is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AppChange {
    /// What people read.
    #[schema(example = "Our shop", min_length = 1, max_length = 200)]
    title: Option<String>,
    /// Origins whose pages may call, each exactly, such as `https://shop.example.org`. No patterns.
    #[schema(example = json!(["https://shop.example.org"]), max_items = 200)]
    origins: Option<Vec<String>>,
    /// Where the managed auth screen may send a browser back to, each to the letter; https, or http on this machine.
    #[schema(example = json!(["https://shop.example.org/connected"]), max_items = 200)]
    return_addresses: Option<Vec<String>>,
    /// The connectors that it may use, in the order in which they are shown.
    #[schema(max_items = 200)]
    connectors: Option<Vec<Publication>>,
    /// Whether its pages show the managed auth screen at their start.
    screen_at_start: Option<bool>,
}

/// A connector that an app publishes.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Publication {
    #[schema(example = "wiki")]
    connector: String,
    /// Whether the managed auth screen asks to sign in to it.
    #[serde(default = "yes")]
    #[schema(default = true)]
    selected: bool,
}

/// An app.
#[derive(Serialize, ToSchema)]
struct AppView {
    #[schema(example = "shop")]
    name: String,
    title: String,
    origins: Vec<String>,
    return_addresses: Vec<String>,
    connectors: Vec<Publication>,
    screen_at_start: bool,
    /// Raised by each change; also the ETag.
    version: u64,
    created_at: Moment,
    updated_at: Moment,
}

/// All apps.
#[derive(Serialize, ToSchema)]
struct Apps {
    apps: Vec<AppView>,
}

/// The routes of this file.
pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(get, change, delete))
}

/// Lists apps
#[utoipa::path(get, path = "/apps", tag = "apps",
    responses((status = 200, description = "All apps, by name.", body = Apps)))]
async fn list(State(api): State<Api>, _: Person) -> Result<axum::Json<Apps>, Problem> {
    let apps = api.store.apps().await?;
    let apps = apps.into_iter().map(AppView::from).collect();
    Ok(axum::Json(Apps { apps }))
}

/// Makes an app
#[utoipa::path(post, path = "/apps", tag = "apps", request_body = NewApp,
    responses((status = 201, description = "Made.", body = AppView)))]
async fn create(
    State(api): State<Api>,
    _: Person,
    Json(asked): Json<NewApp>,
) -> Result<Response, Problem> {
    let settings = AppSettings {
        title: asked.name.clone(),
        ..AppSettings::default()
    };
    if !store::is_app_name(&asked.name) {
        return Err(Problem::invalid(
            "name",
            "It must be a lower-case letter, then at most 62 of a-z, 0-9 and -; not people, local or shared.",
        ));
    }
    let change = AppChange {
        title: asked.title,
        origins: asked.origins,
        return_addresses: asked.return_addresses,
        connectors: asked.connectors,
        screen_at_start: asked.screen_at_start,
    };
    let settings = change.applied_to(settings, &api)?;
    let app = api.store.create_app(&asked.name, settings).await?;
    api.serve_what_was_written().await;
    let location = [(LOCATION, format!("/api/apps/{}", app.name))];
    let tag = etag(app.version);
    let view = axum::Json(AppView::from(app));
    Ok((StatusCode::CREATED, location, tag, view).into_response())
}

/// Tells of an app
#[utoipa::path(get, path = "/apps/{name}", tag = "apps",
    params(("name" = String, Path, description = "The app.", example = "shop")),
    responses((status = 200, description = "The app.", body = AppView)))]
async fn get(
    State(api): State<Api>,
    _: Person,
    Path(name): Path<String>,
) -> Result<Response, Problem> {
    let app = find(&api, &name).await?;
    Ok((etag(app.version), axum::Json(AppView::from(app))).into_response())
}

/// Changes an app
///
/// A list that is given takes the place of the one before. `If-Match` may be left out.
#[utoipa::path(patch, path = "/apps/{name}", tag = "apps", request_body = AppChange,
    params(("name" = String, Path, description = "The app.", example = "shop")),
    responses((status = 200, description = "Changed.", body = AppView)))]
async fn change(
    State(api): State<Api>,
    _: Person,
    Path(name): Path<String>,
    headers: HeaderMap,
    Json(asked): Json<AppChange>,
) -> Result<Response, Problem> {
    let app = find(&api, &name).await?;
    let version = Expected::of(&headers).optional(app.version)?;
    let settings = AppSettings {
        title: app.title,
        origins: app.origins,
        return_addresses: app.return_addresses,
        connectors: app.connectors,
        screen_at_start: app.screen_at_start,
    };
    let settings = asked.applied_to(settings, &api)?;
    let app = api.store.update_app(&name, version, settings).await?;
    api.serve_what_was_written().await;
    Ok((etag(app.version), axum::Json(AppView::from(app))).into_response())
}

/// Deletes an app
///
/// With it go its keys and its users' sessions, runs and connections, and the tokens of their single sign-on, which are
/// given back to the identity provider where it says how (RFC 7009). `If-Match` may be left out.
#[utoipa::path(delete, path = "/apps/{name}", tag = "apps",
    params(("name" = String, Path, description = "The app.", example = "shop")),
    responses((status = 204, description = "Gone.")))]
async fn delete(
    State(api): State<Api>,
    _: Person,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Result<StatusCode, Problem> {
    let app = find(&api, &name).await?;
    let version = Expected::of(&headers).optional(app.version)?;
    let forgotten = api.store.delete_app(&name, Some(version)).await?;
    let forgotten = forgotten.ok_or_else(|| Problem::not_found("app"))?;
    api.connections.give_back_all(forgotten);
    api.serve_what_was_written().await;
    Ok(StatusCode::NO_CONTENT)
}

/// The app of this name.
pub(crate) async fn find(api: &Api, name: &str) -> Result<AppRecord, Problem> {
    if !store::is_app_name(name) {
        return Err(Problem::not_found("app"));
    }
    let app = api.store.app(name).await?;
    app.ok_or_else(|| Problem::not_found("app"))
}

impl AppChange {
    fn applied_to(self, mut settings: AppSettings, api: &Api) -> Result<AppSettings, Problem> {
        if let Some(title) = self.title {
            settings.title = value::text("title", &title)?;
        }
        if let Some(origins) = self.origins {
            settings.origins = addresses("origins", origins, app_address::origin)?;
        }
        if let Some(back) = self.return_addresses {
            let judge = app_address::return_address;
            settings.return_addresses = addresses("return_addresses", back, judge)?;
        }
        if let Some(connectors) = self.connectors {
            settings.connectors = published(connectors, api)?;
        }
        if let Some(screen_at_start) = self.screen_at_start {
            settings.screen_at_start = screen_at_start;
        }
        Ok(settings)
    }
}

fn addresses(
    field: &str,
    given: Vec<String>,
    judge: impl Fn(&str) -> Result<String, AddressError>,
) -> Result<Vec<String>, Problem> {
    few(field, given.len())?;
    let mut kept = Vec::new();
    for text in given {
        let address = judge(&text).map_err(|error| {
            // Shown with its control characters written out, and not at any length.
            let shown: String = text.chars().take(100).collect();
            Problem::invalid(field, format!("{shown:?}: {error}."))
        })?;
        if !kept.contains(&address) {
            kept.push(address);
        }
    }
    Ok(kept)
}

fn published(given: Vec<Publication>, api: &Api) -> Result<Vec<store::Published>, Problem> {
    few("connectors", given.len())?;
    let snapshot = api.registry.snapshot();
    let mut kept: Vec<store::Published> = Vec::new();
    for Publication {
        connector,
        selected,
    } in given
    {
        let shown: String = connector.chars().take(100).collect();
        if snapshot.entry(&connector).is_none() {
            let detail = format!("There is no connector {shown:?}.");
            return Err(Problem::invalid("connectors", detail));
        }
        if kept.iter().any(|known| known.connector == connector) {
            let detail = format!("{shown:?} is listed twice.");
            return Err(Problem::invalid("connectors", detail));
        }
        kept.push(store::Published {
            connector,
            selected,
        });
    }
    Ok(kept)
}

fn few(field: &str, count: usize) -> Result<(), Problem> {
    match count > MOST {
        true => Err(Problem::invalid(
            field,
            format!("There are more than {MOST}."),
        )),
        false => Ok(()),
    }
}

fn yes() -> bool {
    true
}

impl From<AppRecord> for AppView {
    fn from(app: AppRecord) -> Self {
        let connectors = app.connectors.into_iter().map(|published| Publication {
            connector: published.connector,
            selected: published.selected,
        });
        Self {
            name: app.name,
            title: app.title,
            origins: app.origins,
            return_addresses: app.return_addresses,
            connectors: connectors.collect(),
            screen_at_start: app.screen_at_start,
            version: app.version,
            created_at: Moment(app.created_at),
            updated_at: Moment(app.updated_at),
        }
    }
}
