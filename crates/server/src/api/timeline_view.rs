//! What happened in a test run, one thing after the other, every value of it hidden.

use crate::api::moment::Moment;
use crate::test_run::{CookieChange, Entry, Heard, TestRun, Veil, is_typed, leaves};
use flow::{Event, Exchange};
use secret::Sensitive;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

/// The most values of one step that are listed.
const MOST_VALUES: usize = 1_000;

/// One thing that happened.
#[derive(Serialize, ToSchema)]
pub(crate) struct TimelineEvent {
    /// Its position, from 0; also the id of the event in a stream.
    pub(crate) index: usize,
    /// Milliseconds since 1970.
    at: i64,
    #[serde(flatten)]
    pub(crate) event: EventView,
}

/// What happened.
#[derive(Serialize, ToSchema)]
#[serde(tag = "event", rename_all = "snake_case")]
pub(crate) enum EventView {
    /// A part of the test begins: `spoiled_call`, `refresh` or `call`.
    Phase { name: &'static str },
    /// A step begins, or goes on after a pause.
    StepStarted { step: String, kind: &'static str },
    /// A step is left out.
    StepSkipped { step: String, why: String },
    /// A request goes out.
    RequestSent {
        step: String,
        method: String,
        url: String,
    },
    /// A redirect was followed.
    Redirected {
        step: String,
        status: u16,
        url: String,
    },
    /// A reply is there.
    ReplyReceived {
        step: String,
        status: u16,
        millis: u64,
        bytes: usize,
    },
    /// A request as it was sent and its reply as it was received, hop by hop.
    Exchanged { step: String, hops: Vec<HopView> },
    /// A value was picked out of a reply.
    Extracted {
        step: String,
        name: String,
        value: String,
    },
    /// A condition was judged.
    Judged {
        step: String,
        condition: &'static str,
        holds: bool,
    },
    /// What a step has left behind.
    Outputs {
        step: String,
        values: Vec<OutputView>,
        /// How many more there are.
        left_out: usize,
    },
    /// What a step did to the cookies.
    Cookies {
        step: String,
        changes: Vec<CookieView>,
    },
    /// A step has its outputs.
    StepDone { step: String, millis: u64 },
    /// A step failed.
    StepFailed { step: String, message: String },
    /// The flow goes back to a form.
    WentBack { from: String, to: String },
    /// Something is sent again for a form: the flow goes back to an earlier step.
    SentAgain { form: String, from: String },
    /// The code of a step said a line by `console`. Secrets that are known are hidden in it, and what the code says of
    /// others is the builder's own word.
    Console {
        step: String,
        /// `debug`, `log`, `info`, `warn` or `error`.
        #[schema(example = "log")]
        level: &'static str,
        text: String,
    },
    /// It waits: `form`, `browser`, `code` or `time`.
    Waiting { step: String, what: &'static str },
    /// A redirect to the callback URL was not taken.
    CallbackRefused { why: String },
    /// What the renewal made of an update variable.
    Updated { target: String, changed: bool },
    /// Something is not as it should be.
    Warning {
        step: Option<String>,
        message: String,
    },
    /// Anything else.
    Other,
}

/// One hop of an exchange.
#[derive(Serialize, ToSchema)]
pub(crate) struct HopView {
    #[schema(example = "POST")]
    pub(crate) method: String,
    pub(crate) url: String,
    pub(crate) headers: Vec<HeaderView>,
    /// A map or list where it is JSON, else a text; secrets hidden.
    #[schema(value_type = Object)]
    pub(crate) body: Option<Value>,
    /// The size of the whole body.
    bytes: usize,
    /// None where nothing answered.
    pub(crate) status: Option<u16>,
    pub(crate) reply_headers: Vec<HeaderView>,
    /// The shape of the last reply's body, its values hidden.
    #[schema(value_type = Object)]
    pub(crate) reply_body: Option<Value>,
}

/// A header field.
#[derive(Serialize, ToSchema)]
pub(crate) struct HeaderView {
    #[schema(example = "content-type")]
    pub(crate) name: String,
    pub(crate) value: String,
}

/// An output.
#[derive(Serialize, ToSchema)]
pub(crate) struct OutputView {
    /// As it is written in a template.
    #[schema(example = "login.body.token")]
    pub(crate) path: String,
    #[serde(rename = "type")]
    #[schema(example = "string")]
    pub(crate) value_type: &'static str,
    /// Characters of a text, items of a list or map; none of a typed password, or what has one in it.
    length: Option<usize>,
    /// The mask.
    pub(crate) shown: String,
}

/// What became of a cookie.
#[derive(Serialize, ToSchema)]
pub(crate) struct CookieView {
    /// `added`, `changed` or `removed`.
    pub(crate) change: &'static str,
    pub(crate) name: String,
    pub(crate) domain: String,
    path: String,
    /// The mask.
    pub(crate) shown: String,
    /// None where it lasts as long as the connection.
    expires_at: Option<Moment>,
}

/// What happened from one event on.
pub(crate) fn timeline(run: &TestRun, from: usize) -> Vec<TimelineEvent> {
    run.show(from, |entries, known| {
        let veil = Veil::masking(known);
        let events = entries.iter().enumerate();
        events
            .map(|(index, entry)| shown(from + index, entry, &veil, run))
            .collect()
    })
}

/// One thing that happened, as it may be seen.
pub(crate) fn shown(index: usize, entry: &Entry, veil: &Veil<'_>, run: &TestRun) -> TimelineEvent {
    let event = match &entry.heard {
        Heard::Event(event) => event_view(event, veil),
        Heard::Outputs { step, outputs } => outputs_view(step, outputs, veil, run),
        Heard::Cookies { step, changes } => EventView::Cookies {
            step: step.clone(),
            changes: changes.iter().map(|change| cookie(change, veil)).collect(),
        },
        Heard::Phase(name) => EventView::Phase { name },
        Heard::Updated { target, changed } => EventView::Updated {
            target: target.clone(),
            changed: *changed,
        },
    };
    TimelineEvent {
        index,
        at: entry.at,
        event,
    }
}

fn event_view(event: &Event, veil: &Veil<'_>) -> EventView {
    let text = |text: &Sensitive| veil.text(text.reveal());
    match event {
        Event::StepStarted { step, kind } => EventView::StepStarted {
            step: step.clone(),
            kind,
        },
        Event::StepSkipped { step } => EventView::StepSkipped {
            step: step.clone(),
            why: "Its `when` says no.".to_owned(),
        },
        Event::RequestSent { step, method, url } => EventView::RequestSent {
            step: step.clone(),
            method: method.clone(),
            url: veil.url(url.reveal(), false),
        },
        Event::Redirected { step, status, url } => EventView::Redirected {
            step: step.clone(),
            status: *status,
            url: veil.url(url.reveal(), true),
        },
        Event::ReplyReceived {
            step,
            status,
            millis,
            bytes,
        } => EventView::ReplyReceived {
            step: step.clone(),
            status: *status,
            millis: *millis,
            bytes: *bytes,
        },
        Event::Exchanged(exchange) => exchanged(exchange, veil),
        Event::Extracted { step, name, value } => EventView::Extracted {
            step: step.clone(),
            name: name.clone(),
            value: veil.extracted(value),
        },
        Event::Judged { step, what, holds } => EventView::Judged {
            step: step.clone(),
            condition: what,
            holds: *holds,
        },
        Event::StepDone { step, millis } => EventView::StepDone {
            step: step.clone(),
            millis: *millis,
        },
        Event::StepFailed { step, message } => EventView::StepFailed {
            step: step.clone(),
            message: text(message),
        },
        Event::WentBack { from, to } => EventView::WentBack {
            from: from.clone(),
            to: to.clone(),
        },
        Event::SentAgain { form, from } => EventView::SentAgain {
            form: form.clone(),
            from: from.clone(),
        },
        Event::Console {
            step,
            level,
            text: line,
        } => EventView::Console {
            step: step.clone(),
            level,
            text: text(line),
        },
        Event::Waiting { step, what } => EventView::Waiting {
            step: step.clone(),
            what,
        },
        Event::CallbackRefused { why } => EventView::CallbackRefused {
            why: veil.text(why),
        },
        Event::Warning { step, message } => EventView::Warning {
            step: step.clone(),
            message: veil.text(message),
        },
        _ => EventView::Other,
    }
}

fn exchanged(exchange: &Exchange, veil: &Veil<'_>) -> EventView {
    let last = exchange.hops.len().saturating_sub(1);
    let hops = exchange.hops.iter().enumerate().map(|(index, hop)| {
        let header = |name: &str| {
            let found = hop.headers.iter().find(|(key, _)| key == name);
            found.map_or("", |(_, value)| value.reveal())
        };
        let is_form = header("content-type").starts_with("application/x-www-form-urlencoded");
        let body = hop.body.as_ref();
        let reply = exchange.body.as_ref().filter(|_| index == last);
        HopView {
            method: hop.method.clone(),
            url: veil.url(hop.url.reveal(), index > 0),
            headers: headers(&hop.headers, |name, value| veil.request_header(name, value)),
            body: body.map(|body| veil.request_body(body.reveal(), is_form)),
            bytes: hop.bytes,
            status: hop.status.map(|status| status.as_u16()),
            reply_headers: headers(&hop.reply_headers, |name, value| {
                veil.reply_header(name, value)
            }),
            reply_body: reply.map(|body| veil.reply_body(body.reveal())),
        }
    });
    EventView::Exchanged {
        step: exchange.step.clone(),
        hops: hops.collect(),
    }
}

fn headers(fields: &[(String, Sensitive)], show: impl Fn(&str, &str) -> String) -> Vec<HeaderView> {
    let view = |(name, value): &(String, Sensitive)| HeaderView {
        name: name.clone(),
        value: show(name, value.reveal()),
    };
    fields.iter().map(view).collect()
}

fn outputs_view(step: &str, outputs: &Value, veil: &Veil<'_>, run: &TestRun) -> EventView {
    let mut values = Vec::new();
    let mut left_out = 0;
    leaves(outputs, step, &mut |path, value| {
        if values.len() >= MOST_VALUES {
            left_out += 1;
            return;
        }
        // How long a password is helps whoever guesses it.
        let key = path
            .strip_prefix(step)
            .and_then(|key| key.strip_prefix('.'));
        let typed = key.is_some_and(|key| is_typed(&run.equipped.connector, step, key));
        let is_bare = typed || value.as_str().is_some_and(|text| veil.is_bare(text));
        values.push(OutputView {
            path: path.to_owned(),
            value_type: type_of(value),
            length: length(value).filter(|_| !is_bare),
            shown: match value {
                _ if typed => secret::MASK.to_owned(),
                Value::String(text) => veil.hidden(text),
                Value::Number(number) => veil.hidden(&number.to_string()),
                plain => plain.to_string(),
            },
        });
    });
    EventView::Outputs {
        step: step.to_owned(),
        values,
        left_out,
    }
}

fn cookie(change: &CookieChange, veil: &Veil<'_>) -> CookieView {
    CookieView {
        change: change.what,
        name: change.name.clone(),
        domain: change.domain.clone(),
        path: change.path.clone(),
        shown: veil.hidden(change.value.reveal()),
        expires_at: change.expires.map(Moment),
    }
}

/// The JSON type of a value.
pub(crate) fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

fn length(value: &Value) -> Option<usize> {
    match value {
        Value::String(text) => Some(text.chars().count()),
        Value::Array(items) => Some(items.len()),
        Value::Object(map) => Some(map.len()),
        Value::Null | Value::Bool(_) | Value::Number(_) => None,
    }
}
