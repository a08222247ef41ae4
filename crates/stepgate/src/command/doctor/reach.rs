//! Whether the APIs of the served connectors can be reached from here, and what their clocks say.

use std::time::{Duration, SystemTime};

use flow::Engine;
use http::Method;
use http::header::DATE;
use outbound::{Cookies, Outgoing};
use url::Url;

/// How long an API may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// An API that was asked, without any credential.
pub(crate) struct Reached {
    /// Whose it is.
    pub(crate) connector: String,
    /// Why there was no answer, and what to do about it.
    pub(crate) refused: Option<String>,
    /// By how many seconds its clock is ahead of ours.
    pub(crate) ahead: Option<i64>,
}

/// Asks each for the header of its base URL. Any answer will do.
pub(crate) async fn reach(engine: &Engine, apis: Vec<(String, Url)>) -> Vec<Reached> {
    let mut asked = tokio::task::JoinSet::new();
    for (connector, url) in apis {
        let client = engine.client.clone();
        asked.spawn(async move {
            let mut request = Outgoing::new(Method::HEAD, url);
            request.timeout = PATIENCE;
            let reply = client
                .send(request, Cookies::None, None, SystemTime::now())
                .await;
            match reply {
                Ok(reply) => {
                    let date = reply.headers.get(DATE).and_then(|date| date.to_str().ok());
                    Reached {
                        connector,
                        refused: None,
                        ahead: date.and_then(ahead),
                    }
                }
                Err(error) => Reached {
                    connector,
                    refused: Some(error.to_string()),
                    ahead: None,
                },
            }
        });
    }
    let mut reached = asked.join_all().await;
    reached.sort_by(|one, other| one.connector.cmp(&other.connector));
    reached
}

/// By how many seconds a `Date` (RFC 9110 section 6.6.1) is ahead of this machine.
fn ahead(date: &str) -> Option<i64> {
    let seconds = |time: SystemTime| {
        let since = time.duration_since(SystemTime::UNIX_EPOCH).ok()?;
        i64::try_from(since.as_secs()).ok()
    };
    Some(seconds(httpdate::parse_http_date(date).ok()?)? - seconds(SystemTime::now())?)
}
