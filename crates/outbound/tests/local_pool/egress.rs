//! Which addresses a pool dials: those that the one policy permits, each time.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use http::Method;
use outbound::{Client, OutboundError, Phase, ProxyEnv, Resolver, Reuse, Settings};
use url::Url;

use super::{Pool, empty, here};
use crate::server::{Server, answer, ok, settings};

fn ip(text: &str) -> IpAddr {
    text.parse().expect(text)
}

#[tokio::test]
async fn attack_47_a_call_is_refused_before_anything_is_dialled() {
    here(async {
        let server = Server::start(|_| ok("reached")).await;
        let pool = Pool::with(&Settings {
            resolver: Resolver::fixed([("api.internal".to_owned(), vec![ip("10.0.0.5")])]),
            ..Settings::default()
        });
        let loopback = server.url("/").to_string();
        for (url, address) in [
            ("https://api.internal/v1?token=s3cret", "10.0.0.5"),
            (
                "http://169.254.169.254/latest/meta-data/",
                "169.254.169.254",
            ),
            ("https://[fd00::1]/", "fd00::1"),
            ("http://[::ffff:127.0.0.1]/", "::ffff:127.0.0.1"),
            (&loopback, "127.0.0.1"),
        ] {
            let url = Url::parse(url).expect(url);
            for method in [Method::GET, Method::POST] {
                let sent = pool.send(&url, method, empty(), Reuse::Any).await;
                let failed = sent.expect_err("refused");
                assert!(
                    matches!(failed.error, OutboundError::Refused { .. }),
                    "{failed:?}"
                );
                let error = &failed.error;
                assert_eq!(
                    (error.phase(), error.is_passing(), error.address()),
                    (Phase::Resolve, false, Some(ip(address)))
                );
                assert!(!error.to_string().contains("s3cret"));
                assert!(failed.unsent.is_some());
            }
            let request = super::request(&url, Method::GET, empty());
            let within = std::time::Duration::from_secs(60);
            let upgraded = pool.pool.upgrade(pool.id(&url), request, within).await;
            let error = super::error_of(upgraded);
            assert!(matches!(error, OutboundError::Refused { .. }), "{error:?}");
        }
        assert_eq!((server.connections(), pool.pool.counts().dialled), (0, 0));
    })
    .await;
}

#[tokio::test]
async fn attack_49_a_name_is_judged_at_every_dial_of_a_pool() {
    here(async {
        // Every reply closes its connection, so that every call dials.
        let server = Server::start(|_| answer(200, &[("connection", "close")], "")).await;
        let asked = Arc::new(AtomicUsize::new(0));
        let count = asked.clone();
        let pool = Pool::with(&Settings {
            resolver: Resolver::from_fn(move |_| {
                let first = count.fetch_add(1, Ordering::SeqCst) == 0;
                let address = ip(if first { "127.0.0.1" } else { "10.0.0.5" });
                async move { Ok(vec![address]) }
            }),
            ..settings()
        });
        let url = server.named("rebind.test", "/");
        pool.get(&url).await.expect("the first");
        let error = super::error_of(pool.get(&url).await);
        assert_eq!(error.address(), Some(ip("10.0.0.5")), "{error:?}");
        assert_eq!((asked.load(Ordering::SeqCst), server.connections()), (2, 1));
    })
    .await;
}

#[tokio::test]
async fn a_name_without_an_address_is_said() {
    here(async {
        let url = Url::parse("http://nowhere.example/").expect("a URL");
        let failed = Pool::new().get(&url).await.expect_err("no address");
        assert!(
            matches!(failed.error, OutboundError::Dns { .. }) && failed.unsent.is_some(),
            "{failed:?}"
        );
    })
    .await;
}

#[tokio::test]
async fn what_goes_through_a_proxy_is_not_for_a_pool() {
    here(async {
        let client = Client::new(Settings {
            proxy: ProxyEnv {
                https: Some("http://proxy.test:3128".to_owned()),
                no_proxy: Some("direct.test".to_owned()),
                ..ProxyEnv::default()
            },
            ..settings()
        });
        let dialer = client.expect("a client").dialer();
        let pool = Pool::of(dialer, outbound::PoolLimits::default());
        for (url, direct) in [
            ("https://api.test/", false),
            ("https://direct.test/", true),
            ("http://api.test/", true),
            ("ftp://api.test/", false),
        ] {
            let url = Url::parse(url).expect(url);
            assert_eq!(pool.pool.upstream(&url).is_some(), direct, "{url}");
        }
    })
    .await;
}
