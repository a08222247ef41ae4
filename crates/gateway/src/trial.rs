//! One sending of a call with a credential that no connection has: for tests. Nothing is renewed and nothing is written.

use crate::answer::{Unexpected, answer};
use crate::attach::attach;
use crate::call::Target;
use crate::error::CallError;
use crate::judge::{Finding, Judged, judge};
use crate::kept_body::{CallBody, KeptBody};
use crate::renew::Credential;
use crate::resolve::resolve;
use crate::send::send;
use crate::sign::sign;
use bytes::Bytes;
use connection::{Connections, Equipped, Handle};
use flow::Observer;
use http::{HeaderMap, StatusCode};
use std::sync::Arc;
use url::Url;

/// What a trial was answered with.
#[derive(Debug)]
pub struct Trial {
    /// The status.
    pub status: StatusCode,
    /// The headers, less cookies and those of the hop.
    pub headers: HeaderMap,
    /// The body, decoded.
    pub body: Bytes,
    /// Whether the session is over, by the connector's `session.over_when`.
    pub over: bool,
    /// How it misses the endpoint's `expect`, if it does.
    pub unexpected: Option<Unexpected>,
    /// The URL that answered, without what was attached to it.
    pub url: Url,
    /// The credential with the cookies that the reply brought; none where none was given.
    pub credential: Option<flow::Credential>,
}

/// Sends a call once, with a credential that is only tried out.
///
/// # Errors
/// Where there is no answer of the API's own, or its body is larger than `limit` bytes.
pub async fn trial(
    connections: &Connections,
    equipped: &Equipped,
    credential: Option<flow::Credential>,
    target: Target,
    limit: usize,
    observer: &mut dyn Observer,
) -> Result<Trial, CallError> {
    let handle = credential.map(|credential| connections.on_trial(equipped, credential));
    let (judged, finding, used) =
        once(connections, equipped, handle.clone(), target, observer).await?;
    let answer = answer(judged, finding, 1, &used);
    let (status, headers) = (answer.status, answer.headers.clone());
    let (over, unexpected, url) = (answer.over, answer.unexpected.clone(), answer.url.clone());
    Ok(Trial {
        status,
        headers,
        over,
        unexpected,
        url,
        body: answer.read(limit).await?,
        credential: handle.map(|handle| handle.credential()),
    })
}

/// The phases of a call, once.
pub(crate) async fn once(
    connections: &Connections,
    equipped: &Equipped,
    handle: Option<Arc<Handle>>,
    target: Target,
    observer: &mut dyn Observer,
) -> Result<(Judged, Finding, Credential), CallError> {
    let plan = resolve(&equipped.connector, target)?;
    let mut body = KeptBody::keep(CallBody::Empty).await?;
    let credential = Credential {
        handle: handle.filter(|_| plan.attaches()),
        renewed: false,
    };
    credential.tell(equipped, observer);
    let mut sending = attach(connections, equipped, &credential, &plan, &mut body, None)?;
    sign(connections, equipped, &credential, &plan, &mut sending)?;
    let reply = send(connections, equipped, &credential, sending, observer).await?;
    let (judged, finding) = judge(connections, equipped, &credential, &plan, reply).await?;
    Ok((judged, finding, credential))
}
