//! Reading a request that an upstream has received.

use bytes::Bytes;
use http::Request;
use serde_json::Value;

use crate::connection::{ClientShown, ConnectionNumber};

/// What tests ask of a received request.
pub trait Received {
    /// A header as text.
    fn header(&self, name: &str) -> Option<&str>;
    /// Every value of a header.
    fn header_all(&self, name: &str) -> Vec<&str>;
    /// A parameter of the query, decoded.
    fn query_value(&self, name: &str) -> Option<String>;
    /// The query's parameters in order, decoded.
    fn query_pairs(&self) -> Vec<(String, String)>;
    /// A value of a form body, decoded.
    fn form_value(&self, name: &str) -> Option<String>;
    /// The form body's values in order, decoded.
    fn form_pairs(&self) -> Vec<(String, String)>;
    /// A cookie that was sent.
    fn cookie(&self, name: &str) -> Option<&str>;
    /// The body as JSON; null where it is none.
    fn json(&self) -> Value;
    /// The body as text.
    fn text(&self) -> String;
    /// The token of `Authorization: Bearer`.
    fn bearer(&self) -> Option<&str>;
    /// The number of the connection it came on, from 1.
    fn connection(&self) -> usize;
    /// The SHA-256, in hex, of the certificate that its client has shown.
    fn client(&self) -> Option<&str>;
}

impl Received for Request<Bytes> {
    fn header(&self, name: &str) -> Option<&str> {
        self.headers().get(name)?.to_str().ok()
    }

    fn header_all(&self, name: &str) -> Vec<&str> {
        let values = self.headers().get_all(name).iter();
        values.filter_map(|value| value.to_str().ok()).collect()
    }

    fn query_value(&self, name: &str) -> Option<String> {
        value_of(self.query_pairs(), name)
    }

    fn query_pairs(&self) -> Vec<(String, String)> {
        pairs(self.uri().query().unwrap_or_default().as_bytes())
    }

    fn form_value(&self, name: &str) -> Option<String> {
        value_of(self.form_pairs(), name)
    }

    fn form_pairs(&self) -> Vec<(String, String)> {
        pairs(self.body())
    }

    fn cookie(&self, name: &str) -> Option<&str> {
        self.header_all("cookie")
            .into_iter()
            .flat_map(|line| line.split("; "))
            .find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
    }

    fn json(&self) -> Value {
        serde_json::from_slice(self.body()).unwrap_or_default()
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(self.body()).into_owned()
    }

    fn bearer(&self) -> Option<&str> {
        self.header("authorization")?.strip_prefix("Bearer ")
    }

    fn connection(&self) -> usize {
        let number = self.extensions().get::<ConnectionNumber>();
        number.map_or(0, |number| number.0)
    }

    fn client(&self) -> Option<&str> {
        let shown = self.extensions().get::<ClientShown>();
        shown.map(|shown| shown.0.as_str())
    }
}

fn pairs(encoded: &[u8]) -> Vec<(String, String)> {
    form_urlencoded::parse(encoded).into_owned().collect()
}

fn value_of(pairs: Vec<(String, String)>, name: &str) -> Option<String> {
    let found = pairs.into_iter().find(|(key, _)| key == name);
    found.map(|(_, value)| value)
}
