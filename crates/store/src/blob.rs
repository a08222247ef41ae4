//! Sealed blobs that a browser keeps: bound to app, user, connector, connection and version, and useless elsewhere.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secret::SecretBytes;

use crate::change::{Kind, note};
use crate::database::{signed, writing};
use crate::error::StoreError;
use crate::seal::{Place, Sealed};
use crate::store::Store;

/// What a blob is bound to; all of it is authenticated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BlobPlace<'a> {
    /// The app.
    pub app: &'a str,
    /// The app's user.
    pub user: &'a str,
    /// The connector.
    pub connector: &'a str,
    /// The id of the connection.
    pub connection: &'a str,
    /// The version of the credential.
    pub version: u64,
}

/// What a blob says in the clear of where it belongs. Nothing vouches for it until the blob opens there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlobLabel {
    /// The id of the connection.
    pub connection: String,
    /// The version of the credential.
    pub version: u64,
}

impl BlobLabel {
    /// What the text of a blob says.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let (connection, version, _) = parts(text)?;
        Some(Self {
            connection: connection.to_owned(),
            version,
        })
    }
}

impl Store {
    /// Seals what a browser is to keep, as text that a header may carry: letters, digits, `.`, `-` and `_`.
    ///
    /// # Errors
    /// Where it cannot be sealed.
    pub fn seal_blob(
        &self,
        place: BlobPlace<'_>,
        content: &SecretBytes,
    ) -> Result<String, StoreError> {
        let sealed = self.keyring().seal(&place.sealed_for(), content)?;
        let BlobPlace {
            connection,
            version,
            ..
        } = place;
        let sealed = URL_SAFE_NO_PAD.encode(sealed.stored());
        Ok(format!("{FORMAT}.{connection}.{version}.{sealed}"))
    }

    /// Opens what a browser kept, at exactly the place it was sealed for.
    ///
    /// # Errors
    /// [`StoreError::BlobRefused`] where it was altered, or sealed for another place.
    pub async fn open_blob(
        &self,
        place: BlobPlace<'_>,
        text: &str,
    ) -> Result<SecretBytes, StoreError> {
        let sealed = match parts(text) {
            Some((connection, version, sealed))
                if connection == place.connection && version == place.version =>
            {
                URL_SAFE_NO_PAD.decode(sealed)
            }
            _ => return Err(StoreError::BlobRefused),
        };
        let sealed = Sealed::from_stored(sealed.map_err(|_| StoreError::BlobRefused)?);
        match self.unseal(&place.sealed_for(), &sealed, "a blob").await {
            Err(StoreError::Unreadable { .. } | StoreError::UnknownDataKey { .. }) => {
                Err(StoreError::BlobRefused)
            }
            settled => settled,
        }
    }
}

impl Store {
    /// Forgets the credential of this version, which a browser has shown that it keeps; the connection stays. False where
    /// the connection has another version, or is gone.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn hand_over(&self, id: &str, version: u64) -> Result<bool, StoreError> {
        let id = id.to_owned();
        self.write(move |connection| {
            let transaction = writing(connection)?;
            let changed = signed(note(&transaction, Kind::Connections)?);
            let sql = "UPDATE connections SET sealed = $1, cookies = NULL, changed = $2 WHERE id = $3 AND version = $4";
            let none = Sealed::default();
            let rows = transaction.execute(sql, (none.stored(), changed, &id, signed(version)))?;
            transaction.commit()?;
            Ok(rows == 1)
        })
        .await
    }
}

impl<'a> BlobPlace<'a> {
    fn sealed_for(self) -> Place<'a> {
        Place {
            column: "browser.blob",
            id: self.connection,
            connector: self.connector,
            environment: self.app,
            owner: self.user,
            origins: "",
            version: self.version,
            generation: 0,
        }
    }
}

/// The first part of every blob: how the rest is laid out.
const FORMAT: &str = "sb1";

fn parts(text: &str) -> Option<(&str, u64, &str)> {
    let mut parts = text.split('.');
    let four = [parts.next()?, parts.next()?, parts.next()?, parts.next()?];
    match (four, parts.next()) {
        ([FORMAT, connection, version, sealed], None) => {
            Some((connection, version.parse().ok()?, sealed))
        }
        _ => None,
    }
}
