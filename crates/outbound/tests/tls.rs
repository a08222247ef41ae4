//! TLS: versions of HTTP, and certificates that are not good.

use std::sync::Arc;

use http::Version;
use outbound::{Client, Cookies, OutboundError, Phase, Settings};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, date_time_ymd};
use rustls::ServerConfig;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};

use crate::server::{Server, client, get, now, ok, raw, settings};

pub(crate) struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
}

impl Authority {
    pub(crate) fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).expect("parameters");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().expect("a key");
        Self {
            issuer: CertifiedIssuer::self_signed(params, key).expect("an authority"),
        }
    }

    pub(crate) fn client(&self) -> Client {
        Client::new(self.settings()).expect("a client")
    }

    pub(crate) fn settings(&self) -> Settings {
        Settings {
            ca_file_pem: Some(self.issuer.pem().into_bytes()),
            ..settings()
        }
    }

    pub(crate) fn server(&self, names: &[&str], alpn: &[&[u8]]) -> Arc<ServerConfig> {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        self.sign(CertificateParams::new(names).expect("parameters"), alpn)
    }

    fn sign(&self, params: CertificateParams, alpn: &[&[u8]]) -> Arc<ServerConfig> {
        let key = KeyPair::generate().expect("a key");
        let certificate = params.signed_by(&key, &self.issuer).expect("a certificate");
        serving(certificate.der().clone(), &key, alpn)
    }
}

fn serving(
    certificate: CertificateDer<'static>,
    key: &KeyPair,
    alpn: &[&[u8]],
) -> Arc<ServerConfig> {
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .expect("a configuration");
    config.alpn_protocols = alpn.iter().map(|name| name.to_vec()).collect();
    Arc::new(config)
}

#[tokio::test]
async fn speaks_http_2_where_the_host_does_and_1_1_where_not() {
    let authority = Authority::new();
    let client = authority.client();
    for (alpn, version) in [
        (
            vec![b"h2".as_slice(), b"http/1.1".as_slice()],
            Version::HTTP_2,
        ),
        (vec![b"http/1.1".as_slice()], Version::HTTP_11),
        (vec![], Version::HTTP_11),
    ] {
        let server = Server::secure(authority.server(&["api.test"], &alpn), |seen| {
            ok(&seen.target)
        })
        .await;
        for _ in 0..3 {
            let mut outgoing = get(server.named("api.test", "/x?y=z"));
            outgoing
                .headers
                .insert("host", http::HeaderValue::from_static("evil.test"));
            let reply = client
                .send(outgoing, Cookies::None, None, now())
                .await
                .expect("a reply");
            assert_eq!(reply.version, version);
            reply.read(1000).await.expect("a body");
        }
        assert_eq!(server.connections(), 1, "{version:?}");
        let seen = &server.seen()[0];
        assert_eq!(seen.version, version);
        if version == Version::HTTP_2 {
            assert_eq!(seen.target, server.named("api.test", "/x?y=z").as_str());
            assert_eq!(seen.header("host"), "");
        } else {
            assert_eq!(
                seen.header("host"),
                format!("api.test:{}", server.address.port())
            );
        }
    }
}

#[tokio::test]
async fn http_2_exchanges_share_a_connection_and_bound_headers() {
    let authority = Authority::new();
    let client = authority.client();
    let server = Server::secure(authority.server(&["api.test"], &[b"h2"]), |seen| match seen
        .target
        .ends_with("/long")
    {
        true => crate::server::answer(200, &[("x-long", &"x".repeat(100_000))], ""),
        false => ok(&seen.target),
    })
    .await;
    let first = client
        .send(
            get(server.named("api.test", "/")),
            Cookies::None,
            None,
            now(),
        )
        .await
        .expect("a reply");
    let second = client
        .send(
            get(server.named("api.test", "/2")),
            Cookies::None,
            None,
            now(),
        )
        .await
        .expect("a reply");
    second.read(1000).await.expect("a body");
    first.read(1000).await.expect("a body");
    assert_eq!(server.connections(), 1);
    let long = client
        .send(
            get(server.named("api.test", "/long")),
            Cookies::None,
            None,
            now(),
        )
        .await;
    assert!(long.is_err());
}

#[tokio::test]
async fn certificates_that_are_not_good_are_said_in_plain_words() {
    let authority = Authority::new();
    let mut expired = CertificateParams::new(vec!["api.test".to_owned()]).expect("parameters");
    expired.not_before = date_time_ymd(2001, 1, 1);
    expired.not_after = date_time_ymd(2002, 1, 1);
    let mut early = CertificateParams::new(vec!["api.test".to_owned()]).expect("parameters");
    early.not_before = date_time_ymd(3001, 1, 1);
    early.not_after = date_time_ymd(3002, 1, 1);
    let mut own = CertificateParams::new(vec!["api.test".to_owned()]).expect("parameters");
    own.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    for (config, client, words) in [
        (
            authority.sign(expired, &[]),
            authority.client(),
            "its certificate has expired",
        ),
        (
            authority.sign(early, &[]),
            authority.client(),
            "not valid yet",
        ),
        (
            authority.server(&["other.test"], &[]),
            authority.client(),
            "for another host name",
        ),
        (
            authority.server(&["api.test"], &[]),
            client(),
            "with --ca-file",
        ),
        (
            authority.sign(own, &[]),
            authority.client(),
            "certificate of an authority as its own",
        ),
    ] {
        let server = Server::secure(config, |_| ok("")).await;
        let error = client
            .send(
                get(server.named("api.test", "/?s3cret")),
                Cookies::None,
                None,
                now(),
            )
            .await
            .expect_err(words);
        assert!(matches!(error, OutboundError::Tls { .. }), "{error:?}");
        assert_eq!((error.phase(), error.is_passing()), (Phase::Tls, false));
        let said = error.to_string();
        assert!(
            said.contains(words) && said.contains("api.test") && !said.contains("s3cret"),
            "{said}"
        );
        assert!(server.seen().is_empty());
    }
}

#[tokio::test]
async fn a_port_without_tls_is_said() {
    let plain = Server::start(|_| ok("")).await;
    let mut url = plain.named("api.test", "/");
    url.set_scheme("https").expect("a scheme");
    let error = client()
        .send(get(url), Cookies::None, None, now())
        .await
        .expect_err("no TLS");
    assert!(
        error
            .to_string()
            .contains("does not speak TLS on this port"),
        "{error}"
    );
    let (address, task) = raw(|_, stream| async move { drop(stream) }).await;
    let url = format!("https://{address}/").parse().expect("a URL");
    let error = client()
        .send(get(url), Cookies::None, None, now())
        .await
        .expect_err("no TLS");
    assert!(
        matches!(error, OutboundError::Tls { passing: true, .. }),
        "{error:?}"
    );
    task.abort();
}

#[tokio::test]
async fn a_ca_file_that_holds_nothing_is_refused_at_once() {
    for pem in [
        "",
        "not pem",
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
    ] {
        let settings = Settings {
            ca_file_pem: Some(pem.as_bytes().to_vec()),
            ..settings()
        };
        let error = Client::new(settings).expect_err(pem);
        assert!(error.to_string().contains("--ca-file"), "{error}");
    }
}

/// A certificate that signed itself, as `openssl req -x509` makes it.
fn own(names: &[&str], authority: bool, expired: bool) -> (String, Arc<ServerConfig>) {
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let mut params = CertificateParams::new(names).expect("parameters");
    if authority {
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    }
    if expired {
        params.not_before = date_time_ymd(2001, 1, 1);
        params.not_after = date_time_ymd(2002, 1, 1);
    }
    let key = KeyPair::generate().expect("a key");
    let certificate = params.self_signed(&key).expect("a certificate");
    (
        certificate.pem(),
        serving(certificate.der().clone(), &key, &[]),
    )
}

#[tokio::test]
async fn a_hosts_own_certificate_is_good_where_it_was_given() {
    let (stranger, _) = own(&["api.test"], true, false);
    for (names, authority, expired, given, words) in [
        (["api.test"], true, false, true, None),
        (["api.test"], false, false, true, None),
        (["api.test"], true, false, false, Some("--ca-file")),
        (["api.test"], true, true, true, Some("has expired")),
        (["other.test"], true, false, true, Some("another host name")),
        (
            ["other.test"],
            false,
            false,
            true,
            Some("another host name"),
        ),
    ] {
        let (pem, config) = own(&names, authority, expired);
        let pem = if given { pem } else { stranger.clone() };
        let server = Server::secure(config, |_| ok("")).await;
        let settings = Settings {
            ca_file_pem: Some(pem.into_bytes()),
            ..settings()
        };
        let client = Client::new(settings).expect("a client");
        let sent = client
            .send(
                get(server.named("api.test", "/")),
                Cookies::None,
                None,
                now(),
            )
            .await;
        match words {
            None => assert!(sent.is_ok(), "{names:?} {authority}: {sent:?}"),
            Some(words) => {
                let said = sent.expect_err(words).to_string();
                assert!(said.contains(words), "{said}");
            }
        }
    }
}
