//! What an app makes of each connector: how many of its users are connected, and when it was last called. Whoever takes a
//! connector back sees by it what ends.

use axum::extract::{Path, State};
use serde::Serialize;
use store::AppUse;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::app;
use crate::api::moment::Moment;
use crate::api::person::Person;
use crate::api::state::Api;
use crate::problem::Problem;

/// How an app uses one connector.
#[derive(Serialize, ToSchema)]
struct AppUseView {
    #[schema(example = "wiki")]
    connector: String,
    /// How many of the app's users have a connection.
    users: u64,
    /// When it was last called with a connection that is still there; of one that is everybody's, by whichever app.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_called_at: Option<Moment>,
}

/// How an app uses its connectors.
#[derive(Serialize, ToSchema)]
struct AppUses {
    /// By connector; one that is not here was never used.
    uses: Vec<AppUseView>,
}

/// The routes of this file.
pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(list))
}

/// Tells what an app makes of each connector
#[utoipa::path(get, path = "/apps/{name}/uses", tag = "apps",
    params(("name" = String, Path, description = "The app.", example = "shop")),
    responses((status = 200, description = "What it makes of them.", body = AppUses)))]
async fn list(
    State(api): State<Api>,
    _: Person,
    Path(name): Path<String>,
) -> Result<axum::Json<AppUses>, Problem> {
    let app = app::find(&api, &name).await?;
    let mut uses = api.store.uses_of_app(&app.name).await?;
    for shared in api.store.uses_of_shared().await? {
        let is_known = uses.iter().any(|it| it.connector == shared.connector);
        let mut published = app.connectors.iter();
        if !is_known && published.any(|it| it.connector == shared.connector) {
            uses.push(AppUse { users: 0, ..shared });
        }
    }
    let uses = uses.into_iter().map(|it| AppUseView {
        connector: it.connector,
        users: it.users,
        last_called_at: it.last_used_at.map(Moment),
    });
    Ok(axum::Json(AppUses {
        uses: uses.collect(),
    }))
}
