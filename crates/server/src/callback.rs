//! Where APIs send browsers back to. A redirect is taken once, by its `state` or by the cookie of the browser that went,
//! and from no other browser.

#![allow(
    clippy::result_large_err,
    reason = "a refusal is rare, and moved a few times at most"
)]

use crate::api::person::Person;
use crate::registry::App;
use crate::screen::{self, Browser, Language, Page, Refused, Visitor, title};
use crate::signing_in::{SigningIn, realm, waits_for_page};
use crate::test_run::{TestRun, Waiting};
use axum::extract::{OriginalUri, Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use connection::{AttemptError, AttemptState, AttemptView, Redirect as ApiRedirect, WaitingFor};
use flow::Input;
use http::HeaderMap;
use maud::{Markup, html};
use url::Url;

/// Takes a browser that comes back.
pub(crate) async fn callback(
    State(signing_in): State<SigningIn>,
    Path(connector): Path<String>,
    OriginalUri(uri): OriginalUri,
    language: Language,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    let mut url = signing_in.url(&format!("/callback/{connector}"));
    url.set_query(uri.query());
    if let Some(test_run) = signing_in.state.test_runs.awaiting(&connector, &url) {
        return tested(&signing_in, &test_run, url, &headers).await;
    }
    let browser = Browser::shown(&headers);
    let in_window = browser.as_ref().is_some_and(|browser| browser.in_window);
    let attempt = signing_in
        .state
        .attempts
        .redirected(ApiRedirect {
            connector,
            url,
            browser: browser.as_ref().map(Browser::hash),
            attempt: browser.and_then(|browser| browser.run),
        })
        .await?;
    let view = signing_in.rested(attempt).await;
    let app = signing_in
        .state
        .registry
        .snapshot()
        .app(realm(&view.owner))
        .cloned();
    if let Some(app) = &app
        && let Some(visitor) = Visitor::of(&signing_in, app, &headers).await?
        && visitor.owner == view.owner
    {
        // Beside the screen, where it goes on; what went wrong here stays to be read.
        if in_window && goes_on_beside(&view.state) {
            let heading = (language.texts().one_moment).to_owned();
            let page = Page::new(language, heading, Some(app), screen::end(language.texts()));
            return Ok(page.into_response());
        }
        let page = format!("{}/runs/{}", visitor.base(), view.id);
        return Ok(Redirect::to(&page).into_response());
    }
    let connector = title(&signing_in, &view);
    let (heading, body) = told(&signing_in, &view, &connector, app.as_deref(), language);
    Ok(Page::new(language, heading, app.as_deref(), body).into_response())
}

/// Whether there is nothing to read in a window beside the screen.
fn goes_on_beside(state: &AttemptState) -> bool {
    match state {
        AttemptState::Failed(_) | AttemptState::Expired | AttemptState::Cancelled => false,
        AttemptState::Waiting(WaitingFor::Open(open)) => open.refused.is_none(),
        AttemptState::SignedIn { .. }
        | AttemptState::SteppedUp { .. }
        | AttemptState::Working
        | AttemptState::Waiting(_) => true,
    }
}

/// Takes a browser that comes back to a builder's test run: from that builder alone.
async fn tested(
    signing_in: &SigningIn,
    test_run: &TestRun,
    back: Url,
    headers: &HeaderMap,
) -> Result<Response, Refused> {
    let mut request = http::Request::new(());
    *request.headers_mut() = headers.clone();
    let (parts, ()) = request.into_parts();
    let person = Person::of(&parts, &signing_in.api).await;
    if !person.is_ok_and(|person| person.login == test_run.person) {
        return Err(AttemptError::OtherBrowser.into());
    }
    let is_open = |waiting: &Waiting| matches!(waiting, Waiting::Open(..));
    let taken = test_run.go_on(Input::Callback(back), is_open);
    let (heading, text) = match taken {
        true => (
            "Back from the API",
            "The test goes on where you began it. You can close this window.",
        ),
        false => ("Not taken", "The test does not wait for this any more."),
    };
    Ok(Page::new(Language::English, heading, None, html! { p { (text) } }).into_response())
}

/// What the person reads whose screen is elsewhere. What an API said is shown as text.
fn told(
    signing_in: &SigningIn,
    view: &AttemptView,
    connector: &str,
    app: Option<&App>,
    language: Language,
) -> (String, Markup) {
    let texts = language.texts();
    let back = match app {
        Some(app) => (texts.go_back_to)(screen::app_title(app)),
        None => texts.go_back_to_start.to_owned(),
    };
    match &view.state {
        AttemptState::SignedIn { .. } => ((texts.signed_in_to)(connector), screen::end(texts)),
        AttemptState::SteppedUp { .. } => (texts.confirmed.to_owned(), screen::end(texts)),
        AttemptState::Failed(failure) => (
            (texts.not_signed_in_to)(connector),
            html! { p.bad role="alert" { (texts.of(&failure.message)) } p.soft { (texts.reference) ": " (failure.code) } },
        ),
        AttemptState::Waiting(WaitingFor::Open(open)) => {
            let again = waits_for_page(&view.state).map(|_| signing_in.open_url(view));
            (
                (texts.sign_in_at)(connector),
                html! {
                    @if let Some(refused) = &open.refused { p.bad role="alert" { (texts.of(refused)) } }
                    @if let Some(again) = again {
                        div.row { a.button.main href=(again) { ((texts.continue_to)(connector)) } }
                    }
                },
            )
        }
        AttemptState::Expired | AttemptState::Cancelled => (
            (texts.not_signed_in_to)(connector),
            html! { p { (texts.over_start_another) } },
        ),
        AttemptState::Working | AttemptState::Waiting(_) => {
            ((texts.signing_in_to)(connector), html! { p { (back) } })
        }
    }
}
