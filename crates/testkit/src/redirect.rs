//! Chains of redirects.

use bytes::Bytes;
use http::Request;

use crate::handler::Handler;
use crate::reply::Reply;

/// `/0` redirects to `/1`, and so on; `/{hops}` answers 200 with the number of hops as JSON.
#[must_use]
pub fn chain(hops: usize) -> impl Handler {
    move |request: &Request<Bytes>| {
        let here = request.uri().path().trim_start_matches('/');
        match here.parse::<usize>() {
            Ok(here) if here < hops => Reply::redirect(&format!("/{}", here + 1)),
            Ok(_) => Reply::json(hops.into()),
            Err(_) => Reply::status(404),
        }
    }
}

/// Every path redirects to itself.
#[must_use]
pub fn endless() -> impl Handler {
    |request: &Request<Bytes>| Reply::redirect(request.uri().path())
}

/// Every path redirects to `location` with `status`.
#[must_use]
pub fn to(status: u16, location: &str) -> impl Handler {
    Reply::redirect(location).with_status(status)
}
