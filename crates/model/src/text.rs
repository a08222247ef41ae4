//! The text of a definition with its places: characters to bytes, bytes to lines and columns.

use std::ops::Range;

/// A line and column, both from 1, the column in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Position {
    pub(crate) line: usize,
    pub(crate) column: usize,
}

/// A text whose places can be looked up.
#[derive(Debug)]
pub(crate) struct Text<'a> {
    source: &'a str,
    /// The length of a byte order mark, which is no part of the YAML.
    mark: usize,
    /// The byte at which each character after the mark begins; empty where all are one byte long.
    bytes: Vec<usize>,
    /// The byte at which each line begins.
    lines: Vec<usize>,
}

impl<'a> Text<'a> {
    pub(crate) fn new(source: &'a str) -> Self {
        let mark = if source.starts_with('\u{feff}') { 3 } else { 0 };
        let bytes = if source.is_ascii() {
            Vec::new()
        } else {
            source[mark..]
                .char_indices()
                .map(|(byte, _)| byte)
                .collect()
        };
        let lines = std::iter::once(0)
            .chain(source.match_indices('\n').map(|(byte, _)| byte + 1))
            .collect();
        Self {
            source,
            mark,
            bytes,
            lines,
        }
    }

    /// The whole text.
    pub(crate) fn source(&self) -> &'a str {
        self.source
    }

    /// The text after a byte order mark.
    pub(crate) fn without_mark(&self) -> &'a str {
        &self.source[self.mark..]
    }

    /// The byte at which a character begins, counted after the mark.
    pub(crate) fn byte(&self, character: usize) -> usize {
        let end = self.source.len();
        if self.bytes.is_empty() {
            return (character + self.mark).min(end);
        }
        self.bytes
            .get(character)
            .map_or(end, |byte| byte + self.mark)
    }

    /// The byte of a line and column, both from 1; of the nearest place that there is.
    pub(crate) fn byte_of(&self, line: usize, column: usize) -> usize {
        let start = |line: usize| self.lines.get(line).copied();
        let begin = start(line.saturating_sub(1)).unwrap_or(self.source.len());
        let end = start(line).map_or(self.source.len(), |next| next - 1);
        let written = self.source.get(begin..end).unwrap_or_default();
        let mark = if begin == 0 { self.mark } else { 0 };
        let mut letters = written.get(mark..).unwrap_or_default().char_indices();
        let within = letters.nth(column.saturating_sub(1));
        within.map_or(end, |(byte, _)| begin + mark + byte)
    }

    /// The line and column of a byte.
    pub(crate) fn position(&self, byte: usize) -> Position {
        let byte = byte.min(self.source.len());
        let line = self.lines.partition_point(|start| *start <= byte);
        let start = self.lines.get(line - 1).copied().unwrap_or(0);
        let column = self.source.get(start..byte).map_or(0, |before| {
            before.trim_start_matches('\u{feff}').chars().count()
        });
        Position {
            line,
            column: column + 1,
        }
    }

    /// The line in which a byte stands, without its end.
    pub(crate) fn line_at(&self, byte: usize) -> &'a str {
        let number = self.position(byte).line;
        let start = self.lines.get(number - 1).copied().unwrap_or(0);
        let end = self.lines.get(number).copied().unwrap_or(self.source.len());
        self.source
            .get(start..end)
            .unwrap_or("")
            .trim_end_matches(['\n', '\r'])
    }

    /// The end of a value without the white space after it, never before its start.
    pub(crate) fn trim_end(&self, start: usize, end: usize) -> usize {
        self.source
            .get(start..end)
            .map_or(end, |text| start + text.trim_end().len())
    }

    /// The end of a scalar: of a quoted one right after its closing quote, as the parser counts a
    /// comment after it in.
    pub(crate) fn quote_end(&self, span: &Range<usize>) -> usize {
        let written = self.source.get(span.clone()).unwrap_or_default();
        let Some(quote) = written.bytes().next().filter(|byte| b"'\"".contains(byte)) else {
            return span.end;
        };
        let bytes = written.as_bytes();
        let mut at = 1;
        while let Some(byte) = bytes.get(at) {
            let escapes = *byte == b'\\' && quote == b'"';
            let doubled = *byte == b'\'' && quote == b'\'' && bytes.get(at + 1) == Some(byte);
            if escapes || doubled {
                at += 1;
            } else if *byte == quote {
                return span.start + at + 1;
            }
            at += 1;
        }
        span.end
    }
}

#[cfg(test)]
mod tests {
    use super::{Position, Text};

    #[test]
    fn places_count_characters_and_lines() {
        let text = Text::new("a: ü\r\nb: 1\n");
        let table = [
            (0, 1, 1),
            (3, 1, 4),
            (5, 1, 5),
            (7, 2, 1),
            (10, 2, 4),
            (99, 3, 1),
        ];
        for (byte, line, column) in table {
            assert_eq!(text.position(byte), Position { line, column }, "{byte}");
        }
        assert_eq!(text.byte(3), 3);
        assert_eq!(text.byte(4), 5);
        assert_eq!(text.byte(999), text.source().len());
        assert_eq!(text.line_at(8), "b: 1");
    }

    #[test]
    fn a_byte_order_mark_is_no_column() {
        let text = Text::new("\u{feff}a: 1");
        assert_eq!(text.without_mark(), "a: 1");
        assert_eq!(text.byte(0), 3);
        assert_eq!(text.position(3), Position { line: 1, column: 1 });
    }
}
