//! The builder's page, from the binary itself: nothing of it comes from elsewhere, so it works without the internet.
//!
//! # Layout
//! - [`Site`] (`site.rs`): all of it, as it was built in or as a folder has it
//! - [`show`]: the page at each of its addresses; [`asset`]: its files, whose names change with what is in them;
//!   [`SCREEN`]: the script of the managed auth screen; [`sdk`]: what pages of apps load
//! - `file`: one file, in the encoding that the browser takes; `index`: the document around them, with its policy

mod file;
mod index;
mod site;

use crate::api::Api;
use crate::problem::Problem;
use crate::screen::{Language, Page};
use axum::Router;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::header::{ACCEPT, ACCESS_CONTROL_ALLOW_ORIGIN};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri};
use maud::html;

pub(crate) use site::Site;

/// The address of the managed auth screen's script. Its pages are made without knowing what was built, so it is always
/// the same, and browsers ask whether they have the newest.
pub(crate) const SCREEN: &str = "/screen.js";

/// That script's source, below `web/`.
const SCREEN_SOURCE: &str = "src/screen/main.ts";

/// The page's files.
pub(crate) fn routes() -> Router<Api> {
    Router::new()
        .route("/", get(show))
        .route(
            "/icon.svg",
            get(async |State(api): State<Api>, headers: HeaderMap| {
                named(&api, "icon.svg", &headers)
            }),
        )
        .route("/assets/{name}", get(asset))
        .route(SCREEN, get(screen))
        .route(
            "/sdk.js",
            get(async |State(api): State<Api>, headers: HeaderMap| sdk(&api, "sdk.js", &headers)),
        )
        .route(
            "/sdk.mjs",
            get(async |State(api): State<Api>, headers: HeaderMap| sdk(&api, "sdk.mjs", &headers)),
        )
}

async fn screen(State(api): State<Api>, headers: HeaderMap) -> Response {
    match api.site.entry(SCREEN_SOURCE) {
        Some(file) => file.again(&headers),
        None => Problem::not_found("file").into_response(),
    }
}

/// The page, which finds out by its address what to show.
pub(crate) async fn show(State(api): State<Api>) -> Response {
    match &api.site.index {
        Some(index) => index.response(&api.random.base64url(16)),
        None => {
            let body = html! {
                p { "This binary was built without its web page. Build it with " code { "make web" } ", then build Stepgate again; both happen in " code { "make run" } "." }
                p { "Everything else works: the API is described at " code { "/api/openapi.json" } "." }
            };
            Page::new(Language::English, "Stepgate", None, body).into_response()
        }
    }
}

/// What no other route has: the page where a browser asks for one, since it has many addresses, else nothing.
pub(crate) async fn otherwise(
    state: State<Api>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let accept = headers.get(ACCEPT).and_then(|accept| accept.to_str().ok());
    let is_looked_at = method == Method::GET || method == Method::HEAD;
    let takes_page = accept.is_some_and(|accept| accept.contains("text/html"));
    match is_looked_at && takes_page && is_builders(uri.path()) {
        true => show(state).await,
        false => StatusCode::NOT_FOUND.into_response(),
    }
}

/// Whether an address is one of the builder's page, not one below which something else answers.
fn is_builders(path: &str) -> bool {
    let first = path.trim_start_matches('/').split('/').next();
    !matches!(
        first,
        Some("api" | "auth" | "assets" | "call" | "callback" | "mcp" | "proxy")
    )
}

async fn asset(State(api): State<Api>, Path(name): Path<String>, headers: HeaderMap) -> Response {
    named(&api, &format!("assets/{name}"), &headers)
}

/// The SDK, which pages of every origin may load: there is nothing of anybody's in it.
fn sdk(api: &Api, path: &str, headers: &HeaderMap) -> Response {
    let mut response = named(api, path, headers);
    let headers = response.headers_mut();
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    let cross_origin = HeaderName::from_static("cross-origin-resource-policy");
    headers.insert(cross_origin, HeaderValue::from_static("cross-origin"));
    response
}

fn named(api: &Api, path: &str, headers: &HeaderMap) -> Response {
    match api.site.file(path) {
        Some(file) => file.response(headers),
        None => Problem::not_found("file").into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::is_builders;

    #[test]
    fn the_page_has_all_addresses_below_which_nothing_else_answers() {
        let table = [
            ("/connectors/wiki", true),
            ("/settings", true),
            ("/apiary", true),
            ("/api/nothing", false),
            ("/proxy/wiki/page", false),
            ("/assets/old.js", false),
            ("//api/x", false),
        ];
        for (path, expected) in table {
            assert_eq!(is_builders(path), expected, "{path}");
        }
    }
}
