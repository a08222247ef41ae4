//! The cookies of pages that people sign in on: `__Host-`, so that no other host and no path can plant or read one.

use http::header::COOKIE;
use http::{HeaderMap, HeaderValue};

/// Which cookie.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Cookie {
    /// The session of an app's user at the managed auth screen.
    User,
    /// What tells this browser from another one in which a sign-in is not to go on.
    Browser,
    /// What the screen was opened with: where to return to, and what is asked for.
    Visit,
}

impl Cookie {
    /// Its name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::User => "__Host-stepgate-user",
            Self::Browser => "__Host-stepgate-run",
            Self::Visit => "__Host-stepgate-visit",
        }
    }

    /// The value that a browser shows, where it shows exactly one.
    pub(crate) fn shown(self, headers: &HeaderMap) -> Option<&str> {
        let mut found = None;
        for value in headers.get_all(COOKIE) {
            for pair in value.to_str().ok()?.split(';') {
                if let Some((name, value)) = pair.trim().split_once('=')
                    && name == self.name()
                {
                    if found.is_some() {
                        return None;
                    }
                    found = Some(value);
                }
            }
        }
        found.filter(|value| !value.is_empty())
    }

    /// Sets it for so many seconds; 0 takes it back.
    pub(crate) fn set(self, value: &str, seconds: i64, place: Place) -> Option<HeaderValue> {
        let site = match place {
            Place::Page => "SameSite=Lax",
            Place::Frame => "SameSite=None; Partitioned",
        };
        let name = self.name();
        let text = format!("{name}={value}; Path=/; Max-Age={seconds}; Secure; HttpOnly; {site}");
        let mut header = HeaderValue::try_from(text).ok()?;
        header.set_sensitive(true);
        Some(header)
    }
}

/// Where the page stands that a cookie is for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Place {
    /// In a window.
    Page,
    /// In a frame of another site, which is one of the app's origins. There a browser has cookies only as one jar for each
    /// site around it, so that they can be read in that frame and nowhere else.
    Frame,
}

#[cfg(test)]
mod tests {
    use super::{COOKIE, Cookie, HeaderMap, HeaderValue, Place};

    #[test]
    fn a_cookie_has_all_its_flags_and_is_known_only_alone() {
        let set = Cookie::Browser.set("abc", 60, Place::Page).unwrap();
        assert_eq!(
            set,
            "__Host-stepgate-run=abc; Path=/; Max-Age=60; Secure; HttpOnly; SameSite=Lax"
        );
        assert!(set.is_sensitive());
        let framed = Cookie::User.set("abc", 60, Place::Frame).unwrap();
        assert_eq!(
            framed,
            "__Host-stepgate-user=abc; Path=/; Max-Age=60; Secure; HttpOnly; SameSite=None; Partitioned"
        );
        assert!(Cookie::Visit.set("a\nb", 60, Place::Page).is_none());
        let table: [(&[&str], Option<&str>); 5] = [
            (&["x=1; __Host-stepgate-run=a"], Some("a")),
            (
                &["__Host-stepgate-user=b", "__Host-stepgate-run=a"],
                Some("a"),
            ),
            (&["__Host-stepgate-run=a; __Host-stepgate-run=b"], None),
            (&["__Host-stepgate-run="], None),
            (&["stepgate-run=a"], None),
        ];
        for (values, expected) in table {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(COOKIE, HeaderValue::from_static(value));
            }
            assert_eq!(Cookie::Browser.shown(&headers), expected, "{values:?}");
        }
    }
}
