//! Answers that are our own, and no API's: problems, and what a browser asks ahead of a call.

use crate::front::body::FrontBody;
use crate::front::call::{ATTEMPTS, OUTCOME, SERVER_TIMING};
use crate::front::cors;
use crate::front::request_id::RequestId;
use crate::front::resolve::{sign_in_link, step_up_link};
use crate::front::thread::Front;
use crate::front::timing::server_timing;
use crate::problem::{PROBLEM_JSON, Problem};
use gateway::{CallError, Prepared, Unanswered};
use http::header::{CONTENT_TYPE, ORIGIN};
use http::{HeaderMap, HeaderValue, Response};

/// What calls count as that name no connector; no connector can have this name.
const UNKNOWN: &str = "_unknown";

impl Front {
    /// A problem, counted and logged.
    pub(crate) fn problem(
        &self,
        mut problem: Problem,
        connector: &str,
        id: &RequestId,
    ) -> Response<FrontBody> {
        let is_known = self.with_snapshot(|snapshot| snapshot.entry(connector).is_some());
        // Names that callers make up would be counted one by one.
        let counted = self.counters.of(if is_known { connector } else { UNKNOWN });
        counted.problem(problem.code);
        problem.log(id.text());
        problem.request_id = Some(id.text().to_owned());
        let mut response = Response::new(FrontBody::whole(problem.body()));
        *response.status_mut() = problem.status;
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, PROBLEM_JSON);
        if let Ok(outcome) = HeaderValue::from_str(&format!("gateway; code={}", problem.code)) {
            headers.insert(OUTCOME, outcome);
        }
        for (name, value) in std::mem::take(&mut problem.headers) {
            headers.append(name, value);
        }
        response
    }

    /// What an error of a call is for its caller, and how far the call had come.
    pub(crate) fn failed(&self, unanswered: Unanswered, prepared: &Prepared) -> Problem {
        let Unanswered {
            error,
            attempts,
            timings,
        } = unanswered;
        let signs_in = matches!(error, CallError::SignInRequired { .. });
        let run = match &error {
            CallError::StepUpRequired { run, .. } => run.clone(),
            _ => None,
        };
        let mut problem = Problem::from(error).at(self.state.clock.unix());
        let owner = prepared
            .handle()
            .map(|handle| handle.record().owner.as_str());
        if let (true, Some((app, user))) = (signs_in, owner.and_then(|it| it.split_once('/'))) {
            let connector = prepared.route().connector();
            let environment = connector.environment.as_deref();
            problem.sign_in_url =
                sign_in_link(&self.state, app, user, &connector.name, environment);
        }
        if let Some(run) = run {
            let url = step_up_link(&self.state, prepared, &run);
            problem.more.insert("step_up_url".to_owned(), url.into());
            problem.more.insert("run".to_owned(), run.into());
        }
        problem
            .header(ATTEMPTS, number(attempts))
            .header(SERVER_TIMING, server_timing(&timings))
    }

    /// The answer to a browser that asks whether a page may call.
    pub(crate) fn preflight(
        &self,
        headers: &HeaderMap,
        connector: &str,
        id: &RequestId,
    ) -> Response<FrontBody> {
        let allowed = self.with_snapshot(|snapshot| {
            headers
                .get(ORIGIN)
                .is_some_and(|origin| cors::some_app_allows(snapshot, connector, origin))
        });
        if !allowed {
            let mut response = self.problem(cors::refused(), connector, id);
            cors::deny(response.headers_mut());
            return response;
        }
        let (status, headers) = cors::preflight(headers);
        let mut response = Response::new(FrontBody::whole(bytes::Bytes::new()));
        *response.status_mut() = status;
        *response.headers_mut() = headers;
        response
    }
}

/// A call is sent twice at most.
pub(crate) fn number(attempts: u8) -> HeaderValue {
    match attempts {
        0 => HeaderValue::from_static("0"),
        1 => HeaderValue::from_static("1"),
        2 => HeaderValue::from_static("2"),
        more => HeaderValue::from(u16::from(more)),
    }
}
