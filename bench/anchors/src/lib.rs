//! Throwaway anchor code shared by the proxies: a per-user credential cache, the
//! header set that a hop must not forward, and the thread-per-core start.
use http::{header, HeaderMap, HeaderName, HeaderValue};
use std::{
    collections::{hash_map::RandomState, HashMap},
    future::Future,
    hash::BuildHasher,
    net::SocketAddr,
    sync::RwLock,
};
use tokio::{
    net::{TcpListener, TcpSocket},
    runtime::Builder,
};

/// A GET of `url` with the lines of HEADER ('Name: value' each), for the load generators.
pub fn get_with_headers(url: impl AsRef<str>) -> http::Request<axum::body::Body> {
    let lines = std::env::var("HEADER").unwrap_or_default();
    let pairs = lines.lines().filter_map(|l| l.split_once(':'));
    let r = pairs.fold(http::Request::get(url.as_ref()), |r, (k, v)| {
        r.header(k.trim(), v.trim())
    });
    r.body(axum::body::Body::empty()).unwrap()
}

pub struct Cred {
    pub bearer: HeaderValue,
    pub cookie: HeaderValue,
    pub query: String,
}

pub struct Cache<S = RandomState>(RwLock<HashMap<String, std::sync::Arc<Cred>, S>>);
/// The same with a cheaper (still seeded) hash.
pub type FastCache = Cache<foldhash::fast::RandomState>;

impl<S: BuildHasher + Default> Cache<S> {
    pub fn filled(users: usize) -> Self {
        let mut m = HashMap::default();
        for i in 0..users {
            m.insert(
                format!("u{i}"),
                std::sync::Arc::new(Cred {
                    bearer: HeaderValue::from_static("Bearer good"),
                    cookie: HeaderValue::from_static("sid=abc"),
                    query: "k=v".into(),
                }),
            );
        }
        Cache(RwLock::new(m))
    }
    pub fn get(&self, user: &str) -> Option<std::sync::Arc<Cred>> {
        self.0.read().unwrap().get(user).cloned()
    }
}

pub fn strip_hop(h: &mut HeaderMap) {
    for n in [
        header::CONNECTION,
        HeaderName::from_static("keep-alive"),
        header::PROXY_AUTHENTICATE,
        header::PROXY_AUTHORIZATION,
        header::TE,
        header::TRAILER,
        header::TRANSFER_ENCODING,
        header::UPGRADE,
    ] {
        h.remove(n);
    }
}

pub fn path_with_query(uri: &http::Uri, extra: &str) -> String {
    match uri.query() {
        Some(q) => format!("{}?{}&{}", uri.path(), q, extra),
        None => format!("{}?{}", uri.path(), extra),
    }
}

pub fn env(k: &str, d: &str) -> String {
    std::env::var(k).unwrap_or_else(|_| d.into())
}

/// As strip_hop, but looks at each header once and removes only what is there.
pub fn strip_hop_found(h: &mut HeaderMap) {
    const HOP: [HeaderName; 8] = [
        header::CONNECTION,
        HeaderName::from_static("keep-alive"),
        header::PROXY_AUTHENTICATE,
        header::PROXY_AUTHORIZATION,
        header::TE,
        header::TRAILER,
        header::TRANSFER_ENCODING,
        header::UPGRADE,
    ];
    let mut found = 0u8;
    for k in h.keys() {
        match *k {
            header::CONNECTION => found |= 1,
            header::PROXY_AUTHENTICATE => found |= 4,
            header::PROXY_AUTHORIZATION => found |= 8,
            header::TE => found |= 16,
            header::TRAILER => found |= 32,
            header::TRANSFER_ENCODING => found |= 64,
            header::UPGRADE => found |= 128,
            _ => {
                if k.as_str() == "keep-alive" {
                    found |= 2
                }
            }
        }
    }
    for (i, n) in HOP.iter().enumerate() {
        if found & (1 << i) != 0 {
            h.remove(n);
        }
    }
}

/// As path_with_query, without the formatter.
pub fn append_query(uri: &http::Uri, extra: &str) -> Vec<u8> {
    let pq = uri.path_and_query().map_or("/", |p| p.as_str());
    let mut v = Vec::with_capacity(pq.len() + 1 + extra.len());
    v.extend_from_slice(pq.as_bytes());
    v.push(if uri.query().is_some() { b'&' } else { b'?' });
    v.extend_from_slice(extra.as_bytes());
    v
}

/// One single-threaded runtime with its own SO_REUSEPORT listener per allowed CPU
/// (THREADS overrides). `accept` is that thread's accept loop; it may use spawn_local.
pub fn per_core<F, Fut>(listen: &str, accept: F)
where
    F: Fn(TcpListener) -> Fut + Send + Copy + 'static,
    Fut: Future<Output = ()>,
{
    let cpus = std::thread::available_parallelism().map_or(1, |n| n.get());
    let n: usize = env("THREADS", &cpus.to_string()).parse().unwrap();
    let addr: SocketAddr = listen.parse().unwrap();
    let run = move || {
        let rt = Builder::new_current_thread()
            .enable_all()
            .build_local(Default::default())
            .unwrap();
        rt.block_on(async move {
            let s = if addr.is_ipv4() {
                TcpSocket::new_v4()
            } else {
                TcpSocket::new_v6()
            }
            .unwrap();
            s.set_reuseaddr(true).unwrap();
            s.set_reuseport(true).unwrap();
            s.bind(addr).unwrap();
            accept(s.listen(4096).unwrap()).await
        })
    };
    let threads: Vec<_> = (0..n).map(|_| std::thread::spawn(run)).collect();
    for t in threads {
        t.join().unwrap()
    }
}
