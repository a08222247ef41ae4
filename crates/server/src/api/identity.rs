//! The identity of an app's user, handed over by the app as a signed assertion.

use axum::extract::State;
use http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::asker::Asker;
use crate::api::state::Api;
use crate::problem::Problem;
use crate::signing_in::SigningIn;

/// Whose identity was handed over.
#[derive(Serialize, ToSchema)]
struct HandedOver {
    /// The app's own name for the user.
    #[schema(example = "u123")]
    user: String,
}

/// The routes of this file.
pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(put, delete))
}

/// Hands a user's identity over
///
/// The header `Stepgate-User-Assertion` carries it, a JSON Web Token that the app signed. It may also come with any other
/// request of the app about sign-ins.
#[utoipa::path(put, path = "/identity", tag = "sign-in",
    security(("app_key" = []), ("app_key_bearer" = [])),
    params(("Stepgate-User-Assertion" = String, Header, description = "What the app signed.")),
    responses((status = 200, description = "It is believed, and kept.", body = HandedOver)))]
async fn put(asker: Asker) -> Result<axum::Json<HandedOver>, Problem> {
    asker.backend()?;
    match asker.asserted() {
        Some(user) => Ok(axum::Json(HandedOver {
            user: user.to_owned(),
        })),
        None => Err(Problem::bad_request(
            "assertion_missing",
            "The header Stepgate-User-Assertion is missing.",
        )),
    }
}

/// Forgets a user's identity
///
/// Tokens of an identity provider are given back to it, where it says how (RFC 7009).
#[utoipa::path(delete, path = "/identity", tag = "sign-in",
    security(("app_key" = []), ("app_key_bearer" = [])),
    responses((status = 204, description = "Forgotten.")))]
async fn delete(State(signing_in): State<SigningIn>, asker: Asker) -> Result<StatusCode, Problem> {
    asker.backend()?;
    let owner = asker.owner()?;
    match signing_in.state.connections.forget_identity(&owner).await? {
        true => Ok(StatusCode::NO_CONTENT),
        false => Err(Problem::not_found("identity")),
    }
}
