//! An API that echoes what it received to whoever has the newest token.

use bytes::Bytes;
use http::Request;
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use testkit::{Received, Reply, Upstream};

/// The running API.
pub(crate) struct Api {
    pub(crate) upstream: Upstream,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    given: u32,
    /// No token is taken any more.
    refuses: bool,
    /// Replies below `/api` in place of its own.
    moods: VecDeque<Reply>,
    /// Replies of `/login` in place of its own.
    login_moods: VecDeque<Reply>,
}

impl Api {
    pub(crate) fn open() -> Self {
        let state = Arc::new(Mutex::new(State::default()));
        let shared = state.clone();
        let upstream = Upstream::start(move |request| {
            let mut state = shared.lock().unwrap();
            match request.uri().path() {
                "/login" => match state.login_moods.pop_front() {
                    Some(mood) => mood,
                    None => state.give(),
                },
                "/public" => Reply::json(echo(request)),
                _ => {
                    if let Some(mood) = state.moods.pop_front() {
                        return mood;
                    }
                    let token = format!("t-{}", state.given);
                    if state.refuses || request.bearer() != Some(token.as_str()) {
                        return Reply::json(json!({ "error": "expired" })).with_status(401);
                    }
                    Reply::json(echo(request))
                }
            }
        });
        Self { upstream, state }
    }

    /// The newest token is taken no more; a new login gives one that is.
    pub(crate) fn ends_session(&self) {
        self.state.lock().unwrap().given += 100;
    }

    pub(crate) fn refuses_all(&self) {
        self.state.lock().unwrap().refuses = true;
    }

    pub(crate) fn answers(&self, reply: Reply) {
        self.state.lock().unwrap().moods.push_back(reply);
    }

    pub(crate) fn answers_login(&self, reply: Reply) {
        self.state.lock().unwrap().login_moods.push_back(reply);
    }

    pub(crate) fn logins(&self) -> usize {
        self.upstream.requests_to("/login").len()
    }

    pub(crate) fn calls(&self, path: &str) -> Vec<Request<Bytes>> {
        self.upstream.requests_to(path)
    }
}

impl State {
    fn give(&mut self) -> Reply {
        self.given += 1;
        let token = format!("t-{}", self.given);
        Reply::json(json!({ "token": token, "expires_in": 100 })).cookie("csrftoken=c-1; Path=/")
    }
}

fn echo(request: &Request<Bytes>) -> Value {
    let headers: serde_json::Map<String, Value> = request
        .headers()
        .keys()
        .map(|name| {
            let values: Vec<_> = request
                .headers()
                .get_all(name)
                .iter()
                .map(|value| value.to_str().unwrap())
                .collect();
            (name.to_string(), json!(values.join(", ")))
        })
        .collect();
    json!({
        "method": request.method().as_str(),
        "path": request.uri().path(),
        "query": request.uri().query(),
        "headers": headers,
        "body": request.text(),
    })
}
