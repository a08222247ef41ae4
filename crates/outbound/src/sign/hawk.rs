//! `hawk`: Hawk, a MAC over method, target, host and time (<https://github.com/mozilla/hawk/blob/main/API.md>).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use secret::SecretBytes;
use sha1::Sha1;
use sha2::{Digest, Sha256};
use url::Position;

use super::hmac::{HashKind, mac};
use super::{Fresh, Signature, Unsigned};
use crate::error::OutboundError;

/// A Hawk credential, and what is to be said with it.
#[derive(Clone, Debug)]
pub struct Hawk {
    /// The credential's id.
    pub id: String,
    /// Its key.
    pub key: SecretBytes,
    /// The hash of the MAC and of the payload: SHA-1 or SHA-256.
    pub hash: HashKind,
    /// Whether the body is signed too.
    pub hash_payload: bool,
    /// Anything else that the API wants signed.
    pub ext: Option<String>,
    /// The application's id, where the credential was given to one (Oz).
    pub app: Option<String>,
    /// Who gave it to that application.
    pub dlg: Option<String>,
}

impl Hawk {
    /// Signs a request.
    ///
    /// # Errors
    /// A value that the header cannot carry, or a streamed body that is to be signed.
    pub(super) fn sign(
        &self,
        request: &Unsigned<'_>,
        fresh: &Fresh,
    ) -> Result<Signature, OutboundError> {
        self.sign_with(request, fresh.since_1970().as_secs(), &fresh.nonce())
    }

    fn sign_with(
        &self,
        request: &Unsigned<'_>,
        ts: u64,
        nonce: &str,
    ) -> Result<Signature, OutboundError> {
        let hash = match self.hash_payload {
            true => Some(self.payload_hash(request)?),
            false => None,
        };
        let normalized = self.normalized(request, ts, nonce, hash.as_deref());
        let mac = STANDARD.encode(mac(self.hash, self.key.reveal(), normalized.as_bytes()));
        let ts = ts.to_string();
        let attributes = [
            ("id", Some(self.id.as_str())),
            ("ts", Some(ts.as_str())),
            ("nonce", Some(nonce)),
            ("hash", hash.as_deref()),
            ("ext", self.ext.as_deref()),
            ("mac", Some(mac.as_str())),
            ("app", self.app.as_deref()),
            ("dlg", self.dlg.as_deref()),
        ];
        let attributes = attributes
            .into_iter()
            .filter_map(|(name, value)| Some((name, value?)))
            .map(|(name, value)| Ok(format!("{name}=\"{}\"", quoted(name, value)?)))
            .collect::<Result<Vec<_>, OutboundError>>()?;
        let value = format!("Hawk {}", attributes.join(", "));
        let mut signature = Signature::default();
        signature.header("id", AUTHORIZATION, &value)?;
        Ok(signature)
    }

    /// What the MAC is over.
    fn normalized(
        &self,
        request: &Unsigned<'_>,
        ts: u64,
        nonce: &str,
        hash: Option<&str>,
    ) -> String {
        let url = request.url;
        let mut text = format!(
            "hawk.1.header\n{ts}\n{nonce}\n{}\n{}\n{}\n{}\n{}\n{}\n",
            request.method,
            &url[Position::BeforePath..Position::AfterQuery],
            url.host_str().unwrap_or_default().to_ascii_lowercase(),
            url.port_or_known_default().unwrap_or_default(),
            hash.unwrap_or_default(),
            escaped(self.ext.as_deref().unwrap_or_default()),
        );
        if let Some(app) = &self.app {
            text.push_str(&format!(
                "{app}\n{}\n",
                self.dlg.as_deref().unwrap_or_default()
            ));
        }
        text
    }

    fn payload_hash(&self, request: &Unsigned<'_>) -> Result<String, OutboundError> {
        let content_type = request.headers.get(CONTENT_TYPE);
        let content_type = content_type
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.split(';').next())
            .unwrap_or_default();
        let head = format!(
            "hawk.1.payload\n{}\n",
            content_type.trim().to_ascii_lowercase()
        );
        let parts = [head.as_bytes(), request.body()?, b"\n"];
        let hash = match self.hash {
            HashKind::Sha1 => digest::<Sha1>(&parts),
            HashKind::Sha256 | HashKind::Sha512 => digest::<Sha256>(&parts),
        };
        Ok(STANDARD.encode(hash))
    }
}

fn digest<D: Digest>(parts: &[&[u8]]) -> Vec<u8> {
    let mut hasher = D::new();
    parts.iter().for_each(|part| hasher.update(part));
    hasher.finalize().to_vec()
}

fn escaped(ext: &str) -> String {
    ext.replace('\\', "\\\\").replace('\n', "\\n")
}

/// A value as it stands between quotes. Hawk knows no way to say a quote, a backslash or a control character.
fn quoted<'v>(name: &'static str, value: &'v str) -> Result<&'v str, OutboundError> {
    let fits = |c: char| (' '..='~').contains(&c) && c != '"' && c != '\\';
    match value.chars().all(fits) {
        true => Ok(value),
        false => Err(OutboundError::Signing {
            field: name,
            problem:
                "holds what Hawk cannot say: write visible ASCII characters without `\"` and `\\`"
                    .to_owned(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::Hawk;
    use crate::error::OutboundError;
    use crate::sign::Unsigned;
    use crate::sign::hmac::HashKind;
    use http::{HeaderMap, HeaderValue, Method};
    use secret::SecretBytes;
    use url::Url;

    fn hawk(id: &str, key: &str, hash: HashKind, ext: Option<&str>, hash_payload: bool) -> Hawk {
        Hawk {
            id: id.to_owned(),
            key: SecretBytes::new(key.as_bytes().to_vec()),
            hash,
            hash_payload,
            ext: ext.map(str::to_owned),
            app: None,
            dlg: None,
        }
    }

    fn signed(
        hawk: &Hawk,
        (method, url): (Method, &str),
        content_type: Option<&'static str>,
        body: Option<&[u8]>,
        (ts, nonce): (u64, &str),
    ) -> Result<String, OutboundError> {
        let mut headers = HeaderMap::new();
        if let Some(content_type) = content_type {
            headers.insert("content-type", HeaderValue::from_static(content_type));
        }
        let request = Unsigned {
            method: &method,
            url: &Url::parse(url).unwrap(),
            headers: &headers,
            body,
        };
        let signature = hawk.sign_with(&request, ts, nonce)?;
        Ok(signature.headers[0].1.to_str().unwrap().to_owned())
    }

    /// The examples of Hawk's API.md and the cases of its own `test/client.js`.
    #[test]
    fn the_published_vectors() {
        let readme = |hash_payload| {
            let key = "werxhqb98rpaxn39848xrunpaw3489ruxnpa98w4rxn";
            hawk(
                "dh37fgj492je",
                key,
                HashKind::Sha256,
                Some("some-app-ext-data"),
                hash_payload,
            )
        };
        let at = (1_353_832_234, "j4h3g2");
        let url = "http://example.com:8000/resource/1?b=1&a=2";
        assert_eq!(
            signed(&readme(false), (Method::GET, url), None, Some(b""), at).unwrap(),
            r#"Hawk id="dh37fgj492je", ts="1353832234", nonce="j4h3g2", ext="some-app-ext-data", mac="6R4rV5iE+NPoym+WwjeHzjAGXUtLNIxmo1vpMofpLAE=""#
        );
        let body = Some(b"Thank you for flying Hawk".as_slice());
        assert_eq!(
            signed(
                &readme(true),
                (Method::POST, url),
                Some("text/plain"),
                body,
                at
            )
            .unwrap(),
            r#"Hawk id="dh37fgj492je", ts="1353832234", nonce="j4h3g2", hash="Yi9LfIIFRtBEPt74PVmbTF/xVAwPn7ub15ePICfgnuY=", ext="some-app-ext-data", mac="aSe1DERmZuRl3pI36/9BdZmnErTw3sNzOOAUlfeKjVw=""#
        );

        let at = (1_353_809_207, "Ygvqdz");
        let path = "://example.net/somewhere/over/the/rainbow";
        let body = Some(b"something to write about".as_slice());
        let table = [
            (
                HashKind::Sha1,
                "http",
                None,
                Some("Bazinga!"),
                r#"hash="bsvY3IfUllw6V5rvk4tStEvpBhE=", ext="Bazinga!", mac="qbf1ZPG/r/e06F4ht+T77LXi5vw=""#,
            ),
            (
                HashKind::Sha256,
                "https",
                Some("text/plain"),
                Some("Bazinga!"),
                r#"hash="2QfCt3GuY9HQnHWyWD3wX68ZOKbynqlfYmuO2ZBRqtY=", ext="Bazinga!", mac="q1CwFoSHzPZSkbIvl0oYlD+91rBUEvFk763nMjMndj8=""#,
            ),
            (
                HashKind::Sha256,
                "https",
                Some("Text/Plain; x=y"),
                None,
                r#"hash="2QfCt3GuY9HQnHWyWD3wX68ZOKbynqlfYmuO2ZBRqtY=", mac="HTgtd0jPI6E4izx8e4OHdO36q00xFCU0FolNq3RiCYs=""#,
            ),
        ];
        for (hash, scheme, content_type, ext, expected) in table {
            let hawk = hawk("123456", "2983d45yun89q", hash, ext, true);
            let to = (Method::POST, format!("{scheme}{path}"));
            let found = signed(&hawk, (to.0, &to.1), content_type, body, at).unwrap();
            let expected =
                format!(r#"Hawk id="123456", ts="1353809207", nonce="Ygvqdz", {expected}"#);
            assert_eq!(found, expected);
        }
    }

    #[test]
    fn app_and_dlg_are_signed() {
        let mut hawk = hawk("id", "key", HashKind::Sha256, None, false);
        let url = "https://example.net/x";
        let to = || (Method::GET, url);
        let without = signed(&hawk, to(), None, None, (1, "n")).unwrap();
        hawk.app = Some("my-app".to_owned());
        let with = signed(&hawk, to(), None, None, (1, "n")).unwrap();
        assert!(
            with.ends_with(r#", app="my-app""#) && !with.starts_with(&without),
            "{with}"
        );
        hawk.dlg = Some("boss".to_owned());
        assert!(
            signed(&hawk, to(), None, None, (1, "n"))
                .unwrap()
                .ends_with(r#"app="my-app", dlg="boss""#)
        );
    }

    #[test]
    fn what_hawk_cannot_say_names_its_key() {
        let to = || (Method::GET, "https://example.net/x");
        for (field, id, ext) in [
            ("id", "a\"b", None),
            ("ext", "a", Some("line\nbreak")),
            ("ext", "a", Some("é")),
        ] {
            let hawk = hawk(id, "key", HashKind::Sha256, ext, false);
            let refused = signed(&hawk, to(), None, Some(b""), (1, "n")).unwrap_err();
            assert!(
                matches!(refused, OutboundError::Signing { field: found, .. } if found == field),
                "{refused}"
            );
        }
        let hashed = hawk("id", "key", HashKind::Sha256, None, true);
        let refused = signed(&hashed, to(), None, None, (1, "n")).unwrap_err();
        assert!(matches!(refused, OutboundError::BodyNotKept));
    }
}
