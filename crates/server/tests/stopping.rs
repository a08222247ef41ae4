//! Stopping: calls under way come to their end, and nobody who got through is lost.

use crate::wire::{one, rest};
use crate::world::{SHOP, World};
use std::time::Duration;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

const CALLS: usize = 64;

#[tokio::test(flavor = "multi_thread")]
async fn no_call_is_lost_at_a_stop() {
    no_call_is_lost(1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_call_is_lost_at_a_stop_of_several_threads() {
    no_call_is_lost(4).await;
}

async fn no_call_is_lost(threads: usize) {
    let world = World::with(|settings| settings.threads = Some(threads)).await;
    world.sign_in("echo", "shop/u1").await;
    let call =
        format!("GET /proxy/echo/held HTTP/1.1\r\nHost: g\r\n{SHOP}\r\nStepgate-User: u1\r\n\r\n");
    let mut streams = Vec::new();
    for _ in 0..CALLS {
        let mut stream = TcpStream::connect(world.address).await.unwrap();
        stream.write_all(call.as_bytes()).await.unwrap();
        streams.push(stream);
    }
    // One that has been answered and may send the next at any time.
    let mut again = TcpStream::connect(world.address).await.unwrap();
    again
        .write_all(b"GET /healthz HTTP/1.1\r\nHost: g\r\n\r\n")
        .await
        .unwrap();
    assert_eq!(one(&mut again).await.status, 200);
    while world.upstream.requests_to("/api/held").is_empty() {
        tokio::task::yield_now().await;
    }
    let (address, gate) = (world.address, world.gate.clone());
    let stopping = tokio::spawn(world.running.stop());
    // The port is free once no more connections are taken.
    while TcpStream::connect(address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    again.write_all(call.as_bytes()).await.unwrap();
    streams.push(again);
    gate.open();
    for mut stream in streams {
        let all = rest(&mut stream).await;
        assert!(
            all.starts_with("HTTP/1.1 200 ") && all.contains("\"held\":true"),
            "{all:?}"
        );
        assert!(all.to_lowercase().contains("connection: close"), "{all:?}");
    }
    stopping.await.unwrap();
    // Nobody listens any more.
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_waits_no_longer_than_it_was_told() {
    let world = World::with(|settings| settings.drain = Duration::from_secs(1)).await;
    world.sign_in("echo", "shop/u1").await;
    let call =
        format!("GET /proxy/echo/held HTTP/1.1\r\nHost: g\r\n{SHOP}\r\nStepgate-User: u1\r\n\r\n");
    let mut stream = TcpStream::connect(world.address).await.unwrap();
    stream.write_all(call.as_bytes()).await.unwrap();
    while world.upstream.requests_to("/api/held").is_empty() {
        tokio::task::yield_now().await;
    }
    world.running.stop().await;
    assert_eq!(rest(&mut stream).await, "");
}
