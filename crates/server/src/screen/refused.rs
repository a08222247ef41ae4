//! A refusal as a page: what a problem document says, for a person to read.

use crate::problem::Problem;
use crate::registry::App;
use crate::screen::language::Language;
use crate::screen::layout::{Page, app_title};
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::SET_COOKIE;
use maud::html;
use model::Said;

/// Why a page is not what was asked for.
pub(crate) struct Refused(Problem);

impl<E: Into<Problem>> From<E> for Refused {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl Refused {
    /// The refusal as a page.
    pub(crate) fn page(problem: Problem, language: Language) -> Response {
        let (status, code, texts) = (problem.status, problem.code, language.texts());
        let title = match status {
            status if status.is_server_error() => texts.did_not_work,
            StatusCode::NOT_FOUND => texts.nothing_here,
            _ => texts.not_possible,
        };
        let body = html! {
            p.bad role="alert" dir="auto" { (texts.of(&problem.detail)) }
            @if let Some(help) = &problem.help { p dir="auto" { (texts.of(help)) } }
            p.soft { (texts.reference) ": " (code) }
        };
        let page = Page::new(language, title, None, body).with_status(status);
        let mut response = page.into_response();
        // Where the reply leaves, the log is told.
        response.extensions_mut().insert(problem);
        response
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        Self::page(self.0, Language::default())
    }
}

/// Puts a refusal into the language of who asked, and keeps the language that was switched to.
pub(crate) async fn in_their_language(request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let (language, switched) = (Language::of(&parts), Language::switched(&parts));
    let response = next.run(Request::from_parts(parts, body)).await;
    let mut response = match response.extensions().get::<Problem>() {
        Some(problem) if language != Language::default() => {
            Refused::page(problem.clone(), language)
        }
        _ => response,
    };
    if let Some(kept) = switched.and_then(Language::kept) {
        response.headers_mut().append(SET_COOKIE, kept);
    }
    response
}

/// Nobody is known to be here, or no longer.
pub(crate) fn ask_for_a_link(
    app: &App,
    why: &str,
    status: StatusCode,
    language: Language,
) -> Response {
    let texts = language.texts();
    let body = html! { p { (why) } p { ((texts.ask_for_link)(app_title(app))) } };
    Page::new(language, texts.link_ended, Some(app), body)
        .with_status(status)
        .into_response()
}

/// A form that was not sent by a page of ours in this browser.
pub(crate) fn foreign_form() -> Problem {
    Problem::new(StatusCode::FORBIDDEN, "foreign_form", Said::ForeignForm).help(Said::LoadAgain)
}
