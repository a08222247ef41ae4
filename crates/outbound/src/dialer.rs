//! From a place to a connection: look up, judge, dial, perhaps through a proxy, encrypt.
//!
//! There is one for the whole process: flows and calls share its policy, its trusted
//! authorities and its store of TLS sessions. Looking up and judging may happen on another
//! runtime than dialling; the addresses that were judged are those that are dialled.

use std::collections::HashSet;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};

use rustls::pki_types::CertificateDer;
use tokio::io::{AsyncRead, AsyncWrite};
use url::Host;

use crate::client_certificate::ClientCertificate;
use crate::connection::{Connection, ViaProxy};
use crate::deadline::Deadline;
use crate::dial;
use crate::egress::Egress;
use crate::error::{OutboundError, Phase};
use crate::place::Place;
use crate::proxy::{Proxies, Proxy};
use crate::resolver::Resolver;
use crate::settings::{Limits, Settings};
use crate::tls::{Offer, Tls};
use crate::tunnel;
use crate::wire::{Wire, certificate};

/// Opens connections, and decides which may be opened. Cheap to clone; clones are the same.
#[derive(Clone)]
pub struct Dialer {
    shared: Arc<Shared>,
}

struct Shared {
    egress: Egress,
    resolver: Resolver,
    tls: Tls,
    proxies: Proxies,
    limits: Limits,
    /// Places that have sent more headers than a reply usually has room for.
    wide: Mutex<HashSet<Place>>,
}

/// A stream of either kind.
trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

impl Dialer {
    /// Fails where the certificates or the proxies given cannot be used.
    pub fn new(settings: &Settings) -> Result<Self, OutboundError> {
        Ok(Self {
            shared: Arc::new(Shared {
                egress: settings.egress.clone(),
                resolver: settings.resolver.clone(),
                tls: Tls::new(settings.ca_file_pem.as_deref())?,
                proxies: Proxies::read(&settings.proxy)?,
                limits: settings.limits,
                wide: Mutex::default(),
            }),
        })
    }

    /// The bounds it keeps to.
    pub fn limits(&self) -> &Limits {
        &self.shared.limits
    }

    /// Remembers, for all threads, that a place sends many headers.
    pub(crate) fn note_wide(&self, place: &Place) {
        let mut wide = self
            .shared
            .wide
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        wide.insert(place.clone());
    }

    /// Whether it does.
    pub(crate) fn is_wide(&self, place: &Place) -> bool {
        let wide = self
            .shared
            .wide
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        wide.contains(place)
    }

    /// The proxy by which a place is reached, if by any.
    pub(crate) fn proxy_to(&self, place: &Place) -> Option<Arc<Proxy>> {
        self.shared.proxies.to(place)
    }

    /// Whether [`Dialer::resolve`] has nothing to wait for.
    pub(crate) fn knows(&self, place: &Place) -> bool {
        !matches!(place.host, Host::Domain(_)) && (!place.tls || self.shared.tls.is_made())
    }

    /// The addresses of a place that may be dialled, and all that TLS needs, made ready.
    pub(crate) async fn resolve(&self, place: &Place) -> Result<Vec<IpAddr>, OutboundError> {
        let addresses = dial::addresses(&self.shared.resolver, place).await?;
        let permitted = dial::permitted(&self.shared.egress, place, addresses)?;
        if place.tls {
            self.shared.tls.make(place)?;
        }
        Ok(permitted)
    }

    /// Dials addresses that [`Dialer::resolve`] gave.
    pub(crate) async fn connect(
        &self,
        place: &Place,
        permitted: Vec<IpAddr>,
        offer: Offer<'_>,
        deadline: Deadline,
    ) -> Result<(Wire, SocketAddr), OutboundError> {
        let shown = place.shown();
        let dialling = dial::connect(place, permitted);
        let (stream, remote) = deadline.hold(Phase::Connect, &shown, dialling).await?;
        if !place.tls {
            return Ok((Wire::Plain(stream), remote));
        }
        let securing = self.shared.tls.with_host(place, stream, offer);
        let stream = deadline.hold(Phase::Tls, &shown, securing).await?;
        Ok((Wire::Tls(Box::new(stream)), remote))
    }

    /// Opens a connection to a place, through `proxy` if there is one, and shows it `certificate`.
    pub(crate) async fn open(
        &self,
        place: &Place,
        proxy: Option<&Proxy>,
        certificate: Option<&ClientCertificate>,
        deadline: Deadline,
    ) -> Result<Connection, OutboundError> {
        let shared = &self.shared;
        let deadline = deadline.or_after(shared.limits.connect_timeout);
        let shown = place.shown();
        if certificate.is_some() && !place.tls {
            return Err(OutboundError::Request {
                host: shown,
                problem: "a client certificate can be shown over https alone".to_owned(),
            });
        }
        let Some(proxy) = proxy else {
            let permitted = deadline
                .hold(Phase::Resolve, &shown, self.resolve(place))
                .await?;
            let offer = Offer {
                certificate,
                ..Offer::ANY
            };
            let (wire, remote) = self.connect(place, permitted, offer, deadline).await?;
            let http2 = wire.is_http2();
            return Connection::start(wire, http2, remote, None, place, &shared.limits).await;
        };

        let (stream, remote) = self.proxy_for(place, proxy, deadline).await?;
        if !place.tls {
            let via = ViaProxy {
                authorization: proxy.authorization.clone(),
            };
            return Connection::start(stream, false, remote, Some(via), place, &shared.limits)
                .await;
        }
        let stream = self.tunnel(stream, proxy, place, deadline).await?;
        let offer = Offer {
            certificate,
            ..Offer::ANY
        };
        let securing = shared.tls.with_host(place, stream, offer);
        let stream = deadline.hold(Phase::Tls, &shown, securing).await?;
        let http2 = stream.get_ref().1.alpn_protocol() == Some(b"h2");
        Connection::start(stream, http2, remote, None, place, &shared.limits).await
    }

    /// Opens a connection that will belong to one credential: HTTP/1.1, and through a proxy by a
    /// tunnel alone. With it comes the certificate that the host has shown.
    pub(crate) async fn open_bound(
        &self,
        place: &Place,
        proxy: Option<&Proxy>,
        deadline: Deadline,
    ) -> Result<(Connection, Option<CertificateDer<'static>>), OutboundError> {
        let shared = &self.shared;
        let deadline = deadline.or_after(shared.limits.connect_timeout);
        let shown = place.shown();
        let limits = &shared.limits;
        let Some(proxy) = proxy else {
            let resolving = self.resolve(place);
            let permitted = deadline.hold(Phase::Resolve, &shown, resolving).await?;
            let connecting = self.connect(place, permitted, Offer::HTTP1, deadline);
            let (wire, remote) = connecting.await?;
            let shows = wire.certificate();
            let connection = Connection::start(wire, false, remote, None, place, limits).await?;
            return Ok((connection, shows));
        };
        let (stream, remote) = self.proxy_for(place, proxy, deadline).await?;
        let stream = self.tunnel(stream, proxy, place, deadline).await?;
        if !place.tls {
            let connection = Connection::start(stream, false, remote, None, place, limits).await?;
            return Ok((connection, None));
        }
        let securing = shared.tls.with_host(place, stream, Offer::HTTP1);
        let stream = deadline.hold(Phase::Tls, &shown, securing).await?;
        let shows = certificate(&stream);
        let connection = Connection::start(stream, false, remote, None, place, limits).await?;
        Ok((connection, shows))
    }

    /// A connection to the proxy by which a place is reached, if that place may be.
    async fn proxy_for(
        &self,
        place: &Place,
        proxy: &Proxy,
        deadline: Deadline,
    ) -> Result<(Box<dyn Stream>, SocketAddr), OutboundError> {
        let lookup = dial::addresses(&self.shared.resolver, place);
        let addresses = deadline
            .hold(Phase::Resolve, &place.shown(), lookup)
            .await?;
        // The proxy looks the name up again by itself: all that is known of it has to pass.
        dial::all_permitted(&self.shared.egress, place, &addresses)?;
        self.reach_proxy(proxy, deadline).await
    }

    /// The way through a proxy to a place.
    async fn tunnel(
        &self,
        mut stream: Box<dyn Stream>,
        proxy: &Proxy,
        place: &Place,
        deadline: Deadline,
    ) -> Result<Box<dyn Stream>, OutboundError> {
        let tunnelling = tunnel::open(&mut stream, proxy, place);
        let shown = proxy.place.shown();
        deadline.hold(Phase::Connect, &shown, tunnelling).await?;
        Ok(stream)
    }

    /// A connection to the proxy itself. The operator named it, so its address is not judged.
    async fn reach_proxy(
        &self,
        proxy: &Proxy,
        deadline: Deadline,
    ) -> Result<(Box<dyn Stream>, SocketAddr), OutboundError> {
        let shown = proxy.place.shown();
        let unreachable = |error: OutboundError| match error {
            OutboundError::Timeout { .. } => error,
            other => OutboundError::Proxy {
                proxy: shown.clone(),
                problem: format!("cannot be reached: {other}"),
                passing: other.is_passing(),
            },
        };
        let dialling = async {
            let addresses = dial::addresses(&self.shared.resolver, &proxy.place).await?;
            dial::connect(&proxy.place, addresses).await
        };
        let reached = deadline.hold(Phase::Connect, &shown, dialling).await;
        let (stream, remote) = reached.map_err(unreachable)?;
        if !proxy.place.tls {
            return Ok((Box::new(stream), remote));
        }
        let securing = self.shared.tls.with_proxy(&proxy.place, stream);
        let secured = deadline.hold(Phase::Tls, &shown, securing).await;
        Ok((Box::new(secured.map_err(unreachable)?), remote))
    }
}

impl std::fmt::Debug for Dialer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Dialer")
            .field("limits", &self.shared.limits)
            .finish_non_exhaustive()
    }
}
