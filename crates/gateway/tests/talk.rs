//! A caller that writes its request byte by byte, and reads what comes.

use crate::front::Front;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// What the front answers to these bytes, until it has said `end`.
pub(crate) async fn talk(front: &Front, bytes: &str, end: &str) -> (TcpStream, String) {
    let mut stream = TcpStream::connect(front.address).await.unwrap();
    stream.write_all(bytes.as_bytes()).await.unwrap();
    let told = hear(&mut stream, end).await;
    (stream, told)
}

pub(crate) async fn hear(stream: &mut TcpStream, end: &str) -> String {
    let mut told = Vec::new();
    while !String::from_utf8_lossy(&told).contains(end) {
        let mut piece = [0; 4096];
        match stream.read(&mut piece).await.unwrap() {
            0 => break,
            length => told.extend_from_slice(&piece[..length]),
        }
    }
    String::from_utf8(told).unwrap()
}
