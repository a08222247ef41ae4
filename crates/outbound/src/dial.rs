//! The one dialer: looks a name up, judges every address, and connects only to one that passed.
//!
//! The address that was judged is the address that is dialled; the name is not looked up in
//! between. Where a name has both allowed and refused addresses, only the allowed ones are
//! dialled: a refused address among them is never contacted, and a name with none left is
//! refused. Through a proxy, which does its own look-up, one refused address is enough to
//! refuse the name.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use tokio::net::TcpStream;
use url::Host;

use crate::egress::{Denied, Egress};
use crate::error::OutboundError;
use crate::place::Place;
use crate::resolver::Resolver;

/// A name with more addresses than this is tried at the first ones only.
const MOST_ADDRESSES: usize = 16;
/// When the next address is tried beside one that does not answer (RFC 8305 section 5).
const NEXT_ADDRESS: Duration = Duration::from_millis(250);

/// The addresses of a host as the resolver gives them, or the literal that it is.
pub(crate) async fn addresses(
    resolver: &Resolver,
    place: &Place,
) -> Result<Vec<IpAddr>, OutboundError> {
    let name = match &place.host {
        Host::Ipv4(address) => return Ok(vec![IpAddr::V4(*address)]),
        Host::Ipv6(address) => return Ok(vec![IpAddr::V6(*address)]),
        Host::Domain(name) => name,
    };
    let failed = |detail: String| OutboundError::Dns {
        host: name.clone(),
        detail,
    };
    let mut found = resolver
        .lookup(name)
        .await
        .map_err(|error| failed(error.to_string()))?;
    if found.is_empty() {
        return Err(failed("it has no address".to_owned()));
    }
    found.truncate(MOST_ADDRESSES);
    Ok(found)
}

/// Those of the addresses that may be dialled; an error where there is none.
pub(crate) fn permitted(
    egress: &Egress,
    place: &Place,
    addresses: Vec<IpAddr>,
) -> Result<Vec<IpAddr>, OutboundError> {
    let mut refused = None;
    let mut passed = Vec::new();
    for address in addresses {
        match egress.judge(address) {
            Ok(()) => passed.push(address),
            Err(denied) => refused = refused.or(Some((address, denied))),
        }
    }
    match refused {
        Some((address, denied)) if passed.is_empty() => Err(refusal(place, address, denied)),
        _ => Ok(passed),
    }
}

/// An error where any of the addresses is refused.
pub(crate) fn all_permitted(
    egress: &Egress,
    place: &Place,
    addresses: &[IpAddr],
) -> Result<(), OutboundError> {
    addresses.iter().try_for_each(|address| {
        egress
            .judge(*address)
            .map_err(|denied| refusal(place, *address, denied))
    })
}

/// Connects to the first address that answers, in their order, each a little after the last.
pub(crate) async fn connect(
    place: &Place,
    addresses: Vec<IpAddr>,
) -> Result<(TcpStream, SocketAddr), OutboundError> {
    let mut waiting = addresses
        .into_iter()
        .map(|ip| SocketAddr::new(ip, place.port));
    let mut attempts = FuturesUnordered::new();
    loop {
        if let Some(address) = waiting.next() {
            attempts.push(async move { (address, TcpStream::connect(address).await) });
        }
        tokio::select! {
            Some((address, outcome)) = attempts.next() => match outcome {
                Ok(stream) => {
                    // Requests are written whole; waiting to fill a packet only delays them.
                    if let Err(error) = stream.set_nodelay(true) {
                        tracing::debug!(%error, "TCP_NODELAY could not be set");
                    }
                    return Ok((stream, address));
                }
                Err(error) if attempts.is_empty() && waiting.len() == 0 => {
                    return Err(OutboundError::Connect {
                        host: place.shown(),
                        address,
                        detail: plain(&error),
                    });
                }
                Err(_) => {}
            },
            () = tokio::time::sleep(NEXT_ADDRESS), if waiting.len() > 0 => {}
        }
    }
}

fn refusal(place: &Place, address: IpAddr, denied: Denied) -> OutboundError {
    OutboundError::Refused {
        host: place.host.to_string(),
        address,
        denied,
        redirected_by: None,
    }
}

fn plain(error: &std::io::Error) -> String {
    use std::io::ErrorKind;
    match error.kind() {
        ErrorKind::ConnectionRefused => "nothing accepts connections there".to_owned(),
        ErrorKind::TimedOut => "no answer".to_owned(),
        ErrorKind::NetworkUnreachable | ErrorKind::HostUnreachable => {
            "there is no way to it from here".to_owned()
        }
        _ => error.to_string(),
    }
}
