//! An origin (scheme, host, port): the unit to which a credential may go.

use std::fmt;

use url::Url;

/// Scheme, host and port of an address; two addresses of one origin may share a credential.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Origin {
    /// `https` or `http`.
    pub scheme: String,
    /// The host in lower case, IPv6 in brackets.
    pub host: String,
    /// The port, also where it is the scheme's own.
    pub port: u16,
}

impl Origin {
    /// The origin of an address; none where it has no host or a scheme without a known port.
    #[must_use]
    pub fn of(url: &Url) -> Option<Self> {
        Some(Self {
            scheme: url.scheme().to_owned(),
            host: url.host_str()?.to_owned(),
            port: url.port_or_known_default()?,
        })
    }

    /// Whether the origin encrypts what is sent to it.
    #[must_use]
    pub fn is_encrypted(&self) -> bool {
        self.scheme == "https"
    }
}

/// Prints the origin as RFC 6454 has it: the port only where it is not the scheme's own.
impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.scheme, self.host)?;
        match (self.scheme.as_str(), self.port) {
            ("https", 443) | ("http", 80) => Ok(()),
            (_, port) => write!(f, ":{port}"),
        }
    }
}

/// Whether an address stays on this machine, so that nobody can listen to it.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_compare_by_scheme_host_and_port() {
        let table = [
            ("https://Wiki.example.org/a", "https://wiki.example.org"),
            ("https://wiki.example.org:443", "https://wiki.example.org"),
            ("http://127.0.0.1:8080/x?y", "http://127.0.0.1:8080"),
            ("http://[::1]/", "http://[::1]"),
        ];
        for (address, expected) in table {
            let url = Url::parse(address).unwrap();
            assert_eq!(Origin::of(&url).unwrap().to_string(), expected);
        }
    }
}
