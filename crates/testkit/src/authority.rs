//! A certificate authority made on the spot, for upstreams that speak TLS.

use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, KeyUsagePurpose,
    date_time_ymd,
};
use rustls::crypto::ring::default_provider;
use rustls::server::WebPkiClientVerifier;
use rustls::server::danger::ClientCertVerifier;
use rustls::{RootCertStore, ServerConfig};
use rustls_pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio_rustls::TlsAcceptor;

/// A certificate authority that nobody trusts unless a test says so.
pub struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    /// Makes one.
    ///
    /// # Panics
    /// When there is no randomness.
    #[must_use]
    #[allow(clippy::new_without_default, reason = "no two are equal")]
    pub fn new() -> Authority {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        params
            .distinguished_name
            .push(DnType::CommonName, "Test authority");
        let key = KeyPair::generate().expect("randomness for a key");
        Authority(CertifiedIssuer::self_signed(params, key).expect("a valid certificate"))
    }

    /// Its certificate, to be trusted.
    #[must_use]
    pub fn pem(&self) -> String {
        self.0.pem()
    }

    /// A client's certificate and its key, both as PEM.
    ///
    /// # Panics
    /// When there is no randomness.
    #[must_use]
    pub fn client(&self, name: &str) -> (String, String) {
        let params = CertificateParams::new([name.to_owned()]).expect("a valid name");
        let key = KeyPair::generate().expect("randomness for a key");
        let certificate = params
            .signed_by(&key, &self.0)
            .expect("a valid certificate");
        (certificate.pem(), key.serialize_pem())
    }

    /// What greets callers with a certificate for `names`, and that certificate. With `clients` they have to show one of
    /// that authority.
    pub(crate) fn acceptor(
        &self,
        names: &[&str],
        expired: bool,
        clients: Option<&Authority>,
    ) -> (TlsAcceptor, Vec<u8>) {
        let names: Vec<String> = names.iter().map(ToString::to_string).collect();
        let mut params = CertificateParams::new(names).expect("valid names");
        if expired {
            params.not_after = date_time_ymd(2001, 1, 1);
        }
        let key = KeyPair::generate().expect("randomness for a key");
        let certificate = params
            .signed_by(&key, &self.0)
            .expect("a valid certificate");
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let builder = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .expect("ring speaks TLS 1.2 and 1.3");
        let builder = match clients {
            Some(clients) => builder.with_client_cert_verifier(clients.verifier()),
            None => builder.with_no_client_auth(),
        };
        let config = builder
            .with_single_cert(vec![certificate.der().clone()], key)
            .expect("the key belongs to the certificate");
        (
            TlsAcceptor::from(Arc::new(config)),
            certificate.der().to_vec(),
        )
    }

    fn verifier(&self) -> Arc<dyn ClientCertVerifier> {
        let mut roots = RootCertStore::empty();
        roots.add(self.0.der().clone()).expect("a valid authority");
        WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::new(default_provider()))
            .build()
            .expect("an authority to trust")
    }

    /// The configuration with the one protocol that is spoken.
    pub(crate) fn with_protocol(config: &ServerConfig, http2: bool) -> Arc<ServerConfig> {
        let protocol: &[u8] = if http2 { b"h2" } else { b"http/1.1" };
        let mut config = config.clone();
        config.alpn_protocols = vec![protocol.to_vec()];
        Arc::new(config)
    }
}
