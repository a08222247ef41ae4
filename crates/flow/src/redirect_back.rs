//! The redirect back to the callback URL: what its query holds, and whether it is the one that
//! was waited for.

use model::{Said, Words};
use serde_json::{Map, Value};
use subtle::ConstantTimeEq;
use url::Url;

/// Why a redirect back is not taken. The run goes on waiting, as anybody can send such a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NotOurs {
    /// It does not say which sign-in it belongs to.
    NoState,
    /// It belongs to another sign-in, or one that is over.
    OtherState,
    /// A parameter that must come once came twice.
    Twice,
}

impl From<NotOurs> for Words {
    fn from(why: NotOurs) -> Self {
        Self::from(match why {
            NotOurs::NoState => Said::RedirectOfNone {
                parameter: STATE.to_owned(),
            },
            NotOurs::OtherState => Said::RedirectOfAnother,
            NotOurs::Twice => Said::RedirectTwice,
        })
    }
}

/// The usual name of the parameter that brings the state back.
pub(crate) const STATE: &str = "state";

/// Checks that a redirect brings back the state that went out.
pub(crate) fn check_state(back: &Url, name: &str, state: &str) -> Result<(), NotOurs> {
    let mut found = back
        .query_pairs()
        .filter(|(key, _)| key == name)
        .map(|(_, value)| value);
    let first = found.next().ok_or(NotOurs::NoState)?;
    if found.next().is_some() {
        return Err(NotOurs::Twice);
    }
    if bool::from(first.as_bytes().ct_eq(state.as_bytes())) {
        Ok(())
    } else {
        Err(NotOurs::OtherState)
    }
}

/// The query parameter under which a URL carries the state, if it does. State inside another
/// parameter's value (such as a redirect address) comes back under its usual name.
pub(crate) fn state_name(url: &Url, state: &str) -> Option<String> {
    let exact = url
        .query_pairs()
        .find(|(_, value)| value == state)
        .map(|(key, _)| key.into_owned());
    exact.or_else(|| url.as_str().contains(state).then(|| STATE.to_owned()))
}

/// The query as outputs: percent-decoded as forms are, or as it came.
pub(crate) fn parameters(back: &Url, decode: bool) -> Map<String, Value> {
    let query = back.query().unwrap_or_default();
    if decode {
        return crate::body::form_map(query.as_bytes());
    }
    query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            (key.to_owned(), Value::from(value))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn url(query: &str) -> Url {
        Url::parse(&format!("http://127.0.0.1:8914/callback?{query}")).unwrap()
    }

    #[test]
    fn attack_1_only_the_state_that_went_out_is_taken() {
        let table = [
            ("code=c&state=right", Ok(())),
            ("code=c", Err(NotOurs::NoState)),
            ("code=c&state=", Err(NotOurs::OtherState)),
            ("code=c&state=wrong", Err(NotOurs::OtherState)),
            ("code=c&state=righ", Err(NotOurs::OtherState)),
            ("state=right&state=right", Err(NotOurs::Twice)),
        ];
        for (query, expected) in table {
            assert_eq!(
                check_state(&url(query), STATE, "right"),
                expected,
                "{query}"
            );
        }
    }

    #[test]
    fn the_state_is_found_under_whatever_name_it_went_out() {
        let table = [
            ("state=S-1", Some("state")),
            ("relay=S-1", Some("relay")),
            ("back=http%3A%2F%2Fa%2Fcb%3Fstate%3DS-1", Some("state")),
            ("a=b", None),
        ];
        for (query, expected) in table {
            assert_eq!(
                state_name(&url(query), "S-1").as_deref(),
                expected,
                "{query}"
            );
        }
    }

    #[test]
    fn parameters_are_decoded_or_raw() {
        let back = url("a=x%20y+z&b=%2F&c");
        assert_eq!(
            Value::Object(parameters(&back, true)),
            json!({ "a": "x y z", "b": "/", "c": "" })
        );
        assert_eq!(
            Value::Object(parameters(&back, false)),
            json!({ "a": "x%20y+z", "b": "%2F", "c": "" })
        );
    }
}
