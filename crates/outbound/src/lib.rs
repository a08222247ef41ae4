//! Every byte that leaves: one dialer, cookie jar, redirects, limits.
//!
//! No other crate opens a socket to an address that a definition or a user names, so the
//! egress policy, the bounds on size and time, and the rule that what was attached for one
//! origin never reaches another are kept here, once, for sign-in flows and calls alike.
//!
//! # Layout
//! - [`Client`] (`client.rs`): one exchange over all its redirects; the story of this crate
//! - `exchange.rs`: one hop: a connection from the pool or a new one, and one resend at most
//! - `bound.rs`: one hop on a connection that is signed in as somebody
//! - `redirect.rs`: where a redirect leads, and what may go along; pure
//! - [`Outgoing`] (`outgoing.rs`), [`Attach`] (`attach.rs`): what is sent, and who adds to it
//! - [`Reply`] (`reply.rs`, `reply_body.rs`), [`decode`] (`decode.rs`): what came back
//! - [`Egress`] (`egress.rs`), [`Resolver`] (`resolver.rs`), `dial.rs`: which addresses may be dialled
//! - [`ProxyEnv`] (`proxy.rs`), `tunnel.rs`: proxies the operator names
//! - [`Dialer`] (`dialer.rs`), `place.rs`, `tls.rs`, `given_certificate.rs`, `wire.rs`: from a URL to an open stream
//! - [`ClientCertificate`] (`client_certificate.rs`): what a client proves itself by while it connects
//! - `connection.rs`, `pool.rs`: HTTP on it for flows, on any thread, and keeping it
//! - [`LocalPool`] (`local/`): the same for calls, on one thread, where each instruction counts
//! - [`Jar`] (`jar.rs`), `set_cookie.rs`, `cookie_date.rs`: cookies by RFC 6265bis
//! - [`Signing`] (`sign.rs`): schemes that sign each request, one file each
//! - [`Settings`] (`settings.rs`), [`OutboundError`] (`error.rs`)

mod attach;
mod bound;
mod client;
mod client_certificate;
mod connection;
mod cookie_date;
mod deadline;
mod decode;
mod dial;
mod dialer;
mod egress;
mod error;
mod exchange;
mod given_certificate;
mod jar;
mod local;
mod outgoing;
mod place;
mod pool;
mod progress;
mod proxy;
mod redirect;
mod reply;
mod reply_body;
mod resolver;
mod set_cookie;
mod settings;
mod sign;
mod tls;
mod tunnel;
mod wire;

pub use attach::{Attach, Hop, HopBody, Leaving};
pub use client::Client;
pub use client_certificate::{ClientCertificate, ClientCertificateError};
pub use decode::decode;
pub use dialer::Dialer;
pub use egress::{AddressKind, Denied, Egress};
pub use error::{BoxError, OutboundError, Phase};
pub use ipnet::IpNet;
pub use jar::{CookieChange, Jar, KeptCookie, ReadyCookies};
pub use local::{
    CallBody, Counts, LocalBody, LocalPool, PoolLimits, Reuse, SendError, Terms, UpstreamId,
};
pub use outgoing::{Cookies, OutBody, Outgoing, Redirects};
pub use proxy::ProxyEnv;
pub use reply::{HopTaken, Parts, Reply};
pub use reply_body::ReplyBody;
pub use resolver::{Lookup, Resolver};
pub use settings::{Limits, Settings};
pub use sign::{
    Account, AssumeRole, AwsSigV4, Challenge, Digest, Dpop, DpopKey, Encoding, Facts, Fresh,
    HashKind, Hawk, Hmac, Ntlm, OAuth1, OAuth1KeyError, OAuth1Method, OAuth1Place, Proves,
    Signature, SignedPlace, Signer, Signing, Text, USE_DPOP_NONCE, Unsigned, wants_dpop_nonce,
};
