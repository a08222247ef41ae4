//! Links by which people set a password of their own, so that no first password is handed over: an admin makes one and
//! sends it; it works once, for three days.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::request::Parts;
use serde::{Deserialize, Serialize};
use std::net::IpAddr;
use store::{Digest, SetUpLinkRecord};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::body::Json;
use crate::api::csrf;
use crate::api::moment::Moment;
use crate::api::password::Passwords;
use crate::api::peer::Peer;
use crate::api::people;
use crate::api::person::Admin;
use crate::api::person_view::SetUpLinkView;
use crate::api::session::{self, Account, SecretText};
use crate::api::state::Api;
use crate::problem::Problem;

/// How long a link works, in seconds.
const HOLDS: i64 = 3 * 24 * 60 * 60;

/// What opens a link.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SetUpTicket {
    /// What follows `ticket=` in the link.
    #[schema(value_type = String)]
    ticket: SecretText,
}

/// Whose password a link sets.
#[derive(Serialize, ToSchema)]
struct SetUpFor {
    #[schema(example = "ada")]
    login: String,
    /// When the link ends.
    expires_at: Moment,
}

/// A password, by a link.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SetUpPassword {
    /// What follows `ticket=` in the link.
    #[schema(value_type = String)]
    ticket: SecretText,
    /// At least 12 characters.
    #[schema(format = Password, value_type = String, min_length = 12, max_length = 1024)]
    password: SecretText,
}

/// The routes of this file.
pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(make, revoke))
        .routes(routes!(look))
        .routes(routes!(set_password))
}

/// Makes a link for a person, in the place of the one before; the view has it in the clear.
pub(crate) async fn new_link(api: &Api, login: &str) -> Result<SetUpLinkView, Problem> {
    let ticket = api.random.base64url(32);
    let hash = Digest::of(ticket.as_bytes());
    let until = api.clock.unix().saturating_add(HOLDS);
    let link = api.store.put_set_up_link(login, hash, until).await?;
    let base = api.public_url.as_str().trim_end_matches('/').to_owned();
    // Behind the `#` it reaches no log of a server or proxy.
    let url = format!("{base}/join#ticket={ticket}");
    tracing::info!(login, "a set-up link was made for a person");
    Ok(SetUpLinkView::of(&link, Some(url)))
}

/// Makes a link by which a person sets a new password
///
/// It works once, for three days, and ends the link before. A password that they have goes on working until then.
#[utoipa::path(post, path = "/people/{login}/set-up-link", tag = "people",
    params(("login" = String, Path, description = "The login.", example = "ada")),
    responses((status = 201, description = "Made; it is shown this once.", body = SetUpLinkView)))]
async fn make(
    State(api): State<Api>,
    _: Admin,
    Path(login): Path<String>,
) -> Result<Response, Problem> {
    if people::find(&api, &login).await?.disabled {
        return Err(Problem::conflict(
            "kept_out",
            format!("{login} is kept out, and no link lets them in."),
        )
        .help("Let them in again first."));
    }
    let link = new_link(&api, &login).await?;
    Ok((StatusCode::CREATED, axum::Json(link)).into_response())
}

/// Takes a person's set-up link back
#[utoipa::path(delete, path = "/people/{login}/set-up-link", tag = "people",
    params(("login" = String, Path, description = "The login.", example = "ada")),
    responses((status = 204, description = "It works no longer.")))]
async fn revoke(
    State(api): State<Api>,
    _: Admin,
    Path(login): Path<String>,
) -> Result<StatusCode, Problem> {
    match api.store.delete_set_up_link(&login).await? {
        true => Ok(StatusCode::NO_CONTENT),
        false => Err(Problem::not_found("set-up link")),
    }
}

/// Tells whose password a set-up link sets
#[utoipa::path(post, path = "/set-up-link", tag = "account", request_body = SetUpTicket, security(()),
    responses((status = 200, description = "Whose.", body = SetUpFor)))]
async fn look(
    State(api): State<Api>,
    Peer(address): Peer,
    parts: Parts,
    Json(asked): Json<SetUpTicket>,
) -> Result<axum::Json<SetUpFor>, Problem> {
    let (_, link) = opened(&api, &parts, address, &asked.ticket).await?;
    Ok(axum::Json(SetUpFor {
        login: link.login,
        expires_at: Moment(link.expires_at),
    }))
}

/// Sets one's password by a set-up link
///
/// Ends the link and all one's sessions, and signs in.
#[utoipa::path(put, path = "/set-up-link/password", tag = "account", request_body = SetUpPassword, security(()),
    responses((status = 200, description = "Set, and signed in.", body = Account)))]
async fn set_password(
    State(api): State<Api>,
    Peer(address): Peer,
    parts: Parts,
    Json(asked): Json<SetUpPassword>,
) -> Result<Response, Problem> {
    let (hash, link) = opened(&api, &parts, address, &asked.ticket).await?;
    // Judged and hashed before the link is used: what fails here costs none.
    Passwords::judge(&link.login, &asked.password.0)?;
    let password = api.passwords.hash(asked.password.0).await?;
    let person = api.store.use_set_up_link(hash, password).await?;
    let person = person.ok_or_else(ended)?;
    tracing::info!(
        login = person.login,
        "a person set their password by a link"
    );
    session::end_shown(&api, &person.login, &parts.headers).await?;
    session::begin(&api, &person, &parts.headers, StatusCode::OK).await
}

/// The link that a ticket opens. Guessing is counted by address.
async fn opened(
    api: &Api,
    parts: &Parts,
    address: IpAddr,
    ticket: &SecretText,
) -> Result<(Digest, SetUpLinkRecord), Problem> {
    csrf::same_origin(parts, &api.public_url)?;
    api.throttle
        .admit_from(address)
        .map_err(Problem::too_many_tries)?;
    let hash = Digest::of(ticket.0.reveal().as_bytes());
    let link = api.store.set_up_link(hash).await?.ok_or_else(ended)?;
    api.throttle.forgive_from(address);
    Ok((hash, link))
}

fn ended() -> Problem {
    Problem::forbidden(
        "set_up_link",
        "This link was used, was taken back, has ended, or never was.",
    )
    .help("Ask an admin for a new one.")
}
