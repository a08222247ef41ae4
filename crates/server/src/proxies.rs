//! Proxies that are trusted to say whom they speak for. Without any, whoever opened the connection is who asks: a header
//! alone could make a guesser of passwords somebody else at each try.

use http::HeaderMap;
use http::header::FORWARDED;
use ipnet::IpNet;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};

/// Addresses that one request may name; longer lists are read from their end.
const MOST: usize = 32;

/// The proxies before us. Cheap to clone while there are few, which is always.
#[derive(Clone, Debug, Default)]
pub(crate) struct Proxies(Vec<IpNet>);

impl Proxies {
    /// Of these networks.
    pub(crate) fn new(trusted: Vec<IpNet>) -> Self {
        Self(trusted)
    }

    /// Who asks: the last address of `X-Forwarded-For` or `Forwarded` (RFC 7239 section 5.2) that is no proxy of ours, where
    /// the peer is one. An entry that is no address ends the search at the proxy that reported it; where both fields are
    /// there and disagree, one of them is the caller's own, and the peer counts.
    pub(crate) fn caller(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let peer = peer.to_canonical();
        if !self.trust(peer) {
            return peer;
        }
        let listed = listed(headers).map(|hops| self.behind(peer, hops));
        let forwarded = forwarded(headers).map(|hops| self.behind(peer, hops));
        match (listed, forwarded) {
            (Some(one), Some(other)) if one != other => peer,
            (Some(one), _) | (None, Some(one)) => one,
            (None, None) => peer,
        }
    }

    fn trust(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address))
    }

    /// `hops` come nearest first.
    fn behind(&self, peer: IpAddr, hops: Vec<Option<IpAddr>>) -> IpAddr {
        let mut nearest = peer;
        for hop in hops {
            let Some(address) = hop else { break };
            nearest = address;
            if !self.trust(address) {
                break;
            }
        }
        nearest
    }
}

/// The entries of `X-Forwarded-For`, nearest first; nothing where there is no such field.
fn listed(headers: &HeaderMap) -> Option<Vec<Option<IpAddr>>> {
    let mut hops = Vec::new();
    let lines: Vec<_> = headers.get_all("x-forwarded-for").iter().collect();
    for line in lines.iter().rev() {
        match line.to_str() {
            Ok(line) => hops.extend(line.rsplit(',').take(MOST).map(|entry| node(entry.trim()))),
            Err(_) => hops.push(None),
        }
    }
    hops.truncate(MOST);
    (!lines.is_empty()).then_some(hops)
}

/// The `for` of each element of `Forwarded`, nearest first; nothing where there is no such field.
fn forwarded(headers: &HeaderMap) -> Option<Vec<Option<IpAddr>>> {
    let mut hops = Vec::new();
    let lines: Vec<_> = headers.get_all(FORWARDED).iter().collect();
    for line in lines.iter().rev() {
        let elements = line.to_str().ok().and_then(|line| split(line, ','));
        match elements {
            Some(elements) => {
                hops.extend(elements.iter().rev().take(MOST).map(|it| speaks_for(it)))
            }
            None => hops.push(None),
        }
    }
    hops.truncate(MOST);
    (!lines.is_empty()).then_some(hops)
}

/// The address that one element of `Forwarded` names; none where it names none, or two.
fn speaks_for(element: &str) -> Option<IpAddr> {
    let pairs = split(element, ';')?;
    let mut named = pairs.iter().filter_map(|pair| {
        let (name, value) = pair.split_once('=')?;
        name.trim()
            .eq_ignore_ascii_case("for")
            .then(|| value.trim())
    });
    let value = named.next().filter(|_| named.next().is_none())?;
    let quoted = value.strip_prefix('"').and_then(|it| it.strip_suffix('"'));
    node(quoted.unwrap_or(value))
}

/// The parts between separators outside quotes; nothing where a quote is left open.
fn split(text: &str, separator: char) -> Option<Vec<&str>> {
    let mut parts = Vec::new();
    let (mut quoted, mut escaped, mut from) = (false, false, 0);
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            c if c == separator && !quoted => {
                parts.push(&text[from..at]);
                from = at + c.len_utf8();
            }
            _ => {}
        }
    }
    parts.push(&text[from..]);
    (!quoted).then_some(parts)
}

/// An address, perhaps with a port, IPv6 with or without brackets.
fn node(text: &str) -> Option<IpAddr> {
    let bracketed = || {
        let (inner, port) = text.strip_prefix('[')?.split_once(']')?;
        let port_is_sound = port.is_empty() || port.strip_prefix(':')?.parse::<u16>().is_ok();
        port_is_sound
            .then(|| inner.parse::<Ipv6Addr>().ok().map(IpAddr::V6))
            .flatten()
    };
    let with_port = || text.parse::<SocketAddr>().ok().map(|it| it.ip());
    let address = text.parse().ok().or_else(with_port).or_else(bracketed);
    address.map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::Proxies;
    use http::{HeaderMap, HeaderName, HeaderValue};
    use std::net::IpAddr;

    const PEER: &str = "10.0.0.1";
    const LIST: &str = "x-forwarded-for";

    /// The peer, what it sends, and who asks.
    type Row = (
        &'static str,
        &'static [(&'static str, &'static str)],
        &'static str,
    );

    fn caller(peer: &str, fields: &[(&str, &str)]) -> String {
        let trusted = ["10.0.0.0/8", "fd00::/8"].map(|network| network.parse().unwrap());
        let proxies = Proxies::new(trusted.into());
        let mut headers = HeaderMap::new();
        for (name, value) in fields {
            headers.append(
                HeaderName::try_from(*name).unwrap(),
                HeaderValue::from_bytes(value.as_bytes()).unwrap(),
            );
        }
        let peer: IpAddr = peer.parse().unwrap();
        proxies.caller(peer, &headers).to_string()
    }

    #[test]
    fn the_last_address_that_is_no_proxy_asks() {
        let table: &[Row] = &[
            (PEER, &[], PEER),
            (PEER, &[(LIST, "192.0.2.7")], "192.0.2.7"),
            // What stands further left may be the caller's own.
            (PEER, &[(LIST, "203.0.113.9, 192.0.2.7")], "192.0.2.7"),
            (
                PEER,
                &[(LIST, "203.0.113.9,192.0.2.7,10.3.3.3")],
                "192.0.2.7",
            ),
            (
                PEER,
                &[(LIST, "203.0.113.9"), (LIST, "192.0.2.7")],
                "192.0.2.7",
            ),
            // All are proxies: the farthest of them.
            (PEER, &[(LIST, "10.9.9.9, 10.3.3.3")], "10.9.9.9"),
            (PEER, &[(LIST, "192.0.2.7:4711")], "192.0.2.7"),
            (PEER, &[(LIST, "[2001:db8::7]:4711")], "2001:db8::7"),
            (PEER, &[(LIST, "2001:db8::7")], "2001:db8::7"),
            (PEER, &[(LIST, "::ffff:192.0.2.7")], "192.0.2.7"),
            ("::ffff:10.0.0.1", &[(LIST, "192.0.2.7")], "192.0.2.7"),
            (
                "fd00::1",
                &[(LIST, "192.0.2.7, ::ffff:10.1.1.1")],
                "192.0.2.7",
            ),
            (
                PEER,
                &[("forwarded", "for=192.0.2.7;proto=https;by=10.0.0.1")],
                "192.0.2.7",
            ),
            (
                PEER,
                &[("forwarded", "for=203.0.113.9, For=\"[2001:db8::7]:4711\"")],
                "2001:db8::7",
            ),
            (
                PEER,
                &[("forwarded", "for=192.0.2.7, for=10.3.3.3")],
                "192.0.2.7",
            ),
            (
                PEER,
                &[(LIST, "192.0.2.7"), ("forwarded", "for=192.0.2.7")],
                "192.0.2.7",
            ),
            // A comma within quotes parts nothing.
            (
                PEER,
                &[("forwarded", "for=203.0.113.9;x=\"a, for=192.0.2.7\"")],
                "203.0.113.9",
            ),
        ];
        for (peer, fields, expected) in table {
            assert_eq!(caller(peer, fields), *expected, "{peer} {fields:?}");
        }
    }

    #[test]
    fn attack_68_nobody_becomes_another_by_a_header() {
        let table: &[Row] = &[
            // Not a proxy of ours.
            ("192.0.2.1", &[(LIST, "203.0.113.9")], "192.0.2.1"),
            (
                "192.0.2.1",
                &[("forwarded", "for=203.0.113.9")],
                "192.0.2.1",
            ),
            ("192.0.2.1", &[(LIST, "10.0.0.1")], "192.0.2.1"),
            // One of the two fields is the caller's own.
            (
                PEER,
                &[(LIST, "192.0.2.7"), ("forwarded", "for=203.0.113.9")],
                PEER,
            ),
            // No addresses.
            (PEER, &[(LIST, "unknown")], PEER),
            (PEER, &[(LIST, "")], PEER),
            (PEER, &[(LIST, "203.0.113.9, ")], PEER),
            (PEER, &[(LIST, "203.0.113.9, evil, 10.3.3.3")], "10.3.3.3"),
            (PEER, &[(LIST, "192.0.2.7:99999")], PEER),
            (PEER, &[(LIST, "[2001:db8::7]evil")], PEER),
            (PEER, &[(LIST, "0300.0.2.7")], PEER),
            (PEER, &[(LIST, "192.0.2.7\u{e9}")], PEER),
            (PEER, &[("forwarded", "for=_hidden")], PEER),
            (PEER, &[("forwarded", "proto=https")], PEER),
            (
                PEER,
                &[("forwarded", "for=203.0.113.9;for=192.0.2.7")],
                PEER,
            ),
            // An open quote swallows what a proxy added.
            (
                PEER,
                &[("forwarded", "for=\"203.0.113.9, for=192.0.2.7")],
                PEER,
            ),
        ];
        for (peer, fields, expected) in table {
            assert_eq!(caller(peer, fields), *expected, "{peer} {fields:?}");
        }
        let long = vec!["203.0.113.9"; 10_000].join(",");
        assert_eq!(caller(PEER, &[(LIST, &long)]), "203.0.113.9");
        let long = vec!["10.1.1.1"; 10_000].join(",");
        assert_eq!(caller(PEER, &[(LIST, &long)]), "10.1.1.1");
    }
}
