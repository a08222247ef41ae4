//! By what ways a person is in, and ending them: their sessions, and whom they are at identity providers.

use axum::extract::{Path, State};
use http::StatusCode;
use store::SessionOf;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::people;
use crate::api::person::Admin;
use crate::api::person_view::Ways;
use crate::api::session::{self, Sessions};
use crate::api::state::Api;
use crate::problem::Problem;

/// The routes of this file.
pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list, end_all))
        .routes(routes!(end))
        .routes(routes!(unlink))
}

/// Lists a person's sessions
#[utoipa::path(get, path = "/people/{login}/sessions", tag = "people",
    params(("login" = String, Path, description = "The login.", example = "ada")),
    responses((status = 200, description = "Their sessions, newest first.", body = Sessions)))]
async fn list(
    State(api): State<Api>,
    _: Admin,
    Path(login): Path<String>,
) -> Result<axum::Json<Sessions>, Problem> {
    let of = sessions_of(&api, login).await?;
    Ok(axum::Json(session::open_ones(&api, of, None).await?))
}

/// Ends all of a person's sessions
///
/// Their personal API tokens stay. The tokens of their single sign-on go, and are given back to the identity provider where
/// it says how (RFC 7009).
#[utoipa::path(delete, path = "/people/{login}/sessions", tag = "people",
    params(("login" = String, Path, description = "The login.", example = "ada")),
    responses((status = 204, description = "Ended.")))]
async fn end_all(
    State(api): State<Api>,
    _: Admin,
    Path(login): Path<String>,
) -> Result<StatusCode, Problem> {
    let of = sessions_of(&api, login.clone()).await?;
    api.store.delete_sessions_of(of).await?;
    session::sessions_ended(&api, &login).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Ends one of a person's sessions
#[utoipa::path(delete, path = "/people/{login}/sessions/{id}", tag = "people",
    params(("login" = String, Path, description = "The login.", example = "ada"),
        ("id" = String, Path, description = "The session.", example = "s_k3uq")),
    responses((status = 204, description = "Ended.")))]
async fn end(
    State(api): State<Api>,
    _: Admin,
    Path((login, id)): Path<(String, String)>,
) -> Result<StatusCode, Problem> {
    let of = sessions_of(&api, login.clone()).await?;
    if !api.store.delete_session(of, &id).await? {
        return Err(Problem::not_found("session"));
    }
    session::sessions_ended(&api, &login).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Parts a person from their account at an identity provider
///
/// Ends all their sessions. With these go the tokens of their single sign-on, which are given back to the identity provider
/// that issued them, where it says how (RFC 7009). Who has no password then needs a set-up link.
#[utoipa::path(delete, path = "/people/{login}/identities/{id}", tag = "people",
    params(("login" = String, Path, description = "The login.", example = "ada"),
        ("id" = String, Path, description = "The identity.", example = "Lxyabfk0_2tR8uQa")),
    responses((status = 204, description = "Parted.")))]
async fn unlink(
    State(api): State<Api>,
    _: Admin,
    Path((login, id)): Path<(String, String)>,
) -> Result<StatusCode, Problem> {
    people::find(&api, &login).await?;
    let ways = Ways::of(&api, &login).await?;
    let linked = ways.linked(&login, &id).cloned();
    let linked = linked.ok_or_else(|| Problem::not_found("identity"))?;
    match api.store.unlink_person(linked).await? {
        Some(forgotten) => {
            api.connections.give_back(Some(forgotten));
            Ok(StatusCode::NO_CONTENT)
        }
        None => Err(Problem::not_found("identity")),
    }
}

async fn sessions_of(api: &Api, login: String) -> Result<SessionOf, Problem> {
    people::find(api, &login).await?;
    Ok(SessionOf::Person { login })
}
