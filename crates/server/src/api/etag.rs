//! Versions as entity tags, and what a writer says about the version that it has seen (RFC 9110 8.8.3 and 13.1.1).

use http::header::{ETAG, IF_MATCH};
use http::{HeaderMap, HeaderName, HeaderValue};

use crate::problem::Problem;

/// What `If-Match` says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Expected {
    /// Nothing: the header is not there.
    Nothing,
    /// `*`: whatever version there is.
    Any,
    /// One of these. Tags that are none of ours fit no version.
    OneOf(Vec<u64>),
}

impl Expected {
    /// Reads the header.
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let mut tags = Vec::new();
        let mut is_there = false;
        for value in headers.get_all(IF_MATCH) {
            is_there = true;
            let value = value.to_str().unwrap_or_default();
            if value.trim() == "*" {
                return Self::Any;
            }
            tags.extend(value.split(',').filter_map(version));
        }
        match is_there {
            true => Self::OneOf(tags),
            false => Self::Nothing,
        }
    }

    /// The version to write over, where the newest is the one that was seen.
    ///
    /// # Errors
    /// 412 where another was seen, 428 where the header is needed and missing.
    pub(crate) fn required(&self, newest: u64) -> Result<u64, Problem> {
        match self {
            Self::Nothing => Err(Problem::if_match_missing(newest)),
            _ => self.optional(newest),
        }
    }

    /// As [`Expected::required`], where the header may be left out.
    ///
    /// # Errors
    /// 412 where another was seen.
    pub(crate) fn optional(&self, newest: u64) -> Result<u64, Problem> {
        match self {
            Self::OneOf(seen) if !seen.contains(&newest) => Err(Problem::other_version(newest)),
            _ => Ok(newest),
        }
    }
}

/// The header that tells a version.
pub(crate) fn etag(version: u64) -> [(HeaderName, HeaderValue); 1] {
    let tag = HeaderValue::try_from(format!("\"{version}\""));
    // Digits and quotes are always a header value.
    let tag = tag.unwrap_or_else(|_| HeaderValue::from_static("\"\""));
    [(ETAG, tag)]
}

fn version(tag: &str) -> Option<u64> {
    // A weak tag never matches here (RFC 9110 13.1.1).
    let digits = tag.trim().strip_prefix('"')?.strip_suffix('"')?;
    let version = digits.parse().ok()?;
    (format!("{version}") == digits).then_some(version)
}

#[cfg(test)]
mod tests {
    use super::{Expected, HeaderMap, HeaderValue, IF_MATCH};

    #[test]
    fn if_match_is_read_strictly() {
        let table: [(&[&str], Expected); 8] = [
            (&[], Expected::Nothing),
            (&["*"], Expected::Any),
            (&["\"7\""], Expected::OneOf(vec![7])),
            (&["\"7\", \"9\"", "\"11\""], Expected::OneOf(vec![7, 9, 11])),
            (&["W/\"7\""], Expected::OneOf(vec![])),
            (&["7"], Expected::OneOf(vec![])),
            (&["\"07\""], Expected::OneOf(vec![])),
            (&["\"99999999999999999999\""], Expected::OneOf(vec![])),
        ];
        for (values, expected) in table {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(IF_MATCH, HeaderValue::from_static(value));
            }
            assert_eq!(Expected::of(&headers), expected, "{values:?}");
        }
    }

    #[test]
    fn only_the_version_that_was_seen_is_written_over() {
        let seen = Expected::OneOf(vec![7]);
        assert_eq!(seen.required(7).unwrap(), 7);
        assert_eq!(seen.required(8).unwrap_err().status.as_u16(), 412);
        assert_eq!(Expected::Any.required(8).unwrap(), 8);
        assert_eq!(
            Expected::Nothing.required(8).unwrap_err().status.as_u16(),
            428
        );
        assert_eq!(Expected::Nothing.optional(8).unwrap(), 8);
    }
}
