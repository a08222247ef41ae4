//! Calls on one thread of a server: what is the same for the next call is kept, and nothing is shared with other threads.

use crate::answered::{Answered, Timings};
use crate::call::{Call, Target, call_with};
use crate::called::Called;
use crate::error::CallError;
use crate::kept_body::CallBody;
use crate::lane_call::{LaneCall, What};
use crate::parameters::Given;
use crate::passing::Passing;
use crate::prepared::Prepared;
use crate::resolve::{Plan, check_method, resolve};
use crate::route::Route;
use crate::teed_body::SentBody;
use connection::{Connections, Handle};
use flow::Silent;
use http::{HeaderMap, Request};
use http_body::Body;
use http_body_util::BodyExt;
use hyper::body::Incoming;
use outbound::{Counts, LocalPool, PoolLimits};
use serde_json::{Map, Value};
use std::fmt;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Instant;
use url::Url;

/// One server thread's way for calls. To be used within a `LocalRuntime` or a `LocalSet`.
pub struct Lane {
    pub(crate) connections: Connections,
    /// Where flows run, and whatever may block or take long.
    pub(crate) back: tokio::runtime::Handle,
    pub(crate) pool: LocalPool<SentBody<Incoming>>,
}

impl Lane {
    /// A lane for this thread, with upstream connections of its own. `back` is a runtime with threads of its own.
    #[must_use]
    pub fn new(connections: Connections, back: tokio::runtime::Handle) -> Rc<Self> {
        let dialer = connections.engine().client.dialer();
        let limits = PoolLimits::default();
        Rc::new(Self {
            pool: LocalPool::new(dialer, back.clone(), limits, Instant::now()),
            connections,
            back,
        })
    }

    /// Makes a route ready for the calls of one credential. To be kept as long as it [is current](Prepared::is_current).
    #[must_use]
    pub fn prepare(&self, route: &Arc<Route>, handle: Option<Arc<Handle>>) -> Rc<Prepared> {
        // Nothing is ready made for calls that are signed one by one.
        let signed = route.connector().sign_in.signs_each_request();
        let upstream = match signed {
            true => None,
            false => self.pool.upstream(route.base.url()),
        };
        Rc::new(Prepared::new(route.clone(), handle, upstream))
    }

    /// Sends a caller's request below the base URL. `below` is the path below the connector's prefix with its query, as
    /// the caller sent it. Where the API takes an upgrade to WebSocket, the two connections are joined once the answer
    /// is sent; the caller's has to be served with upgrades for that.
    ///
    /// # Errors
    /// Where there is no answer of the API's own.
    pub async fn proxy(
        self: &Rc<Self>,
        prepared: &Rc<Prepared>,
        request: Request<Incoming>,
        below: &str,
    ) -> Result<Answered, CallError> {
        check_method(request.method())?;
        let adds = prepared.route().adds_to_bodies && !request.body().is_end_stream();
        if prepared.upstream.is_none() || adds {
            let general = self.general(prepared, path_call(request, below));
            return Box::pin(general).await;
        }
        if prepared.handle().is_none() {
            return Err(nobody());
        }
        let mut passing = Passing::new(request, below);
        let what = What::Passing(&mut passing);
        let answered = LaneCall::new(self, prepared, what).send().await?;
        answered.ok_or_else(broke_off)
    }

    /// Sends an endpoint of the connector.
    ///
    /// # Errors
    /// Where there is no answer of the API's own.
    pub async fn call(
        self: &Rc<Self>,
        prepared: &Rc<Prepared>,
        endpoint: &str,
        parameters: Map<String, Value>,
    ) -> Result<Answered, CallError> {
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
            return Err(broke_off());
        };
        if endpoint.attach && prepared.handle().is_none() {
            return Err(nobody());
        }
        let called = Called {
            endpoint,
            parameters: parameters.clone(),
        };
        if called.is_for_a_lane() {
            let call = LaneCall::new(self, prepared, What::Called(&called));
            if let Some(answered) = call.send().await? {
                return Ok(answered);
            }
        }
        let target = Target::Endpoint {
            name: endpoint.name.clone(),
            parameters: given(parameters),
        };
        let body = CallBody::Empty;
        Box::pin(self.general(prepared, Call { target, body })).await
    }

    /// To be called once a second: closes idle connections, and ends what takes too long.
    pub fn tick(&self) {
        self.pool.tick(Instant::now());
    }

    /// How the upstream connections of this thread stand.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.pool.counts()
    }

    /// The way of calls from the command line, on the back runtime.
    async fn general(&self, prepared: &Prepared, call: Call) -> Result<Answered, CallError> {
        let begun = Instant::now();
        let connections = self.connections.clone();
        let equipped = prepared.route().equipped().clone();
        let handle = prepared.handle().cloned();
        let answer = self
            .on_back(
                async move { call_with(&connections, &equipped, handle, call, &mut Silent).await },
            )
            .await?;
        let total = begun.elapsed();
        let timings = Timings {
            upstream: total,
            total,
            ..Timings::default()
        };
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
fn path_call(request: Request<Incoming>, below: &str) -> Call {
    let (head, body) = request.into_parts();
    let body = if body.is_end_stream() {
        CallBody::Empty
    } else {
        CallBody::Stream(BodyExt::boxed(body.map_err(Into::into)))
    };
    let target = Target::Path {
        method: head.method,
        path: below.to_owned(),
        query: Vec::new(),
        headers: head.headers,
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
