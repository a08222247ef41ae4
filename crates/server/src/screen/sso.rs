//! Where identity providers send browsers back to.

use crate::api::{Peer, end_shown, open_session};
use crate::problem::Problem;
use crate::screen::refused::Refused;
use crate::signing_in::{PEOPLE, SigningIn};
use crate::single_sign_on::{Away, Errand, enter};
use axum::extract::{OriginalUri, Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use http::HeaderMap;
use http::header::SET_COOKIE;

/// Takes a browser that comes back, once.
pub(crate) async fn callback(
    State(signing_in): State<SigningIn>,
    Peer(address): Peer,
    Path(provider): Path<String>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    let state = &signing_in.state;
    let known = state.sso.named(&provider);
    let known = known.ok_or_else(|| Problem::not_found("identity provider"))?;
    let mut back = signing_in.url(&format!("/sso/{provider}/callback"));
    back.set_query(uri.query());
    let (errand, identity) = Away::end(&signing_in, known, &headers, &back).await?;
    let admission = known.admission.as_ref();
    let admission = admission.ok_or_else(|| Problem::not_found("identity provider"))?;
    let api = &signing_in.api;
    let (person, return_to) = match errand {
        Errand::SignIn { return_to } => (enter(api, admission, &identity).await?, return_to),
        Errand::Link { login, return_to } => {
            let (issuer, subject) = (identity.issuer(), identity.subject());
            state.store.link_person(issuer, subject, &login).await?;
            (enter(api, admission, &identity).await?, return_to)
        }
    };
    let owner = format!("{PEOPLE}/{}", person.login);
    state
        .store
        .put_identity(&owner, None, identity.to_bytes())
        .await?;
    api.throttle.forgive_from(address);
    end_shown(api, &headers).await?;
    let (cookie, _) = open_session(api, &person.login, person.role, &headers).await?;
    let mut response = Redirect::to(&return_to).into_response();
    if let Some(cookie) = cookie {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    Ok(response)
}
