//! A declared signature: keys read, and its templates as functions of the request.

use http::{HeaderMap, HeaderName, Method};
use indexmap::IndexMap;
use model::{HmacAlgorithm, HmacSignIn, KeyEncoding, Location, SignatureEncoding};
use outbound::{Encoding, Facts, Fresh, HashKind, Hmac, SignedPlace, Text, Unsigned};
use secret::SecretBytes;
use template::{Place, Segment, Template};
use url::Url;

use super::facts::{FactsScope, Known};
use crate::jose::decoded;
use crate::request::BuildError;
use crate::scope::CallScope;

/// The scheme with its values.
pub(super) fn hmac(settings: &HmacSignIn, scope: &CallScope<'_>) -> Result<Hmac, BuildError> {
    let texts = Texts {
        known: Known::of(settings.texts(), scope),
    };
    let place = match settings.location {
        Location::Header => SignedPlace::Header(header_name(&settings.name)?),
        Location::Query | Location::Body => SignedPlace::Query(settings.name.clone()),
    };
    let value_place = match settings.location {
        Location::Header => Place::Header,
        Location::Query | Location::Body => Place::Query,
    };
    let headers = settings
        .headers
        .iter()
        .map(|(name, template)| Ok((header_name(name)?, texts.text(template, Place::Header)?)))
        .collect::<Result<_, BuildError>>()?;
    let key = super::text(&settings.key, scope)?;
    Ok(Hmac {
        key: read_key(&key, settings.key_encoding)?,
        hash: match settings.algorithm {
            HmacAlgorithm::Sha1 => HashKind::Sha1,
            HmacAlgorithm::Sha256 => HashKind::Sha256,
            HmacAlgorithm::Sha512 => HashKind::Sha512,
        },
        string_to_sign: texts.text(&settings.string_to_sign, Place::Text)?,
        encoding: match settings.encoding {
            SignatureEncoding::Hex => Encoding::Hex,
            SignatureEncoding::Base64 => Encoding::Base64,
            SignatureEncoding::Base64Url => Encoding::Base64Url,
        },
        place,
        value: texts.text(&settings.value, value_place)?,
        headers,
        query: texts.queries(&settings.query)?,
        reads_body: settings.texts().any(reads_body),
        reads_time: settings.reads_time(),
    })
}

struct Texts {
    known: Known,
}

impl Texts {
    /// A template as a function of the request. What it names must be there: that is found out now, while the mistake
    /// can still be told as one of the definition.
    fn text(&self, template: &Template, place: Place) -> Result<Text, BuildError> {
        self.try_out(template, place)?;
        let (known, template) = (self.known.clone(), template.clone());
        Ok(Text::new(move |facts| {
            let scope = FactsScope {
                known: &known,
                facts,
            };
            Ok(template.resolve_text(&scope, place)?)
        }))
    }

    fn queries(
        &self,
        entries: &IndexMap<String, Template>,
    ) -> Result<Vec<(String, Text)>, BuildError> {
        let text = |(name, template): (&String, &Template)| {
            Ok((name.clone(), self.text(template, Place::Query)?))
        };
        entries.iter().map(text).collect()
    }

    /// Resolves a template over a request that is like none, but whose every part is there.
    fn try_out(&self, template: &Template, place: Place) -> Result<(), BuildError> {
        if template.expressions().any(|it| is_header(&it.path)) {
            // Which headers there are, only the request tells.
            return Ok(());
        }
        let Ok(url) = Url::parse("https://stand-in.invalid/") else {
            return Ok(());
        };
        let fresh = Fresh {
            at: std::time::UNIX_EPOCH,
            random: [0; 32],
        };
        let facts = Facts {
            request: Unsigned {
                method: &Method::GET,
                url: &url,
                headers: &HeaderMap::new(),
                body: Some(&[]),
            },
            fresh: &fresh,
            signature: Some(""),
        };
        let scope = FactsScope {
            known: &self.known,
            facts: &facts,
        };
        template.resolve_text(&scope, place)?;
        Ok(())
    }
}

fn header_name(name: &str) -> Result<HeaderName, BuildError> {
    HeaderName::from_bytes(name.as_bytes()).map_err(|_| BuildError::Header {
        name: name.to_owned(),
        why: "its name holds a character that a name cannot have",
    })
}

fn is_header(path: &template::Path) -> bool {
    path.root == "request"
        && matches!(path.segments.first(), Some(Segment::Key(key)) if key == "headers")
}

fn reads_body(template: &Template) -> bool {
    template.expressions().any(|expression| {
        let path = &expression.path;
        let first = path.segments.first();
        path.root == "request"
            && matches!(first, Some(Segment::Key(key)) if key == "body" || key == "body_sha256")
    })
}

fn read_key(text: &str, encoding: KeyEncoding) -> Result<SecretBytes, BuildError> {
    let unusable = |problem: String, help: &str| BuildError::SignIn {
        field: "key",
        problem,
        help: help.to_owned(),
    };
    let key = decoded(text, encoding).map_err(|error| {
        unusable(
            format!("{error}, as `key_encoding` says"),
            "Set the key as the API gave it to you, or change `key_encoding`: `text`, `base64` or `hex`.",
        )
    })?;
    match key.reveal().is_empty() {
        true => Err(unusable(
            "is empty".to_owned(),
            "Set the key that the API gave you.",
        )),
        false => Ok(key),
    }
}

#[cfg(test)]
mod tests {
    use super::read_key;
    use crate::request::BuildError;
    use model::KeyEncoding;

    #[test]
    fn a_key_is_read_as_it_is_written() {
        let bytes: &[u8] = &[0xfb, 0xef, 0xff];
        let table = [
            (KeyEncoding::Text, "++//", Some(b"++//".as_slice())),
            (KeyEncoding::Base64, "++//", Some(bytes)),
            (KeyEncoding::Base64, "--__\n", Some(bytes)),
            (KeyEncoding::Base64, "YQ", Some(b"a".as_slice())),
            (KeyEncoding::Base64, "YQ==", Some(b"a".as_slice())),
            (KeyEncoding::Hex, "FBefff", Some(bytes)),
            (KeyEncoding::Base64, "no base64!", None),
            (KeyEncoding::Hex, "fbe", None),
            (KeyEncoding::Hex, "+1zz", None),
            (KeyEncoding::Hex, "é", None),
            (KeyEncoding::Text, "", None),
        ];
        for (encoding, text, expected) in table {
            let read = read_key(text, encoding);
            assert_eq!(
                read.as_ref().ok().map(|key| key.reveal()),
                expected,
                "{encoding:?} {text:?}"
            );
            if let Err(error) = read {
                assert!(matches!(error, BuildError::SignIn { field: "key", .. }));
                assert!(!error.help().is_empty() && !error.to_string().contains("base64!"));
            }
        }
    }
}
