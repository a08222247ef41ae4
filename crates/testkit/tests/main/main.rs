//! The upstreams, seen by callers that speak plain bytes.

mod ask;
mod awkward;
mod tls;
mod upstream;
