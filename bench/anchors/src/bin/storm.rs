//! Refresh-storm anchor: an upstream that issues and expires a token, a
//! single-flight gateway, and a client that fires N concurrent calls.
//!
//! STORM_N (default 256), REFRESH_MS (default 50), GATEWAY_URL (optional: use
//! that gateway instead of the built-in one; then start it against UPSTREAM),
//! HEADER (optional, sent with each call, one 'Name: value' a line).
//! The upstream listens on STORM_UPSTREAM (default 127.0.0.1:18090):
//!   GET  /api/x     200 when Authorization is "Bearer t<current>", else 401
//!   POST /refresh   sleeps REFRESH_MS, returns {"token":"t<current>"}
//!   POST /expire    current += 1
//!   GET  /stats     "<refreshes> <ok> <unauthorized>"
use anchors::{env, get_with_headers};
use axum::{
    body::Body,
    extract::State,
    http::{header, HeaderMap, HeaderValue, Request, StatusCode},
    response::{IntoResponse, Response},
    routing::{get, post},
    Router,
};
use hyper_util::{
    client::legacy::{connect::HttpConnector, Client},
    rt::{TokioExecutor, TokioTimer},
};
use std::{
    sync::{
        atomic::{AtomicU64, Ordering::SeqCst},
        Arc, RwLock,
    },
    time::{Duration, Instant},
};

#[derive(Default)]
struct Up {
    cur: AtomicU64,
    refreshes: AtomicU64,
    ok: AtomicU64,
    un: AtomicU64,
    ms: u64,
}

async fn api(State(u): State<Arc<Up>>, h: HeaderMap) -> Response {
    let want = format!("Bearer t{}", u.cur.load(SeqCst));
    if h.get(header::AUTHORIZATION).map(|v| v.as_bytes()) == Some(want.as_bytes()) {
        u.ok.fetch_add(1, SeqCst);
        (StatusCode::OK, "{\"ok\":true}").into_response()
    } else {
        u.un.fetch_add(1, SeqCst);
        StatusCode::UNAUTHORIZED.into_response()
    }
}
async fn refresh(State(u): State<Arc<Up>>) -> String {
    u.refreshes.fetch_add(1, SeqCst);
    tokio::time::sleep(Duration::from_millis(u.ms)).await;
    format!("{{\"token\":\"t{}\"}}", u.cur.load(SeqCst))
}
async fn expire(State(u): State<Arc<Up>>) {
    u.cur.fetch_add(1, SeqCst);
}
async fn stats(State(u): State<Arc<Up>>) -> String {
    format!(
        "{} {} {}",
        u.refreshes.load(SeqCst),
        u.ok.load(SeqCst),
        u.un.load(SeqCst)
    )
}

type C = Client<HttpConnector, Body>;
struct Gw {
    c: C,
    up: String,
    tok: RwLock<(u64, HeaderValue)>,
    lock: tokio::sync::Mutex<()>,
    single: bool,
}

async fn text(c: &C, m: &str, u: String) -> String {
    let r = c
        .request(
            Request::builder()
                .method(m)
                .uri(u)
                .body(Body::empty())
                .unwrap(),
        )
        .await
        .unwrap();
    String::from_utf8(
        axum::body::to_bytes(Body::new(r.into_body()), 1 << 20)
            .await
            .unwrap()
            .to_vec(),
    )
    .unwrap()
}
async fn do_refresh(g: &Gw) {
    let b = text(&g.c, "POST", format!("{}/refresh", g.up)).await;
    let t = b.split('"').nth(3).unwrap();
    let v = HeaderValue::from_str(&format!("Bearer {t}")).unwrap();
    let mut w = g.tok.write().unwrap();
    *w = (w.0 + 1, v);
}
async fn gw(State(g): State<Arc<Gw>>, req: Request<Body>) -> Response {
    let mut tries = 0;
    loop {
        let (gen, v) = g.tok.read().unwrap().clone();
        let r = Request::get(format!("{}{}", g.up, req.uri().path()))
            .header(header::AUTHORIZATION, v)
            .body(Body::empty())
            .unwrap();
        let r = match g.c.request(r).await {
            Ok(r) => r,
            Err(_) => return StatusCode::BAD_GATEWAY.into_response(),
        };
        if r.status() != StatusCode::UNAUTHORIZED || tries == 1 {
            return r.map(Body::new).into_response();
        }
        tries += 1;
        if g.single {
            let _l = g.lock.lock().await;
            let now = g.tok.read().unwrap().0;
            if now == gen {
                do_refresh(&g).await;
            }
        } else {
            do_refresh(&g).await;
        }
    }
}

#[tokio::main]
async fn main() {
    let n: usize = env("STORM_N", "256").parse().unwrap();
    let ms: u64 = env("REFRESH_MS", "50").parse().unwrap();
    let rounds: usize = env("ROUNDS", "5").parse().unwrap();
    let ua = env("STORM_UPSTREAM", "127.0.0.1:18090");
    let u = Arc::new(Up {
        ms,
        ..Default::default()
    });
    let app = Router::new()
        .route("/api/x", get(api))
        .route("/refresh", post(refresh))
        .route("/expire", post(expire))
        .route("/stats", get(stats))
        .with_state(u);
    let l = tokio::net::TcpListener::bind(&ua).await.unwrap();
    tokio::spawn(async move { axum::serve(l, app).await.unwrap() });
    if std::env::var("SERVE_ONLY").is_ok() {
        std::future::pending::<()>().await;
    }
    let mk = || -> C {
        let mut h = HttpConnector::new();
        h.set_nodelay(true);
        Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_max_idle_per_host(2048)
            .build(h)
    };
    let up = format!("http://{ua}");
    let mut targets = vec![];
    if let Ok(g) = std::env::var("GATEWAY_URL") {
        targets.push(("GATEWAY_URL", g));
    }
    for (name, single, addr) in [
        ("single-flight", true, "127.0.0.1:18091"),
        ("naive", false, "127.0.0.1:18092"),
    ] {
        let g = Arc::new(Gw {
            c: mk(),
            up: up.clone(),
            tok: RwLock::new((0, HeaderValue::from_static("Bearer t0"))),
            lock: Default::default(),
            single,
        });
        let l = tokio::net::TcpListener::bind(addr).await.unwrap();
        tokio::spawn(async move {
            axum::serve(l, Router::new().fallback(gw).with_state(g))
                .await
                .unwrap()
        });
        targets.push((name, format!("http://{addr}")));
    }
    let path = env("STORM_PATH", "/api/x");
    let c = mk();
    for (name, base) in targets {
        // Settle: refresh once and open N connections, outside the timing.
        let warm = |c: C, n: usize, base: String, path: String| async move {
            let mut js = vec![];
            for _ in 0..n {
                let (c, url) = (c.clone(), format!("{base}{path}"));
                js.push(tokio::spawn(async move {
                    let t = Instant::now();
                    let r = c.request(get_with_headers(url)).await.unwrap();
                    let s = r.status();
                    let _ = axum::body::to_bytes(Body::new(r.into_body()), 1 << 20).await;
                    (s, t.elapsed())
                }));
            }
            let mut o = vec![];
            for j in js {
                o.push(j.await.unwrap());
            }
            o
        };
        warm(c.clone(), 1, base.clone(), path.clone()).await;
        warm(c.clone(), n, base.clone(), path.clone()).await;
        for round in 0..rounds {
            // baseline: no expiry
            let t = Instant::now();
            warm(c.clone(), n, base.clone(), path.clone()).await;
            let plain = t.elapsed();
            let s0: Vec<u64> = text(&c, "GET", format!("{up}/stats"))
                .await
                .split(' ')
                .map(|x| x.parse().unwrap())
                .collect();
            text(&c, "POST", format!("{up}/expire")).await;
            let t = Instant::now();
            let mut o = warm(c.clone(), n, base.clone(), path.clone()).await;
            let all = t.elapsed();
            let s1: Vec<u64> = text(&c, "GET", format!("{up}/stats"))
                .await
                .split(' ')
                .map(|x| x.parse().unwrap())
                .collect();
            o.sort_by_key(|x| x.1);
            let bad = o.iter().filter(|x| x.0 != StatusCode::OK).count();
            println!("{name} N={n} refresh_ms={ms} round={round} plain_ms={:.1} storm_ms={:.1} p50_ms={:.1} p99_ms={:.1} refreshes={} upstream401={} failed={bad}",
                plain.as_secs_f64()*1e3, all.as_secs_f64()*1e3, o[n/2].1.as_secs_f64()*1e3, o[n*99/100].1.as_secs_f64()*1e3, s1[0]-s0[0], s1[2]-s0[2]);
        }
    }
}
