//! How an API wants to be signed in to, told to a browser: it would ask the person for a password to our own origin, and
//! send us what they type. So the challenge stands under a name that no browser acts on. Others get it as it is.

use http::HeaderMap;
use http::header::{Entry, HeaderName, WWW_AUTHENTICATE};

/// Where a browser's page finds the challenge.
const MOVED: HeaderName = HeaderName::from_static("stepgate-www-authenticate");

/// Moves the challenges of a reply.
pub(crate) fn withhold(headers: &mut HeaderMap) {
    let Entry::Occupied(challenges) = headers.entry(WWW_AUTHENTICATE) else {
        return;
    };
    let challenges: Vec<_> = challenges.remove_entry_mult().1.collect();
    for challenge in challenges {
        headers.append(MOVED, challenge);
    }
}

#[cfg(test)]
mod tests {
    use super::{HeaderMap, withhold};
    use http::HeaderValue;

    #[test]
    fn a_browser_has_nothing_to_ask_for() {
        let mut headers = HeaderMap::new();
        withhold(&mut headers);
        assert!(headers.is_empty());
        for challenge in ["Basic realm=\"api\"", "Negotiate"] {
            headers.append("www-authenticate", HeaderValue::from_static(challenge));
        }
        withhold(&mut headers);
        assert_eq!(headers.get("www-authenticate"), None);
        let moved = headers.get_all("stepgate-www-authenticate");
        assert_eq!(moved.iter().count(), 2);
    }
}
