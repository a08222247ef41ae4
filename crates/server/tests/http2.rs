//! Requests over HTTP/2 as no client library would send them: frames are written by hand (RFC 9113, RFC 7541).

use crate::world::World;
use std::net::SocketAddr;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
const DATA: u8 = 0;
const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const SETTINGS: u8 = 4;
const GOAWAY: u8 = 7;

/// How a request was met.
#[derive(Debug, Eq, PartialEq)]
enum Met {
    /// With an answer of this status.
    Status(u16),
    /// It was no request: the stream ended, or the connection did.
    Malformed,
}

fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    let mut frame = length[1..].to_vec();
    frame.extend([kind, flags]);
    frame.extend(stream.to_be_bytes());
    frame.extend(payload);
    frame
}

/// Fields as literals that nobody has to remember.
fn block(fields: &[(&str, &str)]) -> Vec<u8> {
    let mut block = Vec::new();
    for (name, value) in fields {
        block.push(0);
        for text in [name, value] {
            block.push(u8::try_from(text.len()).unwrap());
            block.extend(text.as_bytes());
        }
    }
    block
}

async fn met(address: SocketAddr, fields: &[(&str, &str)], body: Option<&[u8]>) -> Met {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let mut sent = PREFACE.to_vec();
    sent.extend(frame(SETTINGS, 0, 0, &[]));
    let ends = u8::from(body.is_none());
    sent.extend(frame(HEADERS, 0x4 | ends, 1, &block(fields)));
    if let Some(body) = body {
        sent.extend(frame(DATA, 1, 1, body));
    }
    stream.write_all(&sent).await.unwrap();
    loop {
        let mut head = [0; 9];
        if stream.read_exact(&mut head).await.is_err() {
            return Met::Malformed;
        }
        let length = u32::from_be_bytes([0, head[0], head[1], head[2]]) as usize;
        let mut payload = vec![0; length];
        stream.read_exact(&mut payload).await.unwrap();
        match head[3] {
            RST_STREAM | GOAWAY => return Met::Malformed,
            HEADERS => return Met::Status(status(&payload)),
            _ => {}
        }
    }
}

/// `:status` comes first, and the usual ones have a number of their own (RFC 7541 appendix A).
fn status(block: &[u8]) -> u16 {
    match block[0] {
        0x88 => 200,
        0x8c => 400,
        0x8d => 404,
        other => panic!("{other:#x} {block:?}"),
    }
}

fn call<'a>(changed: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut fields = vec![
        (":method", "GET"),
        (":scheme", "http"),
        (":authority", "g"),
        (":path", "/proxy/echo/x"),
        ("stepgate-key", "sg_app_shop"),
        ("stepgate-user", "u1"),
    ];
    for (name, value) in changed {
        let place = fields.iter().position(|(field, _)| field == name);
        match (place, *value) {
            (Some(at), "-") => {
                fields.remove(at);
            }
            (Some(at), value) if name.starts_with(':') => fields[at].1 = value,
            (_, value) => fields.push((name, value)),
        }
    }
    fields
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_37_pseudo_header_fields_say_where_a_request_goes_and_nothing_else_does() {
    let (world, _) = World::signed_in().await;
    for fine in [
        &[][..],
        &[("host", "g")],
        &[("host", "G")],
        &[(":authority", "-"), ("host", "g")],
    ] {
        assert_eq!(
            met(world.address, &call(fine), None).await,
            Met::Status(200),
            "{fine:?}"
        );
    }
    world.upstream.forget_requests();
    let refused: [&[(&str, &str)]; 18] = [
        &[(":path", "http://evil.example/proxy/echo/x")],
        &[(":path", "evil.example/proxy/echo/x")],
        &[(":path", "*")],
        &[(":path", "")],
        &[(":path", "-")],
        &[("host", "evil.example")],
        &[("host", "g"), ("host", "g")],
        &[(":authority", "-")],
        &[(":authority", "user@g:x")],
        &[(":method", "-")],
        &[(":scheme", "-")],
        &[("connection", "close")],
        &[("transfer-encoding", "chunked")],
        &[("upgrade", "websocket")],
        &[("te", "gzip")],
        &[("X-Upper", "1")],
        &[("x-own", "1\r\nauthorization: Bearer mine")],
        &[("content-length", "5")],
    ];
    for changed in refused {
        let met = met(world.address, &call(changed), None).await;
        assert!(
            matches!(met, Met::Malformed | Met::Status(400 | 404)),
            "{changed:?} {met:?}"
        );
        assert!(world.upstream.requests().is_empty(), "{changed:?}");
    }
    // A pseudo-header field behind the others, and a second one.
    for late in [(":path", "/proxy/echo/y"), (":authority", "evil.example")] {
        let mut fields = call(&[]);
        fields.push(late);
        assert_eq!(
            met(world.address, &fields, None).await,
            Met::Malformed,
            "{late:?}"
        );
    }
    // A length that the frames do not keep to: the API gets no whole body.
    let short = call(&[(":method", "POST"), ("content-length", "5")]);
    let met = met(world.address, &short, Some(b"hey")).await;
    assert!(matches!(met, Met::Malformed | Met::Status(400)), "{met:?}");
    assert!(world.upstream.requests().is_empty());
}
