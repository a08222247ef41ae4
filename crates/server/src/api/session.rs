//! Signing in and out of our own people, and their sessions: begun anew at each sign-in, listed, ended.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::header::{SET_COOKIE, USER_AGENT};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, StatusCode};
use secret::SecretString;
use serde::{Deserialize, Serialize};
use store::{Digest, PersonRecord, PersonUpdate, Role, SessionOf, SessionRecord, StoreError};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::body::Json;
use crate::api::moment::Moment;
use crate::api::password::Passwords;
use crate::api::peer::Peer;
use crate::api::person::{IDLE, InSession, Person, ShownBy};
use crate::api::state::Api;
use crate::api::{cookie, csrf, value};
use crate::problem::Problem;

/// After so many seconds a session is over, however it is used.
const LONGEST: i64 = 7 * 24 * 60 * 60;

/// How much of what a browser calls itself is kept, in characters.
const AGENT: usize = 200;

/// A login with its password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SignIn {
    #[schema(example = "ada", max_length = 64)]
    login: String,
    #[schema(format = Password, value_type = String)]
    password: SecretText,
}

/// A new password for the one that was.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewPassword {
    /// The password until now.
    #[schema(format = Password, value_type = String)]
    current: SecretText,
    /// The new one: at least 12 characters.
    #[schema(format = Password, value_type = String, min_length = 12, max_length = 1024)]
    new: SecretText,
}

/// A text that no formatting shows.
#[derive(Deserialize)]
#[serde(from = "String")]
pub(crate) struct SecretText(pub(crate) SecretString);

impl From<String> for SecretText {
    fn from(text: String) -> Self {
        Self(SecretString::new(text))
    }
}

/// Who is signed in.
#[derive(Serialize, ToSchema)]
pub(crate) struct Account {
    #[schema(example = "ada")]
    login: String,
    role: RoleName,
    /// What the header `Stepgate-Csrf` has to say with each change; none where a token was shown, which needs none.
    csrf: Option<String>,
    /// When the session ends however it is used; none where a token was shown.
    expires_at: Option<Moment>,
}

/// What a person may do: a builder makes connectors and apps, an admin also looks after people.
#[derive(Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RoleName {
    /// Everything, people included.
    Admin,
    /// Connectors, apps and connections.
    Builder,
}

/// A session.
#[derive(Serialize, ToSchema)]
pub(crate) struct SessionView {
    #[schema(example = "s_k3uq")]
    id: String,
    /// The browser, as it calls itself.
    agent: Option<String>,
    /// Whether it is the one that asks.
    current: bool,
    created_at: Moment,
    /// When it was last used, to a minute.
    seen_at: Moment,
    expires_at: Moment,
}

/// The sessions of a person.
#[derive(Serialize, ToSchema)]
pub(crate) struct Sessions {
    sessions: Vec<SessionView>,
}

/// The routes of this file.
pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(sign_in, who_am_i, sign_out))
        .routes(routes!(change_password))
        .routes(routes!(list, end_others))
        .routes(routes!(end))
}

/// Signs in
///
/// Sets the session's cookie. Too many tries have to wait.
#[utoipa::path(post, path = "/session", tag = "account", request_body = SignIn, security(()),
    responses((status = 200, description = "Signed in.", body = Account)))]
async fn sign_in(
    State(api): State<Api>,
    Peer(address): Peer,
    parts: Parts,
    Json(asked): Json<SignIn>,
) -> Result<Response, Problem> {
    csrf::same_origin(&parts, &api.public_url)?;
    api.throttle
        .admit(&asked.login, address)
        .map_err(Problem::too_many_tries)?;
    // What can be no login is looked up all the same: it takes as long.
    let person = api.store.person(&asked.login).await?;
    let person = person.filter(|person| !person.disabled);
    // Who signs in at an identity provider alone has none.
    let stored = person.as_ref().map(|person| person.password.clone());
    let stored = stored.filter(|stored| !stored.reveal().is_empty());
    if !api.passwords.verify(asked.password.0, stored).await? {
        // Not the login either: what is typed there is at times a password.
        tracing::warn!(%address, "a person's sign-in was refused: wrong login or password");
        return Err(Problem::wrong_login());
    }
    let person = person.ok_or_else(Problem::wrong_login)?;
    api.throttle.forgive(&asked.login, address);
    end_shown(&api, &person.login, &parts.headers).await?;
    begin(&api, &person, &parts.headers, StatusCode::OK).await
}

/// Tells who is signed in
#[utoipa::path(get, path = "/session", tag = "account",
    responses((status = 200, description = "Who is signed in.", body = Account)))]
async fn who_am_i(State(api): State<Api>, person: Person) -> axum::Json<Account> {
    let (csrf, expires_at) = match &person.by {
        ShownBy::Session { hash, record } => (
            Some(csrf::token(&api.csrf_secret, hash)),
            Some(Moment(record.expires_at)),
        ),
        ShownBy::Token => (None, None),
    };
    axum::Json(Account {
        login: person.login,
        role: person.role.into(),
        csrf,
        expires_at,
    })
}

/// Signs out
///
/// With the last session of somebody go the tokens of their single sign-on, which are given back to the identity provider
/// where it says how (RFC 7009).
#[utoipa::path(delete, path = "/session", tag = "account",
    responses((status = 204, description = "Signed out.")))]
async fn sign_out(State(api): State<Api>, asking: InSession) -> Result<Response, Problem> {
    let of = asking.person.sessions();
    api.store.delete_session(of, &asking.record.id).await?;
    sessions_ended(&api, &asking.person.login).await?;
    Ok((StatusCode::NO_CONTENT, [(SET_COOKIE, cookie::removed())]).into_response())
}

/// Changes the password
///
/// All sessions end; this browser gets a new one.
#[utoipa::path(put, path = "/session/password", tag = "account", request_body = NewPassword,
    responses((status = 200, description = "Changed.", body = Account)))]
async fn change_password(
    State(api): State<Api>,
    Peer(address): Peer,
    asking: InSession,
    headers: HeaderMap,
    Json(asked): Json<NewPassword>,
) -> Result<Response, Problem> {
    let login = asking.person.login;
    Passwords::judge(&login, &asked.new.0)?;
    // A session left open is no way to guess the password.
    api.throttle
        .admit(&login, address)
        .map_err(Problem::too_many_tries)?;
    let person = api.store.person(&login).await?;
    let person = person.ok_or_else(Problem::nobody)?;
    let stored = Some(person.password).filter(|stored| !stored.reveal().is_empty());
    if !api.passwords.verify(asked.current.0, stored).await? {
        return Err(Problem::forbidden(
            "wrong_password",
            "The current password is wrong.",
        ));
    }
    api.throttle.forgive(&login, address);
    let password = api.passwords.hash(asked.new.0).await?;
    let update = PersonUpdate {
        password: Some(password),
        ..PersonUpdate::default()
    };
    let updated = api.store.update_person(&login, person.version, update);
    let person = updated.await?;
    begin(&api, &person, &headers, StatusCode::OK).await
}

/// Lists one's sessions
#[utoipa::path(get, path = "/sessions", tag = "account",
    responses((status = 200, description = "One's sessions, newest first.", body = Sessions)))]
async fn list(State(api): State<Api>, person: Person) -> Result<axum::Json<Sessions>, Problem> {
    let current = match &person.by {
        ShownBy::Session { record, .. } => Some(record.id.clone()),
        ShownBy::Token => None,
    };
    let sessions = open_ones(&api, person.sessions(), current.as_deref()).await?;
    Ok(axum::Json(sessions))
}

/// Somebody's sessions that have not ended, one of which may be the one that asks.
pub(crate) async fn open_ones(
    api: &Api,
    of: SessionOf,
    current: Option<&str>,
) -> Result<Sessions, Problem> {
    let idle = api.clock.unix().saturating_sub(IDLE);
    let sessions = api.store.sessions_of(of).await?;
    let sessions = sessions
        .into_iter()
        .filter(|session| session.seen_at > idle)
        .map(|session| view(session, current));
    Ok(Sessions {
        sessions: sessions.collect(),
    })
}

/// Ends all one's sessions but this
#[utoipa::path(delete, path = "/sessions", tag = "account",
    responses((status = 204, description = "Ended.")))]
async fn end_others(State(api): State<Api>, person: Person) -> Result<StatusCode, Problem> {
    let current = match &person.by {
        ShownBy::Session { record, .. } => Some(record.id.clone()),
        ShownBy::Token => None,
    };
    for session in api.store.sessions_of(person.sessions()).await? {
        if Some(&session.id) != current.as_ref() {
            api.store.delete_session(session.of, &session.id).await?;
        }
    }
    sessions_ended(&api, &person.login).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Ends one of one's sessions
#[utoipa::path(delete, path = "/sessions/{id}", tag = "account",
    params(("id" = String, Path, description = "The session.", example = "s_k3uq")),
    responses((status = 204, description = "Ended.")))]
async fn end(
    State(api): State<Api>,
    person: Person,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    if !api.store.delete_session(person.sessions(), &id).await? {
        return Err(Problem::not_found("session"));
    }
    sessions_ended(&api, &person.login).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Gives back the tokens of somebody's single sign-on where that was their last session. The flows of somebody who is still
/// signed in elsewhere may need them.
pub(crate) async fn sessions_ended(api: &Api, login: &str) -> Result<(), Problem> {
    let idle = api.clock.unix().saturating_sub(IDLE);
    let forgotten = api.store.delete_identity_of_signed_out(login, idle).await?;
    api.connections.give_back(forgotten);
    Ok(())
}

/// Begins a session for who has shown the password of this record, and answers with its cookie. Where that is not the
/// account's password any more, it is a wrong one.
pub(crate) async fn begin(
    api: &Api,
    person: &PersonRecord,
    headers: &HeaderMap,
    status: StatusCode,
) -> Result<Response, Problem> {
    let (cookie, hash, expires_at) = new_cookie(api);
    let store = &api.store;
    let begun = store.create_session_by_password(hash, person, agent(headers), expires_at);
    let session = begun.await.map_err(|error| match error {
        StoreError::Conflict => Problem::wrong_login(),
        other => other.into(),
    })?;
    let account = account(api, person, hash, &session);
    let mut response = (status, axum::Json(account)).into_response();
    if let Some(cookie) = cookie::set(&cookie, LONGEST) {
        response.headers_mut().insert(SET_COOKIE, cookie);
    }
    Ok(response)
}

/// Begins a session for who has come in another way: its cookie.
pub(crate) async fn open(
    api: &Api,
    person: &PersonRecord,
    headers: &HeaderMap,
) -> Result<Option<HeaderValue>, Problem> {
    let (cookie, hash, expires_at) = new_cookie(api);
    let of = SessionOf::Person {
        login: person.login.clone(),
    };
    let begun = api
        .store
        .create_session(hash, of, agent(headers), expires_at);
    begun.await?;
    Ok(cookie::set(&cookie, LONGEST))
}

/// Ends the session that a browser still shows when `login` signs in anew.
pub(crate) async fn end_shown(api: &Api, login: &str, headers: &HeaderMap) -> Result<(), Problem> {
    if let Some(shown) = cookie::shown(headers)
        && let Some(session) = api.store.session(Digest::of(shown.as_bytes())).await?
        && let SessionOf::Person { login: whose } = &session.of
    {
        let (of, whose) = (session.of.clone(), whose.clone());
        api.store.delete_session(of, &session.id).await?;
        if whose != login {
            sessions_ended(api, &whose).await?;
        }
    }
    Ok(())
}

/// A cookie that nobody has, its hash, and when its session ends.
fn new_cookie(api: &Api) -> (SecretString, Digest, i64) {
    let cookie = SecretString::new(api.random.base64url(32));
    let hash = Digest::of(cookie.reveal().as_bytes());
    (cookie, hash, api.clock.unix().saturating_add(LONGEST))
}

/// What the page is told at a sign-in.
fn account(api: &Api, person: &PersonRecord, hash: Digest, session: &SessionRecord) -> Account {
    Account {
        login: person.login.clone(),
        role: person.role.into(),
        csrf: Some(csrf::token(&api.csrf_secret, &hash)),
        expires_at: Some(Moment(session.expires_at)),
    }
}

fn agent(headers: &HeaderMap) -> Option<String> {
    let text = headers.get(USER_AGENT).map(HeaderValue::to_str)?.ok()?;
    let text: String = text.chars().take(AGENT).collect();
    value::text("agent", &text).ok()
}

fn view(session: SessionRecord, current: Option<&str>) -> SessionView {
    SessionView {
        current: Some(session.id.as_str()) == current,
        id: session.id,
        agent: session.agent,
        created_at: Moment(session.created_at),
        seen_at: Moment(session.seen_at),
        expires_at: Moment(session.expires_at),
    }
}

impl From<Role> for RoleName {
    fn from(role: Role) -> Self {
        match role {
            Role::Admin => Self::Admin,
            Role::Builder => Self::Builder,
        }
    }
}

impl From<RoleName> for Role {
    fn from(role: RoleName) -> Self {
        match role {
            RoleName::Admin => Self::Admin,
            RoleName::Builder => Self::Builder,
        }
    }
}
