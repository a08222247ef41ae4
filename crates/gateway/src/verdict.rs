//! Whether a reply on a lane says that the session is over, where more than its status has to be looked at.

use crate::error::CallError;
use crate::judge::{Ahead, Finding, Told, find, is_readable, read_ahead, value_of};
use crate::lane::Lane;
use crate::lane_body::{LaneBody, Streamed};
use crate::renew::Credential;
use crate::resolve::Plan;
use crate::route::Route;
use bytes::Bytes;
use connection::{Connections, Equipped, Handle};
use http::response::Parts;
use http::{HeaderMap, Method, StatusCode};
use serde_json::json;
use std::sync::Arc;
use url::Url;

/// A body larger than this is judged where it keeps no other call waiting.
const QUICK: usize = 16 * 1024;

/// What is to be judged, and by what.
pub(crate) struct Verdict<'a, U> {
    pub(crate) lane: &'a Lane,
    pub(crate) route: &'a Route,
    pub(crate) handle: &'a Arc<Handle>,
    pub(crate) method: &'a Method,
    pub(crate) url: U,
}

/// All that judging reads, for another thread to do it.
struct Case {
    connections: Connections,
    equipped: Equipped,
    handle: Arc<Handle>,
    method: Method,
    url: Url,
    status: StatusCode,
    headers: HeaderMap,
    body: Option<Bytes>,
}

impl<U: Fn() -> Result<Url, CallError>> Verdict<'_, U> {
    /// Whether the session is over, and the body, of which no more was read than had to be.
    pub(crate) async fn reach(
        self,
        parts: &Parts,
        body: Streamed,
    ) -> Result<(bool, LaneBody), CallError> {
        let reads = self.route.over.reads_body() && is_readable(&parts.headers);
        let (body, seen) = if reads {
            let ahead = read_ahead(body).await?;
            let seen = match &ahead {
                Ahead::Whole { bytes, .. } => Some(bytes.clone()),
                Ahead::Begun { .. } => None,
            };
            (LaneBody::read(ahead), seen)
        } else {
            (LaneBody::streamed(body), None)
        };
        let case = Case {
            connections: self.lane.connections.clone(),
            equipped: self.route.equipped().clone(),
            handle: self.handle.clone(),
            method: self.method.clone(),
            url: (self.url)()?,
            status: parts.status,
            headers: parts.headers.clone(),
            body: seen,
        };
        let is_quick = case.body.as_ref().is_none_or(|body| body.len() <= QUICK);
        let over = if is_quick {
            case.judge()
        } else {
            self.lane.on_back(async move { case.judge() }).await
        };
        Ok((over?, body))
    }
}

impl Case {
    fn judge(self) -> Result<bool, CallError> {
        let value = self
            .body
            .as_ref()
            .and_then(|bytes| value_of(&self.headers, bytes));
        let request = json!({ "method": self.method.as_str(), "url": self.url.as_str() });
        let credential = Credential {
            handle: Some(self.handle),
            renewed: false,
        };
        let plan = Plan::Path {
            method: self.method,
            url: self.url,
            headers: HeaderMap::new(),
        };
        let told = Told {
            request: &request,
            status: self.status,
            headers: &self.headers,
            body: value.as_ref(),
        };
        let finding = find(&self.connections, &self.equipped, &credential, &plan, told)?;
        Ok(matches!(finding, Finding::Over))
    }
}
