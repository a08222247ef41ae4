//! What of a test run may be shown. Of replies only the shape is: each value is hidden, and so is every secret that a
//! request carries. In a report each hidden value has a number, the same wherever it stands.

use super::record::{Known, PLAIN_HEADERS};
use flow::masked_of_length;
use secret::{MASK, Sensitive};
use serde_json::{Map, Value};
use std::cell::RefCell;
use url::Url;

/// Parts of names whose values in a request are hidden even where nobody told that they are secret.
const TELLING: [&str; 19] = [
    "token",
    "secret",
    "passw",
    "session",
    "csrf",
    "xsrf",
    "jwt",
    "auth",
    "cookie",
    "nonce",
    "signature",
    "ticket",
    "key",
    "credential",
    "assertion",
    "verifier",
    "code",
    "state",
    "otp",
];

/// Hides values.
pub(crate) struct Veil<'a> {
    known: &'a Known,
    /// The values that have a number, in its order; none: they are masked.
    numbered: Option<RefCell<Vec<String>>>,
}

impl<'a> Veil<'a> {
    /// Shows a mask in the place of each hidden value, and how long it is: an empty or a cut token shows. How long a password
    /// is helps whoever guesses it.
    pub(crate) fn masking(known: &'a Known) -> Self {
        Self {
            known,
            numbered: None,
        }
    }

    /// Shows `[secret 1]` and so on: for a report that others read.
    pub(crate) fn numbering(known: &'a Known) -> Self {
        Self {
            known,
            numbered: Some(RefCell::default()),
        }
    }

    /// A value, hidden as a whole.
    pub(crate) fn hidden(&self, value: &str) -> String {
        match &self.numbered {
            Some(numbered) => number(&mut numbered.borrow_mut(), value),
            None if self.is_bare(value) => MASK.to_owned(),
            None => masked_of_length(value),
        }
    }

    /// Whether the length of this value would tell that of something typed, or of a secret.
    pub(crate) fn is_bare(&self, value: &str) -> bool {
        is_basic(value) || self.known.bare.mask(value) != value
    }

    /// A value that was picked out of a reply, as JSON.
    pub(crate) fn extracted(&self, value: &Sensitive) -> String {
        // A text comes as JSON; its quotes and escapes are none of its characters.
        let text = serde_json::from_str::<String>(value.reveal());
        self.hidden(text.as_deref().unwrap_or(value.reveal()))
    }

    /// A text with its secrets hidden.
    pub(crate) fn text(&self, text: &str) -> String {
        match &self.numbered {
            Some(numbered) => self
                .known
                .masker
                .replace(text, |found| number(&mut numbered.borrow_mut(), found)),
            None => self.known.masker.mask(text),
        }
    }

    /// An address: what its query says is hidden where it tells too much, or came from the API.
    pub(crate) fn url(&self, text: &str, from_api: bool) -> String {
        let Ok(url) = Url::parse(text) else {
            return self.relative(text);
        };
        let mut bare = url.clone();
        bare.set_query(None);
        bare.set_fragment(None);
        let has_account = !bare.username().is_empty() || bare.password().is_some();
        // Neither can fail for an address with a host.
        let _ = bare.set_username("");
        let _ = bare.set_password(None);
        let mut shown = self.text(bare.as_str());
        if has_account {
            shown = shown.replacen("://", &format!("://{MASK}@"), 1);
        }
        if url.query().is_some() {
            let pairs = url.query_pairs();
            shown = format!("{shown}?{}", self.pairs(pairs, from_api));
        }
        if let Some(fragment) = url.fragment().filter(|it| !it.is_empty()) {
            shown = format!("{shown}#{}", self.hidden(fragment));
        }
        shown
    }

    /// What points to somewhere from where it stands; it always came from the API.
    fn relative(&self, text: &str) -> String {
        let (before, fragment) = text.split_once('#').unwrap_or((text, ""));
        let (path, query) = before.split_once('?').unwrap_or((before, ""));
        let mut shown = self.text(path);
        if !query.is_empty() {
            let pairs = form_urlencoded::parse(query.as_bytes());
            shown = format!("{shown}?{}", self.pairs(pairs, true));
        }
        if !fragment.is_empty() {
            shown = format!("{shown}#{}", self.hidden(fragment));
        }
        shown
    }

    /// A header of a request.
    pub(crate) fn request_header(&self, name: &str, value: &str) -> String {
        match name {
            "authorization" | "proxy-authorization" => match value.split_once(' ') {
                Some((scheme, _)) if is_basic(value) && self.numbered.is_none() => {
                    format!("{scheme} {MASK}")
                }
                Some((scheme, rest)) => format!("{scheme} {}", self.hidden(rest)),
                None => self.hidden(value),
            },
            "cookie" => {
                let pairs = value.split("; ").map(|pair| match pair.split_once('=') {
                    Some((name, value)) => format!("{name}={}", self.hidden(value)),
                    None => self.hidden(pair),
                });
                pairs.collect::<Vec<_>>().join("; ")
            }
            "host" | "user-agent" | "accept" | "accept-encoding" | "content-type"
            | "content-length" => self.text(value),
            "referer" => self.url(value, true),
            name if tells(name) => self.hidden(value),
            _ => self.text(value),
        }
    }

    /// A header of a reply.
    pub(crate) fn reply_header(&self, name: &str, value: &str) -> String {
        match name {
            "location" | "content-location" => self.url(value, true),
            "set-cookie" => {
                let (pair, attributes) = value.split_once(';').unwrap_or((value, ""));
                let (name, value) = pair.split_once('=').unwrap_or(("", pair));
                let shown = format!("{name}={}", self.hidden(value));
                match attributes.trim() {
                    "" => shown,
                    some => format!("{shown}; {}", self.text(some)),
                }
            }
            name if PLAIN_HEADERS.contains(&name) => self.text(value),
            _ => self.hidden(value),
        }
    }

    /// The body of a request: a map or list where it is JSON or form-encoded, else a text.
    pub(crate) fn request_body(&self, text: &str, is_form: bool) -> Value {
        if let Ok(json @ (Value::Object(_) | Value::Array(_))) = serde_json::from_str(text) {
            return self.sent(json, false);
        }
        if is_form {
            return Value::String(self.pairs(form_urlencoded::parse(text.as_bytes()), false));
        }
        Value::String(self.text(text))
    }

    /// The body of a reply: its shape where it is JSON, else how long it is.
    pub(crate) fn reply_body(&self, text: &str) -> Value {
        match serde_json::from_str(text) {
            Ok(json) => self.shape(&json),
            Err(_) => Value::String(self.hidden(text)),
        }
    }

    /// A value with all that is inside hidden.
    pub(crate) fn shape(&self, value: &Value) -> Value {
        match value {
            Value::Object(map) => map
                .iter()
                .map(|(key, value)| (self.text(key), self.shape(value)))
                .collect::<Map<_, _>>()
                .into(),
            Value::Array(items) => items.iter().map(|item| self.shape(item)).collect(),
            Value::String(text) => Value::String(self.hidden(text)),
            Value::Number(number) => Value::String(self.hidden(&number.to_string())),
            Value::Bool(_) | Value::Null => value.clone(),
        }
    }

    fn sent(&self, value: Value, told: bool) -> Value {
        match value {
            Value::Object(map) => map
                .into_iter()
                .map(|(key, value)| {
                    let told = told || tells(&key);
                    (key, self.sent(value, told))
                })
                .collect::<Map<_, _>>()
                .into(),
            Value::Array(items) => items
                .into_iter()
                .map(|item| self.sent(item, told))
                .collect(),
            Value::String(text) if told => Value::String(self.hidden(&text)),
            Value::String(text) => Value::String(self.text(&text)),
            Value::Number(number) if told || number.to_string().len() >= 6 => {
                Value::String(self.text(&number.to_string()))
            }
            plain => plain,
        }
    }

    fn pairs<'p>(
        &self,
        pairs: impl Iterator<Item = (std::borrow::Cow<'p, str>, std::borrow::Cow<'p, str>)>,
        hide_all: bool,
    ) -> String {
        let shown = pairs.map(|(name, value)| {
            let value = match hide_all || tells(&name) {
                true => self.hidden(&value),
                false => self.text(&value),
            };
            format!("{}={value}", self.text(&name))
        });
        shown.collect::<Vec<_>>().join("&")
    }
}

fn number(numbered: &mut Vec<String>, value: &str) -> String {
    let known = numbered.iter().position(|known| known == value);
    let index = known.unwrap_or_else(|| {
        numbered.push(value.to_owned());
        numbered.len() - 1
    });
    format!("[secret {}]", index + 1)
}

/// Whether it is a name and a password (RFC 7617), in an encoding that hides neither's length.
fn is_basic(value: &str) -> bool {
    let scheme = value.get(..6);
    scheme.is_some_and(|scheme| scheme.eq_ignore_ascii_case("basic "))
}

fn tells(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let plain = [
        "token_type",
        "grant_type",
        "response_type",
        "code_challenge_method",
    ];
    !plain.contains(&name.as_str()) && TELLING.iter().any(|part| name.contains(part))
}

#[cfg(test)]
mod tests {
    use super::Veil;
    use crate::test_run::record::Known;
    use serde_json::json;

    #[test]
    fn a_reply_shows_its_shape_and_none_of_its_values() {
        let known = Known::default();
        let veil = Veil::masking(&known);
        let shown = veil.reply_body(r#"{"token":"abc","n":[1,true,null],"deep":{"x":"y"}}"#);
        let expected = json!({
            "token": "•••• (3 characters)",
            "n": ["•••• (1 character)", true, null],
            "deep": { "x": "•••• (1 character)" },
        });
        assert_eq!(shown, expected);
        assert_eq!(veil.reply_body("<p>hi</p>"), json!("•••• (9 characters)"));
    }

    #[test]
    fn a_request_shows_what_the_definition_says_and_no_secret() {
        let mut known = Known::default();
        known.masker.add("hunter2");
        let veil = Veil::masking(&known);
        let table = [
            (
                veil.url("https://a.example/x?q=1&code=c", false),
                "https://a.example/x?q=1&code=•••• (1 character)",
            ),
            (
                veil.url("https://a.example/x?q=1", true),
                "https://a.example/x?q=•••• (1 character)",
            ),
            (
                veil.url("https://u:p@a.example/hunter2#t", false),
                "https://••••@a.example/••••#•••• (1 character)",
            ),
            (
                veil.reply_header("location", "/page?code=abc#de"),
                "/page?code=•••• (3 characters)#•••• (2 characters)",
            ),
            (
                veil.request_header("authorization", "Bearer abc"),
                "Bearer •••• (3 characters)",
            ),
            (
                veil.request_header("cookie", "a=1; b=22"),
                "a=•••• (1 character); b=•••• (2 characters)",
            ),
            (veil.request_header("x-api-key", "k"), "•••• (1 character)"),
            (veil.request_header("x-about", "hunter2!"), "••••!"),
            (
                veil.reply_header("set-cookie", "sid=abc; Path=/"),
                "sid=•••• (3 characters); Path=/",
            ),
            (veil.reply_header("content-type", "text/html"), "text/html"),
            (veil.reply_header("x-user", "ana"), "•••• (3 characters)"),
        ];
        for (shown, expected) in table {
            assert_eq!(shown, expected);
        }
        let body = r#"{"user":"ana","password":"x","grant_type":"code"}"#;
        let shown = veil.request_body(body, false);
        let expected =
            json!({ "user": "ana", "password": "•••• (1 character)", "grant_type": "code" });
        assert_eq!(shown, expected);
        let shown = veil.request_body("grant_type=password&password=hunter2&u=hunter2", true);
        assert_eq!(
            shown,
            "grant_type=password&password=•••• (7 characters)&u=••••"
        );
    }

    #[test]
    fn how_long_a_typed_password_is_shows_nowhere() {
        let mut known = Known::default();
        known.masker.add("hunter2");
        known.bare.add("hunter2");
        let veil = Veil::masking(&known);
        for (shown, expected) in [
            (
                veil.url("https://a.example/x?password=hunter2&code=c", false),
                "https://a.example/x?password=••••&code=•••• (1 character)",
            ),
            (
                veil.request_header("authorization", "Basic YW5hOmh1bnRlcjI="),
                "Basic ••••",
            ),
            (veil.request_header("x-api-key", "hunter2"), "••••"),
            (veil.hidden("basic YW5hOmh1bnRlcjI="), "••••"),
            (veil.hidden("aHVudGVyMg=="), "••••"),
        ] {
            assert_eq!(shown, expected);
        }
        let shown = veil.request_body(r#"{"password":"hunter2","token":"abc"}"#, false);
        assert_eq!(
            shown,
            json!({ "password": "••••", "token": "•••• (3 characters)" })
        );
        let shown = veil.request_body("password=hunter2", true);
        assert_eq!(shown, "password=••••");
        let shown = veil.reply_body(r#"{"you":"sent hunter2","token":"abc"}"#);
        assert_eq!(
            shown,
            json!({ "you": "••••", "token": "•••• (3 characters)" })
        );
    }

    #[test]
    fn a_report_gives_one_value_one_number() {
        let mut known = Known::default();
        known.masker.add("hunter2");
        let veil = Veil::numbering(&known);
        assert_eq!(veil.hidden("other"), "[secret 1]");
        assert_eq!(veil.text("it is hunter2"), "it is [secret 2]");
        assert_eq!(veil.hidden("hunter2"), "[secret 2]");
        assert_eq!(veil.reply_body(r#"["other"]"#), json!(["[secret 1]"]));
    }
}
