//! An API with a login, tokens that rotate, and moods that a test decides.

use serde_json::{Value, json};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use testkit::{Gate, Received, Reply, Upstream};

/// The running bank.
pub(crate) struct Bank {
    pub(crate) upstream: Upstream,
    state: Arc<Mutex<State>>,
}

struct State {
    user: String,
    password: String,
    /// Counts what was given out: `access-3`, `refresh-3`.
    given: u32,
    refresh: String,
    expires_in: Value,
    /// Replies that `/renew` gives in place of its own, without acting.
    moods: VecDeque<Reply>,
    held: Option<Gate>,
    /// The same of `/login`.
    login_moods: VecDeque<Reply>,
    held_logins: Option<Gate>,
}

impl Bank {
    pub(crate) fn open() -> Self {
        let state = Arc::new(Mutex::new(State {
            user: "alice".to_owned(),
            password: "open".to_owned(),
            given: 0,
            refresh: String::new(),
            expires_in: json!(3600),
            moods: VecDeque::new(),
            held: None,
            login_moods: VecDeque::new(),
            held_logins: None,
        }));
        let shared = state.clone();
        let upstream = Upstream::start(move |request| {
            let mut state = shared.lock().unwrap();
            match request.uri().path() {
                "/login" => {
                    let held = state.held_logins.clone();
                    let reply = match state.login_moods.pop_front() {
                        Some(mood) => mood,
                        None if request.json()["pass"] == state.password.as_str() => {
                            state.give().cookie("sid=1; Path=/")
                        }
                        None => Reply::json(json!({ "error": "wrong" })).with_status(403),
                    };
                    match held {
                        Some(gate) => reply.held_by(&gate),
                        None => reply,
                    }
                }
                "/code" if request.json()["otp"] == "123456" => Reply::json(json!({})),
                "/renew" => {
                    let held = state.held.clone();
                    let reply = match state.moods.pop_front() {
                        Some(mood) => mood,
                        None if request.json()["refresh"] == state.refresh.as_str() => state.give(),
                        None => Reply::json(json!({ "error": "invalid_grant" })).with_status(400),
                    };
                    match held {
                        Some(gate) => reply.held_by(&gate),
                        None => reply,
                    }
                }
                "/token" => Reply::json(
                    json!({ "access_token": "t-1", "refresh_token": "r-1", "token_type": "Bearer" }),
                ),
                "/logout" | "/revoke" => Reply::status(204),
                _ => Reply::status(404),
            }
        });
        Self { upstream, state }
    }

    /// What `/renew` answers next, without acting.
    pub(crate) fn answers_renewal(&self, reply: Reply) {
        self.state.lock().unwrap().moods.push_back(reply);
    }

    /// Holds the replies of `/renew` back, after they were acted on.
    pub(crate) fn holds_renewals(&self, gate: &Gate) {
        self.state.lock().unwrap().held = Some(gate.clone());
    }

    /// What `/login` answers next, without acting.
    pub(crate) fn answers_login(&self, reply: Reply) {
        self.state.lock().unwrap().login_moods.push_back(reply);
    }

    /// Holds the replies of `/login` back, after they were acted on.
    pub(crate) fn holds_logins(&self, gate: &Gate) {
        self.state.lock().unwrap().held_logins = Some(gate.clone());
    }

    pub(crate) fn signs_in(&self, user: &str) {
        self.state.lock().unwrap().user = user.to_owned();
    }

    pub(crate) fn changes_password(&self) {
        self.state.lock().unwrap().password = "changed".to_owned();
    }

    pub(crate) fn requests(&self, path: &str) -> usize {
        self.upstream.requests_to(path).len()
    }
}

impl State {
    fn give(&mut self) -> Reply {
        self.given += 1;
        self.refresh = format!("refresh-{}", self.given);
        Reply::json(json!({
            "user": self.user,
            "access": format!("access-{}", self.given),
            "refresh": self.refresh,
            "expires_in": self.expires_in,
        }))
    }
}
