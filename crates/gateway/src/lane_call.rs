//! One call on a lane: the phases of a call with what is ready made, and a second sending after a renewal.

use crate::answer::Unexpected;
use crate::answered::{Answered, Timings, Unanswered};
use crate::attached::Attached;
use crate::called::Called;
use crate::error::CallError;
use crate::first_call::{takes_turns, turn};
use crate::judge::Finding;
use crate::lane::Lane;
use crate::lane_body::{LaneBody, Streamed, bound_pauses};
use crate::passing::Passing;
use crate::prepared::{Attaching, Prepared};
use crate::renew::{Refusal, ahead, check_repeatable, is_wanted, may_help, over};
use crate::route::Route;
use crate::step_up::is_insufficient;
use crate::teed_body::SentBody;
use crate::travel::strip_for_the_caller;
use crate::tunnel::Tunnel;
use crate::verdict::Verdict;
use connection::{FirstCall, Handle};
use flow::{ClockDifference, Silent};
use http::header::SET_COOKIE;
use http::{HeaderMap, Method, Request, Response, StatusCode, Version};
use hyper::body::Incoming;
use hyper::upgrade::Upgraded;
use outbound::{Reuse, SendError, Terms, UpstreamId};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Instant;
use url::Url;

/// A call on its way.
pub(crate) struct LaneCall<'a> {
    lane: &'a Lane,
    what: What<'a>,
    /// What it is sent with.
    prepared: Rc<Prepared>,
    /// Whether the session was renewed for it.
    renewed: bool,
    /// How often it was sent.
    attempts: u8,
    timings: Timings,
    begun: Instant,
    /// By which method it was last sent.
    method: Method,
    /// Where it was last sent, where that had to be known to make it.
    url: Option<Box<Url>>,
    /// The API's end, where it took an upgrade.
    upgraded: Option<Box<Upgraded>>,
}

/// What is sent.
pub(crate) enum What<'a> {
    /// A caller's request.
    Passing(&'a mut Passing<'a>),
    /// An endpoint.
    Called(&'a Called<'a>),
}

/// One sending, about to happen.
struct Sending {
    upstream: UpstreamId,
    request: Request<SentBody<Incoming>>,
    terms: Terms,
    /// Where it goes, where that had to be known to make it.
    url: Option<Box<Url>>,
}

impl<'a> LaneCall<'a> {
    pub(crate) fn new(lane: &'a Lane, prepared: &Rc<Prepared>, what: What<'a>) -> Self {
        Self {
            lane,
            what,
            prepared: prepared.clone(),
            renewed: false,
            attempts: 0,
            timings: Timings::default(),
            begun: Instant::now(),
            method: Method::GET,
            url: None,
            upgraded: None,
        }
    }

    /// Sends it, and once more where the session was over and one renewal worked. `None` where a lane is not the way to
    /// send it, before anything is.
    pub(crate) async fn send(&mut self) -> Result<Option<Answered>, Unanswered> {
        let mut answered = self.go().await;
        if let Err(unanswered) = &mut answered {
            self.timings.total = self.begun.elapsed();
            unanswered.attempts = self.attempts;
            unanswered.timings = self.timings;
        }
        answered
    }

    /// How far an error had come is told by [`LaneCall::send`].
    async fn go(&mut self) -> Result<Option<Answered>, Unanswered> {
        let lane = self.lane;
        // Since when the sending is waited for. Nothing else was, in most calls: one reading of the clock does for both.
        let mut waiting = self.begun;
        if let Some(handle) = self.attached_handle()
            && is_wanted(&lane.connections, self.prepared.route().equipped(), handle)
        {
            // Boxed, here and below: what seldom happens must not make the future of every call larger.
            Box::pin(self.renew_ahead()).await?;
            waiting = Instant::now();
        }
        // Held until the answer is judged.
        let mut _first = None;
        if let Some(handle) = self.attached_handle()
            && takes_turns(self.prepared.route().equipped(), handle)
        {
            _first = Box::pin(self.take_turn()).await?;
            waiting = Instant::now();
        }
        loop {
            if self.attempts > 0
                && let What::Passing(passing) = &self.what
            {
                passing.keep_no_more();
            }
            // What comes back is large: it stays one value, and is passed on as few times as can be.
            let Some(mut response) = self.send_once(waiting).await? else {
                return Ok(None);
            };
            self.keep_cookies(response.headers());
            bound_pauses(&mut response);
            let (finding, mut response) =
                match self.found_at_once(response.status(), response.headers()) {
                    Some(finding) => (finding, response.map(LaneBody::streamed)),
                    None => Box::pin(self.judge(response)).await?,
                };
            let over = matches!(finding, Finding::Over);
            let clock = match over {
                true => self.clock(&response),
                false => None,
            };
            if let Some(handle) = self.attached_handle() {
                let (connections, equipped) = (&lane.connections, self.prepared.route().equipped());
                if over && may_help(connections, equipped, handle, self.refusal(clock)) {
                    drop(response);
                    Box::pin(self.renew_after(clock)).await?;
                    waiting = Instant::now();
                    continue;
                }
                if !over {
                    handle.note_taken();
                }
            }
            self.polish(&mut response);
            self.timings.total = self.begun.elapsed();
            return Ok(Some(Answered {
                response,
                attempts: self.attempts,
                renewed: self.renewed,
                over,
                unexpected: match finding {
                    Finding::Unexpected(message) => Some(Unexpected { message }),
                    Finding::StepUp(_) | Finding::Over | Finding::Good => None,
                },
                timings: self.timings,
                fresh: self.prepared.handle().filter(|_| self.renewed).cloned(),
            }));
        }
    }

    /// The credential, where it goes along.
    fn attached_handle(&self) -> Option<&Arc<Handle>> {
        match &self.what {
            What::Called(called) if !called.endpoint.attach => None,
            _ => self.prepared.handle(),
        }
    }

    /// One sending, which is waited for since then. A repetition where a connection was given up before anything came back
    /// belongs to it.
    async fn send_once(
        &mut self,
        waiting: Instant,
    ) -> Result<Option<Response<Streamed>>, CallError> {
        let lane = self.lane;
        let mut repeats = None;
        loop {
            let Some(sending) = self.sending()? else {
                return Ok(None);
            };
            let (to, request, mut terms) = (sending.upstream, sending.request, sending.terms);
            terms.reuse = repeats.unwrap_or(terms.reuse);
            self.method = request.method().clone();
            self.url = sending.url;
            let passing = match &self.what {
                What::Passing(passing) => Some(passing),
                What::Called(_) => None,
            };
            let sent = if passing.is_some_and(|passing| passing.tunnel.is_some()) {
                let sent = Box::pin(lane.pool.upgrade(to, request, terms.within)).await;
                sent.map(|(response, upgraded)| {
                    self.upgraded = upgraded.map(Box::new);
                    response
                })
            } else if let Some(passing) = passing
                && let Some(stalled) = passing.stalled()
            {
                let sending = Box::pin(lane.pool.send(to, request, terms));
                tokio::select! {
                    sent = sending => sent,
                    () = stalled => {
                        self.attempts += 1;
                        self.timings.upstream += waiting.elapsed();
                        return Err(passing.took_too_long(&self.prepared));
                    }
                }
            } else {
                lane.pool.send(to, request, terms).await
            };
            match sent {
                Ok(response) => {
                    self.attempts += 1;
                    self.timings.upstream += waiting.elapsed();
                    if let Some(handle) = self.attached_handle() {
                        lane.connections.note_used(handle);
                    }
                    return Ok(Some(response));
                }
                Err(SendError { silent: true, .. })
                    if repeats.is_none() && self.method.is_idempotent() && self.is_kept() =>
                {
                    repeats = Some(Reuse::Never);
                }
                Err(failed) => {
                    self.attempts += u8::from(failed.unsent.is_none());
                    self.timings.upstream += waiting.elapsed();
                    return Err(failed.error.into());
                }
            }
        }
    }

    /// The next sending, made of what is ready.
    fn sending(&self) -> Result<Option<Sending>, CallError> {
        let (lane, prepared) = (self.lane, &self.prepared);
        let route = prepared.route();
        let passing = match &self.what {
            What::Passing(passing) => passing,
            What::Called(called) => {
                let handle = self.attached_handle();
                let made = called.request(&lane.connections, route, handle)?;
                let Some(made) = made else { return Ok(None) };
                let sending = lane.pool.upstream(&made.url).map(|upstream| Sending {
                    upstream,
                    request: made.request,
                    terms: made.terms,
                    url: Some(Box::new(made.url)),
                });
                return Ok(sending);
            }
        };
        let (Some(upstream), Some(handle)) = (prepared.upstream, prepared.handle()) else {
            return Ok(None);
        };
        let made = prepared.made(&lane.connections, handle);
        let own;
        let attached = match &made.attaching {
            Attaching::Same(attached) => attached,
            Attaching::Failed(error) => return Err(error.clone()),
            Attaching::PerCall => {
                let (connections, equipped) = (&lane.connections, route.equipped());
                let url = passing.url(route)?;
                own = Attached::make(connections, equipped, handle, &passing.method, &url)?;
                &own
            }
        };
        Ok(Some(Sending {
            upstream,
            request: passing.request(prepared, attached)?,
            terms: passing.terms,
            url: None,
        }))
    }

    /// The URL of the call, without what is attached; found out only by calls that need it.
    fn url(&self) -> Result<Url, CallError> {
        match (&self.what, &self.url) {
            (_, Some(url)) => Ok(Url::clone(url)),
            (What::Passing(passing), None) => passing.url(self.prepared.route()),
            (What::Called(_), None) => Ok(self.prepared.route().base.url().clone()),
        }
    }

    /// By how much the clocks differ, where a token of our own signing is refused.
    fn clock(&self, reply: &Response<LaneBody>) -> Option<ClockDifference> {
        let connector = self.prepared.route().connector();
        if !connector.calls_show_a_signed_token() {
            return None;
        }
        let now = self.lane.connections.engine().clock.now();
        let found = ClockDifference::behind_refusal(reply.status(), reply.headers(), now, now)?;
        if let Ok(url) = self.url() {
            let connections = &self.lane.connections;
            connections.warn_of_clock(connector, &found.advice(&url));
        }
        Some(found)
    }

    /// What is known of a refusal.
    fn refusal(&self, clock: Option<ClockDifference>) -> Refusal {
        let connector = self.prepared.route().connector();
        Refusal {
            attempts: self.attempts,
            renewed: self.renewed,
            was_shown: match (&self.what, &self.url) {
                (What::Called(called), Some(url)) => called.plan().shows_sign_in(connector, url),
                _ => true,
            },
            clock,
        }
    }

    /// What the reply means, where its status tells.
    fn found_at_once(&self, status: StatusCode, headers: &HeaderMap) -> Option<Finding> {
        let (attaches, expects) = match &self.what {
            What::Passing(_) => (true, false),
            What::Called(called) => (called.endpoint.attach, called.endpoint.expect.is_some()),
        };
        if expects {
            return None;
        }
        match attaches && self.prepared.route().over.at(status)? {
            // More proof is wanted, which no renewal gives.
            true if is_insufficient(status, headers) => Some(Finding::Good),
            true => Some(Finding::Over),
            false => Some(Finding::Good),
        }
    }

    /// What the reply means, and the reply, of whose body no more was read than had to be.
    async fn judge(
        &self,
        reply: Response<Streamed>,
    ) -> Result<(Finding, Response<LaneBody>), CallError> {
        let called = match &self.what {
            What::Called(called) => Some(called),
            What::Passing(_) => None,
        };
        let (parts, body) = reply.into_parts();
        let verdict = Verdict {
            lane: self.lane,
            route: self.prepared.route(),
            handle: self.attached_handle().cloned(),
            method: self.method.clone(),
            url: self.url()?,
            endpoint: called
                .map(|called| (called.endpoint.name.clone(), called.parameters.clone())),
        };
        let (finding, body) = verdict.reach(&parts, body).await?;
        Ok((finding, Response::from_parts(parts, body)))
    }

    fn is_kept(&self) -> bool {
        match &self.what {
            What::Passing(passing) => passing.is_kept(),
            What::Called(_) => true,
        }
    }

    /// What came with the reply for the connection's jar, also with one that is not the last.
    fn keep_cookies(&self, headers: &HeaderMap) {
        if !headers.contains_key(SET_COOKIE) {
            return;
        }
        if let (Some(handle), Ok(url)) = (self.attached_handle(), self.url()) {
            self.lane.keep_cookies(handle, &url, headers);
        }
    }

    /// A credential whose end is near is renewed before the call.
    async fn renew_ahead(&mut self) -> Result<(), CallError> {
        let Some(handle) = self.prepared.handle().cloned() else {
            return Ok(());
        };
        let waiting = Instant::now();
        let connections = self.lane.connections.clone();
        let equipped = self.prepared.route().equipped().clone();
        let renewing = async move { ahead(&connections, &equipped, handle, &mut Silent).await };
        let credential = self.lane.on_back(renewing).await?;
        self.timings.renewal += waiting.elapsed();
        if credential.renewed {
            self.go_on_with(credential.handle);
        }
        Ok(())
    }

    /// The turn to show a password that no call has proven. What is large holds up nobody.
    async fn take_turn(&mut self) -> Result<Option<FirstCall>, CallError> {
        let Some(handle) = self.prepared.handle().cloned() else {
            return Ok(None);
        };
        let before = handle.clone();
        let connections = self.lane.connections.clone();
        let equipped = self.prepared.route().equipped().clone();
        let turn = async move { turn(&connections, &equipped, handle).await };
        let (handle, first) = self.lane.on_back(turn).await?;
        if !Arc::ptr_eq(&handle, &before) {
            let (route, upstream) = (self.prepared.route().clone(), self.prepared.upstream);
            self.prepared = Rc::new(Prepared::new(route, Some(handle), upstream));
        }
        let is_large = match &self.what {
            What::Passing(passing) => passing.is_large(),
            What::Called(_) => false,
        };
        Ok(first.filter(|_| !is_large))
    }

    /// A fresh credential for a second sending.
    async fn renew_after(&mut self, clock: Option<ClockDifference>) -> Result<(), CallError> {
        let Some(handle) = self.prepared.handle().cloned() else {
            return Ok(());
        };
        if let What::Passing(passing) = &self.what {
            passing.stop();
        }
        let waiting = Instant::now();
        let connections = self.lane.connections.clone();
        let equipped = self.prepared.route().equipped().clone();
        let renewing = async move {
            let mut silent = Silent;
            let why = over(&equipped, clock);
            let renewal = connections.renew(&equipped, &handle, why, &mut silent);
            Ok(renewal.await?)
        };
        let fresh = self.lane.on_back(renewing).await?;
        self.timings.renewal += waiting.elapsed();
        let may_be_sent_again = match &self.what {
            What::Called(called) => called.plan().may_be_sent_again(),
            What::Passing(_) => true,
        };
        check_repeatable(may_be_sent_again, self.is_kept())?;
        self.go_on_with(Some(fresh));
        Ok(())
    }

    fn go_on_with(&mut self, fresh: Option<Arc<Handle>>) {
        let (route, upstream) = (self.prepared.route().clone(), self.prepared.upstream);
        self.prepared = Rc::new(Prepared::new(route, fresh, upstream));
        self.renewed = true;
    }

    /// Makes the API's head one for the caller.
    fn polish(&mut self, response: &mut Response<LaneBody>) {
        // The caller's own connection decides on the version.
        *response.version_mut() = Version::HTTP_11;
        let headers = response.headers_mut();
        let points = strip_for_the_caller(headers);
        if points && let Ok(url) = self.url() {
            let route: &Route = self.prepared.route();
            route.rewrite_pointers(headers, &url);
        }
        if let What::Passing(passing) = &mut self.what {
            passing.keep_no_more();
            if let (Some(tunnel), Some(api)) = (passing.tunnel.take(), self.upgraded.take()) {
                Tunnel::agree(headers);
                tunnel.join(*api, self.lane.bounds());
            }
        }
    }
}
