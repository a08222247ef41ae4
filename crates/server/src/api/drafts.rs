//! What a person is writing: kept in the server, so that nothing is lost with a browser and nothing stands in its storage.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::header::CACHE_CONTROL;
use http::{HeaderMap, StatusCode};
use secret::SecretBytes;
use serde::{Deserialize, Serialize};
use store::{DraftRecord, StoreError};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::body::Json;
use crate::api::etag::{Expected, etag};
use crate::api::moment::Moment;
use crate::api::person::Person;
use crate::api::state::Api;
use crate::api::value;
use crate::problem::Problem;

/// A draft in a list.
#[derive(Serialize, ToSchema)]
struct DraftSummary {
    #[schema(example = "wiki")]
    name: String,
    /// Also the ETag.
    version: u64,
    /// The version of the connector that it was begun from; none where it is a new one.
    based_on: Option<u64>,
    updated_at: Moment,
}

/// A draft.
#[derive(Serialize, ToSchema)]
struct DraftView {
    #[serde(flatten)]
    draft: DraftSummary,
    /// The text, whether or not it is a definition.
    text: String,
}

/// Your drafts.
#[derive(Serialize, ToSchema)]
struct Drafts {
    /// By name.
    drafts: Vec<DraftSummary>,
}

/// A draft to be kept.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewDraft {
    /// The text.
    text: String,
    /// The version of the connector that it was begun from.
    based_on: Option<u64>,
}

/// The routes of this file.
pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(get, put, delete))
}

/// Lists your drafts
#[utoipa::path(get, path = "/drafts", tag = "editor",
    responses((status = 200, description = "Yours alone.", body = Drafts)))]
async fn list(State(api): State<Api>, person: Person) -> Result<axum::Json<Drafts>, Problem> {
    let drafts = api.store.drafts(&person.login).await?;
    Ok(axum::Json(Drafts {
        drafts: drafts.into_iter().map(DraftSummary::from).collect(),
    }))
}

/// Tells a draft of yours
#[utoipa::path(get, path = "/drafts/{name}", tag = "editor",
    params(("name" = String, Path, description = "The draft, mostly the connector's name.", example = "wiki")),
    responses((status = 200, description = "The draft.", body = DraftView)))]
async fn get(
    State(api): State<Api>,
    person: Person,
    Path(name): Path<String>,
) -> Result<Response, Problem> {
    let found = match value::is_name(&name) {
        true => api.store.draft(&person.login, &name).await?,
        false => None,
    };
    let (record, text) = found.ok_or_else(|| Problem::not_found("draft"))?;
    let tag = etag(record.version);
    let view = DraftView {
        draft: record.into(),
        text: String::from_utf8_lossy(text.reveal()).into_owned(),
    };
    Ok((tag, [(CACHE_CONTROL, "no-store")], axum::Json(view)).into_response())
}

/// Keeps a draft of yours
///
/// `If-Match` says which version was seen; it is left out to make a new one. Any text will do.
#[utoipa::path(put, path = "/drafts/{name}", tag = "editor", request_body = NewDraft,
    params(("name" = String, Path, description = "The draft, mostly the connector's name.", example = "wiki"),
        ("If-Match" = Option<String>, Header, description = "The version that was seen, or `*`.")),
    responses((status = 200, description = "Kept.", body = DraftSummary),
        (status = 201, description = "Made.", body = DraftSummary)))]
async fn put(
    State(api): State<Api>,
    person: Person,
    Path(name): Path<String>,
    headers: HeaderMap,
    Json(new): Json<NewDraft>,
) -> Result<Response, Problem> {
    if !value::is_name(&name) {
        return Err(Problem::invalid(
            "name",
            "A draft is called by letters, digits, - and _, and begins with a letter.",
        ));
    }
    let seen = seen(&api, &person, &name, &headers).await?;
    let text = SecretBytes::new(new.text.into_bytes());
    let kept = api
        .store
        .put_draft(&person.login, &name, text, new.based_on, seen);
    let kept = match kept.await {
        Err(StoreError::Conflict) => return Err(moved_on(&api, &person, &name).await?),
        kept => kept?,
    };
    let status = match seen {
        None => StatusCode::CREATED,
        Some(_) => StatusCode::OK,
    };
    let view = axum::Json(DraftSummary::from(kept.clone()));
    Ok((status, etag(kept.version), view).into_response())
}

/// Deletes a draft of yours
#[utoipa::path(delete, path = "/drafts/{name}", tag = "editor",
    params(("name" = String, Path, description = "The draft.", example = "wiki"),
        ("If-Match" = Option<String>, Header, description = "The version that was seen; left out: any.")),
    responses((status = 204, description = "Gone.")))]
async fn delete(
    State(api): State<Api>,
    person: Person,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Result<StatusCode, Problem> {
    let newest = newest(&api, &person, &name).await?;
    let newest = newest.ok_or_else(|| Problem::not_found("draft"))?;
    let seen = Expected::of(&headers).optional(newest)?;
    match api
        .store
        .delete_draft(&person.login, &name, Some(seen))
        .await
    {
        Ok(true) => Ok(StatusCode::NO_CONTENT),
        Ok(false) => Err(Problem::not_found("draft")),
        Err(StoreError::Conflict) => Err(moved_on(&api, &person, &name).await?),
        Err(error) => Err(error.into()),
    }
}

/// The version that a writer has seen, where it is the newest; none where there is none and none is expected.
async fn seen(
    api: &Api,
    person: &Person,
    name: &str,
    headers: &HeaderMap,
) -> Result<Option<u64>, Problem> {
    match (newest(api, person, name).await?, Expected::of(headers)) {
        (Some(newest), expected) => expected.required(newest).map(Some),
        (None, Expected::Nothing) => Ok(None),
        (None, _) => Err(Problem::not_found("draft")),
    }
}

async fn newest(api: &Api, person: &Person, name: &str) -> Result<Option<u64>, Problem> {
    if !value::is_name(name) {
        return Ok(None);
    }
    let drafts = api.store.drafts(&person.login).await?;
    let found = drafts.into_iter().find(|draft| draft.name == name);
    Ok(found.map(|draft| draft.version))
}

async fn moved_on(api: &Api, person: &Person, name: &str) -> Result<Problem, Problem> {
    Ok(match newest(api, person, name).await? {
        Some(newest) => Problem::other_version(newest),
        None => Problem::not_found("draft"),
    })
}

impl From<DraftRecord> for DraftSummary {
    fn from(record: DraftRecord) -> Self {
        Self {
            name: record.name,
            version: record.version,
            based_on: record.based_on,
            updated_at: Moment(record.updated_at),
        }
    }
}
