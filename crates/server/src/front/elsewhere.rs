//! Every path that is no call: handed to the router on the back runtime. What operators look at is answered here. Pages of
//! an app's origins reach the sign-ins and connections of their user; the rest of the API is for no other page than ours.

use crate::caller::Shown;
use crate::front::body::FrontBody;
use crate::front::cors;
use crate::front::request_id::{REQUEST_ID, RequestId};
use crate::front::thread::Front;
use crate::front::timely_body::TimelyBody;
use crate::metrics::MEDIA_TYPE;
use crate::problem::Problem;
use axum::extract::ConnectInfo;
use axum::response::{IntoResponse, Response as RouterResponse};
use gateway::{Retry, WhoseFault};
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, ORIGIN};
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode};
use hyper::body::Incoming;
use std::net::SocketAddr;
use tower::ServiceExt;
use tracing::Instrument;

/// What pages of apps use, by user token.
const FOR_PAGES: [&str; 3] = ["/api/runs", "/api/connections", "/api/screen"];

impl Front {
    /// Answers a request that is no call.
    pub(crate) async fn elsewhere(
        &self,
        request: Request<Incoming>,
        peer: SocketAddr,
        id: &RequestId,
    ) -> Response<FrontBody> {
        let looks = matches!(*request.method(), Method::GET | Method::HEAD);
        let response = match request.uri().path() {
            "/healthz" if looks => "ok\n".into_response(),
            "/readyz" if looks => self.readiness().await,
            "/metrics" if looks => self.measured(peer),
            path if is_for_pages(path) => self.for_page(request, peer, id).await,
            _ => self.route(request, peer, id).await,
        };
        let (mut parts, body) = response.into_parts();
        // A reply that has an id already has it in the log too.
        let problem = match parts.headers.contains_key(REQUEST_ID) {
            true => None,
            false => parts.extensions.remove::<Problem>(),
        };
        let Some(mut problem) = problem else {
            return Response::from_parts(parts, FrontBody::router(body));
        };
        problem.log(id.text());
        problem.request_id = Some(id.text().to_owned());
        parts.headers.remove(CONTENT_LENGTH);
        Response::from_parts(parts, FrontBody::whole(problem.body()))
    }

    async fn for_page(
        &self,
        request: Request<Incoming>,
        peer: SocketAddr,
        id: &RequestId,
    ) -> RouterResponse {
        let headers = request.headers();
        let Some(origin) = headers.get(ORIGIN).cloned() else {
            return self.route(request, peer, id).await;
        };
        let of_an_app = self.with_snapshot(|snapshot| cors::is_some_apps(snapshot, &origin));
        if of_an_app && cors::is_preflight(request.method(), headers) {
            let (status, headers) = cors::preflight(headers);
            return (status, headers).into_response();
        }
        match self.may_read(headers, &origin, of_an_app) {
            Some(true) => {
                let mut response = self.route(request, peer, id).await;
                cors::allow(response.headers_mut(), origin);
                response
            }
            Some(false) => cors::refused().into_response(),
            None => self.route(request, peer, id).await,
        }
    }

    /// Whether a page of this origin speaks for the app or the user that it shows; nothing where it shows neither.
    fn may_read(&self, headers: &HeaderMap, origin: &HeaderValue, of_an_app: bool) -> Option<bool> {
        let shown = Shown::by(headers).ok()?;
        if !matches!(shown, Shown::Key(_) | Shown::UserToken(_)) {
            return None;
        }
        let known = self.with_snapshot(|snapshot| {
            let now = || self.state.clock.unix();
            self.callers.borrow_mut().identify(&shown, snapshot, now)
        });
        match known {
            Ok(known) => {
                let allows = |origin| known.app.allows_origin(origin);
                Some(origin.to_str().is_ok_and(allows))
            }
            // A page of any app's may read that its key or token is not taken.
            Err(_) => of_an_app.then_some(true),
        }
    }

    async fn route(
        &self,
        request: Request<Incoming>,
        peer: SocketAddr,
        id: &RequestId,
    ) -> RouterResponse {
        let within = self.limits.body_time;
        let mut request = request.map(|body| axum::body::Body::new(TimelyBody::new(body, within)));
        let caller = self.state.proxies.caller(peer.ip(), request.headers());
        let extensions = request.extensions_mut();
        extensions.insert(ConnectInfo(SocketAddr::new(caller, peer.port())));
        extensions.insert(id.clone());
        // What is logged on the way says of which request.
        let span = tracing::error_span!("request", request_id = id.text(), %caller);
        let answering = self.router.clone().oneshot(request).instrument(span);
        match self.back.spawn(answering).await {
            Ok(Ok(response)) => response,
            Ok(Err(never)) => match never {},
            Err(error) => Problem::internal(&error).into_response(),
        }
    }

    /// What is measured, for this machine alone: what it says of apps and their use is for operators.
    fn measured(&self, peer: SocketAddr) -> RouterResponse {
        if !self.state.shows_metrics || !peer.ip().to_canonical().is_loopback() {
            return Problem::not_found("page")
                .help("Metrics are read at the address that the setting metrics_listen gives them.")
                .into_response();
        }
        ([(CONTENT_TYPE, MEDIA_TYPE)], self.state.metrics.text()).into_response()
    }

    /// Whether calls can be served now.
    async fn readiness(&self) -> RouterResponse {
        if self.draining.get() {
            return not_ready("The server is stopping.").into_response();
        }
        let store = self.state.store.clone();
        match self.back.spawn(async move { store.mark().await }).await {
            Ok(Ok(_)) => "ok\n".into_response(),
            _ => not_ready("The store does not answer.").into_response(),
        }
    }
}

fn is_for_pages(path: &str) -> bool {
    FOR_PAGES.iter().any(|place| {
        let below = path.strip_prefix(place);
        below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    })
}

fn not_ready(detail: &str) -> Problem {
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, "not_ready", detail)
        .fault(WhoseFault::Stepgate)
        .retry(Retry::Later)
}
