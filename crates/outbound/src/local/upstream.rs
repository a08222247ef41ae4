//! One upstream: its connections, and a request as they take it.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use http::header::{CONNECTION, CONTENT_LENGTH, HOST};
use http::uri::{Authority, PathAndQuery, Scheme};
use http::{HeaderValue, Method, Request, Uri, Version};
use hyper::client::conn::http2;
use tokio::sync::Notify;

use crate::error::OutboundError;
use crate::place::Place;

use super::call_body::CallBody;
use super::deadlines::Seconds;
use super::line::Line;
use super::local_pool::Shared;
use super::terms::Reuse;

/// Seconds that a connection whose reply was read may take to be ready again.
const SETTLING: Seconds = 2;

/// A host, and the connections to it.
pub(super) struct Upstream<B> {
    pub(super) shared: Rc<Shared>,
    pub(super) place: Place,
    scheme: Scheme,
    authority: Authority,
    host: HeaderValue,
    waiting: RefCell<Waiting<B>>,
    /// The one connection over HTTP/2, if that is spoken.
    pub(super) http2: RefCell<Option<http2::SendRequest<B>>>,
    /// Whether the host has spoken HTTP/2, so that one connection is enough.
    pub(super) spoke_http2: Cell<bool>,
    /// Whether it has sent more headers than a reply usually has room for. Room for all that are
    /// allowed costs two allocations a reply, and hardly any host needs it.
    pub(super) wide: Cell<bool>,
    /// Connections being opened.
    pub(super) dialling: Cell<usize>,
    /// Calls that wait for a connection or for leave to open one.
    pub(super) queued: Cell<usize>,
    pub(super) freed: Notify,
}

/// What a request is sent on.
pub(super) enum Carrier<B> {
    Http1(Box<Line<B>>),
    Http2(http2::SendRequest<B>),
}

struct Waiting<B> {
    /// Ready for a request; the last put in is taken first.
    idle: Vec<Idle<B>>,
    /// Replied, but not yet done with the exchange, as when the request is still being sent.
    settling: Vec<Idle<B>>,
}

struct Idle<B> {
    line: Box<Line<B>>,
    since: Seconds,
}

impl<B: CallBody> Upstream<B> {
    pub(super) fn new(shared: Rc<Shared>, place: Place) -> Option<Self> {
        let shown = place.shown();
        Some(Self {
            shared,
            scheme: if place.tls {
                Scheme::HTTPS
            } else {
                Scheme::HTTP
            },
            authority: shown.parse().ok()?,
            host: shown.parse().ok()?,
            place,
            waiting: RefCell::new(Waiting {
                idle: Vec::new(),
                settling: Vec::new(),
            }),
            http2: RefCell::new(None),
            spoke_http2: Cell::new(false),
            wide: Cell::new(false),
            dialling: Cell::new(0),
            queued: Cell::new(0),
            freed: Notify::new(),
        })
    }

    /// A connection that is there.
    pub(super) fn take(&self, reuse: Reuse) -> Option<Carrier<B>> {
        if reuse == Reuse::Never {
            return None;
        }
        let mut waiting = self.waiting.borrow_mut();
        while let Some(last) = waiting.idle.last() {
            if reuse == Reuse::Fresh && !self.is_fresh(last) {
                return None;
            }
            if let Some(Idle { line, .. }) = waiting.idle.pop()
                && line.sender.is_ready()
            {
                return Some(Carrier::Http1(line));
            }
        }
        if let Some(settled) = waiting.settling.iter().position(Idle::is_ready) {
            let Idle { line, .. } = waiting.settling.swap_remove(settled);
            return Some(Carrier::Http1(line));
        }
        drop(waiting);
        let shared = self.http2.borrow();
        let sender = shared.as_ref().filter(|sender| sender.is_ready())?;
        Some(Carrier::Http2(sender.clone()))
    }

    fn is_fresh(&self, idle: &Idle<B>) -> bool {
        // Whole seconds: one more may have passed than was counted.
        let passed = self.shared.deadlines.now().saturating_sub(idle.since);
        u64::from(passed) < self.shared.dialer.limits().fresh.as_secs()
    }

    /// The request as HTTP/1.1 has it.
    pub(super) fn make_http1(&self, request: &mut Request<B>) -> Result<(), OutboundError> {
        *request.version_mut() = Version::HTTP_11;
        let method = request.method();
        if *method == Method::CONNECT {
            return Err(self.bad("the method CONNECT is not for requests".to_owned()));
        }
        if [Method::POST, Method::PUT, Method::PATCH].contains(method)
            && request.body().is_end_stream()
        {
            // Some servers insist on hearing that there is nothing (RFC 9110 8.6).
            let none = HeaderValue::from_static("0");
            request.headers_mut().insert(CONTENT_LENGTH, none);
        }
        if request.uri().scheme().is_some() {
            let path = request.uri().path_and_query().cloned();
            let path = path.unwrap_or_else(|| PathAndQuery::from_static("/"));
            *request.uri_mut() = Uri::from(path);
            request.headers_mut().insert(HOST, self.host.clone());
        }
        Ok(())
    }

    /// The request as HTTP/2 has it: where it goes is part of its target.
    pub(super) fn make_http2(&self, request: &mut Request<B>) -> Result<(), OutboundError> {
        let path = request.uri().path_and_query().cloned();
        let target = Uri::builder()
            .scheme(self.scheme.clone())
            .authority(self.authority.clone())
            .path_and_query(path.unwrap_or_else(|| PathAndQuery::from_static("/")));
        *request.uri_mut() = target
            .build()
            .map_err(|error| self.bad(error.to_string()))?;
        *request.version_mut() = Version::HTTP_2;
        let headers = request.headers_mut();
        headers.remove(HOST);
        // What it names would go too, `TE: trailers` among it, which has its place in HTTP/2 (RFC 9113 8.2.2).
        headers.remove(CONNECTION);
        Ok(())
    }

    fn bad(&self, problem: String) -> OutboundError {
        OutboundError::Request {
            host: self.place.shown(),
            problem,
        }
    }
}

impl<B> Upstream<B> {
    /// Keeps a connection whose reply was read for the next request.
    pub(super) fn give(&self, line: Box<Line<B>>) {
        let since = self.shared.deadlines.now();
        let ready = line.sender.is_ready();
        if (!ready && line.sender.is_closed()) || (self.wide.get() && !line.wide) {
            return;
        }
        let mut waiting = self.waiting.borrow_mut();
        let Waiting { idle, settling } = &mut *waiting;
        let kept = if ready { idle } else { settling };
        if kept.len() < self.shared.limits.idle {
            kept.push(Idle { line, since });
        }
        drop(waiting);
        self.wake_queued();
    }

    /// Makes room for more headers, on connections to come; `false` where there was.
    pub(super) fn widen(&self) -> bool {
        let mut waiting = self.waiting.borrow_mut();
        waiting.idle.clear();
        waiting.settling.clear();
        self.shared.dialer.note_wide(&self.place);
        !self.wide.replace(true)
    }

    /// Lets one of those go on who wait for a connection.
    pub(super) fn wake_queued(&self) {
        if self.queued.get() > 0 {
            self.freed.notify_one();
        }
    }

    /// Closes what has been unused for too long, and keeps what has become ready.
    pub(super) fn sweep(&self) {
        let now = self.shared.deadlines.now();
        let longest = self.shared.dialer.limits().idle_timeout.as_secs();
        let unused = |idle: &Idle<B>| u64::from(now.saturating_sub(idle.since));
        let mut waiting = self.waiting.borrow_mut();
        let Waiting { idle, settling } = &mut *waiting;
        idle.retain(|idle| idle.is_ready() && unused(idle) <= longest);
        idle.extend(settling.extract_if(.., |idle| idle.is_ready()));
        settling.retain(|idle| !idle.line.sender.is_closed() && unused(idle) <= SETTLING.into());
        let mut shared = self.http2.borrow_mut();
        if shared.as_ref().is_some_and(|sender| !sender.is_ready()) {
            *shared = None;
        }
    }

    /// How many connections wait for a request.
    pub(super) fn idle(&self) -> usize {
        self.waiting.borrow().idle.len()
    }
}

impl<B> Idle<B> {
    fn is_ready(&self) -> bool {
        self.line.sender.is_ready()
    }
}
