//! `Prefer: wait=N` (RFC 7240): how long a caller would wait for somebody to sign in.

use http::{HeaderMap, HeaderName};

const PREFER: HeaderName = HeaderName::from_static("prefer");

/// The seconds a caller prefers to wait; 0 where it says nothing that can be read.
pub(crate) fn wait(headers: &HeaderMap) -> u64 {
    headers
        .get_all(PREFER)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split([',', ';']))
        .filter_map(|preference| preference.split_once('='))
        .find(|(name, _)| name.trim().eq_ignore_ascii_case("wait"))
        .and_then(|(_, value)| value.trim().trim_matches('"').parse().ok())
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::wait;
    use http::HeaderMap;

    #[test]
    fn what_cannot_be_read_is_no_preference() {
        for (text, expected) in [
            ("wait=10", 10),
            ("respond-async, Wait = 5", 5),
            ("wait=\"7\"", 7),
            ("wait=-1", 0),
            ("wait", 0),
            ("return=minimal", 0),
        ] {
            let mut headers = HeaderMap::new();
            headers.append("prefer", text.parse().unwrap());
            assert_eq!(wait(&headers), expected, "{text}");
        }
        assert_eq!(wait(&HeaderMap::new()), 0);
    }
}
