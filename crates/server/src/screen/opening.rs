//! The way to an API's own page: it ties the sign-in to the browser that goes there, so that it ends in no other.

use crate::api::person::{Person, ShownBy};
use crate::problem::Problem;
use crate::registry::App;
use crate::screen::interstitial::{Interstitial, interstitial};
use crate::screen::language::Language;
use crate::screen::layout::{Page, app_title};
use crate::screen::refused::Refused;
use crate::screen::signing::title;
use crate::screen::visitor::{Browser, Visitor, comes_from, value};
use crate::signing_in::{OpenTicket, PEOPLE, SigningIn, user, waits_for_page};
use axum::extract::{Form, Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use connection::{AttemptState, AttemptView};
use http::request::Parts;
use http::{HeaderMap, StatusCode};
use maud::html;
use serde::Deserialize;
use std::sync::Arc;
use store::SHARED;
use url::Url;

/// What the address carries.
#[derive(Deserialize)]
pub(crate) struct Shown {
    #[serde(default)]
    ticket: String,
    /// There where it is opened in a window beside the screen.
    window: Option<String>,
}

/// Leads to the API's page, where it is sure that the person means it.
pub(crate) async fn open(
    State(signing_in): State<SigningIn>,
    Path((realm, run)): Path<(String, String)>,
    Query(shown): Query<Shown>,
    language: Language,
    parts: Parts,
) -> Result<Response, Refused> {
    let ticket = ticket(&signing_in, &realm, &run, &shown.ticket)?;
    let app = signing_in.state.registry.snapshot().app(&realm).cloned();
    let attempt = signing_in.state.attempts.get(&run, &ticket.owner).await?;
    let view = attempt.view();
    if waits_for_page(&view.state).is_none() {
        return Ok(nothing_to_open(
            &signing_in,
            &view,
            app.as_deref(),
            language,
        ));
    }
    let mut browser = Browser::of(&signing_in, &parts.headers);
    // A browser in which it was opened before has read who it is for.
    let returns = browser.run.as_deref() == Some(run.as_str());
    if returns || means_it(&signing_in, app.as_ref(), &ticket, &parts).await? {
        let url = bind(&signing_in, &ticket, &run, &browser).await?;
        browser.in_window = shown.window.is_some();
        let mut response = Redirect::to(url.as_str()).into_response();
        browser.keep(Some(&run), &mut response);
        return Ok(response);
    }
    let who = user(&ticket.owner);
    let body = interstitial(&Interstitial {
        app_title: app.as_deref().map_or("Stepgate", app_title),
        user: who,
        connector_title: Some(&title(&signing_in, &view)),
        action: &format!("/auth/{realm}/open/{run}"),
        form_token: &browser.form_token(&signing_in),
        carried: &[("ticket", &shown.ticket)],
        texts: language.texts(),
    });
    let heading = (language.texts().continue_as_question)(who);
    let page = Page::new(language, heading, app.as_deref(), body);
    let mut response = page.into_response();
    browser.keep(None, &mut response);
    Ok(response)
}

/// The person has read who it is for, and goes on.
pub(crate) async fn go_on(
    State(signing_in): State<SigningIn>,
    Path((realm, run)): Path<(String, String)>,
    language: Language,
    headers: HeaderMap,
    Form(form): Form<Vec<(String, String)>>,
) -> Result<Response, Refused> {
    let mut browser = Browser::of(&signing_in, &headers);
    browser.check_form(&signing_in, &form)?;
    browser.in_window = false;
    let ticket = ticket(&signing_in, &realm, &run, value(&form, "ticket"))?;
    let url = bind(&signing_in, &ticket, &run, &browser).await?;
    let app = signing_in.state.registry.snapshot().app(&realm).cloned();
    let texts = language.texts();
    let body = html! { div.row { a.button.main href=(url) { (texts.go_on) } } };
    let page = Page::new(language, texts.going_on, app.as_deref(), body);
    let mut response = page.then(0, url).into_response();
    browser.keep(Some(&run), &mut response);
    Ok(response)
}

fn ticket(
    signing_in: &SigningIn,
    realm: &str,
    run: &str,
    ticket: &str,
) -> Result<OpenTicket, Problem> {
    // The same as where there is no such sign-in: nobody learns of one without its ticket.
    let found = signing_in.ticket(realm, run, ticket);
    found.ok_or_else(|| Problem::not_found("sign-in"))
}

async fn bind(
    signing_in: &SigningIn,
    ticket: &OpenTicket,
    run: &str,
    browser: &Browser,
) -> Result<Url, Problem> {
    let bound = signing_in
        .state
        .attempts
        .bind(run, &ticket.owner, browser.hash())
        .await?;
    let view = bound.view();
    let url = waits_for_page(&view.state).cloned();
    url.ok_or_else(|| {
        Problem::new(
            StatusCode::CONFLICT,
            "wrong_turn",
            "This sign-in does not wait for a page any more.",
        )
    })
}

/// Whether nobody else can have sent the person here: they come from the app's page, or are signed in here as the one
/// whose sign-in it is.
async fn means_it(
    signing_in: &SigningIn,
    app: Option<&Arc<App>>,
    ticket: &OpenTicket,
    parts: &Parts,
) -> Result<bool, Problem> {
    if let Some(app) = app {
        if comes_from(app, &parts.headers) {
            return Ok(true);
        }
        let visitor = Visitor::of(signing_in, app, &parts.headers).await?;
        return Ok(visitor.is_some_and(|visitor| visitor.owner == ticket.owner));
    }
    let person = Person::of(parts, &signing_in.api).await.ok();
    Ok(person.is_some_and(|person| {
        let own = format!("{PEOPLE}/{}", person.login);
        matches!(person.by, ShownBy::Session { .. })
            && (ticket.owner == own || ticket.owner == SHARED)
    }))
}

fn nothing_to_open(
    signing_in: &SigningIn,
    view: &AttemptView,
    app: Option<&App>,
    language: Language,
) -> Response {
    let texts = language.texts();
    let words = match view.state {
        AttemptState::SignedIn { .. } => texts.signed_in_already,
        AttemptState::Working | AttemptState::Waiting(_) => texts.goes_on_elsewhere,
        _ => texts.over_start_another,
    };
    let heading = (texts.signing_in_to)(&title(signing_in, view));
    Page::new(language, heading, app, html! { p { (words) } }).into_response()
}
