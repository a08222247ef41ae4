//! TLS towards hosts and proxies, and its failures in plain words.

use std::sync::{Arc, OnceLock};

use rustls::client::WebPkiServerVerifier;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{CertificateError, ClientConfig, Error as TlsError, RootCertStore};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use url::Host;

use crate::client_certificate::ClientCertificate;
use crate::error::OutboundError;
use crate::given_certificate::{GivenCertificates, is_marked_as_authority};
use crate::place::Place;

/// What TLS is spoken with.
pub(crate) struct Tls {
    /// The operator's own authorities.
    given: Vec<CertificateDer<'static>>,
    /// Made at the first use: reading the system's authorities takes a while, and many runs
    /// of the program never speak TLS.
    connectors: OnceLock<Result<Connectors, TlsError>>,
}

struct Connectors {
    /// Offers HTTP/2 and HTTP/1.1.
    host: TlsConnector,
    /// Offers HTTP/1.1 alone: for proxies, and for what HTTP/2 has no room for.
    http1: TlsConnector,
    /// What they are made of, with HTTP/1.1 alone.
    config: ClientConfig,
}

/// What is offered to a host.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Offer<'a> {
    /// Whether HTTP/2 is, beside HTTP/1.1.
    pub(crate) http2: bool,
    /// What a client proves itself by.
    pub(crate) certificate: Option<&'a ClientCertificate>,
}

impl Offer<'_> {
    /// HTTP/2 and HTTP/1.1, by nobody in particular.
    pub(crate) const ANY: Self = Self {
        http2: true,
        certificate: None,
    };
    /// HTTP/1.1 alone, by nobody in particular.
    pub(crate) const HTTP1: Self = Self {
        http2: false,
        certificate: None,
    };
}

impl Tls {
    /// Trusts the system's authorities, the built-in ones, and those of `ca_pem`.
    pub(crate) fn new(ca_pem: Option<&[u8]>) -> Result<Self, OutboundError> {
        let given = ca_pem.map_or_else(|| Ok(Vec::new()), read_pem)?;
        Ok(Self {
            given,
            connectors: OnceLock::new(),
        })
    }

    fn connectors(&self, place: &Place) -> Result<&Connectors, OutboundError> {
        let made = self.connectors.get_or_init(|| Connectors::new(&self.given));
        made.as_ref().map_err(|error| OutboundError::Tls {
            host: place.shown(),
            problem: error.to_string(),
            passing: false,
        })
    }

    /// Whether it was made ready by [`Tls::make`] or a first use.
    pub(crate) fn is_made(&self) -> bool {
        self.connectors.get().is_some()
    }

    /// Reads the authorities now, on the caller's thread.
    pub(crate) fn make(&self, place: &Place) -> Result<(), OutboundError> {
        self.connectors(place).map(|_| ())
    }

    /// TLS with the host of a URL.
    pub(crate) async fn with_host<S>(
        &self,
        place: &Place,
        stream: S,
        offer: Offer<'_>,
    ) -> Result<TlsStream<S>, OutboundError>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        let connectors = self.connectors(place)?;
        let connector = match (offer.certificate, offer.http2) {
            (Some(certificate), _) => &connectors.showing(certificate, offer.http2),
            (None, true) => &connectors.host,
            (None, false) => &connectors.http1,
        };
        secure(connector, place, stream).await
    }

    /// TLS with a proxy.
    pub(crate) async fn with_proxy<S>(
        &self,
        place: &Place,
        stream: S,
    ) -> Result<TlsStream<S>, OutboundError>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        secure(&self.connectors(place)?.http1, place, stream).await
    }
}

async fn secure<S>(
    connector: &TlsConnector,
    place: &Place,
    stream: S,
) -> Result<TlsStream<S>, OutboundError>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let failed = |(problem, passing)| OutboundError::Tls {
        host: place.shown(),
        problem,
        passing,
    };
    let name = match &place.host {
        // A trailing dot belongs to the look-up, not to the certificate.
        Host::Domain(name) => ServerName::try_from(name.trim_end_matches('.').to_owned())
            .map_err(|_| failed(("its name cannot stand in a certificate".to_owned(), false)))?,
        Host::Ipv4(address) => ServerName::IpAddress(std::net::IpAddr::V4(*address).into()),
        Host::Ipv6(address) => ServerName::IpAddress(std::net::IpAddr::V6(*address).into()),
    };
    connector
        .connect(name, stream)
        .await
        .map_err(|error| failed(words(&error)))
}

impl Connectors {
    fn new(given: &[CertificateDer<'static>]) -> Result<Self, TlsError> {
        let mut roots = RootCertStore::from_iter(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
        let native = rustls_native_certs::load_native_certs();
        for error in &native.errors {
            tracing::debug!(%error, "some of the system's certificates could not be read");
        }
        roots.add_parsable_certificates(native.certs);
        roots.add_parsable_certificates(given.iter().cloned());
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let strict = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider.clone())
            .build()
            .map_err(|error| TlsError::General(error.to_string()))?;
        let verifier = GivenCertificates {
            strict,
            given: given.to_vec(),
        };
        let mut config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier))
            .with_no_client_auth();
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        let http1 = TlsConnector::from(Arc::new(config.clone()));
        let host = TlsConnector::from(Arc::new(with_http2(config.clone())));
        Ok(Self {
            host,
            http1,
            config,
        })
    }

    /// One that shows a client's certificate.
    fn showing(&self, certificate: &ClientCertificate, http2: bool) -> TlsConnector {
        let mut config = self.config.clone();
        certificate.show_by(&mut config);
        if http2 {
            config = with_http2(config);
        }
        TlsConnector::from(Arc::new(config))
    }
}

fn with_http2(mut config: ClientConfig) -> ClientConfig {
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    config
}

fn read_pem(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, OutboundError> {
    let bad = |problem: String| OutboundError::CaFile { problem };
    let mut read = Vec::new();
    for certificate in CertificateDer::pem_slice_iter(pem) {
        let certificate = certificate.map_err(|error| bad(format!("it is not PEM: {error}")))?;
        RootCertStore::empty()
            .add(certificate.clone())
            .map_err(|error| bad(format!("certificate {} in it: {error}", read.len() + 1)))?;
        read.push(certificate);
    }
    if read.is_empty() {
        return Err(bad(
            "it holds no certificate in PEM (-----BEGIN CERTIFICATE-----)".to_owned(),
        ));
    }
    Ok(read)
}

/// What went wrong and what to do, and whether it may pass by itself.
fn words(error: &std::io::Error) -> (String, bool) {
    let Some(tls) = error
        .get_ref()
        .and_then(|inner| inner.downcast_ref::<TlsError>())
    else {
        return (
            format!("the connection broke while encryption was being agreed on ({error})"),
            true,
        );
    };
    let said = match tls {
        TlsError::InvalidCertificate(problem) => certificate_words(problem),
        TlsError::InvalidMessage(_) => {
            "it does not speak TLS on this port: check the port, or use http: if that is meant"
                .to_owned()
        }
        TlsError::AlertReceived(alert) => format!("it broke off with the TLS alert {alert:?}"),
        TlsError::PeerIncompatible(_) => {
            "it speaks neither TLS 1.2 nor TLS 1.3 as they are spoken here".to_owned()
        }
        other => other.to_string(),
    };
    (said, false)
}

fn certificate_words(problem: &CertificateError) -> String {
    match problem {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            "its certificate has expired. Its operator has to renew it; if not, check this machine's clock".to_owned()
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "its certificate is not valid yet: check this machine's clock".to_owned()
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "its certificate is for another host name: check the host in the URL".to_owned()
        }
        CertificateError::UnknownIssuer => {
            "its certificate is by an authority that is not known here: give that authority's certificate with --ca-file".to_owned()
        }
        CertificateError::Revoked => "its certificate has been revoked".to_owned(),
        other if is_marked_as_authority(other) => {
            "it shows the certificate of an authority as its own: give it a server certificate by that authority, or name this very certificate with --ca-file".to_owned()
        }
        other => format!("its certificate is not good ({other})"),
    }
}
