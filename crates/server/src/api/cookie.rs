//! The cookie of a builder's session: `__Host-`, so that no other host and no path can plant or read it.

use http::header::COOKIE;
use http::{HeaderMap, HeaderValue};
use secret::SecretString;

/// Its name.
pub(crate) const NAME: &str = "__Host-stepgate";

/// The value that a browser shows, where it shows exactly one.
pub(crate) fn shown(headers: &HeaderMap) -> Option<&str> {
    let mut found = None;
    for value in headers.get_all(COOKIE) {
        for pair in value.to_str().ok()?.split(';') {
            if let Some((name, value)) = pair.trim().split_once('=')
                && name == NAME
            {
                if found.is_some() {
                    return None;
                }
                found = Some(value);
            }
        }
    }
    found
}

/// Sets it.
pub(crate) fn set(value: &SecretString, max_age: i64) -> Option<HeaderValue> {
    let text = format!(
        "{NAME}={}; Path=/; Max-Age={max_age}; Secure; HttpOnly; SameSite=Lax",
        value.reveal()
    );
    let mut header = HeaderValue::try_from(text).ok()?;
    header.set_sensitive(true);
    Some(header)
}

/// Takes it back.
pub(crate) fn removed() -> HeaderValue {
    HeaderValue::from_static("__Host-stepgate=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax")
}

#[cfg(test)]
mod tests {
    use super::{COOKIE, HeaderMap, HeaderValue, SecretString, removed, set, shown};

    #[test]
    fn attack_57_the_cookie_has_all_its_flags() {
        let cookie = set(&SecretString::new("abc".into()), 60).unwrap();
        let expected = "__Host-stepgate=abc; Path=/; Max-Age=60; Secure; HttpOnly; SameSite=Lax";
        assert_eq!(cookie, expected);
        assert!(cookie.is_sensitive());
        for flag in ["Path=/", "Max-Age=0", "Secure", "HttpOnly", "SameSite=Lax"] {
            assert!(removed().to_str().unwrap().contains(flag));
        }
    }

    #[test]
    fn attack_57_a_second_cookie_of_the_name_is_no_session() {
        let table: [(&[&str], Option<&str>); 6] = [
            (&["__Host-stepgate=a"], Some("a")),
            (&["x=1; __Host-stepgate=a; y=2"], Some("a")),
            (&["x=1", "__Host-stepgate=a"], Some("a")),
            (&["__Host-stepgate=a; __Host-stepgate=b"], None),
            (&["__host-stepgate=a"], None),
            (&["stepgate=a"], None),
        ];
        for (values, expected) in table {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(COOKIE, HeaderValue::from_static(value));
            }
            assert_eq!(shown(&headers), expected, "{values:?}");
        }
    }
}
