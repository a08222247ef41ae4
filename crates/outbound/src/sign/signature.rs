//! What a signer adds to a request. It takes the place of whatever stood under the same names.

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};
use url::{Url, form_urlencoded};

use crate::error::OutboundError;

/// Everything but the unreserved characters of RFC 3986: what signatures over a query agree on.
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Percent-encoded, all but the unreserved characters.
pub(super) fn encoded(text: &(impl AsRef<[u8]> + ?Sized)) -> String {
    percent_encode(text.as_ref(), UNRESERVED).to_string()
}

/// Headers and query parameters to be put on a request.
#[derive(Clone, Debug, Default)]
pub struct Signature {
    /// Each takes the place of all headers of its name.
    pub headers: Vec<(HeaderName, HeaderValue)>,
    /// Each takes the place of all parameters of its name, at the end of the query.
    pub query: Vec<(String, String)>,
    /// Takes the place of the query as it was, before the parameters above are added.
    pub whole_query: Option<String>,
    /// Takes the place of the body.
    pub body: Option<Bytes>,
}

impl Signature {
    /// Adds a header, whose Debug shows nothing.
    ///
    /// # Errors
    /// A value that no header can have; `field` is the key of the definition which it is from.
    pub fn header(
        &mut self,
        field: &'static str,
        name: HeaderName,
        value: &str,
    ) -> Result<(), OutboundError> {
        let mut value = HeaderValue::from_str(value).map_err(|_| OutboundError::Signing {
            field,
            problem: format!("gives what the header `{name}` cannot carry: a control character"),
        })?;
        value.set_sensitive(true);
        self.headers.push((name, value));
        Ok(())
    }

    /// Puts it on a request.
    pub fn put_on(self, url: &mut Url, headers: &mut HeaderMap) {
        for (name, value) in self.headers {
            headers.insert(name, value);
        }
        if let Some(query) = &self.whole_query {
            url.set_query((!query.is_empty()).then_some(query));
        }
        set_query(url, &self.query);
    }
}

/// Sets query parameters; the rest of the query stays byte for byte.
fn set_query(url: &mut Url, added: &[(String, String)]) {
    if added.is_empty() {
        return;
    }
    let names: Vec<&str> = added.iter().map(|(name, _)| name.as_str()).collect();
    drop_query(url, &names);
    let rest = url.query().filter(|rest| !rest.is_empty());
    let mut pairs: Vec<String> = rest.map(str::to_owned).into_iter().collect();
    let ours = added
        .iter()
        .map(|(name, value)| format!("{}={}", encoded(name), encoded(value)));
    pairs.extend(ours);
    url.set_query(Some(&pairs.join("&")));
}

/// Takes parameters out of a query; the rest stays byte for byte.
pub(super) fn drop_query(url: &mut Url, names: &[&str]) {
    let Some(query) = url.query() else { return };
    let is_one = |pair: &&str| {
        form_urlencoded::parse(pair.as_bytes())
            .next()
            .is_some_and(|(name, _)| names.contains(&name.as_ref()))
    };
    let kept: Vec<&str> = query.split('&').filter(|pair| !is_one(pair)).collect();
    let kept = kept.join("&");
    url.set_query((!kept.is_empty()).then_some(&kept));
}

#[cfg(test)]
mod tests {
    use super::Signature;
    use http::{HeaderMap, HeaderName, HeaderValue};
    use url::Url;

    #[test]
    fn takes_the_place_of_what_a_caller_sent_under_its_names() {
        let mut url = Url::parse("https://api.example/x?a=%20&sig=theirs&%73ig=too&b=2").unwrap();
        let mut headers = HeaderMap::new();
        headers.append("x-signature", HeaderValue::from_static("theirs"));
        headers.append("x-signature", HeaderValue::from_static("theirs, too"));
        let mut signature = Signature::default();
        let name = HeaderName::from_static("x-signature");
        signature.header("value", name, "ours").unwrap();
        signature
            .query
            .push(("sig".to_owned(), "a b/+=".to_owned()));
        signature.put_on(&mut url, &mut headers);
        assert_eq!(url.query(), Some("a=%20&b=2&sig=a%20b%2F%2B%3D"));
        let values: Vec<_> = headers.get_all("x-signature").iter().collect();
        assert_eq!(values, ["ours"]);
        assert!(values[0].is_sensitive());
    }

    #[test]
    fn attack_33_a_line_break_does_not_begin_another_header() {
        let name = HeaderName::from_static("x-signature");
        let refused = Signature::default().header("value", name, "a\r\nX-Evil: 1");
        let said = refused.unwrap_err().to_string();
        assert!(
            said.contains("`sign_in.value`") && said.contains("x-signature"),
            "{said}"
        );
    }
}
