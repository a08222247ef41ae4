//! A named endpoint on a lane: its request is made of the templates for each sending, as on the general path.

use crate::attach::{Sending, attach};
use crate::attached::put_on;
use crate::error::CallError;
use crate::kept_body::KeptBody;
use crate::passing::OUR_USER_AGENT;
use crate::renew::Credential;
use crate::resolve::Plan;
use crate::route::Route;
use crate::sign::sign;
use crate::teed_body::SentBody;
use bytes::Bytes;
use connection::{Connections, Handle};
use http::header::{HOST, HeaderValue, USER_AGENT};
use http::uri::PathAndQuery;
use http::{Request, Uri};
use hyper::body::Incoming;
use model::{Connector, Endpoint, Redirects};
use outbound::{HopBody, OutBody, Reuse, Terms};
use serde_json::{Map, Value};
use std::sync::Arc;
use url::{Position, Url};

/// An endpoint with its parameters, checked.
pub(crate) struct Called<'a> {
    pub(crate) endpoint: &'a Endpoint,
    pub(crate) parameters: Map<String, Value>,
}

/// One sending of it.
pub(crate) struct CalledRequest {
    pub(crate) request: Request<SentBody<Incoming>>,
    /// Where it goes, without what is attached.
    pub(crate) url: Url,
    pub(crate) terms: Terms,
}

impl Called<'_> {
    /// Whether a lane has all that the endpoint asks for.
    pub(crate) fn is_for_a_lane(&self, connector: &Connector) -> bool {
        let own_cookies = |name: &String| name.eq_ignore_ascii_case("cookie");
        connector.step_up.is_none()
            && self.endpoint.redirects == Redirects::Stop
            && !self.endpoint.request.headers.keys().any(own_cookies)
    }

    pub(crate) fn plan(&self) -> Plan<'_> {
        Plan::Endpoint {
            endpoint: self.endpoint,
            parameters: self.parameters.clone(),
        }
    }

    /// The request for one sending. `None` where a lane is not the way to send it.
    pub(crate) fn request(
        &self,
        connections: &Connections,
        route: &Route,
        handle: Option<&Arc<Handle>>,
    ) -> Result<Option<CalledRequest>, CallError> {
        let equipped = route.equipped();
        let credential = Credential {
            handle: handle.cloned(),
            renewed: false,
        };
        let plan = self.plan();
        let mut none = KeptBody::Empty;
        let mut sending = attach(connections, equipped, &credential, &plan, &mut none, None)?;
        sign(connections, equipped, &credential, &plan, &mut sending)?;
        let Sending {
            outgoing,
            attachment,
        } = sending;
        if outgoing.signing.is_some() || outgoing.client_certificate.is_some() {
            // Signed one by one, and last of all, or by connections of its own: the general way.
            return Ok(None);
        }
        let (url, mut headers) = (outgoing.url, outgoing.headers);
        let mut body = match outgoing.body {
            OutBody::Empty => Bytes::new(),
            OutBody::Bytes(bytes) => bytes,
            OutBody::Stream(_) => return Ok(None),
        };
        let (Some(host), "") = (url.host_str(), url.username()) else {
            return Ok(None);
        };
        let host = match url.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        };
        headers.entry(USER_AGENT).or_insert(OUR_USER_AGENT);
        let mut at = url.clone();
        let hop_body = if body.is_empty() {
            HopBody::Empty
        } else {
            HopBody::Buffered(&mut body)
        };
        put_on(
            connections,
            equipped,
            handle,
            &attachment,
            &outgoing.method,
            (&mut at, &mut headers),
            hop_body,
        )?;
        let unusable = |_| CallError::Definition {
            code: "request_unusable",
            message: "The endpoint's URL cannot be sent.".to_owned(),
            help: String::new(),
        };
        let target = at[Position::BeforePath..Position::AfterQuery].to_owned();
        let target = PathAndQuery::try_from(target).map_err(unusable)?;
        let repeatable = outgoing.method.is_idempotent();
        let terms = Terms {
            within: outgoing.timeout,
            reuse: if repeatable { Reuse::Any } else { Reuse::Fresh },
        };
        if let Ok(host) = HeaderValue::from_str(&host) {
            headers.insert(HOST, host);
        }
        let mut request = Request::new(SentBody::Whole(Box::new(body)));
        *request.method_mut() = outgoing.method;
        *request.uri_mut() = Uri::from(target);
        *request.headers_mut() = headers;
        Ok(Some(CalledRequest {
            request,
            url,
            terms,
        }))
    }
}
