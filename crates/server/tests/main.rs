//! The server over HTTP, against upstreams on loopback.
