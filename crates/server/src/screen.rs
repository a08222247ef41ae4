//! The managed auth screen: pages on which an app's user signs in, without a script, by forms that any browser sends.
//!
//! # Layout
//! - `entering`: by a link to the list of connectors; `signing`: one sign-in; `opening`: the way to an API's own page
//! - `visitor`: who is here, and which browser it is; `cookie`: what the browser keeps
//! - [`AuthLinks`] (`link`): how an app sends its user here
//! - `layout`: the frame of every page, and the headers it goes out with
//! - `sso`: to an app's identity provider, and where all come back
//! - `setup`: the first admin, at the first start
//! - `page_pattern`: what a field must look like, for browsers
//! - `list`, `form`, `progress`, `interstitial`, `refused`: what stands in it

#![allow(
    clippy::result_large_err,
    reason = "a refusal is rare, and moved a few times at most"
)]

mod cookie;
mod entering;
mod form;
mod interstitial;
mod layout;
mod link;
mod list;
mod opening;
mod page_pattern;
mod progress;
mod refused;
mod setup;
mod signing;
mod sso;
mod visitor;

use crate::api::Api;
use crate::callback::callback;
use axum::Router;
use axum::routing::{get, post};
use http::StatusCode;

pub(crate) use cookie::Cookie;
pub(crate) use layout::{Page, app_title};
pub(crate) use link::{AuthLinks, Link};
pub(crate) use refused::Refused;
pub(crate) use signing::title;
pub(crate) use visitor::{Browser, Visitor};

/// The pages, and where APIs send browsers back to.
pub(crate) fn routes() -> Router<Api> {
    Router::new()
        .route("/auth/{app}", get(entering::enter))
        .route("/auth/{app}/sso", get(sso::start))
        .route("/auth/{app}/continue", post(entering::go_on))
        .route("/auth/{app}/sign-in", post(signing::start))
        .route("/auth/{app}/sign-out", post(signing::sign_out))
        .route("/auth/{app}/runs/{id}", get(signing::show))
        .route("/auth/{app}/runs/{id}/answers", post(signing::answer))
        .route("/auth/{app}/runs/{id}/resend", post(signing::resend))
        .route("/auth/{app}/runs/{id}/confirm", post(signing::confirm))
        .route("/auth/{app}/runs/{id}/cancel", post(signing::cancel))
        .route(
            "/auth/{app}/open/{run}",
            get(opening::open).post(opening::go_on),
        )
        // A look without a body must not use anything up.
        .route(
            "/callback/{connector}",
            get(callback).head(async || StatusCode::METHOD_NOT_ALLOWED),
        )
        .route(
            "/sso/{provider}/callback",
            get(sso::callback).head(async || StatusCode::METHOD_NOT_ALLOWED),
        )
        .route("/setup", get(setup::show).post(setup::make))
}
