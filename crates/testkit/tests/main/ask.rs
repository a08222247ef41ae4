//! A caller that sends bytes and reads bytes.

use std::io::{Read, Result, Write};
use std::net::{SocketAddr, TcpStream};

/// A connection that has sent a request.
#[expect(clippy::unwrap_used, reason = "the upstream listens")]
pub(crate) fn send(address: SocketAddr, method: &str, target: &str, rest: &str) -> TcpStream {
    let mut socket = TcpStream::connect(address).unwrap();
    let request = format!("{method} {target} HTTP/1.1\r\nhost: {address}\r\n{rest}");
    socket.write_all(request.as_bytes()).unwrap();
    socket
}

/// The whole reply to a request without a body.
pub(crate) fn get(address: SocketAddr, target: &str) -> String {
    read_all(&mut send(
        address,
        "GET",
        target,
        "connection: close\r\n\r\n",
    ))
}

/// The whole reply to a request with a form.
pub(crate) fn post(address: SocketAddr, target: &str, form: &str) -> String {
    let length = form.len();
    let rest = format!("connection: close\r\ncontent-length: {length}\r\n\r\n{form}");
    read_all(&mut send(address, "POST", target, &rest))
}

/// Everything until the end of the connection.
#[expect(clippy::unwrap_used, reason = "the upstream closes in order")]
pub(crate) fn read_all(socket: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    socket.read_to_end(&mut bytes).unwrap();
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Reads until `end` has come.
pub(crate) fn read_until(socket: &mut TcpStream, end: &str) -> Result<String> {
    let mut text = String::new();
    let mut byte = [0];
    while !text.ends_with(end) {
        socket.read_exact(&mut byte)?;
        text.push(char::from(byte[0]));
    }
    Ok(text)
}
