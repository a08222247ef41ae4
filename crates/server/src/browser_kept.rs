//! Credentials that a browser keeps, as they travel in `Stepgate-Credential`: sealed, and of no use to anybody else.

use crate::problem::Problem;
use crate::registry::Served;
use crate::signing_in::{PEOPLE, SigningIn, realm, user};
use axum::response::Response;
use connection::{Binding, ConnectionError, Connections, Shown};
use flow::Silent;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use model::KeepIn;

/// The header that carries one, both ways.
pub(crate) const CREDENTIAL: HeaderName = HeaderName::from_static("stepgate-credential");

/// The longest that is taken and given out, in bytes: with the rest of a request's header it has to fit what we read.
const LONGEST: usize = 32 << 10;

/// What the caller's browser shows; nothing where that cannot be one.
pub(crate) fn read(headers: &HeaderMap) -> Result<Option<&str>, Problem> {
    let mut fields = headers.get_all(CREDENTIAL).iter();
    let Some(blob) = fields.next() else {
        return Ok(None);
    };
    if fields.next().is_some() {
        return Err(Problem::new(
            StatusCode::BAD_REQUEST,
            "bad_header",
            "The header Stepgate-Credential must stand there once.",
        ));
    }
    if blob.len() > LONGEST {
        return Err(Problem::new(
            StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
            "credential_too_long",
            format!(
                "Stepgate-Credential is longer than {LONGEST} bytes, which none that was given out is."
            ),
        ));
    }
    Ok(blob.to_str().ok())
}

/// Whose browser keeps the connections of this owner; nothing where the server keeps them.
pub(crate) fn binding<'a>(served: &'a Served, owner: &'a str) -> Option<Binding<'a>> {
    let connector = &served.equipped.connector;
    let is_kept = connector.connection.keep_in == KeepIn::Browser && realm(owner) != PEOPLE;
    is_kept.then(|| Binding {
        app: realm(owner),
        user: user(owner),
        connector: &connector.name,
    })
}

/// Opens what the caller's browser shows of this connection, or what waits for it; nothing where the server keeps it.
pub(crate) async fn shown(
    signing_in: &SigningIn,
    served: &Served,
    owner: &str,
    connection: &str,
    headers: &HeaderMap,
) -> Result<Option<Shown>, Problem> {
    let Some(binding) = binding(served, owner) else {
        return Ok(None);
    };
    let blob = read(headers)?;
    let connector = &served.equipped.connector;
    let connections = &signing_in.state.connections;
    let shown = connections
        .open_from_browser(connector, binding, blob, Some(connection))
        .await?;
    Ok(Some(shown))
}

/// The same for somebody who wants to use it: signed in to anew where it is of no use and no person is needed.
pub(crate) async fn usable(
    signing_in: &SigningIn,
    served: &Served,
    owner: &str,
    connection: &str,
    headers: &HeaderMap,
) -> Result<Option<Shown>, Problem> {
    match shown(signing_in, served, owner, connection, headers).await {
        Err(problem) if is_unattended(served, &problem) => {
            let connections = &signing_in.state.connections;
            connections
                .usable(&served.equipped, connection, &mut Silent)
                .await?;
            shown(signing_in, served, owner, connection, headers).await
        }
        shown => shown,
    }
}

/// Whether all that is missing is a sign-in that may come to its end with nobody there.
pub(crate) fn is_unattended(served: &Served, problem: &Problem) -> bool {
    problem.code == "sign_in_required" && served.equipped.connector.may_sign_in_unattended()
}

/// The field for the browser; nothing where it keeps this already.
pub(crate) fn sealed(
    connections: &Connections,
    shown: &Shown,
    binding: Binding<'_>,
) -> Result<Option<HeaderValue>, ConnectionError> {
    let Some(blob) = connections.answer_to_browser(shown, binding)? else {
        return Ok(None);
    };
    if blob.len() > LONGEST {
        // It could not come back. It stays with us, where it waits for the browser.
        let length = blob.len();
        tracing::error!(
            length,
            "a credential is too large for a browser to keep: its connector should keep it in the server"
        );
        return Ok(None);
    }
    let field = HeaderValue::try_from(blob).ok();
    Ok(field.map(|mut field| {
        field.set_sensitive(true);
        field
    }))
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
    if let Some(field) = sealed(&signing_in.state.connections, shown, binding)? {
        response.headers_mut().insert(CREDENTIAL, field);
    }
    Ok(())
}
