//! The HTTP API below `/api`: JSON for the page and for automation, described by its own OpenAPI document.
//!
//! # Layout
//! - [`router`]: all routes; a file each of `setup`, `session`, `sso`, `people`, `person_access`, `set_up_link`, `token`, `app`, `app_key`,
//!   `app_sso`, `app_uses`, `connector`, `connector_text`, `connector_version`, `connector_secret`
//! - `check`, `scope`, `example`, `drafts`: what an editor of definitions asks; `test_runs`, `test_run_events`, `test_run_view`, `timeline_view`, `test_report`: trying one
//!   out
//! - `trying`: endpoints, by one of our people; `doctor`: whether the installation is sound; `first_steps`: what is left after set-up
//! - `runs`, `run_list`, `connections`, `screen`, `auth_links`, `sign_in_link`, `identity`, `user_tokens`: sign-ins of apps' users and what comes of them; `asker`: who asks
//! - [`Api`] in `state`: what handlers work with; it leads to all that the server's own state has
//! - `person`: who of our own people asks; as an argument of a handler it lets nobody else in
//! - `person_view`: what admins see of a person
//! - `cookie`, `csrf`, `password`, `throttle`: what a sign-in of theirs is made of
//! - `body`, `etag`, `value`, `app_address`, `peer`, `moment`: what comes in and goes out
//! - `refusal`, `reply`: what the API refuses, and what holds for every reply
//! - `document`: `/api/openapi.json`
//!
//! A handler is an async fn under `#[utoipa::path(…)]`, which is also its documentation: `path` below `/api`, a `tag`, and
//! the answers that are no errors. `document` adds the errors to each, and says that one of our people has to ask unless
//! `security` says otherwise. A file's `routes()` names its handlers, and `router` the file.

#![allow(
    clippy::result_large_err,
    reason = "a refusal is rare, and moved a few times at most"
)]

mod app;
pub(crate) mod app_address;
mod app_key;
mod app_sso;
mod app_uses;
mod asker;
mod auth_links;
mod body;
mod check;
mod connection_view;
mod connections;
mod connector;
mod connector_secret;
mod connector_text;
mod connector_version;
pub(crate) mod cookie;
pub(crate) mod csrf;
mod doctor;
mod document;
mod drafts;
mod etag;
mod example;
mod first_steps;
mod identity;
mod moment;
mod password;
mod peer;
mod people;
pub(crate) mod person;
mod person_access;
mod person_view;
mod refusal;
mod reply;
mod run_list;
mod run_view;
mod runs;
mod scope;
mod screen;
mod session;
mod set_up_link;
mod setup;
mod sign_in_link;
mod sso;
mod state;
mod test_report;
mod test_run_events;
mod test_run_view;
mod test_runs;
mod throttle;
mod timeline_view;
mod token;
mod trying;
mod user_tokens;
pub(crate) mod value;

use axum::{Router, middleware};
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;

use crate::error::ServerError;
use crate::page;
use crate::screen as pages;
use crate::state::State;

pub(crate) use peer::Peer;
pub(crate) use session::{SecretText, end_shown, open as open_session};
pub(crate) use setup::first_admin;
pub(crate) use state::Api;

/// Every path but those of `front`. Where nobody has an account yet, the log shows how to make the first.
///
/// # Errors
/// Where what it needs cannot be read from the store.
pub(crate) async fn router(state: &State) -> Result<Router, ServerError> {
    let api = Api::new(state).await?;
    if let Some(link) = setup::link(&api).await? {
        tracing::warn!("nobody has an account yet; make the first admin within a day, by {link}");
    }
    let (router, _) = documented();
    let router = router
        .merge(pages::routes())
        .merge(page::routes())
        .fallback(page::otherwise)
        .layer(middleware::from_fn_with_state(api.clone(), reply::around))
        .with_state(api);
    Ok(router)
}

/// All routes below `/api`, and their description.
fn documented() -> (Router<Api>, OpenApi) {
    let below = OpenApiRouter::new()
        .merge(document::routes())
        .merge(setup::routes())
        .merge(session::routes())
        .merge(sso::routes())
        .merge(people::routes())
        .merge(person_access::routes())
        .merge(set_up_link::routes())
        .merge(token::routes())
        .merge(app::routes())
        .merge(app_key::routes())
        .merge(app_sso::routes())
        .merge(app_uses::routes())
        .merge(check::routes())
        .merge(scope::routes())
        .merge(example::routes())
        .merge(drafts::routes())
        .merge(connector::routes())
        .merge(connector_version::routes())
        .merge(connector_secret::routes())
        .merge(test_runs::routes())
        .merge(trying::routes())
        .merge(doctor::routes())
        .merge(first_steps::routes())
        .merge(runs::routes())
        .merge(connections::routes())
        .merge(sign_in_link::routes())
        .merge(screen::routes())
        .merge(auth_links::routes())
        .merge(identity::routes())
        .merge(user_tokens::routes());
    let all = OpenApiRouter::new().nest("/api", below);
    let (router, document) = all.split_for_parts();
    (router, document::complete(document))
}
