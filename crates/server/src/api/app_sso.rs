//! How an app's users are known by single sign-on: at which identity provider, and by what the app itself signs.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode};
use secret::SecretString;
use serde::{Deserialize, Serialize};
use store::StoreError;
use url::Url;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::body::Json;
use crate::api::etag::{Expected, etag};
use crate::api::person::Person;
use crate::api::session::SecretText;
use crate::api::state::Api;
use crate::problem::Problem;
use crate::single_sign_on::{AppSso, Assertion};

/// The longest address or name that is kept, in bytes.
const LONGEST: usize = 2_048;

/// The shortest key that an app may share, in bytes (RFC 7518, section 3.2).
const SHORTEST_KEY: usize = 32;

/// How an app's users are known.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewAppSso {
    /// The identity provider of the server's settings at which users sign in on the managed auth screen.
    #[schema(example = "corp")]
    provider: Option<String>,
    /// Whether the screen lets in nobody who has not signed in there as the user that the app named.
    #[serde(default)]
    required: bool,
    /// The claim that is the app's own name for a user; left out: `sub`.
    #[schema(example = "sub", min_length = 1, max_length = 128)]
    user_claim: Option<String>,
    /// What the app signs for its users.
    assertions: Option<NewAssertion>,
}

/// What an app signs for its users: JSON Web Tokens, with either `keys_url` or `shared_key`.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewAssertion {
    /// What `iss` has to be: a URL.
    #[schema(example = "https://shop.example.org")]
    issuer: String,
    /// What `aud` has to name; left out: this server's origin.
    #[schema(example = "https://gate.example.org")]
    audience: Option<String>,
    /// Where the app's public keys are, a JSON Web Key Set.
    #[schema(example = "https://shop.example.org/keys.json")]
    keys_url: Option<String>,
    /// A key of at least 32 bytes that the app and this server share, for HS256, HS384 and HS512. It is never shown.
    #[schema(format = Password, value_type = Option<String>, min_length = 32, max_length = 1024)]
    shared_key: Option<SecretText>,
    /// The claim that is the app's own name for a user; left out: `sub`.
    #[schema(example = "sub", min_length = 1, max_length = 128)]
    user_claim: Option<String>,
}

/// How an app's users are known.
#[derive(Serialize, ToSchema)]
struct AppSsoView {
    provider: Option<String>,
    required: bool,
    user_claim: String,
    assertions: Option<AssertionView>,
    /// Raised by each change; also the ETag.
    version: u64,
}

/// What an app signs for its users.
#[derive(Serialize, ToSchema)]
struct AssertionView {
    issuer: String,
    audience: String,
    /// Where the app's public keys are; none: it shares a key, which is not shown.
    keys_url: Option<String>,
    user_claim: String,
}

/// The routes of this file.
pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(get, put, delete))
}

/// Tells how an app's users are known by single sign-on
#[utoipa::path(get, path = "/apps/{name}/sso", tag = "apps",
    params(("name" = String, Path, description = "The app.", example = "shop")),
    responses((status = 200, description = "How.", body = AppSsoView)))]
async fn get(
    State(api): State<Api>,
    _: Person,
    Path(name): Path<String>,
) -> Result<Response, Problem> {
    let set = api.store.app_sso(&name).await?.ok_or_else(not_set)?;
    Ok(answer(AppSso::read(&set)?, set.version))
}

/// Sets how an app's users are known by single sign-on
///
/// In the place of what was set before. `If-Match` may be left out.
#[utoipa::path(put, path = "/apps/{name}/sso", tag = "apps", request_body = NewAppSso,
    params(("name" = String, Path, description = "The app.", example = "shop"),
        ("If-Match" = Option<String>, Header, description = "The version that was seen; left out: any.")),
    responses((status = 200, description = "Set.", body = AppSsoView)))]
async fn put(
    State(api): State<Api>,
    _: Person,
    Path(name): Path<String>,
    headers: HeaderMap,
    Json(asked): Json<NewAppSso>,
) -> Result<Response, Problem> {
    if !store::is_app_name(&name) {
        return Err(Problem::not_found("app"));
    }
    let over = seen(&api, &name, &headers).await?;
    if let Some(provider) = &asked.provider
        && api.sso.named(provider).is_none()
    {
        let why = "There is no identity provider of this name in the server's settings.";
        return Err(Problem::invalid("provider", why));
    }
    if asked.required && asked.provider.is_none() {
        return Err(Problem::invalid("required", "It needs a `provider`."));
    }
    let claim = |field: &str, given: Option<String>| match given {
        None => Ok("sub".to_owned()),
        Some(claim) if (1..=128).contains(&claim.len()) => Ok(claim),
        Some(_) => Err(Problem::invalid(field, "It has from 1 to 128 characters.")),
    };
    let (assertions, key) = match asked.assertions {
        Some(new) => {
            let user_claim = claim("assertions.user_claim", new.user_claim.clone())?;
            let (assertion, key) = assertion(&api, new, user_claim)?;
            (Some(assertion), key)
        }
        None => (None, SecretString::new(String::new())),
    };
    let sso = AppSso {
        provider: asked.provider,
        required: asked.required,
        user_claim: claim("user_claim", asked.user_claim)?,
        assertions,
    };
    let settings = serde_json::to_string(&sso).map_err(|error| Problem::internal(&error))?;
    match api.store.put_app_sso(&name, over, settings, key).await {
        Ok(set) => Ok(answer(sso, set.version)),
        Err(StoreError::Conflict) => Err(moved_on(&api, &name).await?),
        Err(error) => Err(error.into()),
    }
}

/// Takes back how an app's users are known by single sign-on
///
/// `If-Match` may be left out.
#[utoipa::path(delete, path = "/apps/{name}/sso", tag = "apps",
    params(("name" = String, Path, description = "The app.", example = "shop"),
        ("If-Match" = Option<String>, Header, description = "The version that was seen; left out: any.")),
    responses((status = 204, description = "Gone.")))]
async fn delete(
    State(api): State<Api>,
    _: Person,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Result<StatusCode, Problem> {
    let over = seen(&api, &name, &headers).await?;
    match api.store.delete_app_sso(&name, over).await {
        Ok(true) => Ok(StatusCode::NO_CONTENT),
        Ok(false) => Err(not_set()),
        Err(StoreError::Conflict) => Err(moved_on(&api, &name).await?),
        Err(error) => Err(error.into()),
    }
}

/// The version that a writer has seen, where it is the newest; none where any may be written over. What does not open can
/// be written over too, by who has seen nothing.
async fn seen(api: &Api, name: &str, headers: &HeaderMap) -> Result<Option<u64>, Problem> {
    let expected = Expected::of(headers);
    if expected == Expected::Nothing {
        return Ok(None);
    }
    let set = api.store.app_sso(name).await?.ok_or_else(not_set)?;
    expected.optional(set.version).map(Some)
}

/// For who was overtaken, as if they had come later.
async fn moved_on(api: &Api, name: &str) -> Result<Problem, Problem> {
    Ok(match api.store.app_sso(name).await? {
        Some(newest) => Problem::other_version(newest.version),
        None => not_set(),
    })
}

fn not_set() -> Problem {
    Problem::not_found("single sign-on")
}

fn assertion(
    api: &Api,
    new: NewAssertion,
    user_claim: String,
) -> Result<(Assertion, SecretString), Problem> {
    let is_address = |text: &str| {
        text.len() <= LONGEST
            && Url::parse(text)
                .is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
    };
    if !is_address(&new.issuer) {
        return Err(Problem::invalid("assertions.issuer", "It has to be a URL."));
    }
    let key = match (&new.keys_url, new.shared_key) {
        (Some(address), None) if is_address(address) => SecretString::new(String::new()),
        (Some(_), None) => {
            return Err(Problem::invalid(
                "assertions.keys_url",
                "It has to be a URL.",
            ));
        }
        (None, Some(SecretText(key))) if (SHORTEST_KEY..=1024).contains(&key.reveal().len()) => key,
        (None, Some(_)) => {
            let why = "It has from 32 to 1024 bytes.";
            return Err(Problem::invalid("assertions.shared_key", why));
        }
        (Some(_), Some(_)) | (None, None) => {
            let why = "Give one of `keys_url` and `shared_key`.";
            return Err(Problem::invalid("assertions", why));
        }
    };
    if new.audience.as_ref().is_some_and(|it| it.len() > LONGEST) {
        let why = format!("It has at most {LONGEST} bytes.");
        return Err(Problem::invalid("assertions.audience", why));
    }
    let ours = || api.public_url.origin().ascii_serialization();
    let assertion = Assertion {
        issuer: new.issuer,
        audience: new.audience.unwrap_or_else(ours),
        keys_url: new.keys_url,
        user_claim,
    };
    Ok((assertion, key))
}

fn answer(sso: AppSso, version: u64) -> Response {
    (etag(version), axum::Json(view(sso, version))).into_response()
}

fn view(sso: AppSso, version: u64) -> AppSsoView {
    AppSsoView {
        version,
        provider: sso.provider,
        required: sso.required,
        user_claim: sso.user_claim,
        assertions: sso.assertions.map(|assertion| AssertionView {
            issuer: assertion.issuer,
            audience: assertion.audience,
            keys_url: assertion.keys_url,
            user_claim: assertion.user_claim,
        }),
    }
}
