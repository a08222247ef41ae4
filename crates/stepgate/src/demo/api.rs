//! The demonstration API's HTTP face on a free port of 127.0.0.1.

use std::convert::Infallible;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::{HeaderValue, Method, Request, Response, StatusCode, header};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::tokens::{Pair, Tokens, USER};

/// The most that a request's body may hold.
const BODY_LIMIT: usize = 64 * 1024;
const COOKIE: &str = "demo_session";

/// The API while it runs. It stops when dropped.
#[derive(Debug)]
pub(crate) struct DemoApi {
    address: SocketAddr,
    accepting: JoinHandle<()>,
}

impl DemoApi {
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for DemoApi {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

/// Starts the API. Its tokens live for `token_seconds` by the given clock.
pub(crate) async fn start(
    clock: impl Fn() -> SystemTime + Send + Sync + 'static,
    token_seconds: u64,
) -> std::io::Result<DemoApi> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let address = listener.local_addr()?;
    let tokens = Arc::new(Mutex::new(Tokens::new(Duration::from_secs(token_seconds))));
    let clock: Arc<dyn Fn() -> SystemTime + Send + Sync> = Arc::new(clock);
    let accepting = tokio::spawn(async move {
        loop {
            // Out of descriptors, say: a demonstration that ends beats one that spins.
            let Ok((stream, _)) = listener.accept().await else {
                return;
            };
            let (tokens, clock) = (tokens.clone(), clock.clone());
            tokio::spawn(async move {
                let service = service_fn(move |request| {
                    let (tokens, now) = (tokens.clone(), clock());
                    async move { Ok::<_, Infallible>(answer(&tokens, now, request).await) }
                });
                // A caller that hangs up is no error.
                let _ = hyper::server::conn::http1::Builder::new()
                    .serve_connection(TokioIo::new(stream), service)
                    .await;
            });
        }
    });
    Ok(DemoApi { address, accepting })
}

async fn answer(
    tokens: &Mutex<Tokens>,
    now: SystemTime,
    request: Request<Incoming>,
) -> Response<Full<Bytes>> {
    let (head, body) = request.into_parts();
    let Ok(body) = Limited::new(body, BODY_LIMIT).collect().await else {
        return reply(
            StatusCode::PAYLOAD_TOO_LARGE,
            &json!({"error": "too large"}),
        );
    };
    let body = body.to_bytes();
    let sent = |name| {
        head.headers
            .get(name)
            .and_then(|value: &HeaderValue| value.to_str().ok())
    };
    let mut tokens = lock(tokens);
    match (&head.method, head.uri.path()) {
        (&Method::GET, "/login") => page(&mut tokens),
        (&Method::POST, "/login") => {
            let cookie = sent(header::COOKIE).and_then(cookie).unwrap_or_default();
            let field = |name: &str| {
                let mut pairs = url::form_urlencoded::parse(&body);
                pairs
                    .find(|(key, _)| key == name)
                    .map_or_else(String::new, |(_, value)| value.into_owned())
            };
            match tokens.login(cookie, &field("csrf"), &field("user"), &field("password")) {
                Some(ticket) => ok(&json!({"result": "Success", "name": USER, "ticket": ticket})),
                None => ok(&json!({"result": "WrongPass"})),
            }
        }
        (&Method::POST, "/token") => pair(tokens.redeem(&text(&body, "ticket"), now)),
        (&Method::POST, "/renew") => pair(tokens.renew(&text(&body, "refresh_token"), now)),
        (method, path) => {
            let bearer =
                sent(header::AUTHORIZATION).and_then(|value| value.strip_prefix("Bearer "));
            if !bearer.is_some_and(|token| tokens.holds(token, now)) {
                return reply(StatusCode::UNAUTHORIZED, &json!({"error": "expired"}));
            }
            signed_in(&mut tokens, method, path, &body)
        }
    }
}

/// What only a signed-in user gets.
fn signed_in(
    tokens: &mut Tokens,
    method: &Method,
    path: &str,
    body: &[u8],
) -> Response<Full<Bytes>> {
    match (method, path) {
        (&Method::GET, "/api/me") => ok(&json!({"name": USER})),
        (&Method::GET, "/api/notes") => ok(&json!({"notes": tokens.notes})),
        (&Method::POST, "/api/notes") => {
            tokens.notes.push(text(body, "text"));
            reply(StatusCode::CREATED, &json!({"notes": tokens.notes.len()}))
        }
        (&Method::POST, "/logout") => {
            tokens.forget();
            ok(&json!({"result": "Bye"}))
        }
        _ => reply(StatusCode::NOT_FOUND, &json!({"error": "nothing here"})),
    }
}

fn page(tokens: &mut Tokens) -> Response<Full<Bytes>> {
    let (cookie, csrf) = tokens.visit();
    let html = format!(
        "<!doctype html><title>Sign in</title><form method=post><input type=hidden name=csrf value=\"{csrf}\">\
<input name=user><input name=password type=password><button>Sign in</button></form>"
    );
    let mut response = Response::new(Full::new(Bytes::from(html)));
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/html; charset=utf-8"),
    );
    if let Ok(value) = HeaderValue::from_str(&format!(
        "{COOKIE}={cookie}; Path=/; HttpOnly; SameSite=Lax"
    )) {
        headers.insert(header::SET_COOKIE, value);
    }
    response
}

fn pair(pair: Option<Pair>) -> Response<Full<Bytes>> {
    match pair {
        Some(pair) => ok(&json!({
            "access_token": pair.access,
            "refresh_token": pair.refresh,
            "expires_in": pair.expires_in,
        })),
        None => reply(StatusCode::BAD_REQUEST, &json!({"error": "spent"})),
    }
}

fn cookie(header: &str) -> Option<&str> {
    let mut pairs = header
        .split(';')
        .filter_map(|pair| pair.trim().split_once('='));
    pairs
        .find(|(name, _)| *name == COOKIE)
        .map(|(_, value)| value)
}

fn text(body: &[u8], key: &str) -> String {
    let value: Value = serde_json::from_slice(body).unwrap_or_default();
    value[key].as_str().unwrap_or_default().to_owned()
}

fn ok(body: &Value) -> Response<Full<Bytes>> {
    reply(StatusCode::OK, body)
}

fn reply(status: StatusCode, body: &Value) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from(body.to_string())));
    *response.status_mut() = status;
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json"),
    );
    response
}

fn lock(tokens: &Mutex<Tokens>) -> MutexGuard<'_, Tokens> {
    // The table is whole after every statement, so a panic elsewhere leaves it usable.
    tokens.lock().unwrap_or_else(PoisonError::into_inner)
}
