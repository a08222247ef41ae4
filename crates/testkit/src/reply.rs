//! What an upstream answers: ordinary replies first, then awkward ones.

use std::io::Write;
use std::time::Duration;

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use http::header::{CONTENT_ENCODING, CONTENT_TYPE, LOCATION, SET_COOKIE};
use http::{HeaderName, HeaderValue, Response, StatusCode};
use serde_json::{Value, json};

use crate::gate::Gate;
use crate::reply_body::{Piece, ReplyBody};
use crate::takeover::Takeover;

/// A reply; clones are sent alike.
#[derive(Clone, Debug)]
pub struct Reply {
    head: Response<()>,
    pieces: Vec<Piece>,
    pub(crate) held_by: Option<Gate>,
    pub(crate) takeover: Option<Takeover>,
}

impl Reply {
    /// A reply with this status and no body.
    ///
    /// # Panics
    /// When there is no such status.
    #[must_use]
    pub fn status(status: u16) -> Reply {
        let mut head = Response::new(());
        *head.status_mut() = StatusCode::from_u16(status).expect("a status of three digits");
        Reply {
            head,
            pieces: Vec::new(),
            held_by: None,
            takeover: None,
        }
    }

    /// A 200 with a JSON body.
    #[must_use]
    pub fn json(body: Value) -> Reply {
        Reply::typed("application/json", body.to_string())
    }

    /// A 200 with a text body.
    #[must_use]
    pub fn text(body: impl Into<Bytes>) -> Reply {
        Reply::typed("text/plain; charset=utf-8", body)
    }

    /// A 200 with an HTML body.
    #[must_use]
    pub fn html(body: impl Into<Bytes>) -> Reply {
        Reply::typed("text/html; charset=utf-8", body)
    }

    /// A 200 with a form-encoded body.
    #[must_use]
    pub fn form(pairs: &[(&str, &str)]) -> Reply {
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(pairs)
            .finish();
        Reply::typed("application/x-www-form-urlencoded", body)
    }

    /// A 302 to `location`; change the status with [`Reply::with_status`].
    #[must_use]
    pub fn redirect(location: &str) -> Reply {
        Reply::status(302).header(LOCATION.as_str(), location)
    }

    /// A 200 whose body says that it is an error, as many APIs do.
    #[must_use]
    pub fn ok_with_error(code: &str) -> Reply {
        Reply::json(json!({ "ok": false, "error": { "code": code } }))
    }

    /// The same with another status.
    ///
    /// # Panics
    /// When there is no such status.
    #[must_use]
    pub fn with_status(mut self, status: u16) -> Reply {
        *self.head.status_mut() = StatusCode::from_u16(status).expect("a status of three digits");
        self
    }

    /// The same with one more header.
    ///
    /// # Panics
    /// When HTTP does not allow such a header; use [`Reply::raw`] to send one nevertheless.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Reply {
        let name: HeaderName = name.parse().expect("a header name");
        let value = HeaderValue::from_bytes(value.as_bytes()).expect("a header value");
        self.head.headers_mut().append(name, value);
        self
    }

    /// The same with one more `Set-Cookie`.
    #[must_use]
    pub fn cookie(self, set_cookie: &str) -> Reply {
        self.header(SET_COOKIE.as_str(), set_cookie)
    }

    /// The same with more bytes at the end of its body.
    #[must_use]
    pub fn then(mut self, bytes: impl Into<Bytes>) -> Reply {
        self.pieces.push(Piece::Bytes(bytes.into()));
        self
    }

    /// The same with a pause after what the body has so far.
    #[must_use]
    pub fn then_pause(mut self, time: Duration) -> Reply {
        self.pieces.push(Piece::Pause(time));
        self
    }

    /// The same with a wait for `gate` after what the body has so far.
    #[must_use]
    pub fn then_wait_for(mut self, gate: &Gate) -> Reply {
        self.pieces.push(Piece::Gate(gate.clone()));
        self
    }

    /// The same with a body that never ends: after what it has so far nothing comes any more.
    #[must_use]
    pub fn then_stall(mut self) -> Reply {
        self.pieces.push(Piece::Forever);
        self
    }

    /// The same with `length` zero bytes, made while they are sent, and not announced.
    #[must_use]
    pub fn then_zeros(mut self, length: u64) -> Reply {
        self.pieces.push(Piece::Zeros(length));
        self
    }

    /// The same, sent only once `gate` is open.
    #[must_use]
    pub fn held_by(mut self, gate: &Gate) -> Reply {
        self.held_by = Some(gate.clone());
        self
    }

    /// The same with its body so far sent one byte at a time, `time` apart.
    #[must_use]
    pub fn dripping(mut self, time: Duration) -> Reply {
        let body = self.body_bytes();
        let drops = body.iter().flat_map(|byte| {
            let drop = Bytes::copy_from_slice(&[*byte]);
            [Piece::Pause(time), Piece::Bytes(drop)]
        });
        self.pieces = drops.collect();
        self
    }

    /// The same with its body so far compressed.
    #[must_use]
    pub fn gzipped(mut self) -> Reply {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder
            .write_all(&self.body_bytes())
            .expect("a vector takes all");
        let packed = encoder.finish().expect("a vector takes all");
        self.pieces = vec![Piece::Bytes(packed.into())];
        self.header(CONTENT_ENCODING.as_str(), "gzip")
    }

    /// A small body that unpacks to `unpacked` zero bytes.
    #[must_use]
    pub fn gzip_bomb(unpacked: usize) -> Reply {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        let zeros = [0; 64 * 1024];
        let mut left = unpacked;
        while left > 0 {
            let now = left.min(zeros.len());
            encoder
                .write_all(&zeros[..now])
                .expect("a vector takes all");
            left -= now;
        }
        let packed = encoder.finish().expect("a vector takes all");
        Reply::typed("application/json", packed).header(CONTENT_ENCODING.as_str(), "gzip")
    }

    /// These bytes as they are in place of a reply, then the end of the connection.
    #[must_use]
    pub fn raw(bytes: impl Into<Bytes>) -> Reply {
        Reply::taken_over(Takeover::Raw(bytes.into()))
    }

    /// The end of the connection in place of a reply.
    #[must_use]
    pub fn hang_up() -> Reply {
        Reply::raw(Bytes::new())
    }

    /// A 200 that announces `length` bytes and ends the connection after `sent`.
    #[must_use]
    pub fn cut_off(length: usize, sent: &str) -> Reply {
        Reply::raw(format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{sent}"
        ))
    }

    /// A reply whose header never comes.
    #[must_use]
    pub fn stalled_header() -> Reply {
        Reply::taken_over(Takeover::Silence(Bytes::new()))
    }

    /// A reply whose header begins and never ends.
    #[must_use]
    pub fn stalled_in_header() -> Reply {
        Reply::taken_over(Takeover::Silence(Bytes::from_static(
            b"HTTP/1.1 200 OK\r\nx-first: 1\r\n",
        )))
    }

    /// Header lines without end.
    #[must_use]
    pub fn endless_headers() -> Reply {
        Reply::taken_over(Takeover::EndlessHeaders)
    }

    /// The reply as hyper sends it.
    pub(crate) fn into_response(self) -> Response<ReplyBody> {
        let body = ReplyBody::new(self.pieces);
        self.head.map(|()| body)
    }

    fn typed(content_type: &str, body: impl Into<Bytes>) -> Reply {
        Reply::status(200)
            .header(CONTENT_TYPE.as_str(), content_type)
            .then(body)
    }

    fn taken_over(takeover: Takeover) -> Reply {
        Reply {
            takeover: Some(takeover),
            ..Reply::status(200)
        }
    }

    fn body_bytes(&self) -> Vec<u8> {
        let bytes = self.pieces.iter().filter_map(|piece| match piece {
            Piece::Bytes(bytes) => Some(bytes.as_ref()),
            _ => None,
        });
        bytes.collect::<Vec<_>>().concat()
    }
}

impl<B: Into<Bytes>> From<Response<B>> for Reply {
    fn from(response: Response<B>) -> Reply {
        let (head, body) = response.into_parts();
        Reply {
            head: Response::from_parts(head, ()),
            ..Reply::status(200).then(body)
        }
    }
}

impl From<Value> for Reply {
    fn from(body: Value) -> Reply {
        Reply::json(body)
    }
}

impl From<u16> for Reply {
    fn from(status: u16) -> Reply {
        Reply::status(status)
    }
}
