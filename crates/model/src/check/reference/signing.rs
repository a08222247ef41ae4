//! What the templates of a signature can read beside all else.

use super::path::{Fault, fault};
use crate::build::Signing;
use crate::code::Code;

/// The parts of the request that is being signed.
pub(super) const SIGNED: [&str; 9] = [
    "method",
    "url",
    "target",
    "path",
    "query",
    "host",
    "headers",
    "body",
    "body_sha256",
];

/// The names that belong to one signature: the same in all of its templates.
pub(super) const OF_SIGNATURE: [&str; 6] = [
    "timestamp",
    "timestamp_ms",
    "http_date",
    "iso_date",
    "nonce",
    "signature",
];

/// Whether one of these names is there.
pub(super) fn made_by_signing(name: &str, signing: Signing) -> Option<Fault> {
    if name != "signature" || signing == Signing::Value {
        return None;
    }
    fault(
        Code::NotAvailableHere,
        "`signature` is what is being made of this text.",
        "Read it in `value`.",
    )
}
