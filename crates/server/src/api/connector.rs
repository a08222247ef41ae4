//! Connectors by API: made, saved over the version that was seen, deleted. Those of the folder can only be read.

use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use http::header::{ACCEPT, CONTENT_TYPE, LOCATION};
use http::{HeaderMap, StatusCode};
use model::Owner;
use serde::{Deserialize, Serialize};
use store::{DefinitionRecord, NewDefinition};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::body::DefinitionText;
use crate::api::connector_text::{Checked, ProblemView, views};
use crate::api::etag::{Expected, etag};
use crate::api::moment::Moment;
use crate::api::person::Person;
use crate::api::state::Api;
use crate::api::value;
use crate::problem::Problem;
use crate::registry::{Definition, Finding, Origin};

/// A connector in a list.
#[derive(Serialize, ToSchema)]
struct ConnectorView {
    #[schema(example = "wiki")]
    connector: String,
    #[schema(example = "Team wiki")]
    title: String,
    owner: OwnerName,
    environments: Vec<String>,
    origin: OriginName,
    /// The file, where it comes from the folder.
    file: Option<String>,
    /// The version that is served, where it comes from the store; also the ETag.
    version: Option<u64>,
}

/// A connector with its definition.
#[derive(Serialize, ToSchema)]
pub(crate) struct DefinitionView {
    #[schema(example = "wiki")]
    connector: String,
    origin: OriginName,
    /// The file, where it comes from the folder.
    file: Option<String>,
    /// The version, where it comes from the store; also the ETag.
    version: Option<u64>,
    /// Who saved it.
    author: Option<String>,
    /// When it was saved.
    created_at: Option<Moment>,
    /// Why, where the author said.
    note: Option<String>,
    /// The definition as it was written, comments included.
    text: String,
    /// What is doubtful about it.
    problems: Vec<ProblemView>,
}

/// Whose connections a connector has.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum OwnerName {
    /// Each user signs in.
    User,
    /// One for all, signed in by a builder.
    Shared,
}

/// Where a connector comes from.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum OriginName {
    /// From a file; only that file changes it.
    Folder,
    /// From the store, by this API.
    Store,
}

/// All connectors.
#[derive(Serialize, ToSchema)]
struct Connectors {
    connectors: Vec<ConnectorView>,
    /// What people should know: a file or version that cannot be used, and what is served meanwhile.
    findings: Vec<FindingView>,
}

/// Something that people should know about the connectors.
#[derive(Serialize, ToSchema)]
struct FindingView {
    #[schema(example = "broken_definition")]
    code: &'static str,
    connector: Option<String>,
    message: String,
    /// Each problem with its place, where a definition has some.
    problems: Vec<String>,
}

/// Why a version is saved.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Why {
    /// Why it is saved; kept with the version.
    #[param(max_length = 200)]
    note: Option<String>,
}

/// The routes of this file.
pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(get, save, delete))
}

/// Lists connectors
#[utoipa::path(get, path = "/connectors", tag = "connectors",
    responses((status = 200, description = "What is served now, by name.", body = Connectors)))]
async fn list(State(api): State<Api>, _: Person) -> axum::Json<Connectors> {
    let snapshot = api.registry.snapshot();
    let connectors = snapshot.entries();
    axum::Json(Connectors {
        connectors: connectors
            .map(|entry| ConnectorView::from(&*entry.definition))
            .collect(),
        findings: snapshot.findings().iter().map(FindingView::from).collect(),
    })
}

/// Makes a connector
#[utoipa::path(post, path = "/connectors", tag = "connectors", params(Why),
    request_body(description = "The definition, as YAML or JSON.",
        content((String = "text/yaml"), (String = "application/yaml"), (serde_json::Value = "application/json"))),
    responses((status = 201, description = "Made.", body = DefinitionView)))]
async fn create(
    State(api): State<Api>,
    person: Person,
    Query(why): Query<Why>,
    DefinitionText(text): DefinitionText,
) -> Result<Response, Problem> {
    let new = new_version(text, None, person, why).await?;
    writable(&api, &new.0.connector)?;
    let made = api.store.save_definition(new.0, None).await?;
    answer(&api, made, new.1, StatusCode::CREATED).await
}

/// Tells of a connector
///
/// With `Accept: text/yaml` the definition alone, as it was written.
#[utoipa::path(get, path = "/connectors/{name}", tag = "connectors",
    params(("name" = String, Path, description = "The connector.", example = "wiki")),
    responses((status = 200, description = "The connector.",
        content((DefinitionView = "application/json"), (String = "text/yaml")))))]
async fn get(
    State(api): State<Api>,
    _: Person,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let served = served(&api, &name);
    let from_file = served
        .as_ref()
        .filter(|served| matches!(served.origin, Origin::File(_)));
    let view = match from_file {
        Some(definition) => DefinitionView::from(&**definition),
        None => {
            let stored = newest(&api, &name).await?;
            let stored = stored.ok_or_else(|| Problem::not_found("connector"))?;
            let checked = Checked::read(stored.text.clone()).await?;
            DefinitionView::stored(stored, views(&checked.problems))
        }
    };
    Ok(view.answer(&headers))
}

/// Saves a connector
///
/// Each save is a version of its own. `If-Match` says which version was seen; it is left out to make a new one.
#[utoipa::path(put, path = "/connectors/{name}", tag = "connectors",
    params(("name" = String, Path, description = "The connector.", example = "wiki"), Why,
        ("If-Match" = Option<String>, Header, description = "The version that was seen, or `*`.")),
    request_body(description = "The definition, as YAML or JSON.",
        content((String = "text/yaml"), (String = "application/yaml"), (serde_json::Value = "application/json"))),
    responses((status = 200, description = "Saved.", body = DefinitionView),
        (status = 201, description = "Made.", body = DefinitionView)))]
async fn save(
    State(api): State<Api>,
    person: Person,
    Path(name): Path<String>,
    Query(why): Query<Why>,
    headers: HeaderMap,
    DefinitionText(text): DefinitionText,
) -> Result<Response, Problem> {
    writable(&api, &name)?;
    let version = seen(&api, &name, &headers).await?;
    let (new, problems) = new_version(text, Some(&name), person, why).await?;
    let saved = saved_over(&api, new, version).await?;
    let status = match version {
        None => StatusCode::CREATED,
        Some(_) => StatusCode::OK,
    };
    answer(&api, saved, problems, status).await
}

/// Deletes a connector
///
/// Its versions stay, and can be restored. `If-Match` says which version was seen.
#[utoipa::path(delete, path = "/connectors/{name}", tag = "connectors",
    params(("name" = String, Path, description = "The connector.", example = "wiki"),
        ("If-Match" = Option<String>, Header, description = "The version that was seen, or `*`.")),
    responses((status = 204, description = "Gone.")))]
async fn delete(
    State(api): State<Api>,
    _: Person,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Result<StatusCode, Problem> {
    writable(&api, &name)?;
    let Some(version) = seen(&api, &name, &headers).await? else {
        return Err(Problem::not_found("connector"));
    };
    match api.store.delete_definition(&name, Some(version)).await {
        Ok(true) => {}
        Ok(false) => return Err(Problem::not_found("connector")),
        Err(store::StoreError::Conflict) => return Err(moved_on(&api, &name).await?),
        Err(error) => return Err(error.into()),
    }
    api.serve_what_was_written().await;
    Ok(StatusCode::NO_CONTENT)
}

/// The version that a writer has seen, where it is the newest; none where there is none and none is expected.
pub(crate) async fn seen(
    api: &Api,
    name: &str,
    headers: &HeaderMap,
) -> Result<Option<u64>, Problem> {
    let expected = Expected::of(headers);
    match (newest(api, name).await?, expected) {
        (Some(newest), expected) => expected.required(newest.version).map(Some),
        (None, Expected::Nothing) => Ok(None),
        (None, _) => Err(Problem::not_found("connector")),
    }
}

/// Saves over the version that was seen; who was overtaken meanwhile hears of it as if they had come later.
pub(crate) async fn saved_over(
    api: &Api,
    new: NewDefinition,
    version: Option<u64>,
) -> Result<DefinitionRecord, Problem> {
    let name = new.connector.clone();
    match api.store.save_definition(new, version).await {
        Err(store::StoreError::Conflict) => Err(moved_on(api, &name).await?),
        saved => Ok(saved?),
    }
}

/// What was saved, served from now on.
pub(crate) async fn answer(
    api: &Api,
    saved: DefinitionRecord,
    problems: Vec<ProblemView>,
    status: StatusCode,
) -> Result<Response, Problem> {
    api.serve_what_was_written().await;
    let location = [(LOCATION, format!("/api/connectors/{}", saved.connector))];
    let tag = etag(saved.version);
    let view = axum::Json(DefinitionView::stored(saved, problems));
    match status {
        StatusCode::CREATED => Ok((status, location, tag, view).into_response()),
        status => Ok((status, tag, view).into_response()),
    }
}

/// Refuses to write a connector of the folder.
pub(crate) fn writable(api: &Api, name: &str) -> Result<(), Problem> {
    match served(api, name).map(|served| served.origin.clone()) {
        Some(Origin::File(path)) => Err(Problem::conflict(
            "read_only",
            format!(
                "`{name}` comes from the file {}: change it there; it is read again within a second.",
                file_name(&path)
            ),
        )),
        _ => Ok(()),
    }
}

/// A new version of a checked text.
pub(crate) async fn new_version(
    text: String,
    name: Option<&str>,
    author: Person,
    why: Why,
) -> Result<(NewDefinition, Vec<ProblemView>), Problem> {
    let note = why.note.filter(|note| !note.is_empty());
    let note = note.map(|note| value::text("note", &note)).transpose()?;
    let (connector, text, problems) = Checked::read(text).await?.into_connector()?;
    if let Some(name) = name.filter(|name| *name != connector.name) {
        return Err(Problem::invalid(
            "connector",
            format!(
                "The definition names the connector `{}`, the path another.{}",
                connector.name,
                match value::is_name(name) {
                    true => format!(
                        " Write `connector: {name}`, or make a new one by POST /api/connectors."
                    ),
                    false => String::new(),
                }
            ),
        ));
    }
    let new = NewDefinition {
        connector: connector.name,
        text,
        author: author.login,
        note,
    };
    Ok((new, views(&problems)))
}

/// The newest version of a stored connector.
pub(crate) async fn newest(api: &Api, name: &str) -> Result<Option<DefinitionRecord>, Problem> {
    match value::is_name(name) {
        true => Ok(api.store.definition(name).await?),
        false => Ok(None),
    }
}

async fn moved_on(api: &Api, name: &str) -> Result<Problem, Problem> {
    Ok(match newest(api, name).await? {
        Some(newest) => Problem::other_version(newest.version),
        None => Problem::not_found("connector"),
    })
}

fn served(api: &Api, name: &str) -> Option<std::sync::Arc<Definition>> {
    let snapshot = api.registry.snapshot();
    snapshot.entry(name).map(|entry| entry.definition.clone())
}

fn file_name(path: &std::path::Path) -> String {
    let name = path.file_name().unwrap_or(path.as_os_str());
    name.to_string_lossy().into_owned()
}

impl Why {
    /// Says why, where the caller does not.
    pub(crate) fn or(self, note: impl FnOnce() -> String) -> Self {
        Self {
            note: self.note.or_else(|| Some(note())),
        }
    }
}

impl DefinitionView {
    /// One version of the store.
    pub(crate) fn stored(record: DefinitionRecord, problems: Vec<ProblemView>) -> Self {
        Self {
            connector: record.connector,
            origin: OriginName::Store,
            file: None,
            version: Some(record.version),
            author: Some(record.author),
            created_at: Some(Moment(record.created_at)),
            note: record.note,
            text: record.text,
            problems,
        }
    }

    /// As JSON, or the text alone where that is asked for.
    pub(crate) fn answer(self, headers: &HeaderMap) -> Response {
        let accept = headers.get(ACCEPT).and_then(|accept| accept.to_str().ok());
        let as_text = accept.is_some_and(|accept| accept.contains("yaml"));
        let tag = self.version.map(etag);
        let mut response = match as_text {
            true => ([(CONTENT_TYPE, "text/yaml; charset=utf-8")], self.text).into_response(),
            false => axum::Json(self).into_response(),
        };
        response.headers_mut().extend(tag.into_iter().flatten());
        response
    }
}

impl From<&Definition> for DefinitionView {
    fn from(definition: &Definition) -> Self {
        let view = ConnectorView::from(definition);
        Self {
            connector: view.connector,
            origin: view.origin,
            file: view.file,
            version: view.version,
            author: None,
            created_at: None,
            note: None,
            text: definition.text.to_string(),
            problems: views(&definition.warnings),
        }
    }
}

impl From<&Definition> for ConnectorView {
    fn from(definition: &Definition) -> Self {
        let (origin, file, version) = match &definition.origin {
            Origin::File(path) => (OriginName::Folder, Some(file_name(path)), None),
            Origin::Store { version } => (OriginName::Store, None, Some(*version)),
        };
        Self {
            connector: definition.name.clone(),
            title: definition.connector.title.clone(),
            owner: match definition.connector.connection.owner {
                Owner::User => OwnerName::User,
                Owner::Shared => OwnerName::Shared,
            },
            environments: definition.environments.keys().cloned().collect(),
            origin,
            file,
            version,
        }
    }
}

impl From<&Finding> for FindingView {
    fn from(finding: &Finding) -> Self {
        Self {
            code: finding.code,
            connector: finding.connector.clone(),
            message: finding.message.clone(),
            problems: finding.problems.clone(),
        }
    }
}
