//! What a pool tells about itself.

use std::cell::Cell;

/// Counts of one thread's pool.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Connections that are open, in use or not.
    pub open: u64,
    /// Connections that wait for a request; those of HTTP/2 are never counted here.
    pub idle: u64,
    /// Connections opened so far.
    pub dialled: u64,
    /// Requests so far that were given a connection which had been in use before.
    pub reused: u64,
}

/// The counts as they are kept.
#[derive(Default)]
pub(super) struct Tally {
    pub(super) open: Cell<u64>,
    pub(super) dialled: Cell<u64>,
    pub(super) reused: Cell<u64>,
}

/// Adds one.
pub(super) fn one_more(count: &Cell<u64>) {
    count.set(count.get().wrapping_add(1));
}

/// Takes one away.
pub(super) fn one_less(count: &Cell<u64>) {
    count.set(count.get().wrapping_sub(1));
}
