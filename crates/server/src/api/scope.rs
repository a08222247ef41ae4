//! What `{{` may name where somebody types: for completion, hover texts and "insert as".

use model::{InScope, Overrides, Readable, ReadableKind, Source, Whereabouts};
use serde::{Deserialize, Serialize};
use template::Filter;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::body::Json;
use crate::api::connector_text::refused;
use crate::api::person::Person;
use crate::api::state::Api;
use crate::problem::Problem;

/// A place in a text.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Asked {
    /// The definition, as YAML or JSON. It may have problems; a template that is open at the place may even break the YAML.
    text: String,
    /// The place by its path, which need not be there yet.
    #[schema(example = "auth_flow.steps[1].request.url")]
    path: Option<String>,
    /// Or by its line, from 1,
    line: Option<usize>,
    /// and column, from 1, in characters.
    column: Option<usize>,
}

/// What can be named in a place.
#[derive(Serialize, ToSchema)]
struct ScopeView {
    /// The path of the value that the place is in.
    #[schema(example = "auth_flow.steps[1].request.url")]
    path: String,
    /// The nearest earlier step first, then steps that run later, then everything else.
    names: Vec<NameView>,
    /// What may follow after `|`.
    filters: Vec<FilterView>,
}

/// Something that a template can name.
#[derive(Serialize, ToSchema)]
struct NameView {
    /// As it is written between the braces.
    #[schema(example = "login.body")]
    path: String,
    /// `step`, `output`, `variable`, `secret`, `parameter` or `root`.
    #[schema(example = "output")]
    kind: &'static str,
    /// `string`, `number`, `boolean`, `object`, `array`, `null` or `any`, as far as the definition tells.
    #[serde(rename = "type")]
    #[schema(example = "any")]
    value_type: &'static str,
    /// The step whose output it is.
    step: Option<String>,
    /// The flow of that step.
    #[schema(example = "auth_flow")]
    flow: Option<&'static str>,
    /// One sentence.
    about: String,
    /// Whether it is sure to be there; else only a run can tell.
    certain: bool,
    /// Whether its step runs after this place: to be shown, but it cannot be named here.
    later: bool,
}

/// What may be done to a value.
#[derive(Serialize, ToSchema)]
struct FilterView {
    #[schema(example = "base64url")]
    name: &'static str,
    /// One sentence.
    about: &'static str,
}

/// The routes of this file.
pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(scope))
}

/// Tells what a template may name in a place
#[utoipa::path(post, path = "/scope", tag = "editor", request_body = Asked,
    responses((status = 200, description = "The names and filters.", body = ScopeView)))]
async fn scope(_: Person, Json(asked): Json<Asked>) -> Result<axum::Json<ScopeView>, Problem> {
    let place = asked.place()?;
    let source = Source::new("the definition", asked.text);
    // A large text takes longer to read than a task of the runtime should.
    let found = tokio::task::spawn_blocking(move || {
        model::in_scope(&source, &Overrides::default(), &place)
    });
    let found = found.await.map_err(|error| Problem::internal(&error))?;
    let found = found.map_err(|problems| refused(&problems))?;
    Ok(axum::Json(found.into()))
}

impl Asked {
    fn place(&self) -> Result<Whereabouts, Problem> {
        match (&self.path, self.line, self.column) {
            (Some(path), None, None) => Ok(Whereabouts::Path(path.clone())),
            (None, Some(line), Some(column)) => Ok(Whereabouts::Position { line, column }),
            _ => Err(Problem::invalid(
                "path",
                "Name the place by `path`, or by `line` and `column`.",
            )),
        }
    }
}

impl From<InScope> for ScopeView {
    fn from(found: InScope) -> Self {
        let filters = Filter::NAMES.into_iter();
        Self {
            path: found.path,
            names: found.names.into_iter().map(NameView::from).collect(),
            filters: filters
                .map(|name| FilterView {
                    name,
                    about: Filter::about(name),
                })
                .collect(),
        }
    }
}

impl From<Readable> for NameView {
    fn from(readable: Readable) -> Self {
        Self {
            kind: match readable.kind {
                ReadableKind::Step => "step",
                ReadableKind::Output => "output",
                ReadableKind::Variable => "variable",
                ReadableKind::Secret => "secret",
                ReadableKind::Parameter => "parameter",
                ReadableKind::Root => "root",
            },
            path: readable.path,
            value_type: readable.value_type,
            step: readable.step,
            flow: readable.flow,
            about: readable.about,
            certain: readable.certain,
            later: readable.later,
        }
    }
}
