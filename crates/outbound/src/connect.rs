//! From a place to a connection: look up, judge, dial, perhaps through a proxy, encrypt.

use tokio::io::{AsyncRead, AsyncWrite};

use crate::connection::{Connection, ViaProxy};
use crate::deadline::Deadline;
use crate::dial;
use crate::egress::Egress;
use crate::error::{OutboundError, Phase};
use crate::place::Place;
use crate::proxy::Proxy;
use crate::resolver::Resolver;
use crate::settings::Limits;
use crate::tls::Tls;
use crate::tunnel;

/// What connecting needs to know.
pub(crate) struct Connector {
    pub(crate) egress: Egress,
    pub(crate) resolver: Resolver,
    pub(crate) tls: Tls,
    pub(crate) limits: Limits,
}

/// A stream of either kind.
trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

impl Connector {
    /// Opens a connection to a place, through `proxy` if there is one.
    pub(crate) async fn open(
        &self,
        place: &Place,
        proxy: Option<&Proxy>,
        deadline: Deadline,
    ) -> Result<Connection, OutboundError> {
        let deadline = deadline.or_after(self.limits.connect_timeout);
        let shown = place.shown();
        let lookup = dial::addresses(&self.resolver, place);
        let addresses = deadline.hold(Phase::Resolve, &shown, lookup).await?;
        let Some(proxy) = proxy else {
            let permitted = dial::permitted(&self.egress, place, addresses)?;
            let dialling = dial::connect(place, permitted);
            let (stream, remote) = deadline.hold(Phase::Connect, &shown, dialling).await?;
            if !place.tls {
                return Connection::start(stream, false, remote, None, place, &self.limits).await;
            }
            let securing = self.tls.with_host(place, stream);
            let stream = deadline.hold(Phase::Tls, &shown, securing).await?;
            let http2 = stream.get_ref().1.alpn_protocol() == Some(b"h2");
            return Connection::start(stream, http2, remote, None, place, &self.limits).await;
        };

        // The proxy looks the name up again by itself: all that is known of it has to pass.
        dial::all_permitted(&self.egress, place, &addresses)?;
        let (mut stream, remote) = self.reach_proxy(proxy, deadline).await?;
        if !place.tls {
            let via = ViaProxy {
                authorization: proxy.authorization.clone(),
            };
            return Connection::start(stream, false, remote, Some(via), place, &self.limits).await;
        }
        let tunnelling = tunnel::open(&mut stream, proxy, place);
        deadline
            .hold(Phase::Connect, &proxy.place.shown(), tunnelling)
            .await?;
        let securing = self.tls.with_host(place, stream);
        let stream = deadline.hold(Phase::Tls, &shown, securing).await?;
        let http2 = stream.get_ref().1.alpn_protocol() == Some(b"h2");
        Connection::start(stream, http2, remote, None, place, &self.limits).await
    }

    /// A connection to the proxy itself. The operator named it, so its address is not judged.
    async fn reach_proxy(
        &self,
        proxy: &Proxy,
        deadline: Deadline,
    ) -> Result<(Box<dyn Stream>, std::net::SocketAddr), OutboundError> {
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
            let addresses = dial::addresses(&self.resolver, &proxy.place).await?;
            dial::connect(&proxy.place, addresses).await
        };
        let reached = deadline.hold(Phase::Connect, &shown, dialling).await;
        let (stream, remote) = reached.map_err(unreachable)?;
        if !proxy.place.tls {
            return Ok((Box::new(stream), remote));
        }
        let securing = self.tls.with_proxy(&proxy.place, stream);
        let secured = deadline.hold(Phase::Tls, &shown, securing).await;
        Ok((Box::new(secured.map_err(unreachable)?), remote))
    }
}
