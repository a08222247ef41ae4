//! Calls on one thread of a server: what is the same for the next call is kept, and nothing is shared with other threads.

use crate::answered::{Answered, Timings};
use crate::call::{Call, Target, call_with};
use crate::error::CallError;
use crate::kept_body::CallBody;
use crate::parameters::Given;
use crate::prepared::Prepared;
use crate::route::Route;
use connection::{Connections, Handle};
use flow::Silent;
use http::Request;
use http_body::Body;
use http_body_util::BodyExt;
use hyper::body::Incoming;
use serde_json::{Map, Value};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Instant;

/// One server thread's way for calls. To be used within a `LocalRuntime` or a `LocalSet`.
pub struct Lane {
    connections: Connections,
    /// Where flows run, and calls that a lane is not made for.
    back: tokio::runtime::Handle,
}

impl Lane {
    /// A lane for this thread, with upstream connections of its own. `back` runs what may block or take long.
    #[must_use]
    pub fn new(connections: Connections, back: tokio::runtime::Handle) -> Rc<Self> {
        Rc::new(Self { connections, back })
    }

    /// Makes a route ready for the calls of one credential. To be kept as long as it [is current](Prepared::is_current).
    #[must_use]
    pub fn prepare(&self, route: &Arc<Route>, handle: Option<Arc<Handle>>) -> Rc<Prepared> {
        Rc::new(Prepared::new(route.clone(), handle))
    }

    /// Sends a caller's request below the base URL. `below` is the path below the connector's prefix with its query, as
    /// the caller sent it. Where the API takes an upgrade, the two connections are joined once the answer is sent; the
    /// caller's has to be served with upgrades for that.
    ///
    /// # Errors
    /// Where there is no answer of the API's own.
    pub async fn proxy(
        self: &Rc<Self>,
        prepared: &Rc<Prepared>,
        request: Request<Incoming>,
        below: &str,
    ) -> Result<Answered, CallError> {
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
        self.general(prepared, Call { target, body }).await
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
        let parameters = parameters
            .into_iter()
            .map(|(name, value)| (name, Given::Json(value)))
            .collect();
        let target = Target::Endpoint {
            name: endpoint.to_owned(),
            parameters,
        };
        let body = CallBody::Empty;
        self.general(prepared, Call { target, body }).await
    }

    /// To be called once a second: closes idle connections, and ends what takes too long.
    pub fn tick(&self) {}

    /// The way of calls from the command line, on the back runtime.
    async fn general(&self, prepared: &Prepared, call: Call) -> Result<Answered, CallError> {
        let begun = Instant::now();
        let connections = self.connections.clone();
        let equipped = prepared.route().equipped().clone();
        let handle = prepared.handle().cloned();
        let calling = self.back.spawn(async move {
            call_with(&connections, &equipped, handle, call, &mut Silent).await
        });
        let answer = calling.await.map_err(|_| CallError::Ours {
            message: "The call broke off.".to_owned(),
            help: String::new(),
        })??;
        let total = begun.elapsed();
        let timings = Timings {
            upstream: total,
            total,
            ..Timings::default()
        };
        Ok(Answered::from_answer(answer, timings))
    }
}
