//! Calls from browsers: preflights are answered from the apps' origins and go no further; an answer is readable for a
//! page only where it comes from an origin of the app that calls.

use crate::problem::Problem;
use crate::registry::Snapshot;
use http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE,
    ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, ORIGIN, VARY,
};
use http::{HeaderMap, HeaderValue, Method, StatusCode};

/// What pages may read of an answer; `*` stands for whatever the API sends.
const EXPOSED: HeaderValue = HeaderValue::from_static(
    "Stepgate-Outcome, Stepgate-Request-Id, Stepgate-Attempts, Stepgate-Credential, Server-Timing, *",
);

/// How many seconds a browser keeps the answer to a preflight.
const MAX_AGE: HeaderValue = HeaderValue::from_static("600");

/// Whether a request is a browser's question ahead of a call.
pub(crate) fn is_preflight(method: &Method, headers: &HeaderMap) -> bool {
    *method == Method::OPTIONS
        && headers.contains_key(ORIGIN)
        && headers.contains_key(ACCESS_CONTROL_REQUEST_METHOD)
}

/// Whether pages of this origin call this connector: some app publishes it and names the origin.
pub(crate) fn some_app_allows(snapshot: &Snapshot, connector: &str, origin: &HeaderValue) -> bool {
    let Ok(origin) = origin.to_str() else {
        return false;
    };
    snapshot.entry(connector).is_some()
        && snapshot
            .apps()
            .any(|app| app.allows_origin(origin) && app.publishes(connector))
}

/// Whether pages of this origin are some app's.
pub(crate) fn is_some_apps(snapshot: &Snapshot, origin: &HeaderValue) -> bool {
    let Ok(origin) = origin.to_str() else {
        return false;
    };
    snapshot.apps().any(|app| app.allows_origin(origin))
}

/// The header of the answer to a preflight from an origin that is allowed.
pub(crate) fn preflight(headers: &HeaderMap) -> (StatusCode, HeaderMap) {
    let mut answer = HeaderMap::new();
    let granted = [
        (ORIGIN, ACCESS_CONTROL_ALLOW_ORIGIN),
        (ACCESS_CONTROL_REQUEST_METHOD, ACCESS_CONTROL_ALLOW_METHODS),
        (ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_ALLOW_HEADERS),
    ];
    for (asked, granted) in granted {
        if let Some(value) = headers.get(&asked) {
            answer.insert(granted, value.clone());
            answer.append(VARY, HeaderValue::from_name(asked));
        }
    }
    answer.insert(ACCESS_CONTROL_MAX_AGE, MAX_AGE);
    (StatusCode::NO_CONTENT, answer)
}

/// The refusal of an origin that is not the app's.
pub(crate) fn refused() -> Problem {
    Problem::new(
        StatusCode::FORBIDDEN,
        "origin_not_allowed",
        "Pages of this origin may not call for this app.",
    )
    .help("Add the origin to the app's origins, exactly as the browser sends it.")
}

/// Lets pages of `origin` read an answer, and no others, whatever the API thinks of them.
pub(crate) fn allow(headers: &mut HeaderMap, origin: HeaderValue) {
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
    headers.remove(ACCESS_CONTROL_ALLOW_CREDENTIALS);
    headers.append(VARY, HeaderValue::from_name(ORIGIN));
}

/// Lets no page read an answer.
pub(crate) fn deny(headers: &mut HeaderMap) {
    headers.remove(ACCESS_CONTROL_ALLOW_ORIGIN);
    headers.remove(ACCESS_CONTROL_ALLOW_CREDENTIALS);
    headers.append(VARY, HeaderValue::from_name(ORIGIN));
}
