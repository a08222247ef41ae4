//! A request on its way: on a connection that is there, else on a new one.
//!
//! A connection that waits may be given up by the other side at any moment. A request of which
//! nothing was written goes to the next connection, as often as need be. Whether one that was
//! written may go again only the caller knows: [`SendError`] says what there is to know.
//!
//! Nearly every call finds an HTTP/1.1 connection that is ready. That way is kept short, and its
//! future small; all others are boxed.

use std::pin::pin;
use std::task::Poll;

use http::{Request, Response, StatusCode};
use hyper::body::Incoming;
use hyper::client::conn::TrySendError;

use crate::error::{OutboundError, Phase};
use crate::exchange::{broke_off, say};

use super::call_body::CallBody;
use super::counts::one_more;
use super::held::Held;
use super::local_body::LocalBody;
use super::local_pool::{LocalPool, UpstreamId, unknown};
use super::send_error::SendError;
use super::terms::Terms;
use super::upstream::Carrier;

/// A host that has answered with so many headers is thought to have more: room is made before a reply is lost.
const MANY: usize = 64;

type Answer<B> = Result<Response<LocalBody<B>>, SendError<B>>;

/// What the longer ways need.
pub(super) struct Slow<B> {
    held: Held<B>,
    request: Request<B>,
    carrier: Option<Carrier<B>>,
}

impl<B: CallBody> LocalPool<B> {
    /// Sends a request and waits for the header of its reply.
    ///
    /// The request has its target in origin form and its `Host` header; over HTTP/2 the pool
    /// makes of them what is sent there.
    pub async fn send(
        &self,
        to: UpstreamId,
        mut request: Request<B>,
        terms: Terms,
    ) -> Result<Response<LocalBody<B>>, SendError<B>> {
        let Some(upstream) = self.get(to) else {
            return Err(SendError::unsent(unknown(), request));
        };
        if let Err(error) = upstream.make_http1(&mut request) {
            return Err(SendError::unsent(error, request));
        }
        let safe = request.method().is_safe();
        let carrier = upstream.take(terms.reuse);
        let mut held = Held::new(upstream, terms.within);
        let mut line = match carrier {
            Some(Carrier::Http1(line)) => line,
            carrier => {
                let slow = Slow {
                    held,
                    request,
                    carrier,
                };
                return Box::pin(slow.send(terms)).await;
            }
        };
        one_more(&held.upstream.shared.tally.reused);
        line.heard.set(false);
        // The large values are written where they stay: each copy of one would tell.
        let mut sent = None;
        {
            let mut sending = pin!(line.sender.try_send_request(request));
            std::future::poll_fn(|context| match sending.as_mut().poll(context) {
                Poll::Ready(done) => {
                    sent = Some(done);
                    Poll::Ready(())
                }
                Poll::Pending if held.is_late(context) => Poll::Ready(()),
                Poll::Pending => Poll::Pending,
            })
            .await;
        }
        held.line = Some(line);
        match sent {
            Some(Ok(response)) => held.answered(response),
            Some(Err(failure)) => {
                let request = held.again(failure, true, safe)?;
                let carrier = None;
                let slow = Slow {
                    held,
                    request,
                    carrier,
                };
                Box::pin(slow.send(terms)).await
            }
            None => Err(SendError::sent(held.timeout())),
        }
    }
}

impl<B: CallBody> Slow<B> {
    /// Sends on one connection after the other, until it was written to one.
    async fn send(self, terms: Terms) -> Answer<B> {
        let Self {
            mut held,
            mut request,
            carrier: mut given,
        } = self;
        let safe = request.method().is_safe();
        loop {
            let there = given.take().or_else(|| held.upstream.take(terms.reuse));
            let (carrier, reused) = match there {
                Some(carrier) => (carrier, true),
                None => match held.upstream.open(terms).await {
                    Ok(opened) => opened,
                    Err(error) => return Err(SendError::unsent(error, request)),
                },
            };
            if reused {
                one_more(&held.upstream.shared.tally.reused);
            }
            let shaped = match &carrier {
                Carrier::Http1(_) => held.upstream.make_http1(&mut request),
                Carrier::Http2(_) => held.upstream.make_http2(&mut request),
            };
            if let Err(error) = shaped {
                return Err(SendError::unsent(error, request));
            }
            let sent = match carrier {
                Carrier::Http1(mut line) => {
                    line.heard.set(false);
                    let sending = line.sender.try_send_request(request);
                    held.line = Some(line);
                    held.wait(sending).await
                }
                Carrier::Http2(mut sender) => {
                    let sent = held.wait(sender.try_send_request(request)).await;
                    if !matches!(sent, Ok(Ok(_))) {
                        // If it silently died, others are not to wait for it too.
                        held.upstream.http2.take();
                    }
                    sent
                }
            };
            match sent.map_err(SendError::sent)? {
                Ok(response) => return held.answered(response),
                Err(failure) => request = held.again(failure, reused, safe)?,
            }
        }
    }
}

impl<B> Held<B> {
    fn answered(self, response: Response<Incoming>) -> Answer<B> {
        if response.status() == StatusCode::SWITCHING_PROTOCOLS {
            return Err(SendError::sent(OutboundError::Protocol {
                host: self.upstream.place.shown(),
                detail: "it switched protocols without being asked to".to_owned(),
            }));
        }
        if response.headers().len() > MANY && !self.upstream.wide.get() {
            self.upstream.widen();
        }
        Ok(response.map(|incoming| LocalBody::new(incoming, self)))
    }

    /// After a connection failed: the request, where it may go to the next.
    fn again(
        &mut self,
        mut failure: TrySendError<Request<B>>,
        reused: bool,
        safe: bool,
    ) -> Result<Request<B>, SendError<B>> {
        let heard = self.line.take().is_none_or(|line| line.heard.get());
        let unsent = failure.take_message();
        let failure = failure.into_error();
        let say = |phase| say(&failure, self.upstream.place.shown(), phase);
        match unsent {
            Some(request) if reused => Ok(request),
            Some(request) => Err(SendError::unsent(say(Phase::Connect), request)),
            None => {
                let error = say(Phase::Receive);
                let cramped = matches!(error, OutboundError::HeaderTooLarge { .. });
                let widened = cramped && self.upstream.widen();
                Err(SendError {
                    silent: (reused && !heard && broke_off(&failure)) || (widened && safe),
                    error,
                    unsent: None,
                })
            }
        }
    }
}
