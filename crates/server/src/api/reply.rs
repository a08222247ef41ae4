//! What holds for every request and reply of the API: no credential in an address, no caching, and errors in one form,
//! those that axum itself answers with too.

use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::{
    ALLOW, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri};

use crate::api::state::Api;
use crate::front::{REQUEST_ID, RequestId};
use crate::problem::Problem;

/// What goes with every reply.
const HEADERS: [(HeaderName, HeaderValue); 4] = [
    (CACHE_CONTROL, HeaderValue::from_static("no-store")),
    (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (
        CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"),
    ),
];

/// Names under which keys and tokens get into an address (RFC 6750 2.3 has the first).
const NAMES: [&str; 8] = [
    "access_token",
    "token",
    "api_key",
    "apikey",
    "key",
    "password",
    "stepgate-key",
    "stepgate_key",
];

/// How much of a plain answer is read, to be told in our form.
const PLAIN: usize = 4 * 1024;

/// Goes around every route of the API.
pub(crate) async fn around(State(api): State<Api>, request: Request, next: Next) -> Response {
    let id = match request.extensions().get::<RequestId>() {
        Some(id) => id.text().to_owned(),
        None => api.random.base64url(12),
    };
    let response = match is_api(request.uri()) && carries_credential(request.uri()) {
        true => Problem::bad_request(
            "credential_in_address",
            "Keys, tokens and passwords are not taken from the address, which logs keep; regard this one as known \
             and replace it. Send it in a header.",
        )
        .into_response(),
        false => in_our_form(next.run(request).await).await,
    };
    let mut response = with_id(response, &id);
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.entry(name).or_insert(value);
    }
    response
}

/// Whether a query holds what belongs into a header (RFC 6750 5.3).
fn carries_credential(uri: &Uri) -> bool {
    let query = uri.query().unwrap_or_default();
    form_urlencoded::parse(query.as_bytes()).any(|(name, value)| {
        let name = name.to_ascii_lowercase();
        NAMES.contains(&name.as_str())
            || ["sg_pat_", "sg_app_", "sg_user_"]
                .iter()
                .any(|prefix| value.contains(prefix))
    })
}

async fn in_our_form(response: Response) -> Response {
    let status = response.status();
    let is_error = status.is_client_error() || status.is_server_error();
    if !is_error || is_told(response.headers()) {
        return response;
    }
    let (parts, body) = response.into_parts();
    let text = to_bytes(body, PLAIN).await.unwrap_or_default();
    let text = match status {
        StatusCode::METHOD_NOT_ALLOWED | StatusCode::NOT_FOUND => String::new(),
        _ => String::from_utf8_lossy(&text).into_owned(),
    };
    let mut problem = Problem::of_status(status, &text);
    if let Some(allow) = parts.headers.get(ALLOW) {
        problem = problem.header(ALLOW, allow.clone());
    }
    problem.into_response()
}

/// Tells the request's id, in the problem's document too.
fn with_id(response: Response, id: &str) -> Response {
    if response.headers().contains_key(REQUEST_ID) {
        return response;
    }
    let mut response = match response.extensions().get::<Problem>().cloned() {
        Some(mut problem) => {
            problem.log(id);
            problem.request_id = Some(id.to_owned());
            match is_page(response.headers()) {
                true => response,
                false => problem.into_response(),
            }
        }
        None => response,
    };
    let header = HeaderValue::try_from(id);
    // Ids are always header values.
    if let Ok(header) = header {
        response.headers_mut().insert(REQUEST_ID, header);
    }
    response
}

fn is_api(uri: &Uri) -> bool {
    uri.path() == "/api" || uri.path().starts_with("/api/")
}

fn is_page(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).map(HeaderValue::as_bytes);
    kind.is_some_and(|kind| kind.starts_with(b"text/html"))
}

/// Whether an error is told already: as a problem, or as a page for people.
fn is_told(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).map(HeaderValue::as_bytes);
    kind.is_some_and(|kind| {
        kind.starts_with(b"application/problem+json") || kind.starts_with(b"text/html")
    })
}

#[cfg(test)]
mod tests {
    use super::carries_credential;

    #[test]
    fn attack_68_a_credential_in_the_address_is_found() {
        let table = [
            ("/api/apps", false),
            ("/api/apps?environment=staging", false),
            ("/api/apps?access_token=abc", true),
            ("/api/apps?ACCESS_TOKEN=abc", true),
            ("/api/apps?a=b&token=abc", true),
            ("/api/apps?x=sg_pat_abc", true),
            ("/api/apps?x=sg%5Fapp_abc", true),
            ("/api/apps?x=Bearer+sg_user_abc", true),
            ("/api/apps?key=abc", true),
        ];
        for (uri, expected) in table {
            assert_eq!(carries_credential(&uri.parse().unwrap()), expected, "{uri}");
        }
    }
}
