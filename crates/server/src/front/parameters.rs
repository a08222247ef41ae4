//! The body of `POST /call/…`: the parameters of an endpoint.

use crate::problem::Problem;
use gateway::BODY_LIMIT;
use http::header::{ALLOW, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use serde::Deserialize;
use serde_json::{Map, Value};
use std::time::Duration;

/// How long a caller may take to send its parameters.
const MOST: Duration = Duration::from_secs(30);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sent {
    #[serde(default)]
    parameters: Map<String, Value>,
}

/// Whether a request may bring parameters.
pub(crate) fn check(method: &Method, headers: &HeaderMap) -> Result<(), Problem> {
    if *method != Method::POST {
        let allow = (ALLOW, HeaderValue::from_static("POST"));
        let problem = Problem::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "method_not_allowed",
            "An endpoint is called by POST, whatever its own method.",
        );
        return Err(problem.header(allow.0, allow.1));
    }
    let is_json = |value: &HeaderValue| {
        let essence = value.as_bytes().split(|byte| *byte == b';').next();
        essence.is_some_and(|essence| {
            essence
                .trim_ascii()
                .eq_ignore_ascii_case(b"application/json")
        })
    };
    match headers.get(CONTENT_TYPE) {
        Some(other) if !is_json(other) => Err(Problem::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "unsupported_media_type",
            "The body of a call is application/json.",
        )),
        _ => Ok(()),
    }
}

/// Reads them.
pub(crate) async fn read(body: Incoming) -> Result<Map<String, Value>, Problem> {
    // Of a body that is there already no timer is made.
    let collected = tokio::time::timeout(MOST, Limited::new(body, BODY_LIMIT).collect()).await;
    let bytes = match collected {
        Ok(Ok(collected)) => collected.to_bytes(),
        Ok(Err(error)) if error.is::<http_body_util::LengthLimitError>() => {
            return Err(Problem::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                "body_too_large",
                format!("The body is larger than {BODY_LIMIT} bytes."),
            ));
        }
        Ok(Err(error)) => {
            return Err(Problem::new(
                StatusCode::BAD_REQUEST,
                "body_broken",
                format!("The body could not be read to its end: {error}."),
            ));
        }
        Err(_) => {
            return Err(Problem::new(
                StatusCode::REQUEST_TIMEOUT,
                "body_too_slow",
                "The body took too long.",
            ));
        }
    };
    if bytes.is_empty() {
        return Ok(Map::new());
    }
    let sent: Result<Sent, _> = serde_json::from_slice(&bytes);
    sent.map(|sent| sent.parameters).map_err(|error| {
        Problem::new(
            StatusCode::BAD_REQUEST,
            "bad_body",
            format!("The body is not a call's: {error}."),
        )
        .help("Send {\"parameters\": {…}}.")
    })
}
