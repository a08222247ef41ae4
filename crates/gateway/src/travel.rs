//! Which header fields travel: what a caller may send along, and what of an API's reply goes back, because a hop-by-hop or credential field of one side must never reach the other.

use http::HeaderMap;
use http::header::{
    AUTHORIZATION, CONNECTION, CONTENT_LENGTH, COOKIE, EXPECT, FORWARDED, HOST, HeaderName,
    PROXY_AUTHENTICATE, PROXY_AUTHORIZATION, SET_COOKIE, TE, TRAILER, TRANSFER_ENCODING, UPGRADE,
};
use std::collections::HashSet;

/// RFC 9110 section 7.6.1, and the fields of RFC 2616 section 13.5.1 that old clients still send.
const HOP_BY_HOP: [HeaderName; 8] = [
    CONNECTION,
    TE,
    TRAILER,
    TRANSFER_ENCODING,
    UPGRADE,
    PROXY_AUTHENTICATE,
    PROXY_AUTHORIZATION,
    HeaderName::from_static("keep-alive"),
];

/// Fields a caller has no say in: who it is to the API, where the call goes, and how it is framed.
const NOT_THE_CALLERS: [HeaderName; 6] = [
    AUTHORIZATION,
    COOKIE,
    HOST,
    CONTENT_LENGTH,
    EXPECT,
    FORWARDED,
];

/// The caller's fields that travel with the call.
pub(crate) fn to_the_api(caller: &HeaderMap) -> HeaderMap {
    let named = named_by_connection(caller);
    pick(caller, |name| {
        !HOP_BY_HOP.contains(name)
            && !NOT_THE_CALLERS.contains(name)
            && !named.contains(name.as_str())
            && !has_prefix(name, &["stepgate-", "x-forwarded-", "proxy-"])
            && name.as_str() != "cookie2"
            && name.as_str() != "x-real-ip"
    })
}

/// The fields of the API's reply that go back to the caller: its cookies stay in the connection's jar.
pub(crate) fn to_the_caller(reply: &HeaderMap) -> HeaderMap {
    let named = named_by_connection(reply);
    pick(reply, |name| {
        !HOP_BY_HOP.contains(name)
            && *name != SET_COOKIE
            && name.as_str() != "set-cookie2"
            && !named.contains(name.as_str())
            && !has_prefix(name, &["stepgate-", "proxy-"])
    })
}

fn pick(headers: &HeaderMap, travels: impl Fn(&HeaderName) -> bool) -> HeaderMap {
    let mut picked = HeaderMap::with_capacity(headers.len());
    for (name, value) in headers {
        if travels(name) {
            picked.append(name.clone(), value.clone());
        }
    }
    picked
}

/// What `Connection:` names is for this hop alone. Our own fields are attached afterwards, so naming one takes nothing off.
fn named_by_connection(headers: &HeaderMap) -> HashSet<String> {
    headers
        .get_all(CONNECTION)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|list| list.split(','))
        .map(|name| name.trim().to_ascii_lowercase())
        .filter(|name| !name.is_empty())
        .collect()
}

fn has_prefix(name: &HeaderName, prefixes: &[&str]) -> bool {
    prefixes
        .iter()
        .any(|prefix| name.as_str().starts_with(prefix))
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
}
