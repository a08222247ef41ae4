//! The parts behind `URL` and `URLSearchParams`, by the same library that reads the addresses of
//! requests, so that a script and a request never disagree about a host.

use url::{Url, form_urlencoded, quirks};

/// A URL's parts, in the order that the prelude expects; none when it is not a URL.
pub(super) fn parse(text: String, base: Option<String>) -> Option<Vec<String>> {
    let url = match base {
        Some(base) => Url::parse(&base).ok()?.join(&text).ok()?,
        None => Url::parse(&text).ok()?,
    };
    Some(parts(&url))
}

/// The parts of `href` after one of them was set. What cannot be set leaves it as it was.
pub(super) fn set(href: String, part: String, value: String) -> Option<Vec<String>> {
    let mut url = Url::parse(&href).ok()?;
    let url = &mut url;
    // As in browsers, a part that does not fit changes nothing and is no error.
    let _ = match part.as_str() {
        "protocol" => quirks::set_protocol(url, &value),
        "username" => quirks::set_username(url, &value),
        "password" => quirks::set_password(url, &value),
        "host" => quirks::set_host(url, &value),
        "hostname" => quirks::set_hostname(url, &value),
        "port" => quirks::set_port(url, &value),
        "pathname" => {
            quirks::set_pathname(url, &value);
            Ok(())
        }
        "search" => {
            quirks::set_search(url, &value);
            Ok(())
        }
        "hash" => {
            quirks::set_hash(url, &value);
            Ok(())
        }
        _ => return None,
    };
    Some(parts(url))
}

/// The names and values of a form-encoded text, one after the other.
pub(super) fn parse_form(text: String) -> Vec<String> {
    form_urlencoded::parse(text.as_bytes())
        .flat_map(|(name, value)| [name.into_owned(), value.into_owned()])
        .collect()
}

/// The form-encoded text of names and values, one after the other.
pub(super) fn write_form(flat: Vec<String>) -> String {
    let mut out = form_urlencoded::Serializer::new(String::new());
    for pair in flat.chunks_exact(2) {
        if let [name, value] = pair {
            out.append_pair(name, value);
        }
    }
    out.finish()
}

fn parts(url: &Url) -> Vec<String> {
    vec![
        quirks::href(url).to_owned(),
        quirks::origin(url),
        quirks::protocol(url).to_owned(),
        quirks::username(url).to_owned(),
        quirks::password(url).to_owned(),
        quirks::host(url).to_owned(),
        quirks::hostname(url).to_owned(),
        quirks::port(url).to_owned(),
        quirks::pathname(url).to_owned(),
        quirks::search(url).to_owned(),
        quirks::hash(url).to_owned(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_read_set_and_refused() {
        let parts = parse(
            "../x?a=1#f".into(),
            Some("https://u:p@api.example:8443/a/b/".into()),
        );
        assert_eq!(
            parts.unwrap(),
            [
                "https://u:p@api.example:8443/a/x?a=1#f",
                "https://api.example:8443",
                "https:",
                "u",
                "p",
                "api.example:8443",
                "api.example",
                "8443",
                "/a/x",
                "?a=1",
                "#f"
            ]
        );
        assert_eq!(parse("no url".into(), None), None);
        let set_port = set("https://a.example/".into(), "port".into(), "99999".into());
        assert_eq!(set_port.unwrap()[0], "https://a.example/");
        let set_search = set("https://a.example/".into(), "search".into(), "q=é".into());
        assert_eq!(set_search.unwrap()[0], "https://a.example/?q=%C3%A9");
    }

    #[test]
    fn a_form_comes_back_as_it_was_written() {
        let flat = vec![
            "a b".to_owned(),
            "1&2".to_owned(),
            "é".to_owned(),
            String::new(),
        ];
        let text = write_form(flat.clone());
        assert_eq!(text, "a+b=1%262&%C3%A9=");
        assert_eq!(parse_form(text), flat);
    }
}
