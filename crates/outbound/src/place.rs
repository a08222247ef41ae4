//! Where a URL leads: scheme, host and port, and how they are shown to people.

use url::{Host, Url};

use crate::error::OutboundError;

/// The far end of a connection.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Place {
    pub(crate) tls: bool,
    pub(crate) host: Host,
    pub(crate) port: u16,
}

impl Place {
    /// The place of a URL; only http and https have one.
    pub(crate) fn of(url: &Url) -> Result<Self, OutboundError> {
        let tls = match url.scheme() {
            "https" => true,
            "http" => false,
            other => {
                return Err(OutboundError::Scheme {
                    scheme: other.to_owned(),
                    redirected_by: None,
                });
            }
        };
        match (url.host(), url.port_or_known_default()) {
            (Some(host), Some(port)) => Ok(Self {
                tls,
                host: host.to_owned(),
                port,
            }),
            _ => Err(OutboundError::Request {
                host: "nowhere".to_owned(),
                problem: "its URL names no host".to_owned(),
            }),
        }
    }

    /// `host`, or `host:port` where the port is not the scheme's own: also the `Host` header.
    pub(crate) fn shown(&self) -> String {
        match (self.tls, self.port) {
            (true, 443) | (false, 80) => self.host.to_string(),
            _ => self.authority(),
        }
    }

    /// `host:port`, always.
    pub(crate) fn authority(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }
}

/// How a URL is named in messages.
pub(crate) fn shown(url: &Url) -> String {
    Place::of(url).map_or_else(|_| format!("{}:", url.scheme()), |place| place.shown())
}
