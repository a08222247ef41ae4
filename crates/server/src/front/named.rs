//! What a request names by its header fields: the user that it is for, and whatever else stands there once at most.

use crate::caller::{Field, Fields, Known, is_user_name, other_user};
use crate::problem::Problem;
use http::StatusCode;

/// The user that the call is for.
pub(crate) fn user<'a>(field: Field<'a>, known: &'a Known) -> Result<Option<&'a str>, Problem> {
    let named = text(field, "Stepgate-User")?;
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

/// The environment of the connector.
pub(crate) fn environment<'a>(fields: &Fields<'a>) -> Result<Option<&'a str>, Problem> {
    text(fields.environment, "Stepgate-Environment")
}

/// Which connection is meant, where a user has several.
pub(crate) fn connection<'a>(fields: &Fields<'a>) -> Result<Option<&'a str>, Problem> {
    text(fields.connection, "Stepgate-Connection")
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

/// A field that stands there at most once.
fn text<'a>(field: Field<'a>, name: &str) -> Result<Option<&'a str>, Problem> {
    let bytes = match field {
        Field::Absent => return Ok(None),
        Field::Once(bytes) => bytes,
        Field::Repeated => &[],
    };
    match std::str::from_utf8(bytes) {
        Ok(text) if !text.is_empty() => Ok(Some(text)),
        _ => Err(Problem::new(
            StatusCode::BAD_REQUEST,
            "bad_header",
            format!("The header {name} must stand there once, as text."),
        )),
    }
}
