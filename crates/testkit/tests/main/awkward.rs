//! Replies that no good server would send.

use std::io::Read;
use std::time::Duration;

use testkit::{Gate, Reply, Upstream};

use crate::ask::{get, read_all, read_until, send};

#[test]
fn raw_bytes_go_out_as_they_are() {
    let raw = "HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\nx : y\r\n\r\nab";
    let upstream = Upstream::serve(Reply::raw(raw));
    assert_eq!(get(upstream.address(), "/"), raw);
    assert_eq!(upstream.requests().len(), 1);
}

#[test]
fn hangs_up_without_or_amid_a_reply() {
    let upstream = Upstream::serve(Reply::hang_up());
    assert_eq!(get(upstream.address(), "/"), "");
    let upstream = Upstream::serve(Reply::cut_off(100, "{\"a\":"));
    let reply = get(upstream.address(), "/");
    assert!(
        reply.contains("content-length: 100\r\n") && reply.ends_with("{\"a\":"),
        "{reply}"
    );
}

#[test]
fn headers_come_without_end() {
    let upstream = Upstream::serve(Reply::endless_headers());
    let mut socket = send(upstream.address(), "GET", "/", "\r\n");
    let mut megabyte = vec![0; 1024 * 1024];
    socket.read_exact(&mut megabyte).unwrap();
    assert!(!String::from_utf8(megabyte).unwrap().contains("\r\n\r\n"));
}

#[test]
fn a_stalled_reply_stays_open_and_silent() {
    for (reply, beginning) in [
        (Reply::stalled_header(), ""),
        (
            Reply::stalled_in_header(),
            "HTTP/1.1 200 OK\r\nx-first: 1\r\n",
        ),
        (Reply::text("part").then_stall(), "4\r\npart\r\n"),
    ] {
        let upstream = Upstream::serve(reply);
        let mut socket = send(upstream.address(), "GET", "/", "\r\n");
        if !beginning.is_empty() {
            assert!(
                read_until(&mut socket, beginning)
                    .unwrap()
                    .ends_with(beginning)
            );
        }
        socket
            .set_read_timeout(Some(Duration::from_millis(50)))
            .unwrap();
        let error = socket.read(&mut [0]).unwrap_err();
        assert!(matches!(
            error.kind(),
            std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut
        ));
    }
}

#[test]
fn a_body_waits_for_a_gate() {
    let gate = Gate::closed();
    let upstream = Upstream::serve(Reply::text("first").then_wait_for(&gate).then("second"));
    let mut socket = send(upstream.address(), "GET", "/", "connection: close\r\n\r\n");
    read_until(&mut socket, "first").unwrap();
    gate.open();
    assert!(read_all(&mut socket).contains("second"));
}

#[test]
fn a_body_drips() {
    let upstream = Upstream::serve(Reply::text("abc").dripping(Duration::from_millis(1)));
    assert!(get(upstream.address(), "/").ends_with("1\r\na\r\n1\r\nb\r\n1\r\nc\r\n0\r\n\r\n"));
}

#[test]
fn a_large_body_is_not_announced() {
    let upstream = Upstream::serve(Reply::status(200).then_zeros(3_000_000));
    let reply = get(upstream.address(), "/");
    assert!(!reply.contains("content-length") && reply.len() > 3_000_000);
}

#[test]
fn a_bomb_is_small() {
    let upstream = Upstream::serve(Reply::gzip_bomb(50_000_000));
    let reply = get(upstream.address(), "/");
    assert!(reply.contains("content-encoding: gzip") && reply.len() < 200_000);
    let upstream = Upstream::serve(Reply::text("plain").gzipped());
    assert!(get(upstream.address(), "/").contains("content-encoding: gzip"));
}
