//! Personal API tokens, for automation: shown once, kept as a hash, with an end, revocable.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use store::{Digest, TokenRecord};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::body::Json;
use crate::api::moment::Moment;
use crate::api::person::{InSession, Person, TOKEN_PREFIX};
use crate::api::state::Api;
use crate::api::value;
use crate::problem::Problem;

/// How many days a token holds where nothing is said.
const DAYS: u16 = 90;

/// The most.
const MOST_DAYS: u16 = 366;

/// How many tokens a person has at most.
const MOST: usize = 50;

/// A token to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewToken {
    /// What it is for.
    #[schema(example = "deploy", min_length = 1, max_length = 200)]
    name: String,
    /// For how many days it holds.
    #[serde(default = "days")]
    #[schema(minimum = 1, maximum = 366, default = 90)]
    days: u16,
}

/// A token, without the token itself.
#[derive(Serialize, ToSchema)]
struct TokenView {
    #[schema(example = "t_k3uq")]
    id: String,
    name: String,
    created_at: Moment,
    /// When it was last used, to a minute.
    last_used_at: Option<Moment>,
    expires_at: Option<Moment>,
}

/// A token that was made.
#[derive(Serialize, ToSchema)]
struct MadeToken {
    /// The token; it is never shown again.
    #[schema(example = "sg_pat_…")]
    token: String,
    #[serde(flatten)]
    view: TokenView,
}

/// The tokens of a person.
#[derive(Serialize, ToSchema)]
struct Tokens {
    tokens: Vec<TokenView>,
}

/// The routes of this file.
pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(revoke))
}

/// Lists one's personal API tokens
#[utoipa::path(get, path = "/tokens", tag = "account",
    responses((status = 200, description = "One's tokens, oldest first.", body = Tokens)))]
async fn list(State(api): State<Api>, person: Person) -> Result<axum::Json<Tokens>, Problem> {
    let tokens = api.store.tokens_of(&person.login).await?;
    let tokens = tokens.into_iter().map(TokenView::from).collect();
    Ok(axum::Json(Tokens { tokens }))
}

/// Makes a personal API token
///
/// Needs a session: a token that makes tokens could not be taken back.
#[utoipa::path(post, path = "/tokens", tag = "account", request_body = NewToken,
    responses((status = 201, description = "Made; shown this once.", body = MadeToken)))]
async fn create(
    State(api): State<Api>,
    asking: InSession,
    Json(asked): Json<NewToken>,
) -> Result<Response, Problem> {
    let name = value::text("name", &asked.name)?;
    if !(1..=MOST_DAYS).contains(&asked.days) {
        return Err(Problem::invalid(
            "days",
            format!("It must be from 1 to {MOST_DAYS}."),
        ));
    }
    let login = asking.person.login;
    if api.store.tokens_of(&login).await?.len() >= MOST {
        let detail = format!("There are {MOST} tokens already; revoke one first.");
        return Err(Problem::conflict("too_many_tokens", detail));
    }
    let token = format!("{TOKEN_PREFIX}{}", api.random.base64url(32));
    let hash = Digest::of(token.as_bytes());
    let lasts = i64::from(asked.days) * 24 * 60 * 60;
    let until = Some(api.clock.unix().saturating_add(lasts));
    let record = api.store.create_token(hash, &login, &name, until).await?;
    let view = TokenView::from(record);
    Ok((StatusCode::CREATED, axum::Json(MadeToken { token, view })).into_response())
}

/// Revokes one of one's personal API tokens
#[utoipa::path(delete, path = "/tokens/{id}", tag = "account",
    params(("id" = String, Path, description = "The token's id.", example = "t_k3uq")),
    responses((status = 204, description = "Revoked.")))]
async fn revoke(
    State(api): State<Api>,
    person: Person,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    match api.store.delete_token(&person.login, &id).await? {
        true => Ok(StatusCode::NO_CONTENT),
        false => Err(Problem::not_found("token")),
    }
}

fn days() -> u16 {
    DAYS
}

impl From<TokenRecord> for TokenView {
    fn from(token: TokenRecord) -> Self {
        Self {
            id: token.id,
            name: token.name,
            created_at: Moment(token.created_at),
            last_used_at: token.last_used_at.map(Moment),
            expires_at: token.expires_at.map(Moment),
        }
    }
}
