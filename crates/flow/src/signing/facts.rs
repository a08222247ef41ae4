//! What the templates of a signature see: the request as it will leave, one reading of the clock, one nonce, and what
//! was known before.

use std::collections::HashMap;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use outbound::Facts;
use serde_json::Value;
use sha2::{Digest, Sha256};
use template::{Path, Scope, Segment, Template};
use time::OffsetDateTime;
use time::macros::format_description;
use url::Position;

use crate::exchange::headers_value;
use crate::scope::{CallScope, uuid};

/// The values of templates that do not hang on the request, looked up before it is sent.
#[derive(Clone, Default)]
pub(super) struct Known(HashMap<Path, Value>);

impl Known {
    /// What these templates name. What is of the request, or new for each signature, stays for later.
    pub(super) fn of<'a>(
        templates: impl IntoIterator<Item = &'a Template>,
        scope: &CallScope<'_>,
    ) -> Self {
        let paths = templates
            .into_iter()
            .flat_map(Template::expressions)
            .map(|expression| &expression.path)
            .filter(|path| !is_of_signature(path));
        let found = paths.filter_map(|path| Some((path.clone(), scope.lookup(path)?)));
        Self(found.collect())
    }
}

/// The scope of one signature.
pub(super) struct FactsScope<'a> {
    pub(super) known: &'a Known,
    pub(super) facts: &'a Facts<'a>,
}

impl Scope for FactsScope<'_> {
    fn lookup(&self, path: &Path) -> Option<Value> {
        match (path.root.as_str(), path.segments.as_slice()) {
            ("request", [Segment::Key(part), rest @ ..]) => self.of_request(part, rest),
            (name, []) if is_of_signature(path) => self.made_now(name),
            _ => self.known.0.get(path).cloned(),
        }
    }
}

impl FactsScope<'_> {
    fn of_request(&self, part: &str, rest: &[Segment]) -> Option<Value> {
        let request = &self.facts.request;
        let url = request.url;
        let text = match (part, rest) {
            ("headers", rest) => {
                return template::walk(&headers_value(request.headers), rest).cloned();
            }
            ("method", []) => request.method.as_str().to_owned(),
            ("url", []) => url[..Position::AfterQuery].to_owned(),
            ("target", []) => url[Position::BeforePath..Position::AfterQuery].to_owned(),
            ("path", []) => url.path().to_owned(),
            ("query", []) => url.query().unwrap_or_default().to_owned(),
            ("host", []) => request.host(),
            ("body", []) => std::str::from_utf8(request.body?).ok()?.to_owned(),
            ("body_sha256", []) => hex::encode(Sha256::digest(request.body?)),
            _ => return None,
        };
        Some(Value::String(text))
    }

    fn made_now(&self, name: &str) -> Option<Value> {
        let fresh = self.facts.fresh;
        let since = fresh.since_1970();
        Some(match name {
            "timestamp" | "now" => Value::from(since.as_secs()),
            "timestamp_ms" => Value::from(u64::try_from(since.as_millis()).ok()?),
            "http_date" => Value::from(httpdate::fmt_http_date(fresh.at)),
            "iso_date" => {
                let format = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]Z");
                Value::from(OffsetDateTime::from(fresh.at).format(format).ok()?)
            }
            "nonce" => Value::from(fresh.nonce()),
            "random" => Value::from(URL_SAFE_NO_PAD.encode(fresh.random)),
            "uuid" => {
                let mut bytes = [0; 16];
                bytes.copy_from_slice(&fresh.random[16..]);
                Value::from(uuid(bytes))
            }
            "signature" => Value::from(self.facts.signature?),
            _ => return None,
        })
    }
}

/// Whether a path is made anew for each signature.
fn is_of_signature(path: &Path) -> bool {
    match path.root.as_str() {
        "request" => true,
        "timestamp" | "timestamp_ms" | "http_date" | "iso_date" | "nonce" | "signature" | "now"
        | "random" | "uuid" => path.segments.is_empty(),
        _ => false,
    }
}
