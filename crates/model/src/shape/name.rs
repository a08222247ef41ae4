//! What names may look like, each as a pattern for the schema and a sentence for people.

/// A look of names.
#[derive(Debug)]
pub(crate) struct Name {
    /// What it is, with its article.
    pub(crate) noun: &'static str,
    /// A pattern that both ECMA 262 and this crate's tests read.
    pub(crate) pattern: &'static str,
    /// Whether a text has the look.
    pub(crate) fits: fn(&str) -> bool,
    /// The look in words.
    pub(crate) look: &'static str,
}

/// A connector.
pub(crate) static CONNECTOR: Name = Name {
    noun: "a connector name",
    pattern: "^[a-z][a-z0-9-]*$",
    fits: |text| begins(text, |c| c.is_ascii_lowercase()) && text.bytes().all(is_kebab),
    look: "small letters, digits and `-`, beginning with a letter",
};

/// An id or key, which templates can read.
pub(crate) static ID: Name = Name {
    noun: "a name",
    pattern: "^[A-Za-z_][A-Za-z0-9_]*$",
    fits: |text| begins(text, is_id_start) && text.bytes().all(is_id),
    look: "letters, digits and `_`, not beginning with a digit",
};

/// An endpoint.
pub(crate) static ENDPOINT: Name = Name {
    noun: "an endpoint name",
    pattern: "^[A-Za-z_][A-Za-z0-9_.-]*$",
    fits: |text| begins(text, is_id_start) && text.bytes().all(|b| is_id(b) || b".-".contains(&b)),
    look: "letters, digits, `_`, `-` and `.`, beginning with a letter or `_`",
};

/// An environment.
pub(crate) static ENVIRONMENT: Name = Name {
    noun: "an environment name",
    pattern: "^[A-Za-z0-9][A-Za-z0-9_-]*$",
    fits: |text| {
        begins(text, |c| c.is_ascii_alphanumeric()) && text.bytes().all(|b| is_id(b) || b == b'-')
    },
    look: "letters, digits, `_` and `-`, beginning with a letter or digit",
};

/// A header (RFC 9110, section 5.1).
pub(crate) static HEADER: Name = Name {
    noun: "a header name",
    pattern: "^[A-Za-z0-9!#$%&'*+.^_`|~-]+$",
    fits: is_token,
    look: "letters, digits and any of ``!#$%&'*+-.^_`|~``",
};

/// A method (RFC 9110, section 9.1).
pub(crate) static METHOD: Name = Name {
    noun: "a method",
    pattern: "^[A-Za-z][A-Za-z-]*$",
    fits: |text| {
        begins(text, |c| c.is_ascii_alphabetic())
            && text.bytes().all(|b| b.is_ascii_alphabetic() || b == b'-')
    },
    look: "letters and `-`, such as `GET` or `POST`",
};

/// Any text but an empty one.
pub(crate) static KEY: Name = Name {
    noun: "a key",
    pattern: "^[\\s\\S]+$",
    fits: |text| !text.is_empty(),
    look: "at least one character",
};

/// Whether a text is a token of RFC 9110, as header names are.
pub(crate) fn is_token(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b))
}

fn begins(text: &str, fits: fn(char) -> bool) -> bool {
    text.chars().next().is_some_and(fits)
}

fn is_id_start(c: char) -> bool {
    c.is_ascii_alphabetic() || c == '_'
}

fn is_id(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

fn is_kebab(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-'
}

#[cfg(test)]
mod tests {
    use super::{CONNECTOR, ENDPOINT, ENVIRONMENT, HEADER, ID, KEY, METHOD};

    #[test]
    fn patterns_and_functions_agree() {
        let texts = [
            "",
            "a",
            "A",
            "1",
            "_",
            "-",
            "a-b",
            "a_b",
            "a.b",
            "a1",
            "1a",
            "__proto__",
            "X-Token",
            "a b",
            "é",
            "GET",
            "M-SEARCH",
            "a\n",
            "page[size]",
            "a^`|~",
            "prod-eu_1",
        ];
        for name in [
            &CONNECTOR,
            &ID,
            &ENDPOINT,
            &ENVIRONMENT,
            &HEADER,
            &METHOD,
            &KEY,
        ] {
            let pattern = regex::Regex::new(name.pattern).unwrap();
            for text in texts {
                assert_eq!(
                    pattern.is_match(text),
                    (name.fits)(text),
                    "{} {text:?}",
                    name.noun
                );
            }
        }
    }
}
