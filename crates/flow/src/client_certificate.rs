//! The certificates by which a client proves itself while it connects (RFC 8705), out of their templates.

use model::{ClientCertificate as Settings, Origin};
use outbound::ClientCertificate;
use template::{Place, Template};
use url::Url;

use crate::request::BuildError;
use crate::scope::CallScope;

/// The connector's certificate, where it has one and the request goes to one of its origins.
///
/// # Errors
/// A template that cannot be resolved, or a certificate or key that cannot be used.
pub fn client_certificate(
    scope: &CallScope<'_>,
    url: &Url,
) -> Result<Option<ClientCertificate>, BuildError> {
    let origins = &scope.connector().origins;
    match Origin::of(url).is_some_and(|origin| origins.contains(&origin)) {
        true => of_connector(scope),
        false => Ok(None),
    }
}

/// The connector's certificate, where it has one.
pub(crate) fn of_connector(scope: &CallScope<'_>) -> Result<Option<ClientCertificate>, BuildError> {
    let Some(Settings { certificate, key }) = &scope.connector().client_certificate else {
        return Ok(None);
    };
    let text = |template: &Template| template.resolve_text(scope, Place::Text);
    let read = ClientCertificate::read(&text(certificate)?, &text(key)?);
    read.map(Some)
        .map_err(|error| BuildError::ClientCertificate {
            field: match error.is_of_key() {
                true => "key",
                false => "certificate",
            },
            problem: error.to_string(),
            help: error.help(),
        })
}
