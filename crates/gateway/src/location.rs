//! Where a reply points to, as seen by a caller: below the connector's prefix rather than at the API.

use crate::origin_form::is_pair_of;
use crate::route::Route;
use http::header::{CONTENT_LOCATION, HeaderMap, HeaderName, HeaderValue, LINK, LOCATION, REFRESH};
use url::{Position, Url};

impl Route {
    /// Rewrites `Location`, `Content-Location`, `Link` and `Refresh` for a caller who reaches the API by
    /// `/proxy/CONNECTOR`. `at` is the URL that answered.
    pub(crate) fn rewrite_pointers(&self, headers: &mut HeaderMap, at: &Url) {
        for name in [LOCATION, CONTENT_LOCATION, LINK, REFRESH] {
            if !headers.contains_key(&name) {
                continue;
            }
            let values = headers.get_all(&name).iter();
            let values: Vec<_> = values.map(|value| self.pointer(&name, value, at)).collect();
            headers.remove(&name);
            for value in values {
                headers.append(&name, value);
            }
        }
    }

    fn pointer(&self, name: &HeaderName, value: &HeaderValue, at: &Url) -> HeaderValue {
        let Ok(text) = std::str::from_utf8(value.as_bytes()) else {
            return value.clone();
        };
        let rewritten = if *name == LINK {
            self.links(text, at)
        } else if *name == REFRESH {
            self.refresh(text, at)
        } else {
            self.location(text, at)
        };
        let rewritten = rewritten.and_then(|text| HeaderValue::from_str(&text).ok());
        rewritten.unwrap_or_else(|| value.clone())
    }

    /// RFC 8288 section 3: what stands between angle brackets, but not within quotes. None where all may stay.
    fn links(&self, text: &str, at: &Url) -> Option<String> {
        let (mut written, mut rest, mut changed) = (String::with_capacity(text.len()), text, false);
        while let Some(start) = rest.find(['<', '"']) {
            let (before, from) = rest.split_at(start);
            written.push_str(before);
            let is_target = from.starts_with('<');
            let end = if is_target {
                from.find('>')
            } else {
                end_of_quoted(from)
            };
            let Some(end) = end else {
                rest = from;
                break;
            };
            let (piece, after) = from.split_at(end + 1);
            let target = is_target
                .then(|| self.location(&piece[1..end], at))
                .flatten();
            match target {
                Some(target) => {
                    written.extend(["<", &target, ">"]);
                    changed = true;
                }
                None => written.push_str(piece),
            }
            rest = after;
        }
        written.push_str(rest);
        changed.then_some(written)
    }

    /// A time, then a target (HTML, "shared declarative refresh steps"). None where it may stay.
    fn refresh(&self, text: &str, at: &Url) -> Option<String> {
        let (time, target) = text.split_once([';', ','])?;
        let target = target.trim();
        let named = match target.split_at_checked(3) {
            Some((url, rest)) if url.eq_ignore_ascii_case("url") => {
                rest.trim_start().strip_prefix('=')
            }
            _ => None,
        };
        let target = named.map_or(target, str::trim_start);
        let quoted = ['"', '\'']
            .into_iter()
            .find_map(|quote| target.strip_prefix(quote)?.split(quote).next());
        let rewritten = self.location(quoted.unwrap_or(target), at)?;
        Some(format!("{}; url={rewritten}", time.trim()))
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

/// Where the closing quote is.
fn end_of_quoted(text: &str) -> Option<usize> {
    let mut is_escaped = false;
    text.bytes().enumerate().skip(1).find_map(|(at, byte)| {
        let was_escaped = std::mem::take(&mut is_escaped);
        match byte {
            _ if was_escaped => None,
            b'\\' => {
                is_escaped = true;
                None
            }
            b'"' => Some(at),
            _ => None,
        }
    })
}

#[cfg(test)]
mod tests {
    use crate::route::Route;
    use connection::Equipped;
    use flow::Secrets;
    use http::{HeaderMap, HeaderValue};
    use url::Url;

    fn route() -> Route {
        let definition = "stepgate: 1\nconnector: wiki\nbase_url: https://api.example.org/v1\nauth_flow: { steps: [] }\nrequest_parameters: [ { in: query, name: key, value: secret } ]\n";
        let reading = model::read(&model::Source::new("wiki.yaml", definition.to_owned()));
        let Some(connector) = reading.connector else {
            panic!("{:?}", reading.problems)
        };
        Route::new(Equipped::new(connector, Secrets::new(), ""))
    }

    #[test]
    fn links_and_refreshes_lead_there_too() {
        let (route, at) = (route(), Url::parse("https://api.example.org/v1/a").unwrap());
        let table = [
            (
                "link",
                "<https://api.example.org/v1/a?key=secret&page=2>; rel=\"next\", </v1/a?page=9>; rel=last; title=\"a<b\\\">c\"",
                "</proxy/wiki/a?page=2>; rel=\"next\", </proxy/wiki/a?page=9>; rel=last; title=\"a<b\\\">c\"",
            ),
            (
                "link",
                "<https://other.example/x>; rel=a",
                "<https://other.example/x>; rel=a",
            ),
            ("link", "<b>; rel=a", "<b>; rel=a"),
            (
                "link",
                "<https://api.example.org/v1/b",
                "<https://api.example.org/v1/b",
            ),
            (
                "refresh",
                "5; url=https://api.example.org/v1/b",
                "5; url=/proxy/wiki/b",
            ),
            (
                "refresh",
                "0;URL = '/v1/b?key=secret'",
                "0; url=/proxy/wiki/b",
            ),
            ("refresh", "5", "5"),
            ("refresh", "5; b", "5; b"),
            ("content-location", "/v1/b", "/proxy/wiki/b"),
            ("location", "/v1/b", "/proxy/wiki/b"),
        ];
        for (name, value, expected) in table {
            let mut headers = HeaderMap::new();
            headers.append(name, HeaderValue::from_static("/v1/first"));
            headers.append(name, HeaderValue::from_str(value).unwrap());
            route.rewrite_pointers(&mut headers, &at);
            let last = headers.get_all(name).iter().next_back().unwrap();
            assert_eq!(last, expected, "{name}: {value}");
            assert_eq!(headers.len(), 2);
        }
    }

    #[test]
    fn a_location_leads_a_caller_where_it_leads_the_gateway() {
        let route = route();
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
