//! What a reply on a lane means, where more than its status has to be looked at.

use crate::error::CallError;
use crate::judge::{Ahead, Finding, Told, find, is_readable, read_ahead, reads_body, value_of};
use crate::lane::Lane;
use crate::lane_body::{LaneBody, Streamed};
use crate::renew::Credential;
use crate::resolve::Plan;
use crate::route::Route;
use bytes::Bytes;
use connection::{Connections, Equipped, Handle};
use http::response::Parts;
use http::{HeaderMap, Method, StatusCode};
use serde_json::{Map, Value, json};
use std::sync::Arc;
use url::Url;

/// A body larger than this is judged where it keeps no other call waiting.
const QUICK: usize = 16 * 1024;

/// What is to be judged, and by what.
pub(crate) struct Verdict<'a> {
    pub(crate) lane: &'a Lane,
    pub(crate) route: &'a Route,
    /// None where nothing is attached.
    pub(crate) handle: Option<Arc<Handle>>,
    pub(crate) method: Method,
    pub(crate) url: Url,
    /// The endpoint's name and its parameters, where one was called.
    pub(crate) endpoint: Option<(String, Map<String, Value>)>,
}

/// All that judging reads, for another thread to do it.
struct Case {
    connections: Connections,
    equipped: Equipped,
    handle: Option<Arc<Handle>>,
    method: Method,
    url: Url,
    endpoint: Option<(String, Map<String, Value>)>,
    status: StatusCode,
    headers: HeaderMap,
    body: Option<Bytes>,
}

impl Verdict<'_> {
    /// What the reply means, and the body, of which no more was read than had to be.
    pub(crate) async fn reach(
        self,
        parts: &Parts,
        body: Streamed,
    ) -> Result<(Finding, LaneBody), CallError> {
        let mut case = Case {
            connections: self.lane.connections.clone(),
            equipped: self.route.equipped().clone(),
            handle: self.handle,
            method: self.method,
            url: self.url,
            endpoint: self.endpoint,
            status: parts.status,
            headers: parts.headers.clone(),
            body: None,
        };
        let body = if reads_body(&case.equipped, &case.plan()) && is_readable(&parts.headers) {
            let ahead = read_ahead(body).await?;
            if let Ahead::Whole { bytes, .. } = &ahead {
                case.body = Some(bytes.clone());
            }
            LaneBody::read(ahead)
        } else {
            LaneBody::streamed(body)
        };
        let is_quick = case.body.as_ref().is_none_or(|body| body.len() <= QUICK);
        let finding = if is_quick {
            case.judge()
        } else {
            self.lane.on_back(async move { case.judge() }).await
        };
        Ok((finding?, body))
    }
}

impl Case {
    fn plan(&self) -> Plan<'_> {
        let endpoint = self.endpoint.as_ref();
        let called = endpoint.and_then(|(name, parameters)| {
            let endpoint = self.equipped.connector.endpoint(name)?;
            Some((endpoint, parameters.clone()))
        });
        match called {
            Some((endpoint, parameters)) => Plan::Endpoint {
                endpoint,
                parameters,
            },
            None => Plan::Path {
                method: self.method.clone(),
                url: self.url.clone(),
                headers: HeaderMap::new(),
            },
        }
    }

    fn judge(self) -> Result<Finding, CallError> {
        let value = self
            .body
            .as_ref()
            .and_then(|bytes| value_of(&self.headers, bytes));
        let request = json!({ "method": self.method.as_str(), "url": self.url.as_str() });
        let credential = Credential {
            handle: self.handle.clone(),
            renewed: false,
        };
        let told = Told {
            request: &request,
            status: self.status,
            headers: &self.headers,
            body: value.as_ref(),
            // Calls that are signed with a time do not go by lanes.
            clock_is_off: false,
        };
        let plan = self.plan();
        find(&self.connections, &self.equipped, &credential, &plan, told)
    }
}
