//! The only functions by which a run or a credential becomes bytes, and back. What they give is
//! in the clear: it must be encrypted before it is written anywhere.

use model::Origin;
use outbound::{DpopKey, Jar};
use secret::SecretBytes;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

use crate::credential::Credential;
use crate::error::SealError;
use crate::run::{Run, RunData};

/// The shape of what is sealed. A later shape gets a later number, and reads this one.
const SHAPE: u32 = 1;

/// A credential as bytes in the clear, for sealing and nothing else.
///
/// # Errors
/// None in practice: every part of it can be written.
pub fn seal_credential(credential: &Credential) -> Result<SecretBytes, SealError> {
    write(&Plain::from(credential))
}

/// A credential from what [`seal_credential`] gave.
///
/// # Errors
/// The bytes are not a credential, or one of a later shape.
pub fn open_credential(bytes: &SecretBytes) -> Result<Credential, SealError> {
    let plain: Plain = read(bytes)?;
    Credential::try_from(plain).map_err(|()| SealError::NotOurs)
}

/// A run as bytes in the clear, for sealing and nothing else.
///
/// # Errors
/// None in practice: every part of it can be written.
pub fn seal_run(run: &Run) -> Result<SecretBytes, SealError> {
    write(&run.0)
}

/// A run from what [`seal_run`] gave.
///
/// # Errors
/// The bytes are not a run, or one of a later shape.
pub fn open_run(bytes: &SecretBytes) -> Result<Run, SealError> {
    read::<RunData>(bytes).map(Run)
}

#[derive(Serialize)]
struct SealedRef<'a, T> {
    shape: u32,
    content: &'a T,
}

#[derive(Deserialize)]
struct Sealed<T> {
    content: T,
}

#[derive(Deserialize)]
struct Shape {
    shape: u32,
}

fn write<T: Serialize>(content: &T) -> Result<SecretBytes, SealError> {
    let sealed = SealedRef {
        shape: SHAPE,
        content,
    };
    let bytes = serde_json::to_vec(&sealed).map_err(|_| SealError::CannotWrite)?;
    Ok(SecretBytes::new(bytes))
}

// The reader's own error would quote what it stumbled over.
fn read<T: for<'de> Deserialize<'de>>(bytes: &SecretBytes) -> Result<T, SealError> {
    let Shape { shape } = serde_json::from_slice(bytes.reveal()).map_err(|_| SealError::NotOurs)?;
    if shape > SHAPE {
        return Err(SealError::Newer);
    }
    let sealed: Sealed<T> =
        serde_json::from_slice(bytes.reveal()).map_err(|_| SealError::NotOurs)?;
    Ok(sealed.content)
}

/// A credential in the clear.
#[derive(Serialize, Deserialize)]
struct Plain {
    outputs: indexmap::IndexMap<String, Map<String, Value>>,
    jar: Value,
    signed_in_at: i64,
    issued_at: i64,
    expires_at: Option<i64>,
    renew_at: Option<i64>,
    identity: Option<String>,
    label: Option<String>,
    origins: Vec<(String, String, u16)>,
    #[serde(default)]
    used_codes: Vec<i64>,
    #[serde(default, with = "dpop_key")]
    dpop_key: Option<DpopKey>,
}

impl From<&Credential> for Plain {
    fn from(credential: &Credential) -> Self {
        let origin = |origin: &Origin| (origin.scheme.clone(), origin.host.clone(), origin.port);
        Self {
            outputs: credential.outputs.0.clone(),
            jar: credential.jar.reveal_for_sealing(),
            signed_in_at: credential.signed_in_at,
            issued_at: credential.issued_at,
            expires_at: credential.expires_at,
            renew_at: credential.renew_at,
            identity: credential.identity.clone(),
            label: credential.label.clone(),
            origins: credential.origins.iter().map(origin).collect(),
            used_codes: credential.used_codes.clone(),
            dpop_key: credential.dpop_key.clone(),
        }
    }
}

impl TryFrom<Plain> for Credential {
    type Error = ();

    fn try_from(plain: Plain) -> Result<Self, ()> {
        let origin = |(scheme, host, port)| Origin { scheme, host, port };
        Ok(Self {
            outputs: crate::outputs::Outputs(plain.outputs),
            jar: Jar::from_sealed(&plain.jar).ok_or(())?,
            signed_in_at: plain.signed_in_at,
            issued_at: plain.issued_at,
            expires_at: plain.expires_at,
            renew_at: plain.renew_at,
            identity: plain.identity,
            label: plain.label,
            used_codes: plain.used_codes,
            dpop_key: plain.dpop_key,
            origins: plain.origins.into_iter().map(origin).collect(),
        })
    }
}

/// Outputs inside a sealed run.
pub(crate) mod outputs {
    use super::{Deserialize, Deserializer, Map, Serialize, Serializer, Value};
    use crate::outputs::Outputs;

    pub(crate) fn serialize<S: Serializer>(value: &Outputs, to: S) -> Result<S::Ok, S::Error> {
        value.0.serialize(to)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Outputs, D::Error> {
        indexmap::IndexMap::<String, Map<String, Value>>::deserialize(from).map(Outputs)
    }
}

/// A jar inside a sealed run.
pub(crate) mod jar {
    use super::{Deserialize, Deserializer, Jar, Serialize, Serializer, Value};

    pub(crate) fn serialize<S: Serializer>(value: &Jar, to: S) -> Result<S::Ok, S::Error> {
        value.reveal_for_sealing().serialize(to)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Jar, D::Error> {
        let value = Value::deserialize(from)?;
        Jar::from_sealed(&value).ok_or_else(|| serde::de::Error::custom("not a cookie jar"))
    }
}

/// A key that tokens are bound to.
pub(crate) mod dpop_key {
    use super::{Deserialize, Deserializer, DpopKey, SecretBytes, Serialize, Serializer};
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    pub(crate) fn serialize<S: Serializer>(
        value: &Option<DpopKey>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        let key = value.as_ref().map(DpopKey::reveal_for_sealing);
        key.map(|bytes| URL_SAFE_NO_PAD.encode(bytes.reveal()))
            .serialize(to)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Option<DpopKey>, D::Error> {
        let Some(text) = Option::<String>::deserialize(from)? else {
            return Ok(None);
        };
        let bytes = URL_SAFE_NO_PAD.decode(text).ok().map(SecretBytes::new);
        let key = bytes.and_then(|bytes| DpopKey::from_bytes(bytes.reveal()));
        key.map(Some)
            .ok_or_else(|| serde::de::Error::custom("not a key"))
    }
}

/// The credential that a sealed run renews or ends.
pub(crate) mod base {
    use super::{Credential, Deserialize, Deserializer, Plain, Serialize, Serializer};

    pub(crate) fn serialize<S: Serializer>(
        value: &Option<Credential>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        value.as_ref().map(Plain::from).serialize(to)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Option<Credential>, D::Error> {
        Option::<Plain>::deserialize(from)?
            .map(|plain| {
                Credential::try_from(plain)
                    .map_err(|()| serde::de::Error::custom("not a credential"))
            })
            .transpose()
    }
}
