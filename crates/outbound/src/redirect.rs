//! Where a redirect leads, and what may go along.
//!
//! The caller's headers and body are for the origin it named, and for those it lists. A chain
//! that once left them, or once fell from https to http, has lost them for good: whoever
//! chose the way back is not to be trusted with them.

use std::collections::HashSet;

use bytes::Bytes;
use http::header::{
    ACCEPT, ACCEPT_LANGUAGE, AUTHORIZATION, CONTENT_ENCODING, CONTENT_LANGUAGE, CONTENT_LENGTH,
    CONTENT_LOCATION, CONTENT_TYPE, HeaderName, LOCATION, USER_AGENT,
};
use http::{HeaderMap, Method, StatusCode};
use url::Url;

use crate::error::OutboundError;
use crate::outgoing::OutBody;
use crate::place::{Place, shown};
use crate::proxy::basic;

/// What tells a foreign host nothing.
const HARMLESS: [HeaderName; 3] = [ACCEPT, ACCEPT_LANGUAGE, USER_AGENT];
/// What describes a body, and goes with it.
const OF_THE_BODY: [HeaderName; 5] = [
    CONTENT_TYPE,
    CONTENT_ENCODING,
    CONTENT_LANGUAGE,
    CONTENT_LENGTH,
    CONTENT_LOCATION,
];

/// The request as it stands before the next hop, without what is attached to each.
pub(crate) struct Course {
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) headers: HeaderMap,
    body: Cargo,
    trusted: HashSet<String>,
    seen_https: bool,
}

enum Cargo {
    Empty,
    Bytes(Bytes),
    Stream(OutBody),
    StreamedAway,
}

impl Course {
    /// The first hop. A user name and password in the URL become a header, as they do elsewhere.
    pub(crate) fn start(
        method: Method,
        mut url: Url,
        mut headers: HeaderMap,
        body: OutBody,
        credential_origins: &[String],
    ) -> Self {
        if let Some(authorization) = basic(&url)
            && !headers.contains_key(AUTHORIZATION)
        {
            headers.insert(AUTHORIZATION, authorization);
        }
        strip_user(&mut url);
        let listed = credential_origins
            .iter()
            .filter_map(|origin| Url::parse(origin).ok());
        let mut trusted: HashSet<String> = listed.map(|origin| origin_of(&origin)).collect();
        trusted.insert(origin_of(&url));
        Self {
            seen_https: url.scheme() == "https",
            method,
            url,
            headers,
            body: match body {
                OutBody::Empty => Cargo::Empty,
                OutBody::Bytes(bytes) => Cargo::Bytes(bytes),
                stream @ OutBody::Stream(_) => Cargo::Stream(stream),
            },
            trusted,
        }
    }

    /// Whether this hop goes in the clear after another did not: nothing is attached to it.
    pub(crate) fn fell_to_http(&self) -> bool {
        self.seen_https && self.url.scheme() == "http"
    }

    /// Whether this hop may have what belongs to the credential.
    pub(crate) fn is_trusted(&self) -> bool {
        self.trusted.contains(&origin_of(&self.url)) && !self.fell_to_http()
    }

    /// Whether the body can be given again.
    pub(crate) fn is_kept(&self) -> bool {
        matches!(self.body, Cargo::Empty | Cargo::Bytes(_))
    }

    /// The body for this hop.
    pub(crate) fn body(&mut self) -> OutBody {
        match &self.body {
            Cargo::Empty | Cargo::StreamedAway => OutBody::Empty,
            Cargo::Bytes(bytes) => OutBody::Bytes(bytes.clone()),
            Cargo::Stream(_) => match std::mem::replace(&mut self.body, Cargo::StreamedAway) {
                Cargo::Stream(stream) => stream,
                _ => OutBody::Empty,
            },
        }
    }

    /// Goes where a reply sends it; `false` where the reply is no redirect.
    pub(crate) fn follow(
        &mut self,
        status: StatusCode,
        reply: &HeaderMap,
    ) -> Result<bool, OutboundError> {
        if !matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308) {
            return Ok(false);
        }
        let Some(location) = reply.get(LOCATION) else {
            return Ok(false);
        };
        let from = shown(&self.url);
        let mut to = std::str::from_utf8(location.as_bytes())
            .ok()
            .and_then(|text| self.url.join(text).ok())
            .ok_or_else(|| OutboundError::BadLocation { host: from.clone() })?;
        Place::of(&to).map_err(|error| error.after_redirect(&from))?;
        strip_user(&mut to);
        if to.fragment().is_none() {
            to.set_fragment(self.url.fragment());
        }

        let becomes_get = match status.as_u16() {
            303 => self.method != Method::HEAD,
            301 | 302 => self.method == Method::POST,
            _ => false,
        };
        if becomes_get {
            self.method = Method::GET;
            self.body = Cargo::Empty;
            for name in OF_THE_BODY {
                self.headers.remove(name);
            }
        }
        let falls = self.seen_https && to.scheme() == "http";
        let stays = self.trusted.contains(&origin_of(&to)) && !falls;
        if !stays {
            // Also on the way back.
            self.trusted.clear();
            let kept = HARMLESS
                .into_iter()
                .filter_map(|name| self.headers.get(&name).cloned().map(|value| (name, value)));
            self.headers = kept.collect();
        }
        match &self.body {
            Cargo::Empty => {}
            Cargo::Bytes(bytes) if bytes.is_empty() => {}
            _ if !stays => {
                return Err(OutboundError::RedirectCarriesBody {
                    from,
                    to: shown(&to),
                });
            }
            Cargo::Bytes(_) => {}
            Cargo::Stream(_) | Cargo::StreamedAway => {
                return Err(OutboundError::RedirectNeedsReplay {
                    from,
                    to: shown(&to),
                });
            }
        }
        self.seen_https |= to.scheme() == "https";
        self.url = to;
        Ok(true)
    }
}

fn origin_of(url: &Url) -> String {
    url.origin().ascii_serialization()
}

fn strip_user(url: &mut Url) {
    // Both fail only for URLs without a host, which have no user either.
    let _ = url.set_username("");
    let _ = url.set_password(None);
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use http::{HeaderMap, HeaderValue, Method, StatusCode};
    use url::Url;

    use super::Course;
    use crate::error::OutboundError;
    use crate::outgoing::OutBody;

    const HOME: &str = "https://api.example.org/v1/start?q=1";

    fn course(method: Method, body: OutBody, origins: &[&str]) -> Course {
        let mut headers = HeaderMap::new();
        for (name, value) in [
            ("accept", "text/html"),
            ("accept-language", "de"),
            ("user-agent", "mine"),
            ("content-type", "text/plain"),
            ("authorization", "Bearer t"),
            ("x-api-key", "k"),
            ("cookie", "a=b"),
        ] {
            headers.insert(name, HeaderValue::from_static(value));
        }
        let origins: Vec<String> = origins.iter().map(|origin| (*origin).to_owned()).collect();
        Course::start(
            method,
            Url::parse(HOME).expect("a URL"),
            headers,
            body,
            &origins,
        )
    }

    fn go(course: &mut Course, status: u16, location: &str) -> Result<bool, OutboundError> {
        let mut reply = HeaderMap::new();
        reply.insert(
            "location",
            HeaderValue::from_str(location).expect("a header"),
        );
        course.follow(StatusCode::from_u16(status).expect("a status"), &reply)
    }

    fn bytes() -> OutBody {
        OutBody::Bytes(Bytes::from_static(b"x"))
    }

    #[test]
    fn changes_the_method_as_browsers_do() {
        for (method, status, expected, keeps_body) in [
            (Method::POST, 301, Method::GET, false),
            (Method::POST, 302, Method::GET, false),
            (Method::POST, 303, Method::GET, false),
            (Method::POST, 307, Method::POST, true),
            (Method::POST, 308, Method::POST, true),
            (Method::PUT, 302, Method::PUT, true),
            (Method::PUT, 303, Method::GET, false),
            (Method::DELETE, 301, Method::DELETE, true),
        ] {
            let mut course = course(method.clone(), bytes(), &[]);
            assert!(go(&mut course, status, "/next").expect("followed"));
            assert_eq!(course.method, expected, "{method} {status}");
            assert_eq!(
                matches!(course.body(), OutBody::Bytes(_)),
                keeps_body,
                "{method} {status}"
            );
            assert_eq!(course.headers.contains_key("content-type"), keeps_body);
            assert!(
                course.headers.contains_key("authorization"),
                "the origin is the same"
            );
        }
        let mut head = course(Method::HEAD, OutBody::Empty, &[]);
        assert!(go(&mut head, 303, "/next").expect("followed"));
        assert_eq!(head.method, Method::HEAD);
    }

    #[test]
    fn what_is_no_redirect_is_the_reply() {
        for status in [200, 300, 304, 305, 401] {
            assert!(
                !go(&mut course(Method::GET, OutBody::Empty, &[]), status, "/x").expect("no error")
            );
        }
        let nowhere =
            course(Method::GET, OutBody::Empty, &[]).follow(StatusCode::FOUND, &HeaderMap::new());
        assert!(!nowhere.expect("no error"));
    }

    #[test]
    fn only_harmless_headers_go_to_another_origin_and_none_come_back() {
        for to in [
            "https://evil.example/",
            "//evil.example/",
            "https://api.example.org:8443/",
            "https://api.example.org.evil.example/",
            "https://API.example.org@evil.example/",
            "http://api.example.org/",
        ] {
            let mut course = course(Method::GET, OutBody::Empty, &["https://files.example.org"]);
            assert!(course.is_trusted(), "{to}");
            assert!(go(&mut course, 302, to).expect(to));
            assert!(!course.is_trusted(), "{to}");
            let mut names: Vec<_> = course.headers.keys().map(|name| name.as_str()).collect();
            names.sort_unstable();
            assert_eq!(names, ["accept", "accept-language", "user-agent"], "{to}");
            assert!(go(&mut course, 302, HOME).expect("followed"));
            assert!(!course.headers.contains_key("authorization"), "{to}");
            assert!(!course.is_trusted(), "{to}");
        }
    }

    #[test]
    fn everything_goes_to_an_origin_that_is_listed() {
        let mut course = course(
            Method::POST,
            bytes(),
            &["https://files.example.org", "https://other.example:443/"],
        );
        assert!(go(&mut course, 307, "https://files.example.org/x").expect("followed"));
        assert!(go(&mut course, 308, "https://other.example/x").expect("followed"));
        assert!(
            course.headers.contains_key("x-api-key") && course.headers.contains_key("content-type")
        );
        assert!(matches!(course.body(), OutBody::Bytes(_)));
    }

    #[test]
    fn a_fall_to_http_takes_everything_even_where_it_is_listed() {
        let mut open = course(Method::GET, OutBody::Empty, &["http://api.example.org"]);
        assert!(go(&mut open, 302, "http://api.example.org/").expect("followed"));
        assert!(open.fell_to_http() && !open.headers.contains_key("authorization"));
        let mut laden = course(Method::POST, bytes(), &["http://api.example.org"]);
        let refused = go(&mut laden, 307, "http://api.example.org/");
        assert!(matches!(
            refused,
            Err(OutboundError::RedirectCarriesBody { .. })
        ));
    }

    #[test]
    fn a_body_does_not_go_where_it_may_not() {
        let refused = go(
            &mut course(Method::POST, bytes(), &[]),
            307,
            "https://evil.example/?secret=1",
        );
        let said = refused.expect_err("refused").to_string();
        assert!(
            said.contains("api.example.org") && said.contains("evil.example"),
            "{said}"
        );
        assert!(!said.contains("secret"), "{said}");
        let empty = OutBody::Bytes(Bytes::new());
        assert!(
            go(
                &mut course(Method::POST, empty, &[]),
                307,
                "https://evil.example/"
            )
            .expect("followed")
        );
    }

    #[test]
    fn attack_51_a_redirect_to_another_kind_of_url_is_refused() {
        for to in [
            "file:///etc/passwd",
            "gopher://127.0.0.1:6379/_x",
            "ftp://a.example/",
            "data:,x",
            "javascript:1",
            "myapp://cb?code=s3cret",
        ] {
            let refused = go(&mut course(Method::GET, OutBody::Empty, &[]), 302, to);
            let said = refused.expect_err(to).to_string();
            assert!(
                said.contains("use https: or http:") && !said.contains("s3cret"),
                "{said}"
            );
        }
        let bad = go(
            &mut course(Method::GET, OutBody::Empty, &[]),
            302,
            "https://[::bad/?s3cret",
        );
        assert!(matches!(bad, Err(OutboundError::BadLocation { .. })));
    }

    #[test]
    fn a_user_in_the_url_becomes_a_header_and_one_in_a_location_nothing() {
        let url = Url::parse("https://me:p%40ss@api.example.org/").expect("a URL");
        let mut course = Course::start(Method::GET, url, HeaderMap::new(), OutBody::Empty, &[]);
        assert_eq!(course.headers["authorization"], "Basic bWU6cEBzcw==");
        assert_eq!(course.url.as_str(), "https://api.example.org/");
        assert!(go(&mut course, 302, "https://evil:x@api.example.org/").expect("followed"));
        assert_eq!(course.url.as_str(), "https://api.example.org/");
        assert_eq!(course.headers["authorization"], "Basic bWU6cEBzcw==");
    }
}
