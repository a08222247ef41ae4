//! Where a reply points to, as seen by a caller: below the connector's prefix rather than at the API.

use crate::origin_form::is_pair_of;
use crate::route::Route;
use http::header::{HeaderMap, HeaderValue, LOCATION};
use url::{Position, Url};

impl Route {
    /// Rewrites `Location` for a caller who reaches the API by `/proxy/CONNECTOR`. `at` is the URL that answered.
    pub(crate) fn rewrite_location(&self, headers: &mut HeaderMap, at: &Url) {
        let Some(location) = headers.get(LOCATION).and_then(|value| value.to_str().ok()) else {
            return;
        };
        if let Some(rewritten) = self.location(location, at)
            && let Ok(value) = HeaderValue::from_str(&rewritten)
        {
            headers.insert(LOCATION, value);
        }
    }

    /// None where it may stay as it is: relative to the caller's own path it leads to the same place.
    fn location(&self, location: &str, at: &Url) -> Option<String> {
        let is_relative = !location.starts_with(['/', '\\'])
            && !location.contains("..")
            && Url::parse(location).is_err();
        let names_ours = !self.query_names.is_empty() && location.contains('?');
        if is_relative && !names_ours {
            return None;
        }
        let mut target = at.join(location).ok()?;
        let base = self.base.url();
        if target.origin() != base.origin() || !target.origin().is_tuple() {
            return Some(target.into());
        }
        // An API that redirects to the same query with a slash more would give away what was attached to it.
        let kept: Vec<&str> = target
            .query()
            .unwrap_or_default()
            .split('&')
            .filter(|pair| !pair.is_empty() && !is_pair_of(pair, &self.query_names))
            .collect();
        let kept = kept.join("&");
        target.set_query((!kept.is_empty()).then_some(&kept));
        let rest = target.path().strip_prefix(self.base.stem());
        let Some(path) = rest.filter(|rest| rest.is_empty() || rest.starts_with('/')) else {
            // Nothing of ours lies there: it is named in full, as `/login` would be a path of this server's.
            return Some(target.into());
        };
        let tail = &target[Position::AfterPath..];
        Some(format!("/proxy/{}{path}{tail}", self.connector().name))
    }
}

#[cfg(test)]
mod tests {
    use crate::route::Route;
    use connection::Equipped;
    use flow::Secrets;
    use url::Url;

    #[test]
    fn a_location_leads_a_caller_where_it_leads_the_gateway() {
        let definition = "stepgate: 1\nconnector: wiki\nbase_url: https://api.example.org/v1\nauth_flow: { steps: [] }\nrequest_parameters: [ { in: query, name: key, value: secret } ]\n";
        let reading = model::read(&model::Source::new("wiki.yaml", definition.to_owned()));
        let Some(connector) = reading.connector else {
            panic!("{:?}", reading.problems)
        };
        let route = Route::new(Equipped::new(connector, Secrets::new(), ""));
        let at = Url::parse("https://api.example.org/v1/a/b").unwrap();
        for (location, expected) in [
            (
                "https://api.example.org/v1/c?x=1#f",
                Some("/proxy/wiki/c?x=1#f"),
            ),
            ("https://api.example.org:443/v1", Some("/proxy/wiki")),
            ("//api.example.org/v1/c", Some("/proxy/wiki/c")),
            ("/v1/c", Some("/proxy/wiki/c")),
            ("/v1/c?key=secret&x=1", Some("/proxy/wiki/c?x=1")),
            (
                "/login?key=secret&x=1",
                Some("https://api.example.org/login?x=1"),
            ),
            ("/v10/c", Some("https://api.example.org/v10/c")),
            (
                "http://api.example.org/v1/c",
                Some("http://api.example.org/v1/c"),
            ),
            (
                "https://other.example.org/v1/c?key=theirs",
                Some("https://other.example.org/v1/c?key=theirs"),
            ),
            ("../c", Some("/proxy/wiki/c")),
            ("../../c", Some("https://api.example.org/c")),
            ("c?x=1", Some("/proxy/wiki/a/c?x=1")),
            ("c", None),
        ] {
            assert_eq!(
                route.location(location, &at).as_deref(),
                expected,
                "{location}"
            );
        }
    }
}
