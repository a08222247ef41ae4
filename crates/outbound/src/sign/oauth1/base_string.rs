//! The signature base string (RFC 5849, section 3.4.1): the request, written so that both sides
//! write it the same.

use http::Method;
use percent_encoding::percent_decode;
use std::borrow::Cow;
use url::Url;

use crate::sign::signature::encoded;

/// What is signed: the method, the address without its query, and all parameters in one order.
///
/// `form` is a body that is form-encoded; `protocol` are the `oauth_` parameters, decoded, without
/// `oauth_signature`.
pub(super) fn base_string(
    method: &Method,
    url: &Url,
    form: Option<&[u8]>,
    protocol: &[(&str, String)],
) -> String {
    let query = url.query().unwrap_or_default().as_bytes();
    let mut parameters: Vec<(String, String)> = pairs(query)
        .chain(pairs(form.unwrap_or_default()))
        .map(|(name, value)| (encoded(&decode(name)), encoded(&decode(value))))
        .collect();
    parameters.extend(
        protocol
            .iter()
            .map(|(name, value)| (encoded(name), encoded(value))),
    );
    // Encoded before they are put in order, and by bytes (section 3.4.1.3.2).
    parameters.sort_unstable();
    let parameters: Vec<String> = parameters
        .into_iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    format!(
        "{}&{}&{}",
        encoded(&method.as_str().to_ascii_uppercase()),
        encoded(&address(url)),
        encoded(&parameters.join("&")),
    )
}

/// A form without the parameters of these names; the rest stays byte for byte.
pub(super) fn without(form: &[u8], names: &[&str]) -> Vec<u8> {
    let kept = form.split(|byte| *byte == b'&').filter(|pair| {
        let name = pair.split(|byte| *byte == b'=').next().unwrap_or_default();
        let name = decode(name);
        !names.iter().any(|ours| ours.as_bytes() == name)
    });
    kept.collect::<Vec<_>>().join(&b'&')
}

/// Scheme, host, a port that is not the scheme's own, path (RFC 5849, section 3.4.1.2). The
/// first two are in lower case in a [`Url`], and a default port is not in it at all.
fn address(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    let port = url.port().map(|port| format!(":{port}"));
    let path = match url.path() {
        "" => "/",
        path => path,
    };
    format!(
        "{}://{host}{}{path}",
        url.scheme(),
        port.unwrap_or_default()
    )
}

/// The parameters of a query or form as they are written; one without `=` has an empty value.
fn pairs(text: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    text.split(|byte| *byte == b'&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| match pair.iter().position(|byte| *byte == b'=') {
            Some(at) => (&pair[..at], &pair[at + 1..]),
            None => (pair, &pair[pair.len()..]),
        })
}

/// Decoded as forms are: `+` is a space. Bytes, since what is no UTF-8 must survive.
fn decode(text: &[u8]) -> Vec<u8> {
    let spaced: Vec<u8> = text
        .iter()
        .map(|byte| if *byte == b'+' { b' ' } else { *byte })
        .collect();
    Cow::from(percent_decode(&spaced)).into_owned()
}
