//! Keys of apps: shown once, kept as a hash, two at a time so that one can take the other's place.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde::Serialize;
use store::AppKeyRecord;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::app;
use crate::api::moment::Moment;
use crate::api::person::Person;
use crate::api::state::Api;
use crate::new_app::MintedKey;
use crate::problem::Problem;

/// A key, without the key itself.
#[derive(Serialize, ToSchema)]
struct AppKeyView {
    #[schema(example = "k_k3uq")]
    id: String,
    /// Its last letters.
    #[schema(example = "…x7Qa")]
    hint: String,
    created_at: Moment,
    /// When it was last used, to a minute.
    last_used_at: Option<Moment>,
}

/// A key that was made.
#[derive(Serialize, ToSchema)]
struct MadeAppKey {
    /// The key; it is never shown again.
    #[schema(example = "sg_app_…")]
    key: String,
    #[serde(flatten)]
    view: AppKeyView,
}

/// The keys of an app.
#[derive(Serialize, ToSchema)]
struct AppKeys {
    keys: Vec<AppKeyView>,
}

/// The routes of this file.
pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(remove))
}

/// Lists the keys of an app
#[utoipa::path(get, path = "/apps/{name}/keys", tag = "apps",
    params(("name" = String, Path, description = "The app.", example = "shop")),
    responses((status = 200, description = "Its keys, oldest first.", body = AppKeys)))]
async fn list(
    State(api): State<Api>,
    _: Person,
    Path(name): Path<String>,
) -> Result<axum::Json<AppKeys>, Problem> {
    let app = app::find(&api, &name).await?;
    let keys = api.store.app_keys(&app.name).await?;
    let keys = keys.into_iter().map(AppKeyView::from).collect();
    Ok(axum::Json(AppKeys { keys }))
}

/// Makes a key for an app
///
/// An app has two at most: make the second, let everything use it, then remove the first.
#[utoipa::path(post, path = "/apps/{name}/keys", tag = "apps",
    params(("name" = String, Path, description = "The app.", example = "shop")),
    responses((status = 201, description = "Made; shown this once.", body = MadeAppKey)))]
async fn create(
    State(api): State<Api>,
    _: Person,
    Path(name): Path<String>,
) -> Result<Response, Problem> {
    let app = app::find(&api, &name).await?;
    let MintedKey { key, hint, hash } = MintedKey::new(&api.random);
    let record = api.store.add_app_key(&app.name, hash, &hint).await?;
    api.serve_what_was_written().await;
    let view = AppKeyView::from(record);
    Ok((StatusCode::CREATED, axum::Json(MadeAppKey { key, view })).into_response())
}

/// Removes a key of an app
#[utoipa::path(delete, path = "/apps/{name}/keys/{id}", tag = "apps",
    params(("name" = String, Path, description = "The app.", example = "shop"),
        ("id" = String, Path, description = "The key's id.", example = "k_k3uq")),
    responses((status = 204, description = "Removed; it works no more.")))]
async fn remove(
    State(api): State<Api>,
    _: Person,
    Path((name, id)): Path<(String, String)>,
) -> Result<StatusCode, Problem> {
    let app = app::find(&api, &name).await?;
    if !api.store.remove_app_key(&app.name, &id).await? {
        return Err(Problem::not_found("key"));
    }
    api.serve_what_was_written().await;
    Ok(StatusCode::NO_CONTENT)
}

impl From<AppKeyRecord> for AppKeyView {
    fn from(key: AppKeyRecord) -> Self {
        Self {
            id: key.id,
            hint: key.hint,
            created_at: Moment(key.created_at),
            last_used_at: key.last_used_at.map(Moment),
        }
    }
}
