//! An observer that remembers what a run has learned is secret, so that what is told of its end can be masked.

use flow::{Event, Observer};
use secret::Masker;

/// What was learned, and who else is told.
pub(crate) struct Learned<O> {
    masker: Masker,
    onward: O,
}

impl<O: Observer> Learned<O> {
    pub(crate) fn new(onward: O) -> Self {
        Self {
            masker: Masker::new(),
            onward,
        }
    }

    pub(crate) fn masker(&self) -> &Masker {
        &self.masker
    }
}

impl<O: Observer> Observer for Learned<O> {
    fn event(&mut self, event: Event) {
        if let Event::Learned(secret) = &event {
            self.masker.add(secret.reveal());
        }
        self.onward.event(event);
    }
}
