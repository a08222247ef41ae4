//! The description of the API, OpenAPI 3.1, made from the handlers themselves.

use std::sync::OnceLock;

use serde::Serialize;
use serde_json::Value;
use utoipa::openapi::path::Operation;
use utoipa::openapi::security::{
    ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme,
};
use utoipa::openapi::{
    ContentBuilder, InfoBuilder, OpenApi, Ref, RefOr, ResponseBuilder, ServerBuilder,
};
use utoipa::{PartialSchema, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::state::Api;

/// An error (RFC 9457). Some codes bring further members.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[allow(dead_code, reason = "it describes; problems are written elsewhere")]
struct ProblemDocument {
    #[schema(example = "about:blank")]
    r#type: String,
    #[schema(example = "Conflict")]
    title: String,
    #[schema(example = 409, minimum = 400, maximum = 599)]
    status: u16,
    /// What happened, for people.
    detail: String,
    /// A stable word for it.
    #[schema(example = "sign_in_required")]
    code: String,
    whose_fault: Fault,
    retry: Retry,
    /// Names the request in the log.
    request_id: Option<String>,
    /// Where a person signs in, where that is what is missing.
    sign_in_url: Option<String>,
    /// What to do.
    help: Option<String>,
}

/// Who can mend it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[allow(dead_code, reason = "it describes")]
enum Fault {
    /// Whoever sent the request.
    Caller,
    /// Whoever wrote the definition.
    Builder,
    /// The API behind the connector.
    Api,
    /// Stepgate, or whoever runs it.
    Stepgate,
}

/// Whether the same request may work later.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[allow(dead_code, reason = "it describes")]
enum Retry {
    /// It will not.
    No,
    /// Once a person has signed in.
    AfterSignIn,
    /// After a while.
    Later,
}

/// What every answer of `/api` that is an error is called in the document.
const PROBLEM: &str = "Problem";

/// Completes what the handlers say: title, errors, and how callers show who they are.
pub(crate) fn complete(mut document: OpenApi) -> OpenApi {
    document.info = InfoBuilder::new()
        .title("Stepgate")
        .description(Some(
            "Signs in to APIs whose sign-in takes more than one step, and keeps the result. Errors are RFC 9457 problems.",
        ))
        .version(env!("CARGO_PKG_VERSION"))
        .build();
    document.servers = Some(vec![ServerBuilder::new().url("/").build()]);
    let components = document.components.get_or_insert_default();
    components
        .schemas
        .insert(PROBLEM.to_owned(), ProblemDocument::schema());
    let mut others = Vec::new();
    ProblemDocument::schemas(&mut others);
    components.schemas.extend(others);
    for (name, scheme) in schemes() {
        components.security_schemes.insert(name.to_owned(), scheme);
    }
    for (path, item) in &mut document.paths.paths {
        let operations = [
            ("get", item.get.as_mut()),
            ("put", item.put.as_mut()),
            ("post", item.post.as_mut()),
            ("patch", item.patch.as_mut()),
            ("delete", item.delete.as_mut()),
        ];
        for (method, operation) in operations {
            if let Some(operation) = operation {
                operation.operation_id = Some(name(method, path));
                describe(operation);
            }
        }
    }
    document
}

/// A name for an operation that no other has: `get_apps_name_keys`.
fn name(method: &str, path: &str) -> String {
    let below = path.strip_prefix("/api/").unwrap_or(path);
    let words = below.split(|c: char| !c.is_ascii_alphanumeric());
    let words = words.filter(|word| !word.is_empty());
    std::iter::once(method)
        .chain(words)
        .collect::<Vec<_>>()
        .join("_")
}

/// The routes of this file.
pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(document))
}

/// Tells this document
#[utoipa::path(get, path = "/openapi.json", tag = "document", security(()),
    responses((status = 200, description = "OpenAPI 3.1.", body = serde_json::Value)))]
async fn document() -> axum::Json<&'static Value> {
    static DOCUMENT: OnceLock<Value> = OnceLock::new();
    axum::Json(DOCUMENT.get_or_init(|| {
        let (_, document) = super::documented();
        // It is made of texts and maps, which JSON always has.
        serde_json::to_value(document).unwrap_or_default()
    }))
}

/// Every operation may end in a problem; those that say nothing else are for our own people.
fn describe(operation: &mut Operation) {
    let problem = ContentBuilder::new()
        .schema(Some(RefOr::Ref(Ref::from_schema_name(PROBLEM))))
        .build();
    let response = ResponseBuilder::new()
        .description("What went wrong, whose fault it is, and what to do.")
        .content("application/problem+json", problem)
        .build();
    operation
        .responses
        .responses
        .insert("default".to_owned(), response.into());
    let people = || {
        vec![
            SecurityRequirement::new::<_, _, String>("person_token", []),
            SecurityRequirement::new::<_, _, String>("session", []).add::<_, _, String>("csrf", []),
        ]
    };
    operation.security.get_or_insert_with(people);
}

fn schemes() -> [(&'static str, SecurityScheme); 6] {
    let bearer = |form: &str, about: &str| {
        let scheme = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .bearer_format(form)
            .description(Some(about));
        SecurityScheme::Http(scheme.build())
    };
    let header = |name: &str, about: &str| {
        SecurityScheme::ApiKey(ApiKey::Header(ApiKeyValue::with_description(name, about)))
    };
    [
        (
            "person_token",
            bearer("sg_pat_…", "A personal API token of one of our people."),
        ),
        (
            "session",
            SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::with_description(
                crate::api::cookie::NAME,
                "The session of one of our people, from POST /api/session.",
            ))),
        ),
        (
            "csrf",
            header(
                "Stepgate-Csrf",
                "Needed with a session for all but GET; GET /api/session tells it.",
            ),
        ),
        ("app_key", header("Stepgate-Key", "The key of an app.")),
        (
            "app_key_bearer",
            bearer(
                "sg_app_…",
                "The key of an app, where a client sends no other header.",
            ),
        ),
        (
            "user_token",
            bearer(
                "sg_user_…",
                "A short-lived token of one of an app's users, from POST /api/user-tokens.",
            ),
        ),
    ]
}
