//! From a request as the definition writes it to one that can be sent; flows and calls alike.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use indexmap::IndexMap;
use model::{Body, Origin, Redirects, Request, SignIn, ValueTemplate};
use outbound::{OutBody, Outgoing};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use template::{Place, ResolveError, Scope, Template};
use url::Url;

use crate::destination::{DestinationError, destination};
use crate::graphql::{GRAPHQL, graphql};
use crate::multipart::multipart;
use crate::scope::CallScope;
use crate::signing::signing;
use crate::value::{resolve_entry, resolve_value, texts};

/// Everything but the unreserved characters of RFC 3986. A space becomes `%20`, which every
/// server reads, rather than the `+` of forms.
const QUERY: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Why a request cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// A template in it.
    #[error(transparent)]
    Resolve(#[from] ResolveError),
    /// It may not go there.
    #[error(transparent)]
    Destination(#[from] DestinationError),
    /// A value that has no form as text.
    #[error("`{key}` is {kind}, which a {place} cannot carry")]
    NotText {
        /// The key of the query, form or part.
        key: String,
        /// What it is.
        kind: &'static str,
        /// Where it stands.
        place: &'static str,
    },
    /// A header that HTTP does not allow.
    #[error("the header `{name}` is not allowed in HTTP: {why}")]
    Header {
        /// Its name.
        name: String,
        /// What is wrong.
        why: &'static str,
    },
    /// A method that HTTP does not allow.
    #[error("`{0}` is not an HTTP method")]
    Method(String),
    /// HTTP Basic has no way to say such a user name (RFC 7617, section 2).
    #[error("a user name for HTTP Basic cannot hold a colon or a control character")]
    UserName,
    /// A client certificate that cannot be shown.
    #[error("`client_certificate.{field}` {problem}")]
    ClientCertificate {
        /// Which of the two.
        field: &'static str,
        /// What is wrong with it.
        problem: String,
        /// What to do.
        help: &'static str,
    },
    /// A value of a sign-in type that it cannot sign with.
    #[error("`sign_in.{field}` {problem}")]
    SignIn {
        /// The key of the sign-in type.
        field: &'static str,
        /// What is wrong with what it gives.
        problem: String,
        /// What to do.
        help: String,
    },
}

impl BuildError {
    /// A stable word for machines.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Resolve(ResolveError::Absent { .. }) => "value_missing",
            Self::Resolve(_) | Self::NotText { .. } => "value_unusable",
            Self::Destination(DestinationError::OriginNotListed { .. }) => "origin_not_listed",
            Self::Destination(DestinationError::NotAUrl { .. }) => "not_a_url",
            Self::Header { .. } | Self::Method(_) => "request_unusable",
            Self::UserName => "user_name_unusable",
            Self::SignIn { .. } => "sign_in_unusable",
            Self::ClientCertificate { .. } => "certificate_unusable",
        }
    }

    /// What to do about it; may be empty.
    #[must_use]
    pub fn help(&self) -> String {
        match self {
            Self::Destination(DestinationError::OriginNotListed { origin, .. }) => format!(
                "If {origin} may get the credential, list it under `origins`. If only this request goes there, write the address out in its `url`."
            ),
            Self::SignIn { help, .. } => help.clone(),
            Self::ClientCertificate { help, .. } => (*help).to_owned(),
            _ => String::new(),
        }
    }
}

/// The request with every template resolved, allowed to go where it goes, and signed where it
/// has a `sign_in` of its own.
///
/// # Errors
/// A template that cannot be resolved, or a place where it may not go.
pub fn build_request(
    request: &Request,
    redirects: Redirects,
    scope: &CallScope<'_>,
) -> Result<Outgoing, BuildError> {
    let text = request.url.resolve_text(scope, Place::Url)?;
    let mut url = destination(&request.url, &text, scope.connector())?;
    // From here on `cookies` are those that would be sent there.
    let scope = &scope.clone().at(&url);
    add_query(&mut url, &pairs(&request.query, "query", scope)?);
    let method = Method::from_bytes(request.method.as_bytes())
        .map_err(|_| BuildError::Method(request.method.clone()))?;
    let mut outgoing = Outgoing::new(method, url);
    outgoing.headers = headers(&request.headers, scope)?;
    outgoing.body = body(&request.body, &mut outgoing.headers, scope)?;
    if let Some(sign_in) = &request.sign_in {
        if let Some(value) = authorization(sign_in, scope)? {
            outgoing.headers.insert(AUTHORIZATION, value);
        }
        outgoing.signing = signing(sign_in, scope)?;
    }
    outgoing.timeout = request.timeout;
    outgoing.redirects = match redirects {
        Redirects::Follow => outbound::Redirects::Follow,
        Redirects::Stop => outbound::Redirects::Stop,
    };
    outgoing.credential_origins = credential_origins(scope);
    Ok(outgoing)
}

/// The Authorization header of a sign-in type; none for those that [sign each request](signing()).
///
/// # Errors
/// A template that cannot be resolved, or a value that the scheme cannot carry.
pub fn authorization(
    sign_in: &SignIn,
    scope: &CallScope<'_>,
) -> Result<Option<HeaderValue>, BuildError> {
    let text = |template: &Template, place| template.resolve_text(scope as &dyn Scope, place);
    let value = match sign_in {
        SignIn::None
        | SignIn::Ntlm(_)
        | SignIn::Digest { .. }
        | SignIn::AwsSigV4(_)
        | SignIn::Hawk(_)
        | SignIn::OAuth1(_)
        | SignIn::Hmac(_) => return Ok(None),
        SignIn::Basic { username, password } => {
            basic(&text(username, Place::Text)?, &text(password, Place::Text)?)?
        }
        SignIn::Bearer { token } => format!("Bearer {}", text(token, Place::Header)?),
    };
    secret_header("Authorization", &value).map(Some)
}

/// `Basic` and the credentials in base64 (RFC 7617), as UTF-8.
pub(crate) fn basic(username: &str, password: &str) -> Result<String, BuildError> {
    if username.contains(|c: char| c == ':' || c.is_control()) {
        return Err(BuildError::UserName);
    }
    let pair = format!("{username}:{password}");
    Ok(format!("Basic {}", STANDARD.encode(pair)))
}

/// Adds to a URL's query; what is there stays as it is.
pub(crate) fn add_query(url: &mut Url, pairs: &[(String, String)]) {
    let encode = |text: &str| utf8_percent_encode(text, QUERY).to_string();
    let added: Vec<String> = pairs
        .iter()
        .map(|(key, value)| format!("{}={}", encode(key), encode(value)))
        .collect();
    let added = added.join("&");
    match url.query() {
        _ if added.is_empty() => {}
        Some(query) if !query.is_empty() => {
            let query = format!("{query}&{added}");
            url.set_query(Some(&query));
        }
        _ => url.set_query(Some(&added)),
    }
}

/// Keys and texts, a list once for each of its items.
pub(crate) fn pairs(
    entries: &IndexMap<String, ValueTemplate>,
    place: &'static str,
    scope: &CallScope<'_>,
) -> Result<Vec<(String, String)>, BuildError> {
    let mut pairs = Vec::with_capacity(entries.len());
    for (key, value) in entries {
        let Some(value) = resolve_value(value, scope)? else {
            continue;
        };
        let texts = texts(value).map_err(|kind| BuildError::NotText {
            key: key.clone(),
            kind,
            place,
        })?;
        pairs.extend(texts.into_iter().map(|text| (key.clone(), text)));
    }
    Ok(pairs)
}

/// `application/x-www-form-urlencoded`.
pub(crate) fn form_body(pairs: &[(String, String)]) -> Bytes {
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.extend_pairs(pairs);
    Bytes::from(form.finish())
}

/// Where what is attached may go along after a redirect, beside the URL's own origin.
pub(crate) fn credential_origins(scope: &CallScope<'_>) -> Vec<String> {
    let origins = &scope.connector().origins;
    origins.iter().map(Origin::to_string).collect()
}

fn headers(
    entries: &IndexMap<String, Template>,
    scope: &CallScope<'_>,
) -> Result<HeaderMap, BuildError> {
    let mut headers = HeaderMap::new();
    for (name, template) in entries {
        let Some(value) = resolve_entry(template, scope, Place::Header)? else {
            continue;
        };
        let parsed = HeaderName::from_bytes(name.as_bytes()).map_err(|_| BuildError::Header {
            name: name.clone(),
            why: "its name holds a character that a name cannot have",
        })?;
        let value = value.as_str().unwrap_or_default();
        headers.append(parsed, secret_header(name, value)?);
    }
    Ok(headers)
}

/// Any header of a definition may hold a secret, so its Debug shows none.
fn secret_header(name: &str, value: &str) -> Result<HeaderValue, BuildError> {
    let mut header = HeaderValue::from_bytes(value.as_bytes()).map_err(|_| BuildError::Header {
        name: name.to_owned(),
        why: "its value holds a control character",
    })?;
    header.set_sensitive(true);
    Ok(header)
}

fn body(
    body: &Body,
    headers: &mut HeaderMap,
    scope: &CallScope<'_>,
) -> Result<OutBody, BuildError> {
    let (content_type, bytes) = match body {
        Body::None => return Ok(OutBody::Empty),
        Body::Json(value) => {
            // A body that may be left out as a whole is no body.
            let Some(value) = resolve_value(value, scope)? else {
                return Ok(OutBody::Empty);
            };
            (
                "application/json".to_owned(),
                Bytes::from(value.to_string()),
            )
        }
        Body::Graphql(operation) => {
            let accept = secret_header("Accept", GRAPHQL)?;
            headers.entry(ACCEPT).or_insert(accept);
            ("application/json".to_owned(), graphql(operation, scope)?)
        }
        Body::Form(entries) => (
            "application/x-www-form-urlencoded".to_owned(),
            form_body(&pairs(entries, "form", scope)?),
        ),
        Body::Multipart(entries) => {
            // The boundary is what the body was made with, so the definition's own type yields.
            headers.remove(CONTENT_TYPE);
            multipart(&pairs(entries, "multipart body", scope)?, &scope.boundary())
        }
        Body::Text(template) => (
            "text/plain; charset=utf-8".to_owned(),
            Bytes::from(template.resolve_text(scope, Place::Text)?),
        ),
    };
    if !headers.contains_key(CONTENT_TYPE) {
        headers.insert(CONTENT_TYPE, secret_header("Content-Type", &content_type)?);
    }
    Ok(OutBody::Bytes(bytes))
}
