//! One thread's upstreams, by number.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::time::{Duration, Instant};

use http::{Request, Response};
use hyper::upgrade::Upgraded;
use tokio::runtime::Handle;
use url::Url;

use crate::dialer::Dialer;
use crate::error::OutboundError;
use crate::place::Place;

use super::call_body::CallBody;
use super::counts::{Counts, Tally};
use super::deadlines::Deadlines;
use super::local_body::LocalBody;
use super::send_error::SendError;
use super::upstream::Upstream;

/// The connections of one thread.
///
/// It works on a runtime on which `tokio::task::spawn_local` does: a `LocalRuntime`.
pub struct LocalPool<B> {
    shared: Rc<Shared>,
    known: RefCell<Known<B>>,
}

/// Bounds for each upstream of a pool, beside those of [`crate::Limits`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PoolLimits {
    /// Unused connections kept.
    pub idle: usize,
    /// Connections being opened at the same time; further calls wait for one to be free.
    pub dials: usize,
}

/// The number of an upstream in the pool that gave it, and in no other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct UpstreamId(u32);

/// What all upstreams of a pool share.
pub(super) struct Shared {
    pub(super) dialer: Dialer,
    pub(super) back: Handle,
    pub(super) limits: PoolLimits,
    pub(super) deadlines: Deadlines,
    pub(super) tally: Tally,
}

struct Known<B> {
    upstreams: Vec<Rc<Upstream<B>>>,
    numbers: HashMap<Place, UpstreamId>,
}

impl Default for PoolLimits {
    fn default() -> Self {
        Self {
            idle: 256,
            dials: 64,
        }
    }
}

impl<B: CallBody> LocalPool<B> {
    /// An empty pool. Names are looked up, and addresses judged, on `back`; `now` is what the
    /// moments given to [`LocalPool::tick`] count from.
    pub fn new(dialer: Dialer, back: Handle, limits: PoolLimits, now: Instant) -> Self {
        Self {
            shared: Rc::new(Shared {
                dialer,
                back,
                limits,
                deadlines: Deadlines::new(now),
                tally: Tally::default(),
            }),
            known: RefCell::new(Known {
                upstreams: Vec::new(),
                numbers: HashMap::new(),
            }),
        }
    }

    /// The number of the host that `origin` leads to. `None` where it is not reached directly,
    /// but through a proxy, or not over HTTP: such calls go by [`crate::Client`].
    pub fn upstream(&self, origin: &Url) -> Option<UpstreamId> {
        let place = Place::of(origin).ok()?;
        if self.shared.dialer.proxy_to(&place).is_some() {
            return None;
        }
        let mut known = self.known.borrow_mut();
        if let Some(id) = known.numbers.get(&place) {
            return Some(*id);
        }
        let upstream = Upstream::new(self.shared.clone(), place.clone())?;
        let id = UpstreamId(u32::try_from(known.upstreams.len()).ok()?);
        known.upstreams.push(Rc::new(upstream));
        known.numbers.insert(place, id);
        Some(id)
    }

    /// Sends a request that asks for another protocol, on an HTTP/1.1 connection of its own.
    /// Where the host agrees (101), the connection comes along.
    pub async fn upgrade(
        &self,
        to: UpstreamId,
        request: Request<B>,
        within: Duration,
    ) -> Result<(Response<LocalBody<B>>, Option<Upgraded>), SendError<B>> {
        match self.get(to) {
            Some(upstream) => upstream.upgrade(request, within).await,
            None => Err(SendError::unsent(unknown(), request)),
        }
    }

    /// To be called once a second: ends what is over its time, and closes what has been unused
    /// for too long.
    pub fn tick(&self, now: Instant) {
        self.shared.deadlines.tick(now);
        for upstream in &self.known.borrow().upstreams {
            upstream.sweep();
        }
    }

    /// How things stand.
    pub fn counts(&self) -> Counts {
        let known = self.known.borrow();
        let tally = &self.shared.tally;
        Counts {
            open: tally.open.get(),
            idle: known.upstreams.iter().map(|one| one.idle() as u64).sum(),
            dialled: tally.dialled.get(),
            reused: tally.reused.get(),
        }
    }

    pub(super) fn get(&self, id: UpstreamId) -> Option<Rc<Upstream<B>>> {
        self.known.borrow().upstreams.get(id.0 as usize).cloned()
    }
}

pub(super) fn unknown() -> OutboundError {
    OutboundError::Request {
        host: "nowhere".to_owned(),
        problem: "its upstream is of another pool".to_owned(),
    }
}

impl<B> std::fmt::Debug for LocalPool<B> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LocalPool")
            .field("limits", &self.shared.limits)
            .finish_non_exhaustive()
    }
}
