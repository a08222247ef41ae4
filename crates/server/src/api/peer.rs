//! The address of whoever asks, as the listener saw it.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts};
use http::request::Parts;

/// Where a request comes from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Peer(
    /// The address.
    pub(crate) IpAddr,
);

impl<S: Send + Sync> FromRequestParts<S> for Peer {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let seen = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        // Where the listener says nothing, all count as one.
        let nobody = IpAddr::V4(Ipv4Addr::UNSPECIFIED);
        Ok(Self(
            seen.map_or(nobody, |ConnectInfo(address)| address.ip()),
        ))
    }
}
