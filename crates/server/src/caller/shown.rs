//! What a request shows of who sends it: one thing at most, so that it never depends on an order whose call it is.

use crate::caller::{Field, Fields};
use crate::problem::Problem;
use http::HeaderMap;

/// What a request shows.
#[derive(Debug, Eq, PartialEq)]
pub(crate) enum Shown<'a> {
    /// An app's key.
    Key(&'a [u8]),
    /// A user token.
    UserToken(&'a str),
    /// Something of our own people, or a cookie: told apart on the back runtime.
    Other,
    /// Nothing.
    Nothing,
}

impl<'a> Shown<'a> {
    /// Looks at the header.
    pub(crate) fn by(headers: &'a HeaderMap) -> Result<Self, Problem> {
        Self::of(&Fields::of(headers))
    }

    /// What these fields show.
    pub(crate) fn of(fields: &Fields<'a>) -> Result<Self, Problem> {
        match (fields.key, fields.token) {
            (Field::Absent, Field::Absent) if fields.has_cookie => Ok(Self::Other),
            (Field::Absent, Field::Absent) => Ok(Self::Nothing),
            (Field::Once(key), Field::Absent) => Ok(Self::Key(key)),
            (Field::Absent, Field::Once(token)) if token.starts_with(b"sg_app_") => {
                Ok(Self::Key(token))
            }
            (Field::Absent, Field::Once(token)) => match std::str::from_utf8(token) {
                Ok(text) if text.starts_with("sg_user_") => Ok(Self::UserToken(text)),
                _ => Ok(Self::Other),
            },
            (Field::Repeated, _) | (_, Field::Repeated) | (Field::Once(_), Field::Once(_)) => {
                Err(two())
            }
        }
    }
}

fn two() -> Problem {
    Problem::unauthenticated(
        "two_credentials",
        "The request shows more than one key or token, and only one can count.",
    )
    .help("Send either Stepgate-Key or Authorization: Bearer, once.")
}

#[cfg(test)]
mod tests {
    use super::Shown;
    use http::{HeaderMap, HeaderName};

    fn by(lines: &[(&str, &str)]) -> String {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
            headers.append(name, value.parse().unwrap());
        }
        match Shown::by(&headers) {
            Ok(Shown::Key(key)) => format!("key {}", String::from_utf8_lossy(key)),
            Ok(Shown::UserToken(token)) => format!("token {token}"),
            Ok(Shown::Other) => "other".to_owned(),
            Ok(Shown::Nothing) => "nothing".to_owned(),
            Err(problem) => problem.code.to_owned(),
        }
    }

    #[test]
    fn one_credential_counts_and_two_are_refused() {
        let key = ("stepgate-key", "sg_app_1");
        let token = ("authorization", "Bearer sg_user_1.2");
        let cases: [(&[(&str, &str)], &str); 13] = [
            (&[], "nothing"),
            (&[key], "key sg_app_1"),
            (&[("authorization", "Bearer sg_app_1")], "key sg_app_1"),
            (&[("authorization", "bearer  sg_app_1 ")], "key sg_app_1"),
            (&[token], "token sg_user_1.2"),
            (&[("authorization", "Bearer sg_pat_1")], "other"),
            (&[("cookie", "a=b")], "other"),
            (&[("authorization", "Basic c2dfYXBwXzE=")], "nothing"),
            (&[("authorization", "Bearer mine"), key], "key sg_app_1"),
            (&[key, key], "two_credentials"),
            (&[key, token], "two_credentials"),
            (&[token, token], "two_credentials"),
            (
                &[("authorization", "Bearer sg_app_1"), key],
                "two_credentials",
            ),
        ];
        for (lines, expected) in cases {
            assert_eq!(by(lines), expected, "{lines:?}");
        }
    }
}
