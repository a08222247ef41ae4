//! What `openidconnect` sends, sent by our own client: addresses are judged when they are dialled, and no redirect is
//! followed, which could lead a token endpoint's request elsewhere.

use std::time::Duration;

use model::Clock;
use openidconnect::{HttpRequest, HttpResponse};
use outbound::{Client, Cookies, OutBody, OutboundError, Outgoing};
use url::Url;

/// The most of a reply.
const REPLY: usize = 1 << 20;

/// The longest that a provider may take.
const PATIENCE: Duration = Duration::from_secs(15);

/// Sends a request of the protocol.
pub(crate) async fn send(
    client: Client,
    clock: Clock,
    request: HttpRequest,
) -> Result<HttpResponse, OutboundError> {
    let (head, body) = request.into_parts();
    let unusable = |problem: String| OutboundError::Request {
        host: head.uri.host().unwrap_or_default().to_owned(),
        problem,
    };
    let url = Url::parse(&head.uri.to_string()).map_err(|error| unusable(error.to_string()))?;
    let mut outgoing = Outgoing::new(head.method.clone(), url);
    outgoing.headers = head.headers.clone();
    outgoing.timeout = PATIENCE;
    if !body.is_empty() {
        outgoing.body = OutBody::Bytes(body.into());
    }
    let reply = client
        .send(outgoing, Cookies::None, None, clock.now())
        .await?;
    let (parts, body) = reply.read(REPLY).await?;
    let mut response = HttpResponse::new(body.to_vec());
    *response.status_mut() = parts.status;
    *response.headers_mut() = parts.headers;
    Ok(response)
}
