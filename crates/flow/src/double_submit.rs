//! Double submit: the newest value of a cookie goes along a second time, where a page's own
//! script would put it.

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderName, HeaderValue};
use model::{Connector, Location, Origin};
use outbound::{Attach, Hop, HopBody, OutboundError};
use serde_json::Value;

use crate::request::add_query;

/// Copies the cookie onto every hop that goes to the connector's origins, once it is there.
#[derive(Clone, Debug)]
pub struct DoubleSubmit<'a> {
    setting: &'a model::DoubleSubmit,
    origins: &'a [Origin],
}

impl<'a> DoubleSubmit<'a> {
    /// That of a connector which has one.
    #[must_use]
    pub fn of(connector: &'a Connector) -> Option<Self> {
        Some(Self {
            setting: connector.cookies.double_submit.as_ref()?,
            origins: &connector.origins,
        })
    }
}

impl Attach for DoubleSubmit<'_> {
    fn attach(&self, hop: &mut Hop<'_>) -> Result<(), OutboundError> {
        let listed = Origin::of(hop.url).is_some_and(|origin| self.origins.contains(&origin));
        if !listed {
            return Ok(());
        }
        let Some(value) = hop.cookie(&self.setting.cookie) else {
            return Ok(());
        };
        let name = &self.setting.send_as.name;
        match self.setting.send_as.location {
            Location::Header => {
                let header = HeaderName::from_bytes(name.as_bytes());
                let value = HeaderValue::from_str(&value);
                // Neither can fail for a name that was checked and a value that is a cookie's.
                if let (Ok(header), Ok(mut value)) = (header, value) {
                    value.set_sensitive(true);
                    hop.headers.insert(header, value);
                }
            }
            Location::Query => {
                let kept: Vec<String> = hop
                    .url
                    .query()
                    .unwrap_or_default()
                    .split('&')
                    .filter(|pair| !pair.is_empty() && !is_pair_of(pair, name))
                    .map(str::to_owned)
                    .collect();
                let kept = kept.join("&");
                hop.url.set_query((!kept.is_empty()).then_some(&kept));
                add_query(hop.url, &[(name.clone(), value)]);
            }
            Location::Body => {
                let content_type = hop
                    .headers
                    .get(CONTENT_TYPE)
                    .and_then(|value| value.to_str().ok())
                    .unwrap_or_default()
                    .to_ascii_lowercase();
                if let HopBody::Buffered(body) = &mut hop.body
                    && let Some(grown) = with_key(&content_type, body, name, &value)
                {
                    **body = grown;
                }
            }
        }
        Ok(())
    }
}

/// A body with one more key, where it is of a kind that has keys. One that is there is replaced.
fn with_key(content_type: &str, body: &Bytes, name: &str, value: &str) -> Option<Bytes> {
    if content_type.starts_with("application/x-www-form-urlencoded") {
        let mut form = form_urlencoded::Serializer::new(String::new());
        for (key, old) in form_urlencoded::parse(body).filter(|(key, _)| key != name) {
            form.append_pair(&key, &old);
        }
        form.append_pair(name, value);
        Some(Bytes::from(form.finish()))
    } else if content_type.split(';').next()?.trim().ends_with("json") {
        let mut json: Value = serde_json::from_slice(body).ok()?;
        json.as_object_mut()?
            .insert(name.to_owned(), Value::from(value));
        Some(Bytes::from(json.to_string()))
    } else if content_type.starts_with("multipart/form-data") {
        part_added(content_type, body, name, value)
    } else {
        None
    }
}

/// Adds a part in front: the opening boundary is the same as any other.
fn part_added(content_type: &str, body: &Bytes, name: &str, value: &str) -> Option<Bytes> {
    // The header's boundary may be quoted and was put in lower case; the body has it as it is.
    content_type.find("boundary=")?;
    let end = body.windows(2).position(|pair| pair == b"\r\n")?;
    let delimiter = std::str::from_utf8(body.get(..end)?).ok()?;
    let name = name.replace(['"', '\r', '\n'], "");
    let mut grown = format!(
        "{delimiter}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
    )
    .into_bytes();
    grown.extend_from_slice(body);
    Some(Bytes::from(grown))
}

fn is_pair_of(pair: &str, name: &str) -> bool {
    form_urlencoded::parse(pair.as_bytes()).any(|(key, _)| key == name)
}

#[cfg(test)]
mod tests {
    use super::with_key;
    use bytes::Bytes;

    #[test]
    fn a_body_gets_the_key_where_it_has_keys() {
        let table = [
            (
                "application/json",
                r#"{"a":1}"#,
                Some(r#"{"a":1,"t":"v&1"}"#),
            ),
            ("application/json", r#"{"t":"old"}"#, Some(r#"{"t":"v&1"}"#)),
            ("application/vnd.x+json; a=b", "{}", Some(r#"{"t":"v&1"}"#)),
            ("application/json", "[1]", None),
            (
                "application/x-www-form-urlencoded",
                "a=1+2&t=old",
                Some("a=1+2&t=v%261"),
            ),
            (
                "multipart/form-data; boundary=b",
                "--B\r\nX: y\r\n\r\nz\r\n--B--\r\n",
                Some(
                    "--B\r\nContent-Disposition: form-data; name=\"t\"\r\n\r\nv&1\r\n--B\r\nX: y\r\n\r\nz\r\n--B--\r\n",
                ),
            ),
            ("text/plain", "a", None),
            ("", "a", None),
        ];
        for (content_type, body, expected) in table {
            let grown = with_key(content_type, &Bytes::from(body), "t", "v&1");
            let expected = expected.map(Bytes::from);
            assert_eq!(grown, expected, "{content_type} {body}");
        }
    }
}
