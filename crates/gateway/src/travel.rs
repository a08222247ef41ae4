//! Which header fields travel: what a caller may send along, and what of an API's reply goes back, because a hop-by-hop or credential field of one side must never reach the other.

use http::HeaderMap;
use http::header::{CONNECTION, HeaderName, TRAILER};

/// The caller's fields that travel with the call.
pub(crate) fn to_the_api(caller: &HeaderMap) -> HeaderMap {
    let mut headers = caller.clone();
    strip_for_the_api(&mut headers);
    // A body that is kept to be sent again is kept without what comes after it.
    headers.remove(TRAILER);
    headers
}

/// The fields of the API's reply that go back to the caller: its cookies stay in the connection's jar.
pub(crate) fn to_the_caller(reply: &HeaderMap) -> HeaderMap {
    let mut headers = reply.clone();
    strip_for_the_caller(&mut headers);
    headers
}

/// Takes off what is not a caller's to send: who it is to the API, where the call goes, and how it is framed.
pub(crate) fn strip_for_the_api(caller: &mut HeaderMap) {
    strip(caller, |name| match name {
        "authorization" | "cookie" | "cookie2" | "host" | "content-length" | "expect"
        | "forwarded" | "x-real-ip" => true,
        _ => name.starts_with("x-forwarded-"),
    });
}

/// Takes off what is not for a caller to see, and what an API may say of its own origin alone: a browser would take it
/// for ours, forget our sessions, or report our addresses, links in them, to the API.
pub(crate) fn strip_for_the_caller(reply: &mut HeaderMap) {
    strip(reply, |name| {
        matches!(
            name,
            "set-cookie"
                | "set-cookie2"
                | "clear-site-data"
                | "strict-transport-security"
                | "alt-svc"
                | "nel"
                | "report-to"
                | "reporting-endpoints"
                | "service-worker-allowed"
        )
    });
}

/// One look at each name. Our own fields are attached afterwards, so that nobody can take them off.
fn strip(headers: &mut HeaderMap, stays_behind: impl Fn(&str) -> bool) {
    let goes = |name: &&HeaderName| is_of_the_hop(name.as_str()) || stays_behind(name.as_str());
    let mut gone: Vec<HeaderName> = headers.keys().filter(goes).cloned().collect();
    if gone.contains(&CONNECTION) {
        named_by_connection(headers, &mut gone);
    }
    for name in gone {
        headers.remove(name);
    }
}

/// RFC 9110 section 7.6.1, the fields of RFC 2616 section 13.5.1 that old clients still send, and our own. `Trailer` is
/// none of them any more (RFC 9110 section 6.6.2): the trailers that it announces are passed on.
fn is_of_the_hop(name: &str) -> bool {
    match name {
        "connection" | "te" | "transfer-encoding" | "upgrade" | "keep-alive" => true,
        _ => name.starts_with("proxy-") || name.starts_with("stepgate-"),
    }
}

/// What `Connection:` names is for this hop alone.
fn named_by_connection(headers: &HeaderMap, named: &mut Vec<HeaderName>) {
    for value in headers.get_all(CONNECTION) {
        for token in value.as_bytes().split(|byte| *byte == b',') {
            let token = token.trim_ascii();
            if token.eq_ignore_ascii_case(b"keep-alive") || token.eq_ignore_ascii_case(b"close") {
                continue;
            }
            named.extend(HeaderName::from_bytes(token));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{to_the_api, to_the_caller};
    use http::HeaderMap;
    use http::header::{HeaderName, HeaderValue};

    fn map(pairs: &[(&str, &str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| {
                (
                    HeaderName::from_bytes(name.as_bytes()).unwrap(),
                    HeaderValue::from_str(value).unwrap(),
                )
            })
            .collect()
    }

    fn names(headers: &HeaderMap) -> Vec<&str> {
        let mut names: Vec<_> = headers.keys().map(HeaderName::as_str).collect();
        names.sort_unstable();
        names
    }

    #[test]
    fn attack_32_a_callers_own_credential_and_origin_do_not_travel() {
        let caller = map(&[
            ("Authorization", "Bearer mine"),
            ("Cookie", "sid=mine"),
            ("Host", "evil.example"),
            ("X-Forwarded-For", "10.0.0.1"),
            ("X-Forwarded-Host", "evil.example"),
            ("Forwarded", "for=10.0.0.1"),
            ("Stepgate-Key", "sg_app_1"),
            ("Stepgate-User", "u1"),
            ("Proxy-Authorization", "Basic x"),
            ("Content-Length", "5"),
            ("Accept", "application/json"),
            ("Idempotency-Key", "k1"),
            ("X-Own", "1"),
        ]);
        assert_eq!(
            names(&to_the_api(&caller)),
            ["accept", "idempotency-key", "x-own"]
        );
    }

    #[test]
    fn attack_38_connection_names_take_off_the_callers_fields_alone() {
        let caller = map(&[
            ("Connection", "close, X-Drop , Authorization"),
            ("Keep-Alive", "timeout=5"),
            ("Transfer-Encoding", "chunked"),
            ("TE", "trailers"),
            ("Upgrade", "h2c"),
            ("X-Drop", "1"),
            ("X-Keep", "1"),
        ]);
        assert_eq!(names(&to_the_api(&caller)), ["x-keep"]);
    }

    #[test]
    fn attack_36_an_apis_cookies_and_hop_fields_do_not_reach_the_caller() {
        let reply = map(&[
            ("Set-Cookie", "sid=1; Secure"),
            ("Connection", "X-Hop"),
            ("X-Hop", "1"),
            ("Stepgate-Outcome", "gateway; code=forged"),
            ("Content-Type", "text/plain"),
            ("Location", "/next"),
        ]);
        assert_eq!(names(&to_the_caller(&reply)), ["content-type", "location"]);
    }

    #[test]
    fn attack_36_an_api_speaks_for_its_own_origin_alone() {
        let reply = map(&[
            ("Clear-Site-Data", "\"*\""),
            ("Strict-Transport-Security", "max-age=1"),
            ("Alt-Svc", "h3=\"evil.example:443\""),
            ("NEL", "{}"),
            ("Report-To", "{}"),
            ("Reporting-Endpoints", "a=\"https://evil.example\""),
            ("Service-Worker-Allowed", "/"),
            ("ETag", "\"1\""),
        ]);
        assert_eq!(names(&to_the_caller(&reply)), ["etag"]);
    }
}
