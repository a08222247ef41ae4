//! What is done to a value on its way from the scope into the text.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;
use sha2::{Digest, Sha256};

/// Everything but the unreserved characters of RFC 3986, section 2.3.
pub(crate) const COMPONENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// The same, but a `/` stays.
const SEGMENTS: &AsciiSet = &COMPONENT.remove(b'/');

/// One filter of an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Filter {
    /// `base64`: the standard alphabet, padded.
    Base64,
    /// `base64url`: the URL alphabet, not padded.
    Base64Url,
    /// `urlencode`: everything but unreserved characters percent-encoded; not encoded again in a URL.
    UrlEncode,
    /// `path`: as `urlencode`, but each `/` stays.
    Path,
    /// `json`: the value as compact JSON.
    Json,
    /// `trim`: no white space at either end.
    Trim,
    /// `lower`: lower case.
    Lower,
    /// `upper`: upper case.
    Upper,
    /// `sha256`: bytes, printed as hex unless `base64` or `base64url` follows.
    Sha256,
    /// `default('x')`: stands in for a value that is absent or null.
    Default(Value),
}

/// A value between two filters.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Datum {
    Json(Value),
    Bytes(Vec<u8>),
    /// Text that is percent-encoded already.
    Encoded(String),
}

impl Filter {
    /// The names of all filters.
    pub const NAMES: [&'static str; 10] = [
        "base64",
        "base64url",
        "urlencode",
        "path",
        "json",
        "trim",
        "lower",
        "upper",
        "sha256",
        "default",
    ];

    /// The filter's name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Filter::Base64 => "base64",
            Filter::Base64Url => "base64url",
            Filter::UrlEncode => "urlencode",
            Filter::Path => "path",
            Filter::Json => "json",
            Filter::Trim => "trim",
            Filter::Lower => "lower",
            Filter::Upper => "upper",
            Filter::Sha256 => "sha256",
            Filter::Default(_) => "default",
        }
    }

    /// What the filter called `name` does, in one sentence; empty where there is none.
    #[must_use]
    pub fn about(name: &str) -> &'static str {
        match name {
            "base64" => "Base64 with the standard alphabet, padded.",
            "base64url" => "Base64 with the URL alphabet, not padded.",
            "urlencode" => "Percent-encodes everything but unreserved characters.",
            "path" => "Percent-encodes as `urlencode` does, but keeps each `/`.",
            "json" => "The value as compact JSON.",
            "trim" => "Takes white space off both ends.",
            "lower" => "Lower case.",
            "upper" => "Upper case.",
            "sha256" => "The SHA-256 hash, as hex unless `base64` or `base64url` follows.",
            "default" => "`default('x')` stands in for a value that is absent or null.",
            _ => "",
        }
    }

    /// The filter called `name`, if there is one that takes no argument.
    pub(crate) fn without_argument(name: &str) -> Option<Filter> {
        Some(match name {
            "base64" => Filter::Base64,
            "base64url" => Filter::Base64Url,
            "urlencode" => Filter::UrlEncode,
            "path" => Filter::Path,
            "json" => Filter::Json,
            "trim" => Filter::Trim,
            "lower" => Filter::Lower,
            "upper" => Filter::Upper,
            "sha256" => Filter::Sha256,
            _ => return None,
        })
    }

    /// The datum after this filter; `Err` names what it is when the filter needs text instead.
    pub(crate) fn apply(&self, datum: Option<Datum>) -> Result<Option<Datum>, &'static str> {
        if let Filter::Default(value) = self {
            return Ok(Some(match datum {
                None | Some(Datum::Json(Value::Null)) => Datum::Json(value.clone()),
                Some(datum) => datum,
            }));
        }
        let Some(datum) = datum else { return Ok(None) };
        let text = |text: String| Datum::Json(Value::String(text));
        Ok(Some(match self {
            Filter::Base64 => text(STANDARD.encode(datum.into_bytes())),
            Filter::Base64Url => text(URL_SAFE_NO_PAD.encode(datum.into_bytes())),
            Filter::Sha256 => Datum::Bytes(Sha256::digest(datum.into_bytes()).to_vec()),
            Filter::Json => text(datum.into_value().to_string()),
            Filter::UrlEncode => Datum::Encoded(percent(&datum.into_plain_text()?, COMPONENT)),
            Filter::Path => Datum::Encoded(percent(&datum.into_plain_text()?, SEGMENTS)),
            Filter::Trim => text(datum.into_plain_text()?.trim().to_owned()),
            Filter::Lower => text(datum.into_plain_text()?.to_lowercase()),
            Filter::Upper => text(datum.into_plain_text()?.to_uppercase()),
            Filter::Default(_) => datum,
        }))
    }
}

impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Filter::Default(Value::String(text)) => {
                let text = text.replace('\\', r"\\").replace('\'', r"\'");
                write!(f, "default('{text}')")
            }
            Filter::Default(value) => write!(f, "default({value})"),
            other => f.write_str(other.name()),
        }
    }
}

impl Datum {
    /// The datum as a JSON value: bytes become hex.
    pub(crate) fn into_value(self) -> Value {
        match self {
            Datum::Json(value) => value,
            Datum::Bytes(bytes) => Value::String(hex::encode(bytes)),
            Datum::Encoded(text) => Value::String(text),
        }
    }

    /// The text of the datum; objects and lists become compact JSON.
    pub(crate) fn into_text(self) -> String {
        match self.into_value() {
            Value::String(text) => text,
            other => other.to_string(),
        }
    }

    /// What the datum is, where that is no plain text.
    pub(crate) fn structure(&self) -> Option<&'static str> {
        match self {
            Datum::Json(Value::Null) => Some("null"),
            Datum::Json(Value::Object(_)) => Some("an object"),
            Datum::Json(Value::Array(_)) => Some("a list"),
            _ => None,
        }
    }

    fn into_plain_text(self) -> Result<String, &'static str> {
        match self.structure() {
            Some(kind) => Err(kind),
            None => Ok(self.into_text()),
        }
    }

    fn into_bytes(self) -> Vec<u8> {
        match self {
            Datum::Bytes(bytes) => bytes,
            other => other.into_text().into_bytes(),
        }
    }
}

/// Percent-encodes the characters of `set`.
pub(crate) fn percent(text: &str, set: &'static AsciiSet) -> String {
    utf8_percent_encode(text, set).to_string()
}
