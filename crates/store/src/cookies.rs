//! The cookies that calls bring, written behind: they have a generation of their own and leave the credential as it is.

use secret::SecretBytes;

use crate::change::{Kind, note};
use crate::connection::{unchanged, written};
use crate::database::{signed, writing};
use crate::error::StoreError;
use crate::record::{ConnectionRecord, cookies_place};
use crate::store::Store;

impl Store {
    /// Writes the cookies that calls have brought. The credential and its version stay as they are.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where the credential has another version, its cookies another generation, or the
    /// connection is gone: read it again, merge and write again.
    pub async fn put_cookies(
        &self,
        id: &str,
        version: u64,
        generation: u64,
        cookies: SecretBytes,
    ) -> Result<ConnectionRecord, StoreError> {
        let (id, keyring) = (id.to_owned(), self.keyring());
        self.write(move |connection| {
            let transaction = writing(connection)?;
            let mut record = unchanged(&transaction, &id, version, None)?;
            if record.cookies_generation != generation {
                return Err(StoreError::Conflict.into());
            }
            record.cookies_generation += 1;
            let sealed = keyring.seal(&cookies_place(&record), &cookies)?;
            let sql = "UPDATE connections SET cookies = $1, cookies_generation = $2, changed = $3 \
                       WHERE id = $4 AND version = $5 AND cookies_generation = $6";
            let changed = signed(note(&transaction, Kind::Connections)?);
            let next = signed(record.cookies_generation);
            let row = (
                sealed.stored(),
                next,
                changed,
                &id,
                signed(version),
                signed(generation),
            );
            written(transaction.execute(sql, row)?)?;
            transaction.commit()?;
            record.cookies = Some(sealed);
            Ok(record)
        })
        .await
    }

    /// The cookies in the clear that calls have brought since the credential was stored, where there are any.
    ///
    /// # Errors
    /// As [`Store::open_sealed`].
    pub async fn open_cookies(
        &self,
        record: &ConnectionRecord,
    ) -> Result<Option<SecretBytes>, StoreError> {
        let Some(sealed) = &record.cookies else {
            return Ok(None);
        };
        let what = format!("the cookies of connection {}", record.id);
        self.unseal(&cookies_place(record), sealed, &what)
            .await
            .map(Some)
    }
}
