//! A link by which the user whose connection it is signs in again, for one of our people to send to them.

use crate::api::auth_links::LinkView;
use crate::api::moment::Moment;
use crate::api::person::Person;
use crate::api::state::Api;
use crate::problem::Problem;
use crate::signing_in::{SigningIn, realm, user};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::CACHE_CONTROL;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of this file.
pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(create))
}

/// Makes a link by which a connection's user signs in again
///
/// It works once, within 5 minutes. Whoever opens it signs in for that user, so that it is for them alone.
#[utoipa::path(post, path = "/connections/{id}/sign-in-link", tag = "connections",
    params(("id" = String, Path, description = "The connection, which is an app's user's.")),
    responses((status = 201, description = "Made.", body = LinkView)))]
async fn create(
    State(signing_in): State<SigningIn>,
    person: Person,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let found = signing_in.state.store.get(&id).await?;
    let record = found.ok_or_else(|| Problem::not_found("connection"))?;
    let snapshot = signing_in.state.registry.snapshot();
    let app = match record.owner.contains('/') {
        true => snapshot.app(realm(&record.owner)),
        false => None,
    };
    let app = app.ok_or_else(|| {
        Problem::conflict(
            "nobody_to_send_it_to",
            "This connection is of no app's user: whoever it is signs in on this page.",
        )
    })?;
    let environment = record.environment.as_deref();
    if signing_in
        .published(app, &record.connector, environment)
        .is_err()
    {
        return Err(Problem::conflict(
            "not_published",
            format!(
                "The app `{}` does not publish the connector `{}`, so that nobody can sign in to it there.",
                app.name, record.connector
            ),
        )
        .help("Publish it for the app first."));
    }
    let link = signing_in.state.links.make(
        &app.name,
        user(&record.owner),
        None,
        Some(&record.connector),
        environment,
    );
    tracing::info!(person = %person.login, connection = %record.id, "a sign-in link was made for a user");
    let view = LinkView {
        url: link.url.into(),
        expires_at: Moment(link.expires_at),
    };
    let no_store = [(CACHE_CONTROL, "no-store")];
    Ok((StatusCode::CREATED, no_store, axum::Json(view)).into_response())
}
