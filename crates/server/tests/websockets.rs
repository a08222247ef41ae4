//! WebSockets that last: how they end when the server does, how many there may be, and for how long they may be silent.

use crate::streaming::{echoes, head};
use crate::wire::{one, rest};
use crate::world::{SHOP, World};
use server::Settings;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// "Going away", unmasked: RFC 6455 section 7.4.1.
const GOING_AWAY: [u8; 4] = [0x88, 0x02, 0x03, 0xe9];
/// An empty Close frame of a client.
const CLOSE: [u8; 6] = [0x88, 0x80, 0, 0, 0, 0];

async fn world(change: impl FnOnce(&mut Settings)) -> World {
    let world = World::with(change).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(echoes(listener));
    world.add_gone(&origin).await;
    world
}

/// A handshake that was sent.
async fn ask(world: &World) -> TcpStream {
    let mut stream = TcpStream::connect(world.address).await.unwrap();
    let handshake = format!(
        "GET /proxy/gone/socket HTTP/1.1\r\nHost: g\r\n{SHOP}\r\nStepgate-User: u1\r\n\
         Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
         Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    );
    stream.write_all(handshake.as_bytes()).await.unwrap();
    stream
}

/// One that passes frames.
async fn open(world: &World) -> TcpStream {
    let mut stream = ask(world).await;
    let answer = head(&mut stream).await;
    assert!(answer.starts_with("HTTP/1.1 101 "), "{answer}");
    let frame = b"\x82\x84\0\0\0\0ping";
    stream.write_all(frame).await.unwrap();
    let mut back = [0; 10];
    stream.read_exact(&mut back).await.unwrap();
    assert_eq!(&back, frame);
    stream
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_closes_them_in_their_own_words_and_waits_for_the_answer() {
    let world = world(|settings| settings.threads = Some(2)).await;
    let mut streams = Vec::new();
    for _ in 0..4 {
        streams.push(open(&world).await);
    }
    let stopping = tokio::spawn(world.running.stop());
    for stream in &mut streams {
        let mut farewell = [0; 4];
        stream.read_exact(&mut farewell).await.unwrap();
        assert_eq!(farewell, GOING_AWAY);
    }
    assert!(!stopping.is_finished());
    for mut stream in streams {
        stream.write_all(&CLOSE).await.unwrap();
        assert_eq!(rest(&mut stream).await, "");
    }
    stopping.await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_waits_for_them_no_longer_than_it_was_told() {
    let world = world(|settings| settings.drain = Duration::from_secs(1)).await;
    let mut stream = open(&world).await;
    world.running.stop().await;
    let mut farewell = [0; 4];
    stream.read_exact(&mut farewell).await.unwrap();
    assert_eq!(farewell, GOING_AWAY);
    assert_eq!(rest(&mut stream).await, "");
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_46_silent_ones_are_closed_and_an_app_has_no_more_than_it_may() {
    let world = world(|settings| settings.limits.websockets = 1).await;
    let first = open(&world).await;
    let refused = one(&mut ask(&world).await).await;
    assert_eq!(
        (refused.status, refused.problem().as_str()),
        (503, "too_many_websockets")
    );
    drop(first);
    // Its place is free once both ends have seen it.
    let mut again = ask(&world).await;
    while !head(&mut again).await.starts_with("HTTP/1.1 101 ") {
        again = ask(&world).await;
    }
    let world = self::world(|settings| {
        settings.limits.websocket_idle_time = Duration::from_millis(50);
    })
    .await;
    let mut silent = ask(&world).await;
    assert!(head(&mut silent).await.starts_with("HTTP/1.1 101 "));
    let mut farewell = [0; 4];
    silent.read_exact(&mut farewell).await.unwrap();
    assert_eq!(farewell, GOING_AWAY);
    silent.write_all(&CLOSE).await.unwrap();
    assert_eq!(rest(&mut silent).await, "");
}
