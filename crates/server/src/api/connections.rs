//! Signed-in connections: listed with their state, and what can be done to one. No token is ever in a reply.

use crate::api::asker::Asker;
use crate::api::body::Json;
use crate::api::connection_view::{ConnectionList, ConnectionView, SignedOutView, TestView};
use crate::api::state::Api;
use crate::browser_kept;
use crate::problem::Problem;
use crate::registry::Served;
use crate::signing_in::{SigningIn, realm, user};
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use connection::{Shown, Why};
use flow::Silent;
use gateway::{Call, CallBody, Target};
use http::header::CACHE_CONTROL;
use http::{HeaderMap, StatusCode};
use serde::{Deserialize, Deserializer, Serialize};
use std::sync::Arc;
use store::{ConnectionRecord, Cursor, PageFilter};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// How many a page holds where nothing is said.
const USUAL_PAGE: usize = 100;

/// Which connections are listed.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Listing {
    /// Of this connector.
    connector: Option<String>,
    /// In this environment.
    environment: Option<String>,
    /// Of this user of the app; our own people name the whole owner, as in `shop/u123`.
    owner: Option<String>,
    /// From where the page before ended: its `next`.
    after: Option<String>,
    /// How many at most.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<usize>,
}

/// What is to change of a connection.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Change {
    /// What people call it; null takes the name away, left out it stays.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, max_length = 200)]
    name: Option<Option<String>>,
}

/// What is given counts, null too.
fn given<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Option<String>>, D::Error> {
    Option::deserialize(from).map(Some)
}

/// The routes of this file.
pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(get, change))
        .routes(routes!(test))
        .routes(routes!(renew))
        .routes(routes!(clear))
        .routes(routes!(sign_out))
}

/// Lists connections
///
/// An app sees those of its users, a user their own; another's are not there.
#[utoipa::path(get, path = "/connections", tag = "connections",
    security(("app_key" = []), ("user_token" = []), ("person_token" = []), ("session" = [], "csrf" = [])), params(Listing),
    responses((status = 200, description = "A page of them.", body = ConnectionList)))]
async fn list(
    State(signing_in): State<SigningIn>,
    asker: Asker,
    Query(listing): Query<Listing>,
) -> Result<Response, Problem> {
    let after = match &listing.after {
        None => None,
        Some(after) => Some(Cursor::parse(after).ok_or_else(|| invalid("after"))?),
    };
    let filter = PageFilter {
        connector: listing.connector,
        environment: listing.environment,
        owners: asker.listed(listing.owner),
    };
    let limit = listing.limit.unwrap_or(USUAL_PAGE);
    let page = signing_in
        .state
        .store
        .list_page(filter, after, limit)
        .await?;
    let connections = page
        .records
        .into_iter()
        .filter(|record| asker.reaches(record))
        .map(|record| ConnectionView::of(&signing_in, record))
        .collect();
    Ok(private(ConnectionList {
        connections,
        next: page.next.map(|next| next.to_string()),
    }))
}

/// Tells of a connection
#[utoipa::path(get, path = "/connections/{id}", tag = "connections",
    security(("app_key" = []), ("user_token" = []), ("person_token" = []), ("session" = [], "csrf" = [])),
    params(("id" = String, Path, description = "The connection.")),
    responses((status = 200, description = "The connection.", body = ConnectionView)))]
async fn get(
    State(signing_in): State<SigningIn>,
    asker: Asker,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let record = find(&signing_in, &asker, &id).await?;
    Ok(private(ConnectionView::of(&signing_in, record)))
}

/// Names a connection
#[utoipa::path(patch, path = "/connections/{id}", tag = "connections",
    security(("app_key" = []), ("user_token" = []), ("person_token" = []), ("session" = [], "csrf" = [])), request_body = Change,
    params(("id" = String, Path, description = "The connection.")),
    responses((status = 200, description = "As it is then.", body = ConnectionView)))]
async fn change(
    State(signing_in): State<SigningIn>,
    asker: Asker,
    Path(id): Path<String>,
    Json(change): Json<Change>,
) -> Result<Response, Problem> {
    let mut record = find(&signing_in, &asker, &id).await?;
    if let Some(name) = change.name {
        let name = name.map(|name| name.trim().to_owned());
        let is_taken = |name: &String| {
            (1..=200).contains(&name.chars().count()) && !name.chars().any(char::is_control)
        };
        if !name.as_ref().is_none_or(is_taken) {
            return Err(invalid("name"));
        }
        let connections = &signing_in.state.connections;
        let renamed = connections.relabel(&record.id, name).await?;
        record = renamed.ok_or_else(|| Problem::not_found("connection"))?;
    }
    Ok(private(ConnectionView::of(&signing_in, record)))
}

/// Tests a connection
///
/// Sends the connector's test API with it, renewing the session where it is over.
#[utoipa::path(post, path = "/connections/{id}/test", tag = "connections",
    security(("app_key" = []), ("user_token" = []), ("person_token" = []), ("session" = [], "csrf" = [])),
    params(("id" = String, Path, description = "The connection.")),
    responses((status = 200, description = "What came of it.", body = TestView)))]
async fn test(
    State(signing_in): State<SigningIn>,
    asker: Asker,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let record = find(&signing_in, &asker, &id).await?;
    let served = served(&signing_in, &record)?;
    let Some(test_api) = &served.equipped.connector.test_api else {
        return Err(Problem::new(
            StatusCode::CONFLICT,
            "no_test_api",
            format!("`{}` has no test API.", record.connector),
        )
        .help("Add a `test_api` with a request that only a signed-in user may send."));
    };
    let call = Call {
        target: Target::TestApi,
        body: CallBody::Empty,
    };
    let (connections, equipped) = (&signing_in.state.connections, &served.equipped);
    let told = |problem: Problem| told(&signing_in, &record, problem);
    let shown = browser_kept::usable(&signing_in, &served, &record.owner, &id, &headers)
        .await
        .map_err(told)?;
    let answer = match &shown {
        Some(shown) => {
            let handle = Some(shown.handle.clone());
            gateway::call_with(connections, equipped, handle, call, &mut Silent).await
        }
        None => gateway::call(connections, equipped, Some(&id), call, &mut Silent).await,
    };
    let answer = answer.map_err(|error| told(error.into()))?;
    let mut response = private(TestView::of(test_api, &answer));
    let shown = shown.as_ref().filter(|_| asker.person().is_none());
    browser_kept::hand_over(&signing_in, &served, &record.owner, shown, &mut response)?;
    Ok(response)
}

/// Renews a connection now
#[utoipa::path(post, path = "/connections/{id}/renew", tag = "connections",
    security(("app_key" = []), ("user_token" = []), ("person_token" = []), ("session" = [], "csrf" = [])),
    params(("id" = String, Path, description = "The connection.")),
    responses((status = 200, description = "As it is then.", body = ConnectionView)))]
async fn renew(
    State(signing_in): State<SigningIn>,
    asker: Asker,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let record = find(&signing_in, &asker, &id).await?;
    let served = served(&signing_in, &record)?;
    let shown = renewed(&signing_in, &served, &record, &headers)
        .await
        .map_err(|problem| told(&signing_in, &record, problem))?;
    let record = find(&signing_in, &asker, &id).await?;
    let owner = record.owner.clone();
    let mut response = private(ConnectionView::of(&signing_in, record));
    let shown = shown.as_ref().filter(|_| asker.person().is_none());
    browser_kept::hand_over(&signing_in, &served, &owner, shown, &mut response)?;
    Ok(response)
}

/// Renews a connection, or signs in to it anew where that needs no person; what a browser keeps of it then.
async fn renewed(
    signing_in: &SigningIn,
    served: &Served,
    record: &ConnectionRecord,
    headers: &HeaderMap,
) -> Result<Option<Shown>, Problem> {
    let (connections, equipped) = (&signing_in.state.connections, &served.equipped);
    let shown = browser_kept::shown(signing_in, served, &record.owner, &record.id, headers).await;
    let handle = match &shown {
        Ok(Some(shown)) => Ok(shown.handle.clone()),
        Ok(None) => {
            let current = connections.current(&equipped.connector, &record.id);
            current.await.map_err(Problem::from)
        }
        Err(problem) => Err(problem.clone()),
    };
    match handle {
        Ok(handle) => {
            connections
                .renew(equipped, &handle, Why::Asked, &mut Silent)
                .await?;
            shown
        }
        Err(problem) if browser_kept::is_unattended(served, &problem) => {
            connections
                .usable(equipped, &record.id, &mut Silent)
                .await?;
            browser_kept::shown(signing_in, served, &record.owner, &record.id, headers).await
        }
        Err(problem) => Err(problem),
    }
}

/// Forgets a connection
///
/// Nothing is sent: at the API the session goes on until it ends by itself.
#[utoipa::path(post, path = "/connections/{id}/clear", tag = "connections",
    security(("app_key" = []), ("user_token" = []), ("person_token" = []), ("session" = [], "csrf" = [])),
    params(("id" = String, Path, description = "The connection.")),
    responses((status = 204, description = "It is forgotten.")))]
async fn clear(
    State(signing_in): State<SigningIn>,
    asker: Asker,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let record = find(&signing_in, &asker, &id).await?;
    signing_in.state.connections.clear(&record).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Signs a connection out
///
/// Runs the logout flow, revokes the tokens where the connector says how, and forgets the connection in any case.
#[utoipa::path(post, path = "/connections/{id}/sign-out", tag = "connections",
    security(("app_key" = []), ("user_token" = []), ("person_token" = []), ("session" = [], "csrf" = [])),
    params(("id" = String, Path, description = "The connection.")),
    responses((status = 200, description = "What became of the session at the API.", body = SignedOutView)))]
async fn sign_out(
    State(signing_in): State<SigningIn>,
    asker: Asker,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let record = find(&signing_in, &asker, &id).await?;
    if let Ok(served) = served(&signing_in, &record) {
        // What a browser keeps is known here once it was shown; where it is not, nothing can be ended at the API.
        browser_kept::shown(&signing_in, &served, &record.owner, &id, &headers)
            .await
            .ok();
    }
    let outcome = signing_in.sign_out(&record).await?;
    Ok(private(SignedOutView::from(outcome)))
}

/// The connection, where it is the asker's: another's is as unknown as one that does not exist.
async fn find(
    signing_in: &SigningIn,
    asker: &Asker,
    id: &str,
) -> Result<ConnectionRecord, Problem> {
    let found = signing_in.state.store.get(id).await?;
    found
        .filter(|record| asker.reaches(record))
        .ok_or_else(|| Problem::not_found("connection"))
}

fn served(signing_in: &SigningIn, record: &ConnectionRecord) -> Result<Arc<Served>, Problem> {
    let environment = record.environment.as_deref();
    signing_in
        .served(&record.connector, environment)
        .map_err(|_| {
            Problem::new(
                StatusCode::CONFLICT,
                "connector_gone",
                format!(
                    "The connector `{}` is not there any more.",
                    record.connector
                ),
            )
        })
}

/// A missing sign-in comes with the address where the user signs in, one that is put off with the time until then.
fn told(signing_in: &SigningIn, record: &ConnectionRecord, problem: Problem) -> Problem {
    let mut problem = problem.at(signing_in.state.clock.unix());
    let app = realm(&record.owner);
    let has_app = signing_in.state.registry.snapshot().app(app).is_some();
    if problem.code == "sign_in_required" && has_app {
        let link = signing_in.state.links.make(
            app,
            user(&record.owner),
            None,
            Some(&record.connector),
            record.environment.as_deref(),
        );
        problem.sign_in_url = Some(link.url.into());
    }
    problem
}

fn invalid(field: &str) -> Problem {
    let detail = format!("`{field}` is not taken.");
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_value", detail).more("field", field)
}

/// JSON that nobody in between keeps.
fn private<T: Serialize>(view: T) -> Response {
    ([(CACHE_CONTROL, "no-store")], axum::Json(view)).into_response()
}
