//! A small API with a three-step sign-in whose tokens a test can end, and its definition.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use serde_json::json;
use testkit::{Received, Reply, Upstream};

pub(crate) const PASSWORD: &str = "canary-Passw0rd/+ü";

/// What the API counts and holds.
#[derive(Default)]
pub(crate) struct State {
    pub(crate) logins: AtomicUsize,
    pub(crate) renewals: AtomicUsize,
    pub(crate) logouts: AtomicUsize,
    pub(crate) notes: Mutex<Vec<String>>,
    token: Mutex<Option<String>>,
    refresh: Mutex<Option<String>>,
    user: Mutex<String>,
    serial: AtomicUsize,
    /// What the API answers instead of its own reply, by path.
    faults: Mutex<Vec<(String, u16)>>,
}

/// The upstream and its counters.
pub(crate) struct Api {
    pub(crate) upstream: Upstream,
    pub(crate) state: Arc<State>,
}

impl Api {
    pub(crate) fn start() -> Api {
        let state = Arc::new(State::default());
        let shared = state.clone();
        let upstream = Upstream::start(move |request| answer(&shared, request));
        Api { upstream, state }
    }

    /// Ends the session: the next call gets a 401.
    pub(crate) fn expire(&self) {
        *self.state.token.lock().unwrap() = None;
    }

    /// Ends the session and the refresh token with it.
    pub(crate) fn revoke(&self) {
        self.expire();
        *self.state.refresh.lock().unwrap() = None;
    }

    pub(crate) fn fail(&self, path: &str, status: u16) {
        self.state
            .faults
            .lock()
            .unwrap()
            .push((path.to_owned(), status));
    }

    pub(crate) fn mend(&self) {
        self.state.faults.lock().unwrap().clear();
    }

    pub(crate) fn logins(&self) -> usize {
        self.state.logins.load(Ordering::SeqCst)
    }

    pub(crate) fn renewals(&self) -> usize {
        self.state.renewals.load(Ordering::SeqCst)
    }

    pub(crate) fn tokens(&self) -> Vec<String> {
        let newest = self.state.serial.load(Ordering::SeqCst);
        (1..=newest).flat_map(|n| [token(n), refresh(n)]).collect()
    }

    pub(crate) fn definition(&self) -> String {
        definition(&self.upstream.origin())
    }
}

fn token(n: usize) -> String {
    format!("canary-access-{n}")
}

fn refresh(n: usize) -> String {
    format!("canary-refresh-{n}")
}

fn issue(state: &State) -> Reply {
    let n = state.serial.fetch_add(1, Ordering::SeqCst) + 1;
    *state.token.lock().unwrap() = Some(token(n));
    *state.refresh.lock().unwrap() = Some(refresh(n));
    Reply::json(
        json!({"access": token(n), "refresh": refresh(n), "user": *state.user.lock().unwrap()}),
    )
}

fn answer(state: &State, request: &http::Request<bytes::Bytes>) -> Reply {
    let path = request.uri().path();
    if let Some((_, status)) = state
        .faults
        .lock()
        .unwrap()
        .iter()
        .find(|(at, _)| at == path)
    {
        return Reply::text("<html>out of order</html>").with_status(*status);
    }
    let signed_in = || {
        let sent = request
            .headers()
            .get("authorization")
            .and_then(|value| value.to_str().ok());
        let token = state.token.lock().unwrap();
        token
            .as_ref()
            .is_some_and(|token| sent == Some(format!("Bearer {token}").as_str()))
    };
    match (request.method().as_str(), path) {
        ("GET", "/login") => Reply::html("<form><input name=csrf value='canary-csrf-1234'></form>")
            .cookie("sid=canary-cookie-1; Path=/; HttpOnly"),
        ("POST", "/login") => {
            state.logins.fetch_add(1, Ordering::SeqCst);
            let csrf = request.form_value("csrf").as_deref() == Some("canary-csrf-1234");
            let cookie = request
                .headers()
                .get("cookie")
                .is_some_and(|value| value == "sid=canary-cookie-1");
            if csrf && cookie && request.form_value("pass").as_deref() == Some(PASSWORD) {
                *state.user.lock().unwrap() = request.form_value("user").unwrap_or_default();
                Reply::json(json!({"result": "Success", "ticket": "canary-ticket-77"}))
            } else {
                Reply::json(json!({"result": "WrongPass"}))
            }
        }
        ("POST", "/token") if request.json()["ticket"] == "canary-ticket-77" => issue(state),
        ("POST", "/renew") => {
            state.renewals.fetch_add(1, Ordering::SeqCst);
            let held = state.refresh.lock().unwrap().clone();
            match held {
                Some(held) if request.json()["refresh"] == held.as_str() => issue(state),
                _ => Reply::json(json!({"error": "revoked"})).with_status(400),
            }
        }
        ("POST", "/logout") => {
            state.logouts.fetch_add(1, Ordering::SeqCst);
            Reply::status(204)
        }
        _ if !signed_in() => Reply::json(json!({"error": {"code": "expired"}})).with_status(401),
        ("GET", "/api/me") => Reply::json(json!({"name": *state.user.lock().unwrap()})),
        ("GET", "/api/notes") => Reply::json(
            json!({"notes": *state.notes.lock().unwrap(), "limit": request.query_value("limit")}),
        ),
        ("POST", "/api/notes") => {
            state
                .notes
                .lock()
                .unwrap()
                .push(String::from_utf8_lossy(request.body()).into_owned());
            Reply::status(201)
        }
        ("GET", "/api/teapot") => Reply::status(418),
        ("GET", "/api/busy") => Reply::status(429),
        _ => Reply::status(404),
    }
}

pub(crate) fn definition(origin: &str) -> String {
    format!(
        r#"stepgate: 1
connector: notes
title: Notes
base_url: {origin}
connection:
  identity: "{{{{token.body.user}}}}"
  label: "{{{{token.body.user}}}}"
auth_flow:
  steps:
    - id: form1
      kind: form
      title: Sign in to Notes
      fields:
        - {{ key: username, type: text, label: User name }}
        - {{ key: password, type: password, label: Password }}
    - id: start
      kind: api_request
      request: {{ method: GET, url: "{{{{base_url}}}}/login" }}
      extract: {{ csrf: {{ css: "input[name=csrf]", attribute: value }} }}
    - id: login
      kind: api_request
      request: {{ method: POST, url: "{{{{base_url}}}}/login", form: {{ user: "{{{{form1.username}}}}", pass: "{{{{form1.password}}}}", csrf: "{{{{start.csrf}}}}" }} }}
      expect: {{ value: "{{{{login.body.result}}}}", equals: Success, else: "Notes did not accept this name and password." }}
      on_fail: {{ back_to: form1, attempts: 3 }}
    - id: token
      kind: api_request
      request: {{ method: POST, url: "{{{{base_url}}}}/token", json: {{ ticket: "{{{{login.body.ticket}}}}" }} }}
refresh_flow:
  steps:
    - {{ id: renew, kind: api_request, request: {{ method: POST, url: "{{{{base_url}}}}/renew", json: {{ refresh: "{{{{token.body.refresh}}}}" }} }} }}
  update_variables:
    token.body.access: "{{{{renew.body.access}}}}"
    token.body.refresh: "{{{{renew.body.refresh}}}}"
logout_flow: {{ steps: [ {{ id: bye, kind: api_request, request: {{ method: POST, url: "{{{{base_url}}}}/logout" }} }} ] }}
request_parameters:
  - {{ in: header, name: Authorization, value: "Bearer {{{{token.body.access}}}}" }}
test_api: {{ name: Who am I, request: {{ method: GET, url: "{{{{base_url}}}}/api/me" }}, expect: {{ value: "{{{{response.status}}}}", equals: 200 }} }}
endpoints:
  - name: list_notes
    request: {{ method: GET, url: "{{{{base_url}}}}/api/notes", query: {{ limit: "{{{{parameters.limit}}}}" }} }}
    parameters: {{ limit: {{ type: integer, default: 20 }} }}
  - name: busy
    request: {{ method: GET, url: "{{{{base_url}}}}/api/busy" }}
"#
    )
}

pub(crate) const ANSWERS: [&str; 4] = [
    "--answer",
    "form1.username=alice",
    "--answer",
    "form1.password=canary-Passw0rd/+ü",
];

/// A command line with the right answers behind it.
pub(crate) fn answered<'a>(line: &[&'a str]) -> Vec<&'a str> {
    [line, &ANSWERS].concat()
}
