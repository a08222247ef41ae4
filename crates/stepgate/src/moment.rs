//! Points in time as people and programs read them.

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// Unix seconds as RFC 3339, in UTC.
pub(crate) fn written(unix: i64) -> String {
    OffsetDateTime::from_unix_timestamp(unix)
        .ok()
        .and_then(|moment| moment.format(&Rfc3339).ok())
        .unwrap_or_else(|| unix.to_string())
}

#[cfg(test)]
mod tests {
    use super::written;

    #[test]
    fn moments_are_rfc_3339() {
        assert_eq!(written(0), "1970-01-01T00:00:00Z");
        assert_eq!(written(i64::MAX), i64::MAX.to_string());
    }
}
