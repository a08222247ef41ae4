//! Who is at the screen: a user of an app, known by a session that a link began.

use crate::problem::Problem;
use crate::registry::App;
use crate::screen::cookie::{Cookie, Place};
use crate::screen::link::Link;
use crate::screen::refused::foreign_form;
use crate::signing_in::SigningIn;
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use http::header::{REFERER, SET_COOKIE, USER_AGENT};
use http::{HeaderMap, HeaderValue};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use store::{Digest, SessionOf};
use url::Url;

/// How long a session at the screen lasts, in seconds.
const SESSION_SECONDS: i64 = 3_600;
/// How long a browser is told from others for one sign-in: longer than any takes.
const BROWSER_SECONDS: i64 = 900;
/// Marks a sign-in whose API page is in a window of its own.
const WINDOW: &str = "w";

/// A user at the screen.
pub(crate) struct Visitor {
    /// The app.
    pub(crate) app: Arc<App>,
    /// The owner text of the user's connections.
    pub(crate) owner: String,
    /// What the screen was opened with.
    pub(crate) visit: Visit,
    cookie: String,
}

/// What the screen was opened with. It comes back in a cookie, so all of it is held against the app anew.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Visit {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    return_to: Option<String>,
    /// The connector that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) connector: Option<String>,
    /// The environment in which connectors are signed in to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) environment: Option<String>,
    /// The origin of the page of the app that opened the screen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    host: Option<String>,
    /// Whether it stands in a frame of another site.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    framed: bool,
}

/// What tells a browser from another one.
pub(crate) struct Browser {
    secret: String,
    /// The sign-in that it was last in.
    pub(crate) run: Option<String>,
    /// Whether that is in a window of its own, beside the screen.
    pub(crate) in_window: bool,
    place: Place,
}

impl Visitor {
    /// Who shows the session of a user of this app.
    pub(crate) async fn of(
        signing_in: &SigningIn,
        app: &Arc<App>,
        headers: &HeaderMap,
    ) -> Result<Option<Self>, Problem> {
        let Some(cookie) = Cookie::User.shown(headers) else {
            return Ok(None);
        };
        let session = signing_in
            .state
            .store
            .session(Digest::of(cookie.as_bytes()))
            .await?;
        let Some(SessionOf::User { app: named, user }) = session.map(|session| session.of) else {
            return Ok(None);
        };
        if named != app.name {
            return Ok(None);
        }
        Ok(Some(Self {
            app: app.clone(),
            owner: app.owner(&user),
            visit: Visit::shown(headers),
            cookie: cookie.to_owned(),
        }))
    }

    /// Begins a session of the user that a link names, in this browser.
    pub(crate) async fn begin(
        signing_in: &SigningIn,
        link: &Link,
        host: Option<String>,
        headers: &HeaderMap,
        response: &mut Response,
    ) -> Result<(), Problem> {
        let (state, place) = (&signing_in.state, place(headers));
        let cookie = state.random.base64url(32);
        let of = SessionOf::User {
            app: link.app.clone(),
            user: link.user.clone(),
        };
        let agent = headers
            .get(USER_AGENT)
            .and_then(|agent| agent.to_str().ok());
        let agent = agent.map(|agent| agent.chars().take(200).collect());
        let expires_at = state.clock.unix() + SESSION_SECONDS;
        state
            .store
            .create_session(Digest::of(cookie.as_bytes()), of, agent, expires_at)
            .await?;
        let visit = Visit {
            return_to: link.return_to.clone(),
            connector: link.connector.clone(),
            environment: link.environment.clone(),
            host,
            framed: place == Place::Frame,
        };
        let visit = BASE64.encode(serde_json::to_vec(&visit).unwrap_or_default());
        keep(response, Cookie::User.set(&cookie, SESSION_SECONDS, place));
        keep(response, Cookie::Visit.set(&visit, SESSION_SECONDS, place));
        Ok(())
    }

    /// Where to go back to, where the app still has this address.
    pub(crate) fn return_to(&self) -> Option<&str> {
        let address = self.visit.return_to.as_deref();
        address.filter(|address| self.app.returns_to(address))
    }

    /// The origin of the page that opened the screen, where it still is the app's.
    pub(crate) fn host(&self) -> Option<&str> {
        let host = self.visit.host.as_deref();
        host.filter(|host| self.app.allows_origin(host))
    }

    /// The token of the screen's forms.
    pub(crate) fn form_token(&self, signing_in: &SigningIn) -> String {
        signing_in.form_token(&self.cookie)
    }

    /// Refuses a form that our page did not send.
    pub(crate) fn check_form(
        &self,
        signing_in: &SigningIn,
        form: &[(String, String)],
    ) -> Result<(), Problem> {
        match signing_in.is_our_form(value(form, "form_token"), &self.cookie) {
            true => Ok(()),
            false => Err(foreign_form()),
        }
    }

    /// The screen's address.
    pub(crate) fn base(&self) -> String {
        format!("/auth/{}", self.app.name)
    }
}

impl Visit {
    fn shown(headers: &HeaderMap) -> Self {
        let cookie = Cookie::Visit.shown(headers);
        cookie
            .and_then(|cookie| BASE64.decode(cookie).ok())
            .and_then(|visit| serde_json::from_slice(&visit).ok())
            .unwrap_or_default()
    }
}

impl Browser {
    /// The browser that shows its cookie, or a new one.
    pub(crate) fn of(signing_in: &SigningIn, headers: &HeaderMap) -> Self {
        Self::shown(headers).unwrap_or_else(|| Self {
            secret: signing_in.state.random.base64url(32),
            run: None,
            in_window: false,
            place: place(headers),
        })
    }

    /// The browser that shows its cookie.
    pub(crate) fn shown(headers: &HeaderMap) -> Option<Self> {
        let cookie = Cookie::Browser.shown(headers)?;
        let mut parts = cookie.split('.');
        let secret = parts.next().unwrap_or_default();
        // What is shorter than ours was not made by us.
        (secret.len() >= 43).then(|| Self {
            secret: secret.to_owned(),
            run: parts.next().map(str::to_owned),
            in_window: parts.next() == Some(WINDOW),
            place: place(headers),
        })
    }

    /// What attempts know it by.
    pub(crate) fn hash(&self) -> Digest {
        Digest::of(self.secret.as_bytes())
    }

    /// The token of forms that are sent before there is a session.
    pub(crate) fn form_token(&self, signing_in: &SigningIn) -> String {
        signing_in.form_token(&self.secret)
    }

    /// Refuses a form that our page did not send.
    pub(crate) fn check_form(
        &self,
        signing_in: &SigningIn,
        form: &[(String, String)],
    ) -> Result<(), Problem> {
        match signing_in.is_our_form(value(form, "form_token"), &self.secret) {
            true => Ok(()),
            false => Err(foreign_form()),
        }
    }

    /// Has the browser keep what tells it from others, and which sign-in it is in.
    pub(crate) fn keep(&self, run: Option<&str>, response: &mut Response) {
        let mut cookie = self.secret.clone();
        if let Some(run) = run.or(self.run.as_deref()) {
            cookie = format!("{cookie}.{run}");
            if self.in_window {
                cookie = format!("{cookie}.{WINDOW}");
            }
        }
        keep(
            response,
            Cookie::Browser.set(&cookie, BROWSER_SECONDS, self.place),
        );
    }
}

/// Whether the browser comes from a page of the app, by what it says itself. Where it says nothing, it does not.
pub(crate) fn comes_from(app: &App, headers: &HeaderMap) -> bool {
    let from = headers.get(REFERER).and_then(|from| from.to_str().ok());
    let from = from.and_then(|from| Url::parse(from).ok());
    from.is_some_and(|from| app.allows_origin(&from.origin().ascii_serialization()))
}

/// Where the page stands that asks, by what the browser says of a frame, and later by the cookie that was set there.
fn place(headers: &HeaderMap) -> Place {
    let says = |name: &str, expected: &str| headers.get(name).is_some_and(|said| said == expected);
    let is_frame = says("sec-fetch-dest", "iframe") && says("sec-fetch-site", "cross-site");
    match is_frame || Visit::shown(headers).framed {
        true => Place::Frame,
        false => Place::Page,
    }
}

/// The value of a field that a form sent.
pub(crate) fn value<'a>(form: &'a [(String, String)], name: &str) -> &'a str {
    let mut all = form.iter().filter(|(key, _)| key == name);
    all.next().map_or("", |(_, value)| value.as_str())
}

fn keep(response: &mut Response, cookie: Option<HeaderValue>) {
    if let Some(cookie) = cookie {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
}
