//! The first start: nobody has an account and there is no default password, so the log shows a link that makes the first
//! admin. It works once, for a day.

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use http::request::Parts;
use secret::SecretBytes;
use serde::{Deserialize, Serialize};
use std::net::IpAddr;
use store::{Digest, PersonRecord, Role, StoreError};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::body::Json;
use crate::api::password::Passwords;
use crate::api::peer::Peer;
use crate::api::session::{self, Account, SecretText};
use crate::api::state::Api;
use crate::api::{csrf, value};
use crate::problem::Problem;

/// What tickets of this kind are filed under.
const KIND: &str = "setup";

/// How long a link works, in seconds.
const HOLDS: i64 = 24 * 60 * 60;

/// What makes the first admin.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SetUp {
    /// The ticket of the link in the log.
    #[schema(value_type = String)]
    ticket: SecretText,
    #[schema(example = "ada", pattern = "^[a-z0-9][a-z0-9._@+-]{0,63}$")]
    login: String,
    /// At least 12 characters.
    #[schema(format = Password, value_type = String, min_length = 12, max_length = 1024)]
    password: SecretText,
}

/// Whether there is an account yet.
#[derive(Serialize, ToSchema)]
struct SetUpState {
    /// Whether the first admin is still to be made.
    needed: bool,
}

/// A link that makes the first admin, where there is nobody yet. Each start makes one; all end with the first account.
///
/// # Errors
/// Where the store fails.
pub(crate) async fn link(api: &Api) -> Result<Option<String>, StoreError> {
    if !api.store.people().await?.is_empty() {
        return Ok(None);
    }
    let ticket = api.random.base64url(32);
    let hash = Digest::of(ticket.as_bytes());
    let until = api.clock.unix().saturating_add(HOLDS);
    let nothing = SecretBytes::new(Vec::new());
    api.store.put_ticket(hash, KIND, nothing, until).await?;
    let base = api.public_url.as_str().trim_end_matches('/').to_owned();
    Ok(Some(format!("{base}/setup?ticket={ticket}")))
}

/// The routes of this file.
pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(state, set_up))
}

/// Tells whether the first admin is still to be made
#[utoipa::path(get, path = "/setup", tag = "account", security(()),
    responses((status = 200, description = "Whether it is.", body = SetUpState)))]
async fn state(State(api): State<Api>) -> Result<axum::Json<SetUpState>, Problem> {
    let needed = api.store.people().await?.is_empty();
    Ok(axum::Json(SetUpState { needed }))
}

/// Makes the first admin
///
/// By the ticket that the log shows at the first start; works once, and signs in.
#[utoipa::path(post, path = "/setup", tag = "account", request_body = SetUp, security(()),
    responses((status = 201, description = "Made, and signed in.", body = Account)))]
async fn set_up(
    State(api): State<Api>,
    Peer(address): Peer,
    parts: Parts,
    Json(asked): Json<SetUp>,
) -> Result<Response, Problem> {
    let SetUp {
        ticket,
        login,
        password,
    } = asked;
    let person = first_admin(&api, &parts, address, &ticket, &login, password).await?;
    session::begin(&api, &person, &parts.headers, StatusCode::CREATED).await
}

/// Makes the first admin, by the ticket and once.
pub(crate) async fn first_admin(
    api: &Api,
    parts: &Parts,
    address: IpAddr,
    ticket: &SecretText,
    login: &str,
    password: SecretText,
) -> Result<PersonRecord, Problem> {
    csrf::same_origin(parts, &api.public_url)?;
    value::login(login)?;
    Passwords::judge(login, &password.0)?;
    api.throttle
        .admit("", address)
        .map_err(Problem::too_many_tries)?;
    if !api.store.people().await?.is_empty() {
        return Err(Problem::conflict(
            "already_set_up",
            "There is an account already; sign in, or ask an admin for one.",
        ));
    }
    let ticket = Digest::of(ticket.0.reveal().as_bytes());
    // Looked at before the work, taken after it: a password that fails to hash costs no ticket.
    if api.store.ticket(ticket, KIND).await?.is_none() {
        return Err(spent());
    }
    let password = api.passwords.hash(password.0).await?;
    if api.store.take_ticket(ticket, KIND).await?.is_none() {
        return Err(spent());
    }
    api.throttle.forgive("", address);
    let person = api
        .store
        .create_person(login, Role::Admin, password)
        .await?;
    tracing::info!(login = person.login, "the first admin was made");
    Ok(person)
}

fn spent() -> Problem {
    Problem::forbidden(
        "setup_ticket",
        "This set-up link was used, has ended, or never was; start Stepgate again for a new one.",
    )
}
