//! Calls on one thread of a server: what is the same for the next call is kept, and nothing is shared with other threads.

use crate::answered::{Answered, Timings, Unanswered};
use crate::call::{Call, Outcome, Target, begin_with};
use crate::called::Called;
use crate::error::CallError;
use crate::kept_body::CallBody;
use crate::lane_call::{LaneCall, What};
use crate::parameters::Given;
use crate::passage::Bounds;
use crate::passing::Passing;
use crate::prepared::Prepared;
use crate::resolve::{Plan, check_method, resolve};
use crate::route::Route;
use crate::teed_body::SentBody;
use crate::travel::frame_for_the_api;
use crate::tunnel::wants_websocket;
use crate::tunnels::Tunnels;
use connection::{Attempts, Connections, Handle};
use flow::Silent;
use http::HeaderMap;
use http::request::Parts;
use http_body::Body;
use http_body_util::BodyExt;
use hyper::body::Incoming;
use outbound::{Counts, LocalPool, PoolLimits};
use serde_json::{Map, Value};
use std::fmt;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::watch;
use url::Url;

/// One server thread's way for calls. To be used within a `LocalRuntime` or a `LocalSet`.
pub struct Lane {
    pub(crate) connections: Connections,
    /// Where flows run, and whatever may block or take long.
    pub(crate) back: tokio::runtime::Handle,
    pub(crate) pool: LocalPool<SentBody<Incoming>>,
    tunnels: Tunnels,
    /// Where people prove more for a call; without it nobody can be asked.
    attempts: Option<Attempts>,
    /// Turns true when the server stops; each WebSocket listens to it.
    leaving: watch::Sender<bool>,
}

impl Lane {
    /// A lane for this thread, with upstream connections of its own. By `attempts` people prove more for calls. `back` is a runtime with threads of its own, and
    /// `tunnels` counts over all lanes.
    #[must_use]
    pub fn new(
        connections: Connections,
        back: tokio::runtime::Handle,
        tunnels: Tunnels,
        attempts: Option<Attempts>,
    ) -> Rc<Self> {
        let dialer = connections.engine().client.dialer();
        let limits = PoolLimits::default();
        Rc::new(Self {
            pool: LocalPool::new(dialer, back.clone(), limits, Instant::now()),
            connections,
            back,
            tunnels,
            attempts,
            leaving: watch::Sender::new(false),
        })
    }

    /// Makes a route ready for the calls of one credential. To be kept as long as it [is current](Prepared::is_current).
    #[must_use]
    pub fn prepare(&self, route: &Arc<Route>, handle: Option<Arc<Handle>>) -> Rc<Prepared> {
        // Nothing is ready made for calls that are signed one by one, or may have to wait for somebody.
        let connector = route.connector();
        let signed = connector.signs_each_call() || connector.step_up.is_some();
        let upstream = match signed {
            true => None,
            false => self.pool.upstream(route.base.url()),
        };
        Rc::new(Prepared::new(route.clone(), handle, upstream))
    }

    /// Sends a caller's request below the base URL; the fields of its head are taken out. `below` is the path below the
    /// connector's prefix with its query, as the caller sent it; `wait` is how long it would wait for a person. Where the API
    /// takes an upgrade to WebSocket, the two connections are joined once the answer is sent; the caller's has to be served
    /// with upgrades for that.
    ///
    /// # Errors
    /// Where there is no answer of the API's own.
    pub async fn proxy(
        self: &Rc<Self>,
        prepared: &Rc<Prepared>,
        (head, body): (&mut Parts, Incoming),
        below: &str,
        wait: Duration,
    ) -> Result<Answered, Unanswered> {
        check_method(&head.method)?;
        let websocket;
        let prepared = match prepared.upstream.is_none() && wants_websocket(head) {
            true => {
                websocket = self.for_websocket(prepared)?;
                &websocket
            }
            false => prepared,
        };
        let adds = prepared.route().adds_to_bodies && !body.is_end_stream();
        if prepared.upstream.is_none() || adds {
            let general = self.general(prepared, path_call(head, body, below), wait);
            return Box::pin(general).await;
        }
        if prepared.handle().is_none() {
            return Err(nobody().into());
        }
        let mut passing = Passing::new(head, body, below);
        if let Some(tunnel) = &mut passing.tunnel {
            let handle = prepared.handle().map(|handle| handle.record());
            let owner = handle.map_or("", |record| record.owner.as_str());
            let app = owner.split('/').next().unwrap_or_default();
            let entered = self.tunnels.enter(app);
            tunnel.enter(entered.ok_or(CallError::TooManyTunnels)?);
        }
        let what = What::Passing(&mut passing);
        let mut call = LaneCall::new(self, prepared, what);
        match call.send().await {
            Ok(Some(answered)) => Ok(answered),
            Ok(None) => Err(broke_off().into()),
            Err(unanswered) => Err(unanswered),
        }
    }

    /// The same with an upstream, for calls that are signed one by one: a handshake is signed as it leaves here.
    fn for_websocket(&self, prepared: &Prepared) -> Result<Rc<Prepared>, CallError> {
        let route = prepared.route().clone();
        if route.connector().client_certificate.is_some() {
            let why = "it is shown a certificate of ours";
            return Err(CallError::WebSocketRefused(why));
        }
        let upstream = self.pool.upstream(route.base.url());
        let upstream = upstream.ok_or(CallError::WebSocketRefused("it is reached by a proxy"))?;
        let handle = prepared.handle().cloned();
        Ok(Rc::new(Prepared::new(route, handle, Some(upstream))))
    }

    /// Sends an endpoint of the connector; `wait` is how long its caller would wait for a person.
    ///
    /// # Errors
    /// Where there is no answer of the API's own.
    pub async fn call(
        self: &Rc<Self>,
        prepared: &Rc<Prepared>,
        endpoint: &str,
        parameters: Map<String, Value>,
        wait: Duration,
    ) -> Result<Answered, Unanswered> {
        let connector = prepared.route().connector();
        let given = |parameters: Map<String, Value>| {
            let given = parameters.into_iter();
            given
                .map(|(name, value)| (name, Given::Json(value)))
                .collect()
        };
        let target = Target::Endpoint {
            name: endpoint.to_owned(),
            parameters: given(parameters),
        };
        let Plan::Endpoint {
            endpoint,
            parameters,
        } = resolve(connector, target)?
        else {
            return Err(broke_off().into());
        };
        if endpoint.attach && prepared.handle().is_none() {
            return Err(nobody().into());
        }
        let called = Called {
            endpoint,
            parameters: parameters.clone(),
        };
        if called.is_for_a_lane(connector) {
            let mut call = LaneCall::new(self, prepared, What::Called(&called));
            if let Some(answered) = call.send().await? {
                return Ok(answered);
            }
        }
        let target = Target::Endpoint {
            name: endpoint.name.clone(),
            parameters: given(parameters),
        };
        let body = CallBody::Empty;
        Box::pin(self.general(prepared, Call { target, body }, wait)).await
    }

    /// To be called once a second: closes idle connections, and ends what takes too long.
    pub fn tick(&self) {
        self.pool.tick(Instant::now());
    }

    /// Asks the WebSockets of this thread to end, and those to come.
    pub fn leave_tunnels(&self) {
        self.leaving.send_replace(true);
    }

    /// How many WebSockets this thread has.
    #[must_use]
    pub fn open_tunnels(&self) -> usize {
        self.leaving.receiver_count()
    }

    /// What bounds a WebSocket that begins now.
    pub(crate) fn bounds(&self) -> Bounds {
        Bounds {
            idle: self.tunnels.idle(),
            leaving: self.leaving.subscribe(),
            mask: self.connections.engine().random.bytes(),
        }
    }

    /// How the upstream connections of this thread stand.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.pool.counts()
    }

    /// The way of calls from the command line, on the back runtime.
    async fn general(
        &self,
        prepared: &Prepared,
        call: Call,
        wait: Duration,
    ) -> Result<Answered, Unanswered> {
        let begun = Instant::now();
        let connections = self.connections.clone();
        let equipped = prepared.route().equipped().clone();
        let handle = prepared.handle().cloned();
        let attempts = self.attempts.clone();
        let calling = async move {
            let silent = &mut Silent;
            let outcome = begin_with(&connections, &equipped, handle, call, silent).await?;
            match (outcome, attempts) {
                (Outcome::WantsProof(wants), Some(attempts)) => {
                    let stepping =
                        wants.by_attempt(&connections, &equipped, &attempts, wait, silent);
                    stepping.await
                }
                (outcome, _) => outcome.with_nobody(),
            }
        };
        let answer = self.on_back(calling).await;
        let total = begun.elapsed();
        let timings = Timings {
            upstream: total,
            total,
            ..Timings::default()
        };
        let answer = answer.map_err(|error| Unanswered {
            // What came after a sending is told by its error; whether it was the second one is not.
            attempts: u8::from(error.was_sent()),
            error,
            timings,
        })?;
        Ok(Answered::from_answer(answer, prepared.route(), timings))
    }

    /// Has work done on the back runtime. Who goes away takes nothing along.
    pub(crate) async fn on_back<T: Send + 'static>(
        &self,
        work: impl Future<Output = Result<T, CallError>> + Send + 'static,
    ) -> Result<T, CallError> {
        self.back
            .spawn(work)
            .await
            .unwrap_or_else(|_| Err(broke_off()))
    }

    /// Keeps the cookies of a reply from `url`.
    pub(crate) fn keep_cookies(&self, handle: &Arc<Handle>, url: &Url, headers: &HeaderMap) {
        let now = self.connections.engine().clock.now();
        if handle.store_cookies(url, headers, now) {
            let _back = self.back.enter();
            self.connections.save_jar(handle);
        }
    }
}

fn nobody() -> CallError {
    CallError::SignInRequired {
        reason: "Nobody has signed in yet.".to_owned(),
    }
}

fn broke_off() -> CallError {
    CallError::Ours {
        message: "The call broke off.".to_owned(),
        help: String::new(),
    }
}

/// A caller's request for the general path.
fn path_call(head: &mut Parts, body: Incoming, below: &str) -> Call {
    let body = if body.is_end_stream() {
        CallBody::Empty
    } else {
        let body = body.map_frame(frame_for_the_api).map_err(Into::into);
        CallBody::Stream(BodyExt::boxed(body))
    };
    let target = Target::Path {
        method: head.method.clone(),
        path: below.to_owned(),
        query: Vec::new(),
        headers: std::mem::take(&mut head.headers),
    };
    Call { target, body }
}

impl fmt::Debug for Lane {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Lane")
            .field("pool", &self.pool)
            .finish_non_exhaustive()
    }
}
