//! Time limits, met at the ticks.

use std::time::Duration;

use http::Method;
use http_body_util::BodyExt;
use outbound::{OutboundError, Phase, Reuse, Terms};
use tokio::io::AsyncWriteExt;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use url::Url;

use super::{Pool, empty, here, request, until};
use crate::server::{raw, read_head};

/// Writes what it is given as its reply, piece by piece.
async fn dictated() -> (Url, mpsc::UnboundedSender<&'static [u8]>, JoinHandle<()>) {
    let (pieces, given) = mpsc::unbounded_channel::<&'static [u8]>();
    let given = std::sync::Arc::new(tokio::sync::Mutex::new(given));
    let (address, task) = raw(move |_, mut stream| {
        let given = given.clone();
        async move {
            read_head(&mut stream).await;
            while let Some(piece) = given.lock().await.recv().await {
                let _ = stream.write_all(piece).await;
            }
        }
    })
    .await;
    let url = Url::parse(&format!("http://{address}/")).expect("a URL");
    (url, pieces, task)
}

const TERMS: Terms = Terms {
    within: Duration::from_secs(5),
    reuse: Reuse::Any,
};

#[tokio::test]
async fn attack_46_a_call_that_is_not_answered_ends_at_a_tick() {
    here(async {
        let (url, _pieces, task) = dictated().await;
        let pool = Pool::new();
        let request = request(&url, Method::GET, empty());
        let mut call = std::pin::pin!(pool.pool.send(pool.id(&url), request, TERMS));
        for early in 0..=5 {
            pool.at(early);
            let connected = until(|| pool.pool.counts().open == 1);
            tokio::select! {
                biased;
                _ = &mut call => panic!("too early: {early}"),
                () = connected => {}
            }
        }
        pool.at(6);
        let failed = call.await.expect_err("its time is up");
        assert!(
            matches!(failed.error, OutboundError::Timeout { phase: Phase::Receive, after, .. } if after == TERMS.within),
            "{failed:?}"
        );
        assert!(failed.unsent.is_none() && !failed.silent);
        until(|| pool.pool.counts().open == 0).await;
        task.abort();
    })
    .await;
}

#[tokio::test]
async fn attack_46_a_body_that_does_not_end_ends_at_a_tick() {
    here(async {
        for pauses in [false, true] {
            let (url, pieces, task) = dictated().await;
            let pool = Pool::new();
            let head = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
            pieces.send(head).expect("a server");
            let request = request(&url, Method::GET, empty());
            let sent = pool.pool.send(pool.id(&url), request, TERMS).await;
            let mut body = sent.expect("a reply").into_body();
            if pauses {
                body.bound_pauses(Duration::from_secs(7));
            }
            for second in [3, 5] {
                pieces.send(b"2\r\nhi\r\n").expect("a server");
                let frame = body.frame().await.expect("a frame").expect("no error");
                assert_eq!(frame.into_data().expect("data"), "hi");
                pool.at(second);
            }
            if pauses {
                pool.at(9);
                pieces.send(b"2\r\nho\r\n").expect("a server");
                body.frame().await.expect("a frame").expect("no error");
                pool.at(20);
            } else {
                pool.at(6);
            }
            let ended = body.frame().await.expect("an end").expect_err("too late");
            assert!(matches!(ended, OutboundError::Timeout { .. }), "{ended:?}");
            assert!(body.frame().await.is_none());
            until(|| pool.pool.counts().open == 0).await;
            task.abort();
        }
    })
    .await;
}
