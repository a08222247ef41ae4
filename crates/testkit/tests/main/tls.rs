//! TLS with an authority made on the spot.

use std::sync::Arc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use testkit::{Authority, Reply, Upstream};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

async fn connect(
    upstream: &Upstream,
    trusted: &Authority,
    name: &str,
) -> std::io::Result<TlsStream<TcpStream>> {
    let mut roots = RootCertStore::empty();
    let certificate = CertificateDer::from_pem_slice(trusted.pem().as_bytes());
    roots
        .add(certificate.map_err(std::io::Error::other)?)
        .map_err(std::io::Error::other)?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(std::io::Error::other)?
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    let name = ServerName::try_from(name.to_owned()).map_err(std::io::Error::other)?;
    let socket = TcpStream::connect(upstream.address()).await?;
    TlsConnector::from(Arc::new(config))
        .connect(name, socket)
        .await
}

#[tokio::test]
async fn speaks_tls_to_who_trusts_it() {
    let authority = Authority::new();
    let upstream = Upstream::builder()
        .tls(&authority)
        .serve(Reply::text("hello"));
    assert!(upstream.origin().starts_with("https://127.0.0.1:"));
    let mut socket = connect(&upstream, &authority, "127.0.0.1").await.unwrap();
    let request = b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
    socket.write_all(request).await.unwrap();
    let mut reply = String::new();
    socket.read_to_string(&mut reply).await.unwrap();
    assert!(reply.ends_with("hello"), "{reply}");
    assert!(
        connect(&upstream, &authority, "other.example")
            .await
            .is_err()
    );
    assert!(
        connect(&upstream, &Authority::new(), "127.0.0.1")
            .await
            .is_err()
    );
}

#[tokio::test]
async fn an_expired_certificate_is_refused() {
    let authority = Authority::new();
    let upstream = Upstream::builder()
        .tls_expired(&authority)
        .serve(Reply::text(""));
    assert!(connect(&upstream, &authority, "localhost").await.is_err());
}

#[tokio::test]
async fn chooses_http2_when_told() {
    let authority = Authority::new();
    for (builder, protocol) in [
        (Upstream::builder().http2(), &b"h2"[..]),
        (Upstream::builder(), b"http/1.1"),
    ] {
        let upstream = builder
            .tls_for(&authority, &["api.test"])
            .serve(Reply::text(""));
        let socket = connect(&upstream, &authority, "api.test").await.unwrap();
        assert_eq!(socket.get_ref().1.alpn_protocol(), Some(protocol));
    }
}
