//! What to look for: a secret as its characters or hex digits, and as its base64 digits.

use std::ops::Range;

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use zeroize::Zeroizing;

use crate::spelling::Spelled;
use crate::trie::{Alphabet, Edges, Trie};

/// Fewer base64 digits than this would hide ordinary text.
const MIN_DIGITS: usize = 4;

/// All forms of all secrets.
#[derive(Clone)]
pub(crate) struct Needles {
    text: Trie<Text>,
    base64: Trie<Base64>,
}

/// Text, in which ASCII letters match in either case.
#[derive(Clone, Copy)]
struct Text;

/// Base64, in which the standard and the URL alphabet match each other.
#[derive(Clone, Copy)]
struct Base64;

impl Needles {
    /// Learns every form of `secret`.
    pub(crate) fn insert(&mut self, secret: &str) {
        self.text.insert(secret.chars(), Edges::default());
        if secret.len() > 1 {
            let hex: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
            self.text
                .insert(Zeroizing::new(hex).chars(), Edges::default());
        }
        for alignment in 0..3 {
            self.insert_base64(secret, alignment);
        }
    }

    /// Where secrets stand that start at `at`.
    pub(crate) fn find_at(
        &self,
        text: &Spelled<'_>,
        at: usize,
    ) -> impl Iterator<Item = Range<usize>> {
        let plain = self.text.longest(text, at).map(|(end, _)| at..end);
        let base64 = self.base64.longest(text, at);
        let base64 = base64.map(|(end, edges)| with_shared_digits(text.text, at..end, edges));
        plain.into_iter().chain(base64)
    }

    /// The base64 digits that the secret alone decides when `alignment` bytes stand before it.
    fn insert_base64(&mut self, secret: &str, alignment: usize) {
        let mut bytes = Zeroizing::new(vec![0; alignment]);
        bytes.extend_from_slice(secret.as_bytes());
        let digits = Zeroizing::new(STANDARD_NO_PAD.encode(&*bytes));
        let from = (alignment * 8).div_ceil(6);
        let to = bytes.len() * 8 / 6;
        if let Some(core) = digits.get(from..to).filter(|core| core.len() >= MIN_DIGITS) {
            let edges = Edges {
                shared_start: !(alignment * 8).is_multiple_of(6),
                shared_end: !(bytes.len() * 8).is_multiple_of(6),
            };
            self.base64.insert(core.chars(), edges);
        }
    }
}

impl Default for Needles {
    fn default() -> Needles {
        Needles {
            text: Trie::new(Text),
            base64: Trie::new(Base64),
        }
    }
}

impl Alphabet for Text {
    fn fold(&self, character: char) -> char {
        character.to_ascii_lowercase()
    }
}

impl Alphabet for Base64 {
    fn fold(&self, character: char) -> char {
        match character {
            '-' => '+',
            '_' => '/',
            other => other,
        }
    }
}

/// Base64 digits that hold a part of the secret, and the padding, go with it.
fn with_shared_digits(text: &str, mut range: Range<usize>, edges: Edges) -> Range<usize> {
    if edges.shared_start && text[..range.start].ends_with(is_digit) {
        range.start -= 1;
    }
    if edges.shared_end && text[range.end..].starts_with(is_digit) {
        range.end += 1;
    }
    for _ in 0..2 {
        let rest = &text[range.end..];
        let padding = ["=", "%3D", "%3d"]
            .into_iter()
            .find(|p| rest.starts_with(p));
        range.end += padding.map_or(0, str::len);
    }
    range
}

fn is_digit(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '+' | '/' | '-' | '_')
}
