//! Every path that is no call: handed to the router on the back runtime. What operators look at is answered here.

use crate::front::body::FrontBody;
use crate::front::request_id::{REQUEST_ID, RequestId};
use crate::front::thread::Front;
use crate::metrics::MEDIA_TYPE;
use crate::problem::Problem;
use axum::extract::ConnectInfo;
use axum::response::{IntoResponse, Response as RouterResponse};
use gateway::{Retry, WhoseFault};
use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use http::{Method, Request, Response, StatusCode};
use hyper::body::Incoming;
use std::net::SocketAddr;
use tower::ServiceExt;

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
            "/metrics" if looks => {
                let text = self.state.metrics.text();
                ([(CONTENT_TYPE, MEDIA_TYPE)], text).into_response()
            }
            _ => self.route(request, peer).await,
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
        problem.request_id = Some(id.text().to_owned());
        parts.headers.remove(CONTENT_LENGTH);
        Response::from_parts(parts, FrontBody::whole(problem.body()))
    }

    async fn route(&self, request: Request<Incoming>, peer: SocketAddr) -> RouterResponse {
        let mut request = request.map(axum::body::Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        match self.back.spawn(self.router.clone().oneshot(request)).await {
            Ok(Ok(response)) => response,
            Ok(Err(never)) => match never {},
            Err(error) => Problem::internal(&error).into_response(),
        }
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

fn not_ready(detail: &str) -> Problem {
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, "not_ready", detail)
        .fault(WhoseFault::Stepgate)
        .retry(Retry::Later)
}
