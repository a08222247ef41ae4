//! What a connection is told whose bytes did not become a request that can be answered, or that had none of its own: the
//! same problem as any other of ours, written here since no answer of the service is owed.

use crate::front::heads::{Mark, is_host};
use crate::front::request_id::RequestId;
use crate::problem::Problem;
use gateway::{Retry, WhoseFault};
use http::header::{HOST, RETRY_AFTER};
use http::{HeaderMap, HeaderValue, Request, StatusCode};
use std::time::SystemTime;

/// How the parser's own refusals begin, up to the status.
const BARE: [&[u8]; 2] = [b"HTTP/1.1 ", b"HTTP/1.0 "];

/// The status of a refusal of the parser's own.
pub(crate) fn bare_status(written: &[u8]) -> Option<StatusCode> {
    let digits = BARE.iter().find_map(|start| written.strip_prefix(*start))?;
    let status = StatusCode::from_bytes(digits.get(..3)?).ok()?;
    status.is_client_error().then_some(status)
}

/// What such a status means.
pub(crate) fn unreadable(status: StatusCode) -> Problem {
    let (code, detail, help) = match status {
        StatusCode::REQUEST_TIMEOUT => (
            "header_too_slow",
            "The header took too long.",
            "Send a request at once.",
        ),
        StatusCode::URI_TOO_LONG => (
            "uri_too_long",
            "The address is longer than can be read.",
            "Send what is long in the body.",
        ),
        StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE => (
            "header_too_large",
            "The header is larger, or has more fields, than can be read.",
            "Leave out what is not needed: limits.header_bytes says how large it may be, and 100 fields it may have.",
        ),
        _ => (
            "bad_request",
            "What was sent is not a request as RFC 9112 has it.",
            "Look at the request line, the names of the fields and how the body is framed.",
        ),
    };
    let retry = match status {
        StatusCode::REQUEST_TIMEOUT => Retry::Later,
        _ => Retry::No,
    };
    Problem::new(status, code, detail).retry(retry).help(help)
}

/// Too many connections.
pub(crate) fn full() -> Problem {
    Problem::new(
        StatusCode::SERVICE_UNAVAILABLE,
        "too_many_connections",
        "Too many connections.",
    )
    .fault(WhoseFault::Stepgate)
    .retry(Retry::Later)
    .header(RETRY_AFTER, HeaderValue::from_static("1"))
}

/// Why a request with this mark is refused; none where it may be answered.
pub(crate) fn marked(mark: Mark, headers: &HeaderMap) -> Option<Problem> {
    let refused =
        |code, detail, help: &str| Problem::new(StatusCode::BAD_REQUEST, code, detail).help(help);
    Some(match mark {
        Mark::Coded => return unknown_coding(headers),
        Mark::TwoFramings => refused(
            "framed_twice",
            "The request has both Content-Length and Transfer-Encoding, so that nobody can say where it ends.",
            "Send one of the two.",
        ),
        Mark::TwoLengths => refused(
            "framed_twice",
            "Content-Length stands there more than once.",
            "Send it once.",
        ),
        Mark::NoHost => refused(
            "host_missing",
            "The request has no Host.",
            "Send one: HTTP/1.1 asks for it (RFC 9112 section 3.2).",
        ),
        Mark::TwoHosts => refused(
            "host_repeated",
            "Host stands there more than once.",
            "Send it once.",
        ),
        Mark::BadHost => refused(
            "bad_host",
            "Host does not name a host.",
            "Send a name or an address, perhaps with a port.",
        ),
    })
}

/// Why a request over HTTP/2 is refused whose pseudo-header fields do not say where it goes (RFC 9113 section 8.3.1); none
/// where they do.
pub(crate) fn misdirected<B>(request: &Request<B>) -> Option<Problem> {
    let uri = request.uri();
    let mut hosts = request.headers().get_all(HOST).iter();
    let said = hosts.next();
    let agrees = |host: &HeaderValue| {
        let authority = uri.authority().map(http::uri::Authority::as_str);
        authority.is_none_or(|authority| authority.as_bytes().eq_ignore_ascii_case(host.as_bytes()))
    };
    let (code, detail, help) = if hosts.next().is_some() {
        (
            "host_repeated",
            "Host stands there more than once.",
            "Send :authority alone.",
        )
    } else if uri.authority().is_none() && said.is_none() {
        (
            "host_missing",
            "The request has no :authority.",
            "Send one.",
        )
    } else if !said.is_none_or(agrees) {
        (
            "host_differs",
            ":authority and Host name different hosts.",
            "Send :authority alone.",
        )
    } else if !uri
        .authority()
        .is_none_or(|named| is_host(named.as_str().as_bytes()))
        || !said.is_none_or(|said| is_host(said.as_bytes()))
    {
        (
            "bad_host",
            ":authority does not name a host.",
            "Send a name or an address, perhaps with a port.",
        )
    } else if !uri.path().starts_with('/') && uri.path() != "*" {
        (
            "bad_target",
            ":path is no path.",
            "Send a path that starts with a slash, perhaps with a query.",
        )
    } else {
        return None;
    };
    Some(Problem::new(StatusCode::BAD_REQUEST, code, detail).help(help))
}

/// The whole reply, after which the connection ends.
pub(crate) fn reply(mut problem: Problem, id: &RequestId, now: SystemTime) -> Vec<u8> {
    problem.request_id = Some(id.text().to_owned());
    let body = problem.body();
    let status = problem.status;
    let title = status.canonical_reason().unwrap_or_default();
    let mut head = format!(
        "HTTP/1.1 {} {title}\r\ncontent-type: application/problem+json\r\ncontent-length: {}\r\n\
         stepgate-outcome: gateway; code={}\r\nstepgate-request-id: {}\r\nconnection: close\r\ndate: {}\r\n",
        status.as_u16(),
        body.len(),
        problem.code,
        id.text(),
        httpdate::fmt_http_date(now),
    )
    .into_bytes();
    for (name, value) in &problem.headers {
        head.extend_from_slice(name.as_str().as_bytes());
        head.extend_from_slice(b": ");
        head.extend_from_slice(value.as_bytes());
        head.extend_from_slice(b"\r\n");
    }
    head.extend_from_slice(b"\r\n");
    head.extend_from_slice(&body);
    head
}

/// A body that came in a coding beside `chunked` would be passed on as if it had none (RFC 9112 section 6.1).
fn unknown_coding(headers: &HeaderMap) -> Option<Problem> {
    let mut values = headers.get_all(http::header::TRANSFER_ENCODING).iter();
    let is_chunked = |value: &HeaderValue| {
        value
            .as_bytes()
            .trim_ascii()
            .eq_ignore_ascii_case(b"chunked")
    };
    if values.next().is_some_and(is_chunked) && values.next().is_none() {
        return None;
    }
    let problem = Problem::new(
        StatusCode::NOT_IMPLEMENTED,
        "transfer_coding_unknown",
        "The body has a transfer coding other than chunked.",
    );
    Some(problem.help("Send it chunked, once; a compressed body is named by Content-Encoding."))
}

#[cfg(test)]
mod tests {
    use super::{StatusCode, bare_status};

    #[test]
    fn a_refusal_is_known_by_its_status() {
        let table: [(&[u8], Option<StatusCode>); 6] = [
            (
                b"HTTP/1.1 400 Bad Request\r\n",
                Some(StatusCode::BAD_REQUEST),
            ),
            (
                b"HTTP/1.0 431 ",
                Some(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE),
            ),
            (b"HTTP/1.1 200 OK\r\n", None),
            (b"HTTP/1.1 100 Continue\r\n", None),
            (b"HTTP/1.1 4", None),
            (b"400", None),
        ];
        for (written, expected) in table {
            assert_eq!(bare_status(written), expected, "{written:?}");
        }
    }
}
