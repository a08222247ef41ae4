//! Links by which an app sends its user to the managed auth screen.

use crate::api::asker::{Asker, check_user};
use crate::api::body::Json;
use crate::api::moment::Moment;
use crate::api::state::Api;
use crate::problem::Problem;
use crate::signing_in::SigningIn;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::CACHE_CONTROL;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// A link to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewLink {
    /// The app's own name for the user.
    #[schema(example = "u123")]
    user: String,
    /// Where the screen sends the browser at the end: one of the app's return addresses, to the letter.
    #[schema(example = "https://shop.example.org/connected")]
    return_to: Option<String>,
    /// The connector that it is about: the screen shows it first.
    connector: Option<String>,
    /// The environment in which the connectors are signed in to.
    environment: Option<String>,
}

/// A link.
#[derive(Serialize, ToSchema)]
pub(crate) struct LinkView {
    /// To be opened by the user's browser, once.
    pub(crate) url: String,
    pub(crate) expires_at: Moment,
}

/// The routes of this file.
pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(create))
}

/// Makes a link to the managed auth screen
///
/// It works once, within 5 minutes.
#[utoipa::path(post, path = "/auth-links", tag = "sign-in",
    security(("app_key" = []), ("app_key_bearer" = [])), request_body = NewLink,
    responses((status = 201, description = "Made.", body = LinkView)))]
async fn create(
    State(signing_in): State<SigningIn>,
    asker: Asker,
    Json(new): Json<NewLink>,
) -> Result<Response, Problem> {
    let app = asker.backend()?;
    check_user(&new.user)?;
    asker.check_asserted(&new.user)?;
    // To the letter: an address that is merely like one of the app's may be another's.
    if let Some(address) = &new.return_to
        && !app.returns_to(address)
    {
        return Err(Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "return_to_not_listed",
            "`return_to` is not one of the app's return addresses, to the letter.",
        )
        .help("Add it to the app's return_addresses first.")
        .more("field", "return_to"));
    }
    let environment = new.environment.as_deref().or(asker.environment());
    if let Some(connector) = &new.connector {
        signing_in.published(app, connector, environment)?;
    }
    let link = signing_in.state.links.make(
        &app.name,
        &new.user,
        new.return_to.as_deref(),
        new.connector.as_deref(),
        environment,
    );
    let view = LinkView {
        url: link.url.into(),
        expires_at: Moment(link.expires_at),
    };
    Ok((
        StatusCode::CREATED,
        [(CACHE_CONTROL, "no-store")],
        axum::Json(view),
    )
        .into_response())
}
