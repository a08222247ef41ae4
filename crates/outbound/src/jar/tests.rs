//! What a jar keeps, sends, forgets and refuses.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::header::SET_COOKIE;
use http::{HeaderMap, HeaderValue};
use url::Url;

use super::{Jar, MOST, MOST_PER_DOMAIN, ReadyCookies};

fn url(text: &str) -> Url {
    Url::parse(text).expect("a URL")
}

fn at(seconds: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(1_800_000_000 + seconds)
}

fn set(jar: &mut Jar, from: &str, cookies: &[&str], seconds: u64) -> usize {
    let mut headers = HeaderMap::new();
    for cookie in cookies {
        headers.append(SET_COOKIE, HeaderValue::from_str(cookie).expect("a header"));
    }
    jar.store(&url(from), &headers, at(seconds)).len()
}

fn sent(jar: &Jar, to: &str, seconds: u64) -> String {
    jar.header(&url(to), at(seconds))
        .map(|value| String::from_utf8(value.as_bytes().to_vec()).expect("text"))
        .unwrap_or_default()
}

#[test]
fn sends_the_longest_path_first_then_the_oldest() {
    let mut jar = Jar::new();
    let from = "https://www.example.org/a/b/page";
    set(
        &mut jar,
        from,
        &[
            "one=1; Path=/",
            "two=2; Path=/a",
            "three=3; Path=/",
            "sid=deep; Path=/a/b",
            "sid=top; Path=/",
        ],
        0,
    );
    assert_eq!(
        sent(&jar, "https://www.example.org/a/b/c", 1),
        "sid=deep; two=2; one=1; three=3; sid=top"
    );
    assert_eq!(
        jar.get(&url("https://www.example.org/a/b/c"), "sid", at(1))
            .as_deref(),
        Some("deep")
    );
    assert_eq!(
        jar.get(&url("https://www.example.org/"), "sid", at(1))
            .as_deref(),
        Some("top")
    );
    // Setting it anew changes the value, not the place.
    set(&mut jar, from, &["one=new; Path=/"], 2);
    assert_eq!(
        sent(&jar, "https://www.example.org/", 3),
        "one=new; three=3; sid=top"
    );
}

#[test]
fn attack_33_and_54_cookies_reach_only_whom_they_are_for() {
    let mut jar = Jar::new();
    set(
        &mut jar,
        "https://www.example.org/",
        &[
            "host=1",
            "wide=2; Domain=example.org",
            "safe=3; Secure",
            "hidden=4; HttpOnly",
        ],
        0,
    );
    for (to, expected) in [
        (
            "https://www.example.org/",
            "host=1; wide=2; safe=3; hidden=4",
        ),
        (
            "https://www.example.org:8443/",
            "host=1; wide=2; safe=3; hidden=4",
        ),
        ("http://www.example.org/", "host=1; wide=2; hidden=4"),
        ("https://api.example.org/", "wide=2"),
        ("https://deep.www.example.org/", "wide=2"),
        ("https://example.org/", "wide=2"),
        ("https://www.example.org.evil.net/", ""),
        ("https://evilexample.org/", ""),
        ("https://127.0.0.1/", ""),
    ] {
        assert_eq!(sent(&jar, to, 1), expected, "{to}");
    }
    assert_eq!(sent(&Jar::new(), "https://www.example.org/", 1), "");
}

#[test]
fn attack_53_plain_http_does_not_overlay_a_secure_cookie() {
    let mut jar = Jar::new();
    set(
        &mut jar,
        "https://www.example.org/",
        &["sid=good; Secure; Path=/"],
        0,
    );
    assert_eq!(
        set(&mut jar, "http://www.example.org/", &["sid=evil"], 1),
        0
    );
    assert_eq!(
        set(
            &mut jar,
            "http://www.example.org/",
            &["sid=evil; Domain=example.org"],
            1
        ),
        0
    );
    assert_eq!(
        set(
            &mut jar,
            "http://www.example.org/",
            &["sid=evil; Path=/login"],
            1
        ),
        0
    );
    assert_eq!(
        set(&mut jar, "http://www.example.org/", &["other=fine"], 1),
        1
    );
    assert_eq!(
        sent(&jar, "https://www.example.org/login", 2),
        "sid=good; other=fine"
    );
    assert_eq!(
        set(&mut jar, "https://www.example.org/", &["sid=next"], 3),
        1
    );
}

#[test]
fn attack_53_a_cookie_of_a_public_suffix_is_not_kept() {
    let mut jar = Jar::new();
    assert_eq!(
        set(
            &mut jar,
            "https://me.github.io/",
            &["a=b; Domain=github.io", "a=b; Domain=io"],
            0
        ),
        0
    );
    assert!(jar.is_empty());
    assert_eq!(jar.generation(), 0);
}

#[test]
fn forgets_what_is_over_or_taken_back() {
    let mut jar = Jar::new();
    let here = "https://www.example.org/";
    set(
        &mut jar,
        here,
        &["short=1; Max-Age=10", "long=2; Max-Age=1000", "session=3"],
        0,
    );
    assert_eq!(sent(&jar, here, 9), "short=1; long=2; session=3");
    assert_eq!(sent(&jar, here, 10), "long=2; session=3");
    let mut headers = HeaderMap::new();
    headers.append(SET_COOKIE, HeaderValue::from_static("long=; Max-Age=0"));
    headers.append(
        SET_COOKIE,
        HeaderValue::from_static("session=gone; Expires=Thu, 01 Jan 1970 00:00:00 GMT"),
    );
    let changes = jar.store(&url(here), &headers, at(11));
    assert!(changes.iter().all(|change| change.value.is_none()) && changes.len() == 2);
    assert_eq!(sent(&jar, here, 12), "");
    assert_eq!(jar.values().collect::<Vec<_>>(), ["1"]);
}

#[test]
fn comes_back_whole_from_sealing_and_never_shows_itself() {
    let mut jar = Jar::new();
    set(
        &mut jar,
        "https://www.example.org/a/",
        &[
            "sid=topsecret; Secure; HttpOnly; SameSite=Lax; Max-Age=60",
            "two=2; Domain=example.org",
        ],
        0,
    );
    let back = Jar::from_sealed(&jar.reveal_for_sealing()).expect("a jar");
    assert_eq!(
        sent(&back, "https://www.example.org/a/", 1),
        "sid=topsecret; two=2"
    );
    assert_eq!(back.generation(), jar.generation());
    assert!(!format!("{jar:?}").contains("topsecret"));
    assert!(Jar::from_sealed(&serde_json::json!({ "cookies": 1 })).is_none());
    let text = jar
        .header(&url("https://www.example.org/a/"), at(1))
        .expect("a header");
    assert!(!format!("{text:?}").contains("topsecret"));
}

#[test]
fn merges_cookie_by_cookie_and_does_not_bring_back_what_is_gone() {
    let here = "https://www.example.org/";
    let mut ours = Jar::new();
    set(&mut ours, here, &["a=1", "b=1", "c=1"], 0);
    let mut theirs = ours.clone();
    set(&mut ours, here, &["a=ours"], 5);
    set(
        &mut theirs,
        here,
        &["a=theirs", "b=theirs", "c=; Max-Age=0", "d=theirs"],
        3,
    );
    let before = ours.generation();
    ours.merge(&theirs);
    assert!(ours.generation() > before);
    assert_eq!(sent(&ours, here, 6), "a=ours; b=theirs; d=theirs");
}

#[test]
fn bounds_the_number_of_cookies_and_drops_the_stalest() {
    let mut jar = Jar::new();
    set(&mut jar, "https://www.example.org/", &["keep=1; Secure"], 0);
    for index in 0..MOST_PER_DOMAIN + 20 {
        set(
            &mut jar,
            "https://www.example.org/",
            &[&format!("c{index}=x")],
            1 + index as u64,
        );
    }
    let header = sent(&jar, "https://www.example.org/", 500);
    assert_eq!(header.split("; ").count(), MOST_PER_DOMAIN);
    assert!(header.starts_with("keep=1; ") && !header.contains("c0=") && header.contains("c119="));
    for index in 0..MOST + 20 {
        set(
            &mut jar,
            &format!("https://h{index}.example.net/"),
            &["a=b"],
            1000,
        );
    }
    assert_eq!(jar.values().count(), MOST);
}

#[test]
fn a_ready_header_holds_below_its_url_or_says_that_it_cannot() {
    let until = |seconds: i64| Some(1_800_000_000 + seconds);
    for (base, cookies, expected) in [
        ("https://x.example/", &[][..], Some((None, None))),
        (
            "https://x.example/",
            &[
                "a=1; Path=/",
                "b=2; Path=/; Max-Age=50",
                "c=3; Path=/; Max-Age=20",
            ],
            Some((Some("a=1; b=2; c=3"), until(20))),
        ),
        ("https://x.example/", &["a=1; Path=/in"], None),
        (
            "https://x.example/in",
            &["a=1; Path=/in"],
            Some((Some("a=1"), None)),
        ),
        (
            "https://x.example/in/",
            &["a=1; Path=/in"],
            Some((Some("a=1"), None)),
        ),
        (
            "https://x.example/in/",
            &["a=1; Path=/in/"],
            Some((Some("a=1"), None)),
        ),
        ("https://x.example/in", &["a=1; Path=/in/"], None),
        ("https://x.example/in", &["a=1; Path=/in/deep"], None),
        // Of no use to any path below.
        (
            "https://x.example/in",
            &["a=1; Path=/inner", "b=2; Path=/o"],
            Some((None, None)),
        ),
        (
            "http://x.example/",
            &["a=1; Path=/in; Secure"],
            Some((None, None)),
        ),
        ("https://y.example/", &["a=1; Path=/in"], Some((None, None))),
        (
            "https://x.example/",
            &["a=1; Path=/in; Max-Age=0"],
            Some((None, None)),
        ),
    ] {
        let mut jar = Jar::new();
        set(&mut jar, "https://x.example/", cookies, 0);
        let ready = jar.ready_header(&url(base), at(1));
        let Some((value, until)) = expected else {
            assert!(ready == ReadyCookies::DependsOnPath, "{base} {cookies:?}");
            continue;
        };
        let ReadyCookies::Always {
            value: found,
            until: over,
        } = &ready
        else {
            panic!("{base} {cookies:?}");
        };
        assert_eq!(
            found.as_ref().map(HeaderValue::as_bytes),
            value.map(str::as_bytes)
        );
        assert_eq!(*over, until, "{base} {cookies:?}");
        assert!(found.as_ref().is_none_or(HeaderValue::is_sensitive));
        assert!(!format!("{ready:?}").contains("a=1"));
    }
}
