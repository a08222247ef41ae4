//! What an editor of definitions asks while somebody types: what is wrong, what a key means, how others begin.

use std::sync::OnceLock;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::body::Json;
use crate::api::connector_text::{Checked, ProblemView, views};
use crate::api::person::Person;
use crate::api::state::Api;
use crate::problem::Problem;

/// A text to be checked.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Text {
    /// The definition, as YAML or JSON.
    #[schema(example = "stepgate: 1\nconnector: wiki\nbase_url: https://wiki.example.org\n")]
    text: String,
}

/// What a check gives.
#[derive(Serialize, ToSchema)]
struct CheckView {
    /// Whether it could be saved and run.
    valid: bool,
    /// The connector that it describes; none where there is an error.
    connector: Option<String>,
    /// What is wrong or doubtful, in the order of the text.
    problems: Vec<ProblemView>,
    /// The form fields that are stored after a sign-in, as step and field; none where there is an error.
    #[schema(example = json!(["form1.username"]))]
    kept: Vec<String>,
}

/// The routes of this file.
pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(check))
        .routes(routes!(definition_schema))
}

/// Checks a definition without saving it
///
/// By the checker of `stepgate check`, in each of its environments.
#[utoipa::path(post, path = "/check", tag = "editor", request_body = Text,
    responses((status = 200, description = "What is wrong with it, if anything is.", body = CheckView)))]
async fn check(
    _: Person,
    Json(Text { text }): Json<Text>,
) -> Result<axum::Json<CheckView>, Problem> {
    let checked = Checked::read(text).await?;
    let kept = checked.connector.as_ref().map(|connector| {
        let fields = connector.kept_fields();
        fields
            .iter()
            .map(|(step, field)| format!("{step}.{field}"))
            .collect()
    });
    Ok(axum::Json(CheckView {
        valid: checked.connector.is_some(),
        problems: views(&checked.problems),
        kept: kept.unwrap_or_default(),
        connector: checked.connector.map(|connector| connector.name),
    }))
}

/// Tells the JSON Schema of a definition
///
/// The one that `stepgate schema` prints. Every key, step kind and sign-in type has a description, for pickers and hover
/// texts.
#[utoipa::path(get, path = "/definition-schema", tag = "editor",
    responses((status = 200, description = "JSON Schema, draft 2020-12.", body = serde_json::Value)))]
async fn definition_schema(_: Person) -> axum::Json<&'static Value> {
    static SCHEMA: OnceLock<Value> = OnceLock::new();
    axum::Json(SCHEMA.get_or_init(model::schema))
}
