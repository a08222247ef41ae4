//! Who of our own people asks: by the cookie of a session, or by a personal API token. As an argument of a handler it lets
//! nobody else in.

use axum::extract::{FromRef, FromRequestParts};
use http::header::AUTHORIZATION;
use http::request::Parts;
use store::{Digest, PersonRecord, Role, SessionOf, SessionRecord};

use crate::api::state::Api;
use crate::api::{cookie, csrf};
use crate::problem::Problem;

/// What a personal API token begins with.
pub(crate) const TOKEN_PREFIX: &str = "sg_pat_";

/// After so many seconds without a request a session is over.
pub(crate) const IDLE: i64 = 12 * 60 * 60;

/// A person who asks.
#[derive(Clone, Debug)]
pub(crate) struct Person {
    /// Their login.
    pub(crate) login: String,
    /// What they may do.
    pub(crate) role: Role,
    /// What they showed.
    pub(crate) by: ShownBy,
}

/// How a person was known.
#[derive(Clone, Debug)]
pub(crate) enum ShownBy {
    /// By the cookie of this session.
    Session {
        /// The hash of the cookie.
        hash: Digest,
        /// The session.
        record: SessionRecord,
    },
    /// By a personal API token.
    Token,
}

/// A person who may do everything.
#[derive(Clone, Debug)]
pub(crate) struct Admin;

/// A person in a browser: what concerns their own account is not for tokens, of which others might hold one.
#[derive(Clone, Debug)]
pub(crate) struct InSession {
    /// Who.
    pub(crate) person: Person,
    /// The session.
    pub(crate) record: SessionRecord,
}

impl Person {
    /// What sessions of theirs are filed under.
    pub(crate) fn sessions(&self) -> SessionOf {
        SessionOf::Person {
            login: self.login.clone(),
        }
    }

    /// Who asks, where one of our people does.
    ///
    /// # Errors
    /// What is shown is not one thing, has ended, or lacks the token against cross-site requests.
    pub(crate) async fn of(parts: &Parts, api: &Api) -> Result<Self, Problem> {
        if parts.headers.contains_key(AUTHORIZATION) {
            return by_token(parts, api).await;
        }
        let cookie = cookie::shown(&parts.headers).ok_or_else(Problem::nobody)?;
        let hash = Digest::of(cookie.as_bytes());
        let session = api.store.session(hash).await?.ok_or_else(Problem::nobody)?;
        let SessionOf::Person { login } = session.of.clone() else {
            return Err(Problem::nobody());
        };
        if session.seen_at.saturating_add(IDLE) <= api.clock.unix() {
            api.store.delete_session(session.of, &session.id).await?;
            return Err(Problem::nobody());
        }
        let person = permitted(api, &login).await?;
        csrf::check(parts, &api.public_url, &api.csrf_secret, &hash)?;
        api.store.touch_session(&session.id, None).await?;
        Ok(Self {
            login,
            role: person.role,
            by: ShownBy::Session {
                hash,
                record: session,
            },
        })
    }
}

async fn by_token(parts: &Parts, api: &Api) -> Result<Person, Problem> {
    let mut shown = parts.headers.get_all(AUTHORIZATION).iter();
    let (first, second) = (shown.next(), shown.next());
    if second.is_some() {
        return Err(Problem::bad_request(
            "two_credentials",
            "The request has more than one Authorization header.",
        ));
    }
    let text = first
        .and_then(|first| first.to_str().ok())
        .unwrap_or_default();
    let token = bearer(text).ok_or_else(Problem::nobody)?;
    if token.starts_with("sg_app_") || token.starts_with("sg_user_") {
        return Err(Problem::forbidden(
            "not_a_person",
            "Apps and their users may not do this; it needs one of your people.",
        ));
    }
    if !token.starts_with(TOKEN_PREFIX) {
        return Err(Problem::nobody());
    }
    let found = api.store.token(Digest::of(token.as_bytes())).await?;
    let found = found.ok_or_else(Problem::nobody)?;
    let person = permitted(api, &found.login).await?;
    let now = api.clock.unix();
    api.store.mark_tokens_used(vec![(found.id, now)]).await?;
    Ok(Person {
        login: person.login,
        role: person.role,
        by: ShownBy::Token,
    })
}

/// The token of an `Authorization` header, whose scheme is not case-sensitive (RFC 9110 11.1).
fn bearer(text: &str) -> Option<&str> {
    let (scheme, token) = text.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

async fn permitted(api: &Api, login: &str) -> Result<PersonRecord, Problem> {
    let person = api.store.person(login).await?;
    person
        .filter(|person| !person.disabled)
        .ok_or_else(Problem::nobody)
}

impl<S> FromRequestParts<S> for Person
where
    S: Send + Sync,
    Api: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        Self::of(parts, &Api::from_ref(state)).await
    }
}

impl<S> FromRequestParts<S> for Admin
where
    S: Send + Sync,
    Api: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let person = Person::of(parts, &Api::from_ref(state)).await?;
        match person.role {
            Role::Admin => Ok(Self),
            Role::Builder => Err(Problem::forbidden(
                "admin_only",
                "Only an admin may do this.",
            )),
        }
    }
}

impl<S> FromRequestParts<S> for InSession
where
    S: Send + Sync,
    Api: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let person = Person::of(parts, &Api::from_ref(state)).await?;
        match person.by.clone() {
            ShownBy::Session { record, .. } => Ok(Self { person, record }),
            ShownBy::Token => Err(Problem::forbidden(
                "session_only",
                "A personal API token cannot do this; sign in by POST /api/session.",
            )),
        }
    }
}
