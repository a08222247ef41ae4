//! CONNECT: asking a proxy for a way through to a host (RFC 9110 9.3.6).

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use crate::error::OutboundError;
use crate::place::Place;
use crate::proxy::Proxy;

/// Bytes of a proxy's answer.
const LONGEST_ANSWER: usize = 16 * 1024;

/// Opens the way; afterwards the stream leads to `place`.
pub(crate) async fn open<S>(
    stream: &mut S,
    proxy: &Proxy,
    place: &Place,
) -> Result<(), OutboundError>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let failed = |problem: String, passing: bool| OutboundError::Proxy {
        proxy: proxy.place.shown(),
        problem,
        passing,
    };
    let broke = |error: std::io::Error| failed(format!("broke the connection: {error}"), true);
    let target = place.authority();
    let mut ask = format!("CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n").into_bytes();
    if let Some(authorization) = &proxy.authorization {
        ask.extend_from_slice(b"Proxy-Authorization: ");
        ask.extend_from_slice(authorization.as_bytes());
        ask.extend_from_slice(b"\r\n");
    }
    ask.extend_from_slice(b"\r\n");
    stream.write_all(&ask).await.map_err(broke)?;
    stream.flush().await.map_err(broke)?;

    let mut answer = Vec::new();
    while !answer.ends_with(b"\r\n\r\n") {
        // Byte by byte: what follows the answer belongs to the host behind.
        match stream.read_u8().await {
            Ok(byte) => answer.push(byte),
            Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
                return Err(failed(
                    "closed the connection without an answer".to_owned(),
                    true,
                ));
            }
            Err(error) => return Err(broke(error)),
        }
        if answer.len() > LONGEST_ANSWER {
            return Err(failed("gave an answer without end".to_owned(), false));
        }
    }
    match status(&answer) {
        Some(200..=299) => Ok(()),
        Some(407) => Err(failed(
            "asks for a user name and password: put them into the proxy's URL, as in http://user:password@host:port".to_owned(),
            false,
        )),
        Some(code) => Err(failed(
            format!("would not connect to {}: it answered {code}", place.shown()),
            code >= 500,
        )),
        None => Err(failed("did not answer in HTTP".to_owned(), false)),
    }
}

fn status(answer: &[u8]) -> Option<u16> {
    let line = std::str::from_utf8(answer.split(|byte| *byte == b'\r').next()?).ok()?;
    let mut words = line.split(' ');
    words
        .next()
        .filter(|version| version.starts_with("HTTP/1."))?;
    words.next()?.parse().ok()
}
