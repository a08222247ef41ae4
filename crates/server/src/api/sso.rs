//! Signing our own people in at an identity provider: which there are, the way out, and linking an account. The way back
//! is a page.

use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use http::HeaderMap;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::peer::Peer;
use crate::api::person::InSession;
use crate::api::state::Api;
use crate::problem::Problem;
use crate::screen::Browser;
use crate::signing_in::SigningIn;
use crate::single_sign_on::{Away, Errand, Known};

/// An identity provider.
#[derive(Serialize, ToSchema)]
struct ProviderView {
    #[schema(example = "corp")]
    name: String,
    /// What people read.
    #[schema(example = "Example Corp")]
    title: String,
    /// Where a browser goes to sign in; `return_to` may be added.
    #[schema(example = "/api/sso/corp/start")]
    start: String,
}

/// The identity providers at which our own people sign in.
#[derive(Serialize, ToSchema)]
struct Providers {
    providers: Vec<ProviderView>,
}

/// Where to go to link an account.
#[derive(Serialize, ToSchema)]
struct Way {
    /// To be opened by this browser, within 10 minutes.
    url: String,
}

/// Where to go on afterwards.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct GoOn {
    /// A path of ours to go on at; left out: `/`.
    #[param(example = "/connectors")]
    return_to: Option<String>,
}

/// The routes of this file.
pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(start))
        .routes(routes!(link))
}

/// Lists the identity providers at which our own people sign in
#[utoipa::path(get, path = "/sso", tag = "account", security(()),
    responses((status = 200, description = "In the order of the settings.", body = Providers)))]
async fn list(State(api): State<Api>) -> axum::Json<Providers> {
    let ours = api
        .sso
        .all()
        .iter()
        .filter(|known| known.admission.is_some());
    let providers = ours.map(|known| {
        let provider = known.party.provider();
        ProviderView {
            name: provider.name.clone(),
            title: provider.title.clone(),
            start: format!("/api/sso/{}/start", provider.name),
        }
    });
    axum::Json(Providers {
        providers: providers.collect(),
    })
}

/// Sends a browser to an identity provider to sign in
///
/// It comes back to `/sso/{provider}/callback`, which sets the session's cookie and goes on at `return_to`.
#[utoipa::path(get, path = "/sso/{provider}/start", tag = "account", security(()),
    params(("provider" = String, Path, description = "The provider.", example = "corp"), GoOn),
    responses((status = 303, description = "To the identity provider.")))]
async fn start(
    State(signing_in): State<SigningIn>,
    Peer(address): Peer,
    Path(provider): Path<String>,
    Query(asked): Query<GoOn>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let known = ours(&signing_in, &provider)?;
    let return_to = path_of_ours(&signing_in, asked.return_to)?;
    signing_in
        .api
        .throttle
        .admit_from(address)
        .map_err(Problem::too_many_tries)?;
    Away::go(&signing_in, known, &headers, Errand::SignIn { return_to }).await
}

/// Links one's account with an identity provider
///
/// Once the browser has been there and back, one also comes in by it.
#[utoipa::path(post, path = "/sso/{provider}/link", tag = "account",
    params(("provider" = String, Path, description = "The provider.", example = "corp"), GoOn),
    responses((status = 200, description = "Where this browser has to go.", body = Way)))]
async fn link(
    State(signing_in): State<SigningIn>,
    asking: InSession,
    Path(provider): Path<String>,
    Query(asked): Query<GoOn>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let known = ours(&signing_in, &provider)?;
    let errand = Errand::Link {
        login: asking.person.login,
        session: asking.record.id,
        return_to: path_of_ours(&signing_in, asked.return_to)?,
    };
    let browser = Browser::of(&signing_in, &headers);
    let url = Away::begin(&signing_in, known, &browser, errand).await?;
    let mut response = axum::Json(Way { url: url.into() }).into_response();
    browser.keep(None, &mut response);
    Ok(response)
}

/// A provider at which our own people sign in.
fn ours<'a>(signing_in: &'a SigningIn, provider: &str) -> Result<&'a Known, Problem> {
    let known = signing_in.state.sso.named(provider);
    known
        .filter(|known| known.admission.is_some())
        .ok_or_else(|| Problem::not_found("identity provider"))
}

/// A path below our own origin: a sign-in must not lead elsewhere.
fn path_of_ours(signing_in: &SigningIn, asked: Option<String>) -> Result<String, Problem> {
    let asked = asked.unwrap_or_else(|| "/".to_owned());
    let base = &signing_in.state.public_url;
    let joined = base.join(&asked).ok();
    let is_ours = asked.starts_with('/')
        && !asked.starts_with("//")
        && !asked.contains('\\')
        && !asked.chars().any(char::is_control)
        && joined.is_some_and(|joined| joined.origin() == base.origin());
    match is_ours {
        true => Ok(asked),
        false => Err(Problem::invalid(
            "return_to",
            "It has to be a path of this server, such as /connectors.",
        )),
    }
}
