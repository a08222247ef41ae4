//! The proxy passes both kinds of requests on.

use testkit::{Proxy, Reply, Upstream};
use url::Url;

use crate::ask::{read_all, read_until, send};

#[test]
fn passes_absolute_requests_on() {
    let upstream = Upstream::start(|request| Reply::text(request.uri().to_string()));
    let proxy = Proxy::start();
    let address = Url::parse(&proxy.url())
        .unwrap()
        .socket_addrs(|| None)
        .unwrap()[0];
    let target = upstream.url("/a?b=c");
    let reply = read_all(&mut send(
        address,
        "GET",
        &target,
        "connection: close\r\n\r\n",
    ));
    assert!(reply.ends_with("\r\n\r\n/a?b=c"), "{reply}");
    assert!(proxy.heads()[0].starts_with(&format!("GET {target} HTTP/1.1\r\n")));
}

#[test]
fn opens_tunnels_to_hosts_that_do_not_exist() {
    let upstream = Upstream::serve(Reply::text("through"));
    let proxy = Proxy::to(upstream.address());
    let address = Url::parse(&proxy.url())
        .unwrap()
        .socket_addrs(|| None)
        .unwrap()[0];
    let mut socket = send(address, "CONNECT", "api.example.test:443", "\r\n");
    assert!(
        read_until(&mut socket, "\r\n\r\n")
            .unwrap()
            .starts_with("HTTP/1.1 200")
    );
    std::io::Write::write_all(
        &mut socket,
        b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n",
    )
    .unwrap();
    assert!(read_all(&mut socket).ends_with("through"));
    assert!(proxy.heads()[0].starts_with("CONNECT api.example.test:443 "));
}
