//! Tokens by which an app's page calls for its user, minted by the app's backend.

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

/// How long a token is good where nothing is said, in seconds.
const USUAL: i64 = 600;
/// How long at most.
const LONGEST: i64 = 3_600;

/// A token to be minted.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewToken {
    /// The app's own name for the user.
    #[schema(example = "u123")]
    user: String,
    /// How long it is good, in seconds.
    #[schema(default = 600, minimum = 1, maximum = 3600)]
    seconds: Option<i64>,
}

/// A token.
#[derive(Serialize, ToSchema)]
struct TokenView {
    /// To be sent as `Authorization: Bearer …`.
    #[schema(example = "sg_user_…")]
    token: String,
    expires_at: Moment,
}

/// The routes of this file.
pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(create))
}

/// Mints a user token
///
/// It is for the app's page in the user's browser, lasts minutes, and opens nothing but what the user may do.
#[utoipa::path(post, path = "/user-tokens", tag = "sign-in",
    security(("app_key" = []), ("app_key_bearer" = [])), request_body = NewToken,
    responses((status = 201, description = "Minted.", body = TokenView)))]
async fn create(
    State(signing_in): State<SigningIn>,
    asker: Asker,
    Json(new): Json<NewToken>,
) -> Result<Response, Problem> {
    let app = asker.backend()?;
    check_user(&new.user)?;
    asker.check_asserted(&new.user)?;
    let seconds = new.seconds.unwrap_or(USUAL);
    if !(1..=LONGEST).contains(&seconds) {
        return Err(Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "invalid_value",
            format!("`seconds` is from 1 to {LONGEST}."),
        )
        .more("field", "seconds"));
    }
    let state = &signing_in.state;
    let now = state.clock.unix();
    let token = state
        .user_tokens
        .mint(&app.name, &new.user, now, seconds, &state.random);
    let view = TokenView {
        token: token.reveal().clone(),
        expires_at: Moment(now + seconds),
    };
    Ok((
        StatusCode::CREATED,
        [(CACHE_CONTROL, "no-store")],
        axum::Json(view),
    )
        .into_response())
}
