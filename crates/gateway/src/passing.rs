//! A caller's request on its way to below the base URL: its fields, its body, and as many sendings as are needed.

use crate::attached::Attached;
use crate::error::CallError;
use crate::origin_form::AttachedQuery;
use crate::prepared::Prepared;
use crate::route::Route;
use crate::teed_body::{SentBody, Tee};
use crate::travel::Travelling;
use crate::tunnel::{Tunnel, wants_websocket};
use http::header::{CONNECTION, HOST, HeaderName, HeaderValue, TE, UPGRADE, USER_AGENT};
use http::request::Parts;
use http::{HeaderMap, Method, Request, Uri};
use http_body::Body;
use hyper::body::Incoming;
use outbound::{Reuse, Signing, Terms, Unsigned};
use std::cell::Cell;
use std::pin::Pin;
use std::time::Duration;
use url::{Position, Url};

/// What an API may take for its answer, as on the general path.
const WITHIN: Duration = Duration::from_secs(30);
/// The same where a large body goes there first: it takes as long as it takes, but may not stand still for [`WITHIN`].
const WITHIN_UPLOAD: Duration = Duration::from_secs(24 * 3600);
/// Sent where the caller says nothing.
pub(crate) const OUR_USER_AGENT: HeaderValue =
    HeaderValue::from_static(concat!("stepgate/", env!("CARGO_PKG_VERSION")));

/// Room for the fields that a request gets beside the caller's and the connector's, so that the map does not grow.
const ROOM: usize = 3;

/// A caller's request.
pub(crate) struct Passing<'a> {
    pub(crate) method: Method,
    below: &'a str,
    /// The caller's, less what is not a caller's to send.
    fields: Vec<(HeaderName, HeaderValue)>,
    /// The map that they came in, empty, until the first sending takes it: hyper hands maps on from message to message,
    /// so that it has room for all.
    map: Cell<Option<HeaderMap>>,
    /// Whether the caller takes trailers.
    trailers: bool,
    body: Option<Tee<Incoming>>,
    pub(crate) terms: Terms,
    /// The caller's end, where a WebSocket is asked for.
    pub(crate) tunnel: Option<Tunnel>,
}

impl<'a> Passing<'a> {
    /// The fields of the head are taken out of it.
    pub(crate) fn new(head: &mut Parts, body: Incoming, below: &'a str) -> Self {
        let tunnel = match wants_websocket(head) {
            true => Tunnel::from_caller(head),
            false => None,
        };
        let Travelling {
            mut fields,
            takes_trailers,
            has_user_agent,
        } = Travelling::take(&mut head.headers);
        if !has_user_agent {
            fields.push((USER_AGENT, OUR_USER_AGENT));
        }
        let length = body.size_hint().upper();
        let is_small = length.is_some_and(|length| length <= crate::BODY_LIMIT as u64);
        let repeatable = head.method.is_idempotent() && is_small;
        let terms = Terms {
            within: if is_small { WITHIN } else { WITHIN_UPLOAD },
            reuse: if repeatable { Reuse::Any } else { Reuse::Fresh },
        };
        Self {
            method: head.method.clone(),
            below,
            fields,
            map: Cell::new(Some(std::mem::take(&mut head.headers))),
            trailers: takes_trailers,
            body: (!body.is_end_stream()).then(|| Tee::new(body)),
            terms,
            tunnel,
        }
    }

    /// The request for one sending. The one before it ends here and now.
    pub(crate) fn request(
        &self,
        prepared: &Prepared,
        attached: &Attached,
    ) -> Result<Request<SentBody<Incoming>>, CallError> {
        let base = &prepared.route().base;
        let target = base.target(self.below, &attached.query)?;
        let body = match &self.body {
            None => SentBody::Empty,
            Some(tee) => SentBody::Teed(tee.next()),
        };
        let mut headers = self.map.take().unwrap_or_default();
        headers.reserve(self.fields.len() + attached.len() + ROOM);
        for (name, value) in &self.fields {
            headers.append(name.clone(), value.clone());
        }
        if self.tunnel.is_some() {
            Tunnel::ask(&mut headers);
        } else if self.trailers {
            headers.insert(TE, HeaderValue::from_static("trailers"));
            headers.insert(CONNECTION, HeaderValue::from_static("te"));
        }
        attached.put(&mut headers);
        if let Some(host) = &prepared.host {
            headers.insert(HOST, host.clone());
        }
        let mut request = Request::new(body);
        *request.method_mut() = self.method.clone();
        *request.uri_mut() = Uri::from(target);
        *request.headers_mut() = headers;
        match &attached.signing {
            Some(signing) => sign_handshake(request, prepared.route(), signing),
            None => Ok(request),
        }
    }

    /// Where it goes, without what is attached.
    pub(crate) fn url(&self, route: &Route) -> Result<Url, CallError> {
        let target = route.base.target(self.below, &AttachedQuery::default())?;
        let joined = route.base.url().join(target.as_str());
        joined.map_err(|_| CallError::BadPath("The path is not one that can be sent."))
    }

    /// Whether all that was sent of the body is still there.
    pub(crate) fn is_kept(&self) -> bool {
        self.body.as_ref().is_none_or(Tee::is_kept)
    }

    /// Whether the body takes as long as it takes.
    pub(crate) fn is_large(&self) -> bool {
        self.terms.within > WITHIN
    }

    /// Where the body is not small: returns once the sending stands still.
    pub(crate) fn stalled(&self) -> Option<Pin<Box<dyn Future<Output = ()>>>> {
        let tee = self.body.as_ref()?;
        self.is_large().then(|| Box::pin(tee.stalled(WITHIN)) as _)
    }

    /// The error for one that does.
    pub(crate) fn took_too_long(&self, prepared: &Prepared) -> CallError {
        let host = prepared.route().base.url().host_str().unwrap_or_default();
        let seconds = WITHIN.as_secs();
        CallError::NoReply {
            code: "api_timeout",
            message: format!("{host} took too long: given up after nothing moved for {seconds} s"),
        }
    }

    /// Ends the sending that is under way: what is still to come of the body is for the next.
    pub(crate) fn stop(&self) {
        if let Some(tee) = &self.body {
            tee.stop();
        }
    }

    /// No further sending is to come.
    pub(crate) fn keep_no_more(&self) {
        if let Some(tee) = &self.body {
            tee.keep_no_more();
        }
    }
}

/// Signs the handshake of a WebSocket, which alone of all signed calls passes by here.
fn sign_handshake(
    mut request: Request<SentBody<Incoming>>,
    route: &Route,
    signing: &Signing,
) -> Result<Request<SentBody<Incoming>>, CallError> {
    let target = request.uri().to_string();
    let bad_path = |_| CallError::BadPath("The path is not one that can be sent.");
    let mut url = route.base.url().join(&target).map_err(bad_path)?;
    let mut headers = request.headers().clone();
    for of_the_hop in [HOST, CONNECTION, UPGRADE] {
        headers.remove(of_the_hop);
    }
    let unsigned = Unsigned {
        method: request.method(),
        url: &url,
        headers: &headers,
        body: Some(&[]),
    };
    let signature = signing
        .sign_alone(&unsigned)
        .ok_or_else(unsigned_websocket)??;
    signature.put_on(&mut url, request.headers_mut());
    let target = &url[Position::BeforePath..Position::AfterQuery];
    *request.uri_mut() = target
        .parse()
        .map_err(|_| CallError::BadPath("The path is not one that can be sent."))?;
    Ok(request)
}

/// A WebSocket that would have to be signed in a way that needs more than its handshake.
fn unsigned_websocket() -> CallError {
    CallError::WebSocketRefused(
        "its sign-in type first asks for a challenge or for a role, for which a handshake has no room",
    )
}
