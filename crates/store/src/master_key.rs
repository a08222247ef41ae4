//! The master key, which wraps the data keys: where it comes from, how it is written, how it is made.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use model::Random;
use secret::SecretString;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::error::StoreError;
use crate::notice::Notice;
use crate::seal::{KEY_BYTES, SealingKey};

/// Where the master key comes from.
#[derive(Clone, Debug)]
pub enum KeySource {
    /// The value of `STEPGATE_KEY`.
    Env(SecretString),
    /// The file that `STEPGATE_KEY_FILE` names.
    File(PathBuf),
    /// The data folder's own file, made at the first start.
    InDataDir,
}

/// A new master key, written as base64url.
#[must_use]
pub fn generate_key(random: &Random) -> SecretString {
    SecretString::new(random.base64url(KEY_BYTES))
}

/// Looks at a key that is given, without anything to open by it; the data folder's own is not looked at.
///
/// # Errors
/// It cannot be read, or is no key.
pub fn check_key(source: &KeySource) -> Result<Vec<Notice>, StoreError> {
    let mut notices = Vec::new();
    MasterKey::given(source, &mut notices)?;
    Ok(notices)
}

/// The master key and where it came from.
pub(crate) struct MasterKey {
    pub(crate) key: SealingKey,
    pub(crate) source_name: String,
    pub(crate) fingerprint: String,
}

impl MasterKey {
    /// The key that the caller gave, or none where it lies in the data folder.
    pub(crate) fn given(
        source: &KeySource,
        notices: &mut Vec<Notice>,
    ) -> Result<Option<Self>, StoreError> {
        match source {
            KeySource::Env(text) => Self::parse(text.reveal(), "STEPGATE_KEY".to_owned()).map(Some),
            KeySource::File(path) => Self::read(path, notices).map(Some),
            KeySource::InDataDir => Ok(None),
        }
    }

    /// The key in the data folder, which must be there because it has sealed something.
    pub(crate) fn read(path: &Path, notices: &mut Vec<Notice>) -> Result<Self, StoreError> {
        let failed = |error: std::io::Error| StoreError::KeyFile {
            doing: "read",
            path: path.to_owned(),
            why: error.to_string(),
            help: match error.kind() {
                ErrorKind::NotFound => {
                    "put the key back that the data was sealed with, or set STEPGATE_KEY"
                }
                ErrorKind::PermissionDenied => "run as the file's owner, or let that user read it",
                _ => "see that it is a file with a key in it",
            },
        };
        let file = File::open(path).map_err(failed)?;
        let mode = file.metadata().map_err(failed)?.permissions().mode() & 0o7777;
        if mode & 0o077 != 0 {
            notices.push(Notice::KeyFileOpenToOthers {
                path: path.to_owned(),
                mode,
            });
        }
        let mut text = Zeroizing::new(String::with_capacity(LONGEST));
        // A device or a big file given by mistake must not be read to its end.
        file.take(LONGEST as u64)
            .read_to_string(&mut text)
            .map_err(failed)?;
        Self::parse(&text, path.display().to_string())
    }

    /// The key in the data folder, made if it is not there. Of two that make one at once, one wins and both use it.
    pub(crate) fn read_or_make(
        path: &Path,
        random: &Random,
        notices: &mut Vec<Notice>,
    ) -> Result<Self, StoreError> {
        if !path.exists() {
            let made = make(path, &generate_key(random), random).map_err(|error| StoreError::KeyFile {
                doing: "make",
                path: path.to_owned(),
                why: error.to_string(),
                help: "make its folder writable, or give a key with STEPGATE_KEY (`stepgate keygen` makes one)",
            })?;
            if made {
                notices.push(Notice::KeyMade {
                    path: path.to_owned(),
                });
            }
        }
        Self::read(path, notices)
    }

    /// Reads base64url, base64 (padded or not) or hex of 32 bytes.
    pub(crate) fn parse(text: &str, source_name: String) -> Result<Self, StoreError> {
        match decode(text.trim()) {
            Ok(bytes) => {
                let digest = Sha256::new()
                    .chain_update(b"stepgate master key")
                    .chain_update(bytes.as_slice())
                    .finalize();
                Ok(Self {
                    key: SealingKey::new(bytes),
                    source_name,
                    fingerprint: hex::encode(&digest[..8]),
                })
            }
            Err(why) => Err(StoreError::UnusableKey { source_name, why }),
        }
    }
}

/// The most that is read of a key file, in bytes.
const LONGEST: usize = 1024;

fn decode(text: &str) -> Result<Zeroizing<[u8; KEY_BYTES]>, String> {
    if text.is_empty() {
        return Err("is empty".to_owned());
    }
    let is_hex = text.len() == 2 * KEY_BYTES && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let bytes = if is_hex {
        hex::decode(text).ok()
    } else {
        let standard = text
            .trim_end_matches('=')
            .replace('-', "+")
            .replace('_', "/");
        STANDARD_NO_PAD
            .decode(Zeroizing::new(standard).as_bytes())
            .ok()
    };
    let bytes = Zeroizing::new(bytes.unwrap_or_default());
    if bytes.len() != KEY_BYTES {
        let characters = text.chars().count();
        return Err(format!("is no such key (it has {characters} characters)"));
    }
    let mut key = Zeroizing::new([0; KEY_BYTES]);
    key.copy_from_slice(&bytes);
    if key.iter().all(|byte| *byte == key[0]) {
        return Err("is one byte over and over".to_owned());
    }
    Ok(key)
}

/// Writes the key so that `path` is never there with anything but a whole key; says whether it was ours.
fn make(path: &Path, key: &SecretString, random: &Random) -> std::io::Result<bool> {
    let text = Zeroizing::new(format!("{}\n", key.reveal()));
    let folder = path.parent().unwrap_or(Path::new("."));
    let draft = folder.join(format!(".master.key.{}", random.base64url(9)));
    let written = write_new(&draft, text.as_bytes());
    // A link fails where the name is taken, and the name then stands for a whole file: no lock is needed.
    let made = written.and_then(|()| match fs::hard_link(&draft, path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(false),
        // A file system without links.
        Err(_) => match write_new(path, text.as_bytes()) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(false),
            Err(error) => Err(error),
        },
    });
    let swept = fs::remove_file(&draft);
    let made = made?;
    swept?;
    File::open(folder)?.sync_all()?;
    Ok(made)
}

fn write_new(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}
