//! `hmac`: a signature as a definition declares it (RFC 2104), for the many APIs with a scheme of their own.
//!
//! The texts of the definition are functions here: templates are not this crate's business.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use hmac::{KeyInit, Mac};
use http::HeaderName;
use secret::SecretBytes;
use sha1::Sha1;
use sha2::{Sha256, Sha512};

use super::{Fresh, Signature, Unsigned};
use crate::error::{BoxError, OutboundError};
use crate::sign::signature::drop_query;

/// The declared scheme with its key.
#[derive(Clone, Debug)]
pub struct Hmac {
    /// The shared key.
    pub key: SecretBytes,
    /// The hash inside.
    pub hash: HashKind,
    /// What is signed; sees the headers and the query below.
    pub string_to_sign: Text,
    /// How the bytes of the signature are written.
    pub encoding: Encoding,
    /// Where the signature goes.
    pub place: SignedPlace,
    /// What stands there; knows the signature.
    pub value: Text,
    /// Further headers, such as one with the time.
    pub headers: Vec<(HeaderName, Text)>,
    /// Further query parameters.
    pub query: Vec<(String, Text)>,
    /// Whether a text reads the body or its hash.
    pub reads_body: bool,
    /// Whether a text reads the time.
    pub reads_time: bool,
}

/// The hash inside an HMAC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HashKind {
    /// SHA-1, for old APIs.
    Sha1,
    /// SHA-256.
    Sha256,
    /// SHA-512.
    Sha512,
}

/// How a signature's bytes are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// Lower-case hex.
    Hex,
    /// Base64 with padding.
    Base64,
    /// The alphabet for URLs, without padding.
    Base64Url,
}

/// Where a signature goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignedPlace {
    /// A header of this name.
    Header(HeaderName),
    /// A query parameter of this name.
    Query(String),
}

/// What a text can be made of.
#[derive(Clone, Copy)]
pub struct Facts<'a> {
    /// The request as it stands.
    pub request: Unsigned<'a>,
    /// Time and randomness, the same for all texts of one signature.
    pub fresh: &'a Fresh,
    /// The signature, once there is one.
    pub signature: Option<&'a str>,
}

/// A text that depends on the request.
#[derive(Clone)]
pub struct Text(Arc<Write>);

type Write = dyn Fn(&Facts<'_>) -> Result<String, BoxError> + Send + Sync;

impl Text {
    /// A text that is made by the given function.
    pub fn new(
        write: impl Fn(&Facts<'_>) -> Result<String, BoxError> + Send + Sync + 'static,
    ) -> Self {
        Self(Arc::new(write))
    }

    fn write(&self, facts: &Facts<'_>) -> Result<String, OutboundError> {
        (self.0)(facts).map_err(OutboundError::Attach)
    }
}

impl std::fmt::Debug for Text {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Text")
    }
}

impl Hmac {
    /// Signs a request.
    ///
    /// # Errors
    /// A text that cannot be made or sent, or a streamed body that a text reads.
    pub(super) fn sign(
        &self,
        request: &Unsigned<'_>,
        fresh: &Fresh,
    ) -> Result<Signature, OutboundError> {
        if self.reads_body {
            request.body()?;
        }
        let mut added = Signature::default();
        let facts = Facts {
            request: *request,
            fresh,
            signature: None,
        };
        for (name, text) in &self.headers {
            added.header("headers", name.clone(), &text.write(&facts)?)?;
        }
        for (name, text) in &self.query {
            added.query.push((name.clone(), text.write(&facts)?));
        }
        // What was added is part of what is signed.
        let (mut url, mut headers) = (request.url.clone(), request.headers.clone());
        added.clone().put_on(&mut url, &mut headers);
        // A caller's own value must not be signed where ours will stand.
        match &self.place {
            SignedPlace::Header(name) => drop(headers.remove(name)),
            SignedPlace::Query(name) => drop_query(&mut url, &[name]),
        }
        let request = Unsigned {
            url: &url,
            headers: &headers,
            ..*request
        };
        let facts = Facts { request, ..facts };
        let string_to_sign = self.string_to_sign.write(&facts)?;
        let mac = mac(self.hash, self.key.reveal(), string_to_sign.as_bytes());
        let signature = match self.encoding {
            Encoding::Hex => hex::encode(mac),
            Encoding::Base64 => STANDARD.encode(mac),
            Encoding::Base64Url => URL_SAFE_NO_PAD.encode(mac),
        };
        let facts = Facts {
            signature: Some(&signature),
            ..facts
        };
        let value = self.value.write(&facts)?;
        match &self.place {
            SignedPlace::Header(name) => added.header("value", name.clone(), &value)?,
            SignedPlace::Query(name) => added.query.push((name.clone(), value)),
        }
        Ok(added)
    }
}

/// HMAC (RFC 2104) of the given kind.
pub(super) fn mac(hash: HashKind, key: &[u8], data: &[u8]) -> Vec<u8> {
    fn with<M: Mac + KeyInit>(key: &[u8], data: &[u8]) -> Vec<u8> {
        // HMAC takes a key of any length, so the second way is never gone.
        let mut mac = <M as KeyInit>::new_from_slice(key)
            .unwrap_or_else(|_| <M as KeyInit>::new(&Default::default()));
        mac.update(data);
        mac.finalize().into_bytes().to_vec()
    }
    match hash {
        HashKind::Sha1 => with::<hmac::Hmac<Sha1>>(key, data),
        HashKind::Sha256 => with::<hmac::Hmac<Sha256>>(key, data),
        HashKind::Sha512 => with::<hmac::Hmac<Sha512>>(key, data),
    }
}

#[cfg(test)]
mod tests {
    use super::{Encoding, HashKind, Hmac, SignedPlace, Text, mac};
    use crate::error::OutboundError;
    use crate::sign::{Fresh, Unsigned};
    use base64::Engine as _;
    use http::{HeaderMap, HeaderName, HeaderValue, Method};
    use secret::SecretBytes;
    use std::time::{Duration, UNIX_EPOCH};
    use url::Url;

    /// RFC 2202, section 3, and RFC 4231, section 4.
    #[test]
    fn the_published_vectors() {
        let (hi, what) = (
            b"Hi There".as_slice(),
            b"what do ya want for nothing?".as_slice(),
        );
        let long = [0xaa; 131];
        let larger = b"Test Using Larger Than Block-Size Key - Hash Key First".as_slice();
        let table = [
            (
                HashKind::Sha1,
                [0x0b; 20].as_slice(),
                hi,
                "b617318655057264e28bc0b6fb378c8ef146be00",
            ),
            (
                HashKind::Sha1,
                b"Jefe".as_slice(),
                what,
                "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79",
            ),
            (
                HashKind::Sha256,
                [0x0b; 20].as_slice(),
                hi,
                "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
            ),
            (
                HashKind::Sha256,
                b"Jefe".as_slice(),
                what,
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
            ),
            (
                HashKind::Sha256,
                long.as_slice(),
                larger,
                "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
            ),
            (
                HashKind::Sha512,
                [0x0b; 20].as_slice(),
                hi,
                "87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cdedaa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854",
            ),
            (
                HashKind::Sha512,
                b"Jefe".as_slice(),
                what,
                "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737",
            ),
        ];
        for (hash, key, data, expected) in table {
            assert_eq!(hex::encode(mac(hash, key, data)), expected, "{hash:?}");
        }
    }

    fn text(write: fn(&super::Facts<'_>) -> String) -> Text {
        Text::new(move |facts| Ok(write(facts)))
    }

    fn declared(place: SignedPlace) -> Hmac {
        Hmac {
            key: SecretBytes::new(b"k".to_vec()),
            hash: HashKind::Sha256,
            string_to_sign: text(|facts| {
                let request = &facts.request;
                let time = request.headers.get("x-time").unwrap().to_str().unwrap();
                format!(
                    "{} {} {time}",
                    request.method,
                    request.url.query().unwrap_or("-")
                )
            }),
            encoding: Encoding::Base64,
            place,
            value: text(|facts| format!("HMAC {}", facts.signature.unwrap())),
            headers: vec![(
                HeaderName::from_static("x-time"),
                text(|facts| facts.fresh.since_1970().as_secs().to_string()),
            )],
            query: vec![("n".to_owned(), text(|facts| facts.fresh.nonce()))],
            reads_body: false,
            reads_time: false,
        }
    }

    const FRESH: Fresh = Fresh {
        at: UNIX_EPOCH,
        random: [7; 32],
    };

    fn sign(hmac: &Hmac, url: &str, fresh: &Fresh) -> (Url, HeaderMap) {
        let mut url = Url::parse(url).unwrap();
        let mut headers = HeaderMap::new();
        headers.insert("x-time", HeaderValue::from_static("theirs"));
        headers.insert("authorization", HeaderValue::from_static("theirs"));
        let request = Unsigned {
            method: &Method::GET,
            url: &url,
            headers: &headers,
            body: Some(b""),
        };
        hmac.sign(&request, fresh)
            .unwrap()
            .put_on(&mut url, &mut headers);
        (url, headers)
    }

    #[test]
    fn what_is_added_is_signed_and_reads_one_clock() {
        let hmac = declared(SignedPlace::Header(http::header::AUTHORIZATION));
        let fresh = Fresh {
            at: UNIX_EPOCH + Duration::from_secs(90),
            ..FRESH
        };
        let (url, headers) = sign(&hmac, "https://api.example/x?a=1&n=theirs", &fresh);
        let nonce = "07".repeat(16);
        assert_eq!(url.query(), Some(format!("a=1&n={nonce}").as_str()));
        assert_eq!(headers["x-time"], "90");
        let signed = format!("GET a=1&n={nonce} 90");
        let expected = super::STANDARD.encode(mac(HashKind::Sha256, b"k", signed.as_bytes()));
        assert_eq!(headers["authorization"], format!("HMAC {expected}"));
    }

    #[test]
    fn a_callers_own_signature_is_not_signed() {
        let hmac = declared(SignedPlace::Query("sig".to_owned()));
        for theirs in ["?sig=theirs", "?a=1&sig=theirs&b=2", ""] {
            let (url, _) = sign(&hmac, &format!("https://api.example/x{theirs}"), &FRESH);
            let query = url.query().unwrap();
            let (signed, ours) = query.rsplit_once("&sig=").unwrap();
            assert!(!signed.contains("sig"), "{query}");
            let signed = format!("GET {signed} 0");
            let expected = super::STANDARD.encode(mac(HashKind::Sha256, b"k", signed.as_bytes()));
            let decoded = percent_encoding::percent_decode_str(ours).decode_utf8_lossy();
            assert_eq!(decoded, format!("HMAC {expected}"), "{theirs}");
        }
    }

    #[test]
    fn a_streamed_body_is_refused_where_it_is_read() {
        let mut hmac = declared(SignedPlace::Query("sig".to_owned()));
        let url = Url::parse("https://api.example/x").unwrap();
        let mut headers = HeaderMap::new();
        headers.insert("x-time", HeaderValue::from_static("0"));
        let request = Unsigned {
            method: &Method::PUT,
            url: &url,
            headers: &headers,
            body: None,
        };
        assert!(hmac.sign(&request, &FRESH).is_ok());
        hmac.reads_body = true;
        let refused = hmac.sign(&request, &FRESH).unwrap_err();
        assert!(matches!(refused, OutboundError::BodyNotKept), "{refused}");
    }
}
