//! A request that asks to go on in another protocol, such as WebSocket (RFC 9110 7.8).
//!
//! It has a connection of its own, over HTTP/1.1 even where the host offers HTTP/2, which has no
//! room for it.

use std::rc::Rc;
use std::time::Duration;

use http::{Request, Response, StatusCode};
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;

use crate::connection::{MOST_HEADERS, http1_builder};
use crate::deadline::Deadline;
use crate::error::Phase;
use crate::exchange::say;
use crate::tls::Offer;

use super::call_body::CallBody;
use super::held::Held;
use super::local_body::LocalBody;
use super::send_error::SendError;
use super::upstream::Upstream;

impl<B: CallBody> Upstream<B> {
    /// Sends the request; the connection comes along where the host agrees.
    pub(super) async fn upgrade(
        self: Rc<Self>,
        mut request: Request<B>,
        within: Duration,
    ) -> Result<(Response<LocalBody<B>>, Option<Upgraded>), SendError<B>> {
        let mut held = Held::new(self, within);
        let upstream = held.upstream.clone();
        if let Err(error) = upstream.make_http1(&mut request) {
            return Err(SendError::unsent(error, request));
        }
        let wire = match upstream.dial(Offer::HTTP1, Deadline::after(within)).await {
            Ok(wire) => wire,
            Err(error) => return Err(SendError::unsent(error, request)),
        };
        let starting = http1_builder(upstream.shared.dialer.limits())
            .max_headers(MOST_HEADERS)
            .handshake(TokioIo::new(wire));
        let (mut sender, driver) = match starting.await {
            Ok(started) => started,
            Err(error) => return Err(SendError::unsent(upstream.no_http(&error), request)),
        };
        upstream.drive(driver.with_upgrades());
        let broken = |error: &hyper::Error| say(error, upstream.place.shown(), Phase::Receive);
        let sending = sender.try_send_request(request);
        let sent = held.wait(sending).await.map_err(SendError::sent)?;
        let mut response = sent.map_err(|mut failure| {
            let unsent = failure.take_message();
            let error = broken(&failure.into_error());
            match unsent {
                Some(request) => SendError::unsent(error, request),
                None => SendError::sent(error),
            }
        })?;
        if response.status() != StatusCode::SWITCHING_PROTOCOLS {
            held.alone = Some(Box::new(sender));
            return Ok((response.map(|body| LocalBody::new(body, held)), None));
        }
        let agreed = hyper::upgrade::on(&mut response);
        let agreed = held.wait(agreed).await.map_err(SendError::sent)?;
        let upgraded = agreed.map_err(|error| SendError::sent(broken(&error)))?;
        let response = response.map(|body| LocalBody::new(body, held));
        Ok((response, Some(upgraded)))
    }
}
