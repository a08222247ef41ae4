//! Which paths are calls, and of what.

use http::uri::PathAndQuery;

/// A path that a thread serves by itself.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Place<'a> {
    /// `/proxy/CONNECTOR/…`.
    Proxy {
        /// The connector.
        connector: &'a str,
        /// What follows, with the query, as it was sent.
        below: &'a str,
    },
    /// `/call/CONNECTOR/ENDPOINT`.
    Call {
        /// The connector.
        connector: &'a str,
        /// The endpoint.
        endpoint: &'a str,
    },
}

impl<'a> Place<'a> {
    /// The place of a target; none where it is for the router.
    pub(crate) fn of(target: &'a PathAndQuery) -> Option<Self> {
        let whole = target.as_str();
        if let Some(rest) = whole.strip_prefix("/proxy/") {
            let end = rest.find(['/', '?']).unwrap_or(rest.len());
            let (connector, below) = rest.split_at(end);
            return Some(Self::Proxy { connector, below });
        }
        let rest = whole.strip_prefix("/call/")?;
        // Parameters of a call stand in its body.
        let path = rest.split('?').next().unwrap_or_default();
        let (connector, endpoint) = path.split_once('/')?;
        Some(Self::Call {
            connector,
            endpoint,
        })
    }

    /// The connector.
    pub(crate) fn connector(&self) -> &'a str {
        match self {
            Self::Proxy { connector, .. } | Self::Call { connector, .. } => connector,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Place;
    use http::Uri;

    #[test]
    fn what_follows_the_connector_stays_as_it_was_sent() {
        let proxy = |connector, below| Some(Place::Proxy { connector, below });
        let call = |connector, endpoint| {
            Some(Place::Call {
                connector,
                endpoint,
            })
        };
        let cases = [
            (
                "/proxy/wiki/a%2fb//c?d=%20",
                proxy("wiki", "/a%2fb//c?d=%20"),
            ),
            ("/proxy/wiki", proxy("wiki", "")),
            ("/proxy/wiki?a=/b", proxy("wiki", "?a=/b")),
            ("/proxy//x", proxy("", "/x")),
            ("http://evil.example/proxy/wiki/a", proxy("wiki", "/a")),
            ("/call/wiki/read", call("wiki", "read")),
            ("/call/wiki/read?x=1", call("wiki", "read")),
            ("/call/wiki", None),
            ("/proxy", None),
            ("//proxy/wiki/a", None),
            ("/api/runs", None),
            ("/", None),
        ];
        for (text, expected) in cases {
            let uri: Uri = text.parse().unwrap();
            let target = uri.path_and_query();
            assert_eq!(target.and_then(Place::of), expected, "{text}");
        }
    }
}
