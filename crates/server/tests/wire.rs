//! HTTP as it goes over the wire, so that tests see what a client library would hide or mend.

use serde_json::Value;
use std::net::SocketAddr;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// An answer as it came.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Answer {
    /// A header field; of several the first.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut found = self.headers.iter().filter(|(key, _)| key == name);
        found.next().map(|(_, value)| value.as_str())
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("{self:?}"))
    }

    /// The code of a problem, which its outcome and its media type have to agree with.
    pub(crate) fn problem(&self) -> String {
        let body = self.json();
        let code = body["code"].as_str().unwrap().to_owned();
        assert_eq!(
            self.header("content-type"),
            Some("application/problem+json")
        );
        assert_eq!(body["status"], self.status);
        assert_eq!(
            body["request_id"].as_str(),
            self.header("stepgate-request-id")
        );
        if let Some(outcome) = self.header("stepgate-outcome") {
            assert_eq!(outcome, format!("gateway; code={code}"));
        }
        code
    }
}

/// Sends a request on a connection of its own. `head` is the request line and the header, a line each.
pub(crate) async fn send(address: SocketAddr, head: &[&str], body: &str) -> Answer {
    let mut text = head.join("\r\n");
    text.push_str("\r\nHost: gate.example.org\r\nConnection: close\r\n");
    if !body.is_empty() {
        text.push_str(&format!("Content-Length: {}\r\n", body.len()));
    }
    let all = raw(address, &format!("{text}\r\n{body}")).await;
    parse(&all)
}

/// Sends these bytes and reads until the server closes.
pub(crate) async fn raw(address: SocketAddr, text: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(text.as_bytes()).await.unwrap();
    rest(&mut stream).await
}

/// What comes until the server closes.
pub(crate) async fn rest(stream: &mut TcpStream) -> String {
    let mut all = Vec::new();
    let mut buffer = [0; 4096];
    // A reset ends a connection too.
    while let Ok(count @ 1..) = stream.read(&mut buffer).await {
        all.extend_from_slice(&buffer[..count]);
    }
    String::from_utf8_lossy(&all).into_owned()
}

/// Reads one answer with a length and leaves the connection open.
pub(crate) async fn one(stream: &mut TcpStream) -> Answer {
    let mut all = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&all).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = parse(&format!("{head}\r\n\r\n"));
            let length = length.header("content-length").unwrap_or("0");
            if body.len() >= length.parse().unwrap() {
                return parse(&text);
            }
        }
        let mut buffer = [0; 4096];
        let count = stream.read(&mut buffer).await.unwrap();
        assert!(count > 0, "closed after {text:?}");
        all.extend_from_slice(&buffer[..count]);
    }
}

/// Takes an answer apart.
pub(crate) fn parse(all: &str) -> Answer {
    let (head, body) = all
        .split_once("\r\n\r\n")
        .unwrap_or_else(|| panic!("{all:?}"));
    let mut lines = head.split("\r\n");
    let status = lines.next().unwrap().split(' ').nth(1).unwrap();
    let headers: Vec<_> = lines
        .map(|line| line.split_once(": ").unwrap_or_else(|| panic!("{line:?}")))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .collect();
    let chunked = headers
        .iter()
        .any(|(name, value)| name == "transfer-encoding" && value == "chunked");
    Answer {
        status: status.parse().unwrap(),
        body: if chunked {
            unchunk(body)
        } else {
            body.to_owned()
        },
        headers,
    }
}

fn unchunk(mut body: &str) -> String {
    let mut whole = String::new();
    while let Some((length, rest)) = body.split_once("\r\n") {
        let length = usize::from_str_radix(length, 16).unwrap();
        if length == 0 {
            break;
        }
        whole.push_str(&rest[..length]);
        body = &rest[length + 2..];
    }
    whole
}
