//! An upgrade to WebSocket: the credential goes on the handshake, and then bytes pass both ways.

use crate::passage::{Bounds, pass};
use crate::tunnels::Entered;
use http::header::{CONNECTION, HeaderMap, HeaderValue, UPGRADE};
use http::request::Parts;
use http::{Method, Version};
use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper_util::rt::TokioIo;

/// The caller's end, and its place among those that are open.
pub(crate) struct Tunnel {
    caller: OnUpgrade,
    entered: Option<Entered>,
}

/// Whether a request asks for a WebSocket. Other protocols are not passed on: an `h2c` that an API agrees to would let
/// requests pass that nobody looks at.
pub(crate) fn wants_websocket(head: &Parts) -> bool {
    let headers = &head.headers;
    // The server notes there that the connection can be upgraded, on hardly any request.
    !head.extensions.is_empty()
        && head.version == Version::HTTP_11
        && head.method == Method::GET
        && headers
            .get(UPGRADE)
            .is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"websocket"))
        && headers.get_all(CONNECTION).iter().any(|value| {
            let mut tokens = value.as_bytes().split(|byte| *byte == b',');
            tokens.any(|token| token.trim_ascii().eq_ignore_ascii_case(b"upgrade"))
        })
}

impl Tunnel {
    /// None where the caller's connection was not served with upgrades.
    pub(crate) fn from_caller(head: &mut Parts) -> Option<Self> {
        Some(Self {
            caller: head.extensions.remove::<OnUpgrade>()?,
            entered: None,
        })
    }

    /// It has a place.
    pub(crate) fn enter(&mut self, entered: Entered) {
        self.entered = Some(entered);
    }

    /// The fields by which the API is asked.
    pub(crate) fn ask(headers: &mut HeaderMap) {
        headers.insert(CONNECTION, HeaderValue::from_static("Upgrade"));
        headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
    }

    /// The fields by which the caller is told that the API agreed.
    pub(crate) fn agree(headers: &mut HeaderMap) {
        Self::ask(headers);
    }

    /// Passes bytes both ways, from when the caller has its answer until one side or its time ends.
    pub(crate) fn join(self, api: Upgraded, bounds: Bounds) {
        tokio::task::spawn_local(async move {
            let _entered = self.entered;
            match self.caller.await {
                Ok(caller) => {
                    // However it ends: both sides see it.
                    let _ = pass(TokioIo::new(caller), TokioIo::new(api), bounds).await;
                }
                Err(error) => tracing::debug!(%error, "a caller left before its WebSocket began"),
            }
        });
    }
}
