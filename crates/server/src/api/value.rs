//! Values that people choose: names, titles, logins and notes, each held to what it may be before it is stored.

use crate::problem::Problem;

/// The longest text that is stored for people to read, in characters.
pub(crate) const LONGEST_TEXT: usize = 200;

/// A text for people, without line breaks and other control characters.
///
/// # Errors
/// 422.
pub(crate) fn text(field: &str, value: &str) -> Result<String, Problem> {
    let value = value.trim();
    if value.is_empty() {
        return Err(Problem::invalid(field, "It is empty."));
    }
    if value.chars().count() > LONGEST_TEXT {
        return Err(Problem::invalid(
            field,
            format!("It has more than {LONGEST_TEXT} characters."),
        ));
    }
    if value.chars().any(char::is_control) {
        return Err(Problem::invalid(field, "It has control characters."));
    }
    Ok(value.to_owned())
}

/// A login: it also stands in owner texts and log lines.
///
/// # Errors
/// 422.
pub(crate) fn login(value: &str) -> Result<(), Problem> {
    if is_login(value) {
        return Ok(());
    }
    Err(Problem::invalid(
        "login",
        "A login is at most 64 of a-z, 0-9 and . _ @ + -, and begins with a letter or digit.",
    ))
}

/// Whether a text can be a login.
pub(crate) fn is_login(value: &str) -> bool {
    let letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let mut bytes = value.bytes();
    value.len() <= 64
        && bytes.next().is_some_and(letter)
        && bytes.all(|byte| letter(byte) || b"._@+-".contains(&byte))
}

/// Whether a text can be the name of a connector, an environment or a secret.
pub(crate) fn is_name(value: &str) -> bool {
    let mut bytes = value.bytes();
    value.len() <= 128
        && bytes
            .next()
            .is_some_and(|first| first.is_ascii_alphabetic())
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::{is_login, is_name, text};

    #[test]
    fn logins_and_names_are_plain() {
        for login in ["ada", "ada@example.org", "a.b-c_d+e", "1"] {
            assert!(is_login(login), "{login}");
        }
        for login in ["", "Ada", "a b", "a/b", "a\0", "ä", ".a", &"a".repeat(65)] {
            assert!(!is_login(login), "{login}");
        }
        for name in ["wiki", "wiki-2", "client_secret", "A"] {
            assert!(is_name(name), "{name}");
        }
        for name in ["", "1a", "a/b", "a\0", "..", "ä", &"a".repeat(129)] {
            assert!(!is_name(name), "{name}");
        }
    }

    #[test]
    fn texts_are_one_short_line() {
        assert_eq!(text("title", " Team wiki ").unwrap(), "Team wiki");
        for value in ["", "  ", "a\nb", "a\0", &"ä".repeat(201)] {
            assert!(text("title", value).is_err(), "{value}");
        }
    }
}
