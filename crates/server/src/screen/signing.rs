//! A sign-in at the screen: begun, shown, answered, and given up, by forms alone.

use crate::problem::Problem;
use crate::screen::entering::{find, nobody};
use crate::screen::form::typed;
use crate::screen::language::Language;
use crate::screen::layout::{Page, app_title};
use crate::screen::progress::{Frame, progress};
use crate::screen::refused::Refused;
use crate::screen::visitor::{Browser, Visitor, value};
use crate::signing_in::{SigningIn, is_shared, waits_for_page};
use axum::extract::{Form, Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use connection::{AttemptError, AttemptState, AttemptView, WaitingFor};
use flow::{Exhibited, PromptExhibit};
use http::{HeaderMap, StatusCode};
use store::ConnectionRecord;

/// How soon a page that waits for the API is loaded again, in seconds.
const AGAIN: u32 = 1;

/// Begins a sign-in, or joins the one that is open.
pub(crate) async fn start(
    State(signing_in): State<SigningIn>,
    Path(app): Path<String>,
    language: Language,
    headers: HeaderMap,
    Form(form): Form<Vec<(String, String)>>,
) -> Result<Response, Refused> {
    let app = find(&signing_in, &app)?;
    let Some(visitor) = Visitor::of(&signing_in, &app, &headers).await? else {
        return Ok(nobody(&app, language));
    };
    visitor.check_form(&signing_in, &form)?;
    let environment = visitor.visit.environment.as_deref();
    let served = signing_in.published(&app, value(&form, "connector"), environment)?;
    if is_shared(&served) {
        return Ok(Redirect::to(&visitor.base()).into_response());
    }
    let mut browser = Browser::of(&signing_in, &headers);
    browser.in_window = false;
    let name = Some(value(&form, "connection").to_owned()).filter(|name| !name.is_empty());
    let attempt = signing_in
        .start(&served, &visitor.owner, name, Some(browser.hash()))
        .await?;
    let id = attempt.id();
    let mut response = Redirect::to(&page_of(&visitor, &id)).into_response();
    browser.keep(Some(&id), &mut response);
    Ok(response)
}

/// Shows a sign-in.
pub(crate) async fn show(
    State(signing_in): State<SigningIn>,
    Path((app, id)): Path<(String, String)>,
    language: Language,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    let app = find(&signing_in, &app)?;
    let Some(visitor) = Visitor::of(&signing_in, &app, &headers).await? else {
        return Ok(nobody(&app, language));
    };
    let attempt = signing_in.state.attempts.get(&id, &visitor.owner).await?;
    let view = signing_in.rested(attempt).await;
    if let AttemptState::SignedIn { .. } = view.state {
        return Ok(Redirect::to(&visitor.base()).into_response());
    }
    Ok(page(&signing_in, &visitor, &view, language))
}

/// Takes the answers to a form.
pub(crate) async fn answer(
    State(signing_in): State<SigningIn>,
    Path((app, id)): Path<(String, String)>,
    language: Language,
    headers: HeaderMap,
    Form(form): Form<Vec<(String, String)>>,
) -> Result<Response, Refused> {
    let app = find(&signing_in, &app)?;
    let Some(visitor) = Visitor::of(&signing_in, &app, &headers).await? else {
        return Ok(nobody(&app, language));
    };
    visitor.check_form(&signing_in, &form)?;
    let step = value(&form, "step");
    let answered = signing_in
        .state
        .attempts
        .answer(&id, &visitor.owner, step, typed(&form).collect())
        .await;
    on_to_the_page(&visitor, &id, answered.map(drop))
}

/// Has what a form is about sent again.
pub(crate) async fn resend(
    State(signing_in): State<SigningIn>,
    Path((app, id)): Path<(String, String)>,
    language: Language,
    headers: HeaderMap,
    Form(form): Form<Vec<(String, String)>>,
) -> Result<Response, Refused> {
    let app = find(&signing_in, &app)?;
    let Some(visitor) = Visitor::of(&signing_in, &app, &headers).await? else {
        return Ok(nobody(&app, language));
    };
    visitor.check_form(&signing_in, &form)?;
    let sent = signing_in.state.attempts.resend(&id, &visitor.owner).await;
    on_to_the_page(&visitor, &id, sent.map(drop))
}

/// Takes the other account that signed in.
pub(crate) async fn confirm(
    State(signing_in): State<SigningIn>,
    Path((app, id)): Path<(String, String)>,
    language: Language,
    headers: HeaderMap,
    Form(form): Form<Vec<(String, String)>>,
) -> Result<Response, Refused> {
    let app = find(&signing_in, &app)?;
    let Some(visitor) = Visitor::of(&signing_in, &app, &headers).await? else {
        return Ok(nobody(&app, language));
    };
    visitor.check_form(&signing_in, &form)?;
    let attempts = &signing_in.state.attempts;
    let confirmed = attempts.confirm_identity(&id, &visitor.owner).await;
    on_to_the_page(&visitor, &id, confirmed.map(drop))
}

/// Gives a sign-in up.
pub(crate) async fn cancel(
    State(signing_in): State<SigningIn>,
    Path((app, id)): Path<(String, String)>,
    language: Language,
    headers: HeaderMap,
    Form(form): Form<Vec<(String, String)>>,
) -> Result<Response, Refused> {
    let app = find(&signing_in, &app)?;
    let Some(visitor) = Visitor::of(&signing_in, &app, &headers).await? else {
        return Ok(nobody(&app, language));
    };
    visitor.check_form(&signing_in, &form)?;
    signing_in
        .state
        .attempts
        .cancel(&id, &visitor.owner)
        .await?;
    Ok(Redirect::to(&visitor.base()).into_response())
}

/// Signs a connection out.
pub(crate) async fn sign_out(
    State(signing_in): State<SigningIn>,
    Path(app): Path<String>,
    language: Language,
    headers: HeaderMap,
    Form(form): Form<Vec<(String, String)>>,
) -> Result<Response, Refused> {
    let app = find(&signing_in, &app)?;
    let Some(visitor) = Visitor::of(&signing_in, &app, &headers).await? else {
        return Ok(nobody(&app, language));
    };
    visitor.check_form(&signing_in, &form)?;
    let record = connection(&signing_in, &visitor, &form).await?;
    signing_in.sign_out(&record).await?;
    Ok(Redirect::to(&visitor.base()).into_response())
}

/// Forgets a connection, and tells its API nothing.
pub(crate) async fn clear(
    State(signing_in): State<SigningIn>,
    Path(app): Path<String>,
    language: Language,
    headers: HeaderMap,
    Form(form): Form<Vec<(String, String)>>,
) -> Result<Response, Refused> {
    let app = find(&signing_in, &app)?;
    let Some(visitor) = Visitor::of(&signing_in, &app, &headers).await? else {
        return Ok(nobody(&app, language));
    };
    visitor.check_form(&signing_in, &form)?;
    let record = connection(&signing_in, &visitor, &form).await?;
    signing_in.state.connections.clear(&record).await?;
    Ok(Redirect::to(&visitor.base()).into_response())
}

/// The visitor's connection that a form is about: another's is as unknown as one that does not exist.
async fn connection(
    signing_in: &SigningIn,
    visitor: &Visitor,
    form: &[(String, String)],
) -> Result<ConnectionRecord, Problem> {
    let record = signing_in
        .state
        .store
        .get(value(form, "connection"))
        .await?;
    let record = record.filter(|record| record.owner == visitor.owner);
    record.ok_or_else(|| Problem::not_found("connection"))
}

/// A form that came too late, or twice, leads to where the sign-in stands.
fn on_to_the_page(
    visitor: &Visitor,
    id: &str,
    outcome: Result<(), AttemptError>,
) -> Result<Response, Refused> {
    match outcome {
        Ok(())
        | Err(
            AttemptError::WrongTurn { .. } | AttemptError::Busy | AttemptError::NoResend { .. },
        ) => Ok(Redirect::to(&page_of(visitor, id)).into_response()),
        Err(error) => Err(error.into()),
    }
}

fn page_of(visitor: &Visitor, id: &str) -> String {
    format!("{}/runs/{id}", visitor.base())
}

fn page(
    signing_in: &SigningIn,
    visitor: &Visitor,
    view: &AttemptView,
    language: Language,
) -> Response {
    let base = page_of(visitor, &view.id);
    let open = waits_for_page(&view.state).map(|_| signing_in.open_url(view));
    let frame = Frame {
        base: &base,
        list: &visitor.base(),
        run: &view.id,
        connector: &view.connector,
        connector_title: &title(signing_in, view),
        app_title: app_title(&visitor.app),
        open: open.as_ref().map(url::Url::as_str),
        until: view.expires_at,
        form_token: &visitor.form_token(signing_in),
        now: signing_in.state.clock.unix(),
        texts: language.texts(),
    };
    let (title, body) = progress(&view.state, &frame);
    let page = Page::new(language, title, Some(&visitor.app), body)
        .at(&base)
        .told_to(visitor.host());
    match &view.state {
        AttemptState::Working | AttemptState::Waiting(WaitingFor::Show(_)) => {
            page.again(AGAIN).into_response()
        }
        AttemptState::Waiting(WaitingFor::Form(prompt)) => {
            let is_image = |one: &PromptExhibit| matches!(one.shown, Exhibited::Image(_));
            let page = page.with_images(prompt.show.iter().any(is_image));
            // What is typed after its time is lost anyway.
            let left = prompt.expires_at.map(|expires| expires - frame.now);
            let left = left.filter(|_| !prompt.expired);
            match left.map(|left| u32::try_from(left.max(0) + 1)) {
                Some(Ok(left)) => page.then(left, signing_in.url(&base)).into_response(),
                _ => page.into_response(),
            }
        }
        AttemptState::Expired => page.with_status(StatusCode::GONE).into_response(),
        _ => page.into_response(),
    }
}

/// What people call the connector of a sign-in.
pub(crate) fn title(signing_in: &SigningIn, view: &AttemptView) -> String {
    let served = signing_in.served(&view.connector, view.environment.as_deref());
    served.map_or_else(
        |_| view.connector.clone(),
        |served| served.equipped.connector.title.clone(),
    )
}
