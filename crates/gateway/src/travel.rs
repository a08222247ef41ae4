//! Which header fields travel: what a caller may send along, and what of an API's reply goes back, because a hop-by-hop or credential field of one side must never reach the other.

use bytes::Bytes;
use http::HeaderMap;
use http::header::{CONNECTION, HeaderName, HeaderValue, TE, USER_AGENT};
use http_body::Frame;
use std::cell::Cell;

/// The caller's fields that travel with the call.
pub(crate) fn to_the_api(caller: &HeaderMap) -> HeaderMap {
    let mut headers = caller.clone();
    strip(&mut headers, is_not_the_callers);
    headers
}

/// Whether a caller takes trailers (RFC 9110 section 10.1.4). The field itself is for its hop alone; the next gets its own.
pub(crate) fn asks_for_trailers(headers: &HeaderMap) -> bool {
    headers.get_all(TE).iter().any(names_trailers)
}

fn names_trailers(value: &HeaderValue) -> bool {
    let mut codings = value.as_bytes().split(|byte| *byte == b',');
    codings.any(|coding| {
        let name = coding.split(|byte| *byte == b';').next();
        name.unwrap_or_default()
            .trim_ascii()
            .eq_ignore_ascii_case(b"trailers")
    })
}

/// The fields of the API's reply that go back to the caller: its cookies stay in the connection's jar.
pub(crate) fn to_the_caller(reply: &HeaderMap) -> HeaderMap {
    let mut headers = reply.clone();
    strip_for_the_caller(&mut headers);
    headers
}

/// A piece of the caller's body. Of its trailers those travel that would as headers.
pub(crate) fn frame_for_the_api(frame: Frame<Bytes>) -> Frame<Bytes> {
    with_trailers(frame, |trailers| strip(trailers, is_not_the_callers))
}

/// A piece of the reply's body, its trailers likewise.
pub(crate) fn frame_for_the_caller(frame: Frame<Bytes>) -> Frame<Bytes> {
    with_trailers(frame, |trailers| {
        strip_for_the_caller(trailers);
    })
}

fn with_trailers(frame: Frame<Bytes>, change: impl FnOnce(&mut HeaderMap)) -> Frame<Bytes> {
    if frame.is_data() {
        return frame;
    }
    match frame.into_trailers() {
        Ok(mut trailers) => {
            change(&mut trailers);
            Frame::trailers(trailers)
        }
        Err(frame) => frame,
    }
}

/// A caller's fields as they travel with a call on a lane.
pub(crate) struct Travelling {
    /// The values of one name stand together.
    pub(crate) fields: Vec<(HeaderName, HeaderValue)>,
    /// Whether the caller takes trailers.
    pub(crate) takes_trailers: bool,
    /// Whether it says what it is.
    pub(crate) has_user_agent: bool,
}

impl Travelling {
    /// Takes them out of the map, in one pass. The map is left empty, and not taken apart: its room is used for what is sent.
    pub(crate) fn take(caller: &mut HeaderMap) -> Self {
        let mut named = Vec::new();
        let mut travelling = Self {
            // One more is added where the caller does not say what it is.
            fields: Vec::with_capacity(caller.len() + 1),
            takes_trailers: false,
            has_user_agent: false,
        };
        let fields = &mut travelling.fields;
        let mut last = Last::Stays;
        for (name, value) in caller.drain() {
            if let Some(name) = name {
                last = match name.as_str() {
                    "connection" => Last::Connection,
                    "te" => Last::Te,
                    text if is_of_the_hop(text) || is_not_the_callers(text) => Last::Stays,
                    text => {
                        travelling.has_user_agent |= text == "user-agent";
                        fields.push((name, value));
                        last = Last::Travels;
                        continue;
                    }
                };
            }
            // A further value of the same name comes without it.
            match last {
                Last::Connection => name_by_connection(&value, &mut named),
                Last::Te => travelling.takes_trailers |= names_trailers(&value),
                Last::Stays => {}
                Last::Travels => {
                    let name = fields.last().map(|(name, _)| name.clone());
                    fields.extend(name.map(|name| (name, value)));
                }
            }
        }
        if !named.is_empty() {
            fields.retain(|(name, _)| !named.contains(name));
            travelling.has_user_agent &= !named.contains(&USER_AGENT);
        }
        travelling
    }
}

/// What is done with the values of a name.
#[derive(Clone, Copy)]
enum Last {
    Connection,
    Te,
    Stays,
    Travels,
}

/// Who it is to the API, where the call goes, and how it is framed.
fn is_not_the_callers(name: &str) -> bool {
    match name {
        "authorization" | "cookie" | "cookie2" | "host" | "content-length" | "expect"
        | "forwarded" | "x-real-ip" => true,
        _ => name.starts_with("x-forwarded-"),
    }
}

/// Takes off what is not for a caller to see, and what an API may say of its own origin alone: a browser would take it
/// for ours, forget our sessions, or report our addresses, links in them, to the API. Tells whether a field is left that
/// points somewhere.
pub(crate) fn strip_for_the_caller(reply: &mut HeaderMap) -> bool {
    let points = Cell::new(false);
    strip(reply, |name| match name {
        "set-cookie"
        | "set-cookie2"
        | "clear-site-data"
        | "strict-transport-security"
        | "alt-svc"
        | "nel"
        | "report-to"
        | "reporting-endpoints"
        | "service-worker-allowed" => true,
        "location" | "content-location" | "link" | "refresh" => {
            points.set(true);
            false
        }
        _ => false,
    });
    points.get()
}

/// One look at each field. Our own are attached afterwards, so that nobody can take them off.
fn strip(headers: &mut HeaderMap, stays_behind: impl Fn(&str) -> bool) {
    let (mut gone, mut has_connection) = (Vec::new(), false);
    for (name, value) in &*headers {
        match name.as_str() {
            "connection" => {
                has_connection = true;
                name_by_connection(value, &mut gone);
            }
            text if is_of_the_hop(text) || stays_behind(text) => gone.push(name.clone()),
            _ => {}
        }
    }
    if has_connection {
        headers.remove(CONNECTION);
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
fn name_by_connection(value: &HeaderValue, named: &mut Vec<HeaderName>) {
    if matches!(value.as_bytes(), b"keep-alive" | b"close") {
        return;
    }
    for token in value.as_bytes().split(|byte| *byte == b',') {
        let token = token.trim_ascii();
        // What nearly every message has is no field, however it is written.
        if !token.eq_ignore_ascii_case(b"keep-alive") && !token.eq_ignore_ascii_case(b"close") {
            named.extend(HeaderName::from_bytes(token));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Travelling, to_the_api, to_the_caller};
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

    /// What travels, which must be the same on a lane.
    fn travelling(caller: &HeaderMap) -> HeaderMap {
        let headers = to_the_api(caller);
        let fields = Travelling::take(&mut caller.clone()).fields;
        assert_eq!(fields.into_iter().collect::<HeaderMap>(), headers);
        headers
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
            names(&travelling(&caller)),
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
        assert_eq!(names(&travelling(&caller)), ["x-keep"]);
    }

    #[test]
    fn what_is_said_of_trailers_and_of_the_caller_is_seen_on_the_way() {
        let said = |pairs: &[(&str, &str)]| {
            let travelling = Travelling::take(&mut map(pairs));
            let takes = super::asks_for_trailers(&map(pairs));
            assert_eq!(travelling.takes_trailers, takes);
            (takes, travelling.has_user_agent)
        };
        assert_eq!(said(&[("TE", "gzip, Trailers;q=1")]), (true, false));
        assert_eq!(said(&[("TE", "gzip"), ("User-Agent", "x")]), (false, true));
        let named = [("User-Agent", "x"), ("Connection", "user-agent, te")];
        assert_eq!(said(&named), (false, false));
    }

    #[test]
    fn all_values_of_a_name_travel_or_none() {
        let mut caller = HeaderMap::new();
        for (name, value) in [
            ("x-own", "1"),
            ("cookie", "a=1"),
            ("x-own", "2"),
            ("cookie", "b=2"),
            ("accept", "*/*"),
            ("x-own", "3"),
        ] {
            caller.append(name, HeaderValue::from_static(value));
        }
        let fields = Travelling::take(&mut caller).fields;
        assert!(caller.is_empty());
        let fields = fields.iter();
        let fields: Vec<_> = fields.map(|(name, value)| (name.as_str(), value)).collect();
        assert_eq!(
            fields,
            [
                ("x-own", &HeaderValue::from_static("1")),
                ("x-own", &HeaderValue::from_static("2")),
                ("x-own", &HeaderValue::from_static("3")),
                ("accept", &HeaderValue::from_static("*/*")),
            ]
        );
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
    fn attack_32_and_38_trailers_travel_as_headers_do() {
        let frame = |pairs| http_body::Frame::<bytes::Bytes>::trailers(map(pairs));
        let sent = frame(&[
            ("X-Sum", "1"),
            ("Cookie", "sid=mine"),
            ("Authorization", "Bearer mine"),
            ("Stepgate-User", "u1"),
            ("Connection", "close"),
        ]);
        let trailers = super::frame_for_the_api(sent).into_trailers().unwrap();
        assert_eq!(names(&trailers), ["x-sum"]);
        let got = frame(&[
            ("Grpc-Status", "0"),
            ("Set-Cookie", "sid=1"),
            ("Stepgate-Outcome", "gateway; code=forged"),
        ]);
        let trailers = super::frame_for_the_caller(got).into_trailers().unwrap();
        assert_eq!(names(&trailers), ["grpc-status"]);
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
