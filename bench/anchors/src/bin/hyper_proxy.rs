//! axum server + hyper-util legacy client, credential injection, streamed bodies.
use anchors::*;
use axum::{
    body::Body,
    extract::State,
    http::{header, HeaderValue, Request, StatusCode},
    response::{IntoResponse, Response},
    Router,
};
use hyper_util::{
    client::legacy::{connect::HttpConnector, Client},
    rt::{TokioExecutor, TokioTimer},
};
use std::sync::Arc;

struct S {
    client: Client<HttpConnector, Body>,
    cache: Cache,
    up: String,
    host: HeaderValue,
}

async fn proxy(State(s): State<Arc<S>>, mut req: Request<Body>) -> Response {
    let cred = {
        let user = req
            .headers()
            .get("x-user")
            .and_then(|v| v.to_str().ok())
            .unwrap_or("u1");
        match s.cache.get(user) {
            Some(c) => c,
            None => return StatusCode::UNAUTHORIZED.into_response(),
        }
    };
    let uri = format!("{}{}", s.up, path_with_query(req.uri(), &cred.query));
    *req.uri_mut() = match uri.parse() {
        Ok(u) => u,
        Err(_) => return StatusCode::BAD_REQUEST.into_response(),
    };
    let h = req.headers_mut();
    strip_hop(h);
    h.insert(header::HOST, s.host.clone());
    h.insert(header::AUTHORIZATION, cred.bearer.clone());
    h.insert(header::COOKIE, cred.cookie.clone());
    match s.client.request(req).await {
        Ok(mut r) => {
            strip_hop(r.headers_mut());
            r.map(Body::new)
        }
        Err(_) => StatusCode::BAD_GATEWAY.into_response(),
    }
}

#[tokio::main]
async fn main() {
    let up = env("UPSTREAM_URL", "http://127.0.0.1:18080");
    let mut c = HttpConnector::new();
    c.set_nodelay(true);
    let client = Client::builder(TokioExecutor::new())
        .pool_timer(TokioTimer::new())
        .pool_max_idle_per_host(256)
        .build(c);
    let host = HeaderValue::from_str(up.trim_start_matches("http://")).unwrap();
    let s = Arc::new(S {
        client,
        cache: Cache::filled(10_000),
        up,
        host,
    });
    let app = Router::new().fallback(proxy).with_state(s);
    let l = tokio::net::TcpListener::bind(env("LISTEN", "127.0.0.1:18083"))
        .await
        .unwrap();
    use axum::serve::ListenerExt;
    axum::serve(
        l.tap_io(|t| {
            let _ = t.set_nodelay(true);
        }),
        app,
    )
    .await
    .unwrap();
}
