//! axum server + reqwest client, same work as hyper_proxy.
use anchors::*;
use axum::{
    body::Body,
    extract::State,
    http::{header, HeaderValue, Request, StatusCode},
    response::{IntoResponse, Response},
    Router,
};
use std::sync::Arc;

struct S {
    client: reqwest::Client,
    cache: Cache,
    up: String,
    host: HeaderValue,
}

async fn proxy(State(s): State<Arc<S>>, req: Request<Body>) -> Response {
    let (mut p, body) = req.into_parts();
    let cred = {
        let user = p
            .headers
            .get("x-user")
            .and_then(|v| v.to_str().ok())
            .unwrap_or("u1");
        match s.cache.get(user) {
            Some(c) => c,
            None => return StatusCode::UNAUTHORIZED.into_response(),
        }
    };
    let uri = format!("{}{}", s.up, path_with_query(&p.uri, &cred.query));
    strip_hop(&mut p.headers);
    p.headers.insert(header::HOST, s.host.clone());
    p.headers.insert(header::AUTHORIZATION, cred.bearer.clone());
    p.headers.insert(header::COOKIE, cred.cookie.clone());
    let mut rb = s.client.request(p.method, uri).headers(p.headers);
    if !http_body::Body::is_end_stream(&body) {
        rb = rb.body(reqwest::Body::wrap_stream(body.into_data_stream()));
    }
    match rb.send().await {
        Ok(r) => {
            let mut r: http::Response<reqwest::Body> = r.into();
            strip_hop(r.headers_mut());
            r.map(Body::new)
        }
        Err(_) => StatusCode::BAD_GATEWAY.into_response(),
    }
}

#[tokio::main]
async fn main() {
    let up = env("UPSTREAM_URL", "http://127.0.0.1:18080");
    let client = reqwest::Client::builder()
        .no_proxy()
        .pool_max_idle_per_host(256)
        .tcp_nodelay(true)
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap();
    let host = HeaderValue::from_str(up.trim_start_matches("http://")).unwrap();
    let s = Arc::new(S {
        client,
        cache: Cache::filled(10_000),
        up,
        host,
    });
    let app = Router::new().fallback(proxy).with_state(s);
    let l = tokio::net::TcpListener::bind(env("LISTEN", "127.0.0.1:18084"))
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
