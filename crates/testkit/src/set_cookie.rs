//! Cookies that a jar should not keep, or not send where they would do harm (RFC 6265bis).

use crate::reply::Reply;

/// `Set-Cookie` values from `http://127.0.0.1` that a jar should refuse: for another domain, a
/// public suffix, or with a prefix whose promise they do not keep.
pub const REFUSED: &[&str] = &[
    "sibling=1; Domain=other.example",
    "suffix=1; Domain=com",
    "above=1; Domain=0.0.1",
    "__Host-plain=1; Path=/",
    "__Host-pathless=1; Secure",
    "__Host-domain=1; Secure; Path=/; Domain=127.0.0.1",
    "__Secure-plain=1",
    "__secure-case=1",
    "=__Host-nameless=1; Path=/",
    "",
    "=",
];

/// A reply with every cookie of [`REFUSED`], and with `kept=1; Path=/` in between.
#[must_use]
pub fn refused_and_one_kept() -> Reply {
    let (before, after) = REFUSED.split_at(REFUSED.len() / 2);
    let reply = before
        .iter()
        .fold(Reply::text("ok"), |reply, cookie| reply.cookie(cookie));
    after
        .iter()
        .fold(reply.cookie("kept=1; Path=/"), |reply, cookie| {
            reply.cookie(cookie)
        })
}

/// A reply with `count` cookies called `c0`, `c1`, …
#[must_use]
pub fn many(count: usize) -> Reply {
    (0..count).fold(Reply::text("ok"), |reply, number| {
        reply.cookie(&format!("c{number}={number}; Path=/"))
    })
}

/// A reply with one cookie whose value has `length` characters.
#[must_use]
pub fn large(length: usize) -> Reply {
    Reply::text("ok").cookie(&format!("large={}; Path=/", "a".repeat(length)))
}
