//! The frame of every page: one column, and headers under which nothing else than the page can act.

use crate::page;
use crate::registry::App;
use crate::screen::language::Language;
use crate::screen::window::dialog;
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use http::header::{
    CACHE_CONTROL, CONTENT_LANGUAGE, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY,
    REFRESH, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use http::{HeaderName, HeaderValue, StatusCode};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};
use std::sync::LazyLock;
use url::Url;

const STYLE: &str = include_str!("style.css");

/// The style is allowed by its hash, so that no other gets in.
static STYLE_HASH: LazyLock<String> =
    LazyLock::new(|| BASE64.encode(Sha256::digest(STYLE.as_bytes())));

/// A page to be sent.
pub(crate) struct Page<'a> {
    /// The status.
    pub(crate) status: StatusCode,
    /// The heading, and the window's title.
    pub(crate) title: String,
    /// The app in whose frames it may stand; none: in nobody's.
    pub(crate) app: Option<&'a App>,
    /// What stands below the heading.
    pub(crate) body: Markup,
    /// Whether images stand in it, which then are in the page itself.
    pub(crate) images: bool,
    language: Language,
    next: Option<(u32, Url)>,
    again: Option<u32>,
    here: Option<String>,
    host: Option<String>,
}

impl<'a> Page<'a> {
    pub(crate) fn new(
        language: Language,
        title: impl Into<String>,
        app: Option<&'a App>,
        body: Markup,
    ) -> Self {
        Self {
            status: StatusCode::OK,
            title: title.into(),
            app,
            body,
            images: false,
            language,
            next: None,
            again: None,
            here: None,
            host: None,
        }
    }

    pub(crate) fn with_status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    pub(crate) fn with_images(mut self, images: bool) -> Self {
        self.images = images;
        self
    }

    /// Goes on to this address after so many seconds. Not by answering a form with a redirect: under `form-action`
    /// browsers would not follow that to another origin.
    pub(crate) fn then(mut self, seconds: u32, url: Url) -> Self {
        self.next = Some((seconds, url));
        self
    }

    /// Where there is no script: is loaded again after so many seconds.
    pub(crate) fn again(mut self, seconds: u32) -> Self {
        self.again = Some(seconds);
        self
    }

    /// The page's own address, by which it is shown in another language.
    pub(crate) fn at(mut self, address: impl Into<String>) -> Self {
        self.here = Some(address.into());
        self
    }

    /// The origin of the app's page that opened this one, which is told what comes of it.
    pub(crate) fn told_to(mut self, host: Option<&str>) -> Self {
        self.host = host.map(str::to_owned);
        self
    }

    fn markup(&self) -> Markup {
        let texts = self.language.texts();
        html! {
            (DOCTYPE)
            html lang=(self.language.tag()) dir=(texts.direction) {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="robots" content="noindex";
                    @if let Some(seconds) = self.again { noscript { meta http-equiv="refresh" content=(seconds); } }
                    title { (self.title) }
                    style { (PreEscaped(STYLE)) }
                    script type="module" src=(page::SCREEN) {}
                }
                body data-host=[&self.host] {
                    main {
                        @if let Some(app) = self.app { p.app dir="auto" { (app_title(app)) } }
                        h1 tabindex="-1" dir="auto" { (self.title) }
                        (self.body)
                    }
                    @if let Some(here) = &self.here {
                        (languages(self.language, here))
                        (dialog(texts))
                    }
                }
            }
        }
    }
}

/// The other languages, each by its own name.
fn languages(current: Language, here: &str) -> Markup {
    let mark = if here.contains('?') { '&' } else { '?' };
    html! {
        nav.foot aria-label=(current.texts().language) {
            @for language in Language::ALL {
                @if language == current {
                    span aria-current="true" { (language.texts().name) }
                } @else {
                    a href={ (here) (mark) "language=" (language.tag()) } lang=(language.tag()) hreflang=(language.tag()) {
                        (language.texts().name)
                    }
                }
            }
        }
    }
}

impl IntoResponse for Page<'_> {
    fn into_response(self) -> Response {
        let mut response = (self.status, self.markup().into_string()).into_response();
        let headers = response.headers_mut();
        let mut set = |name: HeaderName, value: &str| {
            if let Ok(value) = HeaderValue::from_str(value) {
                headers.insert(name, value);
            }
        };
        set(CONTENT_TYPE, "text/html; charset=utf-8");
        set(CONTENT_LANGUAGE, self.language.tag());
        set(CACHE_CONTROL, "no-store");
        set(REFERRER_POLICY, "no-referrer");
        set(X_CONTENT_TYPE_OPTIONS, "nosniff");
        set(CONTENT_SECURITY_POLICY, &policy(self.app, self.images));
        if self.app.is_none_or(|app| app.origins.is_empty()) {
            set(X_FRAME_OPTIONS, "DENY");
        }
        if let Some((seconds, url)) = &self.next {
            set(REFRESH, &format!("{seconds}; url={url}"));
        }
        response
    }
}

/// What people call an app.
pub(crate) fn app_title(app: &App) -> &str {
    match app.title.trim() {
        "" => &app.name,
        title => title,
    }
}

fn policy(app: Option<&App>, images: bool) -> String {
    let origins: Vec<&str> = app
        .iter()
        .flat_map(|app| &app.origins)
        .map(String::as_str)
        // What would begin another directive is no origin.
        .filter(|origin| !origin.contains([';', ',', ' ', '\'', '*']))
        .collect();
    let ancestors = match origins.is_empty() {
        true => "'none'".to_owned(),
        false => origins.join(" "),
    };
    let images = if images { "img-src data:; " } else { "" };
    format!(
        "default-src 'none'; {images}style-src 'sha256-{}'; script-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors {ancestors}",
        *STYLE_HASH
    )
}

#[cfg(test)]
mod tests {
    use super::policy;
    use crate::registry::App;

    fn app(origins: &[&str]) -> App {
        App {
            name: "shop".to_owned(),
            title: String::new(),
            origins: origins.iter().map(|&origin| origin.to_owned()).collect(),
            return_addresses: Vec::new(),
            connectors: Vec::new(),
            screen_at_start: false,
            created_at: 0,
        }
    }

    #[test]
    fn images_come_with_a_page_that_shows_one_and_from_nowhere_else() {
        assert!(!policy(None, false).contains("img-src"));
        assert!(policy(None, true).starts_with("default-src 'none'; img-src data:; style-src"));
    }

    #[test]
    fn attack_16_only_the_apps_own_pages_frame_a_page() {
        let ancestors = |app: Option<&App>| {
            let policy = policy(app, false);
            policy.split_once("frame-ancestors ").unwrap().1.to_owned()
        };
        assert_eq!(ancestors(None), "'none'");
        assert_eq!(ancestors(Some(&app(&[]))), "'none'");
        let two = app(&["https://shop.example.org", "https://www.example.org:8443"]);
        assert_eq!(
            ancestors(Some(&two)),
            "https://shop.example.org https://www.example.org:8443"
        );
        let hostile = app(&[
            "*",
            "https://a.example; script-src *",
            "https://shop.example.org",
        ]);
        assert_eq!(ancestors(Some(&hostile)), "https://shop.example.org");
    }
}
