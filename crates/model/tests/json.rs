//! YAML as plain JSON, read independently of the crate's own tree, for the schema.

use saphyr_parser::{Event, Parser, ScalarStyle};
use serde_json::{Map, Value};

/// The text as JSON; none where it is no YAML.
pub(crate) fn to_json(text: &str) -> Option<Value> {
    let mut events = Vec::new();
    let mut parser = Parser::new_from_str(text);
    while let Some(event) = parser.next_event() {
        match event.ok()?.0 {
            Event::Scalar(raw, style, anchor, _) => {
                events.push(Piece::Scalar(raw.into_owned(), style, anchor));
            }
            Event::Alias(anchor) => events.push(Piece::Alias(anchor)),
            Event::SequenceStart(anchor, _) => events.push(Piece::List(anchor)),
            Event::MappingStart(anchor, _) => events.push(Piece::Map(anchor)),
            Event::SequenceEnd | Event::MappingEnd => events.push(Piece::End),
            _ => {}
        }
    }
    if events.len() > 10_000 {
        return None;
    }
    let mut reader = Reader {
        events: events.into_iter(),
        anchors: std::collections::HashMap::new(),
    };
    reader.value().flatten()
}

enum Piece {
    Scalar(String, ScalarStyle, usize),
    Alias(usize),
    List(usize),
    Map(usize),
    End,
}

struct Reader {
    events: std::vec::IntoIter<Piece>,
    anchors: std::collections::HashMap<usize, Value>,
}

impl Reader {
    /// The next value; inner none at the end of a list or map.
    fn value(&mut self) -> Option<Option<Value>> {
        let (value, anchor) = match self.events.next()? {
            Piece::End => return Some(None),
            Piece::Alias(anchor) => (self.anchors.get(&anchor)?.clone(), 0),
            Piece::Scalar(raw, ScalarStyle::Plain, anchor) => (plain(raw), anchor),
            Piece::Scalar(raw, _, anchor) => (Value::String(raw), anchor),
            Piece::List(anchor) => {
                let mut items = Vec::new();
                while let Some(item) = self.value()? {
                    items.push(item);
                }
                (Value::Array(items), anchor)
            }
            Piece::Map(anchor) => {
                let mut map = Map::new();
                while let Some(key) = self.value()? {
                    let key = match key {
                        Value::String(key) => key,
                        other => other.to_string(),
                    };
                    map.insert(key, self.value()??);
                }
                (Value::Object(map), anchor)
            }
        };
        self.anchors.insert(anchor, value.clone());
        Some(Some(value))
    }
}

fn plain(raw: String) -> Value {
    match raw.as_str() {
        "" | "~" => Value::Null,
        _ => match serde_json::from_str(&raw) {
            Ok(value @ (Value::Null | Value::Bool(_) | Value::Number(_))) => value,
            _ => Value::String(raw),
        },
    }
}
