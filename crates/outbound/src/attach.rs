//! The hook by which a caller adds material to a request, once for every hop of it.
//!
//! What it adds is on that hop only: the next one starts again from the caller's request, so
//! nothing attached for one origin can drift to another.

use std::time::SystemTime;

use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode};
use url::Url;

use crate::error::OutboundError;
use crate::jar::Jar;
use crate::outgoing::Cookies;

/// Adds credentials, request parameters or signatures.
///
/// Called for the first hop and for every redirect that is followed, after the jar's `Cookie`
/// header was set. It has to look at [`Hop::url`] and add nothing secret where that origin may
/// not have it. It is not called where a redirect fell from https to plain http.
pub trait Attach: Send + Sync {
    /// Adds to this hop. An error ends the exchange before the hop is sent.
    fn attach(&self, hop: &mut Hop<'_>) -> Result<(), OutboundError>;

    /// Sees each hop as it leaves, signed and all.
    fn leaving(&self, _hop: &Leaving<'_>) {}

    /// Sees what the hop that left last was answered with.
    fn answered(&self, _status: StatusCode, _headers: &HeaderMap) {}
}

/// A hop as it leaves.
pub struct Leaving<'a> {
    /// The method.
    pub method: &'a Method,
    /// Where to.
    pub url: &'a Url,
    /// Every header but those of the connection.
    pub headers: &'a HeaderMap,
    /// The body; none where it streams.
    pub body: Option<&'a [u8]>,
}

/// One request on its way to one origin.
pub struct Hop<'a> {
    /// Where to. The query may be changed; a change of anything before it is an error.
    pub url: &'a mut Url,
    /// The method of this hop.
    pub method: &'a Method,
    /// The headers as they will be sent.
    pub headers: &'a mut HeaderMap,
    /// The body as it will be sent.
    pub body: HopBody<'a>,
    cookies: Cookies<'a>,
    now: SystemTime,
}

/// The body of one hop.
pub enum HopBody<'a> {
    /// None.
    Empty,
    /// In memory, and may be replaced.
    Buffered(&'a mut Bytes),
    /// Streamed: it cannot be added to.
    Streamed,
}

impl<'a> Hop<'a> {
    /// A hop; made by the client, and by tests of hooks.
    pub fn new(
        url: &'a mut Url,
        method: &'a Method,
        headers: &'a mut HeaderMap,
        body: HopBody<'a>,
        cookies: Cookies<'a>,
        now: SystemTime,
    ) -> Self {
        Self {
            url,
            method,
            headers,
            body,
            cookies,
            now,
        }
    }

    /// The newest value of a cookie for this URL, whether or not the jar is sent.
    pub fn cookie(&self, name: &str) -> Option<String> {
        match self.cookies {
            Cookies::None => None,
            Cookies::StoreOnly(jar) | Cookies::Jar(jar) => {
                Jar::lock(jar).get(self.url, name, self.now)
            }
        }
    }
}
