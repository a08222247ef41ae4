//! Every path but `/proxy` and `/call`: JSON for pages and automation, sign-in pages, and what operators look at.

use crate::error::ServerError;
use crate::problem::Problem;
use crate::state::State;
use axum::Router;

/// The router of the back runtime.
///
/// # Errors
/// Where what it needs cannot be read from the store.
pub(crate) async fn router(_state: &State) -> Result<Router, ServerError> {
    Ok(Router::new().fallback(async || Problem::not_found("page")))
}
