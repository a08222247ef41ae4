//! A test run as server-sent events: each thing that happens, and each change of its state, until it is over.

use crate::api::test_run_view::TestRunView;
use crate::api::timeline_view::{TimelineEvent, timeline};
use crate::test_run::TestRun;
use crate::waits::Waiting;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use http::HeaderValue;
use http::header::CACHE_CONTROL;
use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

/// How often something goes over a silent stream.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// Who follows a test run.
struct Follower {
    run: Arc<TestRun>,
    changes: watch::Receiver<u64>,
    next: usize,
    untold: VecDeque<TimelineEvent>,
    turn: Option<u64>,
    ended: bool,
    /// Dropped with the stream, at its end or when its reader leaves.
    _waiting: Waiting,
}

impl Follower {
    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = self.untold.pop_front() {
                let id = event.index.to_string();
                let told = Event::default().event("timeline").id(id).json_data(event);
                return Some(told.unwrap_or_default());
            }
            self.changes.borrow_and_update();
            // The state first: whatever happened before it came about is then there.
            let (stage, turn) = self.run.stage();
            self.untold.extend(timeline(&self.run, self.next));
            self.next += self.untold.len();
            if !self.untold.is_empty() {
                continue;
            }
            if self.turn != Some(turn) {
                self.turn = Some(turn);
                self.ended = stage.has_ended();
                let view = TestRunView::of(&self.run);
                let told = Event::default().event("run").json_data(view);
                return Some(told.unwrap_or_default());
            }
            if self.ended || self.changes.changed().await.is_err() {
                return None;
            }
        }
    }
}

/// What happens from one event on.
pub(crate) fn events(run: Arc<TestRun>, from: usize, waiting: Waiting) -> Response {
    let follower = Follower {
        changes: run.changes(),
        run,
        next: from,
        untold: VecDeque::new(),
        turn: None,
        ended: false,
        _waiting: waiting,
    };
    let stream = stream::unfold(follower, |mut follower| async move {
        let event = follower.next().await?;
        Some((Ok::<_, Infallible>(event), follower))
    });
    let keep_alive = KeepAlive::new().interval(KEEP_ALIVE);
    let mut response = Sse::new(stream).keep_alive(keep_alive).into_response();
    let no_store = HeaderValue::from_static("no-store");
    response.headers_mut().insert(CACHE_CONTROL, no_store);
    response
}
