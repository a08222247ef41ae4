//! What the API refuses: one function for each thing that a caller of it can act on.

use http::header::RETRY_AFTER;
use http::{HeaderValue, StatusCode};
use model::Words;
use serde_json::Value;

use crate::api::password::PasswordError;
use crate::problem::Problem;
use gateway::{Retry, WhoseFault};

impl Problem {
    /// Nothing shows which of our people asks.
    pub(crate) fn nobody() -> Self {
        Self::unauthenticated(
            "not_signed_in",
            "This needs one of your people: no session and no personal API token was shown, or it has ended.",
        )
        .help("Sign in by POST /api/session, or send `Authorization: Bearer sg_pat_…`.")
    }

    /// The login and password do not fit, whatever the reason.
    pub(crate) fn wrong_login() -> Self {
        Self::unauthenticated("wrong_login", "The login or the password is wrong.")
    }

    /// Too many tries.
    pub(crate) fn too_many_tries(wait: i64) -> Self {
        Self::new(
            StatusCode::TOO_MANY_REQUESTS,
            "too_many_tries",
            format!("There were too many tries; the next is taken in {wait} s."),
        )
        .retry(Retry::Later)
        .header(RETRY_AFTER, HeaderValue::from(wait))
    }

    /// Somebody else may.
    pub(crate) fn forbidden(code: &'static str, detail: impl Into<Words>) -> Self {
        Self::new(StatusCode::FORBIDDEN, code, detail)
    }

    /// It does not go with what is there.
    pub(crate) fn conflict(code: &'static str, detail: impl Into<Words>) -> Self {
        Self::new(StatusCode::CONFLICT, code, detail)
    }

    /// The request cannot be read.
    pub(crate) fn bad_request(code: &'static str, detail: impl Into<Words>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, detail)
    }

    /// Another media type.
    pub(crate) fn media_type(taken: &str) -> Self {
        Self::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "unsupported_media_type",
            format!("The body must be {taken}."),
        )
    }

    /// A body that is too large.
    pub(crate) fn too_large(most: usize) -> Self {
        Self::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "body_too_large",
            format!("The body is larger than {most} bytes."),
        )
    }

    /// A body that does not come in its time.
    pub(crate) fn too_slow() -> Self {
        Self::new(
            StatusCode::REQUEST_TIMEOUT,
            "body_too_slow",
            "The body took too long.",
        )
        .retry(Retry::Later)
        .help("Send it at once.")
    }

    /// A value that is not taken; `field` says which.
    pub(crate) fn invalid(field: &str, detail: impl Into<String>) -> Self {
        let detail = format!("`{field}`: {}", detail.into());
        Self::shape(detail).more("field", field)
    }

    /// A body of another shape.
    pub(crate) fn shape(detail: impl Into<String>) -> Self {
        Self::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "invalid_value",
            sentence(&detail.into()),
        )
    }

    /// A definition with errors.
    pub(crate) fn definition(problems: Value) -> Self {
        let detail = match problems.as_array().map_or(0, Vec::len) {
            1 => "The definition was not saved: it has an error.".to_owned(),
            count => {
                format!("The definition was not saved: it has {count} problems, errors among them.")
            }
        };
        Self::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "invalid_definition",
            detail,
        )
        .fault(WhoseFault::Builder)
        .more("problems", problems)
    }

    /// `If-Match` is needed.
    pub(crate) fn if_match_missing(newest: u64) -> Self {
        Self::new(
            StatusCode::PRECONDITION_REQUIRED,
            "if_match_required",
            "Say which version you have seen, so that nobody's change is lost.",
        )
        .help(format!(
            "Send `If-Match: \"{newest}\"` after you have looked at that version, or `If-Match: *`."
        ))
        .more("version", newest)
    }

    /// It was changed since.
    pub(crate) fn other_version(newest: u64) -> Self {
        Self::new(
            StatusCode::PRECONDITION_FAILED,
            "other_version",
            format!(
                "It was changed since you read it: the newest version is {newest}. Nothing was changed."
            ),
        )
        .help("Read it again, and apply your change to that.")
        .more("version", newest)
    }

    /// What axum itself has answered, in our form.
    pub(crate) fn of_status(status: StatusCode, detail: &str) -> Self {
        let code = match status {
            StatusCode::NOT_FOUND => "not_found",
            StatusCode::METHOD_NOT_ALLOWED => "method_not_allowed",
            StatusCode::PAYLOAD_TOO_LARGE => "body_too_large",
            StatusCode::UNSUPPORTED_MEDIA_TYPE => "unsupported_media_type",
            status if status.is_server_error() => "internal",
            _ => "bad_request",
        };
        let reason = status.canonical_reason().unwrap_or("Error");
        let detail = match detail.trim() {
            "" => format!("{reason}."),
            detail => sentence(detail),
        };
        let problem = Self::new(status, code, detail);
        match status.is_server_error() {
            true => problem.fault(WhoseFault::Stepgate),
            false => problem,
        }
    }
}

impl From<PasswordError> for Problem {
    fn from(error: PasswordError) -> Self {
        match error {
            PasswordError::Busy => Self::busy(),
            PasswordError::Hashing => Self::internal(&error),
            PasswordError::TooShort | PasswordError::TooLong | PasswordError::TooPlain => {
                Self::invalid("password", sentence(&error.to_string()))
            }
        }
    }
}

/// With a capital letter and a full stop.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string());
    let end = if text.ends_with('.') { "" } else { "." };
    format!("{}{}{end}", first.unwrap_or_default(), letters.as_str())
}
