//! The ways in which characters may be written: raw, percent-encoded (RFC 3986, and `+` for a
//! space in forms), JSON-escaped (RFC 8259, section 7), HTML-escaped. Each may be written again
//! in any of these ways, as a URL inside a query inside a JSON string inside a page is.

use std::collections::HashMap;

/// What a spelling other than the raw character starts with.
const LEADS: [char; 4] = ['%', '\\', '&', '+'];

/// How many encodings over one another are followed.
const MAX_LAYERS: usize = 4;

/// More readings of one place than this make no sense, and would cost time.
const MAX_READINGS: usize = 12;

/// The longest entity that is followed, in characters from its name to its semicolon.
const MAX_ENTITY: usize = 10;

/// A text, and what each escape in it may stand for.
pub(crate) struct Spelled<'t> {
    pub(crate) text: &'t str,
    /// By position: the readings beside the raw character.
    escapes: HashMap<usize, Vec<Reading>>,
}

/// One character, and the position after its spelling.
type Reading = (char, usize);

impl<'t> Spelled<'t> {
    pub(crate) fn new(text: &'t str) -> Spelled<'t> {
        let mut spelled = Spelled {
            text,
            escapes: HashMap::new(),
        };
        let leads: Vec<usize> = text.match_indices(LEADS).map(|(at, _)| at).collect();
        for _ in 0..MAX_LAYERS {
            let mut grown = false;
            for &at in &leads {
                grown |= spelled.decode(at);
            }
            if !grown {
                break;
            }
        }
        spelled
    }

    /// Every reading of the character at `at`.
    pub(crate) fn readings(&self, at: usize) -> impl Iterator<Item = Reading> {
        let raw = self.text[at..].chars().next();
        let escapes = match raw {
            Some(lead) if LEADS.contains(&lead) => self.escapes.get(&at),
            _ => None,
        };
        let escapes = escapes.map_or(&[][..], Vec::as_slice);
        raw.map(|character| (character, at + character.len_utf8()))
            .into_iter()
            .chain(escapes.iter().copied())
    }

    /// Takes one more encoding off at `at`; says whether that gave a new reading.
    fn decode(&mut self, at: usize) -> bool {
        let mut decoded = Vec::new();
        for (lead, end) in self.readings(at) {
            match lead {
                '+' => decoded.push((' ', end)),
                '%' => self.percent((lead, end), &mut Vec::new(), &mut decoded),
                '\\' => self.backslash(end, &mut decoded),
                '&' => decoded.extend(self.entity(end)),
                _ => {}
            }
        }
        let known = self.escapes.entry(at).or_default();
        let before = known.len();
        for reading in decoded {
            if known.len() < MAX_READINGS && !known.contains(&reading) {
                known.push(reading);
            }
        }
        known.len() > before
    }

    /// `%C3%B6`: as many bytes as make a character. `bytes` are those before this one.
    fn percent(&self, lead: Reading, bytes: &mut Vec<u8>, decoded: &mut Vec<Reading>) {
        let Some((byte, end)) = self
            .hex(lead.1, 2)
            .and_then(|(n, end)| Some((u8::try_from(n).ok()?, end)))
        else {
            return;
        };
        bytes.push(byte);
        match std::str::from_utf8(bytes) {
            Ok(text) => decoded.extend(text.chars().map(|character| (character, end))),
            Err(error) if error.error_len().is_none() => {
                for next in self.readings(end).filter(|(lead, _)| *lead == '%') {
                    self.percent(next, bytes, decoded);
                }
            }
            Err(_) => {}
        }
        bytes.pop();
    }

    /// What follows a backslash: `n`, `"`, `u00f6`, or `ud83d` and the other half of a pair.
    fn backslash(&self, at: usize, decoded: &mut Vec<Reading>) {
        for (escaped, end) in self.readings(at) {
            match escaped {
                'n' => decoded.push(('\n', end)),
                'r' => decoded.push(('\r', end)),
                't' => decoded.push(('\t', end)),
                'b' => decoded.push(('\u{8}', end)),
                'f' => decoded.push(('\u{c}', end)),
                '"' | '\'' | '/' | '\\' => decoded.push((escaped, end)),
                'u' => decoded.extend(self.unicode(end)),
                _ => {}
            }
        }
    }

    fn unicode(&self, at: usize) -> Option<Reading> {
        let (first, end) = self.hex(at, 4)?;
        if let Some(character) = char::from_u32(first) {
            return Some((character, end));
        }
        let second = self
            .readings(end)
            .filter(|(lead, _)| *lead == '\\')
            .filter_map(|(_, end)| self.hex(self.one(end, |c| c == 'u')?.1, 4))
            .next();
        let (second, end) = second?;
        let pair = [u16::try_from(first).ok()?, u16::try_from(second).ok()?];
        let character = char::decode_utf16(pair).next()?.ok()?;
        Some((character, end))
    }

    /// `amp;`, `#39;`, `#x27;`
    fn entity(&self, mut at: usize) -> Option<Reading> {
        let mut name = String::new();
        loop {
            let (character, end) =
                self.one(at, |c| c.is_ascii_alphanumeric() || matches!(c, '#' | ';'))?;
            at = end;
            if character == ';' {
                return Some((named(&name)?, at));
            }
            name.push(character);
            if name.len() > MAX_ENTITY {
                return None;
            }
        }
    }

    /// A number of exactly `digits` hex digits.
    fn hex(&self, mut at: usize, digits: usize) -> Option<(u32, usize)> {
        let mut number = 0;
        for _ in 0..digits {
            let (digit, end) = self.one(at, |c| c.is_ascii_hexdigit())?;
            number = number * 16 + digit.to_digit(16)?;
            at = end;
        }
        Some((number, at))
    }

    fn one(&self, at: usize, test: impl Fn(char) -> bool) -> Option<Reading> {
        self.readings(at).find(|(character, _)| test(*character))
    }
}

fn named(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(digits) => u32::from_str_radix(digits, 16),
                None => number.parse(),
            };
            char::from_u32(code.ok()?)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Spelled;

    #[test]
    fn reads_encodings_over_one_another() {
        for (text, wanted) in [
            ("ö", 'ö'),
            ("%C3%b6", 'ö'),
            ("%25C3%25B6", 'ö'),
            ("%2525C3%2525B6", 'ö'),
            ("+", ' '),
            ("%2B", ' '),
            (r"\u00F6", 'ö'),
            (r"\\u00f6", 'ö'),
            (r"%5Cu00f6", 'ö'),
            (r"\ud83d\ude00", '😀'),
            (r"\\ud83d\\ude00", '😀'),
            ("%F0%9F%98%80", '😀'),
            (r"\\\\n", '\n'),
            (r"\&quot;", '"'),
            ("%26quot%3B", '"'),
            ("&amp;#x22;", '"'),
            ("&amp;amp;amp;", '&'),
        ] {
            let spelled = Spelled::new(text);
            let found = spelled
                .readings(0)
                .any(|reading| reading == (wanted, text.len()));
            assert!(
                found,
                "{text}: {:?}",
                spelled.readings(0).collect::<Vec<_>>()
            );
        }
    }
}
