//! The site lets in who does everything right.

use std::net::SocketAddr;

use testkit::SessionSite;

use crate::ask::{get, read_all, send};

/// A request with cookies and more header lines, and a body.
fn ask(address: SocketAddr, method: &str, target: &str, headers: &str, body: &str) -> String {
    let length = body.len();
    let rest = format!("{headers}connection: close\r\ncontent-length: {length}\r\n\r\n{body}");
    read_all(&mut send(address, method, target, &rest))
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    let from = text.split_once(start).map_or("", |(_, rest)| rest);
    from.split_once(end).map_or("", |(found, _)| found)
}

/// Signs in; gives the session, the double-submit token and the reply.
fn sign_in(address: SocketAddr, password: &str) -> (String, String, String) {
    let page = get(address, "/login");
    let cookie = between(&page, "set-cookie: page=", ";");
    let csrf = between(&page, "name=\"csrf\" value=\"", "\"");
    let form = format!("user=alice&pass={password}&csrf={csrf}");
    let reply = ask(
        address,
        "POST",
        "/login",
        &format!("cookie: page={cookie}\r\n"),
        &form,
    );
    let session = between(&reply, "set-cookie: sid=", ";").to_owned();
    let doubled = between(&reply, "set-cookie: csrftoken=", ";").to_owned();
    (session, doubled, reply)
}

#[test]
fn a_session_lasts_until_it_is_ended() {
    let site = SessionSite::start();
    let address = site.upstream().address();
    let (session, doubled, _) = sign_in(address, "correct+horse");
    let cookies = format!("cookie: sid={session}; csrftoken={doubled}\r\n");
    assert!(ask(address, "GET", "/api/me", &cookies, "").contains("\"Alice\""));
    assert!(
        ask(
            address,
            "GET",
            "/api/me",
            &format!("authorization: Bearer {session}\r\n"),
            ""
        )
        .contains("\"Alice\"")
    );
    assert!(ask(address, "POST", "/api/notes", &cookies, "{}").starts_with("HTTP/1.1 403"));
    let with_token = format!("{cookies}x-csrftoken: {doubled}\r\n");
    assert!(
        ask(address, "POST", "/api/notes", &with_token, "{\"a\":1}")
            .contains(r#"{"saved":{"a":1}}"#)
    );
    assert_eq!(site.sessions(), 1);
    site.end_sessions();
    assert!(ask(address, "GET", "/api/me", &cookies, "").starts_with("HTTP/1.1 401"));
    let (session, _, _) = sign_in(address, "correct+horse");
    ask(
        address,
        "POST",
        "/logout",
        &format!("cookie: sid={session}\r\n"),
        "",
    );
    assert_eq!(site.sessions(), 0);
}

#[test]
fn wrong_answers_are_told_apart() {
    let site = SessionSite::with_second_factor();
    let address = site.upstream().address();
    assert!(
        sign_in(address, "wrong")
            .2
            .contains(r#"{"result":"Failed"}"#)
    );
    assert!(
        ask(
            address,
            "POST",
            "/login",
            "",
            "user=alice&pass=correct+horse&csrf=x"
        )
        .starts_with("HTTP/1.1 403")
    );
    let (session, _, reply) = sign_in(address, "correct+horse");
    assert!(reply.contains("\"mfa\":true"));
    let cookie = format!("cookie: sid={session}\r\n");
    assert!(ask(address, "GET", "/api/me", &cookie, "").starts_with("HTTP/1.1 401"));
    assert!(ask(address, "POST", "/code", &cookie, "otp=000000").contains("Failed"));
    assert!(ask(address, "POST", "/code", &cookie, "otp=123456").contains("Success"));
    assert!(ask(address, "GET", "/api/me", &cookie, "").starts_with("HTTP/1.1 200"));
}
