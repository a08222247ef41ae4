//! One call on a lane: the phases of a call with what is ready made, the caller's body on its way, and a second sending after a renewal.

use crate::answered::{Answered, Timings};
use crate::attached::{Attached, jar};
use crate::error::CallError;
use crate::lane::Lane;
use crate::lane_body::{LaneBody, Streamed};
use crate::origin_form::AttachedQuery;
use crate::prepared::{Attaching, Prepared};
use crate::renew::{Credential, ahead, check_repeatable, is_wanted, may_help};
use crate::route::Route;
use crate::teed_body::{SentBody, Tee};
use crate::travel::{strip_for_the_api, strip_for_the_caller};
use crate::tunnel::{Tunnel, wants_websocket};
use crate::verdict::Verdict;
use connection::{Handle, Why};
use flow::Silent;
use http::header::{
    CONNECTION, CONTENT_TYPE, HOST, HeaderValue, LOCATION, SET_COOKIE, TE, USER_AGENT,
};
use http::response::Parts;
use http::uri::PathAndQuery;
use http::{HeaderMap, Method, Request, Response, StatusCode, Uri, Version};
use http_body::Body;
use hyper::body::Incoming;
use hyper::upgrade::Upgraded;
use outbound::{Reuse, SendError, Terms, UpstreamId};
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};
use url::Url;

/// What an API may take for its answer, as on the general path.
const WITHIN: Duration = Duration::from_secs(30);
/// The same where a large body goes there first: it takes as long as it takes, and its pauses are the listener's to bound.
const WITHIN_UPLOAD: Duration = Duration::from_secs(3600);
/// The longest pause of a body on its way to the caller, where it is too large to be there within the time of the call.
const PAUSE: Duration = Duration::from_secs(60);
/// The longest pause of an event stream, which may have nothing to tell for a while.
const EVENT_PAUSE: Duration = Duration::from_secs(600);
/// A body of at most so many bytes comes within the call's time.
const SMALL: u64 = 64 * 1024;
/// Sent where the caller says nothing.
const OUR_USER_AGENT: HeaderValue =
    HeaderValue::from_static(concat!("stepgate/", env!("CARGO_PKG_VERSION")));

/// A caller's request on its way.
pub(crate) struct LaneCall<'a> {
    lane: &'a Lane,
    method: Method,
    below: &'a str,
    /// The caller's, less what is not a caller's to send.
    headers: HeaderMap,
    body: Option<Tee<Incoming>>,
    terms: Terms,
    tunnel: Option<Tunnel>,
    upstream: UpstreamId,
    host: HeaderValue,
    timings: Timings,
    begun: Instant,
}

/// What came of one sending.
struct Sent {
    parts: Parts,
    body: Streamed,
    upgraded: Option<Upgraded>,
    target: PathAndQuery,
}

impl<'a> LaneCall<'a> {
    pub(crate) fn new(
        lane: &'a Lane,
        mut request: Request<Incoming>,
        below: &'a str,
        upstream: UpstreamId,
        host: HeaderValue,
    ) -> Self {
        let begun = Instant::now();
        let tunnel = wants_websocket(&request).then(|| Tunnel::from_caller(&mut request));
        let (head, body) = request.into_parts();
        let mut headers = head.headers;
        let trailers = asks_for_trailers(&headers);
        strip_for_the_api(&mut headers);
        if tunnel.is_some() {
            Tunnel::ask(&mut headers);
        } else if trailers {
            headers.insert(TE, HeaderValue::from_static("trailers"));
            headers.insert(CONNECTION, HeaderValue::from_static("te"));
        }
        headers.entry(USER_AGENT).or_insert(OUR_USER_AGENT);
        let length = body.size_hint().upper();
        let is_small = length.is_some_and(|length| length <= crate::BODY_LIMIT as u64);
        let repeatable = head.method.is_idempotent() && is_small;
        let terms = Terms {
            within: if is_small { WITHIN } else { WITHIN_UPLOAD },
            reuse: if repeatable { Reuse::Any } else { Reuse::Fresh },
        };
        Self {
            lane,
            method: head.method,
            below,
            headers,
            body: (!body.is_end_stream()).then(|| Tee::new(body)),
            terms,
            tunnel,
            upstream,
            host,
            timings: Timings::default(),
            begun,
        }
    }

    /// Sends it, and once more where the session was over and one renewal worked.
    pub(crate) async fn send(
        mut self,
        prepared: &Rc<Prepared>,
        handle: &Arc<Handle>,
    ) -> Result<Answered, CallError> {
        let lane = self.lane;
        let mut credential = Credential {
            handle: Some(handle.clone()),
            renewed: false,
        };
        let mut prepared = prepared.clone();
        let mut handle = handle.clone();
        let equipped = prepared.route().clone();
        let equipped = equipped.equipped();
        if is_wanted(&lane.connections, equipped, &handle) {
            credential = self.renewed_ahead(prepared.route(), handle.clone()).await?;
        }
        let mut attempts = 0;
        loop {
            if let Some(fresh) = &credential.handle
                && !Arc::ptr_eq(fresh, &handle)
            {
                handle = fresh.clone();
                prepared = lane.prepare(prepared.route(), Some(handle.clone()));
            }
            let sent = self.send_once(&prepared, &handle, attempts).await?;
            attempts += 1;
            let route = prepared.route();
            self.keep_cookies(route, &handle, &sent);
            let Sent {
                parts,
                body,
                upgraded,
                target,
            } = sent;
            let (over, body) = match route.over.at(parts.status) {
                Some(over) => (over, LaneBody::streamed(self.bounded(&parts, body))),
                None => {
                    let verdict = Verdict {
                        lane,
                        route,
                        handle: &handle,
                        method: &self.method,
                        url: || {
                            let bare = route.base.target(self.below, &AttachedQuery::default())?;
                            url_of(route, &bare)
                        },
                    };
                    verdict.reach(&parts, self.bounded(&parts, body)).await?
                }
            };
            if over && may_help(&lane.connections, equipped, &credential, &handle, attempts) {
                drop(body);
                let fresh = self.renewed_after(route, &handle).await?;
                credential = Credential {
                    handle: Some(fresh),
                    renewed: true,
                };
                continue;
            }
            if !over && handle.is_unproven() {
                handle.note_taken();
            }
            if let Some(tee) = &self.body {
                tee.keep_no_more();
            }
            let mut response = Response::from_parts(parts, body);
            self.polish(route, &mut response, &target, upgraded);
            self.timings.total = self.begun.elapsed();
            return Ok(Answered {
                response,
                attempts,
                renewed: credential.renewed,
                over,
                unexpected: None,
                timings: self.timings,
                handle: credential.handle,
            });
        }
    }

    /// One sending; a repetition of it where a connection was given up before anything came back counts as the same.
    async fn send_once(
        &mut self,
        prepared: &Prepared,
        handle: &Arc<Handle>,
        attempts: u8,
    ) -> Result<Sent, CallError> {
        let lane = self.lane;
        let route = prepared.route();
        let now = lane.connections.engine().clock.unix();
        let made = prepared.made(&lane.connections, handle, now);
        let own;
        let attached = match &made.attaching {
            Attaching::Same(attached) => attached,
            Attaching::Failed(error) => return Err(error.clone()),
            Attaching::PerCall => {
                let target = route.base.target(self.below, &AttachedQuery::default())?;
                let url = url_of(route, &target)?;
                let (connections, equipped) = (&lane.connections, route.equipped());
                own = Attached::make(connections, equipped, handle, &self.method, &url)?;
                &own
            }
        };
        let target = route.base.target(self.below, &attached.query)?;
        let mut terms = self.terms;
        let waiting = Instant::now();
        let (response, upgraded) = loop {
            let last = attempts > 0;
            let request = self.request(attached, target.clone(), last);
            let sent = if self.tunnel.is_some() {
                lane.pool
                    .upgrade(self.upstream, request, terms.within)
                    .await
            } else {
                let sent = lane.pool.send(self.upstream, request, terms).await;
                sent.map(|response| (response, None))
            };
            match sent {
                Ok(answered) => break answered,
                Err(SendError { silent: true, .. }) if self.may_repeat(terms) => {
                    terms.reuse = Reuse::Never;
                }
                Err(failed) => return Err(failed.error.into()),
            }
        };
        self.timings.upstream += waiting.elapsed();
        {
            let _back = lane.back.enter();
            lane.connections.note_used(handle);
        }
        let (parts, body) = response.into_parts();
        Ok(Sent {
            parts,
            body,
            upgraded,
            target,
        })
    }

    /// The request for one sending.
    fn request(
        &self,
        attached: &Attached,
        target: PathAndQuery,
        last: bool,
    ) -> Request<SentBody<Incoming>> {
        let body = match &self.body {
            None => SentBody::Empty,
            Some(tee) => {
                if last {
                    tee.keep_no_more();
                }
                SentBody::Teed(tee.next())
            }
        };
        let mut headers = self.headers.clone();
        attached.put(&mut headers);
        headers.insert(HOST, self.host.clone());
        let mut request = Request::new(body);
        *request.method_mut() = self.method.clone();
        *request.uri_mut() = Uri::from(target);
        *request.headers_mut() = headers;
        request
    }

    /// Whether a sending of which nobody knows whether it arrived may go again.
    fn may_repeat(&self, terms: Terms) -> bool {
        terms.reuse != Reuse::Never
            && self.method.is_idempotent()
            && self.body.as_ref().is_none_or(Tee::is_kept)
    }

    /// What came with the reply for the connection's jar, also with one that is not the last.
    fn keep_cookies(&self, route: &Route, handle: &Arc<Handle>, sent: &Sent) {
        if !sent.parts.headers.contains_key(SET_COOKIE) {
            return;
        }
        let Ok(url) = url_of(route, &sent.target) else {
            return;
        };
        let now = self.lane.connections.engine().clock.now();
        jar(handle).store(&url, &sent.parts.headers, now);
        let _back = self.lane.back.enter();
        self.lane.connections.save_jar(handle);
    }

    /// A body that may outlast the call's time has its pauses bounded instead.
    fn bounded(&self, parts: &Parts, mut body: Streamed) -> Streamed {
        if body.size_hint().upper().is_none_or(|upper| upper > SMALL) && !body.is_end_stream() {
            body.bound_pauses(if is_event_stream(&parts.headers) {
                EVENT_PAUSE
            } else {
                PAUSE
            });
        }
        body
    }

    async fn renewed_ahead(
        &mut self,
        route: &Route,
        handle: Arc<Handle>,
    ) -> Result<Credential, CallError> {
        let waiting = Instant::now();
        let (connections, equipped) = (self.lane.connections.clone(), route.equipped().clone());
        let renewing = async move { ahead(&connections, &equipped, handle, &mut Silent).await };
        let renewed = self.lane.on_back(renewing).await;
        self.timings.renewal += waiting.elapsed();
        renewed
    }

    /// A fresh credential for a second sending.
    async fn renewed_after(
        &mut self,
        route: &Route,
        handle: &Arc<Handle>,
    ) -> Result<Arc<Handle>, CallError> {
        if let Some(tee) = &self.body {
            // What is still to come is for the second sending.
            tee.stop();
        }
        let waiting = Instant::now();
        let (connections, equipped) = (self.lane.connections.clone(), route.equipped().clone());
        let handle = handle.clone();
        let renewing = async move {
            let mut silent = Silent;
            let renewal = connections.renew(&equipped, &handle, Why::Over, &mut silent);
            Ok(renewal.await?)
        };
        let fresh = self.lane.on_back(renewing).await?;
        self.timings.renewal += waiting.elapsed();
        check_repeatable(true, self.body.as_ref().is_none_or(Tee::is_kept))?;
        Ok(fresh)
    }

    /// Makes the API's head one for the caller.
    fn polish(
        &mut self,
        route: &Route,
        response: &mut Response<LaneBody>,
        target: &PathAndQuery,
        upgraded: Option<Upgraded>,
    ) {
        // The caller's own connection decides on the version.
        *response.version_mut() = Version::HTTP_11;
        let status = response.status();
        let headers = response.headers_mut();
        strip_for_the_caller(headers);
        if status != StatusCode::OK
            && headers.contains_key(LOCATION)
            && let Ok(url) = url_of(route, target)
        {
            route.rewrite_location(headers, &url);
        }
        if let (Some(tunnel), Some(api)) = (self.tunnel.take(), upgraded) {
            Tunnel::agree(headers);
            tunnel.join(api);
        }
    }
}

/// The URL of a target.
fn url_of(route: &Route, target: &PathAndQuery) -> Result<Url, CallError> {
    let base = route.base.url();
    base.join(target.as_str())
        .map_err(|_| CallError::BadPath("The path is not one that can be sent."))
}

fn asks_for_trailers(headers: &HeaderMap) -> bool {
    headers.contains_key(TE)
        && headers.get_all(TE).iter().any(|value| {
            let mut codings = value.as_bytes().split(|byte| *byte == b',');
            codings.any(|coding| {
                let name = coding
                    .split(|byte| *byte == b';')
                    .next()
                    .unwrap_or_default();
                name.trim_ascii().eq_ignore_ascii_case(b"trailers")
            })
        })
}

fn is_event_stream(headers: &HeaderMap) -> bool {
    headers
        .get(CONTENT_TYPE)
        .is_some_and(|value| value.as_bytes().starts_with(b"text/event-stream"))
}
