//! What a request names by its header fields: the user that it is for, and whatever else stands there once at most.

use crate::caller::{Known, USER, is_user_name, other_user};
use crate::problem::Problem;
use http::header::HeaderName;
use http::{HeaderMap, StatusCode};

/// The user that the call is for.
pub(crate) fn user<'a>(
    headers: &'a HeaderMap,
    known: &'a Known,
) -> Result<Option<&'a str>, Problem> {
    let named = text(headers, &USER)?;
    match (&known.user, named) {
        (Some(user), Some(named)) if user != named => Err(other_user()),
        (Some(user), _) => Ok(Some(user)),
        (None, Some(user)) if !is_user_name(user) => Err(Problem::new(
            StatusCode::BAD_REQUEST,
            "bad_user",
            "Stepgate-User is not 1 to 256 visible characters.",
        )),
        (None, named) => Ok(named),
    }
}

/// A field that stands there at most once.
pub(crate) fn text<'a>(
    headers: &'a HeaderMap,
    name: &HeaderName,
) -> Result<Option<&'a str>, Problem> {
    let mut values = headers.get_all(name).iter();
    let Some(value) = values.next() else {
        return Ok(None);
    };
    match std::str::from_utf8(value.as_bytes()) {
        Ok(text) if values.next().is_none() && !text.is_empty() => Ok(Some(text)),
        _ => Err(Problem::new(
            StatusCode::BAD_REQUEST,
            "bad_header",
            format!("The header {name} must stand there once, as text."),
        )),
    }
}

/// The refusal where nobody is named and somebody has to be.
pub(crate) fn user_missing() -> Problem {
    Problem::new(
        StatusCode::BAD_REQUEST,
        "user_required",
        "The connector's connections belong to users, and the call does not say whose it is.",
    )
    .help("Send Stepgate-User: your name for the user.")
}
