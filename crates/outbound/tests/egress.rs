//! Which addresses are dialled, whatever the name, the form or the way to them.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use outbound::{
    Client, Cookies, Egress, Limits, OutboundError, Phase, ProxyEnv, Redirects, Resolver, Settings,
};
use url::Url;

use crate::server::{Server, answer, client, get, now, ok, settings};

async fn refused(client: &Client, url: &str) -> OutboundError {
    let outgoing = get(Url::parse(url).expect(url));
    client
        .send(outgoing, Cookies::None, None, now())
        .await
        .expect_err(url)
}

fn strict(resolver: Resolver) -> Client {
    Client::new(Settings {
        resolver,
        ..Settings::default()
    })
    .expect("a client")
}

fn ip(text: &str) -> IpAddr {
    text.parse().expect(text)
}

#[tokio::test]
async fn attack_47_private_addresses_are_refused_before_anything_is_dialled() {
    let client = strict(Resolver::fixed([(
        "api.internal".to_owned(),
        vec![ip("10.0.0.5")],
    )]));
    let error = refused(&client, "https://api.internal/v1?token=s3cret").await;
    assert_eq!(
        error.to_string(),
        "10.0.0.5 (api.internal) is a private address, and those are refused: allow it with --allow-private 10.0.0.0/8"
    );
    assert_eq!(
        (error.phase(), error.is_passing(), error.address()),
        (Phase::Resolve, false, Some(ip("10.0.0.5")))
    );
    let error = refused(&client, "http://169.254.169.254/latest/meta-data/").await;
    assert_eq!(
        error.to_string(),
        "169.254.169.254 is a link-local address, and those are refused: allow it with --allow-private 169.254.0.0/16"
    );
    let error = refused(&client, "http://[fd00::1]/").await;
    assert_eq!(
        error.to_string(),
        "[fd00::1] is a private address, and those are refused: allow it with --allow-private fc00::/7"
    );
}

#[tokio::test]
async fn attack_48_every_spelling_of_an_address_is_the_address() {
    let server = Server::start(|_| ok("reached")).await;
    let client = strict(Resolver::System);
    let port = server.address.port();
    for host in [
        "127.0.0.1",
        "2130706433",
        "0177.1",
        "0x7f.1",
        "0x7f000001",
        "127.1",
        "017700000001",
        "127.0.0.1.",
        "\u{ff11}27.0.0.1",
        "0",
        "0.0.0.0",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "[2001:0:4136:e378:8000:63bf:80ff:fffe]",
    ] {
        let error = refused(&client, &format!("http://{host}:{port}/")).await;
        assert!(
            matches!(error, OutboundError::Refused { .. }),
            "{host}: {error}"
        );
    }
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn attack_49_a_name_is_judged_by_the_address_that_is_dialled_each_time() {
    let server = Server::start(|_| answer(200, &[("connection", "close")], "")).await;
    // The first answer may be dialled, the next ones not: each new connection asks anew.
    let asked = Arc::new(AtomicUsize::new(0));
    let count = asked.clone();
    let resolver = Resolver::from_fn(move |_| {
        let turn = count.fetch_add(1, Ordering::SeqCst);
        async move {
            Ok(vec![if turn == 0 {
                ip("127.0.0.1")
            } else {
                ip("127.0.0.2")
            }])
        }
    });
    let client = Client::new(Settings {
        resolver,
        ..settings()
    })
    .expect("a client");
    let first = client
        .send(
            get(server.named("rebind.test", "/")),
            Cookies::None,
            None,
            now(),
        )
        .await
        .expect("a reply");
    first.read(100).await.expect("a body");
    let error = refused(&client, server.named("rebind.test", "/").as_str()).await;
    assert!(matches!(error, OutboundError::Refused { .. }), "{error}");
    assert_eq!((asked.load(Ordering::SeqCst), server.connections()), (2, 1));
}

#[tokio::test]
async fn attack_49_of_mixed_addresses_only_the_allowed_are_dialled() {
    let server = Server::start(|_| ok("reached")).await;
    let mixed = vec![ip("10.0.0.1"), ip("127.0.0.1"), ip("::ffff:10.0.0.1")];
    let names = [
        ("mixed.test".to_owned(), mixed),
        ("bad.test".to_owned(), vec![ip("10.0.0.1"), ip("::1")]),
    ];
    let client = Client::new(Settings {
        resolver: Resolver::fixed(names),
        ..settings()
    })
    .expect("a client");
    let reply = client
        .send(
            get(server.named("mixed.test", "/")),
            Cookies::None,
            None,
            now(),
        )
        .await
        .expect("a reply");
    assert_eq!(reply.remote, Some(server.address));
    let error = refused(&client, server.named("bad.test", "/").as_str()).await;
    assert_eq!(error.address(), Some(ip("10.0.0.1")));
}

#[tokio::test]
async fn attack_50_a_redirect_to_a_refused_address_is_not_followed() {
    let target = Server::start(|_| ok("secret")).await;
    let inner = target.address.port();
    for host in [
        "127.0.0.2",
        "2130706434",
        "[::1]",
        "169.254.169.254",
        "[::ffff:127.0.0.2]",
    ] {
        let location = format!("http://{host}:{inner}/");
        let server = Server::start(move |_| answer(302, &[("location", &location)], "")).await;
        let mut outgoing = get(server.named("public.test", "/"));
        outgoing.redirects = Redirects::Follow;
        let error = client()
            .send(outgoing, Cookies::None, None, now())
            .await
            .expect_err(host);
        assert!(
            matches!(error, OutboundError::Refused { .. }),
            "{host}: {error}"
        );
        assert!(error.may_have_arrived(), "the first hop was answered");
        let said = error.to_string();
        assert!(
            said.starts_with("after a redirect by public.test:"),
            "{said}"
        );
    }
    assert_eq!(target.connections(), 0);
}

#[tokio::test]
async fn attack_51_other_kinds_of_url_and_methods_are_refused() {
    for url in [
        "file:///etc/passwd",
        "gopher://127.0.0.1/_x",
        "ftp://a.test/x?s3cret",
        "unix:/run/x.sock",
        "data:,x",
        "ws://a.test/",
    ] {
        let error = refused(&client(), url).await;
        assert!(
            matches!(error, OutboundError::Scheme { .. }),
            "{url}: {error}"
        );
        assert!(!error.to_string().contains("s3cret"));
    }
    let mut connect = get(Url::parse("http://a.test/").expect("a URL"));
    connect.method = http::Method::CONNECT;
    let error = client()
        .send(connect, Cookies::None, None, now())
        .await
        .expect_err("refused");
    assert!(matches!(error, OutboundError::Request { .. }), "{error}");
}

#[tokio::test]
async fn through_a_proxy_the_target_is_still_judged() {
    let proxy = Server::start(|_| ok("proxied")).await;
    let names = [(
        "mixed.test".to_owned(),
        vec![ip("127.0.0.1"), ip("10.0.0.1")],
    )];
    let client = Client::new(Settings {
        egress: Egress::default(),
        resolver: Resolver::fixed(names),
        proxy: ProxyEnv {
            http: Some(proxy.url("").to_string()),
            https: Some(proxy.url("").to_string()),
            no_proxy: None,
        },
        ..Settings::default()
    })
    .expect("a client");
    for url in [
        "http://10.0.0.1/",
        "https://10.0.0.1/",
        "http://mixed.test/",
        "http://[::1]/",
    ] {
        let error = refused(&client, url).await;
        assert!(
            matches!(error, OutboundError::Refused { .. }),
            "{url}: {error}"
        );
    }
    assert_eq!(proxy.connections(), 0);
}

#[tokio::test]
async fn names_and_ports_that_lead_nowhere_are_said() {
    let error = refused(&client(), "https://nowhere.example/?s3cret").await;
    assert_eq!(
        error.to_string(),
        "the host name nowhere.example could not be looked up: no such name. Check the name, and that this machine can resolve it"
    );
    let closed = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}/", closed.local_addr().expect("an address"));
    drop(closed);
    let error = refused(&client(), &url).await;
    assert!(matches!(error, OutboundError::Connect { .. }), "{error}");
    assert!(error.is_passing() && error.phase() == Phase::Connect && !error.may_have_arrived());
    assert!(
        error
            .to_string()
            .contains("nothing accepts connections there"),
        "{error}"
    );
}

#[tokio::test]
async fn a_redirect_to_a_host_that_cannot_be_reached_is_said_to_be_one() {
    let server =
        Server::start(|_| answer(302, &[("location", "https://nowhere.example/?s3cret")], ""))
            .await;
    let mut outgoing = get(server.named("public.test", "/"));
    outgoing.redirects = Redirects::Follow;
    let error = client()
        .send(outgoing, Cookies::None, None, now())
        .await
        .expect_err("nowhere");
    assert!(
        matches!(error, OutboundError::AfterRedirect { .. }),
        "{error:?}"
    );
    assert!(error.is_passing() && error.may_have_arrived() && error.phase() == Phase::Resolve);
    let said = error.to_string();
    assert!(
        said.contains("after a redirect by public.test") && said.contains("nowhere.example"),
        "{said}"
    );
    assert!(!said.contains("s3cret"), "{said}");
}

#[tokio::test]
async fn a_look_up_without_end_is_ended() {
    let limits = Limits {
        connect_timeout: Duration::from_millis(50),
        ..Limits::default()
    };
    let resolver = Resolver::from_fn(|_| std::future::pending());
    let client = Client::new(Settings {
        resolver,
        limits,
        ..settings()
    })
    .expect("a client");
    let error = refused(&client, "https://slow.test/").await;
    assert!(
        matches!(
            error,
            OutboundError::Timeout {
                phase: Phase::Resolve,
                ..
            }
        ),
        "{error}"
    );
    assert!(!error.may_have_arrived());
}

#[tokio::test]
async fn the_next_address_is_tried_where_one_does_not_answer() {
    let server = Server::start(|_| ok("reached")).await;
    let names = [(
        "two.test".to_owned(),
        vec![ip("127.0.0.3"), ip("127.0.0.1")],
    )];
    let client = Client::new(Settings {
        egress: Egress::new(vec!["127.0.0.0/8".parse().expect("a range")]),
        resolver: Resolver::fixed(names),
        ..settings()
    })
    .expect("a client");
    let reply = client
        .send(
            get(server.named("two.test", "/")),
            Cookies::None,
            None,
            now(),
        )
        .await
        .expect("a reply");
    assert_eq!(reply.remote, Some(server.address));
}
