//! NTLM in the header fields of HTTP (MS-N2HT, RFC 9110 section 11.6).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::HeaderMap;
use http::header::{HeaderValue, WWW_AUTHENTICATE};

/// What a reply of 401 asks for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Offered {
    /// NTLM, from the beginning.
    Ntlm,
    /// NTLM's second message.
    Challenge(Vec<u8>),
    /// Other schemes alone, as they are named.
    Others(Vec<String>),
}

/// What the header of a reply offers. `Negotiate` is another scheme, also where NTLM could be
/// spoken within.
pub(crate) fn offered(headers: &HeaderMap) -> Offered {
    let mut others = Vec::new();
    let mut ntlm = false;
    let values = headers.get_all(WWW_AUTHENTICATE).iter();
    let challenges = values
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','));
    for challenge in challenges {
        let mut words = challenge.split_ascii_whitespace();
        let (Some(scheme), token) = (words.next(), words.next()) else {
            continue;
        };
        if !scheme.eq_ignore_ascii_case("NTLM") {
            // A parameter of the challenge before has its `=` in the first word.
            if !scheme.contains('=') {
                others.push(scheme.to_owned());
            }
            continue;
        }
        match token.map(|token| STANDARD.decode(token)) {
            Some(Ok(message)) => return Offered::Challenge(message),
            Some(Err(_)) => return Offered::Challenge(Vec::new()),
            None => ntlm = true,
        }
    }
    if ntlm {
        Offered::Ntlm
    } else {
        Offered::Others(others)
    }
}

/// A message of ours as the value of `Authorization`; `None` where it is too long for one.
pub(crate) fn in_header(message: &[u8]) -> Option<HeaderValue> {
    let text = format!("NTLM {}", STANDARD.encode(message));
    let mut value = HeaderValue::from_str(&text).ok()?;
    value.set_sensitive(true);
    Some(value)
}

#[cfg(test)]
mod tests {
    use http::HeaderMap;
    use http::header::{HeaderValue, WWW_AUTHENTICATE};

    use super::{Offered, in_header, offered};

    #[test]
    fn an_offer_is_found_among_others() {
        let others =
            |names: &[&str]| Offered::Others(names.iter().map(|name| (*name).to_owned()).collect());
        for (values, expected) in [
            (&[][..], others(&[])),
            (&["NTLM"], Offered::Ntlm),
            (&["Negotiate", "ntlm"], Offered::Ntlm),
            (&["Negotiate, NTLM"], Offered::Ntlm),
            (&["NTLM TlRMTQ=="], Offered::Challenge(b"NTLM".to_vec())),
            (&["NTLM ???"], Offered::Challenge(Vec::new())),
            (&["Negotiate"], others(&["Negotiate"])),
            (
                &["Basic realm=\"a\", charset=\"UTF-8\", Digest realm=\"b\""],
                others(&["Basic", "Digest"]),
            ),
        ] {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(WWW_AUTHENTICATE, HeaderValue::from_static(value));
            }
            assert_eq!(offered(&headers), expected, "{values:?}");
        }
    }

    #[test]
    fn a_message_in_a_header_is_not_shown() {
        let value = in_header(b"NTLM").expect("a header");
        assert_eq!(value, "NTLM TlRMTQ==");
        assert_eq!(format!("{value:?}"), "Sensitive");
    }
}
