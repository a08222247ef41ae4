//! Challenges: what a reply says of how a request could be let in (RFC 9110, section 11.6.1).
//!
//! Servers write them in every way, several in one field or one in each. What cannot be read is skipped.

use http::HeaderMap;
use http::header::HeaderName;

/// One challenge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Challenge {
    /// The scheme, as it is written.
    pub scheme: String,
    /// The one word behind the scheme, where that is how it is said (`NTLM TlRM…`).
    pub token68: Option<String>,
    /// Its parameters, names in small letters, values without their quotes.
    pub parameters: Vec<(String, String)>,
}

impl Challenge {
    /// Every challenge of all fields of this name, in their order.
    #[must_use]
    pub fn all(headers: &HeaderMap, name: HeaderName) -> Vec<Self> {
        let values = headers.get_all(name).iter();
        values
            .flat_map(|value| Reader::new(&String::from_utf8_lossy(value.as_bytes())).challenges())
            .collect()
    }

    /// Whether it is of this scheme.
    #[must_use]
    pub fn is(&self, scheme: &str) -> bool {
        self.scheme.eq_ignore_ascii_case(scheme)
    }

    /// The value of a parameter; its name in small letters.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<&str> {
        let mut found = self.parameters.iter().filter(|(found, _)| found == name);
        found.next().map(|(_, value)| value.as_str())
    }
}

/// The parameters of a field that is a list of them, such as `Authentication-Info`.
pub(super) fn parameters(text: &str) -> Vec<(String, String)> {
    // A scheme in front makes it a challenge.
    let mut challenges = Reader::new(&format!("x {text}")).challenges();
    match challenges.is_empty() {
        true => Vec::new(),
        false => challenges.swap_remove(0).parameters,
    }
}

struct Reader {
    text: Vec<char>,
    at: usize,
}

impl Reader {
    fn new(text: &str) -> Self {
        Self {
            text: text.chars().collect(),
            at: 0,
        }
    }

    fn challenges(mut self) -> Vec<Challenge> {
        let mut found: Vec<Challenge> = Vec::new();
        loop {
            self.skip(|c| c == ',' || c.is_ascii_whitespace());
            if self.at >= self.text.len() {
                return found;
            }
            let word = self.take(is_token);
            if word.is_empty() {
                // Nothing that can be read begins here.
                self.skip(|c| c != ',');
                continue;
            }
            let after_word = self.at;
            self.skip(|c| c.is_ascii_whitespace());
            if self.peek() == Some('=')
                && let Some(current) = found.last_mut()
            {
                self.at += 1;
                self.skip(|c| c.is_ascii_whitespace());
                let value = self.value();
                current.parameters.push((word.to_ascii_lowercase(), value));
                continue;
            }
            let token68 = match self.at > after_word {
                true => self.token68(),
                false => None,
            };
            found.push(Challenge {
                scheme: word,
                token68,
                parameters: Vec::new(),
            });
        }
    }

    /// A word that stands alone up to the next comma; otherwise nothing is taken.
    fn token68(&mut self) -> Option<String> {
        let start = self.at;
        let mut word = self.take(|c| c.is_ascii_alphanumeric() || "-._~+/".contains(c));
        word.push_str(&self.take(|c| c == '='));
        self.skip(|c| c.is_ascii_whitespace());
        if !word.is_empty() && matches!(self.peek(), None | Some(',')) {
            return Some(word);
        }
        self.at = start;
        None
    }

    fn value(&mut self) -> String {
        if self.peek() != Some('"') {
            return self.take(|c| c != ',' && !c.is_ascii_whitespace());
        }
        self.at += 1;
        let mut value = String::new();
        while let Some(c) = self.peek() {
            self.at += 1;
            match c {
                '"' => break,
                '\\' => {
                    value.extend(self.peek());
                    self.at += 1;
                }
                c => value.push(c),
            }
        }
        value
    }

    fn peek(&self) -> Option<char> {
        self.text.get(self.at).copied()
    }

    fn take(&mut self, fits: impl Fn(char) -> bool) -> String {
        let start = self.at;
        self.skip(fits);
        self.text[start..self.at].iter().collect()
    }

    fn skip(&mut self, fits: impl Fn(char) -> bool) {
        while self.peek().is_some_and(&fits) {
            self.at += 1;
        }
    }
}

fn is_token(c: char) -> bool {
    c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c)
}

#[cfg(test)]
mod tests {
    use super::{Challenge, parameters};
    use http::header::WWW_AUTHENTICATE;
    use http::{HeaderMap, HeaderValue};
    use proptest::prelude::{Just, any, prop, prop_oneof, proptest};

    fn read(fields: &[&str]) -> Vec<String> {
        let mut headers = HeaderMap::new();
        for field in fields {
            headers.append(
                WWW_AUTHENTICATE,
                HeaderValue::from_bytes(field.as_bytes()).unwrap(),
            );
        }
        let all = Challenge::all(&headers, WWW_AUTHENTICATE);
        all.iter()
            .map(|it| format!("{} {:?} {:?}", it.scheme, it.token68, it.parameters))
            .collect()
    }

    #[test]
    fn challenges_in_every_way_that_servers_write_them() {
        let digest = r#"Digest None [("realm", "a, b"), ("qop", "auth,auth-int"), ("nonce", "x\"y"), ("stale", "TRUE")]"#;
        let table: &[(&[&str], &[&str])] = &[
            (
                &[r#"Digest realm="a, b",qop="auth,auth-int", nonce="x\"y" , stale=TRUE"#],
                &[digest],
            ),
            (
                &[
                    r#"Basic realm="x", Digest realm="a, b", qop="auth,auth-int", Nonce = "x\"y", STALE=TRUE"#,
                ],
                &[r#"Basic None [("realm", "x")]"#, digest],
            ),
            (
                &["Negotiate", "NTLM"],
                &["Negotiate None []", "NTLM None []"],
            ),
            (
                &["Negotiate, NTLM TlRMTVNTUAAC==, Basic realm=x"],
                &[
                    "Negotiate None []",
                    r#"NTLM Some("TlRMTVNTUAAC==") []"#,
                    r#"Basic None [("realm", "x")]"#,
                ],
            ),
            (&["", " , ,", "\"nonsense\", Basic"], &["Basic None []"]),
            (
                &[r#"Digest realm="never ends"#],
                &[r#"Digest None [("realm", "never ends")]"#],
            ),
            (
                &[r#"Digest realm="ends in \"#],
                &[r#"Digest None [("realm", "ends in ")]"#],
            ),
            (
                &["Digest nonce=n, realm=, opaque=o"],
                &[r#"Digest None [("nonce", "n"), ("realm", ""), ("opaque", "o")]"#],
            ),
            (&["=x, realm=y"], &["realm None []"]),
        ];
        for (fields, expected) in table {
            assert_eq!(read(fields), *expected, "{fields:?}");
        }
    }

    #[test]
    fn parameters_without_a_scheme() {
        assert_eq!(
            parameters(r#"nextnonce="a b", qop=auth"#),
            [
                ("nextnonce".to_owned(), "a b".to_owned()),
                ("qop".to_owned(), "auth".to_owned())
            ]
        );
        assert_eq!(parameters(""), []);
    }

    proptest! {
        #[test]
        fn no_text_is_too_odd_to_be_read(text in "[ -~\u{e4}]{0,60}") {
            read(&[&text]);
        }

        #[test]
        fn what_is_written_is_read(
            challenges in prop::collection::vec(
                ("[A-Za-z]{1,8}", prop::collection::vec(("[a-z]{1,6}", "[ -~]{0,12}"), 1..4)),
                1..4,
            ),
            gap in prop_oneof![Just(", "), Just(","), Just(" ,\t")],
            several in any::<bool>(),
        ) {
            let quoted = |text: &str| text.replace('\\', "\\\\").replace('"', "\\\"");
            let written: Vec<String> = challenges
                .iter()
                .map(|(scheme, parameters)| {
                    let parameters: Vec<String> = parameters
                        .iter()
                        .map(|(name, value)| format!("{name}=\"{}\"", quoted(value)))
                        .collect();
                    format!("{scheme} {}", parameters.join(gap))
                })
                .collect();
            let fields: Vec<String> = if several { written } else { vec![written.join(gap)] };
            let fields: Vec<&str> = fields.iter().map(String::as_str).collect();
            let expected: Vec<String> = challenges
                .iter()
                .map(|(scheme, parameters)| format!("{scheme} None {parameters:?}"))
                .collect();
            assert_eq!(read(&fields), expected);
        }
    }
}
