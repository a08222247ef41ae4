//! Credentials that a browser keeps, as they travel in `Stepgate-Credential`: sealed, and of no use to anybody else.

use crate::registry::Served;
use crate::signing_in::{PEOPLE, SigningIn, realm, user};
use axum::response::Response;
use connection::{Binding, ConnectionError, Shown};
use http::{HeaderMap, HeaderName, HeaderValue};
use model::KeepIn;

/// The header that carries one, both ways.
const CREDENTIAL: HeaderName = HeaderName::from_static("stepgate-credential");

/// Opens what the caller's browser shows of this connection, or what waits for it; nothing where the server keeps it.
pub(crate) async fn shown(
    signing_in: &SigningIn,
    served: &Served,
    owner: &str,
    connection: &str,
    headers: &HeaderMap,
) -> Result<Option<Shown>, ConnectionError> {
    let Some(binding) = binding(served, owner) else {
        return Ok(None);
    };
    let blob = headers.get(CREDENTIAL).and_then(|blob| blob.to_str().ok());
    let connector = &served.equipped.connector;
    let connections = &signing_in.state.connections;
    connections
        .open_from_browser(connector, binding, blob, Some(connection))
        .await
        .map(Some)
}

/// Gives the browser what it does not keep yet.
pub(crate) fn hand_over(
    signing_in: &SigningIn,
    served: &Served,
    owner: &str,
    shown: Option<&Shown>,
    response: &mut Response,
) -> Result<(), ConnectionError> {
    let (Some(binding), Some(shown)) = (binding(served, owner), shown) else {
        return Ok(());
    };
    let connections = &signing_in.state.connections;
    if let Some(blob) = connections.answer_to_browser(shown, binding)?
        && let Ok(mut blob) = HeaderValue::try_from(blob)
    {
        blob.set_sensitive(true);
        response.headers_mut().insert(CREDENTIAL, blob);
    }
    Ok(())
}

fn binding<'a>(served: &'a Served, owner: &'a str) -> Option<Binding<'a>> {
    let connector = &served.equipped.connector;
    let is_kept = connector.connection.keep_in == KeepIn::Browser && realm(owner) != PEOPLE;
    is_kept.then(|| Binding {
        app: realm(owner),
        user: user(owner),
        connector: &connector.name,
    })
}
