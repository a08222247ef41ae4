//! Tables of headers, and properties that hold for any text.

use proptest::prelude::{any, prop_assert, prop_assert_eq, proptest};
use url::Url;

use super::{accept, default_path, domain_matches, path_matches};

const NOW: i64 = 1_800_000_000;

fn url(text: &str) -> Url {
    Url::parse(text).expect("a URL")
}

#[test]
fn reads_name_and_value_as_they_stand() {
    let at = url("https://a.example.org/");
    for (header, name, value) in [
        ("a=b", "a", "b"),
        (" a = b ; Path=/", "a", "b"),
        ("a=b=c==", "a", "b=c=="),
        ("a=\"quoted; no", "a", "\"quoted"),
        ("a=", "a", ""),
        ("lonely", "", "lonely"),
        ("=lonely", "", "lonely"),
        ("a=b,c=d", "a", "b,c=d"),
        ("a=b\tc", "a", "b\tc"),
        ("ключ=значение", "ключ", "значение"),
    ] {
        let cookie = accept(header, &at, NOW).expect(header);
        assert_eq!(
            (cookie.name.as_str(), cookie.value.as_str()),
            (name, value),
            "{header}"
        );
    }
}

#[test]
fn attack_53_cookies_that_may_not_be_set_are_refused() {
    let https = "https://www.example.co.uk/dir/page";
    for (at, header) in [
        // Public suffixes, of both parts of the list, and names nobody registered.
        (https, "a=b; Domain=co.uk"),
        (https, "a=b; Domain=.uk"),
        ("https://me.github.io/", "a=b; Domain=github.io"),
        ("https://api.internal/", "a=b; Domain=internal"),
        // Siblings, children, neighbours in spelling.
        (https, "a=b; Domain=api.example.co.uk"),
        (https, "a=b; Domain=deep.www.example.co.uk"),
        (https, "a=b; Domain=ample.co.uk"),
        (https, "a=b; Domain=example.co.uk."),
        (https, "a=b; Domain=other.org"),
        ("https://192.0.2.7/", "a=b; Domain=2.7"),
        ("https://192.0.2.7/", "a=b; Domain=0.2.7"),
        // Guarded names.
        (https, "__Host-a=b; Path=/"),
        (https, "__Host-a=b; Secure"),
        (https, "__Host-a=b; Secure; Path=/dir"),
        (
            https,
            "__Host-a=b; Secure; Path=/; Domain=www.example.co.uk",
        ),
        (https, "__host-a=b; Path=/"),
        (https, "__Secure-a=b"),
        (https, "__SECURE-a=b"),
        (https, "=__Host-a=b; Secure; Path=/"),
        (https, "__Secure-; Secure"),
        // Secure over plain http.
        ("http://www.example.co.uk/", "a=b; Secure"),
        ("http://www.example.co.uk/", "__Secure-a=b; Secure"),
        // Control characters, nothing at all.
        (https, "a=b\u{0}c"),
        (https, "a=b\r\nX: y"),
        (https, "a=b; Path=/\u{7f}"),
        (https, ""),
        (https, "="),
        (https, "; Secure"),
    ] {
        let verdict = accept(header, &url(at), NOW);
        assert!(verdict.is_err(), "{at} {header}: {verdict:?}");
    }
}

#[test]
fn attack_53_path_tricks_reach_nothing_else() {
    let at = url("https://www.example.org/dir/page");
    for (header, path) in [
        ("a=b; Path=", "/dir"),
        ("a=b; Path=elsewhere", "/dir"),
        ("a=b; Path=/x; Path=/y", "/y"),
        ("a=b; Path=/other", "/other"),
    ] {
        assert_eq!(
            accept(header, &at, NOW).expect(header).path,
            path,
            "{header}"
        );
    }
    for (request, cookie, expected) in [
        ("/", "/", true),
        ("/a", "/a", true),
        ("/a/b", "/a", true),
        ("/a/b", "/a/", true),
        ("/ab", "/a", false),
        ("/a", "/a/", false),
        ("/", "/a", false),
    ] {
        assert_eq!(
            path_matches(request, cookie),
            expected,
            "{request} {cookie}"
        );
    }
    for (path, expected) in [
        ("/", "/"),
        ("/a", "/"),
        ("/a/", "/a"),
        ("/a/b", "/a"),
        ("", "/"),
    ] {
        assert_eq!(default_path(path), expected, "{path}");
    }
}

#[test]
fn takes_domains_that_the_host_may_speak_for() {
    for (at, header, domain, host_only) in [
        ("https://www.example.org/", "a=b", "www.example.org", true),
        (
            "https://www.example.org/",
            "a=b; Domain=",
            "www.example.org",
            true,
        ),
        (
            "https://www.example.org/",
            "a=b; Domain=example.org",
            "example.org",
            false,
        ),
        (
            "https://www.example.org/",
            "a=b; Domain=.Example.ORG",
            "example.org",
            false,
        ),
        (
            "https://example.org/",
            "a=b; Domain=example.org",
            "example.org",
            false,
        ),
        (
            "https://github.io/",
            "a=b; Domain=github.io",
            "github.io",
            true,
        ),
        (
            "http://localhost/",
            "a=b; Domain=localhost",
            "localhost",
            true,
        ),
        (
            "http://192.0.2.7/",
            "a=b; Domain=192.0.2.7",
            "192.0.2.7",
            true,
        ),
        (
            "https://b\u{fc}cher.example.de/",
            "a=b; Domain=b\u{fc}cher.example.de",
            "xn--bcher-kva.example.de",
            false,
        ),
    ] {
        let cookie = accept(header, &url(at), NOW).expect(header);
        assert_eq!(
            (cookie.domain.as_str(), cookie.host_only),
            (domain, host_only),
            "{at} {header}"
        );
    }
    assert!(domain_matches("a.example.org", "example.org"));
    assert!(!domain_matches("anexample.org", "example.org"));
}

#[test]
fn takes_guarded_names_that_keep_their_promise() {
    for (at, header) in [
        (
            "https://a.example.org/deep/page",
            "__Host-a=b; Secure; Path=/",
        ),
        (
            "https://a.example.org/",
            "__Secure-a=b; Secure; Domain=example.org",
        ),
        ("http://127.0.0.1:8080/", "__Host-a=b; Secure; Path=/"),
        ("http://localhost/", "a=b; Secure"),
        ("http://[::1]/", "a=b; Secure"),
    ] {
        assert!(accept(header, &url(at), NOW).is_ok(), "{at} {header}");
    }
}

#[test]
fn counts_life_from_max_age_before_expires_and_bounds_it() {
    let at = url("https://a.example.org/");
    let longest = NOW + 400 * 86_400;
    for (attributes, expires) in [
        ("", None),
        ("Max-Age=60", Some(NOW + 60)),
        (
            "Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
            Some(NOW + 60),
        ),
        ("Max-Age=0", Some(i64::MIN)),
        ("Max-Age=-5", Some(i64::MIN)),
        ("Max-Age=soon", None),
        ("Max-Age=+60", None),
        ("Max-Age=60; Max-Age=90", Some(NOW + 90)),
        ("Max-Age=99999999999999999999", Some(longest)),
        ("Expires=Thu, 01 Jan 1970 00:00:00 GMT", Some(0)),
        ("Expires=Fri, 31 Dec 9999 23:59:59 GMT", Some(longest)),
        ("Expires=whenever", None),
    ] {
        let cookie = accept(&format!("a=b; {attributes}"), &at, NOW).expect(attributes);
        assert_eq!(cookie.expires, expires, "{attributes}");
    }
}

#[test]
fn bounds_sizes() {
    let at = url("https://a.example.org/");
    let fits = format!("a={}", "x".repeat(4095));
    assert!(accept(&fits, &at, NOW).is_ok());
    assert!(accept(&format!("{fits}x"), &at, NOW).is_err());
    let long_path = format!("a=b; Path=/{}", "p".repeat(1024));
    assert_eq!(accept(&long_path, &at, NOW).expect("kept").path, "/");
}

proptest! {
    #[test]
    fn no_text_breaks_the_reading(header in any::<String>()) {
        let at = url("https://a.example.org/x/y");
        if let Ok(cookie) = accept(&header, &at, NOW) {
            let control = |text: &str| text.bytes().any(|byte| byte.is_ascii_control() && byte != b'\t');
            prop_assert!(!control(&cookie.name) && !control(&cookie.value));
            prop_assert!(!cookie.name.contains(['=', ';']) && !cookie.value.contains(';'));
            prop_assert!(domain_matches("a.example.org", &cookie.domain));
            prop_assert!(cookie.path.starts_with('/'));
        }
    }

    #[test]
    fn plain_pairs_come_back_as_they_went(
        name in "[A-Za-z0-9!#$%&'*+.^`|~-]{1,40}",
        value in "[!#-+\\--:<-\\[\\]-~]{0,200}",
        spaces in " {0,3}",
    ) {
        let at = url("https://a.example.org/");
        let cookie = accept(&format!("{spaces}{name}{spaces}={spaces}{value}{spaces}; HttpOnly"), &at, NOW)
            .expect("a plain cookie");
        prop_assert_eq!(cookie.name, name);
        prop_assert_eq!(cookie.value, value);
        prop_assert!(cookie.http_only);
    }

    #[test]
    fn no_date_breaks_the_reading(text in any::<String>()) {
        crate::cookie_date::parse(&text);
    }
}
