//! The versions of a connector: every save is kept, with its author and time, and can come back.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use serde::Serialize;
use store::DefinitionRecord;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::connector::{self, DefinitionView, Why, new_version, saved_over, seen, writable};
use crate::api::connector_text::{Checked, views};
use crate::api::moment::Moment;
use crate::api::person::Person;
use crate::api::state::Api;
use crate::api::value;
use crate::problem::Problem;

/// A version, without its text.
#[derive(Serialize, ToSchema)]
struct VersionView {
    version: u64,
    /// Who saved it.
    author: String,
    created_at: Moment,
    /// Why, where the author said.
    note: Option<String>,
}

/// The versions of a connector.
#[derive(Serialize, ToSchema)]
struct Versions {
    versions: Vec<VersionView>,
}

/// The routes of this file.
pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(get))
        .routes(routes!(restore))
}

/// Lists the versions of a connector
#[utoipa::path(get, path = "/connectors/{name}/versions", tag = "connectors",
    params(("name" = String, Path, description = "The connector.", example = "wiki")),
    responses((status = 200, description = "All that were saved, newest first.", body = Versions)))]
async fn list(
    State(api): State<Api>,
    _: Person,
    Path(name): Path<String>,
) -> Result<axum::Json<Versions>, Problem> {
    let versions = match value::is_name(&name) {
        true => api.store.definition_versions(&name).await?,
        false => Vec::new(),
    };
    if versions.is_empty() {
        return Err(Problem::not_found("connector in the store"));
    }
    let versions = versions.into_iter().map(VersionView::from).collect();
    Ok(axum::Json(Versions { versions }))
}

/// Tells of one version
///
/// With `Accept: text/yaml` the definition alone, as it was written.
#[utoipa::path(get, path = "/connectors/{name}/versions/{version}", tag = "connectors",
    params(("name" = String, Path, description = "The connector.", example = "wiki"),
        ("version" = u64, Path, description = "The version.", example = 1)),
    responses((status = 200, description = "The version.",
        content((DefinitionView = "application/json"), (String = "text/yaml")))))]
async fn get(
    State(api): State<Api>,
    _: Person,
    Path((name, version)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let record = find(&api, &name, &version).await?;
    let checked = Checked::read(record.text.clone()).await?;
    Ok(DefinitionView::stored(record, views(&checked.problems)).answer(&headers))
}

/// Brings a version back
///
/// As a new version of the same text. `If-Match` says which version was seen; it is left out where the connector was
/// deleted.
#[utoipa::path(post, path = "/connectors/{name}/versions/{version}/restore", tag = "connectors",
    params(("name" = String, Path, description = "The connector.", example = "wiki"),
        ("version" = u64, Path, description = "The version.", example = 1), Why,
        ("If-Match" = Option<String>, Header, description = "The newest version, which was seen, or `*`.")),
    responses((status = 200, description = "It is the newest again.", body = DefinitionView),
        (status = 201, description = "The connector is back.", body = DefinitionView)))]
async fn restore(
    State(api): State<Api>,
    person: Person,
    Path((name, version)): Path<(String, String)>,
    Query(why): Query<Why>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    writable(&api, &name)?;
    let old = find(&api, &name, &version).await?;
    let newest = seen(&api, &name, &headers).await?;
    let why = why.or(|| format!("Restored version {}", old.version));
    let (new, problems) = new_version(old.text, Some(&name), person, why).await?;
    let saved = saved_over(&api, new, newest).await?;
    let status = match newest {
        None => StatusCode::CREATED,
        Some(_) => StatusCode::OK,
    };
    connector::answer(&api, saved, problems, status).await
}

async fn find(api: &Api, name: &str, version: &str) -> Result<DefinitionRecord, Problem> {
    let missing = || Problem::not_found("version");
    // A number that the store cannot hold is the number of no version.
    let version = version.parse::<i64>().ok();
    let version = version.and_then(|version| u64::try_from(version).ok());
    let version = version
        .filter(|_| value::is_name(name))
        .ok_or_else(missing)?;
    let record = api.store.definition_version(name, version).await?;
    record.ok_or_else(missing)
}

impl From<DefinitionRecord> for VersionView {
    fn from(record: DefinitionRecord) -> Self {
        Self {
            version: record.version,
            author: record.author,
            created_at: Moment(record.created_at),
            note: record.note,
        }
    }
}
