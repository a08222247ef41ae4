//! The egress policy: which addresses may be dialled.
//!
//! It judges an address, never a name, so that whatever a name, a redirect or a rewritten DNS
//! answer leads to is judged as what it is. An IPv6 address that carries an IPv4 one is judged
//! by what it carries; Teredo, which nobody serves an API over, is refused whole.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

/// What kind of address was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AddressKind {
    /// `0.0.0.0/8`, `::`: no address, in practice this machine.
    Unspecified,
    /// `127.0.0.0/8`, `::1`: this machine.
    Loopback,
    /// `10.0.0.0/8`, `172.16.0.0/12`, `192.168.0.0/16`, `fc00::/7`, `fec0::/10`.
    Private,
    /// `169.254.0.0/16`, `fe80::/10`: the neighbours, and cloud metadata services.
    LinkLocal,
    /// `100.64.0.0/10`: behind a carrier's address translation.
    CarrierNat,
    /// `224.0.0.0/4`, `ff00::/8`.
    Multicast,
    /// `255.255.255.255`.
    Broadcast,
    /// Set aside for examples in documents.
    Documentation,
    /// Set aside for measuring networks.
    Benchmarking,
    /// A fixed address at which a cloud platform serves its own machines.
    CloudPlatform,
    /// An IPv6 transition mechanism that hides where the packets go.
    Tunnel,
    /// Set aside for other or future use.
    Reserved,
}

impl std::fmt::Display for AddressKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Unspecified => "the unspecified address (this machine)",
            Self::Loopback => "a loopback address (this machine)",
            Self::Private => "a private address",
            Self::LinkLocal => "a link-local address",
            Self::CarrierNat => "a carrier-grade NAT address",
            Self::Multicast => "a multicast address",
            Self::Broadcast => "the broadcast address",
            Self::Documentation => "an address set aside for documentation",
            Self::Benchmarking => "an address set aside for benchmarking",
            Self::CloudPlatform => "a cloud platform's own service address",
            Self::Tunnel => "an IPv6 tunnel address",
            Self::Reserved => "a reserved address",
        })
    }
}

/// A refusal: what the address is, and the range to open if it is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Denied {
    /// What kind of address it is.
    pub kind: AddressKind,
    /// The range an operator may open.
    pub range: IpNet,
}

/// The policy: public addresses, and the ranges that the operator opened.
#[derive(Clone, Debug, Default)]
pub struct Egress {
    allow: Vec<IpNet>,
}

impl Egress {
    /// Public addresses and those in `allow`.
    pub fn new(allow: Vec<IpNet>) -> Self {
        Self { allow }
    }

    /// Whether this address may be dialled.
    pub fn judge(&self, address: IpAddr) -> Result<(), Denied> {
        if self.allow.iter().any(|net| net.contains(&address)) {
            return Ok(());
        }
        match address {
            IpAddr::V4(v4) => judge_v4(v4),
            IpAddr::V6(v6) => match carried(v6) {
                Some(v4) => self.judge(IpAddr::V4(v4)),
                None => {
                    judge_v6(v6)?;
                    isatap(v6).map_or(Ok(()), |v4| self.judge(IpAddr::V4(v4)))
                }
            },
        }
    }
}

const fn v4(a: u8, b: u8, c: u8, d: u8, prefix: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), prefix)
}

const fn v6(a: u16, b: u16, c: u16, prefix: u8) -> Ipv6Net {
    Ipv6Net::new_assert(Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0), prefix)
}

/// The IANA special-purpose registry's ranges, the narrower before the wider.
const REFUSED_V4: &[(Ipv4Net, AddressKind)] = &[
    (v4(0, 0, 0, 0, 8), AddressKind::Unspecified),
    (v4(10, 0, 0, 0, 8), AddressKind::Private),
    (v4(100, 64, 0, 0, 10), AddressKind::CarrierNat),
    (v4(127, 0, 0, 0, 8), AddressKind::Loopback),
    (v4(168, 63, 129, 16, 32), AddressKind::CloudPlatform),
    (v4(169, 254, 0, 0, 16), AddressKind::LinkLocal),
    (v4(172, 16, 0, 0, 12), AddressKind::Private),
    (v4(192, 0, 0, 0, 24), AddressKind::Reserved),
    (v4(192, 0, 2, 0, 24), AddressKind::Documentation),
    (v4(192, 88, 99, 0, 24), AddressKind::Tunnel),
    (v4(192, 168, 0, 0, 16), AddressKind::Private),
    (v4(198, 18, 0, 0, 15), AddressKind::Benchmarking),
    (v4(198, 51, 100, 0, 24), AddressKind::Documentation),
    (v4(203, 0, 113, 0, 24), AddressKind::Documentation),
    (v4(224, 0, 0, 0, 4), AddressKind::Multicast),
    (v4(255, 255, 255, 255, 32), AddressKind::Broadcast),
    (v4(240, 0, 0, 0, 4), AddressKind::Reserved),
];

const REFUSED_V6: &[(Ipv6Net, AddressKind)] = &[
    (v6(0x2001, 0, 0, 32), AddressKind::Tunnel),
    (v6(0x2001, 2, 0, 48), AddressKind::Benchmarking),
    (v6(0x2001, 0, 0, 23), AddressKind::Reserved),
    (v6(0x2001, 0xdb8, 0, 32), AddressKind::Documentation),
    (v6(0x3fff, 0, 0, 20), AddressKind::Documentation),
    (v6(0xfc00, 0, 0, 7), AddressKind::Private),
    (v6(0xfe80, 0, 0, 10), AddressKind::LinkLocal),
    (v6(0xfec0, 0, 0, 10), AddressKind::Private),
    (v6(0xff00, 0, 0, 8), AddressKind::Multicast),
];

/// The only IPv6 space that has been given out for public use.
const GLOBAL_V6: Ipv6Net = v6(0x2000, 0, 0, 3);

fn judge_v4(address: Ipv4Addr) -> Result<(), Denied> {
    match REFUSED_V4.iter().find(|(net, _)| net.contains(&address)) {
        Some((net, kind)) => Err(Denied {
            kind: *kind,
            range: IpNet::V4(*net),
        }),
        None => Ok(()),
    }
}

fn judge_v6(address: Ipv6Addr) -> Result<(), Denied> {
    let alone = |kind| {
        Err(Denied {
            kind,
            range: IpNet::from(IpAddr::V6(address)),
        })
    };
    if address.is_unspecified() {
        return alone(AddressKind::Unspecified);
    }
    if address.is_loopback() {
        return alone(AddressKind::Loopback);
    }
    if let Some((net, kind)) = REFUSED_V6.iter().find(|(net, _)| net.contains(&address)) {
        return Err(Denied {
            kind: *kind,
            range: IpNet::V6(*net),
        });
    }
    if GLOBAL_V6.contains(&address) {
        Ok(())
    } else {
        alone(AddressKind::Reserved)
    }
}

/// The IPv4 address that an IPv6 one stands for: mapped (RFC 4291 2.5.5.2), compatible
/// (2.5.5.1), translated (RFC 2765 2.1), NAT64 (RFC 6052) or 6to4 (RFC 3056).
fn carried(address: Ipv6Addr) -> Option<Ipv4Addr> {
    match address.segments() {
        // `::` and `::1` are not IPv4 addresses in disguise.
        [0, 0, 0, 0, 0, 0, 0, 0 | 1] => None,
        [0, 0, 0, 0, 0, 0 | 0xffff, high, low] => Some(joined(high, low)),
        [0, 0, 0, 0, 0xffff, 0, high, low] => Some(joined(high, low)),
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => Some(joined(high, low)),
        [0x2002, high, low, ..] => Some(joined(high, low)),
        _ => None,
    }
}

/// The IPv4 address at the end of an ISATAP one (RFC 5214 6.1), which has a prefix of its own.
fn isatap(address: Ipv6Addr) -> Option<Ipv4Addr> {
    match address.segments() {
        [_, _, _, _, 0 | 0x200, 0x5efe, high, low] => Some(joined(high, low)),
        _ => None,
    }
}

fn joined(high: u16, low: u16) -> Ipv4Addr {
    Ipv4Addr::from(u32::from(high) << 16 | u32::from(low))
}

#[cfg(test)]
mod tests {
    use super::{AddressKind, Egress};
    use std::net::IpAddr;

    fn address(text: &str) -> IpAddr {
        text.parse().expect(text)
    }

    #[test]
    fn attack_47_addresses_that_are_not_public_are_refused() {
        for (text, kind) in [
            ("0.0.0.0", AddressKind::Unspecified),
            ("0.1.2.3", AddressKind::Unspecified),
            ("10.0.0.5", AddressKind::Private),
            ("100.64.0.1", AddressKind::CarrierNat),
            ("100.127.255.255", AddressKind::CarrierNat),
            ("127.0.0.1", AddressKind::Loopback),
            ("127.255.255.254", AddressKind::Loopback),
            ("168.63.129.16", AddressKind::CloudPlatform),
            ("169.254.169.254", AddressKind::LinkLocal),
            ("172.16.0.1", AddressKind::Private),
            ("172.31.255.255", AddressKind::Private),
            ("192.0.0.8", AddressKind::Reserved),
            ("192.0.2.1", AddressKind::Documentation),
            ("192.88.99.1", AddressKind::Tunnel),
            ("192.168.1.1", AddressKind::Private),
            ("198.18.0.1", AddressKind::Benchmarking),
            ("198.19.255.255", AddressKind::Benchmarking),
            ("198.51.100.1", AddressKind::Documentation),
            ("203.0.113.1", AddressKind::Documentation),
            ("224.0.0.1", AddressKind::Multicast),
            ("239.255.255.255", AddressKind::Multicast),
            ("240.0.0.1", AddressKind::Reserved),
            ("255.255.255.255", AddressKind::Broadcast),
            ("::", AddressKind::Unspecified),
            ("::1", AddressKind::Loopback),
            ("fc00::1", AddressKind::Private),
            ("fd00:ec2::254", AddressKind::Private),
            ("fe80::1", AddressKind::LinkLocal),
            ("fec0::1", AddressKind::Private),
            ("ff02::1", AddressKind::Multicast),
            ("2001:db8::1", AddressKind::Documentation),
            ("3fff::1", AddressKind::Documentation),
            ("2001:2::1", AddressKind::Benchmarking),
            ("2001:10::1", AddressKind::Reserved),
            ("100::1", AddressKind::Reserved),
            ("64:ff9b:1::1", AddressKind::Reserved),
            ("5f00::1", AddressKind::Reserved),
            ("4000::1", AddressKind::Reserved),
        ] {
            let denied = Egress::default().judge(address(text)).expect_err(text);
            assert_eq!(denied.kind, kind, "{text}");
            assert!(
                Egress::new(vec![denied.range]).judge(address(text)).is_ok(),
                "{text} {}",
                denied.range
            );
        }
    }

    #[test]
    fn attack_48_an_ipv4_address_inside_an_ipv6_one_is_judged_as_what_it_is() {
        for text in [
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::ffff:0.0.0.0",
            "::127.0.0.1",
            "::169.254.169.254",
            "::ffff:0:127.0.0.1",
            "64:ff9b::7f00:1",
            "64:ff9b::169.254.169.254",
            "2002:7f00:1::",
            "2002:a00:1::1",
            "2001:0:4136:e378:8000:63bf:3fff:fdd2",
            "2001::1",
            "2600:1:2:3:0:5efe:7f00:1",
            "fe80::5efe:8.8.8.8",
        ] {
            let verdict = Egress::default().judge(address(text));
            // An ISATAP address is judged by both.
            assert!(verdict.is_err(), "{text}");
        }
    }

    #[test]
    fn public_addresses_pass_in_every_form() {
        for text in [
            "1.1.1.1",
            "8.8.8.8",
            "100.63.255.255",
            "100.128.0.0",
            "172.15.255.255",
            "172.32.0.0",
            "223.255.255.255",
            "2606:4700:4700::1111",
            "2001:4860:4860::8888",
            "2a00::1",
            "::ffff:8.8.8.8",
            "64:ff9b::8.8.8.8",
            "2002:808:808::1",
        ] {
            assert_eq!(Egress::default().judge(address(text)), Ok(()), "{text}");
        }
    }

    #[test]
    fn what_the_operator_opens_is_open_and_nothing_else() {
        let egress = Egress::new(vec![
            "10.1.0.0/16".parse().expect("a range"),
            "::1/128".parse().expect("a range"),
        ]);
        for (text, open) in [
            ("10.1.2.3", true),
            ("10.2.0.1", false),
            ("::ffff:10.1.2.3", true),
            ("64:ff9b::10.1.2.3", true),
            ("::1", true),
            ("127.0.0.1", false),
        ] {
            assert_eq!(egress.judge(address(text)).is_ok(), open, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn an_embedded_address_is_judged_like_the_plain_one(plain: u32) {
            let egress = Egress::default();
            let v4 = std::net::Ipv4Addr::from(plain);
            let verdict = egress.judge(IpAddr::V4(v4));
            let [a, b] = [(plain >> 16) as u16, plain as u16];
            for (form, segments) in [
                ("mapped", [0, 0, 0, 0, 0, 0xffff, a, b]),
                ("translated", [0, 0, 0, 0, 0xffff, 0, a, b]),
                ("NAT64", [0x64, 0xff9b, 0, 0, 0, 0, a, b]),
                ("6to4", [0x2002, a, b, 7, 7, 7, 7, 7]),
                ("ISATAP", [0x2600, 1, 2, 3, 0, 0x5efe, a, b]),
            ] {
                let v6 = std::net::Ipv6Addr::from(segments);
                proptest::prop_assert_eq!(egress.judge(IpAddr::V6(v6)), verdict, "{}", form);
            }
        }
    }
}
