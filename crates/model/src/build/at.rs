//! A node together with its path, so that whoever stands at it can say where.

use crate::shape::check::join;
use crate::tree::Node;

/// A node and where it is.
#[derive(Clone, Debug)]
pub(crate) struct At<'n> {
    /// The node.
    pub(crate) node: &'n Node,
    /// Its path from the root.
    pub(crate) path: String,
}

impl<'n> At<'n> {
    /// The root of a definition.
    pub(crate) fn root(node: &'n Node) -> Self {
        Self {
            node,
            path: String::new(),
        }
    }

    /// The value of a key.
    pub(crate) fn get(&self, key: &str) -> Option<At<'n>> {
        Some(At {
            node: self.node.get(key)?,
            path: join(&self.path, key),
        })
    }

    /// The value at the end of several keys.
    pub(crate) fn find(&self, keys: &[&str]) -> Option<At<'n>> {
        keys.iter().try_fold(self.clone(), |at, key| at.get(key))
    }

    /// The items of a list; none of anything else.
    pub(crate) fn items(&self) -> Vec<At<'n>> {
        self.node
            .items()
            .iter()
            .enumerate()
            .map(|(index, node)| At {
                node,
                path: format!("{}[{index}]", self.path),
            })
            .collect()
    }

    /// The entries of a map; none of anything else.
    pub(crate) fn entries(&self) -> Vec<(&'n str, At<'n>)> {
        self.node
            .entries()
            .iter()
            .map(|entry| {
                let at = At {
                    node: &entry.value,
                    path: join(&self.path, &entry.key),
                };
                (entry.key.as_str(), at)
            })
            .collect()
    }

    /// The entries of a map, each with the place of its key.
    pub(crate) fn keyed(&self) -> Vec<(&'n str, std::ops::Range<usize>, At<'n>)> {
        let spans = self.node.entries().iter().map(|entry| &entry.key_span);
        self.entries()
            .into_iter()
            .zip(spans)
            .map(|((key, at), span)| (key, span.clone(), at))
            .collect()
    }

    /// The text of a scalar; empty for anything else.
    pub(crate) fn text(&self) -> String {
        self.node.raw().unwrap_or_default().to_owned()
    }

    /// The text of a key's scalar.
    pub(crate) fn text_of(&self, key: &str) -> Option<String> {
        self.get(key)?.node.raw().map(str::to_owned)
    }

    /// The truth value of a key, or what counts where it is left out.
    pub(crate) fn flag(&self, key: &str, otherwise: bool) -> bool {
        self.get(key)
            .and_then(|at| at.node.scalar()?.as_bool())
            .unwrap_or(otherwise)
    }

    /// The whole number of a key.
    pub(crate) fn count(&self, key: &str) -> Option<u32> {
        self.get(key)
            .and_then(|at| at.node.scalar()?.as_u64())
            .and_then(|count| u32::try_from(count).ok())
    }

    /// The place of a key; of the whole map where the key is not there.
    pub(crate) fn key_span(&self, key: &str) -> std::ops::Range<usize> {
        self.node
            .entries()
            .iter()
            .find(|entry| entry.key == key)
            .map_or_else(|| self.node.span.clone(), |entry| entry.key_span.clone())
    }
}
