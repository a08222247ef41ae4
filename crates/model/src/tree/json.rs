//! Strict JSON that YAML readers do not take: a character written as a pair of `\u` escapes is
//! good JSON and no YAML. Only asked after the YAML reader gave up.

use std::ops::Range;

use serde::de::IgnoredAny;
use serde_json::Value;

use super::{DEEPEST, Entry, Node, NodeValue};
use crate::text::Text;

/// A tree, and the keys that stand in a map a second time.
pub(super) struct Parsed {
    pub(super) root: Node,
    pub(super) duplicates: Vec<(String, Range<usize>)>,
}

/// Reads a text that is JSON; none where it is not, or nests too deep.
pub(super) fn parse(text: &Text<'_>) -> Option<Parsed> {
    let json = text.without_mark();
    serde_json::from_str::<IgnoredAny>(json).ok()?;
    let mut reader = Reader {
        json,
        mark: text.source().len() - json.len(),
        at: 0,
        duplicates: Vec::new(),
    };
    let root = reader.value(0)?;
    Some(Parsed {
        root,
        duplicates: reader.duplicates,
    })
}

/// Walks over text that is known to be JSON.
struct Reader<'a> {
    json: &'a str,
    mark: usize,
    at: usize,
    duplicates: Vec<(String, Range<usize>)>,
}

impl Reader<'_> {
    fn value(&mut self, depth: usize) -> Option<Node> {
        if depth > DEEPEST {
            return None;
        }
        let start = self.next_byte_at()?;
        let value = match self.json.as_bytes()[start] {
            b'{' => self.map(depth)?,
            b'[' => self.list(depth)?,
            b'"' => {
                let raw = self.string()?;
                NodeValue::Scalar {
                    value: Value::String(raw.clone()),
                    raw,
                }
            }
            _ => {
                let rest = &self.json[start..];
                let length = rest
                    .find([',', '}', ']', ' ', '\n', '\r', '\t'])
                    .unwrap_or(rest.len());
                self.at = start + length;
                NodeValue::Scalar {
                    value: serde_json::from_str(&rest[..length]).ok()?,
                    raw: rest[..length].to_owned(),
                }
            }
        };
        Some(Node::new(self.span(start), value))
    }

    fn map(&mut self, depth: usize) -> Option<NodeValue> {
        let mut entries: Vec<Entry> = Vec::new();
        self.at += 1;
        loop {
            let start = self.next_byte_at()?;
            match self.json.as_bytes()[start] {
                b'}' => break,
                b',' => self.at += 1,
                _ => {
                    let key = self.string()?;
                    let key_span = self.span(start);
                    self.at = self.next_byte_at()? + 1;
                    let value = self.value(depth + 1)?;
                    if entries.iter().any(|entry| entry.key == key) {
                        self.duplicates.push((key, key_span));
                    } else {
                        entries.push(Entry {
                            key,
                            key_span,
                            value,
                        });
                    }
                }
            }
        }
        self.at += 1;
        Some(NodeValue::Map(entries))
    }

    fn list(&mut self, depth: usize) -> Option<NodeValue> {
        let mut items = Vec::new();
        self.at += 1;
        loop {
            let start = self.next_byte_at()?;
            match self.json.as_bytes()[start] {
                b']' => break,
                b',' => self.at += 1,
                _ => items.push(self.value(depth + 1)?),
            }
        }
        self.at += 1;
        Some(NodeValue::List(items))
    }

    fn string(&mut self) -> Option<String> {
        let start = self.at;
        let mut escaped = false;
        for (index, byte) in self.json[start..].bytes().enumerate().skip(1) {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => {
                    self.at = start + index + 1;
                    return serde_json::from_str(&self.json[start..self.at]).ok();
                }
                _ => {}
            }
        }
        None
    }

    fn next_byte_at(&mut self) -> Option<usize> {
        let rest = self.json.get(self.at..)?;
        self.at += rest.find(|c: char| !c.is_ascii_whitespace())?;
        Some(self.at)
    }

    fn span(&self, start: usize) -> Range<usize> {
        start + self.mark..self.at + self.mark
    }
}
