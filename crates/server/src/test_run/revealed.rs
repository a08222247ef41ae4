//! One value of a test run in the clear, for its person who asked.

use super::record::Heard;
use super::run::TestRun;
use flow::Event;
use secret::{Masker, Sensitive};
use serde_json::{Map, Value, json};
use template::{Path, Segment};

/// What a path leads to, in the clear but for the secrets of the connector.
pub(crate) fn value_at(run: &TestRun, path: &Path) -> Option<Value> {
    let mut secrets = Masker::new();
    let known = run.equipped.secrets.values();
    known.for_each(|secret| secrets.add(secret.reveal()));
    found(run, path).map(|value| without(value, &secrets))
}

fn found(run: &TestRun, path: &Path) -> Option<Value> {
    match (path.root.as_str(), path.segments.as_slice()) {
        ("exchange", [Segment::Index(index), rest @ ..]) => {
            let whole = exchange(run, *index)?;
            template::walk(&whole, rest).cloned()
        }
        ("cookies", [Segment::Key(name)]) => {
            let (_, jar) = run.left();
            let mut cookies = jar.cookies();
            let found = cookies.find(|cookie| cookie.name == name)?;
            Some(Value::from(found.value))
        }
        (_, [_, ..]) => run.left().0.get(path),
        _ => None,
    }
}

/// One exchange, in the clear.
fn exchange(run: &TestRun, index: usize) -> Option<Value> {
    let fields = |headers: &[(String, Sensitive)]| -> Value {
        let mut map = Map::new();
        for (name, value) in headers {
            let text = match map.get(name) {
                Some(Value::String(before)) => format!("{before}\n{}", value.reveal()),
                _ => value.reveal().to_owned(),
            };
            map.insert(name.clone(), Value::String(text));
        }
        Value::Object(map)
    };
    let body = |text: Option<&Sensitive>| match text {
        Some(text) => {
            serde_json::from_str(text.reveal()).unwrap_or_else(|_| Value::from(text.reveal()))
        }
        None => Value::Null,
    };
    run.show(index, |entries, _| {
        let Heard::Event(Event::Exchanged(exchange)) = &entries.first()?.heard else {
            return None;
        };
        let hops = exchange.hops.iter().map(|hop| {
            json!({
                "request": {
                    "method": hop.method,
                    "url": hop.url.reveal(),
                    "headers": fields(&hop.headers),
                    "body": body(hop.body.as_ref()),
                },
                "reply": {
                    "status": hop.status.map(|status| status.as_u16()),
                    "headers": fields(&hop.reply_headers),
                },
            })
        });
        let hops: Vec<Value> = hops.collect();
        let mut whole = json!({
            "request": hops.first()?["request"],
            "reply": hops.last()?["reply"],
            "hops": hops,
        });
        whole["reply"]["body"] = body(exchange.body.as_ref());
        Some(whole)
    })
}

/// A value with the secrets of its connector hidden: they are shown to nobody.
fn without(value: Value, secrets: &Masker) -> Value {
    match value {
        Value::String(text) => Value::String(secrets.mask(&text)),
        Value::Array(items) => items
            .into_iter()
            .map(|item| without(item, secrets))
            .collect(),
        Value::Object(map) => map
            .into_iter()
            .map(|(key, value)| (key, without(value, secrets)))
            .collect::<Map<_, _>>()
            .into(),
        plain => plain,
    }
}
