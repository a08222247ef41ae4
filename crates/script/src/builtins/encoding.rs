//! Text to bytes and back. Bytes cross the border to JavaScript as text of the characters 0 to 255
//! ("binary text"), which needs no unsafe view of the engine's memory.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// How `atob` reads: padding may be there or not, and the last bits do not matter.
const FORGIVING: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The bytes of binary text; none when a character is above 255.
pub(super) fn bytes_of(binary: &str) -> Option<Vec<u8>> {
    binary.chars().map(|c| u8::try_from(c).ok()).collect()
}

/// Binary text of bytes.
pub(super) fn binary_text(bytes: &[u8]) -> String {
    bytes.iter().copied().map(char::from).collect()
}

/// The UTF-8 bytes of text, as binary text.
pub(super) fn encode_utf8(text: String) -> String {
    binary_text(text.as_bytes())
}

/// The text of UTF-8 bytes; none when they are not UTF-8 and `fatal` is set.
pub(super) fn decode_utf8(binary: String, fatal: bool) -> Option<String> {
    let bytes = bytes_of(&binary)?;
    if fatal {
        String::from_utf8(bytes).ok()
    } else {
        Some(String::from_utf8_lossy(&bytes).into_owned())
    }
}

/// Base64 of binary text; none when a character is above 255.
pub(super) fn btoa(binary: String) -> Option<String> {
    Some(FORGIVING.encode(bytes_of(&binary)?))
}

/// Binary text of base64; none when it is not base64.
pub(super) fn atob(text: String) -> Option<String> {
    let mut dense: String = text
        .chars()
        .filter(|c| !matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{c}'))
        .collect();
    if dense.len().is_multiple_of(4) {
        for _ in 0..2 {
            if dense.ends_with('=') {
                dense.pop();
            }
        }
    }
    if dense.contains('=') {
        return None;
    }
    Some(binary_text(&FORGIVING.decode(dense).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn atob_reads_what_browsers_read() {
        let cases = [
            ("YQ==", Some("a")),
            ("YQ", Some("a")),
            (" Y Q\n= =", Some("a")),
            ("YR==", Some("a")),
            ("/+8=", Some("\u{ff}\u{ef}")),
            ("", Some("")),
            ("YQ=", None),
            ("Y", None),
            ("YQ===", None),
            ("Y=Q=", None),
            ("_-8=", None),
        ];
        for (text, expected) in cases {
            assert_eq!(atob(text.to_owned()).as_deref(), expected, "{text:?}");
        }
    }

    #[test]
    fn btoa_takes_only_bytes() {
        assert_eq!(btoa("\u{ff}\u{ef}".to_owned()).as_deref(), Some("/+8="));
        assert_eq!(btoa("€".to_owned()), None);
    }

    #[test]
    fn utf8_is_told_from_other_bytes() {
        assert_eq!(encode_utf8("é".to_owned()), "\u{c3}\u{a9}");
        assert_eq!(
            decode_utf8("\u{c3}\u{a9}".to_owned(), true).as_deref(),
            Some("é")
        );
        assert_eq!(decode_utf8("\u{c3}".to_owned(), true), None);
        assert_eq!(
            decode_utf8("\u{c3}".to_owned(), false).as_deref(),
            Some("\u{fffd}")
        );
    }
}
