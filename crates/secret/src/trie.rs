//! Many needles as one tree, so that a text is read once however many secrets are known.

use zeroize::Zeroizing;

use crate::spelling::Spelled;

/// Needles of one alphabet; the root is the first node.
#[derive(Clone)]
pub(crate) struct Trie<A> {
    nodes: Vec<Node>,
    alphabet: A,
}

/// Which characters count as the same.
pub(crate) trait Alphabet {
    /// One character for all that are the same.
    fn fold(&self, character: char) -> char;
}

/// What is known about the needle that ends at a node.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Edges {
    /// The character before holds a part of the secret.
    pub(crate) shared_start: bool,
    /// The character after holds a part of the secret.
    pub(crate) shared_end: bool,
}

#[derive(Clone, Default)]
struct Node {
    /// In the order of their characters.
    children: Zeroizing<Vec<(char, usize)>>,
    needle: Option<Edges>,
}

impl<A: Alphabet> Trie<A> {
    pub(crate) fn new(alphabet: A) -> Trie<A> {
        Trie {
            nodes: vec![Node::default()],
            alphabet,
        }
    }

    pub(crate) fn insert(&mut self, needle: impl Iterator<Item = char>, edges: Edges) {
        let mut at = 0;
        for character in needle {
            let character = self.alphabet.fold(character);
            at = match self.child(at, character) {
                Ok(child) => child,
                Err(place) => {
                    let child = self.nodes.len();
                    self.nodes.push(Node::default());
                    self.nodes[at].children.insert(place, (character, child));
                    child
                }
            };
        }
        if at != 0 {
            let known = self.nodes[at].needle.get_or_insert_default();
            known.shared_start |= edges.shared_start;
            known.shared_end |= edges.shared_end;
        }
    }

    /// The end of the longest needle that starts at `at`, and what is known about it.
    pub(crate) fn longest(&self, text: &Spelled<'_>, at: usize) -> Option<(usize, Edges)> {
        // Encodings are ambiguous (`%25` may be a percent sign or half of one), so every reading
        // is followed at once; nearly always there is one.
        let mut reached = vec![(0, at)];
        let mut next = Vec::new();
        let mut found: Option<(usize, Edges)> = None;
        while !reached.is_empty() {
            for &(node, position) in &reached {
                for (character, end) in text.readings(position) {
                    let Ok(child) = self.child(node, self.alphabet.fold(character)) else {
                        continue;
                    };
                    next.push((child, end));
                    if let Some(edges) = self.nodes[child].needle
                        && found.is_none_or(|(longest, _)| end > longest)
                    {
                        found = Some((end, edges));
                    }
                }
            }
            if next.len() > 1 {
                next.sort_unstable();
                next.dedup();
            }
            std::mem::swap(&mut reached, &mut next);
            next.clear();
        }
        found
    }

    /// The child for a folded character, or where it would be put.
    fn child(&self, node: usize, character: char) -> Result<usize, usize> {
        let children = &self.nodes[node].children;
        let place = children.binary_search_by_key(&character, |(known, _)| *known)?;
        Ok(children[place].1)
    }
}
