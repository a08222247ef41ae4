//! One thread's own: the connections it serves, what it remembers for calls, and its tick.

use crate::api::Api;
use crate::caller::Callers;
use crate::front::activity::{Activity, Course, Open, Phase, Seconds};
use crate::front::counters::Counters;
use crate::front::index::Index;
use crate::front::refusal::{full, reply, unreadable};
use crate::front::request_id::RequestIds;
use crate::front::serve::{Ending, LocalTasks, builders, serve};
use crate::registry::Snapshot;
use crate::settings::Limits;
use crate::state::State;
use axum::Router;
use gateway::{Lane, Tunnels};
use hashbrown::HashMap;
use hyper::server::conn::{http1, http2};
use outbound::Counts;
use std::cell::{Cell, RefCell};
use std::net::SocketAddr;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::runtime::Handle;
use tokio::task::AbortHandle;

/// The most connections that a thread has prepared for calls.
const PREPARED: usize = 16_384;

/// How many seconds a caller may take nothing of an answer that is ready for it.
const BLOCKED: u32 = 60;

/// Every so many ticks the use of keys is noted, and what is no longer current is dropped.
const TIDY: u32 = 5;

/// What connections and calls of one thread have in common.
pub(crate) struct Front {
    pub(crate) state: State,
    pub(crate) api: Api,
    pub(crate) back: Handle,
    pub(crate) router: Router,
    pub(crate) lane: Rc<Lane>,
    pub(crate) callers: RefCell<Callers>,
    pub(crate) index: RefCell<Index>,
    pub(crate) counters: Counters,
    pub(crate) ids: RequestIds,
    pub(crate) draining: Cell<bool>,
    /// Calls whose credential was at hand.
    pub(crate) hits: Cell<u64>,
    /// Calls whose credential was not.
    pub(crate) misses: Cell<u64>,
    snapshot: RefCell<Arc<Snapshot>>,
    /// The upstream connections as they were last handed over.
    upstream: Cell<Counts>,
    pub(crate) limits: Limits,
    http1: http1::Builder,
    http2: http2::Builder<LocalTasks>,
    seconds: Seconds,
    open: Open,
    connections: RefCell<HashMap<u64, Connection>>,
    next: Cell<u64>,
}

struct Connection {
    activity: Arc<Activity>,
    ending: Rc<Ending>,
    task: AbortHandle,
}

/// Takes a connection off the list when its task ends, however it does.
struct Listed {
    front: Rc<Front>,
    number: u64,
}

impl Front {
    /// For a thread that starts. To be called on it.
    pub(crate) fn new(
        state: State,
        api: Api,
        router: Router,
        back: Handle,
        limits: Limits,
        open: Open,
        tunnels: Tunnels,
    ) -> Rc<Self> {
        let (http1, http2) = builders(limits.header_bytes.max(8192));
        Rc::new(Self {
            lane: Lane::new(
                state.connections.clone(),
                back.clone(),
                tunnels,
                Some(state.attempts.clone()),
            ),
            callers: RefCell::new(Callers::new(state.user_tokens.clone(), &state.random)),
            index: RefCell::new(Index::new(PREPARED)),
            counters: Counters::default(),
            ids: RequestIds::new(&state.random),
            draining: Cell::new(false),
            snapshot: RefCell::new(state.registry.snapshot()),
            upstream: Cell::default(),
            seconds: Seconds::default(),
            connections: RefCell::default(),
            next: Cell::new(0),
            hits: Cell::new(0),
            misses: Cell::new(0),
            state,
            api,
            back,
            router,
            limits,
            http1,
            http2,
            open,
        })
    }

    /// Reads what is served now, without a shared count that all threads would touch.
    pub(crate) fn with_snapshot<T>(&self, read: impl FnOnce(&Arc<Snapshot>) -> T) -> T {
        let generation = self.state.registry.generation();
        if self.snapshot.borrow().generation != generation {
            self.snapshot.replace(self.state.registry.snapshot());
        }
        read(&self.snapshot.borrow())
    }

    pub(crate) fn http1(&self) -> &http1::Builder {
        &self.http1
    }

    pub(crate) fn http2(&self) -> &http2::Builder<LocalTasks> {
        &self.http2
    }

    /// Serves a connection, or turns it away where there are too many.
    pub(crate) fn take(self: &Rc<Self>, stream: TcpStream, peer: SocketAddr) {
        if self.open.count() >= self.limits.connections {
            let told = reply(full(), &self.ids.next(), self.state.clock.now());
            // The one write that needs no waiting: a fresh connection takes this much.
            let _ = stream.try_write(&told);
            self.counters.of("").problem("too_many_connections");
            return;
        }
        // Small answers must not wait for one another; where that cannot be set, they merely do.
        let _ = stream.set_nodelay(true);
        let activity = Activity::new(&self.seconds, &self.open);
        let ending = Rc::new(Ending::default());
        let number = self.next.get();
        self.next.set(number + 1);
        let listed = Listed {
            front: self.clone(),
            number,
        };
        let serving = serve(self.clone(), stream, peer, activity.clone(), ending.clone());
        let task = tokio::task::spawn_local(async move {
            let _listed = listed;
            serving.await;
        });
        let connection = Connection {
            activity,
            ending,
            task: task.abort_handle(),
        };
        self.connections.borrow_mut().insert(number, connection);
    }

    /// Once a second.
    pub(crate) fn tick(&self) {
        self.seconds.tick();
        self.lane.tick();
        let header = whole(self.limits.header_time);
        let idle = whole(self.limits.idle_time);
        for connection in self.connections.borrow().values() {
            let lasting = connection.activity.lasting();
            match connection.activity.phase() {
                Phase::Reading if lasting > header => connection.give_up(lasting > header + 1),
                Phase::Waiting if lasting > idle => connection.end(),
                _ if connection.activity.blocked() > BLOCKED => connection.task.abort(),
                _ => {}
            }
        }
        if self.seconds.now().is_multiple_of(TIDY) {
            self.note_used_keys();
            self.index.borrow_mut().tidy();
        }
        self.hand_over();
    }

    /// Asks every connection to end: now where it waits for a next request that nobody seems to send, else after what it
    /// is doing. WebSockets are told too. True where none is left.
    pub(crate) fn end_all(&self) -> bool {
        self.lane.leave_tunnels();
        let connections = self.connections.borrow();
        for connection in connections.values() {
            match connection.activity.phase() {
                Phase::Serving => {
                    connection.ending.ask();
                }
                // The next request may be on its way.
                Phase::Waiting if connection.activity.lasting() > 1 => connection.end(),
                Phase::Waiting | Phase::Reading => {}
            }
        }
        connections.is_empty() && self.lane.open_tunnels() == 0
    }

    /// Hands over what was counted and which keys were used.
    pub(crate) fn hand_over_all(&self) -> tokio::task::JoinHandle<()> {
        self.hand_over();
        self.note_used_keys()
    }

    /// Counts a connection that was refused before there was a request to answer.
    pub(crate) fn count_refusal(&self, activity: &Activity) {
        let refused = activity.refused().map(http::StatusCode::from_u16);
        if let Some(Ok(status)) = refused {
            self.counters.of("").problem(unreadable(status).code);
        }
    }

    fn hand_over(&self) {
        self.state.metrics.add(self.counters.take());
        for (found, count) in [("at_hand", &self.hits), ("looked_for", &self.misses)] {
            metrics::counter!("stepgate_credential_lookups_total", "found" => found)
                .increment(count.take());
        }
        metrics::gauge!("stepgate_connections_open").set(self.open.count() as f64);
        let now = self.lane.counts();
        let before = self.upstream.replace(now);
        // Threads add up.
        let grown = |now: u64, before: u64| now as f64 - before as f64;
        metrics::gauge!("stepgate_upstream_open").increment(grown(now.open, before.open));
        metrics::gauge!("stepgate_upstream_idle").increment(grown(now.idle, before.idle));
        let counted = [
            ("dialled", now.dialled, before.dialled),
            ("reused", now.reused, before.reused),
        ];
        for (how, now, before) in counted {
            let more = now.saturating_sub(before);
            metrics::counter!("stepgate_upstream_requests_total", "connection" => how)
                .increment(more);
        }
    }

    fn note_used_keys(&self) -> tokio::task::JoinHandle<()> {
        let used = self.callers.borrow_mut().used_keys();
        let state = self.state.clone();
        self.back.spawn(async move {
            if used.is_empty() {
                return;
            }
            let now = state.clock.unix();
            let uses = used.iter().map(|id| (id.to_string(), now)).collect();
            if let Err(error) = state.store.mark_app_keys_used(uses).await {
                tracing::warn!(%error, "the use of keys was not noted");
            }
        })
    }
}

impl Connection {
    /// A request has taken too long to come. Where it can be told so it is, and then there is a second for it.
    fn give_up(&self, was_told: bool) {
        self.activity.take(Course::Late);
        if was_told || !self.ending.wake() {
            self.task.abort();
        }
    }

    fn end(&self) {
        if !self.ending.ask() {
            self.task.abort();
        }
    }
}

impl Drop for Listed {
    fn drop(&mut self) {
        // Where the list is being read, nothing of it is dropped.
        if let Ok(mut connections) = self.front.connections.try_borrow_mut() {
            connections.remove(&self.number);
        }
    }
}

fn whole(time: Duration) -> u32 {
    u32::try_from(time.as_secs()).unwrap_or(u32::MAX)
}
