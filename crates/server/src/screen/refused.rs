//! A refusal as a page: what a problem document says, for a person to read.

use crate::problem::Problem;
use crate::registry::App;
use crate::screen::layout::{Page, app_title};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use maud::html;

/// Why a page is not what was asked for.
pub(crate) struct Refused(Problem);

impl<E: Into<Problem>> From<E> for Refused {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let problem = self.0;
        let (status, code) = (problem.status, problem.code);
        let title = match status {
            status if status.is_server_error() => "That did not work",
            StatusCode::NOT_FOUND => "There is nothing here",
            _ => "That is not possible",
        };
        let body = html! {
            p.bad role="alert" { (problem.detail.as_str()) }
            @if let Some(help) = &problem.help { p { (help) } }
            p.soft { "Reference: " (code) }
        };
        let page = Page::new(title, None, body).with_status(status);
        let mut response = page.into_response();
        // Where the reply leaves, the log is told.
        response.extensions_mut().insert(problem);
        response
    }
}

/// Nobody is known to be here, or no longer.
pub(crate) fn ask_for_a_link(app: &App, why: &str, status: StatusCode) -> Response {
    let body = html! { p { (why) } p { "Ask " (app_title(app)) " for a new link." } };
    Page::new("This link has ended", Some(app), body)
        .with_status(status)
        .into_response()
}

/// A form that was not sent by a page of ours in this browser.
pub(crate) fn foreign_form() -> Problem {
    Problem::new(
        StatusCode::FORBIDDEN,
        "foreign_form",
        "This form was not sent by a page of ours in this browser, or it is too old.",
    )
    .help("Go back, load the page again, and send the form once more. Cookies must be allowed.")
}
