//! How an upstream comes by a new connection.
//!
//! Looking a name up and judging its addresses is for the back runtime; the connection is
//! opened, and lives, on this thread.

use std::cell::Cell;
use std::rc::Rc;

use hyper_util::rt::TokioIo;

use crate::connection::{MOST_HEADERS, http1_builder, http2_builder};
use crate::deadline::Deadline;
use crate::error::{OutboundError, Phase};
use crate::tls::Offer;
use crate::wire::Wire;

use super::call_body::CallBody;
use super::counts::{one_less, one_more};
use super::line::{Line, Listening};
use super::local_pool::Shared;
use super::terms::Terms;
use super::upstream::{Carrier, Upstream};

impl<B: CallBody> Upstream<B> {
    /// Opens a connection, or waits for one where enough are being opened already. Tells
    /// whether it had been in use before.
    pub(super) async fn open(&self, terms: Terms) -> Result<(Carrier<B>, bool), OutboundError> {
        let deadline = Deadline::after(terms.within);
        while !self.may_dial() {
            let queued = Counting::one(&self.queued);
            let freed = async {
                self.freed.notified().await;
                Ok(())
            };
            let shown = self.place.shown();
            deadline.hold(Phase::Connect, &shown, freed).await?;
            drop(queued);
            if let Some(carrier) = self.take(terms.reuse) {
                if self.may_dial() {
                    self.wake_queued();
                }
                return Ok((carrier, true));
            }
        }
        let _dialling = Dialling::begin(self);
        let wire = self.dial(Offer::ANY, deadline).await?;
        Ok((self.start(wire).await?, false))
    }

    fn may_dial(&self) -> bool {
        let most = if self.spoke_http2.get() {
            1
        } else {
            self.shared.limits.dials.max(1)
        };
        self.dialling.get() < most
    }

    /// A stream to the host.
    pub(super) async fn dial(
        &self,
        offer: Offer<'_>,
        deadline: Deadline,
    ) -> Result<Wire, OutboundError> {
        let dialer = &self.shared.dialer;
        let deadline = deadline.or_after(dialer.limits().connect_timeout);
        let permitted = if dialer.knows(&self.place) {
            dialer.resolve(&self.place).await?
        } else {
            let (resolving, place) = (dialer.clone(), self.place.clone());
            let resolving = self
                .shared
                .back
                .spawn(async move { resolving.resolve(&place).await });
            let shown = self.place.shown();
            let resolved = async {
                let stopped = |_| OutboundError::Dns {
                    host: self.place.host.to_string(),
                    detail: "the look-up was stopped".to_owned(),
                };
                resolving.await.map_err(stopped)?
            };
            deadline.hold(Phase::Resolve, &shown, resolved).await?
        };
        let connecting = dialer.connect(&self.place, permitted, offer, deadline);
        let (wire, _) = connecting.await?;
        one_more(&self.shared.tally.dialled);
        Ok(wire)
    }

    /// Starts HTTP on a stream.
    async fn start(&self, wire: Wire) -> Result<Carrier<B>, OutboundError> {
        let limits = self.shared.dialer.limits();
        if wire.is_http2() {
            let (sender, driver) = http2_builder(Here, limits)
                .handshake(TokioIo::new(wire))
                .await
                .map_err(|error| self.no_http(&error))?;
            self.drive(driver);
            self.spoke_http2.set(true);
            self.http2.replace(Some(sender.clone()));
            return Ok(Carrier::Http2(sender));
        }
        let heard = Rc::new(Cell::new(false));
        let stream = Listening {
            wire,
            heard: heard.clone(),
        };
        let mut builder = http1_builder(limits);
        if self.wide.get() || self.shared.dialer.is_wide(&self.place) {
            self.wide.set(true);
            builder.max_headers(MOST_HEADERS);
        }
        let (sender, driver) = builder
            .handshake(TokioIo::new(stream))
            .await
            .map_err(|error| self.no_http(&error))?;
        self.drive(driver);
        self.spoke_http2.set(false);
        let wide = self.wide.get();
        Ok(Carrier::Http1(Box::new(Line {
            sender,
            heard,
            wide,
        })))
    }

    /// Runs a connection to its end; what breaks it is told to whoever waits on a request.
    pub(super) fn drive(&self, driver: impl Future<Output = hyper::Result<()>> + 'static) {
        let open = Open::one(self.shared.clone());
        tokio::task::spawn_local(async move {
            if let Err(error) = driver.await {
                tracing::debug!(%error, "a connection ended");
            }
            drop(open);
        });
    }

    pub(super) fn no_http(&self, error: &hyper::Error) -> OutboundError {
        OutboundError::Protocol {
            host: self.place.shown(),
            detail: error.to_string(),
        }
    }
}

/// Runs what HTTP/2 has to run beside a connection on the connection's own thread.
#[derive(Clone, Copy)]
struct Here;

impl<F: Future<Output: 'static> + 'static> hyper::rt::Executor<F> for Here {
    fn execute(&self, future: F) {
        tokio::task::spawn_local(future);
    }
}

/// Counts itself for as long as it lives.
struct Counting<'a>(&'a Cell<usize>);

impl<'a> Counting<'a> {
    fn one(count: &'a Cell<usize>) -> Self {
        count.set(count.get() + 1);
        Self(count)
    }
}

impl Drop for Counting<'_> {
    fn drop(&mut self) {
        self.0.set(self.0.get() - 1);
    }
}

/// A connection being opened; at its end the next may be.
struct Dialling<'a, B>(&'a Upstream<B>);

impl<'a, B> Dialling<'a, B> {
    fn begin(upstream: &'a Upstream<B>) -> Self {
        upstream.dialling.set(upstream.dialling.get() + 1);
        Self(upstream)
    }
}

impl<B> Drop for Dialling<'_, B> {
    fn drop(&mut self) {
        self.0.dialling.set(self.0.dialling.get() - 1);
        self.0.wake_queued();
    }
}

/// A connection that is open.
struct Open(Rc<Shared>);

impl Open {
    fn one(shared: Rc<Shared>) -> Self {
        one_more(&shared.tally.open);
        Self(shared)
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        one_less(&self.0.tally.open);
    }
}
