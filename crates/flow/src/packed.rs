//! A credential that waits to be used: one exact piece of memory that is wiped, rather than a tree of values.
//!
//! A process holds many thousands of them and reads few at a time: a reply as values takes several times its length.

use model::Origin;
use outbound::{DpopKey, Jar};
use secret::SecretBytes;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::sync::OnceLock;

use crate::credential::Credential;
use crate::outputs::Outputs;

/// A credential without its jar, read only where somebody asks for what is in it.
pub struct PackedCredential {
    content: Content,
    dpop_key: Option<DpopKey>,
    signed_in_at: i64,
    issued_at: i64,
    expires_at: Option<i64>,
    renew_at: Option<i64>,
}

enum Content {
    Packed(SecretBytes),
    /// What would not come out as it went in.
    Open(Box<Parts>),
}

/// What is packed. Written as a list: names would take as much room again.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
struct Parts(
    indexmap::IndexMap<String, Map<String, Value>>,
    Option<String>,
    Option<String>,
    Vec<(String, String, u16)>,
    Vec<i64>,
);

/// The outputs that templates name.
#[derive(Clone)]
pub(crate) enum Named<'a> {
    Open(&'a Outputs),
    /// Read when one is first named: most conditions only look at the reply.
    Packed(&'a PackedCredential, OnceLock<Outputs>),
}

impl PackedCredential {
    /// Packs it; the jar changes with every call and is kept apart.
    #[must_use]
    pub fn new(credential: Credential) -> (Self, Jar) {
        let origin = |origin: Origin| (origin.scheme, origin.host, origin.port);
        let parts = Parts(
            credential.outputs.0,
            credential.identity,
            credential.label,
            credential.origins.into_iter().map(origin).collect(),
            credential.used_codes,
        );
        let packed = Self {
            content: Content::pack(parts),
            dpop_key: credential.dpop_key,
            signed_in_at: credential.signed_in_at,
            issued_at: credential.issued_at,
            expires_at: credential.expires_at,
            renew_at: credential.renew_at,
        };
        (packed, credential.jar)
    }

    /// The credential again, with these cookies.
    #[must_use]
    pub fn open(&self, jar: Jar) -> Credential {
        let Parts(outputs, identity, label, origins, used_codes) = self.content.open();
        let origin = |(scheme, host, port)| Origin { scheme, host, port };
        Credential {
            outputs: Outputs(outputs),
            jar,
            signed_in_at: self.signed_in_at,
            issued_at: self.issued_at,
            expires_at: self.expires_at,
            renew_at: self.renew_at,
            identity,
            label,
            used_codes,
            dpop_key: self.dpop_key.clone(),
            origins: origins.into_iter().map(origin).collect(),
        }
    }

    /// The key that its tokens are bound to.
    pub(crate) fn dpop_key(&self) -> Option<&DpopKey> {
        self.dpop_key.as_ref()
    }

    /// When it was last made or renewed, in seconds since 1970.
    #[must_use]
    pub fn issued_at(&self) -> i64 {
        self.issued_at
    }

    /// When it ends, where that is known.
    #[must_use]
    pub fn expires_at(&self) -> Option<i64> {
        self.expires_at
    }

    /// When to renew it: see [`Credential::renew_at`].
    #[must_use]
    pub fn renew_at(&self) -> Option<i64> {
        self.renew_at
    }

    /// Whether its end is known and has come.
    #[must_use]
    pub fn has_expired(&self, now: i64) -> bool {
        self.expires_at.is_some_and(|end| end <= now)
    }
}

impl Content {
    fn pack(parts: Parts) -> Self {
        let Ok(written) = serde_json::to_vec(&parts).map(SecretBytes::new) else {
            return Self::Open(Box::new(parts));
        };
        // Exactly as long as it is; what it was written to is wiped.
        let packed = Self::Packed(SecretBytes::new(written.reveal().to_vec()));
        // What is nested too deeply, and some fractions, are read otherwise than they were written.
        if packed.open() == parts {
            packed
        } else {
            Self::Open(Box::new(parts))
        }
    }

    fn open(&self) -> Parts {
        match self {
            // It was read once when it was packed.
            Self::Packed(bytes) => serde_json::from_slice(bytes.reveal()).unwrap_or_default(),
            Self::Open(parts) => (**parts).clone(),
        }
    }
}

impl Named<'_> {
    pub(crate) fn outputs(&self) -> &Outputs {
        match self {
            Self::Open(outputs) => outputs,
            Self::Packed(packed, read) => read.get_or_init(|| Outputs(packed.content.open().0)),
        }
    }
}

impl std::fmt::Debug for PackedCredential {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PackedCredential")
            .field("issued_at", &self.issued_at)
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn credential(output: Value) -> Credential {
        let mut outputs = Outputs::new();
        outputs.set("b", Map::from_iter([("token".to_owned(), output)]));
        outputs.set("a", Map::new());
        Credential {
            outputs,
            jar: Jar::new(),
            signed_in_at: 1,
            issued_at: 2,
            expires_at: Some(30),
            renew_at: Some(20),
            identity: Some("alice".to_owned()),
            label: None,
            used_codes: vec![30],
            dpop_key: Some(DpopKey::from_random([3; 32])),
            origins: vec![Origin {
                scheme: "https".to_owned(),
                host: "example.org".to_owned(),
                port: 443,
            }],
        }
    }

    #[test]
    fn it_comes_out_as_it_went_in() {
        let deep = (0..300).fold(json!(1), |inner, _| json!([inner]));
        let table = [
            (json!("hunter2"), true),
            (
                json!({ "z": [1, -2, 0.5, null, true], "a": "\u{0}\"ü" }),
                true,
            ),
            (json!(u64::MAX), true),
            (deep, false),
        ];
        for (output, is_packed) in table {
            let before = credential(output);
            let (packed, jar) = PackedCredential::new(before.clone());
            assert_eq!(matches!(packed.content, Content::Packed(_)), is_packed);
            let after = packed.open(jar);
            assert_eq!(packed.has_expired(30), before.has_expired(30));
            assert_eq!(after.outputs, before.outputs);
            let steps: Vec<_> = after.outputs.steps().map(|(step, _)| step).collect();
            assert_eq!(steps, ["b", "a"]);
            assert_eq!(after.origins, before.origins);
            assert_eq!(
                (after.identity, after.label),
                (before.identity, before.label)
            );
            assert_eq!(after.renew_at, before.renew_at);
            assert_eq!(after.used_codes, before.used_codes);
            assert_eq!(after.dpop_key, before.dpop_key);
            assert_eq!((after.signed_in_at, after.issued_at), (1, 2));
        }
    }

    #[test]
    fn debug_shows_nothing_of_it() {
        let (packed, _) = PackedCredential::new(credential(json!("hunter2")));
        let shown = format!("{packed:?}");
        assert!(
            !shown.contains("hunter2") && !shown.contains("alice"),
            "{shown}"
        );
    }
}
