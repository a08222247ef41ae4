//! An HTTP proxy that records what went through it.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};

use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio::task::JoinSet;
use url::Url;

/// The longest request head that is read.
const MAX_HEAD: usize = 64 * 1024;

/// A running proxy: CONNECT and absolute-form requests (RFC 9112, section 3.2.2).
pub struct Proxy {
    address: SocketAddr,
    heads: Arc<Mutex<Vec<String>>>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Proxy {
    /// A proxy that connects wherever it is asked to.
    #[must_use]
    pub fn start() -> Proxy {
        Proxy::launch(None)
    }

    /// A proxy that connects to `target` whatever host it is asked for, so that tests can name
    /// hosts that do not exist.
    #[must_use]
    pub fn to(target: SocketAddr) -> Proxy {
        Proxy::launch(Some(target))
    }

    /// Its URL, as in `HTTPS_PROXY`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The head of each request so far: request line and header lines.
    #[must_use]
    pub fn heads(&self) -> Vec<String> {
        self.heads
            .lock()
            .expect("nothing panics while recording")
            .clone()
    }

    fn launch(target: Option<SocketAddr>) -> Proxy {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let address = listener
            .local_addr()
            .expect("a bound listener has an address");
        let heads = Arc::new(Mutex::new(Vec::new()));
        let (stop, stopped) = oneshot::channel();
        let recorded = Arc::clone(&heads);
        let thread = thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build();
            runtime.expect("a runtime").block_on(async {
                tokio::select! {
                    result = accept(listener, target, recorded) => result.expect("a working listener"),
                    _ = stopped => {}
                }
            });
        });
        Proxy {
            address,
            heads,
            stop: Some(stop),
            thread: Some(thread),
        }
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

async fn accept(
    listener: TcpListener,
    target: Option<SocketAddr>,
    heads: Arc<Mutex<Vec<String>>>,
) -> io::Result<()> {
    listener.set_nonblocking(true)?;
    let listener = tokio::net::TcpListener::from_std(listener)?;
    let mut connections = JoinSet::new();
    loop {
        let (socket, _) = listener.accept().await?;
        connections.spawn(pass(socket, target, Arc::clone(&heads)));
        while connections.try_join_next().is_some() {}
    }
}

/// Passes one connection through. Either side may go away at any time.
async fn pass(
    mut caller: TcpStream,
    target: Option<SocketAddr>,
    heads: Arc<Mutex<Vec<String>>>,
) -> io::Result<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") && head.len() < MAX_HEAD {
        head.push(caller.read_u8().await?);
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    heads
        .lock()
        .expect("nothing panics while recording")
        .push(head.clone());
    let mut words = head.split(' ');
    let (method, wanted) = (
        words.next().unwrap_or_default(),
        words.next().unwrap_or_default(),
    );
    let is_tunnel = method == "CONNECT";
    let url = if is_tunnel {
        format!("http://{wanted}/")
    } else {
        wanted.to_owned()
    };
    let Ok(url) = Url::parse(&url) else {
        return caller
            .write_all(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n")
            .await;
    };
    let there = match target {
        Some(target) => TcpStream::connect(target).await,
        None => {
            let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
            TcpStream::connect((host, url.port_or_known_default().unwrap_or(80))).await
        }
    };
    let Ok(mut there) = there else {
        return caller
            .write_all(b"HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n")
            .await;
    };
    if is_tunnel {
        caller
            .write_all(b"HTTP/1.1 200 Connection Established\r\n\r\n")
            .await?;
    } else {
        let origin_form = &url[url::Position::BeforePath..url::Position::AfterQuery];
        let head = head.replacen(wanted, origin_form, 1);
        there.write_all(head.as_bytes()).await?;
    }
    copy_bidirectional(&mut caller, &mut there).await?;
    Ok(())
}
