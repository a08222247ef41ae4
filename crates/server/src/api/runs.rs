//! Sign-ins by JSON: started or joined, watched, answered, and given up.

use crate::api::asker::Asker;
use crate::api::body::Json;
use crate::api::person::Person;
use crate::api::run_list::{MOST, RunList, RunListing, RunSummary};
use crate::api::run_view::RunView;
use crate::api::state::Api;
use crate::browser_kept;
use crate::problem::Problem;
use crate::signing_in::{PEOPLE, SigningIn, is_shared};
use crate::waits::Waiting;
use axum::extract::{Path, Query, State};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use connection::{Attempt, AttemptError, AttemptState, AttemptView};
use futures_util::stream;
use http::header::{ACCEPT, CACHE_CONTROL, LOCATION};
use http::{HeaderMap, HeaderValue, StatusCode};
use serde::Deserialize;
use serde_json::{Map, Value};
use std::convert::Infallible;
use std::time::Duration;
use store::SHARED;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// How often something goes over a silent stream, so that nothing in between takes it for dead.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// A sign-in to be started.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewRun {
    /// The connector.
    #[schema(example = "wiki")]
    connector: String,
    /// Which connection is to be signed in, by id, name or label. Where none has it, one of this name is made. Left out:
    /// the one that there is, or a first one.
    connection: Option<String>,
    /// The connector's environment.
    environment: Option<String>,
}

/// The answers to a form, by its step and the keys of its fields.
#[derive(Deserialize, ToSchema)]
#[schema(value_type = Object, example = json!({ "form1": { "username": "ana", "password": "…" } }))]
pub(crate) struct Answers(pub(crate) Map<String, Value>);

/// The routes of this file.
pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(start, list))
        .routes(routes!(get, cancel))
        .routes(routes!(answer))
        .routes(routes!(resend))
        .routes(routes!(confirm))
}

/// Starts a sign-in
///
/// Where one is open for the same user and connection already, that one is joined, and its prompt comes back.
#[utoipa::path(post, path = "/runs", tag = "sign-in",
    security(("app_key" = []), ("user_token" = []), ("person_token" = []), ("session" = [], "csrf" = [])), request_body = NewRun,
    responses((status = 201, description = "Started, or joined.", body = RunView)))]
async fn start(
    State(signing_in): State<SigningIn>,
    asker: Asker,
    Json(new): Json<NewRun>,
) -> Result<Response, Problem> {
    let environment = new.environment.as_deref().or(asker.environment());
    let served = asker.connector(&signing_in, &new.connector, environment)?;
    let owner = match (asker.person(), is_shared(&served)) {
        (Some(_), true) => SHARED.to_owned(),
        (Some(person), false) => format!("{PEOPLE}/{}", person.login),
        (None, true) => {
            return Err(Problem::new(
                StatusCode::FORBIDDEN,
                "shared_connector",
                "This connector is signed in once for all, by those who run the app. Users need do nothing.",
            ));
        }
        (None, false) => asker.owner()?,
    };
    let attempt = signing_in
        .start(&served, &owner, new.connection, None)
        .await?;
    let view = signing_in.rested(attempt).await;
    let location = signing_in.url(&format!("/api/runs/{}", view.id));
    let mut response = reply(&signing_in, view).await?;
    *response.status_mut() = StatusCode::CREATED;
    if let Ok(location) = HeaderValue::try_from(location.path()) {
        response.headers_mut().insert(LOCATION, location);
    }
    Ok(response)
}

/// Lists sign-ins
///
/// For our own people: where each stands, and nothing that was typed.
#[utoipa::path(get, path = "/runs", tag = "sign-in", params(RunListing),
    responses((status = 200, description = "At most 500.", body = RunList)))]
async fn list(
    State(signing_in): State<SigningIn>,
    person: Person,
    Query(listing): Query<RunListing>,
) -> Result<Response, Problem> {
    let (connector, owner) = (listing.connector.as_deref(), listing.owner.as_deref());
    let found = signing_in.state.store.list_runs(connector, owner, MOST);
    let mut runs = Vec::new();
    for record in found.await? {
        let attempt = signing_in.state.attempts.get(&record.id, &record.owner);
        // One that has just ended is not there any more.
        let Ok(attempt) = attempt.await else { continue };
        let view = attempt.view();
        if listing.shows(&person, &view) {
            runs.push(RunSummary::from(view));
        }
    }
    Ok(([(CACHE_CONTROL, "no-store")], axum::Json(RunList { runs })).into_response())
}

/// Tells how a sign-in stands
///
/// With `Accept: text/event-stream` every change comes as an event `run`, until the sign-in is over.
#[utoipa::path(get, path = "/runs/{id}", tag = "sign-in",
    security(("app_key" = []), ("user_token" = []), ("person_token" = []), ("session" = [], "csrf" = [])), params(("id" = String, Path, description = "The sign-in.")),
    responses((status = 200, description = "How it stands.", content((RunView = "application/json"), (String = "text/event-stream")))))]
async fn get(
    State(signing_in): State<SigningIn>,
    asker: Asker,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let attempt = find(&signing_in, &asker, &id).await?;
    let wants_events = headers
        .get(ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("text/event-stream"));
    match wants_events {
        true => {
            let waiting = signing_in.state.waits.begin(&attempt.view().owner)?;
            Ok(events(signing_in, attempt, waiting))
        }
        false => reply(&signing_in, attempt.view()).await,
    }
}

/// Answers a form
#[utoipa::path(post, path = "/runs/{id}/answers", tag = "sign-in",
    security(("app_key" = []), ("user_token" = []), ("person_token" = []), ("session" = [], "csrf" = [])), request_body = Answers,
    params(("id" = String, Path, description = "The sign-in.")),
    responses((status = 200, description = "How it stands then.", body = RunView)))]
async fn answer(
    State(signing_in): State<SigningIn>,
    asker: Asker,
    Path(id): Path<String>,
    Json(Answers(answers)): Json<Answers>,
) -> Result<Response, Problem> {
    let owner = find(&signing_in, &asker, &id).await?.view().owner;
    let (step, fields) = typed(answers)?;
    let attempt = signing_in
        .state
        .attempts
        .answer(&id, &owner, &step, fields)
        .await?;
    let view = signing_in.rested(attempt).await;
    reply(&signing_in, view).await
}

/// Has it sent again
///
/// Where the form that is waited for can have something sent again, such as a code: see `resends_left`.
#[utoipa::path(post, path = "/runs/{id}/resend", tag = "sign-in",
    security(("app_key" = []), ("user_token" = []), ("person_token" = []), ("session" = [], "csrf" = [])),
    params(("id" = String, Path, description = "The sign-in.")),
    responses((status = 200, description = "How it stands then.", body = RunView)))]
async fn resend(
    State(signing_in): State<SigningIn>,
    asker: Asker,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let owner = find(&signing_in, &asker, &id).await?.view().owner;
    let attempt = signing_in.state.attempts.resend(&id, &owner).await?;
    let view = signing_in.rested(attempt).await;
    reply(&signing_in, view).await
}

/// Takes another account
///
/// Where the account that signed in is another than the connection's, which the sign-in then waits for.
#[utoipa::path(post, path = "/runs/{id}/confirm", tag = "sign-in",
    security(("app_key" = []), ("user_token" = []), ("person_token" = []), ("session" = [], "csrf" = [])),
    params(("id" = String, Path, description = "The sign-in.")),
    responses((status = 200, description = "How it stands then.", body = RunView)))]
async fn confirm(
    State(signing_in): State<SigningIn>,
    asker: Asker,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let owner = find(&signing_in, &asker, &id).await?.view().owner;
    let attempt = signing_in
        .state
        .attempts
        .confirm_identity(&id, &owner)
        .await?;
    let view = signing_in.rested(attempt).await;
    reply(&signing_in, view).await
}

/// Gives a sign-in up
///
/// What was stored before stays as it is.
#[utoipa::path(delete, path = "/runs/{id}", tag = "sign-in",
    security(("app_key" = []), ("user_token" = []), ("person_token" = []), ("session" = [], "csrf" = [])),
    params(("id" = String, Path, description = "The sign-in.")),
    responses((status = 204, description = "It is over.")))]
async fn cancel(
    State(signing_in): State<SigningIn>,
    asker: Asker,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let owner = find(&signing_in, &asker, &id).await?.view().owner;
    signing_in.state.attempts.cancel(&id, &owner).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The sign-in, where it is the asker's: another's is as unknown as one that does not exist.
async fn find(signing_in: &SigningIn, asker: &Asker, id: &str) -> Result<Attempt, Problem> {
    for owner in asker.owners()? {
        match signing_in.state.attempts.get(id, &owner).await {
            Err(AttemptError::Unknown) => {}
            found => return Ok(found?),
        }
    }
    Err(AttemptError::Unknown.into())
}

/// How a sign-in stands, as JSON that nobody in between keeps; with the credential, where a browser is to keep that.
async fn reply(signing_in: &SigningIn, view: AttemptView) -> Result<Response, Problem> {
    let owner = view.owner.clone();
    let served = signing_in.served(&view.connector, view.environment.as_deref());
    let connection = match &view.state {
        AttemptState::SignedIn { connection_id } => Some(connection_id.clone()),
        _ => None,
    };
    let view = RunView::of(signing_in, view);
    let mut response = ([(CACHE_CONTROL, "no-store")], axum::Json(view)).into_response();
    if let (Ok(served), Some(connection)) = (served, connection) {
        let nothing = HeaderMap::new();
        let waiting = browser_kept::shown(signing_in, &served, &owner, &connection, &nothing).await;
        // The browser may have had it by a call already.
        if let Ok(waiting) = waiting {
            let waiting = waiting.as_ref();
            browser_kept::hand_over(signing_in, &served, &owner, waiting, &mut response)?;
        }
    }
    Ok(response)
}

fn events(signing_in: SigningIn, attempt: Attempt, waiting: Waiting) -> Response {
    // Dropped with the stream, at its end or when its reader leaves.
    let begin = Some((attempt.watch(), true, waiting));
    let stream = stream::unfold(begin, move |state| {
        let signing_in = signing_in.clone();
        async move {
            let (mut views, first, waiting) = state?;
            if !first && views.changed().await.is_err() {
                return None;
            }
            let view = views.borrow_and_update().clone();
            let next = (!view.state.has_ended()).then_some((views, false, waiting));
            let view = RunView::of(&signing_in, view);
            let event = Event::default().event("run").json_data(view);
            Some((Ok::<_, Infallible>(event.unwrap_or_default()), next))
        }
    });
    let keep_alive = KeepAlive::new().interval(KEEP_ALIVE);
    let mut response = Sse::new(stream).keep_alive(keep_alive).into_response();
    // Not only no-cache, as for other streams: it is somebody's sign-in.
    let no_store = HeaderValue::from_static("no-store");
    response.headers_mut().insert(CACHE_CONTROL, no_store);
    response
}

/// The one form that is answered, and what was typed into its fields.
pub(crate) fn typed(
    answers: Map<String, Value>,
) -> Result<(String, Vec<(String, String)>), Problem> {
    let wrong = |detail: String| {
        Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_value", detail)
            .help("Send {\"STEP\": {\"FIELD\": \"…\"}}, as waiting_for.form names them.")
    };
    let mut forms = answers.into_iter();
    let (Some((step, fields)), None) = (forms.next(), forms.next()) else {
        return Err(wrong("The body answers one form.".to_owned()));
    };
    let Value::Object(fields) = fields else {
        return Err(wrong(format!("`{step}` holds the form's fields.")));
    };
    let text = |(key, value): (String, Value)| match value {
        Value::String(text) => Ok((key, text)),
        Value::Number(_) | Value::Bool(_) => Ok((key, value.to_string())),
        _ => Err(wrong(format!("`{step}.{key}` is a text or a number."))),
    };
    let fields = fields.into_iter().map(text).collect::<Result<_, _>>()?;
    Ok((step, fields))
}

#[cfg(test)]
mod tests {
    use super::typed;
    use serde_json::json;

    #[test]
    fn answers_are_one_form_of_texts() {
        let read = |body: serde_json::Value| typed(body.as_object().unwrap().clone());
        let (step, fields) = read(json!({ "form1": { "user": "ana", "age": 4 } })).unwrap();
        assert_eq!(step, "form1");
        let expected = [("user", "ana"), ("age", "4")].map(|(k, v)| (k.to_owned(), v.to_owned()));
        assert_eq!(fields, expected);
        for body in [
            json!({}),
            json!({ "a": {}, "b": {} }),
            json!({ "a": "text" }),
            json!({ "a": { "b": {} } }),
            json!({ "a": { "b": null } }),
        ] {
            assert!(read(body.clone()).is_err(), "{body}");
        }
    }
}
