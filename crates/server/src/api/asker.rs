//! Who asks about sign-ins and connections: an app, one of its users, or one of our own people.

use crate::api::person::Person;
use crate::api::{cookie, csrf};
use crate::caller::{Callers, Shown, USER, is_user_name, other_user};
use crate::problem::Problem;
use crate::registry::{App, Served};
use crate::screen::Cookie;
use crate::signing_in::{PEOPLE, SigningIn};
use crate::single_sign_on::hand_over;
use axum::extract::{FromRef, FromRequestParts};
use http::header::AUTHORIZATION;
use http::request::Parts;
use http::{HeaderMap, Method, StatusCode};
use std::sync::Arc;
use store::{ConnectionRecord, Digest, Owners, Role, SHARED, SessionOf};

/// The header in which an app hands over what it has signed for its user.
const ASSERTION: &str = "stepgate-user-assertion";

/// Who asks.
pub(crate) struct Asker {
    who: Who,
    asserted: Option<String>,
    environment: Option<String>,
}

enum Who {
    /// An app by its key, perhaps for one of its users.
    App { app: Arc<App>, user: Option<String> },
    /// A user of an app, by a token.
    User { app: Arc<App>, user: String },
    /// One of our own people.
    Person(Person),
}

impl Asker {
    /// The environment that a header names.
    pub(crate) fn environment(&self) -> Option<&str> {
        self.environment.as_deref()
    }

    /// The person, where one of ours asks.
    pub(crate) fn person(&self) -> Option<&Person> {
        match &self.who {
            Who::Person(person) => Some(person),
            Who::App { .. } | Who::User { .. } => None,
        }
    }

    /// The app that asks by its key; nobody else may do what only its backend may.
    pub(crate) fn backend(&self) -> Result<&Arc<App>, Problem> {
        match &self.who {
            Who::App { app, .. } => Ok(app),
            Who::User { .. } | Who::Person(_) => Err(Problem::new(
                StatusCode::FORBIDDEN,
                "not_an_app",
                "Only an app may do this, by its key.",
            )
            .help("Send the header `Stepgate-Key: sg_app_…` from the app's backend.")),
        }
    }

    /// The user that the app has signed for in this request.
    pub(crate) fn asserted(&self) -> Option<&str> {
        self.asserted.as_deref()
    }

    /// Refuses another user than the one that the app has signed for.
    pub(crate) fn check_asserted(&self, user: &str) -> Result<(), Problem> {
        match self.asserted() {
            Some(asserted) if asserted != user => Err(other_user()),
            _ => Ok(()),
        }
    }

    /// The app that it is about.
    pub(crate) fn app(&self) -> Result<&Arc<App>, Problem> {
        match &self.who {
            Who::App { app, .. } | Who::User { app, .. } => Ok(app),
            Who::Person(_) => Err(Problem::new(
                StatusCode::FORBIDDEN,
                "not_an_app",
                "Only an app and its users may ask this.",
            )
            .help("Send the app's key, or a user token.")),
        }
    }

    /// Whose connections they make.
    pub(crate) fn owner(&self) -> Result<String, Problem> {
        match &self.who {
            Who::App {
                app,
                user: Some(user),
            }
            | Who::User { app, user } => Ok(app.owner(user)),
            Who::App { user: None, .. } => Err(Problem::new(
                StatusCode::BAD_REQUEST,
                "user_missing",
                "Say which of the app's users it is for.",
            )
            .help("Send the header `Stepgate-User: …` with the app's own name for the user.")),
            Who::Person(person) => Ok(own(person)),
        }
    }

    /// Whose sign-ins they see.
    pub(crate) fn owners(&self) -> Result<Vec<String>, Problem> {
        let mut owners = vec![self.owner()?];
        if self.person().is_some() {
            owners.push(SHARED.to_owned());
        }
        Ok(owners)
    }

    /// Whose connections they list; of our own people everybody's, or those of the owner they name.
    pub(crate) fn listed(&self, named: Option<String>) -> Owners {
        match (&self.who, named) {
            (Who::App { app, user: None }, None) => Owners::App(app.name.clone()),
            (Who::App { app, user: None }, Some(user)) => Owners::One(app.owner(&user)),
            (
                Who::App {
                    app,
                    user: Some(user),
                }
                | Who::User { app, user },
                _,
            ) => Owners::One(app.owner(user)),
            (Who::Person(_), Some(owner)) => Owners::One(owner),
            (Who::Person(_), None) => Owners::All,
        }
    }

    /// Whether a connection is theirs to see and to act on.
    pub(crate) fn reaches(&self, record: &ConnectionRecord) -> bool {
        match &self.who {
            Who::App { app, user: None } => {
                let user = record.owner.strip_prefix(app.name.as_str());
                user.is_some_and(|user| user.starts_with('/'))
            }
            Who::App {
                app,
                user: Some(user),
            }
            | Who::User { app, user } => record.owner == app.owner(user),
            // What another builder tries out is their own account at an API.
            Who::Person(person) => {
                person.role == Role::Admin
                    || record.owner == own(person)
                    || !record.owner.starts_with(&format!("{PEOPLE}/"))
            }
        }
    }

    /// The connector, where they may use it; else the same as where there is none.
    pub(crate) fn connector(
        &self,
        signing_in: &SigningIn,
        connector: &str,
        environment: Option<&str>,
    ) -> Result<Arc<Served>, Problem> {
        match &self.who {
            Who::App { app, .. } | Who::User { app, .. } => {
                signing_in.published(app, connector, environment)
            }
            Who::Person(_) => signing_in.served(connector, environment),
        }
    }
}

fn own(person: &Person) -> String {
    format!("{PEOPLE}/{}", person.login)
}

/// Who was recognised, and by the keys of which ids.
type Recognised = (Who, Vec<Arc<str>>);

/// An app by its key, or one of its users by a token; none where something else is shown.
fn caller(signing_in: &SigningIn, headers: &HeaderMap) -> Result<Option<Recognised>, Problem> {
    let shown = Shown::by(headers)?;
    if !matches!(shown, Shown::Key(_) | Shown::UserToken(_)) {
        return Ok(None);
    }
    let state = &signing_in.state;
    // What threads remember for calls is not worth it here.
    let mut callers = Callers::new(state.user_tokens.clone(), &state.random);
    let known = callers.identify(&shown, &state.registry.snapshot(), || state.clock.unix())?;
    let app = known.app.clone();
    let named = named_user(headers)?;
    let who = match (known.user.clone(), named) {
        (Some(user), None) => Who::User { app, user },
        (Some(user), Some(named)) if user == named => Who::User { app, user },
        (Some(_), Some(_)) => return Err(other_user()),
        (None, user) => Who::App { app, user },
    };
    Ok(Some((who, callers.used_keys())))
}

/// A user at the managed auth screen, by its session; a change needs the token of the screen's forms. One of our own
/// people, where the browser has both, is who is meant.
async fn visitor(signing_in: &SigningIn, parts: &Parts) -> Result<Option<Who>, Problem> {
    let headers = &parts.headers;
    let Some(cookie) = Cookie::User.shown(headers) else {
        return Ok(None);
    };
    if headers.contains_key(AUTHORIZATION) || cookie::shown(headers).is_some() {
        return Ok(None);
    }
    let state = &signing_in.state;
    let session = state.store.session(Digest::of(cookie.as_bytes())).await?;
    let Some(SessionOf::User { app, user }) = session.map(|session| session.of) else {
        return Ok(None);
    };
    let Some(app) = state.registry.snapshot().app(&app).cloned() else {
        return Ok(None);
    };
    if !matches!(parts.method, Method::GET | Method::HEAD) {
        csrf::same_origin(parts, &state.public_url)?;
        let token = headers.get(csrf::HEADER);
        let token = token
            .and_then(|token| token.to_str().ok())
            .unwrap_or_default();
        if !signing_in.is_our_form(token, cookie) {
            return Err(Problem::forbidden(
                "csrf",
                "A change by session needs the header Stepgate-Csrf, with the token of the screen's forms.",
            ));
        }
    }
    Ok(Some(Who::User { app, user }))
}

/// The user that an app speaks for.
fn named_user(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let mut named = headers.get_all(USER).iter();
    let Some(first) = named.next() else {
        return Ok(None);
    };
    let user = std::str::from_utf8(first.as_bytes()).ok();
    match user.filter(|user| is_user_name(user) && named.next().is_none()) {
        Some(user) => Ok(Some(user.to_owned())),
        None => Err(bad_user("Stepgate-User")),
    }
}

/// The user that an app has signed for by a header; from here on it asks for that user.
async fn asserted(
    signing_in: &SigningIn,
    who: &mut Who,
    headers: &HeaderMap,
) -> Result<Option<String>, Problem> {
    let mut shown = headers.get_all(ASSERTION).iter();
    let Some(first) = shown.next() else {
        return Ok(None);
    };
    let (Who::App { app, user }, None) = (who, shown.next()) else {
        return Err(Problem::bad_request(
            "assertion_not_taken",
            "An assertion comes once, from an app by its key.",
        ));
    };
    let asserted = hand_over(signing_in, app, first.to_str().unwrap_or_default()).await?;
    match user {
        Some(named) if *named != asserted => return Err(other_user()),
        _ => *user = Some(asserted.clone()),
    }
    Ok(Some(asserted))
}

/// Refuses what no user is called.
pub(crate) fn check_user(user: &str) -> Result<(), Problem> {
    match is_user_name(user) {
        true => Ok(()),
        false => Err(bad_user("user").more("field", "user")),
    }
}

fn bad_user(named: &str) -> Problem {
    Problem::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        "invalid_value",
        format!("`{named}` is one name of 1 to 256 characters that can be seen."),
    )
}

impl<S> FromRequestParts<S> for Asker
where
    S: Send + Sync,
    SigningIn: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let signing_in = SigningIn::from_ref(state);
        let environment = parts.headers.get("stepgate-environment");
        let environment = environment
            .and_then(|named| named.to_str().ok())
            .map(str::to_owned);
        let mut who = match caller(&signing_in, &parts.headers)? {
            None => match visitor(&signing_in, parts).await? {
                Some(visitor) => visitor,
                None => Who::Person(Person::of(parts, &signing_in.api).await?),
            },
            Some((who, used)) => {
                let now = signing_in.state.clock.unix();
                let used: Vec<_> = used.iter().map(|id| (id.to_string(), now)).collect();
                if !used.is_empty() {
                    signing_in.state.store.mark_app_keys_used(used).await?;
                }
                who
            }
        };
        let asserted = asserted(&signing_in, &mut who, &parts.headers).await?;
        Ok(Self {
            who,
            asserted,
            environment,
        })
    }
}
