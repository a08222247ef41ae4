//! Where a request may go: the connector's origins, or one that the definition writes out.
//!
//! A host that comes out of a template could come from a form or a reply, and would carry the
//! credential to whoever chose it.

use model::{Connector, Origin};
use template::Template;
use url::Url;

/// What is wrong with a place that a request should go to.
#[derive(Debug, thiserror::Error)]
pub enum DestinationError {
    /// The resolved text is no URL.
    #[error("`{template}` gives no URL that can be called: {why}")]
    NotAUrl {
        /// The template as it is written.
        template: String,
        /// What is wrong.
        why: String,
    },
    /// A template gave an origin that is not the connector's.
    #[error("`{template}` leads to {origin}, which is not one of the connector's origins")]
    OriginNotListed {
        /// The template as it is written.
        template: String,
        /// The origin.
        origin: Origin,
    },
}

/// The URL that a template's text stands for, where a request may go there.
pub(crate) fn destination(
    template: &Template,
    resolved: &str,
    connector: &Connector,
) -> Result<Url, DestinationError> {
    let not_a_url = |why: String| DestinationError::NotAUrl {
        template: template.source().to_owned(),
        why,
    };
    let mut url = Url::parse(resolved).map_err(|error| not_a_url(error.to_string()))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(not_a_url(format!(
            "`{}:` is not spoken here, use `https:`",
            url.scheme()
        )));
    }
    url.set_fragment(None);
    let origin = Origin::of(&url).ok_or_else(|| not_a_url("it has no host".to_owned()))?;
    if connector.origins.contains(&origin) || written_out(template).as_ref() == Some(&origin) {
        Ok(url)
    } else {
        Err(DestinationError::OriginNotListed {
            template: template.source().to_owned(),
            origin,
        })
    }
}

/// The origin that stands in the template itself, up to the `/`, `?` or `#` that ends it. An
/// origin that runs into a `{{` is not written out: the template could still change it.
pub(crate) fn written_out(template: &Template) -> Option<Origin> {
    let literal = template.leading_literal();
    let start = literal.find("://")? + "://".len();
    let end = literal[start..].find(['/', '?', '#', '\\']);
    let end = match end {
        Some(end) => start + end,
        None if template.is_literal() => literal.len(),
        None => return None,
    };
    Origin::of(&Url::parse(literal[..end].trim()).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attack_64_an_origin_counts_as_written_out_only_once_it_has_ended() {
        let table = [
            ("https://a.example/x", Some("https://a.example")),
            ("https://a.example:8443", Some("https://a.example:8443")),
            ("https://a.example?q={{x.y}}", Some("https://a.example")),
            ("https://a.example/{{x.y}}", Some("https://a.example")),
            ("https://a.example{{x.y}}", None),
            ("https://a.example:{{x.y}}/", None),
            ("https://{{x.y}}/", None),
            ("https://user@{{x.y}}/", None),
            ("{{x.y}}://a.example/", None),
            ("{{base_url}}/x", None),
        ];
        for (source, expected) in table {
            let template = Template::parse(source).unwrap();
            let found = written_out(&template).map(|origin| origin.to_string());
            assert_eq!(found.as_deref(), expected, "{source}");
        }
    }
}
