//! Proxies: how they are asked, and what they may answer.

use outbound::{Client, Cookies, OutboundError, ProxyEnv, Settings};
use tokio::io::{AsyncWriteExt, copy_bidirectional};
use tokio::net::TcpStream;
use url::Url;

use crate::server::{Server, get, now, ok, raw, read_head, settings};
use crate::tls::Authority;

fn through(address: std::net::SocketAddr, user: &str, base: Settings) -> Client {
    let proxy = Some(format!("http://{user}{address}"));
    let proxy = ProxyEnv {
        https: proxy.clone(),
        http: proxy,
        no_proxy: Some("direct.test".to_owned()),
    };
    Client::new(Settings { proxy, ..base }).expect("a client")
}

#[tokio::test]
async fn plain_http_is_asked_for_in_absolute_form() {
    let proxy = Server::start(|_| ok("from the proxy")).await;
    let client = through(proxy.address, "me:p%40ss@", settings());
    for _ in 0..2 {
        let outgoing = get(Url::parse("http://api.test/x?y").expect("a URL"));
        let reply = client
            .send(outgoing, Cookies::None, None, now())
            .await
            .expect("a reply");
        assert_eq!(reply.read(100).await.expect("a body").1, "from the proxy");
    }
    let seen = &proxy.seen()[0];
    assert_eq!(seen.target, "http://api.test/x?y");
    assert_eq!(
        (seen.header("host"), seen.header("proxy-authorization")),
        ("api.test", "Basic bWU6cEBzcw==")
    );
    assert_eq!(proxy.connections(), 1);
}

#[tokio::test]
async fn no_proxy_is_kept_to() {
    let proxy = Server::start(|_| ok("proxy")).await;
    let server = Server::start(|_| ok("server")).await;
    let client = through(proxy.address, "", settings());
    let reply = client
        .send(
            get(server.named("direct.test", "/")),
            Cookies::None,
            None,
            now(),
        )
        .await
        .expect("a reply");
    assert_eq!(reply.read(100).await.expect("a body").1, "server");
    assert_eq!(proxy.connections(), 0);
}

#[tokio::test]
async fn https_goes_through_a_tunnel() {
    let authority = Authority::new();
    let server = Server::secure(
        authority.server(&["api.test"], &[b"h2", b"http/1.1"]),
        |_| ok("end to end"),
    )
    .await;
    let target = server.address;
    let (log, mut asked) = tokio::sync::mpsc::unbounded_channel();
    let (address, task) = raw(move |_, mut stream| {
        let log = log.clone();
        async move {
            log.send(read_head(&mut stream).await).expect("logged");
            let mut behind = TcpStream::connect(target).await.expect("the server");
            stream
                .write_all(b"HTTP/1.1 200 Connection established\r\nx: y\r\n\r\n")
                .await
                .expect("answered");
            let _ = copy_bidirectional(&mut stream, &mut behind).await;
        }
    })
    .await;
    let client = through(address, "me:pass@", authority.settings());
    let mut outgoing = get(server.named("api.test", "/?s3cret"));
    outgoing.headers.insert(
        "authorization",
        http::HeaderValue::from_static("Bearer t0ken"),
    );
    let reply = client
        .send(outgoing, Cookies::None, None, now())
        .await
        .expect("a reply");
    assert_eq!(reply.remote, Some(address));
    assert_eq!(reply.read(100).await.expect("a body").1, "end to end");
    let authority = format!("api.test:{}", target.port());
    assert_eq!(
        asked.recv().await.expect("asked"),
        format!(
            "CONNECT {authority} HTTP/1.1\r\nHost: {authority}\r\nProxy-Authorization: Basic bWU6cGFzcw==\r\n\r\n"
        )
    );
    assert_eq!(server.seen()[0].header("proxy-authorization"), "");
    task.abort();
}

#[tokio::test]
async fn a_proxy_that_refuses_is_said() {
    for (answer, words, passing) in [
        (
            "HTTP/1.1 407 Proxy Authentication Required\r\n\r\n",
            "asks for a user name and password",
            false,
        ),
        (
            "HTTP/1.1 403 Forbidden\r\n\r\n",
            "would not connect to api.test: it answered 403",
            false,
        ),
        ("HTTP/1.1 503 Busy\r\n\r\n", "it answered 503", true),
        ("SSH-2.0\r\n\r\n", "did not answer in HTTP", false),
        ("", "closed the connection without an answer", true),
    ] {
        let (address, task) = raw(move |_, mut stream| async move {
            read_head(&mut stream).await;
            let _ = stream.write_all(answer.as_bytes()).await;
        })
        .await;
        let client = through(address, "me:hunter2@", settings());
        let outgoing = get(Url::parse("https://api.test/?s3cret").expect("a URL"));
        let error = client
            .send(outgoing, Cookies::None, None, now())
            .await
            .expect_err(words);
        let said = error.to_string();
        assert!(
            matches!(error, OutboundError::Proxy { .. }) && said.contains(words),
            "{said}"
        );
        assert!(
            said.contains(&address.to_string())
                && !said.contains("hunter2")
                && !said.contains("s3cret"),
            "{said}"
        );
        assert_eq!(error.is_passing(), passing, "{said}");
        task.abort();
    }
}

#[tokio::test]
async fn a_proxy_may_be_reached_by_tls_itself() {
    let authority = Authority::new();
    let config = authority.server(&["proxy.test"], &[b"h2", b"http/1.1"]);
    let proxy = Server::secure(config, |_| ok("from the proxy")).await;
    let http = Some(proxy.named("proxy.test", "").to_string());
    let proxies = ProxyEnv {
        http,
        ..ProxyEnv::default()
    };
    let client = Client::new(Settings {
        proxy: proxies,
        ..authority.settings()
    })
    .expect("a client");
    let outgoing = get(Url::parse("http://api.test/x").expect("a URL"));
    let reply = client
        .send(outgoing, Cookies::None, None, now())
        .await
        .expect("a reply");
    assert_eq!(reply.read(100).await.expect("a body").1, "from the proxy");
    assert_eq!(proxy.seen()[0].target, "http://api.test/x");
}
