//! What flows while a call lasts: upgraded connections, and bodies both ways.

use crate::wire::rest;
use crate::world::{SHOP, World};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// Reads up to the end of a header.
async fn head(stream: &mut TcpStream) -> String {
    let mut text = String::new();
    while !text.ends_with("\r\n\r\n") {
        text.push(char::from(stream.read_u8().await.unwrap()));
    }
    text
}

/// An API that takes every upgrade and sends back what it gets; anything else gets an empty answer.
async fn echoes(listener: TcpListener) {
    loop {
        let (mut stream, _) = listener.accept().await.unwrap();
        tokio::spawn(async move {
            let request = head(&mut stream).await.to_lowercase();
            if !request.contains("upgrade: websocket") {
                let answer = b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n";
                return stream.write_all(answer).await.unwrap();
            }
            assert!(request.contains("authorization: bearer t-1"), "{request}");
            let answer = b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n";
            stream.write_all(answer).await.unwrap();
            let (mut from, mut to) = stream.split();
            tokio::io::copy(&mut from, &mut to).await.unwrap();
        });
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_websocket_is_joined_with_the_credential_on_its_handshake() {
    let world = World::start().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(echoes(listener));
    world.add_gone(&origin).await;
    let mut stream = TcpStream::connect(world.address).await.unwrap();
    let handshake = format!(
        "GET /proxy/gone/socket HTTP/1.1\r\nHost: g\r\n{SHOP}\r\nStepgate-User: u1\r\n\
         Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
         Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    );
    stream.write_all(handshake.as_bytes()).await.unwrap();
    let answer = head(&mut stream).await.to_lowercase();
    assert!(answer.starts_with("http/1.1 101 "), "{answer}");
    assert!(answer.contains("stepgate-outcome: upstream"), "{answer}");
    stream.write_all(b"ping").await.unwrap();
    let mut back = [0; 4];
    stream.read_exact(&mut back).await.unwrap();
    assert_eq!(&back, b"ping");
    stream.shutdown().await.unwrap();
    assert_eq!(rest(&mut stream).await, "");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chunked_body_arrives_whole_and_an_expectation_is_met() {
    let (world, _) = World::signed_in().await;
    let mut stream = TcpStream::connect(world.address).await.unwrap();
    let request = format!(
        "POST /proxy/echo/x HTTP/1.1\r\nHost: g\r\n{SHOP}\r\nStepgate-User: u1\r\n\
         Content-Type: text/plain\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let go = head(&mut stream).await;
    assert!(go.starts_with("HTTP/1.1 100 "), "{go}");
    stream
        .write_all(b"3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n")
        .await
        .unwrap();
    let all = rest(&mut stream).await;
    assert!(
        all.starts_with("HTTP/1.1 200 ") && all.contains(r#""body":"hello""#),
        "{all}"
    );
}
