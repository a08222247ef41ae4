//! A value of a definition that knows its place.

use std::ops::Range;

use serde_json::{Map, Value};

/// A value with its place.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    /// The place, in bytes.
    pub(crate) span: Range<usize>,
    /// The value.
    pub(crate) value: NodeValue,
    /// How many nodes it is made of, itself included.
    pub(super) size: usize,
}

/// What a node holds.
#[derive(Clone, Debug)]
pub(crate) enum NodeValue {
    /// A text, number, truth value or null, with the text it was written as.
    Scalar {
        /// By YAML 1.2's core schema.
        value: Value,
        /// As written, without quotes.
        raw: String,
    },
    /// A list.
    List(Vec<Node>),
    /// A map, in the order of the text, without duplicates.
    Map(Vec<Entry>),
}

/// A key of a map with its value.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    /// The key, as written.
    pub(crate) key: String,
    /// The place of the key.
    pub(crate) key_span: Range<usize>,
    /// The value.
    pub(crate) value: Node,
}

impl Node {
    pub(super) fn new(span: Range<usize>, value: NodeValue) -> Self {
        let size = 1 + match &value {
            NodeValue::Scalar { .. } => 0,
            NodeValue::List(items) => items.iter().map(|item| item.size).sum(),
            NodeValue::Map(entries) => entries.iter().map(|entry| entry.value.size).sum(),
        };
        Self { span, value, size }
    }

    /// A JSON value that stands as a whole at the given place.
    pub(crate) fn of_json(span: Range<usize>, value: Value) -> Self {
        let value = match value {
            Value::Array(items) => NodeValue::List(
                items
                    .into_iter()
                    .map(|item| Self::of_json(span.clone(), item))
                    .collect(),
            ),
            Value::Object(entries) => NodeValue::Map(
                entries
                    .into_iter()
                    .map(|(key, value)| Entry {
                        key,
                        key_span: span.clone(),
                        value: Self::of_json(span.clone(), value),
                    })
                    .collect(),
            ),
            value => {
                let raw = match &value {
                    Value::String(text) => text.clone(),
                    other => other.to_string(),
                };
                NodeValue::Scalar { value, raw }
            }
        };
        Self::new(span, value)
    }

    /// A text node that stands at the given place.
    pub(crate) fn text_at(span: Range<usize>, value: Value, raw: String) -> Self {
        Self::new(span, NodeValue::Scalar { value, raw })
    }

    /// The value of a key of a map.
    pub(crate) fn get(&self, key: &str) -> Option<&Node> {
        self.entries()
            .iter()
            .find(|entry| entry.key == key)
            .map(|entry| &entry.value)
    }

    /// The value of a key, to be changed.
    pub(crate) fn get_mut(&mut self, key: &str) -> Option<&mut Node> {
        match &mut self.value {
            NodeValue::Map(entries) => entries
                .iter_mut()
                .find(|entry| entry.key == key)
                .map(|entry| &mut entry.value),
            _ => None,
        }
    }

    /// Sets a key of a map, adding it at the end where it is new.
    pub(crate) fn set(&mut self, key: &str, node: Node) {
        if let Some(old) = self.get_mut(key) {
            *old = node;
        } else if let NodeValue::Map(entries) = &mut self.value {
            entries.push(Entry {
                key: key.to_owned(),
                key_span: node.span.clone(),
                value: node,
            });
        }
    }

    /// Takes a key out of a map.
    pub(crate) fn remove(&mut self, key: &str) {
        if let NodeValue::Map(entries) = &mut self.value {
            entries.retain(|entry| entry.key != key);
        }
    }

    /// An empty map at the given place.
    pub(crate) fn empty_map(span: Range<usize>) -> Self {
        Self::new(span, NodeValue::Map(Vec::new()))
    }

    /// The entries of a map; none for anything else.
    pub(crate) fn entries(&self) -> &[Entry] {
        match &self.value {
            NodeValue::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The items of a list; none for anything else.
    pub(crate) fn items(&self) -> &[Node] {
        match &self.value {
            NodeValue::List(items) => items,
            _ => &[],
        }
    }

    /// The text as written, for a scalar other than null.
    pub(crate) fn raw(&self) -> Option<&str> {
        match &self.value {
            NodeValue::Scalar { value, raw } if !value.is_null() => Some(raw),
            _ => None,
        }
    }

    /// The text of a duration: a whole number counts however it is written.
    pub(crate) fn duration_text(&self) -> Option<String> {
        match self.scalar() {
            Some(Value::Number(number)) if number.is_u64() => Some(number.to_string()),
            Some(Value::Bool(_)) => None,
            _ => self.raw().map(str::to_owned),
        }
    }

    /// The scalar's value.
    pub(crate) fn scalar(&self) -> Option<&Value> {
        match &self.value {
            NodeValue::Scalar { value, .. } => Some(value),
            _ => None,
        }
    }

    /// The node as plain JSON.
    pub(crate) fn to_json(&self) -> Value {
        self.to_value(|value, _| value.clone())
    }

    /// The same, with numbers and truth values as the texts they were written as.
    pub(crate) fn to_written(&self) -> Value {
        self.to_value(|value, raw| match value {
            Value::Number(_) | Value::Bool(_) => Value::String(raw.to_owned()),
            other => other.clone(),
        })
    }

    fn to_value(&self, scalar: fn(&Value, &str) -> Value) -> Value {
        match &self.value {
            NodeValue::Scalar { value, raw } => scalar(value, raw),
            NodeValue::List(items) => items.iter().map(|item| item.to_value(scalar)).collect(),
            NodeValue::Map(entries) => Value::Object(
                entries
                    .iter()
                    .map(|entry| (entry.key.clone(), entry.value.to_value(scalar)))
                    .collect::<Map<_, _>>(),
            ),
        }
    }
}
