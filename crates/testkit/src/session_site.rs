//! A site that people sign in to: a form with a CSRF token, a name and a password, a second
//! factor if wanted, a session cookie, double submit on writes, and an API behind it all.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard};

use bytes::Bytes;
use http::Request;
use serde_json::json;

use crate::handler::Handler;
use crate::received::Received;
use crate::reply::Reply;
use crate::upstream::Upstream;

/// A running site with one user, `alice` with the password `correct horse`.
///
/// - `GET /login`: a page with `<input name="csrf" value="…">`, and a cookie it belongs to
/// - `POST /login` (form `user`, `pass`, `csrf`): `{"result": "Success", "token", "mfa", "user"}`
///   and the cookie `sid`, or 200 with `{"result": "Failed"}`
/// - `POST /code` (form `otp`): `{"result": "Success"}`, or 200 with `{"result": "Failed"}`
/// - `GET /api/me`: by cookie `sid` or bearer token; 401 when the session is over
/// - `POST /api/notes` (JSON): the same, with the cookie `csrftoken` repeated in `X-CSRFToken`
/// - `POST /logout`
pub struct SessionSite {
    upstream: Upstream,
    site: Site,
}

#[derive(Clone)]
struct Site {
    otp: Option<&'static str>,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    made: usize,
    /// Login pages that were handed out: the cookie, and the token in the page.
    pages: HashMap<String, String>,
    /// Sessions that are signed in.
    sessions: HashSet<String>,
    /// Sessions that still need the second factor.
    half: HashSet<String>,
}

impl SessionSite {
    /// A site without a second factor.
    #[must_use]
    pub fn start() -> SessionSite {
        SessionSite::launch(None)
    }

    /// A site that asks for the code 123456.
    #[must_use]
    pub fn with_second_factor() -> SessionSite {
        SessionSite::launch(Some("123456"))
    }

    /// The server underneath, with its recorded requests.
    #[must_use]
    pub fn upstream(&self) -> &Upstream {
        &self.upstream
    }

    /// The origin, without a slash at the end.
    #[must_use]
    pub fn origin(&self) -> String {
        self.upstream.origin()
    }

    /// Ends every session, as time does.
    pub fn end_sessions(&self) {
        let mut state = self.site.state();
        state.sessions.clear();
        state.half.clear();
    }

    /// How many sessions are signed in.
    #[must_use]
    pub fn sessions(&self) -> usize {
        self.site.state().sessions.len()
    }

    fn launch(otp: Option<&'static str>) -> SessionSite {
        let site = Site {
            otp,
            state: Arc::default(),
        };
        SessionSite {
            upstream: Upstream::serve(site.clone()),
            site,
        }
    }
}

impl Site {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no handler panics")
    }

    fn page(&self) -> Reply {
        let mut state = self.state();
        let (cookie, token) = (state.make("page"), state.make("csrf"));
        state.pages.insert(cookie.clone(), token.clone());
        Reply::html(format!(
            r#"<form method="post"><input name="user"><input type="hidden" name="csrf" value="{token}"></form>"#
        ))
        .cookie(&format!("page={cookie}; Path=/; HttpOnly"))
    }

    fn login(&self, request: &Request<Bytes>) -> Reply {
        let mut state = self.state();
        let page = request
            .cookie("page")
            .and_then(|page| state.pages.remove(page));
        if page.is_none() || page != request.form_value("csrf") {
            return Reply::json(json!({ "error": "csrf" })).with_status(403);
        }
        let sent = |name: &str| request.form_value(name).unwrap_or_default();
        if (sent("user").as_str(), sent("pass").as_str()) != ("alice", "correct horse") {
            return Reply::json(json!({ "result": "Failed" }));
        }
        let (session, csrf) = (state.make("session"), state.make("csrftoken"));
        if self.otp.is_some() {
            state.half.insert(session.clone());
        } else {
            state.sessions.insert(session.clone());
        }
        Reply::json(json!({
            "result": "Success",
            "token": session,
            "mfa": self.otp.is_some(),
            "user": { "id": "u-1", "name": "Alice" },
        }))
        .cookie(&format!("sid={session}; Path=/; HttpOnly"))
        .cookie(&format!("csrftoken={csrf}; Path=/"))
    }

    fn code(&self, request: &Request<Bytes>) -> Reply {
        let mut state = self.state();
        let session = request.cookie("sid").unwrap_or_default().to_owned();
        if request.form_value("otp").as_deref() != self.otp || !state.half.remove(&session) {
            return Reply::json(json!({ "result": "Failed" }));
        }
        state.sessions.insert(session);
        Reply::json(json!({ "result": "Success" }))
    }

    fn api(&self, request: &Request<Bytes>) -> Reply {
        let shown = request.bearer().or(request.cookie("sid"));
        let known = shown.is_some_and(|session| self.state().sessions.contains(session));
        if !known {
            return Reply::json(json!({ "error": { "code": "expired" } })).with_status(401);
        }
        if request.method() == "GET" {
            return Reply::json(json!({ "user": { "id": "u-1", "name": "Alice" } }));
        }
        let doubled = request.cookie("csrftoken");
        if request.bearer().is_none()
            && (doubled.is_none() || request.header("x-csrftoken") != doubled)
        {
            return Reply::json(json!({ "error": { "code": "csrf" } })).with_status(403);
        }
        Reply::json(json!({ "saved": request.json() })).with_status(201)
    }

    fn logout(&self, request: &Request<Bytes>) -> Reply {
        let session = request
            .cookie("sid")
            .or(request.bearer())
            .unwrap_or_default();
        self.state().sessions.remove(session);
        Reply::status(204).cookie("sid=; Path=/; Max-Age=0")
    }
}

impl Handler for Site {
    fn answer(&self, request: &Request<Bytes>) -> Reply {
        match (request.method().as_str(), request.uri().path()) {
            ("GET", "/login") => self.page(),
            ("POST", "/login") => self.login(request),
            ("POST", "/code") => self.code(request),
            ("GET", "/api/me") | ("POST", "/api/notes") => self.api(request),
            ("POST", "/logout") => self.logout(request),
            _ => Reply::status(404),
        }
    }
}

impl State {
    fn make(&mut self, kind: &str) -> String {
        self.made += 1;
        format!("{kind}-{:08x}", self.made * 2_654_435_761 % (1 << 32))
    }
}
