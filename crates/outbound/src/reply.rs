//! What came back.

use std::net::SocketAddr;

use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode, Version};
use url::Url;

use crate::error::OutboundError;
use crate::reply_body::ReplyBody;

/// The last hop's reply, and what happened on the way to it.
#[derive(Debug)]
pub struct Reply {
    /// Status.
    pub status: StatusCode,
    /// The protocol it came by.
    pub version: Version,
    /// Headers.
    pub headers: HeaderMap,
    /// The URL that answered, without what was attached to it.
    pub url: Url,
    /// Every hop, this reply's last.
    pub hops: Vec<HopTaken>,
    /// The cookies accepted over all hops, the newest value of each name, in the order they
    /// were set; a cookie that a later hop took back is not among them.
    pub set_cookies: Vec<(String, String)>,
    /// The address that was really dialled: the host's, or the proxy's.
    pub remote: Option<SocketAddr>,
    /// The body, as it was sent (perhaps compressed).
    pub body: ReplyBody,
}

/// One hop in passing.
#[derive(Clone, Debug)]
pub struct HopTaken {
    /// The method used.
    pub method: Method,
    /// The URL called, without what was attached to it.
    pub url: Url,
    /// What it answered.
    pub status: StatusCode,
}

/// A reply without its body. `headers` no longer has `Content-Encoding` where the body was
/// decoded.
#[derive(Debug)]
pub struct Parts {
    /// Status.
    pub status: StatusCode,
    /// The protocol it came by.
    pub version: Version,
    /// Headers.
    pub headers: HeaderMap,
    /// The URL that answered, without what was attached to it.
    pub url: Url,
    /// Every hop, this reply's last.
    pub hops: Vec<HopTaken>,
    /// See [`Reply::set_cookies`].
    pub set_cookies: Vec<(String, String)>,
    /// See [`Reply::remote`].
    pub remote: Option<SocketAddr>,
}

impl Reply {
    /// The whole body, decoded. Both what was sent and what it decodes to are at most `limit`
    /// bytes, or it is [`OutboundError::BodyTooLarge`].
    pub async fn read(self, limit: usize) -> Result<(Parts, Bytes), OutboundError> {
        let (mut parts, encoded) = self.read_encoded(limit).await?;
        let decoded = crate::decode(&parts.headers, &encoded, limit)?;
        if parts
            .headers
            .remove(http::header::CONTENT_ENCODING)
            .is_some()
        {
            parts.headers.remove(http::header::CONTENT_LENGTH);
        }
        Ok((parts, decoded))
    }

    /// The whole body as it was sent, of at most `limit` bytes.
    pub async fn read_encoded(self, limit: usize) -> Result<(Parts, Bytes), OutboundError> {
        let (parts, body) = self.into_parts();
        let bytes = body.collect(limit).await?;
        Ok((parts, bytes))
    }

    /// The reply and its body apart.
    pub fn into_parts(self) -> (Parts, ReplyBody) {
        let Self {
            status,
            version,
            headers,
            url,
            hops,
            set_cookies,
            remote,
            body,
        } = self;
        (
            Parts {
                status,
                version,
                headers,
                url,
                hops,
                set_cookies,
                remote,
            },
            body,
        )
    }
}
