//! What really goes over the wire, for who wants detail: each hop as it leaves, and what it is answered with.

use std::sync::{Mutex, PoisonError};

use http::{HeaderMap, StatusCode};
use outbound::{Attach, Hop, Leaving, OutboundError};
use secret::Sensitive;

use crate::timeline::{Event, Exchange, Observer};

/// The longest body that is kept of a request or reply, in bytes.
const LONGEST_BODY: usize = 64 << 10;

/// One hop of an exchange.
#[derive(Clone, Debug)]
pub struct SeenHop {
    /// The method.
    pub method: String,
    /// The whole URL.
    pub url: Sensitive,
    /// The headers as they left.
    pub headers: Vec<(String, Sensitive)>,
    /// The body as text, as far as it is kept; none where it is none, streams or is no text.
    pub body: Option<Sensitive>,
    /// The size of the whole body.
    pub bytes: usize,
    /// What answered; none where nothing did.
    pub status: Option<StatusCode>,
    /// The headers of the answer.
    pub reply_headers: Vec<(String, Sensitive)>,
}

/// Passes on to another hook, and keeps what it sees where somebody wants it.
pub struct Watched<'a> {
    inner: Option<&'a dyn Attach>,
    seen: Option<Mutex<Vec<SeenHop>>>,
}

impl<'a> Watched<'a> {
    /// Around the hook that attaches, where there is one.
    #[must_use]
    pub fn new(inner: Option<&'a dyn Attach>, observer: &dyn Observer) -> Self {
        Self {
            inner,
            seen: observer.wants_detail().then(Mutex::default),
        }
    }

    /// Tells what was seen, with the text of the last reply where it was read.
    pub fn tell(self, step: &str, body: Option<&str>, observer: &mut dyn Observer) {
        let Some(seen) = self.seen else { return };
        observer.event(Event::Exchanged(Box::new(Exchange {
            step: step.to_owned(),
            hops: seen.into_inner().unwrap_or_else(PoisonError::into_inner),
            body: body.map(bounded),
        })));
    }
}

impl Attach for Watched<'_> {
    fn attach(&self, hop: &mut Hop<'_>) -> Result<(), OutboundError> {
        match self.inner {
            Some(inner) => inner.attach(hop),
            None => Ok(()),
        }
    }

    fn leaving(&self, hop: &Leaving<'_>) {
        let Some(seen) = &self.seen else { return };
        let body = hop.body.unwrap_or_default();
        let text = std::str::from_utf8(body)
            .ok()
            .filter(|text| !text.is_empty());
        let hop = SeenHop {
            method: hop.method.to_string(),
            url: Sensitive::new(hop.url.to_string()),
            headers: texts(hop.headers),
            body: text.map(bounded),
            bytes: body.len(),
            status: None,
            reply_headers: Vec::new(),
        };
        seen.lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(hop);
    }

    fn answered(&self, status: StatusCode, headers: &HeaderMap) {
        let Some(seen) = &self.seen else { return };
        let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(last) = seen.last_mut() {
            last.status = Some(status);
            last.reply_headers = texts(headers);
        }
    }
}

impl std::fmt::Debug for Watched<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Watched").finish_non_exhaustive()
    }
}

fn texts(headers: &HeaderMap) -> Vec<(String, Sensitive)> {
    let text = |value: &http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    headers
        .iter()
        .map(|(name, value)| (name.to_string(), Sensitive::new(text(value))))
        .collect()
}

fn bounded(text: &str) -> Sensitive {
    let mut end = text.len().min(LONGEST_BODY);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    Sensitive::new(&text[..end])
}
