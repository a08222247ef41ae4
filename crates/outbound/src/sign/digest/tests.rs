//! The vectors of RFC 7616, section 3.9, those of RFC 2617, section 3.5, and what is not answered.

use http::{HeaderMap, HeaderValue, Method};
use secret::SecretString;
use url::Url;

use super::{Digest, Session};
use crate::error::OutboundError;
use crate::sign::{Challenge, Unsigned};

fn session(challenges: &[&str], cnonce: &str) -> Result<Session, OutboundError> {
    let mut headers = HeaderMap::new();
    for challenge in challenges {
        headers.append(
            "www-authenticate",
            HeaderValue::from_str(challenge).unwrap(),
        );
    }
    let all = Challenge::all(&headers, http::header::WWW_AUTHENTICATE);
    Session::of(&all, "api.example", cnonce)
}

fn answer(
    who: (&str, &str),
    challenge: &str,
    (method, url): (Method, &str),
    body: Option<&[u8]>,
    cnonce: &str,
) -> Result<String, OutboundError> {
    let digest = Digest {
        username: who.0.to_owned(),
        password: SecretString::new(who.1.to_owned()),
    };
    let request = Unsigned {
        method: &method,
        url: &Url::parse(url).unwrap(),
        headers: &HeaderMap::new(),
        body,
    };
    digest.answer(&session(&[challenge], cnonce)?, &request, 1, cnonce)
}

fn parameter(value: &str, name: &str) -> Option<String> {
    let all = crate::sign::challenge::parameters(value.strip_prefix("Digest ").unwrap());
    all.into_iter()
        .find(|(found, _)| found == name)
        .map(|(_, value)| value)
}

const MUFASA: (&str, &str) = ("Mufasa", "Circle of Life");

#[test]
fn the_vectors_of_rfc_7616() {
    let url = "http://www.example.org/dir/index.html";
    for (algorithm, expected) in [
        ("MD5", "8ca523f5e9506fed4657c9700eebdbec"),
        (
            "SHA-256",
            "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1",
        ),
    ] {
        let challenge = format!(
            r#"Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm={algorithm}, nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS""#
        );
        let cnonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ";
        let value = answer(MUFASA, &challenge, (Method::GET, url), None, cnonce).unwrap();
        assert_eq!(parameter(&value, "response").as_deref(), Some(expected));
        for (name, expected) in [
            ("username", "Mufasa"),
            ("realm", "http-auth@example.org"),
            ("uri", "/dir/index.html"),
            ("algorithm", algorithm),
            ("nc", "00000001"),
            ("cnonce", cnonce),
            ("qop", "auth"),
            ("opaque", "FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"),
        ] {
            assert_eq!(
                parameter(&value, name).as_deref(),
                Some(expected),
                "{value}"
            );
        }
    }
    // Section 3.9.2 hashes the user name; its own response is that of a truncated SHA-512 (erratum 4897).
    let challenge = r#"Digest realm="api@example.org", qop="auth", algorithm=SHA-512-256, nonce="5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK", opaque="HRPCssKJSGjCrkzDg8OhwpzCiGPChXYjwrI2QmXDssOS", charset=UTF-8, userhash=true"#;
    let who = ("J\u{e4}s\u{f8}n Doe", "Secret, or not?");
    let to = (Method::GET, "http://api.example.org/doe.json");
    let value = answer(who, challenge, to, None, "NTg6RKcb9boFIAS3KrFK9BGeh+niz/sm").unwrap();
    assert_eq!(parameter(&value, "userhash").as_deref(), Some("true"));
    assert_eq!(
        parameter(&value, "username").as_deref(),
        Some("793263caabb707a56211940d90411ea4a575adeccb7e360aeb624ed06ece9b0b")
    );
}

#[test]
fn the_vectors_of_rfc_2617_and_of_what_was_before() {
    let who = ("Mufasa", "Circle Of Life");
    let to = || (Method::GET, "http://www.nowhere.org/dir/index.html");
    let challenge = |rest: &str| {
        format!(
            r#"Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5ccc069c403ebaf9f0171e9517f40e41"{rest}"#
        )
    };
    let table = [
        (
            r#", qop="auth,auth-int""#,
            "6629fae49393a05397450978507c4ef1",
        ),
        ("", "670fd8c2df070c60b045671b8b24ff02"),
    ];
    for (rest, expected) in table {
        let value = answer(who, &challenge(rest), to(), None, "0a4f113b").unwrap();
        assert_eq!(
            parameter(&value, "response").as_deref(),
            Some(expected),
            "{rest}"
        );
        assert!(!value.contains("algorithm"), "none was named: {value}");
    }
}

#[test]
fn a_session_and_a_body_are_part_of_the_hash() {
    let challenge = |rest: &str| format!(r#"Digest realm="r", nonce="n", {rest}"#);
    let to = || (Method::POST, "http://a.example/x?y=1");
    let response = |rest: &str, body: Option<&[u8]>| {
        answer(("u", "p"), &challenge(rest), to(), body, "c")
            .map(|value| parameter(&value, "response").unwrap())
    };
    // H(H(H(u:r:p):n:c):n:00000001:c:auth:H(POST:/x?y=1)), worked out with Python's hashlib.
    assert_eq!(
        response("algorithm=MD5-sess, qop=auth", None).unwrap(),
        "856b1734332760d65f59f752b7eac4ff"
    );
    assert_eq!(
        response("qop=\"auth-int\"", Some(b"body")).unwrap(),
        "7e91cdc85f467766bd0f441d50fb8049"
    );
    let refused = response("qop=\"auth-int\"", None).unwrap_err();
    assert!(matches!(refused, OutboundError::BodyNotKept));
}

#[test]
fn the_best_challenge_is_answered_whatever_the_order() {
    let of = |algorithm: &str| {
        format!(r#"Digest realm="r", nonce="{algorithm}", qop="auth", algorithm={algorithm}"#)
    };
    let (md5, sha, odd) = (of("MD5"), of("SHA-256"), of("SHA3-512"));
    for order in [[&md5, &sha, &odd], [&odd, &sha, &md5], [&sha, &md5, &odd]] {
        let order: Vec<&str> = order.iter().map(|it| it.as_str()).collect();
        assert_eq!(session(&order, "c").unwrap().nonce, "SHA-256");
    }
    assert_eq!(session(&[&odd, &md5], "c").unwrap().nonce, "MD5");
}

#[test]
fn what_cannot_be_answered_says_what_there_is_and_what_was_expected() {
    let table: [(&[&str], &[&str]); 4] = [
        (
            &[r#"Digest realm="r", nonce="n", algorithm=SHA3-512"#],
            &["`SHA3-512`", "SHA-256", "have the API"],
        ),
        (
            &[r#"Digest realm="r", nonce="n", qop="auth-conf""#],
            &["`auth-conf`", "`auth-int`"],
        ),
        (&[r#"Digest realm="r", qop=auth"#], &["nonce"]),
        (
            &["Negotiate", r#"Basic realm="r""#],
            &["`Negotiate`, `Basic`", "take the sign-in type"],
        ),
    ];
    for (challenges, parts) in table {
        let said = session(challenges, "c").unwrap_err().to_string();
        for part in parts.iter().chain(&["`sign_in.kind`", "api.example"]) {
            assert!(said.contains(part), "{part}: {said}");
        }
    }
}

#[test]
fn a_user_name_is_said_so_that_it_comes_back_as_it_was() {
    let challenge = |rest: &str| format!(r#"Digest realm="r", nonce="n"{rest}"#);
    let to = || (Method::GET, "http://a.example/");
    let said = |name: &str, rest: &str| answer((name, "p"), &challenge(rest), to(), None, "c");
    assert_eq!(
        parameter(&said("a\"b\\c", "").unwrap(), "username").as_deref(),
        Some("a\"b\\c")
    );
    let utf8 = said("J\u{e4}s", ", charset=UTF-8").unwrap();
    assert!(utf8.contains("username*=UTF-8''J%C3%A4s,"), "{utf8}");
    let refused = said("a\nb", "").unwrap_err().to_string();
    assert!(refused.contains("`sign_in.username`"), "{refused}");
}
