//! A reply's body as a value: JSON, a form as a map, or text in whatever charset it came.

use encoding_rs::{Encoding, UTF_8};
use http::HeaderMap;
use http::header::CONTENT_TYPE;
use serde_json::{Map, Value};

/// What the content type makes of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyKind {
    /// JSON, also as a `+json` suffix.
    Json,
    /// `application/x-www-form-urlencoded`.
    Form,
    /// HTML, which reads as text but is never what wants JSON expects.
    Html,
    /// An image, by what the header says.
    Image,
    /// Anything else that is said.
    Text,
    /// No content type at all.
    Unsaid,
}

/// A body as JSON, as a map of form fields, as a `data:` URL where it is an image that a form can
/// show, or as text. A body that says it is JSON and is not
/// counts as text, so that a path into it is absent.
#[must_use]
pub fn parse_body(headers: &HeaderMap, body: &[u8]) -> Value {
    let text = || Value::String(body_text(headers, body));
    match body_kind(headers) {
        BodyKind::Json if body.is_empty() => Value::Null,
        BodyKind::Json => {
            serde_json::from_str(&body_text(headers, body)).unwrap_or_else(|_| text())
        }
        // A reply may leave its type out (RFC 9110, 8.3); then what it looks like counts.
        BodyKind::Unsaid => match serde_json::from_slice(body) {
            Ok(value @ (Value::Object(_) | Value::Array(_))) => value,
            _ => text(),
        },
        BodyKind::Form => Value::Object(form_map(body)),
        BodyKind::Image => Value::String(image(body).unwrap_or_else(|| body_text(headers, body))),
        BodyKind::Html | BodyKind::Text => text(),
    }
}

/// What the content type makes of a body.
#[must_use]
pub fn body_kind(headers: &HeaderMap) -> BodyKind {
    let Some(mime) = mime(headers) else {
        return BodyKind::Unsaid;
    };
    let subtype = mime.split('/').nth(1).unwrap_or_default();
    match mime.as_str() {
        "application/x-www-form-urlencoded" => BodyKind::Form,
        "text/html" | "application/xhtml+xml" => BodyKind::Html,
        _ if mime.starts_with("image/") && subtype != "svg+xml" => BodyKind::Image,
        _ if subtype == "json" || subtype.ends_with("+json") => BodyKind::Json,
        _ => BodyKind::Text,
    }
}

/// A body as text: a byte order mark decides first, then the header's charset, then what an
/// HTML page says of itself, else UTF-8. What cannot be read becomes U+FFFD.
#[must_use]
pub fn body_text(headers: &HeaderMap, body: &[u8]) -> String {
    let encoding = charset(headers)
        .or_else(|| meta_charset(headers, body))
        .unwrap_or(UTF_8);
    encoding.decode(body).0.into_owned()
}

/// A form or query string as a map. A key that comes more than once has a list.
#[must_use]
pub(crate) fn form_map(text: &[u8]) -> Map<String, Value> {
    let mut map = Map::new();
    for (key, value) in form_urlencoded::parse(text) {
        let value = Value::String(value.into_owned());
        match map.get_mut(key.as_ref()) {
            None => {
                map.insert(key.into_owned(), value);
            }
            Some(Value::Array(list)) => list.push(value),
            Some(first) => {
                let list = vec![first.take(), value];
                *first = Value::Array(list);
            }
        }
    }
    map
}

/// An image that a form can show, as a `data:` URL.
fn image(body: &[u8]) -> Option<String> {
    let image = model::Image {
        format: model::ImageFormat::of(body)?,
        bytes: body.to_vec(),
    };
    Some(image.data_url())
}

/// A parameter of a `Content-Type`, without quotes (RFC 9110, section 8.3.1): the `charset`, the `boundary`.
#[must_use]
pub fn content_type_parameter<'h>(header: &'h str, name: &str) -> Option<&'h str> {
    // What stands first is the type itself.
    header.split(';').skip(1).find_map(|parameter| {
        let (found, value) = parameter.split_once('=')?;
        let is_it = found.trim().eq_ignore_ascii_case(name);
        is_it.then(|| value.trim().trim_matches('"'))
    })
}

fn mime(headers: &HeaderMap) -> Option<String> {
    let header = headers.get(CONTENT_TYPE)?.to_str().ok()?;
    let mime = header.split(';').next()?.trim().to_ascii_lowercase();
    (!mime.is_empty()).then_some(mime)
}

fn charset(headers: &HeaderMap) -> Option<&'static Encoding> {
    let header = headers.get(CONTENT_TYPE)?.to_str().ok()?;
    Encoding::for_label(content_type_parameter(header, "charset")?.as_bytes())
}

/// Looks where the HTML standard has a browser look: at `charset=` within the first 1024 bytes.
fn meta_charset(headers: &HeaderMap, body: &[u8]) -> Option<&'static Encoding> {
    const PRESCAN: usize = 1024;
    if body_kind(headers) != BodyKind::Html {
        return None;
    }
    let head = body.get(..PRESCAN).unwrap_or(body).to_ascii_lowercase();
    let head = String::from_utf8_lossy(&head).into_owned();
    head.match_indices("<meta").find_map(|(at, _)| {
        let tag = head[at..].split('>').next()?;
        let value = tag
            .split_once("charset=")?
            .1
            .trim_start_matches(['"', '\'']);
        let label: String = value
            .chars()
            .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
            .collect();
        Encoding::for_label(label.as_bytes())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;
    use serde_json::json;

    fn headers(content_type: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        if !content_type.is_empty() {
            headers.insert(CONTENT_TYPE, HeaderValue::from_str(content_type).unwrap());
        }
        headers
    }

    #[test]
    fn the_content_type_decides() {
        let table: [(&str, &[u8], Value); 12] = [
            ("application/json", br#"{"a":1}"#, json!({ "a": 1 })),
            ("application/problem+json; x=y", b"[1]", json!([1])),
            (
                "Application/JSON;charset=utf-8",
                b"\xef\xbb\xbf{}",
                json!({}),
            ),
            ("application/json", b"<html>", json!("<html>")),
            ("application/json", b"", json!(null)),
            (
                "application/x-www-form-urlencoded",
                b"a=1+2&b=%C3%A9&a=3",
                json!({ "a": ["1 2", "3"], "b": "\u{e9}" }),
            ),
            ("text/plain", br#"{"a":1}"#, json!(r#"{"a":1}"#)),
            (
                "text/plain; charset=ISO-8859-1",
                b"caf\xe9",
                json!("caf\u{e9}"),
            ),
            ("text/plain; charset=\"utf-16le\"", b"a\0b\0", json!("ab")),
            (
                "text/html",
                b"<meta charset=windows-1252>\xe9",
                json!("<meta charset=windows-1252>\u{e9}"),
            ),
            ("", br#"{"a":1}"#, json!({ "a": 1 })),
            ("", b"plain", json!("plain")),
        ];
        for (content_type, body, expected) in table {
            assert_eq!(
                parse_body(&headers(content_type), body),
                expected,
                "{content_type}"
            );
        }
    }
}
