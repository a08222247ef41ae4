//! The request as both sides write it down before they hash it.

use std::collections::BTreeMap;

use percent_encoding::percent_decode_str;

use crate::sign::Unsigned;
use crate::sign::signature::encoded;

/// Headers that proxies on the way change, or that are written after the signature. `user-agent` and `accept-encoding`
/// are among the first.
const UNSIGNED: [&str; 17] = [
    "accept-encoding",
    "authorization",
    "cache-control",
    "connection",
    "content-length",
    "expect",
    "from",
    "keep-alive",
    "max-forwards",
    "pragma",
    "referer",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
    "x-amzn-trace-id",
];

/// Signed headers by name, each with its values as one.
pub(super) type Headers = BTreeMap<String, String>;

/// The headers that are signed: `host`, and all that arrive as they are sent.
pub(super) fn signed_headers(request: &Unsigned<'_>) -> Headers {
    let mut signed = host_alone(request);
    for name in request.headers.keys() {
        let name_text = name.as_str();
        if name_text == "host" || UNSIGNED.contains(&name_text) || name_text.starts_with("proxy-") {
            continue;
        }
        let values = request.headers.get_all(name).iter();
        let values: Vec<String> = values
            .map(|value| one_space(&String::from_utf8_lossy(value.as_bytes())))
            .collect();
        signed.insert(name_text.to_owned(), values.join(","));
    }
    signed
}

/// `host`, and nothing else.
pub(super) fn host_alone(request: &Unsigned<'_>) -> Headers {
    Headers::from([("host".to_owned(), request.host())])
}

/// The names, as `SignedHeaders` has them.
pub(super) fn names(signed: &Headers) -> String {
    let names: Vec<&str> = signed.keys().map(String::as_str).collect();
    names.join(";")
}

/// The canonical request.
pub(super) fn request(
    request: &Unsigned<'_>,
    is_s3: bool,
    signed: &Headers,
    payload: &str,
) -> String {
    let headers: String = signed
        .iter()
        .map(|(name, value)| format!("{name}:{value}\n"))
        .collect();
    format!(
        "{}\n{}\n{}\n{headers}\n{}\n{payload}",
        request.method,
        path(request.url.path(), is_s3),
        query(request.url.query().unwrap_or_default()),
        names(signed),
    )
}

/// S3 encodes what a path means once. All others take the path as it is sent, without empty segments, and encode that
/// again.
fn path(sent: &str, is_s3: bool) -> String {
    if is_s3 {
        let segments = sent.split('/');
        let encode = |segment: &str| encoded(&percent_decode_str(segment).collect::<Vec<u8>>());
        return segments.map(encode).collect::<Vec<_>>().join("/");
    }
    let segments: Vec<String> = sent
        .split('/')
        .filter(|segment| !segment.is_empty())
        .map(encoded)
        .collect();
    let end = match sent.ends_with('/') && !segments.is_empty() {
        true => "/",
        false => "",
    };
    format!("/{}{end}", segments.join("/"))
}

/// Each name and value encoded once, in the order of both.
fn query(sent: &str) -> String {
    let again = |text: &str| encoded(&percent_decode_str(text).collect::<Vec<u8>>());
    let mut pairs: Vec<(String, String)> = sent
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (again(name), again(value)))
        .collect();
    pairs.sort();
    let pairs: Vec<String> = pairs
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    pairs.join("&")
}

/// Trimmed, and each run of spaces as one.
fn one_space(value: &str) -> String {
    value.split_ascii_whitespace().collect::<Vec<_>>().join(" ")
}
