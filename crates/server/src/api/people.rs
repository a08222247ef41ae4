//! Our own people, looked after by admins.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::header::LOCATION;
use http::{HeaderMap, StatusCode};
use secret::SecretString;
use serde::{Deserialize, Serialize};
use store::{PersonRecord, PersonUpdate};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::body::Json;
use crate::api::etag::{Expected, etag};
use crate::api::password::Passwords;
use crate::api::person::Admin;
use crate::api::person_view::{PersonView, Ways};
use crate::api::session::{self, RoleName, SecretText};
use crate::api::set_up_link::new_link;
use crate::api::state::Api;
use crate::api::value;
use crate::problem::Problem;

/// A person to be given an account.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewPerson {
    #[schema(example = "ada", pattern = "^[a-z0-9][a-z0-9._@+-]{0,63}$")]
    login: String,
    role: RoleName,
    /// A first password, at least 12 characters; the person changes it. Left out, they are invited: the answer has a link
    /// by which they set one.
    #[schema(format = Password, value_type = Option<String>, min_length = 12, max_length = 1024)]
    password: Option<SecretText>,
}

/// What is to change of a person; what is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PersonChange {
    role: Option<RoleName>,
    /// A new password; ends their sessions.
    #[schema(format = Password, value_type = Option<String>, min_length = 12, max_length = 1024)]
    password: Option<SecretText>,
    /// Whether they are kept out; ends their sessions.
    disabled: Option<bool>,
}

/// All people.
#[derive(Serialize, ToSchema)]
struct People {
    people: Vec<PersonView>,
}

/// The routes of this file.
pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(get, change, delete))
}

/// Lists people
#[utoipa::path(get, path = "/people", tag = "people",
    responses((status = 200, description = "All people, by login.", body = People)))]
async fn list(State(api): State<Api>, _: Admin) -> Result<axum::Json<People>, Problem> {
    let people = api.store.people().await?;
    let ways = Ways::of_all(&api).await?;
    let people = people.into_iter().map(|person| ways.view(&api, person));
    Ok(axum::Json(People {
        people: people.collect(),
    }))
}

/// Gives a person an account
///
/// With a first password, or with a set-up link that works once, for three days.
#[utoipa::path(post, path = "/people", tag = "people", request_body = NewPerson,
    responses((status = 201, description = "Made.", body = PersonView)))]
async fn create(
    State(api): State<Api>,
    _: Admin,
    Json(asked): Json<NewPerson>,
) -> Result<Response, Problem> {
    value::login(&asked.login)?;
    let password = match asked.password {
        Some(password) => {
            Passwords::judge(&asked.login, &password.0)?;
            Some(api.passwords.hash(password.0).await?)
        }
        None => None,
    };
    let is_invited = password.is_none();
    let password = password.unwrap_or_else(|| SecretString::new(String::new()));
    let role = asked.role.into();
    let person = api
        .store
        .create_person(&asked.login, role, password)
        .await?;
    let location = [(LOCATION, format!("/api/people/{}", person.login))];
    let mut view = view(&api, person).await?;
    if is_invited {
        view.set_up_link = Some(new_link(&api, &view.login).await?);
    }
    let tag = etag(view.version);
    Ok((StatusCode::CREATED, location, tag, axum::Json(view)).into_response())
}

/// Tells of a person
#[utoipa::path(get, path = "/people/{login}", tag = "people",
    params(("login" = String, Path, description = "The login.", example = "ada")),
    responses((status = 200, description = "The person.", body = PersonView)))]
async fn get(
    State(api): State<Api>,
    _: Admin,
    Path(login): Path<String>,
) -> Result<Response, Problem> {
    let person = view(&api, find(&api, &login).await?).await?;
    Ok((etag(person.version), axum::Json(person)).into_response())
}

/// Changes a person's role or password, or keeps them out
///
/// The last admin stays one. `If-Match` may be left out. With somebody's last session go the tokens of their single sign-on.
#[utoipa::path(patch, path = "/people/{login}", tag = "people", request_body = PersonChange,
    params(("login" = String, Path, description = "The login.", example = "ada")),
    responses((status = 200, description = "Changed.", body = PersonView)))]
async fn change(
    State(api): State<Api>,
    _: Admin,
    Path(login): Path<String>,
    headers: HeaderMap,
    Json(asked): Json<PersonChange>,
) -> Result<Response, Problem> {
    let person = find(&api, &login).await?;
    let version = Expected::of(&headers).optional(person.version)?;
    let mut update = PersonUpdate {
        role: asked.role.map(Into::into),
        password: None,
        disabled: asked.disabled,
    };
    if let Some(password) = asked.password {
        Passwords::judge(&login, &password.0)?;
        update.password = Some(api.passwords.hash(password.0).await?);
    }
    let ends_sessions = update.password.is_some() || update.disabled == Some(true);
    let person = api.store.update_person(&login, version, update).await?;
    if ends_sessions {
        session::sessions_ended(&api, &login).await?;
    }
    let person = view(&api, person).await?;
    Ok((etag(person.version), axum::Json(person)).into_response())
}

/// Takes a person's account away
///
/// With it go their sessions, tokens and try-outs. The last admin stays.
#[utoipa::path(delete, path = "/people/{login}", tag = "people",
    params(("login" = String, Path, description = "The login.", example = "ada")),
    responses((status = 204, description = "Gone.")))]
async fn delete(
    State(api): State<Api>,
    _: Admin,
    Path(login): Path<String>,
) -> Result<StatusCode, Problem> {
    if !value::is_login(&login) {
        return Err(Problem::not_found("person"));
    }
    match api.store.delete_person(&login).await? {
        Some(forgotten) => {
            api.connections.give_back(Some(forgotten));
            Ok(StatusCode::NO_CONTENT)
        }
        None => Err(Problem::not_found("person")),
    }
}

async fn view(api: &Api, person: PersonRecord) -> Result<PersonView, Problem> {
    Ok(Ways::of(api, &person.login).await?.view(api, person))
}

/// The person of this login.
pub(crate) async fn find(api: &Api, login: &str) -> Result<PersonRecord, Problem> {
    if !value::is_login(login) {
        return Err(Problem::not_found("person"));
    }
    let person = api.store.person(login).await?;
    person.ok_or_else(|| Problem::not_found("person"))
}
