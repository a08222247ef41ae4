//! Connections used again, given up, and opened anew.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use http::Method;
use outbound::{Counts, Limits, OutboundError, PoolLimits, Reuse, SendError, Settings};
use tokio::io::AsyncWriteExt;
use tokio::task::JoinHandle;
use url::Url;

use super::{Pool, empty, full, here, request, until};
use crate::server::{Server, answer, ok, raw, read_head, settings};

#[tokio::test]
async fn a_connection_is_used_again() {
    here(async {
        let server = Server::start(|_| ok("x")).await;
        let pool = Pool::new();
        let url = server.url("/a?b=c");
        for method in [Method::GET, Method::POST, Method::HEAD, Method::PUT] {
            pool.send(&url, method, empty(), Reuse::Fresh)
                .await
                .expect("a reply");
        }
        let got = pool
            .send(&url, Method::POST, full("in"), Reuse::Fresh)
            .await;
        assert_eq!(got.expect("a reply").body, "x");
        let seen = server.seen();
        assert_eq!((server.connections(), seen.len()), (1, 5));
        assert_eq!(seen[0].target, "/a?b=c");
        assert_eq!(
            seen[0].header("host"),
            format!("127.0.0.1:{}", server.address.port())
        );
        assert_eq!(
            [&seen[0], &seen[1], &seen[4]].map(|seen| seen.header("content-length")),
            ["", "0", "2"]
        );
        let counts = Counts {
            open: 1,
            idle: 1,
            dialled: 1,
            reused: 4,
        };
        assert_eq!(pool.pool.counts(), counts);
        // A host by another name is another host.
        let other = server.named("other.test", "/");
        assert_ne!(pool.id(&url), pool.id(&other));
        pool.get(&other).await.expect("a reply");
        assert_eq!(server.connections(), 2);
    })
    .await;
}

#[tokio::test]
async fn a_connection_whose_reply_was_not_read_is_closed() {
    here(async {
        let server = Server::start(|_| ok("unread")).await;
        let pool = Pool::new();
        let url = server.url("/");
        let terms = outbound::Terms {
            within: Duration::from_secs(60),
            reuse: Reuse::Any,
        };
        let request = request(&url, Method::GET, empty());
        drop(pool.pool.send(pool.id(&url), request, terms).await);
        until(|| pool.pool.counts().open == 0).await;
        assert_eq!(pool.get(&url).await.expect("a reply").body, "unread");
        assert_eq!(server.connections(), 2);
    })
    .await;
}

#[tokio::test]
async fn a_connection_the_other_side_closed_is_replaced_for_any_request() {
    here(async {
        let (address, task) = raw(|_, mut stream| async move {
            read_head(&mut stream).await;
            let _ = stream
                .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok")
                .await;
        })
        .await;
        let pool = Pool::new();
        let url = Url::parse(&format!("http://{address}/")).expect("a URL");
        for _ in 0..5 {
            let got = pool.send(&url, Method::POST, empty(), Reuse::Fresh).await;
            assert_eq!(got.expect("a reply").body, "ok");
            // The end of the stream has to be seen before the next request can know of it.
            until(|| pool.pool.counts().open == 0).await;
        }
        assert_eq!(pool.pool.counts().dialled, 5);
        task.abort();
    })
    .await;
}

/// Answers one request on each connection, then reads the next one and hangs up.
async fn hanging_up(answer: &'static [u8]) -> (Url, Arc<AtomicUsize>, JoinHandle<()>) {
    let requests = Arc::new(AtomicUsize::new(0));
    let count = requests.clone();
    let (address, task) = raw(move |_, mut stream| {
        let count = count.clone();
        async move {
            read_head(&mut stream).await;
            count.fetch_add(1, Ordering::SeqCst);
            let _ = stream
                .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok")
                .await;
            if !read_head(&mut stream).await.is_empty() {
                count.fetch_add(1, Ordering::SeqCst);
                let _ = stream.write_all(answer).await;
            }
        }
    })
    .await;
    let url = Url::parse(&format!("http://{address}/")).expect("a URL");
    (url, requests, task)
}

#[tokio::test]
async fn attack_27_what_was_written_is_not_sent_again_by_the_pool() {
    here(async {
        for (answer, silent) in [(b"".as_slice(), true), (b"HTTP/1.1 2", false)] {
            let (url, requests, task) = hanging_up(answer).await;
            let pool = Pool::new();
            pool.get(&url).await.expect("the first");
            let failed = pool.get(&url).await.expect_err("it hung up");
            assert!(
                matches!(failed.error, OutboundError::Broken { .. })
                    && failed.error.may_have_arrived(),
                "{failed:?}"
            );
            assert_eq!((failed.silent, failed.unsent.is_some()), (silent, false));
            assert_eq!(requests.load(Ordering::SeqCst), 2);
            let again = pool.send(&url, Method::GET, empty(), Reuse::Never).await;
            assert_eq!(again.expect("a new connection").body, "ok");
            task.abort();
        }
    })
    .await;
}

#[tokio::test]
async fn an_older_connection_is_only_for_what_may_go_twice() {
    here(async {
        let server = Server::start(|_| ok("x")).await;
        let pool = Pool::with(&Settings {
            limits: Limits {
                fresh: Duration::from_secs(2),
                ..Limits::default()
            },
            ..settings()
        });
        let url = server.url("/");
        for (at, reuse, connections) in [
            (0, Reuse::Fresh, 1),
            (1, Reuse::Fresh, 1),
            (3, Reuse::Any, 1),
            (5, Reuse::Fresh, 2),
            (5, Reuse::Never, 3),
        ] {
            pool.at(at);
            let sent = pool.send(&url, Method::POST, empty(), reuse).await;
            sent.expect("a reply");
            assert_eq!(server.connections(), connections, "{at} {reuse:?}");
        }
        // Three are kept: the oldest since 3, the others since 5.
        assert_eq!(pool.pool.counts().idle, 3);
        pool.at(34);
        assert_eq!(pool.pool.counts().idle, 2);
        pool.at(36);
        until(|| pool.pool.counts().open == 0).await;
        assert_eq!(pool.pool.counts().idle, 0);
    })
    .await;
}

#[tokio::test]
async fn calls_at_once_wait_for_leave_to_dial_and_few_are_kept() {
    here(async {
        let server = Server::start(|seen| ok(&seen.target)).await;
        let limits = PoolLimits { idle: 3, dials: 2 };
        let pool = Pool::limited(&settings(), limits);
        let calls = (0..30).map(|index| {
            let url = server.url(&format!("/{index}"));
            let pool = &pool;
            async move {
                let got = pool.get(&url).await.expect("a reply");
                assert_eq!(got.body, format!("/{index}"));
            }
        });
        futures_util::future::join_all(calls).await;
        let counts = pool.pool.counts();
        assert_eq!(counts.dialled + counts.reused, 30);
        assert!((1..=3).contains(&counts.idle), "{counts:?}");
    })
    .await;
}

#[tokio::test]
async fn what_could_not_be_delivered_comes_back() {
    here(async {
        let (address, task) = raw(|_, stream| async move { drop(stream) }).await;
        let pool = Pool::new();
        let url = Url::parse(&format!("http://{address}/")).expect("a URL");
        task.abort();
        until(|| task.is_finished()).await;
        let failed = pool.send(&url, Method::PUT, full("in"), Reuse::Any).await;
        let failed = failed.expect_err("nobody is there");
        assert!(
            matches!(failed.error, OutboundError::Connect { .. }),
            "{failed:?}"
        );
        assert_eq!(failed.unsent.expect("the request").method(), Method::PUT);
        let stranger = Pool::new();
        let request = request(&url, Method::GET, empty());
        let terms = outbound::Terms {
            within: Duration::from_secs(60),
            reuse: Reuse::Any,
        };
        let id = pool.id(&url);
        let failed = stranger.pool.send(id, request, terms).await;
        assert!(failed.expect_err("another pool's number").unsent.is_some());
    })
    .await;
}

#[tokio::test]
async fn headers_are_bounded() {
    here(async {
        let server = Server::start(|seen| match seen.target.as_str() {
            "/long" => answer(200, &[("x-long", &"x".repeat(100_000))], ""),
            "/nearly" => answer(200, &vec![("x-some", "1"); 80], ""),
            "/many" => answer(200, &vec![("x-many", "1"); 600], ""),
            _ => answer(200, &vec![("x-some", "1"); 300], "some"),
        })
        .await;
        let too_large = |failed: &SendError<_>| {
            assert!(
                matches!(failed.error, OutboundError::HeaderTooLarge { .. }),
                "{failed:?}"
            );
        };
        // Room for many is made once there are many; what was asked for safely may go again.
        for method in [Method::GET, Method::PUT] {
            let pool = Pool::new();
            let url = server.url("/some");
            let sent = pool.send(&url, method.clone(), empty(), Reuse::Any).await;
            let failed = sent.expect_err("more than usual");
            too_large(&failed);
            assert_eq!(failed.silent, method == Method::GET);
            let some = pool.send(&url, method, empty(), Reuse::Never).await;
            let some = some.expect("a reply").headers;
            assert_eq!(some.get_all("x-some").iter().count(), 300);
        }
        // Who has sent nearly as many is given room before a write's answer is lost.
        let pool = Pool::new();
        let nearly = pool.get(&server.url("/nearly")).await;
        assert_eq!(
            nearly
                .expect("a reply")
                .headers
                .get_all("x-some")
                .iter()
                .count(),
            80
        );
        let put = pool
            .send(&server.url("/some"), Method::PUT, empty(), Reuse::Any)
            .await;
        assert_eq!(
            put.expect("a reply")
                .headers
                .get_all("x-some")
                .iter()
                .count(),
            300
        );
        let pool = Pool::new();
        for (path, silent) in [("/long", true), ("/many", false), ("/long", false)] {
            let failed = pool.get(&server.url(path)).await.expect_err(path);
            too_large(&failed);
            assert_eq!(failed.silent, silent, "{path}");
        }
    })
    .await;
}
