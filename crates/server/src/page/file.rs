//! One file of the page, in the encoding that the browser takes best (RFC 9110 12.5.3), kept by it for as long as its name
//! says what is in it.

use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL;
use bytes::Bytes;
use http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY,
};
use http::{HeaderMap, HeaderValue, StatusCode};
use sha2::{Digest, Sha256};

/// A file, as it is and compressed.
#[derive(Debug)]
pub(crate) struct File {
    /// Below the root, without a slash before it.
    pub(crate) path: String,
    /// As it is.
    pub(crate) plain: Bytes,
    /// By gzip, where that makes it smaller.
    pub(crate) gzip: Option<Bytes>,
    /// By brotli, where that makes it smaller.
    pub(crate) brotli: Option<Bytes>,
}

impl File {
    /// The answer to a browser that says this.
    pub(crate) fn response(&self, asked: &HeaderMap) -> Response {
        let (encoding, bytes) = self.best(asked);
        let tag = etag(&bytes);
        let is_known = asked
            .get_all(IF_NONE_MATCH)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            // Weakly compared (RFC 9110 13.1.2).
            .any(|known| known.trim().trim_start_matches("W/") == tag);
        let mut response = match is_known {
            true => StatusCode::NOT_MODIFIED.into_response(),
            false => bytes.into_response(),
        };
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(self.kind()));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static(self.keeping()));
        headers.insert(VARY, HeaderValue::from_static("Accept-Encoding"));
        if let Ok(tag) = HeaderValue::try_from(tag) {
            headers.insert(ETAG, tag);
        }
        if let Some(encoding) = encoding {
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static(encoding));
        }
        response
    }

    /// The same by an address that stays when the content changes.
    pub(crate) fn again(&self, asked: &HeaderMap) -> Response {
        let mut response = self.response(asked);
        let headers = response.headers_mut();
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        response
    }

    fn best(&self, asked: &HeaderMap) -> (Option<&'static str>, Bytes) {
        let taken = |coding: &str| {
            let values = asked.get_all(ACCEPT_ENCODING).iter();
            let mut codings = values
                .filter_map(|value| value.to_str().ok())
                .flat_map(|value| value.split(','));
            codings.any(|said| is_taken(said, coding))
        };
        match (&self.brotli, &self.gzip) {
            (Some(bytes), _) if taken("br") => (Some("br"), bytes.clone()),
            (_, Some(bytes)) if taken("gzip") => (Some("gzip"), bytes.clone()),
            _ => (None, self.plain.clone()),
        }
    }

    fn kind(&self) -> &'static str {
        match self.path.rsplit('.').next() {
            Some("js" | "mjs") => "text/javascript; charset=utf-8",
            Some("css") => "text/css; charset=utf-8",
            Some("svg") => "image/svg+xml",
            Some("json") => "application/json",
            Some("woff2") => "font/woff2",
            Some("png") => "image/png",
            _ => "application/octet-stream",
        }
    }

    fn keeping(&self) -> &'static str {
        match self.path.starts_with("assets/") {
            true => "public, max-age=31536000, immutable",
            false => "no-cache",
        }
    }
}

/// Whether one member of `Accept-Encoding` takes a coding: it names it, and does not weigh it with nothing.
fn is_taken(said: &str, coding: &str) -> bool {
    let mut parts = said.split(';').map(str::trim);
    let named = parts.next().is_some_and(|name| name == coding);
    let refused = parts.any(|part| {
        let weight = part.strip_prefix("q=").map(str::parse::<f32>);
        weight.is_some_and(|weight| weight.is_ok_and(|weight| weight <= 0.0))
    });
    named && !refused
}

/// A tag of the bytes that go out, so that each encoding has its own (RFC 9110 8.8.3.3).
fn etag(bytes: &[u8]) -> String {
    let hash = Sha256::digest(bytes);
    format!("\"{}\"", BASE64URL.encode(&hash[..12]))
}

#[cfg(test)]
mod tests {
    use super::{ACCEPT_ENCODING, Bytes, CONTENT_ENCODING, ETAG, File, HeaderMap, IF_NONE_MATCH};
    use http::HeaderValue;

    fn script() -> File {
        File {
            path: "assets/index-abc.js".to_owned(),
            plain: Bytes::from_static(b"plain"),
            gzip: Some(Bytes::from_static(b"gzip")),
            brotli: Some(Bytes::from_static(b"brotli")),
        }
    }

    fn asked(encodings: &'static str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static(encodings));
        headers
    }

    #[test]
    fn a_file_goes_out_in_the_best_encoding_that_is_taken() {
        let table = [
            ("gzip, deflate, br, zstd", Some("br")),
            ("gzip;q=1.0, br;q=0", Some("gzip")),
            ("br;q=0.5", Some("br")),
            ("gzip", Some("gzip")),
            ("deflate", None),
            ("", None),
        ];
        for (encodings, expected) in table {
            let response = script().response(&asked(encodings));
            let encoding = response.headers().get(CONTENT_ENCODING);
            let encoding = encoding.map(|value| value.to_str().unwrap());
            assert_eq!(encoding, expected, "{encodings}");
            assert_eq!(response.headers()["vary"], "Accept-Encoding");
        }
    }

    #[test]
    fn what_a_browser_has_is_not_sent_again() {
        let mut headers = asked("br");
        let tag = script().response(&headers).headers()[ETAG].clone();
        assert_ne!(script().response(&asked("gzip")).headers()[ETAG], tag);
        headers.insert(IF_NONE_MATCH, tag.clone());
        let again = script().response(&headers);
        assert_eq!(again.status(), 304);
        assert_eq!(again.headers()[ETAG], tag);
        headers.insert(IF_NONE_MATCH, HeaderValue::from_static("\"other\""));
        assert_eq!(script().response(&headers).status(), 200);
    }

    #[test]
    fn only_names_that_tell_the_content_are_kept_for_good() {
        let icon = File {
            path: "icon.svg".to_owned(),
            ..script()
        };
        let keeping = |file: &File| file.response(&asked("")).headers()["cache-control"].clone();
        assert_eq!(keeping(&script()), "public, max-age=31536000, immutable");
        assert_eq!(keeping(&icon), "no-cache");
        assert_eq!(
            icon.response(&asked("")).headers()["content-type"],
            "image/svg+xml"
        );
    }
}
