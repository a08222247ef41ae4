//! One hop that signs its connection in with NTLM: three messages, of which the last carries the
//! request.
//!
//! NTLM proves who is at the end of a connection, not who sent a request: whatever comes on it
//! later is taken for the same account's. So such a connection is opened for one credential and
//! is never lent to another; it speaks HTTP/1.1; and a proxy is only ever asked for a tunnel, for
//! one that forwards requests may mix its callers' connections. The body goes with the third
//! message alone.

use std::time::Duration;

use http::header::{AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE, EXPECT, HeaderValue};
use http::{HeaderMap, Response, StatusCode};
use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use zeroize::Zeroizing;

use crate::connection::{Connection, Payload};
use crate::deadline::Deadline;
use crate::error::{OutboundError, Phase};
use crate::exchange::{Exchanger, Failed, Lent, Message, deliver, empty, payload, shape, whole};
use crate::outgoing::OutBody;
use crate::place::Place;
use crate::pool::Key;
use crate::sign::Fresh;
use crate::sign::channel_binding;
use crate::sign::ntlm::{
    Circumstances, Ntlm, Offered, authenticate, in_header, negotiate, offered,
};

/// The body of a refusal is read to go on behind it, and no further than this.
const REFUSAL: usize = 64 * 1024;

/// What a hop came to.
pub(crate) struct BoundReply {
    pub(crate) response: Response<Incoming>,
    pub(crate) lent: Lent,
    /// The headers of the refusals before it, whose cookies count too.
    pub(crate) refusals: Vec<HeaderMap>,
}

impl Exchanger {
    /// Sends one hop on a connection that is signed in, or gets signed in for it.
    pub(crate) async fn exchange_bound(
        &self,
        message: Message,
        ntlm: &Ntlm,
        fresh: impl Fn() -> Fresh + Send,
        deadline: Deadline,
    ) -> Result<BoundReply, OutboundError> {
        let place = Place::of(&message.url)?;
        let proxy = self.dialer.proxy_to(&place);
        let key = ntlm.owner.clone().map(|owner| Key {
            place: place.clone(),
            proxy: proxy.as_ref().map(|proxy| proxy.place.clone()),
            owner: Some(owner),
            shows: None,
        });
        let spare = match &message.body {
            OutBody::Empty => Some(None),
            OutBody::Bytes(bytes) => Some(Some(bytes.clone())),
            OutBody::Stream(_) => None,
        };
        let trailers = message.trailers.clone();
        let again = || {
            let whole = |bytes| whole(bytes, trailers.clone());
            spare.clone().map(|spare| spare.map_or_else(empty, whole))
        };
        let mut hop = Hop::new(message, &place, deadline);
        let mut refusals = Vec::new();

        if let Some(body) = again()
            && let Some(key) = &key
            && let Some(mut connection) = self.pool.take(key, self.longest_idle(&hop))
        {
            match hop.send(&mut connection, None, body).await {
                Ok(response) if !asks_anew(&response) => {
                    let lent = self.lend(connection, keep(&response, Some(key)));
                    return Ok(BoundReply {
                        response,
                        lent,
                        refusals,
                    });
                }
                // Refused before it acted: the account is proved anew.
                Ok(response) => refusals.push(response.headers().clone()),
                Err(failed) if failed.may_be_sent_again(hop.is_repeatable()) => {}
                Err(failed) => return Err(failed.say(&place)),
            }
        }

        let opening = self.dialer.open_bound(&place, proxy.as_deref(), deadline);
        let (mut connection, certificate) = opening.await?;
        let first = negotiate();
        let asked = hop.send(&mut connection, in_header(&first), empty()).await;
        let response = asked.map_err(|failed| failed.say(&place))?;
        if response.status() != StatusCode::UNAUTHORIZED {
            return self.unasked(hop, connection, response, refusals).await;
        }
        let second = match offered(response.headers()) {
            Offered::Challenge(message) => message,
            // An API's own 401, which has nothing to do with NTLM.
            Offered::Others(schemes) if schemes.is_empty() => {
                let lent = self.lend(connection, None);
                return Ok(BoundReply {
                    response,
                    lent,
                    refusals,
                });
            }
            Offered::Others(schemes) => return Err(hop.unusable(not_offered(&schemes))),
            Offered::Ntlm => {
                let problem = "it answers NTLM's first message by asking for NTLM again; a proxy or load balancer before it probably spreads one connection over several servers";
                return Err(hop.unusable(problem.to_owned()));
            }
        };
        refusals.push(response.headers().clone());
        hop.read_past(response).await?;
        if !hop.settle(&mut connection).await? {
            let problem = "it closes the connection between the messages of NTLM, which has to be one; it needs keep-alive";
            return Err(hop.unusable(problem.to_owned()));
        }

        let fresh = fresh();
        let mut client_nonce = [0; 8];
        client_nonce.copy_from_slice(&fresh.random[..8]);
        let mut session_key = Zeroizing::new([0; 16]);
        session_key.copy_from_slice(&fresh.random[8..24]);
        let third = authenticate(
            &ntlm.account,
            &first,
            &second,
            &Circumstances {
                service: &format!("HTTP/{}", place.host),
                channel: certificate.and_then(|certificate| channel_binding(&certificate)),
                now: fresh.at,
                client_nonce,
                session_key,
            },
        )
        .map_err(|error| hop.unusable(error.to_string()))?;
        let body = std::mem::replace(&mut hop.body, OutBody::Empty);
        let body = payload(body, trailers.clone(), hop.message.progress.as_ref());
        let sent = hop.send(&mut connection, in_header(&third), body);
        let response = sent.await.map_err(|failed| failed.say(&place))?;
        let lent = self.lend(connection, keep(&response, key.as_ref()));
        Ok(BoundReply {
            response,
            lent,
            refusals,
        })
    }

    /// The server lets the request through without NTLM. What was refused or acted upon then was
    /// a request without its body, so where there is one it goes now, as it would have from the
    /// beginning.
    async fn unasked(
        &self,
        mut hop: Hop<'_>,
        mut connection: Connection,
        response: Response<Incoming>,
        mut refusals: Vec<HeaderMap>,
    ) -> Result<BoundReply, OutboundError> {
        let status = response.status();
        let not_now = matches!(status.as_u16(), 408 | 425 | 429);
        let judged = status.is_success() || status.is_client_error();
        let lacks_body = hop.has_body() && judged && !not_now;
        if !lacks_body {
            let lent = self.lend(connection, None);
            return Ok(BoundReply {
                response,
                lent,
                refusals,
            });
        }
        refusals.push(response.headers().clone());
        hop.read_past(response).await?;
        if !hop.settle(&mut connection).await? {
            let proxy = self.dialer.proxy_to(hop.place);
            let opening = self
                .dialer
                .open_bound(hop.place, proxy.as_deref(), hop.deadline);
            connection = opening.await?.0;
        }
        let body = std::mem::replace(&mut hop.body, OutBody::Empty);
        let trailers = std::mem::take(&mut hop.message.trailers);
        let body = payload(body, trailers, hop.message.progress.as_ref());
        let sent = hop.send(&mut connection, None, body).await;
        let response = sent.map_err(|failed| failed.say(hop.place))?;
        let lent = self.lend(connection, None);
        Ok(BoundReply {
            response,
            lent,
            refusals,
        })
    }

    /// How long a kept connection may have been idle to take this request.
    fn longest_idle(&self, hop: &Hop<'_>) -> Duration {
        if hop.is_repeatable() {
            Duration::MAX
        } else {
            self.dialer.limits().fresh
        }
    }
}

/// A request of which each message is a variation.
struct Hop<'a> {
    message: Message,
    /// Withheld until the account is proved.
    body: OutBody,
    place: &'a Place,
    deadline: Deadline,
}

impl<'a> Hop<'a> {
    fn new(mut message: Message, place: &'a Place, deadline: Deadline) -> Self {
        // What stood there is not this scheme's, and the account must not be proved twice.
        message.headers.remove(AUTHORIZATION);
        // A server that waits for no body could not be told from one that waits for NTLM.
        message.headers.remove(EXPECT);
        let body = std::mem::replace(&mut message.body, OutBody::Empty);
        Self {
            message,
            body,
            place,
            deadline,
        }
    }

    fn has_body(&self) -> bool {
        match &self.body {
            OutBody::Empty => false,
            OutBody::Bytes(bytes) => !bytes.is_empty(),
            OutBody::Stream(_) => true,
        }
    }

    fn is_repeatable(&self) -> bool {
        self.message.method.is_idempotent() && !matches!(self.body, OutBody::Stream(_))
    }

    /// Sends it with this body, and with a message of NTLM's.
    async fn send(
        &self,
        connection: &mut Connection,
        authorization: Option<HeaderValue>,
        body: Payload,
    ) -> Result<Response<Incoming>, Failed> {
        let mut headers = self.message.headers.clone();
        if self.has_body() && http_body::Body::is_end_stream(&body) {
            for of_the_body in [CONTENT_TYPE, CONTENT_ENCODING] {
                headers.remove(of_the_body);
            }
        }
        if let Some(authorization) = authorization {
            headers.insert(AUTHORIZATION, authorization);
        }
        let Message { method, url, .. } = &self.message;
        let request =
            shape(method, url, &headers, body, self.place, connection).map_err(Failed::Late)?;
        let progress = self.message.progress.as_ref();
        deliver(connection, request, self.place, self.deadline, progress).await
    }

    /// Reads the body of a reply that is not the last.
    async fn read_past(&self, response: Response<Incoming>) -> Result<(), OutboundError> {
        let body = Limited::new(response.into_body(), REFUSAL);
        let reading = async {
            body.collect().await.map(drop).map_err(|error| {
                let detail = error.to_string();
                OutboundError::Broken {
                    host: self.place.shown(),
                    phase: Phase::Receive,
                    detail,
                }
            })
        };
        let shown = self.place.shown();
        self.deadline.hold(Phase::Receive, &shown, reading).await
    }

    /// Whether the connection takes another request.
    async fn settle(&self, connection: &mut Connection) -> Result<bool, OutboundError> {
        let settling = async { Ok(connection.settle().await) };
        let shown = self.place.shown();
        self.deadline.hold(Phase::Receive, &shown, settling).await
    }

    fn unusable(&self, problem: String) -> OutboundError {
        OutboundError::Ntlm {
            host: self.place.shown(),
            problem,
        }
    }
}

/// Whether a reply on a connection that was signed in asks for NTLM once more.
fn asks_anew(response: &Response<Incoming>) -> bool {
    response.status() == StatusCode::UNAUTHORIZED
        && matches!(offered(response.headers()), Offered::Ntlm)
}

/// Where the connection is kept; nowhere where the account was refused.
fn keep<'a>(response: &Response<Incoming>, key: Option<&'a Key>) -> Option<&'a Key> {
    key.filter(|_| response.status() != StatusCode::UNAUTHORIZED)
}

fn not_offered(schemes: &[String]) -> String {
    let named = schemes.join(", ");
    let negotiate = schemes
        .iter()
        .any(|scheme| scheme.eq_ignore_ascii_case("Negotiate"));
    if negotiate {
        format!(
            "it offers {named}, and not NTLM by that name: let it offer NTLM too (in IIS: Windows Authentication, Providers, add NTLM)"
        )
    } else {
        format!("it offers {named}, and not NTLM: use the sign-in type that it asks for")
    }
}
