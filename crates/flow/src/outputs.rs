//! What the steps of a run leave behind, by step id.

use indexmap::IndexMap;
use serde_json::{Map, Value};
use template::{Path, Segment};

/// The outputs of every step that ran.
#[derive(Clone, Default, PartialEq)]
pub struct Outputs(pub(crate) IndexMap<String, Map<String, Value>>);

/// Why an update variable could not be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum WriteError {
    #[error("it names a whole step and not an output of it")]
    WholeStep,
    #[error("it leads through a value that is neither a map nor a list")]
    NotAContainer,
    #[error("it leads past the end of a list")]
    PastTheEnd,
}

impl Outputs {
    /// None yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// What one step left behind.
    #[must_use]
    pub fn of(&self, step: &str) -> Option<&Map<String, Value>> {
        self.0.get(step)
    }

    /// Sets what one step left behind.
    pub fn set(&mut self, step: impl Into<String>, outputs: Map<String, Value>) {
        self.0.insert(step.into(), outputs);
    }

    /// Forgets what one step left behind.
    pub fn forget(&mut self, step: &str) {
        self.0.shift_remove(step);
    }

    /// The steps that left something behind.
    pub fn steps(&self) -> impl Iterator<Item = (&str, &Map<String, Value>)> {
        self.0
            .iter()
            .map(|(step, outputs)| (step.as_str(), outputs))
    }

    /// The value at a path below a step.
    #[must_use]
    pub fn get(&self, path: &Path) -> Option<Value> {
        let outputs = self.0.get(&path.root)?;
        match path.segments.split_first() {
            None => Some(Value::Object(outputs.clone())),
            Some((Segment::Key(key), rest)) => template::walk(outputs.get(key)?, rest).cloned(),
            Some((Segment::Index(_), _)) => None,
        }
    }

    /// Replaces the value at a path. Keys that are missing on the way are added; a list does not
    /// grow, and a text or number does not become a map.
    pub(crate) fn put(&mut self, path: &Path, value: Value) -> Result<(), WriteError> {
        let (Some(Segment::Key(key)), rest) = (path.segments.first(), path.segments.get(1..))
        else {
            return Err(WriteError::WholeStep);
        };
        let mut outputs = self.0.get(&path.root).cloned().unwrap_or_default();
        let place = outputs.entry(key.clone()).or_insert(Value::Null);
        *descend(place, rest.unwrap_or_default())? = value;
        self.0.insert(path.root.clone(), outputs);
        Ok(())
    }
}

fn descend<'a>(
    mut place: &'a mut Value,
    segments: &[Segment],
) -> Result<&'a mut Value, WriteError> {
    for segment in segments {
        if place.is_null() && matches!(segment, Segment::Key(_)) {
            *place = Value::Object(Map::new());
        }
        place = match (place, segment) {
            (Value::Object(map), Segment::Key(key)) => {
                map.entry(key.clone()).or_insert(Value::Null)
            }
            (Value::Array(list), Segment::Index(index)) => {
                list.get_mut(*index).ok_or(WriteError::PastTheEnd)?
            }
            _ => return Err(WriteError::NotAContainer),
        };
    }
    Ok(place)
}

// Nearly every output is a token, or tells who someone is.
impl std::fmt::Debug for Outputs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_update_reaches_any_depth() {
        let start = json!({ "token": "a", "body": { "items": [{ "id": 1 }, 2], "text": "x" } });
        let table = [
            ("login.token", Ok("/token")),
            ("login.fresh", Ok("/fresh")),
            ("login.body.items[0].id", Ok("/body/items/0/id")),
            ("login.body.items[1]", Ok("/body/items/1")),
            ("login.body.more", Ok("/body/more")),
            ("login.body.items[2]", Err(WriteError::PastTheEnd)),
            ("login.body.text.deeper", Err(WriteError::NotAContainer)),
            ("login.gone.deeper", Ok("/gone/deeper")),
            ("login", Err(WriteError::WholeStep)),
        ];
        for (path, expected) in table {
            let mut outputs = Outputs::new();
            outputs.set("login", start.as_object().unwrap().clone());
            let before = outputs.clone();
            let path = Path::parse(path).unwrap();
            match expected {
                Ok(pointer) => {
                    outputs.put(&path, json!("new")).unwrap();
                    let whole = Value::Object(outputs.of("login").unwrap().clone());
                    assert_eq!(whole.pointer(pointer), Some(&json!("new")), "{path}");
                }
                Err(error) => {
                    assert_eq!(outputs.put(&path, json!("new")), Err(error), "{path}");
                    assert_eq!(outputs, before, "{path}");
                }
            }
        }
    }

    #[test]
    fn debug_names_steps_and_nothing_else() {
        let mut outputs = Outputs::new();
        outputs.set(
            "login",
            json!({ "token": "hunter2" }).as_object().unwrap().clone(),
        );
        assert_eq!(format!("{outputs:?}"), "{\"login\"}");
    }
}
