//! What to look for: a secret as its characters, or as its hex or base64 digits.

use std::ops::Range;

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use zeroize::Zeroizing;

use crate::spelling::{Alphabet, Spelled, class, same};

/// Fewer base64 digits than this would hide ordinary text.
const MIN_DIGITS: usize = 4;

/// One form of a secret.
#[derive(Clone)]
pub(crate) struct Needle {
    characters: Zeroizing<Vec<char>>,
    alphabet: Alphabet,
    /// The base64 digit before holds a part of the secret.
    shared_start: bool,
    /// The base64 digit after holds a part of the secret.
    shared_end: bool,
}

/// All forms of `secret`.
pub(crate) fn needles(secret: &str) -> Vec<Needle> {
    let mut needles = vec![Needle::new(secret.chars(), Alphabet::Text)];
    if secret.len() > 1 {
        let hex: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
        needles.push(Needle::new(hex.chars(), Alphabet::Text));
    }
    needles.extend((0..3).filter_map(|alignment| base64_needle(secret, alignment)));
    needles
}

impl Needle {
    fn new(characters: impl Iterator<Item = char>, alphabet: Alphabet) -> Needle {
        Needle {
            characters: Zeroizing::new(characters.collect()),
            alphabet,
            shared_start: false,
            shared_end: false,
        }
    }

    /// Whether this is the plain form of `secret`.
    pub(crate) fn is_plain(&self, secret: &str) -> bool {
        self.alphabet == Alphabet::Text && secret.chars().eq(self.characters.iter().copied())
    }

    /// The class of its first character.
    pub(crate) fn class(&self) -> Option<char> {
        self.characters.first().copied().map(class)
    }

    /// Where the needle stands, if it starts at `at`; the longest way of reading it.
    pub(crate) fn find_at(&self, text: &Spelled<'_>, at: usize) -> Option<Range<usize>> {
        // Encodings are ambiguous (`%25` may be a percent sign or half of one), so every reading
        // is followed at once; they are few, and never more than there are positions.
        let mut reached = vec![at];
        for wanted in self.characters.iter() {
            let mut next: Vec<usize> = reached
                .iter()
                .flat_map(|position| text.readings(*position))
                .filter(|(found, _)| same(*found, *wanted, self.alphabet))
                .map(|(_, end)| end)
                .collect();
            if next.is_empty() {
                return None;
            }
            next.sort_unstable();
            next.dedup();
            reached = next;
        }
        let end = reached.last().copied()?;
        Some(self.with_shared_digits(text.text, at..end))
    }

    /// Base64 digits that hold a part of the secret, and the padding, go with it.
    fn with_shared_digits(&self, text: &str, mut range: Range<usize>) -> Range<usize> {
        if self.alphabet != Alphabet::Base64 {
            return range;
        }
        if self.shared_start && text[..range.start].ends_with(is_digit) {
            range.start -= 1;
        }
        if self.shared_end && text[range.end..].starts_with(is_digit) {
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
}

/// The base64 digits that the secret alone decides when `alignment` bytes stand before it.
fn base64_needle(secret: &str, alignment: usize) -> Option<Needle> {
    let mut bytes = Zeroizing::new(vec![0; alignment]);
    bytes.extend_from_slice(secret.as_bytes());
    let digits = Zeroizing::new(STANDARD_NO_PAD.encode(&*bytes));
    let from = (alignment * 8).div_ceil(6);
    let to = bytes.len() * 8 / 6;
    let core = digits
        .get(from..to)
        .filter(|core| core.len() >= MIN_DIGITS)?;
    Some(Needle {
        shared_start: !(alignment * 8).is_multiple_of(6),
        shared_end: !(bytes.len() * 8).is_multiple_of(6),
        ..Needle::new(core.chars(), Alphabet::Base64)
    })
}

fn is_digit(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '+' | '/' | '-' | '_')
}
