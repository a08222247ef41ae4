//! The secrets of a connector: they are set and removed here, and never shown; only whether they are set, and where.

use std::collections::BTreeSet;

use axum::extract::{Path, Query, State};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::body::Json;
use crate::api::person::Person;
use crate::api::session::SecretText;
use crate::api::state::Api;
use crate::api::value;
use crate::problem::Problem;
use crate::registry::{Snapshot, variable};

/// The longest value, in bytes.
const LONGEST: usize = 64 * 1024;

/// In which environment.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Where {
    /// The environment; left out: the one without a name.
    #[param(example = "staging")]
    environment: Option<String>,
}

/// The value of a secret.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SecretValue {
    /// At most 64 KiB.
    #[schema(format = Password, value_type = String, min_length = 1)]
    value: SecretText,
}

/// A secret, without its value.
#[derive(Serialize, ToSchema)]
struct SecretView {
    #[schema(example = "client_secret")]
    name: String,
    /// Whether the definition names it; one that it does not name is read by nothing.
    declared: bool,
    /// Whether it has a value.
    set: bool,
    /// Where the value that is used comes from: the environment's wins.
    from: Option<SourceName>,
    /// The environment variable that would set it.
    #[schema(example = "STEPGATE_SECRET_WIKI_CLIENT_SECRET")]
    variable: String,
}

/// Where a secret's value comes from.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum SourceName {
    /// From an environment variable, or the file that one names.
    Environment,
    /// From the store.
    Store,
}

/// The secrets of a connector.
#[derive(Serialize, ToSchema)]
struct Secrets {
    secrets: Vec<SecretView>,
}

/// The routes of this file.
pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(set, delete))
}

/// Lists the secrets of a connector, without their values
#[utoipa::path(get, path = "/connectors/{name}/secrets", tag = "connectors",
    params(("name" = String, Path, description = "The connector.", example = "wiki"), Where),
    responses((status = 200, description = "Its secrets, by name.", body = Secrets)))]
async fn list(
    State(api): State<Api>,
    _: Person,
    Path(name): Path<String>,
    Query(at): Query<Where>,
) -> Result<axum::Json<Secrets>, Problem> {
    let declared = declared(&api.registry.snapshot(), &name, &at)?;
    let secrets = views(&api, &name, &at, &declared).await?;
    Ok(axum::Json(Secrets { secrets }))
}

/// Sets a secret of a connector
#[utoipa::path(put, path = "/connectors/{name}/secrets/{secret}", tag = "connectors", request_body = SecretValue,
    params(("name" = String, Path, description = "The connector.", example = "wiki"),
        ("secret" = String, Path, description = "The secret.", example = "client_secret"), Where),
    responses((status = 200, description = "Set.", body = SecretView)))]
async fn set(
    State(api): State<Api>,
    _: Person,
    Path((name, secret)): Path<(String, String)>,
    Query(at): Query<Where>,
    Json(asked): Json<SecretValue>,
) -> Result<axum::Json<SecretView>, Problem> {
    let declared = declared(&api.registry.snapshot(), &name, &at)?;
    if !declared.contains(&secret) {
        return Err(Problem::not_found(
            "secret: the definition does not name it",
        ));
    }
    let value = asked.value.0;
    if value.reveal().is_empty() || value.reveal().len() > LONGEST {
        let detail = format!("It must have from 1 to {LONGEST} bytes.");
        return Err(Problem::invalid("value", detail));
    }
    let environment = at.environment.as_deref();
    api.store
        .set_secret(&name, environment, &secret, value)
        .await?;
    api.serve_what_was_written().await;
    let all = views(&api, &name, &at, &declared).await?;
    let view = all.into_iter().find(|view| view.name == secret);
    view.map(axum::Json)
        .ok_or_else(|| Problem::not_found("secret"))
}

/// Removes a secret of a connector from the store
#[utoipa::path(delete, path = "/connectors/{name}/secrets/{secret}", tag = "connectors",
    params(("name" = String, Path, description = "The connector.", example = "wiki"),
        ("secret" = String, Path, description = "The secret.", example = "client_secret"), Where),
    responses((status = 204, description = "Removed.")))]
async fn delete(
    State(api): State<Api>,
    _: Person,
    Path((name, secret)): Path<(String, String)>,
    Query(at): Query<Where>,
) -> Result<StatusCode, Problem> {
    let named = [
        Some(name.as_str()),
        Some(&secret),
        at.environment.as_deref(),
    ];
    let are_names = named.into_iter().flatten().all(value::is_name);
    let environment = at.environment.as_deref();
    if !are_names || !api.store.delete_secret(&name, environment, &secret).await? {
        return Err(Problem::not_found("secret in the store"));
    }
    api.serve_what_was_written().await;
    Ok(StatusCode::NO_CONTENT)
}

fn declared(snapshot: &Snapshot, name: &str, at: &Where) -> Result<BTreeSet<String>, Problem> {
    let entry = snapshot.entry(name);
    let entry = entry.ok_or_else(|| Problem::not_found("connector"))?;
    let connector = entry.definition.in_environment(at.environment.as_deref());
    let connector = connector.ok_or_else(|| Problem::not_found("environment"))?;
    Ok(connector.secrets.iter().cloned().collect())
}

async fn views(
    api: &Api,
    connector: &str,
    at: &Where,
    declared: &BTreeSet<String>,
) -> Result<Vec<SecretView>, Problem> {
    let stored = api.store.secret_names(connector, at.environment.as_deref());
    let stored: BTreeSet<String> = stored.await?.into_iter().collect();
    let view = |name: &String| {
        let variable = variable(connector, name);
        let from = match (api.secrets_env)(&variable) {
            Some(_) => Some(SourceName::Environment),
            None => stored.contains(name).then_some(SourceName::Store),
        };
        SecretView {
            name: name.clone(),
            declared: declared.contains(name),
            set: from.is_some(),
            from,
            variable,
        }
    };
    Ok(declared.union(&stored).map(view).collect())
}
