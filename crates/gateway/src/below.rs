//! Puts a caller's path below the base URL, because a path must never be able to choose the host that gets the credential.

use crate::error::CallError;
use percent_encoding::percent_decode_str;
use url::Url;

/// Why a caller's path was not taken.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Refusal {
    /// A scheme or an authority stands at its start.
    NamesAHost,
    /// A `.` or `..` segment, plain or encoded, would leave the base path.
    DotSegment,
    /// A backslash, which some servers read as a slash.
    Backslash,
    /// A control character, plain or encoded.
    Control,
    /// A fragment, which is never sent.
    Fragment,
    /// What came out is not below the base URL.
    Outside,
}

impl Refusal {
    /// The sentence for the caller.
    pub(crate) fn message(self) -> &'static str {
        match self {
            Self::NamesAHost => "The path names a host of its own.",
            Self::DotSegment => "The path has a dot segment.",
            Self::Backslash => "The path has a backslash.",
            Self::Control => "The path has a control character.",
            Self::Fragment => "The path has a fragment (#), which is never sent.",
            Self::Outside => "The path does not stay below the base URL.",
        }
    }
}

/// The URL of `path` (which may bring a query) below `base`. The host, port and scheme are those of `base`, always.
///
/// # Errors
/// A path that tries to be more than a path is refused rather than mended: mending hides what the caller meant.
pub(crate) fn below(base: &Url, path: &str) -> Result<Url, Refusal> {
    let (path, query) = match path.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (path, None),
    };
    judge(path)?;
    if query.is_some_and(|query| query.contains('#')) {
        return Err(Refusal::Fragment);
    }
    if query.is_some_and(|query| query.chars().any(char::is_control)) {
        return Err(Refusal::Control);
    }
    let stem = base.path().trim_end_matches('/');
    let mut url = base.clone();
    url.set_fragment(None);
    url.set_path(&format!(
        "{stem}/{}",
        path.strip_prefix('/').unwrap_or(path)
    ));
    if path.is_empty() {
        url.set_path(base.path());
    }
    // A query of the base URL itself (`?api-version=2`) belongs to every call.
    match (base.query(), query) {
        (Some(fixed), Some(own)) if !fixed.is_empty() && !own.is_empty() => {
            url.set_query(Some(&format!("{fixed}&{own}")));
        }
        (_, Some(own)) if !own.is_empty() => url.set_query(Some(own)),
        _ => {}
    }
    let same_place = url.scheme() == base.scheme()
        && url.host() == base.host()
        && url.port_or_known_default() == base.port_or_known_default()
        && url.username() == base.username()
        && url.password() == base.password();
    let inside = url.path() == base.path() || url.path().starts_with(&format!("{stem}/"));
    if same_place && inside {
        Ok(url)
    } else {
        Err(Refusal::Outside)
    }
}

/// A caller's path at a connector that has one address: nothing but a query, which a `/` may stand before.
///
/// # Errors
/// Any other path.
pub(crate) fn at_the_one_address(path: &str) -> Result<&str, CallError> {
    let rest = path.strip_prefix('/').unwrap_or(path);
    match rest.is_empty() || rest.starts_with('?') {
        true => Ok(rest),
        false => Err(CallError::BadPath(
            "This connector speaks GraphQL at one address: call it without a path.",
        )),
    }
}

fn judge(path: &str) -> Result<(), Refusal> {
    if path.contains('#') {
        return Err(Refusal::Fragment);
    }
    // Decoded until nothing changes: `%252e` must not become a dot two servers further on.
    let mut seen = path.to_owned();
    for _ in 0..4 {
        judge_once(&seen)?;
        let decoded = percent_decode_str(&seen).decode_utf8_lossy().into_owned();
        if decoded == seen {
            return Ok(());
        }
        seen = decoded;
    }
    Err(Refusal::DotSegment)
}

fn judge_once(path: &str) -> Result<(), Refusal> {
    if path.chars().any(char::is_control) {
        return Err(Refusal::Control);
    }
    if path.contains('\\') {
        return Err(Refusal::Backslash);
    }
    if path.starts_with("//") || names_a_scheme(path) {
        return Err(Refusal::NamesAHost);
    }
    let dotted = |segment: &str| {
        // A path parameter (`..;v=1`) hides a dot segment from a check that compares whole segments.
        let bare = segment.split(';').next().unwrap_or(segment).trim();
        bare == "." || bare == ".."
    };
    if path.split('/').any(dotted) {
        return Err(Refusal::DotSegment);
    }
    Ok(())
}

/// `https://evil`, `https:evil`, but not `/v1/users:batch`: only a scheme at the very start counts.
fn names_a_scheme(path: &str) -> bool {
    let Some((scheme, rest)) = path.split_once(':') else {
        return false;
    };
    let word = scheme.chars().enumerate().all(|(index, character)| {
        character.is_ascii_alphabetic()
            || (index > 0 && (character.is_ascii_digit() || matches!(character, '+' | '-' | '.')))
    });
    word && !scheme.is_empty()
        && (rest.starts_with("//")
            || matches!(
                scheme.to_ascii_lowercase().as_str(),
                "http" | "https" | "file" | "ftp"
            ))
}

#[cfg(test)]
mod tests {
    use super::{Refusal, below};
    use url::Url;

    #[test]
    fn attack_31_a_callers_path_never_changes_the_host() {
        let base = Url::parse("https://api.example.org/v1").unwrap();
        let table: &[(&str, Result<&str, Refusal>)] = &[
            ("/users", Ok("https://api.example.org/v1/users")),
            ("users", Ok("https://api.example.org/v1/users")),
            ("", Ok("https://api.example.org/v1")),
            ("/", Ok("https://api.example.org/v1/")),
            (
                "/users?x=1&y=%2F",
                Ok("https://api.example.org/v1/users?x=1&y=%2F"),
            ),
            ("/a%20b/c", Ok("https://api.example.org/v1/a%20b/c")),
            ("/files/a%2Fb", Ok("https://api.example.org/v1/files/a%2Fb")),
            ("/users:batch", Ok("https://api.example.org/v1/users:batch")),
            ("users:batch", Ok("https://api.example.org/v1/users:batch")),
            ("@evil", Ok("https://api.example.org/v1/@evil")),
            (
                "/@evil.example",
                Ok("https://api.example.org/v1/@evil.example"),
            ),
            (":8443/x", Ok("https://api.example.org/v1/:8443/x")),
            (
                ".evil.example",
                Ok("https://api.example.org/v1/.evil.example"),
            ),
            ("//evil", Err(Refusal::NamesAHost)),
            ("///evil", Err(Refusal::NamesAHost)),
            ("/%2f/evil", Err(Refusal::NamesAHost)),
            ("https://evil.example/", Err(Refusal::NamesAHost)),
            ("HTTPS:evil.example", Err(Refusal::NamesAHost)),
            ("ws://evil.example", Err(Refusal::NamesAHost)),
            ("file:///etc/passwd", Err(Refusal::NamesAHost)),
            ("..", Err(Refusal::DotSegment)),
            ("/../v2", Err(Refusal::DotSegment)),
            ("/..%2fv2", Err(Refusal::DotSegment)),
            ("/%2e%2e/v2", Err(Refusal::DotSegment)),
            ("/%252e%252e/v2", Err(Refusal::DotSegment)),
            ("/.%2E/v2", Err(Refusal::DotSegment)),
            ("/a/./b", Err(Refusal::DotSegment)),
            ("/..;x=1/v2", Err(Refusal::DotSegment)),
            ("/\\evil", Err(Refusal::Backslash)),
            ("\\\\evil", Err(Refusal::Backslash)),
            ("/%5c%5cevil", Err(Refusal::Backslash)),
            ("/a\r\nHost: evil", Err(Refusal::Control)),
            ("/a%0d%0aHost: evil", Err(Refusal::Control)),
            ("/a%00", Err(Refusal::Control)),
            ("/\t/evil", Err(Refusal::Control)),
            ("/a?b=\r\nc", Err(Refusal::Control)),
            ("/a#b", Err(Refusal::Fragment)),
            ("/a?b#c", Err(Refusal::Fragment)),
        ];
        for (path, expected) in table {
            let found = below(&base, path);
            assert_eq!(
                found.as_ref().map(Url::as_str),
                expected.as_ref().copied(),
                "{path:?}"
            );
            if let Ok(url) = found {
                assert_eq!(url.host_str(), Some("api.example.org"), "{path:?}");
                assert_eq!((url.port(), url.username()), (None, ""), "{path:?}");
            }
        }
    }

    #[test]
    fn a_base_url_without_a_path_and_one_with_a_query_both_work() {
        let bare = Url::parse("http://127.0.0.1:9/").unwrap();
        assert_eq!(below(&bare, "/x").unwrap().as_str(), "http://127.0.0.1:9/x");
        assert_eq!(below(&bare, "").unwrap().as_str(), "http://127.0.0.1:9/");
        let fixed = Url::parse("https://api.example.org/v1/?version=2").unwrap();
        assert_eq!(
            below(&fixed, "/x?a=1").unwrap().as_str(),
            "https://api.example.org/v1/x?version=2&a=1"
        );
        assert_eq!(
            below(&fixed, "/x").unwrap().as_str(),
            "https://api.example.org/v1/x?version=2"
        );
    }
}
