//! Who knows the values that templates name.

use serde_json::{Map, Value};

use crate::path::{Path, walk};

/// Gives the value that a path leads to.
pub trait Scope {
    /// The value at `path`; `None` means absent, which is not the same as a JSON null.
    fn lookup(&self, path: &Path) -> Option<Value>;
}

impl Scope for Map<String, Value> {
    fn lookup(&self, path: &Path) -> Option<Value> {
        walk(self.get(&path.root)?, &path.segments).cloned()
    }
}

impl Scope for Value {
    fn lookup(&self, path: &Path) -> Option<Value> {
        self.as_object()?.lookup(path)
    }
}
