//! The proxies that the operator names, and which hosts are reached through them.

use std::net::IpAddr;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::HeaderValue;
use ipnet::IpNet;
use percent_encoding::percent_decode_str;
use url::{Host, Url};

use crate::error::OutboundError;
use crate::place::Place;

/// The values of the customary variables, handed in by whoever may read the environment.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct ProxyEnv {
    /// `HTTPS_PROXY`: for https URLs.
    pub https: Option<String>,
    /// `HTTP_PROXY`: for http URLs.
    pub http: Option<String>,
    /// `NO_PROXY`: hosts, domains and ranges that are reached directly.
    pub no_proxy: Option<String>,
}

/// One proxy.
pub(crate) struct Proxy {
    pub(crate) place: Place,
    /// `Proxy-Authorization`.
    pub(crate) authorization: Option<HeaderValue>,
}

/// All of them, read.
#[derive(Clone, Default)]
pub(crate) struct Proxies {
    https: Option<Arc<Proxy>>,
    http: Option<Arc<Proxy>>,
    direct: Arc<[Direct]>,
}

/// One entry of `NO_PROXY`.
#[derive(Debug, PartialEq, Eq)]
enum Direct {
    Everything,
    Range(IpNet),
    Name { domain: String, port: Option<u16> },
    Address { address: IpAddr, port: u16 },
}

impl Proxies {
    pub(crate) fn read(env: &ProxyEnv) -> Result<Self, OutboundError> {
        let entries = env.no_proxy.as_deref().unwrap_or_default().split(',');
        Ok(Self {
            https: read_proxy(env.https.as_deref())?,
            http: read_proxy(env.http.as_deref())?,
            direct: entries.filter_map(read_direct).collect(),
        })
    }

    /// The proxy by which a place is reached, if by any.
    pub(crate) fn to(&self, place: &Place) -> Option<Arc<Proxy>> {
        let proxy = if place.tls { &self.https } else { &self.http };
        if self.direct.iter().any(|direct| direct.covers(place)) {
            return None;
        }
        proxy.clone()
    }
}

impl Direct {
    fn covers(&self, place: &Place) -> bool {
        let address = match &place.host {
            Host::Ipv4(address) => Some(IpAddr::V4(*address)),
            Host::Ipv6(address) => Some(IpAddr::V6(*address)),
            Host::Domain(_) => None,
        };
        match (self, &place.host) {
            (Self::Everything, _) => true,
            (Self::Range(net), _) => address.is_some_and(|address| net.contains(&address)),
            (Self::Address { address: of, port }, _) => address == Some(*of) && *port == place.port,
            (Self::Name { domain, port }, Host::Domain(name)) => {
                crate::set_cookie::domain_matches(name, domain)
                    && port.is_none_or(|port| port == place.port)
            }
            (Self::Name { .. }, _) => false,
        }
    }
}

fn read_proxy(value: Option<&str>) -> Result<Option<Arc<Proxy>>, OutboundError> {
    let Some(value) = value.map(str::trim).filter(|value| !value.is_empty()) else {
        return Ok(None);
    };
    let bad = |shown: String, problem: &str| OutboundError::Proxy {
        proxy: shown,
        problem: problem.to_owned(),
        passing: false,
    };
    let nameless = || {
        bad(
            "setting".to_owned(),
            "is not a URL: write HTTPS_PROXY and HTTP_PROXY as http://host:port",
        )
    };
    let whole = if value.contains("://") {
        value.to_owned()
    } else {
        format!("http://{value}")
    };
    let url = Url::parse(&whole).map_err(|_| nameless())?;
    let place = Place::of(&url).map_err(|_| {
        bad(
            format!("with {}:", url.scheme()),
            "is of a kind that is not supported: use an http: or https: proxy",
        )
    })?;
    let authorization = basic(&url);
    Ok(Some(Arc::new(Proxy {
        place,
        authorization,
    })))
}

/// Basic authorization from the user name and password in a URL.
pub(crate) fn basic(url: &Url) -> Option<HeaderValue> {
    if url.username().is_empty() && url.password().is_none() {
        return None;
    }
    let mut pair: Vec<u8> = percent_decode_str(url.username()).collect();
    pair.push(b':');
    pair.extend(percent_decode_str(url.password().unwrap_or_default()));
    let mut value = HeaderValue::from_str(&format!("Basic {}", STANDARD.encode(pair))).ok()?;
    value.set_sensitive(true);
    Some(value)
}

/// `*`, `10.0.0.0/8`, `10.0.0.1`, `[::1]`, `example.org`, `.example.org`, `*.example.org`, each
/// but the first two perhaps with a port. What cannot be read covers nothing.
fn read_direct(entry: &str) -> Option<Direct> {
    let entry = entry.trim();
    if entry == "*" {
        return Some(Direct::Everything);
    }
    let bare = entry.trim_start_matches('[').trim_end_matches(']');
    if let Ok(address) = bare.parse::<IpAddr>() {
        return Some(Direct::Range(address.into()));
    }
    if let Ok(net) = entry.parse::<IpNet>() {
        return Some(Direct::Range(net));
    }
    if let Ok(socket) = entry.parse::<std::net::SocketAddr>() {
        return Some(Direct::Address {
            address: socket.ip(),
            port: socket.port(),
        });
    }
    let (name, port) = match entry.split_once(':') {
        Some((name, port)) => (name, Some(port.parse().ok()?)),
        None => (entry, None),
    };
    let name = name.trim_start_matches('*').trim_start_matches('.');
    let domain = idna::domain_to_ascii(name)
        .ok()
        .filter(|name| !name.is_empty())?;
    Some(Direct::Name { domain, port })
}

// A proxy's URL may hold its password.
impl std::fmt::Debug for ProxyEnv {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ProxyEnv")
            .field("https", &self.https.is_some())
            .field("http", &self.http.is_some())
            .field("no_proxy", &self.no_proxy)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::{Proxies, ProxyEnv};
    use crate::place::Place;

    fn proxies(no_proxy: &str) -> Proxies {
        Proxies::read(&ProxyEnv {
            https: Some("http://us%40er:p%3Ass@proxy.example:3128".to_owned()),
            http: Some("plain.example:8080".to_owned()),
            no_proxy: Some(no_proxy.to_owned()),
        })
        .expect("proxies")
    }

    fn through(proxies: &Proxies, url: &str) -> Option<String> {
        let place = Place::of(&Url::parse(url).expect("a URL")).expect("a place");
        proxies.to(&place).map(|proxy| proxy.place.authority())
    }

    #[test]
    fn picks_the_proxy_by_the_scheme() {
        let proxies = proxies("");
        assert_eq!(
            through(&proxies, "https://a.example/").as_deref(),
            Some("proxy.example:3128")
        );
        assert_eq!(
            through(&proxies, "http://a.example/").as_deref(),
            Some("plain.example:8080")
        );
        let secure = proxies
            .https
            .as_ref()
            .and_then(|proxy| proxy.authorization.clone());
        assert_eq!(secure.expect("authorization"), "Basic dXNAZXI6cDpzcw==");
        assert!(
            proxies
                .http
                .as_ref()
                .is_some_and(|proxy| proxy.authorization.is_none())
        );
    }

    #[test]
    fn no_proxy_names_what_is_reached_directly() {
        let list = " example.org, .corp.example,*.wild.example, 10.0.0.0/8,192.0.2.1,[::1], port.example:8443, 192.0.2.9:81,,nonsense:port";
        let proxies = proxies(list);
        for (url, direct) in [
            ("https://example.org/", true),
            ("https://api.example.org/", true),
            ("https://notexample.org/", false),
            ("https://corp.example/", true),
            ("https://a.corp.example/", true),
            ("https://a.wild.example/", true),
            ("https://10.1.2.3/", true),
            ("https://11.1.2.3/", false),
            ("https://192.0.2.1:99/", true),
            ("https://[::1]/", true),
            ("https://port.example:8443/", true),
            ("https://port.example/", false),
            ("http://192.0.2.9:81/", true),
            ("http://192.0.2.9/", false),
            ("https://nonsense/", false),
        ] {
            assert_eq!(through(&proxies, url).is_none(), direct, "{url}");
        }
        assert_eq!(
            through(&super::tests::proxies("*"), "https://a.example/"),
            None
        );
    }

    #[test]
    fn a_proxy_that_cannot_be_used_is_said_without_its_password() {
        for value in [
            "socks5://user:hunter2@host:1080",
            "http://user:hunter2@ho st",
            "file:///hunter2",
        ] {
            let env = ProxyEnv {
                https: Some(value.to_owned()),
                ..ProxyEnv::default()
            };
            let said = Proxies::read(&env).err().expect(value).to_string();
            assert!(
                said.starts_with("the proxy ") && !said.contains("hunter2"),
                "{said}"
            );
            assert!(!format!("{env:?}").contains("hunter2"));
        }
    }
}
