//! What is to be sent, before any hop of it.

use std::sync::Mutex;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Method};
use http_body_util::combinators::BoxBody;
use url::Url;

use crate::client_certificate::ClientCertificate;
use crate::error::BoxError;
use crate::jar::Jar;
use crate::progress::LONG;
use crate::sign::Signing;

/// A request as its caller means it.
///
/// `Host`, `Content-Length` and `Transfer-Encoding` are made here from the URL and the body,
/// whatever `headers` says.
#[derive(Debug)]
pub struct Outgoing {
    /// The method; `CONNECT` is refused.
    pub method: Method,
    /// Where to; a user name and password in it become Basic authorization of the first hop.
    pub url: Url,
    /// The caller's own headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: OutBody,
    /// What comes after a body that is in memory; a streamed one brings its own.
    pub trailers: HeaderMap,
    /// Time for the whole exchange: all hops, and the reply's body too. A body that streams, or is larger than 1 MiB, takes
    /// as long as it takes, but does not stand still for so long; then as much is left for the reply.
    pub timeout: Duration,
    /// Whether redirects are followed.
    pub redirects: Redirects,
    /// Ask for a compressed reply where the caller has no `Accept-Encoding` of its own;
    /// [`crate::Reply::read`] decodes it.
    pub accept_encoding: bool,
    /// Origins (such as `https://api.example.org`) that may have the caller's headers and body
    /// after a redirect, beside the URL's own.
    pub credential_origins: Vec<String>,
    /// Signs each hop, last of all, as long as the chain of redirects has stayed with the URL's
    /// own origin and those above.
    pub signing: Option<Signing>,
    /// Shown to whom it connects, over https alone, as long as the chain of redirects has stayed there too.
    pub client_certificate: Option<ClientCertificate>,
}

impl Outgoing {
    /// A request without headers and body, with 30 s to finish, that follows no redirect.
    pub fn new(method: Method, url: Url) -> Self {
        Self {
            method,
            url,
            headers: HeaderMap::new(),
            body: OutBody::Empty,
            trailers: HeaderMap::new(),
            timeout: Duration::from_secs(30),
            redirects: Redirects::Stop,
            accept_encoding: true,
            credential_origins: Vec::new(),
            signing: None,
            client_certificate: None,
        }
    }
}

/// The body of a request.
#[derive(Default)]
pub enum OutBody {
    /// None.
    #[default]
    Empty,
    /// In memory: can be sent again, and added to by [`crate::Attach`].
    Bytes(Bytes),
    /// Streamed: sent once at most.
    Stream(BoxBody<Bytes, BoxError>),
}

impl OutBody {
    /// Whether sending it may rightly take longer than a reply.
    pub(crate) fn takes_long(&self) -> bool {
        match self {
            Self::Empty => false,
            Self::Bytes(bytes) => bytes.len() > LONG,
            Self::Stream(_) => true,
        }
    }

    /// All of it; none where it streams.
    pub(crate) fn in_memory(&self) -> Option<&[u8]> {
        match self {
            Self::Empty => Some(&[]),
            Self::Bytes(bytes) => Some(bytes),
            Self::Stream(_) => None,
        }
    }
}

impl std::fmt::Debug for OutBody {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Empty => f.write_str("Empty"),
            Self::Bytes(bytes) => write!(f, "Bytes({} bytes)", bytes.len()),
            Self::Stream(_) => f.write_str("Stream"),
        }
    }
}

/// What to do about a redirect.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Redirects {
    /// It is the reply.
    #[default]
    Stop,
    /// Go there, up to the limit.
    Follow,
}

/// What the exchange has to do with a cookie jar. Locks are held for moments only, never
/// while waiting.
#[derive(Clone, Copy)]
pub enum Cookies<'a> {
    /// No jar: cookies are neither sent nor kept.
    None,
    /// Cookies that come are kept, none is sent.
    StoreOnly(&'a Mutex<Jar>),
    /// Cookies are sent and kept.
    Jar(&'a Mutex<Jar>),
}
