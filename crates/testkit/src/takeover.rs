//! Replies that no HTTP library would send: the socket is taken out of its hands.

use std::io;

use bytes::Bytes;
use tokio::io::{AsyncReadExt, AsyncWrite, AsyncWriteExt};

/// What is done with the socket instead of a reply.
#[derive(Clone, Debug)]
pub(crate) enum Takeover {
    /// Sends these bytes and closes.
    Raw(Bytes),
    /// Sends header lines until the other side goes away.
    EndlessHeaders,
    /// Sends these bytes, then nothing, until the other side goes away.
    Silence(Bytes),
}

impl Takeover {
    pub(crate) async fn run<S>(&self, socket: &mut S) -> io::Result<()>
    where
        S: tokio::io::AsyncRead + AsyncWrite + Unpin,
    {
        match self {
            Takeover::Raw(bytes) => {
                socket.write_all(bytes).await?;
                socket.shutdown().await
            }
            Takeover::EndlessHeaders => {
                socket.write_all(b"HTTP/1.1 200 OK\r\n").await?;
                for number in 0_u64.. {
                    let line = format!("x-{number}: {}\r\n", "a".repeat(100));
                    socket.write_all(line.as_bytes()).await?;
                }
                Ok(())
            }
            Takeover::Silence(bytes) => {
                socket.write_all(bytes).await?;
                socket.flush().await?;
                let mut ignored = [0; 1024];
                while socket.read(&mut ignored).await? > 0 {}
                Ok(())
            }
        }
    }
}
