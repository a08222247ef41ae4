//! What an app may call its users.

/// The most characters.
const LONGEST: usize = 256;

/// Whether a user may have this name: 1 to 256 characters that can be seen, in any script. What cannot be seen could make
/// two users look like one.
pub(crate) fn is_user_name(name: &str) -> bool {
    let is_plain = name.len() <= LONGEST && name.bytes().all(|byte| byte.is_ascii_graphic());
    !name.is_empty() && (is_plain || is_visible_text(name))
}

/// The same for all scripts, character by character.
fn is_visible_text(name: &str) -> bool {
    name.chars().count() <= LONGEST && name.chars().all(is_visible)
}

fn is_visible(character: char) -> bool {
    // Characters without a width, and those that turn the direction of writing, are no control characters by their class.
    let hidden = matches!(character,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}');
    !character.is_control() && !character.is_whitespace() && !hidden
}

#[cfg(test)]
mod tests {
    use super::is_user_name;

    #[test]
    fn what_can_be_seen_is_a_name() {
        let (long, longer) = ("ü".repeat(256), "u".repeat(257));
        for name in ["u123", "a@example.org", "urn:x:1/2", "名", "-", &long] {
            assert!(is_user_name(name), "{name}");
        }
        let bad = [
            "",
            " ",
            "a b",
            "a\n",
            "a\0",
            "\u{200b}",
            "a\u{202e}b",
            "\u{85}",
            &longer,
        ];
        for name in bad {
            assert!(!is_user_name(name), "{name:?}");
        }
    }
}
