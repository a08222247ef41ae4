//! Knows secrets, and masks them in a text in whatever encoding they stand there.
//!
//! Matching is by spelling, not by a list of ready-made encodings: each character of a secret may
//! be written raw, percent-encoded, JSON-escaped or HTML-escaped, also mixed and several times
//! over, since any writer on the way chooses for itself which characters it encodes.

use std::fmt;
use std::ops::Range;

use serde_json::Value;

use crate::needle::Needles;
use crate::secret::SecretString;
use crate::spelling::Spelled;

/// What stands in a masked text for each secret.
pub const MASK: &str = "••••";

/// Below this many characters a text is too common to be masked unasked.
const MIN_CHARACTERS: usize = 4;

/// A set of known secrets.
#[derive(Clone, Default)]
pub struct Masker {
    /// As they were learned, so that none is learned twice.
    known: Vec<SecretString>,
    needles: Needles,
}

impl Masker {
    /// A masker that knows no secret yet.
    #[must_use]
    pub fn new() -> Masker {
        Masker::default()
    }

    /// Learns a secret. One of fewer than 4 characters is ignored: masking it would hide
    /// ordinary text and, by where the masks stand, give it away.
    pub fn add(&mut self, secret: &str) {
        if secret.chars().count() >= MIN_CHARACTERS {
            self.add_always(secret);
        }
    }

    /// Learns a secret of any length but none.
    pub fn add_always(&mut self, secret: &str) {
        let trimmed = secret.trim();
        for spelled in [secret, trimmed] {
            if spelled.is_empty() || self.known.iter().any(|known| known.reveal() == spelled) {
                continue;
            }
            self.known.push(SecretString::new(spelled.to_owned()));
            self.needles.insert(spelled);
        }
    }

    /// Learns every text in a JSON value; keys, numbers and booleans are left out.
    pub fn add_value(&mut self, value: &Value) {
        let mut waiting = vec![value];
        while let Some(value) = waiting.pop() {
            match value {
                Value::String(text) => self.add(text),
                Value::Array(items) => waiting.extend(items),
                Value::Object(entries) => waiting.extend(entries.values()),
                Value::Null | Value::Bool(_) | Value::Number(_) => {}
            }
        }
    }

    /// `text` with each known secret replaced by [`MASK`]; where secrets overlap, one mask covers
    /// all of them.
    #[must_use]
    pub fn mask(&self, text: &str) -> String {
        self.replace(text, |_| MASK.to_owned())
    }

    /// The same with what `stand_in` makes of each secret, as it is spelled there, in its place.
    #[must_use]
    pub fn replace(&self, text: &str, mut stand_in: impl FnMut(&str) -> String) -> String {
        let mut masked = String::with_capacity(text.len());
        let mut at = 0;
        for range in self.find(text) {
            masked.push_str(&text[at..range.start]);
            masked.push_str(&stand_in(&text[range.clone()]));
            at = range.end;
        }
        masked.push_str(&text[at..]);
        masked
    }

    /// Where secrets stand, in order and without overlap.
    fn find(&self, text: &str) -> Vec<Range<usize>> {
        let mut found: Vec<Range<usize>> = Vec::new();
        if self.known.is_empty() {
            return found;
        }
        let spelled = Spelled::new(text);
        for (at, _) in text.char_indices() {
            for mut range in self.needles.find_at(&spelled, at) {
                // A match may reach back over a base64 digit that holds a part of the secret.
                while let Some(last) = found.pop_if(|last| last.end > range.start) {
                    range = last.start.min(range.start)..last.end.max(range.end);
                }
                found.push(range);
            }
        }
        found
    }
}

impl fmt::Debug for Masker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Masker").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::Masker;
    use serde_json::json;

    fn masker(secrets: &[&str]) -> Masker {
        let mut masker = Masker::new();
        for secret in secrets {
            masker.add(secret);
        }
        masker
    }

    #[test]
    fn finds_each_encoding() {
        let secret = r#"p&ss "wörd"/+<é>"#;
        let masker = masker(&[secret]);
        for text in [
            r#"p&ss "wörd"/+<é>"#,
            "p%26ss%20%22w%C3%B6rd%22%2F%2B%3C%C3%A9%3E",
            "p%26ss+%22w%c3%b6rd%22/%2b%3c%c3%a9%3e",
            "p%2526ss%2520%2522w%25C3%25B6rd%2522%252F%252B%253C%25C3%25A9%253E",
            r#"p&ss \"wörd\"/+<é>"#,
            r#"p&ss \"w\u00f6rd\"\/+\u003c\u00E9>"#,
            r#"p&ss \\\"wörd\\\"/+<é>"#,
            "p&amp;ss &quot;w&#246;rd&quot;/+&lt;é&gt;",
            "p&#38;ss &#34;w&#xf6;rd&#x22;/&#43;&lt;&#233;&gt;",
            "p&amp;amp;ss &amp;quot;wörd&amp;quot;/+&amp;lt;é&gt;",
            "cCZzcyAid8O2cmQiLys8w6k+",
            "cCZzcyAid8O2cmQiLys8w6k-",
            "cCZzcyAid8O2cmQiLys8w6k%2B",
            "70267373202277c3b672642 22f2b3cc3a93e"
                .replace(' ', "")
                .as_str(),
            "70267373202277C3B6726422 2F2B3CC3A93E"
                .replace(' ', "")
                .as_str(),
        ] {
            assert_eq!(masker.mask(&format!("<{text}>")), "<••••>", "{text}");
        }
    }

    #[test]
    fn finds_base64_at_each_alignment() {
        let masker = masker(&["hunter2!"]);
        for (text, expected) in [
            ("aHVudGVyMiE=", "••••"),
            ("aHVudGVyMiE", "••••"),
            ("YTpodW50ZXIyIQ==", "YT••••"),
            ("YWI6aHVudGVyMiE6Yw==", "YWI6••••6Yw=="),
            ("YWI6aHVudGVyMiE%3D", "YWI6••••"),
        ] {
            assert_eq!(masker.mask(text), expected, "{text}");
        }
    }

    #[test]
    fn short_secrets_are_masked_only_when_asked() {
        let mut masker = masker(&["abc", ""]);
        assert_eq!(masker.mask("abc"), "abc");
        masker.add_always("abc");
        masker.add_always("");
        assert_eq!(masker.mask("xabcx"), "x••••x");
    }

    #[test]
    fn overlapping_secrets_leave_nothing() {
        let masker = masker(&["abcd", "cdefgh", "abcdef", "efgh"]);
        assert_eq!(
            masker.mask("-abcdefgh-abcd-efghefgh"),
            "-••••-••••-••••••••"
        );
    }

    #[test]
    fn letters_match_in_either_case() {
        assert_eq!(
            masker(&["HunTer2x"]).mask("https://hunter2x.example"),
            "https://••••.example"
        );
    }

    #[test]
    fn a_value_teaches_its_texts() {
        let mut masker = Masker::new();
        masker.add_value(
            &json!({"key_name": ["tok-1234", {"a": "tok-5678"}], "n": 12345, "s": "ok"}),
        );
        assert_eq!(
            masker.mask("key_name tok-1234 tok-5678 12345 ok"),
            "key_name •••• •••• 12345 ok"
        );
    }

    #[test]
    fn white_space_around_a_secret_does_not_hide_it() {
        assert_eq!(masker(&["token-1\n"]).mask("[token-1]"), "[••••]");
    }

    #[test]
    fn debug_shows_nothing() {
        assert_eq!(format!("{:?}", masker(&["hunter2"])), "Masker { .. }");
    }
}
