//! The managed auth screen: pages on which an app's user signs in, by forms that any browser sends; a script only makes them smoother.
//!
//! # Layout
//! - `entering`: by a link to the list of connectors; `signing`: one sign-in; `opening`: the way to an API's own page,
//!   `window`: in a window of its own
//! - `visitor`: who is here, and which browser it is; `cookie`: what the browser keeps
//! - [`AuthLinks`] (`link`): how an app sends its user here
//! - `layout`: the frame of every page, and the headers it goes out with; `language`, `texts`: what it says
//! - `sso`: to an app's identity provider, and where all come back
//! - `setup`: the first admin, at the first start
//! - `page_pattern`: what a field must look like, for browsers
//! - `cards`: what there is to sign in to; `list`, `form`, `progress`, `interstitial`, `refused`: what stands in a page;
//!   `icon`, `time`: what stands in those

#![allow(
    clippy::result_large_err,
    reason = "a refusal is rare, and moved a few times at most"
)]

pub(crate) mod cards;
mod cookie;
mod entering;
mod form;
mod icon;
mod interstitial;
mod language;
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
mod texts;
mod time;
mod visitor;
mod window;

use crate::api::Api;
use crate::callback::callback;
use axum::Router;
use axum::middleware::from_fn;
use axum::routing::{get, post};
use http::StatusCode;

pub(crate) use cookie::Cookie;
pub(crate) use language::Language;
pub(crate) use layout::{Page, app_title};
pub(crate) use link::{AuthLinks, Link};
pub(crate) use refused::Refused;
use refused::in_their_language;
pub(crate) use signing::title;
pub(crate) use visitor::{Browser, Visitor};
pub(crate) use window::end;

/// The pages, and where APIs send browsers back to.
pub(crate) fn routes() -> Router<Api> {
    Router::new()
        .route("/auth/{app}", get(entering::enter))
        .route("/auth/{app}/sso", get(sso::start))
        .route("/auth/{app}/continue", post(entering::go_on))
        .route("/auth/{app}/sign-in", post(signing::start))
        .route("/auth/{app}/sign-out", post(signing::sign_out))
        .route("/auth/{app}/clear", post(signing::clear))
        .route("/auth/{app}/opening", get(window::opening))
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
        .layer(from_fn(in_their_language))
}
