//! What comes in a request's body: JSON of a known shape, or the text of a definition.

use axum::body::{Body, to_bytes};
use axum::extract::{FromRequest, Request};
use bytes::Bytes;
use http::HeaderMap;
use http::header::CONTENT_TYPE;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::error::Category;

use crate::front::TooSlow;
use crate::problem::Problem;

/// The most that a body may hold.
pub(crate) const MOST: usize = 1024 * 1024;

/// A body of JSON.
pub(crate) struct Json<T>(
    /// What was in it.
    pub(crate) T,
);

/// A body that is the text of a definition.
pub(crate) struct DefinitionText(
    /// The text.
    pub(crate) String,
);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let kind = media_type(request.headers());
        if !matches!(kind.as_deref(), Some("application/json")) {
            return Err(Problem::media_type("application/json"));
        }
        let bytes = read(request.into_body()).await?;
        if bytes.trim_ascii_start().first() != Some(&b'{') {
            // A struct would be read from a list as well, which no document says.
            return Err(match serde_json::from_slice::<IgnoredAny>(&bytes) {
                Ok(_) => Problem::shape("the body is no JSON object"),
                Err(error) => not_json(&error),
            });
        }
        serde_json::from_slice(&bytes)
            .map(Self)
            .map_err(|error| match error.classify() {
                Category::Data => Problem::shape(error.to_string()),
                Category::Syntax | Category::Eof | Category::Io => not_json(&error),
            })
    }
}

impl<S: Send + Sync> FromRequest<S> for DefinitionText {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let kind = media_type(request.headers());
        let is_taken = matches!(
            kind.as_deref(),
            Some(
                "text/yaml"
                    | "application/yaml"
                    | "application/x-yaml"
                    | "text/x-yaml"
                    | "application/json"
            )
        );
        if !is_taken {
            return Err(Problem::media_type(
                "text/yaml, application/yaml or application/json",
            ));
        }
        let bytes = read(request.into_body()).await?;
        String::from_utf8(bytes.into())
            .map(Self)
            .map_err(|_| Problem::bad_request("not_utf_8", "The definition is not UTF-8 text."))
    }
}

fn not_json(error: &serde_json::Error) -> Problem {
    Problem::bad_request("invalid_json", format!("The body is not JSON: {error}."))
}

async fn read(body: Body) -> Result<Bytes, Problem> {
    // What breaks off is not told apart from what is too long: nobody is there to read it.
    to_bytes(body, MOST)
        .await
        .map_err(|error| match TooSlow::caused(&error) {
            true => Problem::too_slow(),
            false => Problem::too_large(MOST),
        })
}

/// The media type in lower case, without its parameters.
fn media_type(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(CONTENT_TYPE)?.to_str().ok()?;
    let kind = value.split(';').next().unwrap_or(value);
    Some(kind.trim().to_ascii_lowercase())
}
