//! The page behind the link of the first start: a name and a password for the first admin.

use crate::api::{Api, Peer, SecretText, first_admin};
use crate::page;
use crate::screen::language::Language;
use crate::screen::layout::Page;
use crate::screen::visitor::value;
use axum::extract::{Form, Query, State};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::request::Parts;
use maud::{Markup, html};
use secret::SecretString;

/// Shows the form; the builder's page has one of its own.
pub(crate) async fn show(
    state: State<Api>,
    Query(query): Query<Vec<(String, String)>>,
) -> Response {
    if state.site.index.is_some() {
        return page::show(state).await;
    }
    Page::new(
        Language::English,
        "Set up Stepgate",
        None,
        form(value(&query, "ticket"), "", None),
    )
    .into_response()
}

/// Makes the first admin, or says what to mend.
pub(crate) async fn make(
    State(api): State<Api>,
    Peer(address): Peer,
    parts: Parts,
    Form(typed): Form<Vec<(String, String)>>,
) -> Response {
    let secret = |name| SecretText(SecretString::new(value(&typed, name).to_owned()));
    let login = value(&typed, "login");
    let (ticket, password) = (secret("ticket"), secret("password"));
    match first_admin(&api, &parts, address, &ticket, login, password).await {
        Ok(person) => {
            let body = html! {
                p.good { "The first admin is " (person.login) "." }
                p { "Connectors, apps and people are managed over the API: sign in by " code { "POST /api/session" } ", and make a token for your scripts by " code { "POST /api/tokens" } ". " code { "/api/openapi.json" } " describes it all." }
            };
            Page::new(Language::English, "Stepgate is set up", None, body).into_response()
        }
        Err(problem) => {
            let why = match &problem.help {
                Some(help) => format!("{} {help}", problem.detail),
                None => problem.detail.to_string(),
            };
            let status = match problem.status {
                StatusCode::UNPROCESSABLE_ENTITY => StatusCode::BAD_REQUEST,
                other => other,
            };
            let body = form(value(&typed, "ticket"), login, Some(&why));
            Page::new(Language::English, "Set up Stepgate", None, body)
                .with_status(status)
                .into_response()
        }
    }
}

fn form(ticket: &str, login: &str, wrong: Option<&str>) -> Markup {
    html! {
        p { "Make the account of the first admin. This page works once, with the link from the log." }
        @if let Some(wrong) = wrong { p.bad #wrong role="alert" { (wrong) } }
        form method="post" action="/setup" {
            input type="hidden" name="ticket" value=(ticket);
            label for="login" { "Name" }
            input #login name="login" value=(login) autocomplete="username" required maxlength="64" autofocus aria-describedby=[wrong.map(|_| "wrong")];
            label for="password" { "Password, at least 12 characters" }
            input #password name="password" type="password" autocomplete="new-password" required minlength="12";
            div.row { button.main type="submit" { "Make the account" } }
        }
    }
}
