//! Carries the events of a task to the observer of whoever waits for it, who may be gone any time.

use flow::{Event, Observer};
use std::future::Future;
use std::pin::pin;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// The task's end.
pub(crate) struct Relay(UnboundedSender<Event>);

/// The waiter's end.
pub(crate) struct Events(UnboundedReceiver<Event>);

impl Relay {
    pub(crate) fn new() -> (Self, Events) {
        let (sender, receiver) = unbounded_channel();
        (Self(sender), Events(receiver))
    }
}

impl Observer for Relay {
    fn event(&mut self, event: Event) {
        // Nobody listens any more: the work goes on all the same.
        let _ = self.0.send(event);
    }
}

impl Events {
    /// Hands on every event until `result` is there.
    pub(crate) async fn hand_on<T>(
        mut self,
        result: impl Future<Output = T>,
        observer: &mut dyn Observer,
    ) -> T {
        let mut result = pin!(result);
        loop {
            tokio::select! {
                biased;
                Some(event) = self.0.recv() => observer.event(event),
                result = &mut result => {
                    while let Ok(event) = self.0.try_recv() {
                        observer.event(event);
                    }
                    return result;
                }
            }
        }
    }
}
