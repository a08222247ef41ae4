//! The addresses of an app: the origins whose pages may call, and where a browser may be sent back. Both are lists that
//! are compared exactly, so what gets into them has to be exact.

use thiserror::Error;
use url::{Host, Url};

/// How long an address may be.
const LONGEST: usize = 2_048;

/// Why a text is no such address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub(crate) enum AddressError {
    /// A pattern.
    #[error("patterns are not taken: list each address")]
    Pattern,
    /// Not absolute, not http, or not readable.
    #[error("write it as https://HOST or https://HOST:PORT")]
    NotAbsolute,
    /// Spaces, control characters, backslashes, or other letters than ASCII.
    #[error("it has characters that do not belong into an address, or is too long")]
    Characters,
    /// A user name in it.
    #[error("it must not hold a user name or password")]
    UserInfo,
    /// An origin with a path.
    #[error("an origin ends with its host or port: leave the path out")]
    Path,
    /// A fragment.
    #[error("it must not have a fragment")]
    Fragment,
    /// Plain http to another machine.
    #[error("it must be https; http is taken for this machine only, as in http://localhost:3000/")]
    NotEncrypted,
}

/// An origin as browsers send it: `https://app.example.org`, the port only where it is not the scheme's own.
///
/// # Errors
/// Why it is none.
pub(crate) fn origin(text: &str) -> Result<String, AddressError> {
    let url = absolute(text)?;
    if !matches!(url.path(), "" | "/") || url.query().is_some() {
        return Err(AddressError::Path);
    }
    Ok(url.origin().ascii_serialization())
}

/// An address to which a browser may be sent back, kept to the letter.
///
/// # Errors
/// Why it is none.
pub(crate) fn return_address(text: &str) -> Result<String, AddressError> {
    let url = absolute(text)?;
    if url.scheme() != "https" && !is_loopback(&url) {
        return Err(AddressError::NotEncrypted);
    }
    Ok(text.to_owned())
}

/// The address in the list that `wanted` is, to the letter; nothing else is a place to send a browser to.
pub(crate) fn permitted<'a>(list: &'a [String], wanted: &str) -> Option<&'a str> {
    // What was listed is judged again: a list that got in by another way is no open door.
    list.iter()
        .find(|listed| *listed == wanted && return_address(listed).is_ok())
        .map(String::as_str)
}

fn absolute(text: &str) -> Result<Url, AddressError> {
    // Before a lenient parser mends it: tabs vanish there, and a backslash becomes a slash.
    if text.contains('*') {
        return Err(AddressError::Pattern);
    }
    let is_plain = |byte: u8| byte.is_ascii_graphic() && byte != b'\\';
    if text.is_empty() || text.len() > LONGEST || !text.bytes().all(is_plain) {
        return Err(AddressError::Characters);
    }
    let rest = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"))
        .ok_or(AddressError::NotAbsolute)?;
    if rest.is_empty() || rest.starts_with('/') {
        return Err(AddressError::NotAbsolute);
    }
    let authority = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    if authority.contains('@') {
        return Err(AddressError::UserInfo);
    }
    let url = Url::parse(text).map_err(|_| AddressError::NotAbsolute)?;
    if url.host().is_none() {
        return Err(AddressError::NotAbsolute);
    }
    if url.fragment().is_some() {
        return Err(AddressError::Fragment);
    }
    Ok(url)
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{AddressError, origin, permitted, return_address};

    #[test]
    fn origins_are_exact() {
        let table = [
            ("https://App.Example.org", Ok("https://app.example.org")),
            (
                "https://app.example.org:443/",
                Ok("https://app.example.org"),
            ),
            ("http://localhost:3000", Ok("http://localhost:3000")),
            (
                "https://[2001:DB8::1]:8443",
                Ok("https://[2001:db8::1]:8443"),
            ),
            ("*", Err(AddressError::Pattern)),
            ("https://*.example.org", Err(AddressError::Pattern)),
            ("null", Err(AddressError::NotAbsolute)),
            ("app.example.org", Err(AddressError::NotAbsolute)),
            ("//app.example.org", Err(AddressError::NotAbsolute)),
            ("https:app.example.org", Err(AddressError::NotAbsolute)),
            ("https:///app.example.org", Err(AddressError::NotAbsolute)),
            ("file:///etc", Err(AddressError::NotAbsolute)),
            ("javascript:alert(1)", Err(AddressError::NotAbsolute)),
            ("https://", Err(AddressError::NotAbsolute)),
            ("https://a b", Err(AddressError::Characters)),
            ("https://app.example.org\\", Err(AddressError::Characters)),
            ("https://app.example.org\n", Err(AddressError::Characters)),
            ("https://app.example.org\0", Err(AddressError::Characters)),
            ("", Err(AddressError::Characters)),
            ("https://a@app.example.org", Err(AddressError::UserInfo)),
            ("https://@app.example.org", Err(AddressError::UserInfo)),
            ("https://app.example.org/a", Err(AddressError::Path)),
            ("https://app.example.org?a", Err(AddressError::Path)),
            ("https://app.example.org#a", Err(AddressError::Fragment)),
        ];
        for (text, expected) in table {
            assert_eq!(
                origin(text).as_deref(),
                expected.as_ref().map(|text| *text),
                "{text}"
            );
        }
    }

    #[test]
    fn attack_10_a_return_address_is_absolute_and_encrypted() {
        let table = [
            ("https://app.example.org/back?a=1", None),
            ("https://app.example.org", None),
            ("http://127.0.0.1:3000/back", None),
            ("http://[::1]/back", None),
            ("http://app.localhost/back", None),
            (
                "http://app.example.org/back",
                Some(AddressError::NotEncrypted),
            ),
            (
                "http://localhost.evil.example/",
                Some(AddressError::NotEncrypted),
            ),
            ("//evil.example", Some(AddressError::NotAbsolute)),
            ("/back", Some(AddressError::NotAbsolute)),
            ("https:evil.example", Some(AddressError::NotAbsolute)),
            ("https:/evil.example", Some(AddressError::NotAbsolute)),
            ("data:text/html,x", Some(AddressError::NotAbsolute)),
            ("\\\\evil.example", Some(AddressError::Characters)),
            (
                "https://app.example.org\\@evil.example",
                Some(AddressError::Characters),
            ),
            (
                "https://app.example.org/\r\nSet-Cookie: a=b",
                Some(AddressError::Characters),
            ),
            (" https://app.example.org/", Some(AddressError::Characters)),
            (
                "https://app.example.org@evil.example/",
                Some(AddressError::UserInfo),
            ),
            (
                "https://app.example.org/back#token",
                Some(AddressError::Fragment),
            ),
        ];
        for (text, expected) in table {
            assert_eq!(return_address(text).err(), expected, "{text}");
        }
    }

    #[test]
    fn attack_10_nothing_but_a_listed_address_is_permitted() {
        let list = [
            "https://app.example.org/back".to_owned(),
            "//evil.example".to_owned(),
        ];
        assert_eq!(
            permitted(&list, "https://app.example.org/back"),
            Some("https://app.example.org/back")
        );
        let table = [
            "//evil.example",
            "https://app.example.org/back/",
            "https://app.example.org/back?a",
            "https://app.example.org/back#a",
            "https://app.example.org/back/../evil",
            "https://app.example.org/bac%6b",
            "https://APP.example.org/back",
            "https://app.example.org:443/back",
            "https://app.example.org.evil.example/back",
            "https://app.example.org@evil.example/back",
            "https://app.example.org/back\r\n",
            "https://app.example.org/back\0",
            "http://app.example.org/back",
            "",
        ];
        for wanted in table {
            assert_eq!(permitted(&list, wanted), None, "{wanted}");
        }
    }
}
