//! What a test run has heard, in the clear and in memory only, and which of it must not be shown.

use connection::Equipped;
use flow::{Event, Exchange, Outputs};
use model::{Connector, StepKind};
use outbound::Jar;
use secret::{Masker, Sensitive};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The most entries that are kept; a flow that polls for long has no need of more.
const MOST_ENTRIES: usize = 1_000;

/// The most bytes of requests and replies that are kept.
const MOST_BYTES: usize = 4 << 20;

/// The most values of outputs that the masker learns, and how long they may be.
const MOST_LEARNED: usize = 2_000;
const LONGEST_LEARNED: usize = 4_096;

/// Headers of replies that tell nothing of anybody; the values of all others are hidden.
pub(super) const PLAIN_HEADERS: [&str; 12] = [
    "content-type",
    "content-length",
    "content-encoding",
    "date",
    "server",
    "cache-control",
    "vary",
    "connection",
    "transfer-encoding",
    "retry-after",
    "allow",
    "x-powered-by",
];

/// One thing heard, and when, in milliseconds since 1970.
pub(crate) struct Entry {
    pub(crate) at: i64,
    pub(crate) heard: Heard,
}

/// What was heard.
pub(crate) enum Heard {
    /// An event of a flow or call.
    Event(Event),
    /// What a step left behind.
    Outputs { step: String, outputs: Value },
    /// What became of the jar.
    Cookies {
        step: String,
        changes: Vec<CookieChange>,
    },
    /// A part of the test begins.
    Phase(&'static str),
    /// What the renewal made of an output, or of all that calls send.
    Updated { target: String, changed: bool },
}

/// What became of a cookie.
#[derive(Clone)]
pub(crate) struct CookieChange {
    /// `added`, `changed` or `removed`.
    pub(crate) what: &'static str,
    pub(crate) name: String,
    pub(crate) domain: String,
    pub(crate) path: String,
    pub(crate) value: Sensitive,
    pub(crate) expires: Option<i64>,
}

/// What must not be shown.
#[derive(Default)]
pub(crate) struct Known {
    /// All of it.
    pub(crate) masker: Masker,
    /// What not even the length is shown of: passwords and codes that somebody typed, and the connector's secrets.
    pub(crate) bare: Masker,
}

/// All that was heard.
pub(super) struct Recorded {
    pub(super) entries: Vec<Entry>,
    pub(super) known: Known,
    connector: Arc<Connector>,
    pub(super) outputs: Outputs,
    pub(super) jar: Jar,
    /// The jar after each step, in the order in which they ended.
    jars: Vec<(String, Jar)>,
    text: Arc<str>,
    bytes: usize,
    learned: usize,
}

impl Recorded {
    pub(super) fn new(text: Arc<str>, equipped: &Equipped) -> Self {
        let mut known = Known::default();
        for secret in equipped.secrets.values() {
            known.masker.add(secret.reveal());
            known.bare.add(secret.reveal());
        }
        Self {
            entries: Vec::new(),
            known,
            connector: equipped.connector.clone(),
            outputs: Outputs::new(),
            jar: Jar::new(),
            jars: Vec::new(),
            text,
            bytes: 0,
            learned: 0,
        }
    }

    /// Begins where an earlier test run was, at a step of its.
    pub(super) fn begin_at(&mut self, outputs: &Outputs, jars: &[(String, Jar)]) {
        let jar = jars.last().map(|(_, jar)| jar.clone());
        self.begin_with(outputs, &jar.unwrap_or_default());
        self.jars = jars.to_vec();
    }

    /// Begins with what an earlier test run has left.
    pub(super) fn begin_with(&mut self, outputs: &Outputs, jar: &Jar) {
        for (step, left) in outputs.steps() {
            self.learn(step, &Value::Object(left.clone()));
            self.outputs.set(step, left.clone());
        }
        for cookie in jar.cookies() {
            self.known.masker.add(cookie.value);
        }
        self.jar = jar.clone();
    }

    pub(super) fn note(&mut self, heard: Heard, at: i64) {
        match heard {
            Heard::Event(Event::Learned(secret)) => self.known.masker.add(secret.reveal()),
            Heard::Event(Event::Kept(kept)) => {
                let changes = changes(&self.jar, &kept.jar);
                self.jar = kept.jar.clone();
                self.jars.push((kept.step.clone(), kept.jar));
                for cookie in &changes {
                    self.known.masker.add(cookie.value.reveal());
                }
                let step = kept.step;
                if let Some(left) = kept.outputs.of(&step) {
                    let outputs = Value::Object(left.clone());
                    self.learn(&step, &outputs);
                    self.outputs.set(&step, left.clone());
                    let step = step.clone();
                    self.push(Heard::Outputs { step, outputs }, at);
                }
                if !changes.is_empty() {
                    self.push(Heard::Cookies { step, changes }, at);
                }
            }
            Heard::Event(Event::Exchanged(mut exchange)) => {
                self.bound(&mut exchange);
                self.push(Heard::Event(Event::Exchanged(exchange)), at);
            }
            heard => self.push(heard, at),
        }
    }

    /// Adds the body that the last reply turned out to have.
    pub(super) fn note_body(&mut self, body: &str) {
        if self.bytes.saturating_add(body.len()) > MOST_BYTES {
            return;
        }
        self.bytes += body.len();
        let last = self
            .entries
            .iter_mut()
            .rev()
            .find_map(|entry| match &mut entry.heard {
                Heard::Event(Event::Exchanged(exchange)) => Some(exchange),
                _ => None,
            });
        if let Some(last) = last {
            last.body = Some(Sensitive::new(body));
        }
    }

    /// The jar after each step before this one; the last is as the step will find it.
    pub(super) fn jars_before(&self, step: &str) -> Vec<(String, Jar)> {
        let before = self.jars.iter().take_while(|(done, _)| done != step);
        before.cloned().collect()
    }

    fn push(&mut self, heard: Heard, at: i64) {
        if self.entries.len() < MOST_ENTRIES {
            self.entries.push(Entry { at, heard });
        }
    }

    /// Takes the bodies off an exchange where too much is kept already.
    fn bound(&mut self, exchange: &mut Exchange) {
        let length = |body: &Option<Sensitive>| body.as_ref().map_or(0, |it| it.reveal().len());
        let bodies = exchange.hops.iter().map(|hop| length(&hop.body));
        let size = bodies.sum::<usize>() + length(&exchange.body);
        if self.bytes.saturating_add(size) > MOST_BYTES {
            exchange.body = None;
            exchange.hops.iter_mut().for_each(|hop| hop.body = None);
        } else {
            self.bytes += size;
        }
    }

    /// Learns every value of a step's outputs, so that none shows in a later request. What the definition itself says is
    /// no secret, nor is what replies say of themselves.
    fn learn(&mut self, step: &str, outputs: &Value) {
        let plain = |path: &str| {
            path == "url"
                || path
                    .strip_prefix("headers.")
                    .is_some_and(|name| PLAIN_HEADERS.contains(&name))
        };
        let mut found = Vec::new();
        leaves(outputs, "", &mut |path, value| {
            let text = match value {
                Value::String(text) => text.clone(),
                Value::Number(number) if number.to_string().len() >= 6 => number.to_string(),
                _ => return,
            };
            if !plain(path) && text.len() <= LONGEST_LEARNED && !self.text.contains(&text) {
                found.push(text);
            }
        });
        for text in found {
            if self.learned < MOST_LEARNED {
                self.learned += 1;
                self.known.masker.add(&text);
            }
        }
        for (key, typed) in outputs.as_object().into_iter().flatten() {
            if let Some(typed) = typed
                .as_str()
                .filter(|_| is_typed(&self.connector, step, key))
            {
                self.known.bare.add_always(typed);
            }
        }
    }
}

/// Whether an output is a password or code that somebody types.
pub(crate) fn is_typed(connector: &Connector, step: &str, key: &str) -> bool {
    let flows = [
        Some(&connector.auth_flow.steps),
        connector.refresh_flow.as_ref().map(|flow| &flow.steps),
        connector.logout_flow.as_ref().map(|flow| &flow.steps),
        connector.step_up.as_ref().map(|step_up| &step_up.steps),
    ];
    let mut steps = flows.into_iter().flatten().flatten();
    steps.any(|it| match &it.kind {
        StepKind::Form(form) if it.id == step => {
            let mut fields = form.fields.iter();
            fields.any(|field| field.key == key && field.kind.is_secret())
        }
        _ => false,
    })
}

/// Calls `each` with the path and value of everything that has nothing inside.
pub(crate) fn leaves(value: &Value, path: &str, each: &mut dyn FnMut(&str, &Value)) {
    let below = |key: &str| match (path.is_empty(), is_name(key)) {
        (true, _) => key.to_owned(),
        (false, true) => format!("{path}.{key}"),
        (false, false) => format!("{path}['{key}']"),
    };
    match value {
        Value::Object(map) if !map.is_empty() => {
            map.iter()
                .for_each(|(key, value)| leaves(value, &below(key), each));
        }
        Value::Array(items) if !items.is_empty() => {
            for (index, item) in items.iter().enumerate() {
                leaves(item, &format!("{path}[{index}]"), each);
            }
        }
        leaf => each(path, leaf),
    }
}

/// Whether a key stands in a path as it is.
fn is_name(key: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    !key.is_empty() && key.chars().all(plain)
}

/// What became of each cookie from one state of a jar to the next.
fn changes(before: &Jar, after: &Jar) -> Vec<CookieChange> {
    let of = |jar: &Jar| -> BTreeMap<(String, String, String), (String, Option<i64>)> {
        let key = |cookie: &outbound::KeptCookie<'_>| {
            let (domain, path) = (cookie.domain.to_owned(), cookie.path.to_owned());
            (domain, path, cookie.name.to_owned())
        };
        jar.cookies()
            .map(|cookie| (key(&cookie), (cookie.value.to_owned(), cookie.expires)))
            .collect()
    };
    let (before, after) = (of(before), of(after));
    let change = |what, key: &(String, String, String), of: &(String, Option<i64>)| CookieChange {
        what,
        domain: key.0.clone(),
        path: key.1.clone(),
        name: key.2.clone(),
        value: Sensitive::new(of.0.clone()),
        expires: of.1,
    };
    let mut changes = Vec::new();
    for (key, now) in &after {
        match before.get(key) {
            None => changes.push(change("added", key, now)),
            Some(then) if then.0 != now.0 => changes.push(change("changed", key, now)),
            Some(_) => {}
        }
    }
    let gone = before.iter().filter(|(key, _)| !after.contains_key(*key));
    changes.extend(gone.map(|(key, then)| change("removed", key, then)));
    changes
}
