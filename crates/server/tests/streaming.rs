//! What flows while a call lasts: upgraded connections, and bodies both ways.

use crate::wire::rest;
use crate::world::{SHOP, World};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// Reads up to the end of a header.
pub(crate) async fn head(stream: &mut TcpStream) -> String {
    let mut text = String::new();
    while !text.ends_with("\r\n\r\n") {
        text.push(char::from(stream.read_u8().await.unwrap()));
    }
    text
}

/// An API that takes every upgrade and sends back what it gets; anything else gets an empty answer.
pub(crate) async fn echoes(listener: TcpListener) {
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

#[tokio::test(flavor = "multi_thread")]
async fn events_arrive_as_they_come() {
    let (world, _) = World::signed_in().await;
    let mut stream = TcpStream::connect(world.address).await.unwrap();
    let request = format!(
        "GET /proxy/echo/events HTTP/1.1\r\nHost: g\r\n{SHOP}\r\nStepgate-User: u1\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let head = head(&mut stream).await.to_lowercase();
    assert!(head.starts_with("http/1.1 200 "), "{head}");
    assert!(head.contains("content-type: text/event-stream"), "{head}");
    assert!(!head.contains("content-length"), "{head}");
    let mut first = [0; 14];
    stream.read_exact(&mut first).await.unwrap();
    assert_eq!(&first, b"9\r\ndata: 1\n\n\r\n");
    // The API has not said more yet.
    world.gate.open();
    assert_eq!(rest(&mut stream).await, "9\r\ndata: 2\n\n\r\n0\r\n\r\n");
}

/// An API that reads a chunked body and answers with one, trailers both ways.
async fn trails(listener: TcpListener, told: tokio::sync::mpsc::UnboundedSender<String>) {
    loop {
        let (mut stream, _) = listener.accept().await.unwrap();
        let request = head(&mut stream).await;
        if request
            .to_lowercase()
            .contains("transfer-encoding: chunked")
        {
            let body = head(&mut stream).await;
            told.send(body).unwrap();
        }
        let answer = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: x-total\r\nConnection: close\r\n\r\n\
            2\r\nok\r\n0\r\nX-Total: 1\r\nSet-Cookie: a=1\r\nStepgate-Outcome: forged\r\n\r\n";
        stream.write_all(answer).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn trailers_pass_both_ways() {
    let world = World::start().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
    tokio::spawn(trails(listener, tell));
    world.add_gone(&origin).await;
    let request = format!(
        "POST /proxy/gone/x HTTP/1.1\r\nHost: g\r\n{SHOP}\r\nStepgate-User: u1\r\nTE: trailers\r\nConnection: TE\r\n\
         Trailer: x-sum, cookie\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX-Sum: 7\r\nCookie: sid=mine\r\n\r\n"
    );
    let mut stream = TcpStream::connect(world.address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let body = told.recv().await.unwrap();
    assert_eq!(body.to_lowercase(), "5\r\nhello\r\n0\r\nx-sum: 7\r\n\r\n");
    let all = rest(&mut stream).await.to_lowercase();
    assert!(all.starts_with("http/1.1 200 "), "{all}");
    assert!(all.ends_with("2\r\nok\r\n0\r\nx-total: 1\r\n\r\n"), "{all}");
}
