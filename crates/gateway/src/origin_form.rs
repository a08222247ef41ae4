//! The target of a call as it stands in the request line: the base path, the caller's, and what is attached to the query.

use crate::below::{at_the_one_address, below};
use crate::error::CallError;
use bytes::Bytes;
use http::uri::PathAndQuery;
use url::{Position, Url};

/// What every target of a connector begins with.
pub(crate) struct Base {
    url: Url,
    /// The path without a slash at its end.
    stem: String,
    /// Whether it is the only address.
    is_one: bool,
}

/// What is attached to a query.
#[derive(Default)]
pub(crate) struct AttachedQuery {
    /// Encoded: `a=1&b=2`.
    pub(crate) pairs: Box<str>,
    /// A caller's own pairs under these names go: never both.
    pub(crate) names: Box<[String]>,
}

impl Base {
    pub(crate) fn new(url: &Url) -> Self {
        let mut url = url.clone();
        url.set_fragment(None);
        Self {
            stem: url.path().trim_end_matches('/').to_owned(),
            url,
            is_one: false,
        }
    }

    /// The same where there is no other address.
    pub(crate) fn alone(self, is_one: bool) -> Self {
        Self { is_one, ..self }
    }

    pub(crate) fn url(&self) -> &Url {
        &self.url
    }

    pub(crate) fn stem(&self) -> &str {
        &self.stem
    }

    /// The target for a caller's path, which may bring a query.
    ///
    /// # Errors
    /// A path that would not stay below the base URL.
    pub(crate) fn target(
        &self,
        path: &str,
        attached: &AttachedQuery,
    ) -> Result<PathAndQuery, CallError> {
        let given = match self.is_one {
            true => at_the_one_address(path)?,
            false => path,
        };
        let (path, own) = given.split_once('?').unwrap_or((given, ""));
        let path = path.strip_prefix('/').unwrap_or(path);
        let target = if is_plain_path(path) && is_plain_query(own) {
            let fixed = self.url.query().unwrap_or_default();
            // To the byte where nothing is taken out, so that it is not allocated again to be shared.
            let queries = [fixed, own, &attached.pairs].into_iter();
            let queries = queries.filter(|query| !query.is_empty());
            let queries: usize = queries.map(|query| query.len() + 1).sum();
            let room = self.stem.len() + 1 + path.len() + queries;
            let mut target = String::with_capacity(room);
            target.push_str(&self.stem);
            target.push('/');
            target.push_str(path);
            attached.put(&mut target, &[fixed, own]);
            target
        } else {
            let url =
                below(&self.url, given).map_err(|refusal| CallError::BadPath(refusal.message()))?;
            let mut target = url[Position::BeforePath..Position::AfterPath].to_owned();
            attached.put(&mut target, &[url.query().unwrap_or_default()]);
            target
        };
        PathAndQuery::from_maybe_shared(Bytes::from(target))
            .map_err(|_| CallError::BadPath("The path is too long, or not one that can be sent."))
    }
}

impl AttachedQuery {
    fn put(&self, target: &mut String, queries: &[&str]) {
        let mut mark = '?';
        for query in queries {
            if self.names.is_empty() && !query.is_empty() {
                target.push(mark);
                mark = '&';
                target.push_str(query);
                continue;
            }
            for pair in query.split('&').filter(|pair| !pair.is_empty()) {
                if !is_pair_of(pair, &self.names) {
                    target.push(mark);
                    mark = '&';
                    target.push_str(pair);
                }
            }
        }
        if !self.pairs.is_empty() {
            target.push(mark);
            target.push_str(&self.pairs);
        }
    }
}

/// Whether a pair of a query has one of these names, however it is encoded.
pub(crate) fn is_pair_of(pair: &str, names: &[String]) -> bool {
    form_urlencoded::parse(pair.as_bytes())
        .next()
        .is_some_and(|(name, _)| names.iter().any(|own| name == own.as_str()))
}

/// Whether a path is of the common kind that needs no closer look: nothing encoded, no dot at the start of a segment,
/// no empty segment, nothing that could be read as more than a path.
fn is_plain_path(path: &str) -> bool {
    let mut before = b'/';
    !path.is_empty()
        && path.bytes().all(|byte| {
            let starts = std::mem::replace(&mut before, byte) == b'/';
            match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' | b'~' | b'-' => true,
                b'.' | b'/' => !starts,
                _ => false,
            }
        })
}

/// Whether a query goes as it is, by the WHATWG URL standard's set for queries.
fn is_plain_query(query: &str) -> bool {
    query.bytes().all(|byte| {
        matches!(byte, 0x21..=0x7e) && !matches!(byte, b'"' | b'#' | b'<' | b'>' | b'\'')
    })
}

#[cfg(test)]
mod tests {
    use super::{AttachedQuery, Base};
    use crate::below::below;
    use url::{Position, Url};

    /// The quick way and the thorough one must not differ.
    #[test]
    fn attack_31_a_plain_path_leads_where_the_thorough_way_leads() {
        let paths = [
            "",
            "/",
            "/users",
            "users",
            "/users/",
            "/a/b.c/d-e_f~g",
            "/a?x=1&y=%2F",
            "/a?",
            "/?x=1",
            "//evil",
            "///evil",
            "/a//b",
            "/.",
            "/..",
            "/../x",
            "/a/../b",
            "/a/./b",
            "/.well-known/x",
            "/..a",
            "/a/..",
            "/%2e%2e/x",
            "/..%2f",
            "/%252e%252e/x",
            "/a\\..\\b",
            "/@evil",
            "@evil",
            "https://evil.example/",
            "https:evil",
            "/users:batch",
            "/a%20b",
            "/a b",
            "/a?x=a b",
            "/a?x='",
            "/a?x=#f",
            "/a#f",
            "/a?next=//evil/..",
            "/ä",
            "/a;v=1",
            "/a\u{0}",
            "/a?x=\u{1}",
            "/%0d%0aX: y",
        ];
        for base in [
            "https://api.example.org/v1",
            "https://api.example.org",
            "https://api.example.org/v1/",
            "https://api.example.org/v1?api-version=2",
        ] {
            let url = Url::parse(base).unwrap();
            let base = Base::new(&url);
            for path in paths {
                let thorough = below(&url, path)
                    .map(|url| url[Position::BeforePath..Position::AfterQuery].to_owned())
                    .ok();
                let quick = base.target(path, &AttachedQuery::default());
                // An empty query says nothing, and no request needs to carry its question mark.
                assert_eq!(
                    quick.ok().map(|target| target.to_string()),
                    thorough,
                    "{url} {path}"
                );
            }
        }
    }

    #[test]
    fn attack_32_a_pair_of_the_callers_never_stands_beside_ours() {
        let attached = AttachedQuery {
            pairs: "api_key=ours".into(),
            names: ["api_key".to_owned()].into(),
        };
        let base = Base::new(&Url::parse("https://api.example.org/v1?v=2").unwrap());
        for (path, expected) in [
            ("/a", "/v1/a?v=2&api_key=ours"),
            ("/a?api_key=mine&b=1", "/v1/a?v=2&b=1&api_key=ours"),
            (
                "/a?b=1&api%5Fkey=mine&api_key",
                "/v1/a?v=2&b=1&api_key=ours",
            ),
            ("/a%20b?api_key=mine", "/v1/a%20b?v=2&api_key=ours"),
        ] {
            let target = base.target(path, &attached).unwrap();
            assert_eq!(target.as_str(), expected, "{path}");
        }
    }
}
