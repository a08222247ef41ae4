//! A GraphQL API at one address, which says everything that is wrong in `errors` with status 200, as many do.

use std::sync::{Arc, Mutex, MutexGuard};

use bytes::Bytes;
use http::Request;
use serde_json::{Value, json};

use crate::handler::Handler;
use crate::received::Received;
use crate::reply::Reply;
use crate::upstream::Upstream;

/// A running API at `/graphql/`, without which slash there is nothing. What an operation is, it tells by a word in its
/// text:
///
/// - `login`: the next token, for the password `open`; else the error `FORBIDDEN`
/// - `__schema`: its types, where a token is shown and it was not told to hide them
/// - `fail`: an error beside data
/// - anything else: what was sent, as `data.echo`
///
/// All but `login` want the newest token; else the error is `UNAUTHENTICATED`.
pub struct GraphqlSite {
    upstream: Upstream,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    given: u32,
    hides_types: bool,
}

#[derive(Clone)]
struct Site(Arc<Mutex<State>>);

impl GraphqlSite {
    /// The API.
    #[must_use]
    pub fn start() -> GraphqlSite {
        let state = Arc::<Mutex<State>>::default();
        GraphqlSite {
            upstream: Upstream::serve(Site(state.clone())),
            state,
        }
    }

    /// Its one address.
    #[must_use]
    pub fn url(&self) -> String {
        self.upstream.url("/graphql/")
    }

    /// The server underneath, with its recorded requests.
    #[must_use]
    pub fn upstream(&self) -> &Upstream {
        &self.upstream
    }

    /// The newest token is taken no more; a new login gives one that is.
    pub fn end_sessions(&self) {
        lock(&self.state).given += 100;
    }

    /// Its types are told to nobody from now on.
    pub fn hide_types(&self) {
        lock(&self.state).hides_types = true;
    }

    /// How often somebody signed in.
    #[must_use]
    pub fn logins(&self) -> usize {
        let asked = self.upstream.requests();
        asked
            .iter()
            .filter(|it| query(it).contains("login"))
            .count()
    }
}

impl Handler for Site {
    fn answer(&self, request: &Request<Bytes>) -> Reply {
        if (request.method().as_str(), request.uri().path()) != ("POST", "/graphql/") {
            return Reply::status(404);
        }
        let mut state = lock(&self.0);
        let sent = request.json();
        let query = query(request);
        if query.contains("login") {
            if sent["variables"]["password"] != "open" {
                return Reply::json(error("No such name and password.", "FORBIDDEN"));
            }
            state.given += 1;
            let token = format!("t-{}", state.given);
            return Reply::json(json!({ "data": { "login": { "token": token } } }));
        }
        let token = format!("t-{}", state.given);
        if request.bearer() != Some(token.as_str()) {
            return Reply::json(error("The session is over.", "UNAUTHENTICATED"));
        }
        if query.contains("__schema") {
            return match state.hides_types {
                true => Reply::json(error("Introspection is off.", "FORBIDDEN")).with_status(400),
                false => Reply::json(json!({ "data": { "__schema": schema() } })),
            };
        }
        if query.contains("fail") {
            let mut reply = error("One part failed.", "BAD_USER_INPUT");
            reply["data"] = json!({ "other": 1 });
            return Reply::json(reply);
        }
        Reply::json(json!({ "data": { "echo": sent } }))
    }
}

fn query(request: &Request<Bytes>) -> String {
    let sent = request.json();
    sent["query"].as_str().unwrap_or_default().to_owned()
}

fn error(message: &str, code: &str) -> Value {
    json!({ "errors": [{ "message": message, "extensions": { "code": code } }] })
}

/// An enum, an input and a scalar of its own, and what a query offers.
fn schema() -> Value {
    let types = [
        ("ENUM", "Order"),
        ("INPUT_OBJECT", "Filter"),
        ("SCALAR", "Date"),
        ("SCALAR", "String"),
        ("OBJECT", "Query"),
    ];
    let types = types.map(|(kind, name)| json!({ "kind": kind, "name": name }));
    json!({ "types": types })
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().expect("no handler panics")
}
