//! Phase four, send: out by the one client, with the connection's jar where the connector forwards it.

use crate::attach::Sending;
use crate::error::CallError;
use crate::renew::Credential;
use connection::{Connections, Equipped};
use flow::{ClockDifference, Event, Observer, Watched};
use outbound::{Cookies, Reply, Signing};
use secret::Sensitive;
use serde_json::{Value, json};

/// The step name under which a call's own exchange stands in a timeline.
pub const STEP: &str = "call";

/// A reply, and the request it answers as conditions name it.
pub(crate) struct Received {
    pub(crate) reply: Reply,
    pub(crate) request: Value,
    /// Where it refuses what was signed with a time: by how much the clocks differ.
    pub(crate) clock: Option<ClockDifference>,
}

pub(crate) async fn send(
    connections: &Connections,
    equipped: &Equipped,
    credential: &Credential,
    sending: Sending<'_>,
    observer: &mut dyn Observer,
) -> Result<Received, CallError> {
    let Sending {
        outgoing,
        attachment,
    } = sending;
    let signs_the_time = outgoing
        .signing
        .as_ref()
        .is_some_and(Signing::signs_the_time)
        || (credential.handle.is_some() && equipped.connector.calls_show_a_signed_token());
    let method = outgoing.method.to_string();
    let request = json!({ "method": method, "url": outgoing.url.as_str() });
    observer.event(Event::RequestSent {
        step: STEP.to_owned(),
        method,
        url: Sensitive::new(outgoing.url.to_string()),
    });
    let cookies = match &credential.handle {
        Some(handle) if equipped.connector.cookies.forward_all => Cookies::Jar(handle.jar()),
        Some(handle) => Cookies::StoreOnly(handle.jar()),
        None => Cookies::None,
    };
    let watched = Watched::new(Some(&attachment), observer);
    let clock = &connections.engine().clock;
    let begun = clock.now();
    let sent = connections
        .engine()
        .client
        .send(outgoing, cookies, Some(&watched), begun)
        .await;
    watched.tell(STEP, None, observer);
    if let Some(handle) = &credential.handle {
        // Also after an error: a hop before it may have brought cookies.
        connections.save_jar(handle);
        connections.note_used(handle);
    }
    let reply = sent?;
    let ended = clock.now();
    let millis = ended.duration_since(begun).unwrap_or_default().as_millis();
    observer.event(Event::ReplyReceived {
        step: STEP.to_owned(),
        status: reply.status.as_u16(),
        millis: u64::try_from(millis).unwrap_or(u64::MAX),
        bytes: 0,
    });
    let difference = ClockDifference::behind_refusal(reply.status, &reply.headers, begun, ended);
    let clock = difference.filter(|_| signs_the_time);
    if let Some(difference) = clock {
        let message = difference.advice(&reply.url);
        connections.warn_of_clock(&equipped.connector, &message);
        observer.event(Event::Warning {
            step: Some(STEP.to_owned()),
            message,
        });
    }
    Ok(Received {
        reply,
        request,
        clock,
    })
}
