//! An endpoint tried out by one of our own people, with a connection that is theirs to use: the shared one, or their own. A
//! user's connection is that user's: nobody reads with it here, an admin neither.

use crate::api::body::Json;
use crate::api::person::Person;
use crate::api::state::Api;
use crate::api::timeline_view::HeaderView;
use crate::problem::Problem;
use crate::signing_in::{PEOPLE, SigningIn, is_shared};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use connection::{Equipped, Selector};
use flow::Silent;
use gateway::{Call, CallBody, Given, Target};
use http::HeaderMap;
use http::header::CACHE_CONTROL;
use model::KeepIn;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use std::time::Instant;
use store::SHARED;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The largest body that is shown.
const LARGEST_BODY: usize = 1 << 20;

/// A call to be tried.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewTry {
    #[schema(example = "read_page")]
    endpoint: String,
    /// Its parameters.
    #[serde(default)]
    parameters: Map<String, Value>,
    environment: Option<String>,
    /// Which of your connections, by id, name or label, where there are several.
    connection: Option<String>,
}

/// What it was answered with.
#[derive(Serialize, ToSchema)]
struct TriedView {
    #[schema(example = 200)]
    status: u16,
    /// Without cookies, which went to the connection.
    headers: Vec<HeaderView>,
    /// As text; none where it is no text, or too large.
    body: Option<String>,
    /// The size of the body, decoded; none where it is too large to be read.
    bytes: Option<usize>,
    /// How long it took, the reading of the body included.
    millis: u64,
    /// How often it was sent.
    attempts: u8,
    /// Whether the session was renewed for it.
    renewed: bool,
    /// Whether it is what the endpoint expects.
    expected: bool,
    /// Why not, in the definition's words.
    why: Option<String>,
    /// The connection it was sent with; none where the endpoint needs none.
    connection_id: Option<String>,
    /// The same call by an app, as a line for a shell.
    curl: String,
}

/// The routes of this file.
pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(attempt))
}

/// Tries an endpoint of a connector
///
/// A real call: with the connector's shared connection, or with your own where each user has one. Sign in to that by
/// `POST /api/runs`.
#[utoipa::path(post, path = "/connectors/{name}/try", tag = "connectors", request_body = NewTry,
    params(("name" = String, Path, description = "The connector.", example = "wiki")),
    responses((status = 200, description = "What the API answered.", body = TriedView)))]
async fn attempt(
    State(signing_in): State<SigningIn>,
    person: Person,
    Path(name): Path<String>,
    Json(new): Json<NewTry>,
) -> Result<Response, Problem> {
    let served = signing_in.served(&name, new.environment.as_deref())?;
    let equipped = &served.equipped;
    let connections = &signing_in.state.connections;
    let endpoint = equipped.connector.endpoint(&new.endpoint);
    let attaches = endpoint.is_none_or(|endpoint| endpoint.attach);
    if attaches && equipped.connector.connection.keep_in == KeepIn::Browser {
        return Err(Problem::conflict(
            "kept_in_browser",
            "The credentials of this connector are kept by the pages of its apps.",
        )
        .help("Test the endpoint with the credential of a test run."));
    }
    let owner = match is_shared(&served) {
        true => SHARED.to_owned(),
        false => format!("{PEOPLE}/{}", person.login),
    };
    let selector = Selector {
        owner,
        name: new.connection.clone(),
    };
    let id = match attaches {
        true => connection(&signing_in, equipped, selector).await?,
        false => None,
    };
    let parameters = new.parameters.clone().into_iter();
    let call = Call {
        target: Target::Endpoint {
            name: new.endpoint.clone(),
            parameters: parameters
                .map(|(name, value)| (name, Given::Json(value)))
                .collect(),
        },
        body: CallBody::Empty,
    };
    let begun = Instant::now();
    let answer = gateway::call(connections, equipped, id.as_deref(), call, &mut Silent).await?;
    let (status, headers) = (answer.status.as_u16(), answer.headers.clone());
    let (attempts, renewed) = (answer.attempts, answer.renewed);
    let unexpected = answer.unexpected.clone();
    let expects = endpoint.is_some_and(|endpoint| endpoint.expect.is_some());
    let expected = match expects {
        true => unexpected.is_none(),
        false => status < 400,
    } && !answer.over;
    // One that is too large is told of by its status and headers.
    let read = answer.read(LARGEST_BODY).await.ok();
    let millis = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
    let view = TriedView {
        status,
        body: read
            .as_ref()
            .map(|body| flow::body_text(&headers, body))
            .filter(|text| !text.contains('\u{0}')),
        bytes: read.as_ref().map(bytes::Bytes::len),
        headers: fields(&headers),
        millis,
        attempts,
        renewed,
        expected,
        why: unexpected.and_then(|unexpected| unexpected.message),
        connection_id: id,
        curl: curl(&signing_in, &name, &new, is_shared(&served)),
    };
    Ok(([(CACHE_CONTROL, "no-store")], axum::Json(view)).into_response())
}

/// The connection that is meant; signed in to where there is none and that needs no person.
async fn connection(
    signing_in: &SigningIn,
    equipped: &Equipped,
    selector: Selector,
) -> Result<Option<String>, Problem> {
    let connections = &signing_in.state.connections;
    let found = connections.select(&equipped.connector, &selector).await?;
    match found {
        Some(record) => Ok(Some(record.id)),
        None if equipped.connector.may_sign_in_unattended() => {
            let handle = connections
                .sign_in_unattended(equipped, selector, &mut Silent)
                .await?;
            Ok(Some(handle.id().to_owned()))
        }
        None => Ok(None),
    }
}

fn fields(headers: &HeaderMap) -> Vec<HeaderView> {
    let view = |(name, value): (&http::HeaderName, &http::HeaderValue)| HeaderView {
        name: name.to_string(),
        value: String::from_utf8_lossy(value.as_bytes()).into_owned(),
    };
    headers.iter().map(view).collect()
}

/// The call as an app sends it, with its key left to the shell.
fn curl(signing_in: &SigningIn, connector: &str, new: &NewTry, is_shared: bool) -> String {
    let url = signing_in.url(&format!("/call/{connector}/{}", new.endpoint));
    let body = json!({ "parameters": new.parameters }).to_string();
    let mut line = format!(
        "curl {} -H \"Stepgate-Key: $KEY\" --json {}",
        quoted(url.as_str()),
        quoted(&body)
    );
    if !is_shared {
        line.push_str(" -H \"Stepgate-User: $USER\"");
    }
    if let Some(environment) = &new.environment {
        line.push_str(&format!(
            " -H {}",
            quoted(&format!("Stepgate-Environment: {environment}"))
        ));
    }
    line
}

/// As one word of a shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn a_word_for_a_shell_ends_where_it_should() {
        assert_eq!(quoted("a b"), "'a b'");
        assert_eq!(quoted("it's; rm"), "'it'\\''s; rm'");
    }
}
