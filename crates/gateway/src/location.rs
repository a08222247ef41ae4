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
        let rest = target.path().strip_prefix(self.base.stem());
        let rest = rest.filter(|rest| rest.is_empty() || rest.starts_with('/'));
        if target.origin() != base.origin() || !target.origin().is_tuple() || rest.is_none() {
            // Nothing of ours lies there: it is named in full, as `/login` would be a path of this server's.
            return Some(target.into());
        }
        let path = rest.unwrap_or_default().to_owned();
        // An API that redirects to the same query with a slash more would give away what was attached to it.
        let kept: Vec<&str> = target
            .query()
            .unwrap_or_default()
            .split('&')
            .filter(|pair| !pair.is_empty() && !is_pair_of(pair, &self.query_names))
            .collect();
        let kept = kept.join("&");
        target.set_query((!kept.is_empty()).then_some(&kept));
        let tail = &target[Position::AfterPath..];
        Some(format!("/proxy/{}{path}{tail}", self.connector().name))
    }
}
