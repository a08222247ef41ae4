//! Redirects over real servers: what each hop gets.

use std::sync::Mutex;

use bytes::Bytes;
use http::{HeaderValue, Method};
use outbound::{Attach, Cookies, Hop, HopBody, Jar, OutBody, OutboundError, Redirects};

use crate::server::{Server, answer, client, get, now, ok};

/// Attaches a token for one host, as the gateway does.
struct Token {
    host: &'static str,
}

impl Attach for Token {
    fn attach(&self, hop: &mut Hop<'_>) -> Result<(), OutboundError> {
        if hop.url.host_str() == Some(self.host) {
            hop.headers
                .insert("authorization", HeaderValue::from_static("Bearer t0ken"));
            hop.url.query_pairs_mut().append_pair("key", "k3y");
            if let HopBody::Buffered(body) = &mut hop.body {
                **body = Bytes::from([&body[..], b"+attached"].concat());
            }
            if let Some(value) = hop.cookie("csrf") {
                hop.headers
                    .insert("x-csrf", HeaderValue::from_str(&value).expect("a header"));
            }
        }
        Ok(())
    }
}

#[tokio::test]
async fn attached_material_is_taken_off_when_the_origin_changes() {
    let evil = Server::start(|_| ok("thanks")).await;
    let away = evil.named("evil.test", "/grab");
    let server = Server::start(move |seen| match seen.target.split('?').next() {
        Some("/start") => answer(302, &[("location", "/second")], ""),
        _ => answer(302, &[("location", away.as_str())], ""),
    })
    .await;
    let mut outgoing = get(server.named("api.test", "/start"));
    outgoing.redirects = Redirects::Follow;
    outgoing
        .headers
        .insert("x-api-key", HeaderValue::from_static("k3y"));
    outgoing
        .headers
        .insert("accept", HeaderValue::from_static("text/html"));
    let reply = client()
        .send(
            outgoing,
            Cookies::None,
            Some(&Token { host: "api.test" }),
            now(),
        )
        .await
        .expect("a reply");
    assert_eq!(reply.hops.len(), 3);
    assert_eq!(
        reply.url.as_str(),
        evil.named("evil.test", "/grab").as_str()
    );
    assert!(
        reply.hops.iter().all(|hop| hop.url.query().is_none()),
        "what was attached is not told"
    );
    let at_home = server.seen();
    assert_eq!(at_home[0].target, "/start?key=k3y");
    assert_eq!(at_home[1].target, "/second?key=k3y");
    assert!(
        at_home
            .iter()
            .all(|seen| seen.header("authorization") == "Bearer t0ken"
                && seen.header("x-api-key") == "k3y")
    );
    let away = &evil.seen()[0];
    assert_eq!(away.target, "/grab");
    assert_eq!(
        (
            away.header("authorization"),
            away.header("x-api-key"),
            away.header("accept")
        ),
        ("", "", "text/html")
    );
    assert!(!format!("{away:?}").contains("k3y"));
}

#[tokio::test]
async fn a_body_is_attached_to_anew_on_each_hop() {
    let server = Server::start(|seen| match seen.target.split('?').next() {
        Some("/start") => answer(307, &[("location", "/next")], ""),
        _ => ok("done"),
    })
    .await;
    let mut outgoing = get(server.named("api.test", "/start"));
    outgoing.method = Method::POST;
    outgoing.body = OutBody::Bytes(Bytes::from_static(b"body"));
    outgoing.redirects = Redirects::Follow;
    client()
        .send(
            outgoing,
            Cookies::None,
            Some(&Token { host: "api.test" }),
            now(),
        )
        .await
        .expect("a reply");
    let bodies: Vec<_> = server.seen().iter().map(|seen| seen.body.clone()).collect();
    assert_eq!(bodies, ["body+attached", "body+attached"]);
}

#[tokio::test]
async fn a_hook_cannot_change_where_a_request_goes() {
    struct Elsewhere;
    impl Attach for Elsewhere {
        fn attach(&self, hop: &mut Hop<'_>) -> Result<(), OutboundError> {
            hop.url.set_path("/other");
            Ok(())
        }
    }
    let server = Server::start(|_| ok("")).await;
    let error = client()
        .send(get(server.url("/")), Cookies::None, Some(&Elsewhere), now())
        .await
        .expect_err("refused");
    assert!(matches!(error, OutboundError::Request { .. }), "{error}");
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn a_circle_ends_after_ten_redirects() {
    let server = Server::start(|_| answer(302, &[("location", "/again?s3cret")], "round")).await;
    let mut outgoing = get(server.url("/"));
    outgoing.redirects = Redirects::Follow;
    let error = client()
        .send(outgoing, Cookies::None, None, now())
        .await
        .expect_err("ended");
    assert!(
        matches!(error, OutboundError::TooManyRedirects { limit: 10, .. }),
        "{error}"
    );
    assert!(!error.to_string().contains("s3cret"));
    assert_eq!(server.seen().len(), 11);
    assert_eq!(server.connections(), 1, "the connection served all hops");
}

#[tokio::test]
async fn a_redirect_is_the_reply_where_none_is_followed() {
    let server = Server::start(|_| answer(302, &[("location", "myapp://cb?code=1")], "")).await;
    let reply = client()
        .send(get(server.url("/")), Cookies::None, None, now())
        .await
        .expect("a reply");
    assert_eq!(
        (reply.status.as_u16(), &reply.headers["location"]),
        (302, &HeaderValue::from_static("myapp://cb?code=1"))
    );
}

#[tokio::test]
async fn cookies_of_every_hop_are_kept_sent_and_told() {
    let server = Server::start(|seen| match seen.target.as_str() {
        "/login" => answer(
            303,
            &[
                ("location", "/step"),
                ("set-cookie", "sid=first"),
                ("set-cookie", "csrf=c1"),
            ],
            "",
        ),
        "/step" => answer(
            302,
            &[
                ("location", "/home"),
                ("set-cookie", "sid=second"),
                ("set-cookie", "csrf=; Max-Age=0"),
            ],
            "",
        ),
        _ => answer(
            200,
            &[
                ("set-cookie", "last=3"),
                ("set-cookie", "bad=4; Domain=example.org"),
            ],
            "",
        ),
    })
    .await;
    let jar = Mutex::new(Jar::new());
    let mut outgoing = get(server.named("api.test", "/login"));
    outgoing.method = Method::POST;
    outgoing.redirects = Redirects::Follow;
    let reply = client()
        .send(outgoing, Cookies::Jar(&jar), None, now())
        .await
        .expect("a reply");
    let told: Vec<_> = reply
        .set_cookies
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    assert_eq!(told, ["sid=second", "last=3"]);
    let sent: Vec<_> = server
        .seen()
        .iter()
        .map(|seen| seen.header("cookie").to_owned())
        .collect();
    assert_eq!(sent, ["", "sid=first; csrf=c1", "sid=second"]);
    let methods: Vec<_> = server
        .seen()
        .iter()
        .map(|seen| seen.method.clone())
        .collect();
    assert_eq!(methods, [Method::POST, Method::GET, Method::GET]);
}

#[tokio::test]
async fn a_streamed_body_is_not_redirected_and_a_buffered_one_not_to_strangers() {
    use http_body_util::{BodyExt, Full};
    let evil = Server::start(|_| ok("thanks")).await;
    let away = evil.named("evil.test", "/?s3cret").to_string();
    let server = Server::start(move |seen| {
        let to = if seen.target == "/away" {
            away.as_str()
        } else {
            "/next"
        };
        answer(307, &[("location", to)], "")
    })
    .await;
    let mut streamed = get(server.url("/"));
    streamed.method = Method::POST;
    streamed.redirects = Redirects::Follow;
    streamed.body = OutBody::Stream(Full::from("stream").map_err(|never| match never {}).boxed());
    let error = client()
        .send(streamed, Cookies::None, None, now())
        .await
        .expect_err("refused");
    assert!(
        matches!(error, OutboundError::RedirectNeedsReplay { .. }),
        "{error}"
    );
    let mut buffered = get(server.url("/away"));
    buffered.method = Method::POST;
    buffered.redirects = Redirects::Follow;
    buffered.body = OutBody::Bytes(Bytes::from_static(b"password"));
    let error = client()
        .send(buffered, Cookies::None, None, now())
        .await
        .expect_err("refused");
    assert!(
        matches!(error, OutboundError::RedirectCarriesBody { .. })
            && !error.to_string().contains("s3cret"),
        "{error}"
    );
    assert_eq!(evil.connections(), 0);
}
