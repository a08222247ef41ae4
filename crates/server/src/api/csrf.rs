//! Cross-site requests: what a browser sends by itself is not enough to change anything.
//!
//! A page of ours reads the token by `GET /api/session` and sends it back in a header. It is an HMAC over the session, so
//! that no cookie planted by a neighbouring site can match it. What browsers say about where a request comes from is
//! looked at too.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::digest::Key;
use hmac::{Hmac, KeyInit, Mac};
use http::header::ORIGIN;
use http::request::Parts;
use http::{HeaderName, Method};
use secret::SecretBytes;
use sha2::Sha256;
use store::Digest;
use url::Url;

use crate::problem::Problem;

/// The header that carries the token.
pub(crate) const HEADER: HeaderName = HeaderName::from_static("stepgate-csrf");

/// The token of a session.
pub(crate) fn token(secret: &SecretBytes, session: &Digest) -> String {
    URL_SAFE_NO_PAD.encode(mac(secret, session).finalize().into_bytes())
}

/// Refuses a changing request of a session that does not carry its token, or comes from elsewhere.
///
/// # Errors
/// 403.
pub(crate) fn check(
    parts: &Parts,
    public_url: &Url,
    secret: &SecretBytes,
    session: &Digest,
) -> Result<(), Problem> {
    if matches!(parts.method, Method::GET | Method::HEAD | Method::OPTIONS) {
        return Ok(());
    }
    same_origin(parts, public_url)?;
    let shown = parts.headers.get(HEADER).map(|shown| shown.as_bytes());
    let shown = shown.and_then(|shown| URL_SAFE_NO_PAD.decode(shown).ok());
    let is_right = shown.is_some_and(|shown| mac(secret, session).verify_slice(&shown).is_ok());
    if !is_right {
        return Err(Problem::forbidden(
            "csrf",
            "A change by session needs the header Stepgate-Csrf; GET /api/session tells its value.",
        ));
    }
    Ok(())
}

/// Refuses what a browser says comes from another site, or from another origin than the one that is ours: what a request
/// says of its own host proves nothing, as a name that a stranger owns may lead here too.
///
/// # Errors
/// 403.
pub(crate) fn same_origin(parts: &Parts, public_url: &Url) -> Result<(), Problem> {
    let text = |name: &str| {
        parts
            .headers
            .get(name)
            .map(|value| value.to_str().unwrap_or_default())
    };
    if text("sec-fetch-site").is_some_and(|site| !matches!(site, "same-origin" | "none")) {
        return Err(cross_site());
    }
    let ours = public_url.origin().ascii_serialization();
    match text(ORIGIN.as_str()) {
        Some(origin) if origin != ours => Err(cross_site().help(format!(
            "Browsers reach this server at {ours}, and this came from a page at {origin}. If that is the server by another \
             name, open {ours} instead, or start it with --public-url {origin}."
        ))),
        _ => Ok(()),
    }
}

fn cross_site() -> Problem {
    Problem::forbidden("cross_site", "This was sent by a page of another origin.")
}

fn mac(secret: &SecretBytes, session: &Digest) -> Hmac<Sha256> {
    // HMAC itself fills a key up to a block with zeros.
    let mut block = Key::<Hmac<Sha256>>::default();
    block
        .iter_mut()
        .zip(secret.reveal())
        .for_each(|(place, byte)| *place = *byte);
    let mut mac = Hmac::<Sha256>::new(&block);
    mac.update(b"stepgate csrf 1\0");
    mac.update(session.bytes());
    mac
}

#[cfg(test)]
mod tests {
    use super::{Digest, Parts, SecretBytes, Url, check, same_origin, token};
    use http::Request;

    fn parts(method: &str, headers: &[(&str, &str)]) -> Parts {
        let mut request = Request::builder().method(method).uri("/api/apps");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.body(()).unwrap().into_parts().0
    }

    #[test]
    fn attack_57_a_change_needs_the_token_of_its_own_session() {
        let url = Url::parse("https://gate.example.org/").unwrap();
        let secret = SecretBytes::new(vec![1; 32]);
        let (mine, other) = (Digest::of(b"mine"), Digest::of(b"other"));
        let right = token(&secret, &mine);
        let others = token(&secret, &other);
        let made_up = token(&SecretBytes::new(vec![2; 32]), &mine);
        let table: [(&str, Option<&str>, bool); 7] = [
            ("GET", None, true),
            ("POST", Some(&right), true),
            ("POST", None, false),
            ("DELETE", Some(""), false),
            ("PATCH", Some(&others), false),
            ("PUT", Some(&made_up), false),
            ("POST", Some("a=b"), false),
        ];
        for (method, shown, fine) in table {
            let headers: Vec<_> = shown
                .map(|shown| ("stepgate-csrf", shown))
                .into_iter()
                .collect();
            let checked = check(&parts(method, &headers), &url, &secret, &mine);
            assert_eq!(checked.is_ok(), fine, "{method} {shown:?}");
        }
        let from_elsewhere = parts(
            "POST",
            &[
                ("stepgate-csrf", &right),
                ("origin", "https://evil.example"),
            ],
        );
        assert!(check(&from_elsewhere, &url, &secret, &mine).is_err());
    }

    #[test]
    fn attack_57_what_a_browser_sends_from_elsewhere_is_refused() {
        let url = Url::parse("https://gate.example.org/").unwrap();
        let table: [(&[(&str, &str)], bool); 11] = [
            (&[], true),
            (&[("sec-fetch-site", "same-origin")], true),
            (&[("sec-fetch-site", "none")], true),
            (&[("sec-fetch-site", "same-site")], false),
            (&[("sec-fetch-site", "cross-site")], false),
            (&[("origin", "https://gate.example.org")], true),
            (
                &[
                    ("origin", "http://127.0.0.1:8080"),
                    ("host", "127.0.0.1:8080"),
                ],
                false,
            ),
            (&[("origin", "https://gate.example.org:8443")], false),
            (
                &[
                    ("origin", "https://evil.example"),
                    ("host", "evil.example"),
                    ("sec-fetch-site", "same-origin"),
                ],
                false,
            ),
            (&[("origin", "null")], false),
            (
                &[
                    ("origin", "https://evil.example"),
                    ("host", "gate.example.org"),
                ],
                false,
            ),
        ];
        for (headers, fine) in table {
            let judged = same_origin(&parts("POST", headers), &url);
            assert_eq!(judged.is_ok(), fine, "{headers:?}");
        }
    }

    #[test]
    fn a_page_that_was_opened_by_another_name_is_told_which_is_ours() {
        let url = Url::parse("http://127.0.0.1:8080/").unwrap();
        let headers = [
            ("origin", "http://localhost:8080"),
            ("sec-fetch-site", "same-origin"),
        ];
        let problem = same_origin(&parts("POST", &headers), &url).unwrap_err();
        let help = problem.help.clone().unwrap_or_default();
        assert!(
            help.contains("open http://127.0.0.1:8080 instead"),
            "{help}"
        );
        assert!(
            help.contains("--public-url http://localhost:8080."),
            "{help}"
        );
    }
}
