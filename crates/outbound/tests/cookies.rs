//! Jars in use: who gets them, and who does not.

use std::sync::Mutex;

use http::HeaderValue;
use outbound::{Attach, Cookies, Hop, Jar, OutboundError};

use crate::server::{Server, answer, client, get, now};

#[tokio::test]
async fn attack_54_jars_do_not_mix_over_one_client() {
    let server = Server::start(|_| answer(200, &[("set-cookie", "sid=of-a")], "")).await;
    let client = client();
    let (a, b) = (Mutex::new(Jar::new()), Mutex::new(Jar::new()));
    let url = server.named("api.test", "/");
    for cookies in [Cookies::Jar(&a), Cookies::None, Cookies::Jar(&a)] {
        client
            .send(get(url.clone()), cookies, None, now())
            .await
            .expect("a reply")
            .read(10)
            .await
            .expect("a body");
    }
    client
        .send(get(url.clone()), Cookies::Jar(&b), None, now())
        .await
        .expect("a reply");
    let sent: Vec<_> = server
        .seen()
        .iter()
        .map(|seen| seen.header("cookie").to_owned())
        .collect();
    assert_eq!(sent, ["", "", "sid=of-a", ""]);
}

#[tokio::test]
async fn store_only_keeps_and_does_not_send() {
    let server = Server::start(|_| answer(200, &[("set-cookie", "sid=1")], "")).await;
    let jar = Mutex::new(Jar::new());
    let url = server.named("api.test", "/");
    for _ in 0..2 {
        client()
            .send(get(url.clone()), Cookies::StoreOnly(&jar), None, now())
            .await
            .expect("a reply");
    }
    assert!(
        server
            .seen()
            .iter()
            .all(|seen| seen.header("cookie").is_empty())
    );
    assert_eq!(
        jar.lock()
            .expect("a lock")
            .get(&url, "sid", now())
            .as_deref(),
        Some("1")
    );
}

#[tokio::test]
async fn the_callers_cookie_counts_before_the_jars() {
    let server = Server::start(|_| {
        answer(
            200,
            &[("set-cookie", "sid=jar"), ("set-cookie", "other=jar")],
            "",
        )
    })
    .await;
    let jar = Mutex::new(Jar::new());
    let url = server.named("api.test", "/");
    client()
        .send(get(url.clone()), Cookies::Jar(&jar), None, now())
        .await
        .expect("a reply");
    let mut outgoing = get(url);
    outgoing
        .headers
        .insert("cookie", HeaderValue::from_static("sid=mine; x=y"));
    client()
        .send(outgoing, Cookies::Jar(&jar), None, now())
        .await
        .expect("a reply");
    assert_eq!(
        server.seen()[1].header("cookie"),
        "sid=mine; x=y; other=jar"
    );
}

#[tokio::test]
async fn the_hook_sees_the_header_and_the_newest_value() {
    struct Double;
    impl Attach for Double {
        fn attach(&self, hop: &mut Hop<'_>) -> Result<(), OutboundError> {
            if let Some(value) = hop.cookie("csrf") {
                assert!(hop.headers.contains_key("cookie"));
                hop.headers
                    .insert("x-csrf", HeaderValue::from_str(&value).expect("a header"));
            }
            Ok(())
        }
    }
    let server = Server::start(|seen| {
        let next = if seen.header("x-csrf") == "one" {
            "csrf=two"
        } else {
            "csrf=one"
        };
        answer(200, &[("set-cookie", next)], "")
    })
    .await;
    let jar = Mutex::new(Jar::new());
    for _ in 0..3 {
        let outgoing = get(server.named("api.test", "/"));
        client()
            .send(outgoing, Cookies::Jar(&jar), Some(&Double), now())
            .await
            .expect("a reply");
    }
    let sent: Vec<_> = server
        .seen()
        .iter()
        .map(|seen| seen.header("x-csrf").to_owned())
        .collect();
    assert_eq!(sent, ["", "one", "two"]);
}
