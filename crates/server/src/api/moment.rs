//! Points in time as the API writes them: RFC 3339, in UTC.

use serde::{Serialize, Serializer};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use utoipa::ToSchema;

/// A point in time, RFC 3339 in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ToSchema)]
#[schema(value_type = String, format = DateTime, example = "2026-01-31T09:30:00Z")]
pub(crate) struct Moment(
    /// Seconds since 1970.
    pub(crate) i64,
);

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // What no calendar holds is the end of all days rather than an error.
        let last = time::macros::datetime!(9999-12-31 23:59:59 UTC);
        let moment = OffsetDateTime::from_unix_timestamp(self.0).unwrap_or(last);
        let text = moment.format(&Rfc3339).map_err(serde::ser::Error::custom)?;
        serializer.serialize_str(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::Moment;

    #[test]
    fn moments_are_rfc_3339() {
        let written = |unix| serde_json::to_string(&Moment(unix)).unwrap();
        assert_eq!(written(0), r#""1970-01-01T00:00:00Z""#);
        assert_eq!(written(i64::MAX), r#""9999-12-31T23:59:59Z""#);
    }
}
