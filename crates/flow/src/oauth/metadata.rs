//! An issuer's metadata (RFC 8414, OpenID Connect Discovery 1.0).

use http::Method;
use model::{ClientAuth, OAuth2Settings, Step};
use outbound::Outgoing;
use template::Place;
use url::Url;

use crate::destination::destination;
use crate::exchange::{self, Received};
use crate::failure::Failure;
use crate::judge::unusable;
use crate::step::StepContext;

/// What is used of the metadata.
#[derive(Clone, Debug)]
pub(crate) struct Metadata {
    pub(crate) issuer: String,
    pub(crate) authorization_endpoint: Option<Url>,
    pub(crate) token_endpoint: Option<Url>,
    pub(crate) device_authorization_endpoint: Option<Url>,
    pub(crate) pushed_authorization_request_endpoint: Option<Url>,
    /// Parameters are taken pushed, and not otherwise (RFC 9126, section 5).
    pub(crate) wants_them_pushed: bool,
    /// Redirects always name the issuer (RFC 9207, section 3).
    pub(crate) names_itself: bool,
}

/// Fetches the metadata of the step's issuer, where it has one.
pub(crate) async fn metadata(
    cx: &mut StepContext<'_>,
    step: &Step,
    settings: &OAuth2Settings,
) -> Result<Option<Metadata>, Failure> {
    let Some(template) = &settings.issuer else {
        return Ok(None);
    };
    let issuer = template
        .resolve_text(&cx.scope(), Place::Url)
        .map_err(|error| unusable(cx, &step.id, error.into()))?;
    let base = destination(template, &issuer, cx.context.connector)
        .map_err(|error| unusable(cx, &step.id, error.into()))?;
    let mut last = None;
    for url in well_known(&base) {
        let mut outgoing = Outgoing::new(Method::GET, url);
        outgoing.headers.insert(
            http::header::ACCEPT,
            http::HeaderValue::from_static("application/json"),
        );
        let received = exchange::send(cx, &step.id, outgoing).await?;
        if received.status.is_success() && received.body.is_object() {
            let by_certificate = settings.client_auth() == ClientAuth::TlsClientAuth;
            return read(&received, &issuer, &base, by_certificate).map(Some);
        }
        last = Some(received);
    }
    let failure = Failure::definition(
        "metadata_missing",
        format!("The issuer {issuer} has no metadata where RFC 8414 and OpenID Connect put it."),
    )
    .with_help("Check `issuer`, or write out `authorization_url` and `token_url` instead.");
    Err(match last {
        Some(reply) => failure
            .with_status(reply.status.as_u16())
            .with_excerpt(&reply.text),
        None => failure,
    })
}

/// Where an issuer's metadata may be: RFC 8414, section 3.1, puts the well-known part between
/// host and path, OpenID Connect behind the path.
fn well_known(issuer: &Url) -> [Url; 2] {
    let path = issuer.path().trim_end_matches('/');
    let at = |path: String| {
        let mut url = issuer.clone();
        url.set_query(None);
        url.set_path(&path);
        url
    };
    [
        at(format!("/.well-known/oauth-authorization-server{path}")),
        at(format!("{path}/.well-known/openid-configuration")),
    ]
}

/// `by_certificate` takes the addresses for clients that show one, where there are such (RFC 8705, section 5).
fn read(
    received: &Received,
    issuer: &str,
    base: &Url,
    by_certificate: bool,
) -> Result<Metadata, Failure> {
    let body = &received.body;
    // Exactly the same (RFC 8414, section 3.3), or one issuer could speak for another.
    if body.get("issuer").and_then(|found| found.as_str()) != Some(issuer) {
        return Err(Failure::definition(
            "issuer_mismatch",
            format!("The metadata of {issuer} names another issuer."),
        )
        .with_help("Write `issuer` exactly as the metadata has it, the last slash included.")
        .with_excerpt(&received.text));
    }
    let aliases = body.get("mtls_endpoint_aliases").filter(|_| by_certificate);
    let named = |name: &str| {
        let alias = aliases.and_then(|aliases| aliases.get(name));
        alias.or_else(|| body.get(name))?.as_str()
    };
    let endpoint = |name: &str| match named(name) {
        None => Ok(None),
        Some(text) => Url::parse(text)
            .ok()
            .filter(|url| url.scheme() == "https" || url.scheme() == base.scheme())
            .filter(Url::has_host)
            .map(Some)
            .ok_or_else(|| {
                Failure::definition(
                    "metadata_unusable",
                    format!("The metadata of {issuer} has no usable address as `{name}`."),
                )
            }),
    };
    Ok(Metadata {
        issuer: issuer.to_owned(),
        authorization_endpoint: endpoint("authorization_endpoint")?,
        token_endpoint: endpoint("token_endpoint")?,
        device_authorization_endpoint: endpoint("device_authorization_endpoint")?,
        pushed_authorization_request_endpoint: endpoint("pushed_authorization_request_endpoint")?,
        wants_them_pushed: body
            .get("require_pushed_authorization_requests")
            .and_then(serde_json::Value::as_bool)
            .unwrap_or_default(),
        names_itself: body
            .get("authorization_response_iss_parameter_supported")
            .and_then(serde_json::Value::as_bool)
            .unwrap_or_default(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn well_known_addresses() {
        let table = [
            (
                "https://a.example",
                "https://a.example/.well-known/oauth-authorization-server",
                "https://a.example/.well-known/openid-configuration",
            ),
            (
                "https://a.example/realms/x/",
                "https://a.example/.well-known/oauth-authorization-server/realms/x",
                "https://a.example/realms/x/.well-known/openid-configuration",
            ),
        ];
        for (issuer, oauth, oidc) in table {
            let found = well_known(&Url::parse(issuer).unwrap());
            assert_eq!(found.map(String::from), [oauth, oidc]);
        }
    }
}
