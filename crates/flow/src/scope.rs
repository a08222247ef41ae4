//! Everything a template may name in flows and calls, under one set of roots.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use model::Connector;
use outbound::Jar;
use serde_json::{Map, Value};
use std::sync::OnceLock;
use template::{Path, Scope, Segment};
use url::Url;

use crate::engine::{Context, Engine, Secrets};
use crate::outputs::Outputs;
use crate::packed::{Named, PackedCredential};

/// What a reply says of the proof that it wants.
const CHALLENGE: &str = "challenge";

/// The values that the templates of one request, condition or parameter may name.
///
/// Begins with what every run and call has; the rest is added as it comes to be known.
#[derive(Clone)]
pub struct CallScope<'a> {
    connector: &'a Connector,
    secrets: &'a Secrets,
    outputs: Named<'a>,
    engine: &'a Engine,
    callback_url: &'a str,
    jar: Option<&'a Jar>,
    at: Option<Url>,
    state: Option<&'a str>,
    parameters: Option<&'a Map<String, Value>>,
    response: Option<&'a Value>,
    request: Option<&'a Value>,
    optional: Vec<(String, String)>,
}

impl<'a> CallScope<'a> {
    /// What every run and call has.
    #[must_use]
    pub fn new(context: &Context<'a>, outputs: &'a Outputs) -> Self {
        Self::naming(context, Named::Open(outputs))
    }

    /// The same with the outputs of a packed credential, which is only read where one of them is named.
    #[must_use]
    pub fn of_packed(context: &Context<'a>, credential: &'a PackedCredential) -> Self {
        Self::naming(context, Named::Packed(credential, OnceLock::new()))
    }

    fn naming(context: &Context<'a>, outputs: Named<'a>) -> Self {
        Self {
            connector: context.connector,
            secrets: context.secrets,
            outputs,
            engine: context.engine,
            callback_url: context.callback_url,
            jar: None,
            at: None,
            state: None,
            parameters: None,
            response: None,
            request: None,
            optional: optional_fields(context.connector),
        }
    }

    /// Adds `cookies`.
    #[must_use]
    pub fn with_jar(mut self, jar: &'a Jar) -> Self {
        self.jar = Some(jar);
        self
    }

    /// Reads `cookies` as they would be sent to this URL, rather than to the base URL.
    #[must_use]
    pub fn at(mut self, url: &Url) -> Self {
        self.at = Some(url.clone());
        self
    }

    /// Adds `state`.
    #[must_use]
    pub fn with_state(mut self, state: &'a str) -> Self {
        self.state = Some(state);
        self
    }

    /// Adds `parameters`. Each name in `optional` may be absent and then takes its key with it.
    #[must_use]
    pub fn with_parameters(
        mut self,
        parameters: &'a Map<String, Value>,
        optional: impl IntoIterator<Item = String>,
    ) -> Self {
        self.parameters = Some(parameters);
        let optional = optional.into_iter();
        self.optional
            .extend(optional.map(|name| ("parameters".to_owned(), name)));
        self
    }

    /// Adds `response`: a map of `status`, `headers` and `body`.
    #[must_use]
    pub fn with_response(mut self, response: &'a Value) -> Self {
        self.response = Some(response);
        self
    }

    /// Adds `request`: a map of `method` and `url`.
    #[must_use]
    pub fn with_request(mut self, request: &'a Value) -> Self {
        self.request = Some(request);
        self
    }

    /// The connector whose values these are.
    #[must_use]
    pub fn connector(&self) -> &'a Connector {
        self.connector
    }

    /// The means of the run or call.
    pub(crate) fn engine(&self) -> &'a Engine {
        self.engine
    }

    /// A boundary that no part of a multipart body holds.
    pub(crate) fn boundary(&self) -> String {
        format!("stepgate-{}", self.engine.random.base64url(24))
    }

    /// Whether the path leads to something that may be left out: an optional parameter, a form
    /// field that need not be filled in, or what a challenge need not say. Absent, it takes its
    /// key with it.
    pub(crate) fn may_be_left_out(&self, path: &Path) -> bool {
        let is_optional = |key: &String| {
            let mut optional = self.optional.iter();
            optional.any(|(root, name)| *root == path.root && name == key)
        };
        match path.segments.as_slice() {
            [Segment::Key(key)] => is_optional(key),
            [Segment::Key(first), _] => path.root == "response" && first == CHALLENGE,
            _ => false,
        }
    }

    fn cookie(&self, name: &str) -> Option<Value> {
        let url = self.at.as_ref().unwrap_or(&self.connector.base_url);
        let value = self.jar?.get(url, name, self.engine.clock.now())?;
        Some(Value::String(value))
    }

    fn made_now(&self, root: &str) -> Option<Value> {
        Some(match root {
            "base_url" => {
                let url = self.connector.base_url.as_str();
                Value::String(url.trim_end_matches('/').to_owned())
            }
            "callback_url" => Value::String(self.callback_url.to_owned()),
            "state" => Value::String(self.state?.to_owned()),
            "now" => Value::from(self.engine.clock.unix()),
            "uuid" => Value::String(uuid(self.engine.random.bytes())),
            "random" => {
                let bytes = self.engine.random.bytes::<32>();
                Value::String(URL_SAFE_NO_PAD.encode(bytes))
            }
            _ => return None,
        })
    }
}

impl Scope for CallScope<'_> {
    fn lookup(&self, path: &Path) -> Option<Value> {
        let below = |value: Option<&Value>| template::walk(value?, &path.segments).cloned();
        let named = |map: Option<&Map<String, Value>>| {
            let (Segment::Key(key), rest) = path.segments.split_first()? else {
                return None;
            };
            template::walk(map?.get(key)?, rest).cloned()
        };
        match (path.root.as_str(), path.segments.as_slice()) {
            ("variables", [Segment::Key(key), rest @ ..]) => {
                template::walk(self.connector.variables.get(key)?, rest).cloned()
            }
            ("secrets", [Segment::Key(key)]) => {
                Some(Value::String(self.secrets.get(key)?.reveal().clone()))
            }
            ("cookies", [Segment::Key(key)]) => self.cookie(key),
            ("variables" | "secrets" | "cookies", _) => None,
            ("parameters", _) => named(self.parameters),
            ("response", _) => below(self.response),
            ("request", _) => below(self.request),
            (root, []) => self
                .made_now(root)
                .or_else(|| self.outputs.outputs().get(path)),
            _ => self.outputs.outputs().get(path),
        }
    }
}

fn optional_fields(connector: &Connector) -> Vec<(String, String)> {
    let mut optional = Vec::new();
    let of_step_up = connector.step_up.iter().flat_map(|step_up| &step_up.steps);
    for step in connector.auth_flow.steps.iter().chain(of_step_up) {
        if let model::StepKind::Form(form) = &step.kind {
            let fields = form.fields.iter().filter(|field| !field.required);
            optional.extend(fields.map(|field| (step.id.clone(), field.key.clone())));
        }
    }
    optional
}

/// A random UUID (RFC 9562, version 4).
pub(crate) fn uuid(mut bytes: [u8; 16]) -> String {
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    let mut text = String::with_capacity(36);
    for (position, byte) in bytes.iter().enumerate() {
        if matches!(position, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        for nibble in [byte >> 4, byte & 0x0f] {
            text.extend(char::from_digit(u32::from(nibble), 16));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::uuid;

    #[test]
    fn a_uuid_says_its_version_and_variant() {
        assert_eq!(uuid([0xff; 16]), "ffffffff-ffff-4fff-bfff-ffffffffffff");
        assert_eq!(uuid([0; 16]), "00000000-0000-4000-8000-000000000000");
    }
}
