//! An app with its first key, for who has a shell and no account yet.

use model::Random;
use secret::SecretString;
use store::{AppSettings, Digest, Published, Store, StoreError};

use crate::api::app_address::{AddressError, origin, return_address};

/// What a key begins with.
const PREFIX: &str = "sg_app_";

/// How many of its last letters are kept, to tell keys apart by.
const HINT: usize = 4;

/// An app to be made.
#[derive(Clone, Debug, Default)]
pub struct NewApp {
    /// Its name.
    pub name: String,
    /// Origins whose pages may call.
    pub origins: Vec<String>,
    /// Where the managed auth screen may send a browser back to.
    pub return_addresses: Vec<String>,
    /// The connectors that it may use.
    pub connectors: Vec<String>,
}

/// Why an app was not made.
#[derive(Debug, thiserror::Error)]
pub enum NewAppError {
    /// An origin or a return address is none.
    #[error("{address} is not taken: {why}")]
    Address {
        /// What was given.
        address: String,
        /// What is wrong with it.
        why: String,
    },
    /// The name cannot be had, or the store failed.
    #[error("{0}")]
    Store(#[from] StoreError),
}

/// A key that was just made.
pub(crate) struct MintedKey {
    pub(crate) key: String,
    pub(crate) hint: String,
    pub(crate) hash: Digest,
}

/// Makes an app, and answers with its key, which is kept nowhere.
///
/// # Errors
/// See [`NewAppError`].
pub async fn create_app(
    store: &Store,
    random: &Random,
    app: NewApp,
) -> Result<SecretString, NewAppError> {
    let settings = AppSettings {
        title: app.name.clone(),
        origins: all(&app.origins, origin)?,
        return_addresses: all(&app.return_addresses, return_address)?,
        connectors: app
            .connectors
            .into_iter()
            .map(|connector| Published {
                connector,
                selected: true,
            })
            .collect(),
        ..AppSettings::default()
    };
    let made = store.create_app(&app.name, settings).await?;
    let minted = MintedKey::new(random);
    store
        .add_app_key(&made.name, minted.hash, &minted.hint)
        .await?;
    Ok(SecretString::new(minted.key))
}

impl MintedKey {
    pub(crate) fn new(random: &Random) -> Self {
        let letters = random.base64url(32);
        let (_, last) = letters.split_at(letters.len().saturating_sub(HINT));
        let key = format!("{PREFIX}{letters}");
        Self {
            hint: format!("…{last}"),
            hash: Digest::of(key.as_bytes()),
            key,
        }
    }
}

fn all(
    texts: &[String],
    read: impl Fn(&str) -> Result<String, AddressError>,
) -> Result<Vec<String>, NewAppError> {
    texts
        .iter()
        .map(|text| {
            read(text).map_err(|error| NewAppError::Address {
                address: text.clone(),
                why: error.to_string(),
            })
        })
        .collect()
}
