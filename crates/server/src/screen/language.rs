//! The language a page is in: the one that was switched to, else the best of those the browser asks for.

use crate::screen::texts::{ENGLISH, GERMAN, Texts};
use axum::extract::FromRequestParts;
use http::header::{ACCEPT_LANGUAGE, COOKIE};
use http::request::Parts;
use http::{HeaderMap, HeaderValue};
use std::convert::Infallible;

/// Where a browser keeps what was switched to. Not `__Host-`: nobody gains anything by planting it.
const COOKIE_NAME: &str = "stepgate-language";
const YEAR: u32 = 31_536_000;

/// A language that the pages are in.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) enum Language {
    #[default]
    English,
    German,
}

impl Language {
    /// All of them, in the order in which they are offered.
    pub(crate) const ALL: [Self; 2] = [Self::English, Self::German];

    /// As BCP 47 names it.
    pub(crate) fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
        }
    }

    /// All that the pages say in it.
    pub(crate) fn texts(self) -> &'static Texts {
        match self {
            Self::English => &ENGLISH,
            Self::German => &GERMAN,
        }
    }

    /// Has the browser keep that this was switched to.
    pub(crate) fn kept(self) -> Option<HeaderValue> {
        let tag = self.tag();
        HeaderValue::try_from(format!(
            "{COOKIE_NAME}={tag}; Path=/; Max-Age={YEAR}; Secure; HttpOnly; SameSite=Lax"
        ))
        .ok()
    }

    /// The language that a request is answered in.
    pub(crate) fn of(parts: &Parts) -> Self {
        Self::switched(parts)
            .or_else(|| Self::remembered(&parts.headers))
            .or_else(|| Self::preferred(&parts.headers))
            .unwrap_or_default()
    }

    /// What the address switches to.
    pub(crate) fn switched(parts: &Parts) -> Option<Self> {
        let query = parts.uri.query().unwrap_or_default();
        let mut pairs = form_urlencoded::parse(query.as_bytes());
        let (_, tag) = pairs.find(|(name, _)| name == "language")?;
        Self::named(&tag)
    }

    fn remembered(headers: &HeaderMap) -> Option<Self> {
        let all = headers.get_all(COOKIE).iter();
        let mut pairs = all
            .filter_map(|value| value.to_str().ok())
            .flat_map(|text| text.split(';'));
        pairs.find_map(|pair| match pair.trim().split_once('=') {
            Some((COOKIE_NAME, tag)) => Self::named(tag),
            _ => None,
        })
    }

    fn preferred(headers: &HeaderMap) -> Option<Self> {
        let asked = headers.get(ACCEPT_LANGUAGE)?.to_str().ok()?;
        // Who asks for a region's way of a language has the language as we have it (RFC 4647 3.4).
        let tags = accept_language::parse(asked);
        let mut languages = tags.iter().filter_map(|tag| tag.split('-').next());
        languages.find_map(Self::named)
    }

    fn named(tag: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.tag() == tag)
    }
}

impl<S: Sync> FromRequestParts<S> for Language {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of(parts))
    }
}

#[cfg(test)]
mod tests {
    use super::Language;
    use http::Request;

    #[test]
    fn what_was_switched_to_goes_before_what_the_browser_prefers() {
        let table = [
            ("/auth/shop", "", "", Language::English),
            ("/auth/shop", "", "de", Language::German),
            ("/auth/shop", "", "de-AT", Language::German),
            (
                "/auth/shop",
                "",
                "de-AT,de;q=0.9,en;q=0.8",
                Language::German,
            ),
            ("/auth/shop", "", "fr,en;q=0.2,de;q=0.5", Language::German),
            ("/auth/shop", "", "fr", Language::English),
            (
                "/auth/shop",
                "a=b; stepgate-language=en",
                "de",
                Language::English,
            ),
            ("/auth/shop", "stepgate-language=xx", "de", Language::German),
            (
                "/auth/shop?language=de",
                "stepgate-language=en",
                "en",
                Language::German,
            ),
            ("/auth/shop?language=%22", "", "", Language::English),
        ];
        for (uri, cookie, accepts, expected) in table {
            let request = Request::builder()
                .uri(uri)
                .header("cookie", cookie)
                .header("accept-language", accepts);
            let (parts, ()) = request.body(()).unwrap().into_parts();
            assert_eq!(Language::of(&parts), expected, "{uri} {cookie} {accepts}");
        }
    }

    #[test]
    fn every_language_says_everything() {
        for language in Language::ALL {
            let texts = language.texts();
            assert!(!texts.name.is_empty() && ["ltr", "rtl"].contains(&texts.direction));
            assert!((texts.ready_of)(2, 4).contains('2') && (texts.ready_of)(2, 4).contains('4'));
            assert_ne!((texts.tries_left)(1), (texts.tries_left)(2));
        }
    }
}
