//! What an address of a connector looks like, for the reader and for the schema.

use super::Path;

/// Whether a text matches [`url_pattern`].
pub(crate) fn looks_like_url(raw: &str, allowed: Path) -> bool {
    let Some((scheme, rest)) = raw.split_once("://") else {
        return false;
    };
    let (host, path) = match rest.find('/') {
        Some(slash) => rest.split_at(slash),
        None => (rest, ""),
    };
    let host_fits = !host.is_empty()
        && !host.contains(|c: char| c.is_ascii_whitespace() || "?#@\\{}".contains(c));
    let path_fits = match allowed {
        Path::Allowed => !path.contains(|c: char| c.is_ascii_whitespace() || "?#\\{}".contains(c)),
        Path::None => path.is_empty() || path == "/",
    };
    (scheme == "https" || scheme == "http") && host_fits && path_fits
}

/// The pattern of [`looks_like_url`], for the schema.
pub(crate) fn url_pattern(allowed: Path) -> &'static str {
    match allowed {
        Path::Allowed => r"^https?://[^/?#@\\{}\t\n\f\r ]+(/[^?#\\{}\t\n\f\r ]*)?$",
        Path::None => r"^https?://[^/?#@\\{}\t\n\f\r ]+/?$",
    }
}
