//! Paths: where a value is found, as `login.body.items[0]['any key']`.

use std::fmt;

use serde_json::Value;

use crate::error::TemplateError;
use crate::parse;

/// A root name and the way down from it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Path {
    /// The first name: a step id, `variables`, `response`, ...
    pub root: String,
    /// The way down from the root.
    pub segments: Vec<Segment>,
}

/// One step down into a value.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Segment {
    /// A key of an object.
    Key(String),
    /// A position in a list, from 0.
    Index(usize),
}

impl Path {
    /// Reads a path that stands alone, without `{{` and `}}`.
    ///
    /// # Errors
    /// When the text is not a path, with the byte offset of what is wrong.
    pub fn parse(text: &str) -> Result<Path, TemplateError> {
        parse::lone_path(text)
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.root)?;
        self.segments.iter().try_for_each(|segment| segment.fmt(f))
    }
}

impl fmt::Display for Segment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Segment::Index(index) => write!(f, "[{index}]"),
            Segment::Key(key) if is_plain_key(key) => write!(f, ".{key}"),
            Segment::Key(key) => {
                write!(f, "['{}']", key.replace('\\', r"\\").replace('\'', r"\'"))
            }
        }
    }
}

/// The value that `segments` lead to from `value`; `None` where they lead nowhere.
#[must_use]
pub fn walk<'a>(value: &'a Value, segments: &[Segment]) -> Option<&'a Value> {
    segments
        .iter()
        .try_fold(value, |value, segment| match segment {
            Segment::Key(key) => value.as_object()?.get(key),
            Segment::Index(index) => value.as_array()?.get(*index),
        })
}

/// Whether `key` can be written after a dot. Digits alone cannot: they look like a position.
pub(crate) fn is_plain_key(key: &str) -> bool {
    !key.is_empty()
        && key.bytes().all(is_key_byte)
        && !key.bytes().all(|byte| byte.is_ascii_digit())
}

/// A byte that may stand in a key after a dot.
pub(crate) fn is_key_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')
}

#[cfg(test)]
mod tests {
    use super::{Path, Segment, walk};
    use serde_json::json;

    #[test]
    fn prints_as_it_is_written() {
        for text in [
            "login",
            "login.body.items[0].id",
            "login.headers.x-token",
            "cookies.sid",
            "login.body['a key'].b",
            "login.body['0']",
            r"login.body['it\'s']",
            r"login.body['back\\slash']",
            "login.body['']",
            "login.body.2fa",
        ] {
            assert_eq!(Path::parse(text).unwrap().to_string(), text);
        }
    }

    #[test]
    fn either_quote_encloses_a_key() {
        let path = Path::parse(r#"a["b c"]"#).unwrap();
        assert_eq!(path.segments, [Segment::Key("b c".into())]);
        assert_eq!(path.to_string(), "a['b c']");
    }

    #[test]
    fn walks_to_a_value_or_nowhere() {
        let value = json!({"items": [{"id": 7, "none": null}], "text": "abc"});
        for (path, expected) in [
            ("r", Some(value.clone())),
            ("r.items[0].id", Some(json!(7))),
            ("r.items[0].none", Some(json!(null))),
            ("r.items[0].none.deeper", None),
            ("r.items[1].id", None),
            ("r.items.id", None),
            ("r.text[0]", None),
            ("r['items'][0]['id']", Some(json!(7))),
            ("r.missing", None),
        ] {
            let path = Path::parse(path).unwrap();
            assert_eq!(walk(&value, &path.segments), expected.as_ref(), "{path}");
        }
    }

    #[test]
    fn refuses_what_is_not_a_path() {
        for text in [
            "",
            " ",
            "1a",
            "a.",
            "a..b",
            "a[",
            "a[]",
            "a[-1]",
            "a[1",
            "a['b",
            "a['b'",
            "a.0",
            "a b",
            "a-b.c",
            ".a",
            "a.é",
            "a[99999999999999999999999]",
            "a}}",
            "a|trim",
        ] {
            assert!(Path::parse(text).is_err(), "{text:?}");
        }
    }
}
