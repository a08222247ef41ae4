//! What a caller asks of one sending.

use std::time::Duration;

/// How one request is to be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// How long it may take, reply's body included. Never cut short; over by two seconds at most.
    pub within: Duration,
    /// Which connections it may have.
    pub reuse: Reuse,
}

/// Which connections a request may have.
///
/// The other side may give a connection up in the very moment in which a request is written to
/// it; whether the request was acted upon is then unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reuse {
    /// Any: the request is idempotent, and the caller can send it again.
    Any,
    /// One that was in use just now ([`crate::Limits::fresh`]), or a new one.
    Fresh,
    /// A new one: for the repetition.
    Never,
}
