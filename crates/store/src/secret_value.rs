//! The secrets of a connector, per environment: sealed values with names that are not secret.

use rusqlite::OptionalExtension;
use secret::{SecretBytes, SecretString};
use zeroize::Zeroizing;

use crate::change::{Kind, note};
use crate::database::{next_number, signed, unsigned, writing};
use crate::error::StoreError;
use crate::seal::{Place, Sealed};
use crate::store::Store;

impl Store {
    /// Stores a secret in place of an older one of this name.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn set_secret(
        &self,
        connector: &str,
        environment: Option<&str>,
        name: &str,
        value: SecretString,
    ) -> Result<(), StoreError> {
        let (connector, environment, name) = owned(connector, environment, name);
        let (keyring, now) = (self.keyring(), self.now());
        self.write(move |connection| {
            let transaction = writing(connection)?;
            // One count for all, so that an older value never fits again, not even after a removal.
            let version = next_number(&transaction, "secret")?;
            let plain = SecretBytes::new(value.reveal().as_bytes().to_vec());
            let sealed = keyring.seal(&place(&connector, &environment, &name, version), &plain)?;
            let sql = "INSERT INTO secrets (connector, environment, name, version, sealed, updated_at) \
                       VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (connector, environment, name) DO UPDATE \
                       SET version = excluded.version, sealed = excluded.sealed, updated_at = excluded.updated_at";
            transaction.execute(sql, (&connector, &environment, &name, signed(version), sealed.stored(), now))?;
            note(&transaction, Kind::Secrets)?;
            Ok(transaction.commit()?)
        })
        .await
    }

    /// The secret of this name, where there is one.
    ///
    /// # Errors
    /// Where the database fails or the value does not open.
    pub async fn secret(
        &self,
        connector: &str,
        environment: Option<&str>,
        name: &str,
    ) -> Result<Option<SecretString>, StoreError> {
        let key = owned(connector, environment, name);
        let found = self
            .look(move |connection| {
                let sql = "SELECT version, sealed FROM secrets WHERE connector = $1 AND environment = $2 AND name = $3";
                let row = connection.query_row(sql, key, |row| {
                    Ok((unsigned(row.get(0)?), Sealed::from_stored(row.get(1)?)))
                });
                Ok(row.optional()?)
            })
            .await?;
        let Some((version, sealed)) = found else {
            return Ok(None);
        };
        let place = place(connector, environment.unwrap_or_default(), name, version);
        let bytes = self
            .unseal(&place, &sealed, &format!("secret {name} of {connector}"))
            .await?;
        // It went in as text, and the seal says that it is what went in.
        let mut text = Zeroizing::new(String::from_utf8_lossy(bytes.reveal()).into_owned());
        Ok(Some(SecretString::new(std::mem::take(&mut *text))))
    }

    /// The names of the secrets that are stored.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn secret_names(
        &self,
        connector: &str,
        environment: Option<&str>,
    ) -> Result<Vec<String>, StoreError> {
        let key = (
            connector.to_owned(),
            environment.unwrap_or_default().to_owned(),
        );
        self.look(move |connection| {
            let sql =
                "SELECT name FROM secrets WHERE connector = $1 AND environment = $2 ORDER BY name";
            let mut statement = connection.prepare_cached(sql)?;
            let names = statement.query_map(key, |row| row.get(0))?;
            Ok(names.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// Removes a secret; false where there was none.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn delete_secret(
        &self,
        connector: &str,
        environment: Option<&str>,
        name: &str,
    ) -> Result<bool, StoreError> {
        let key = owned(connector, environment, name);
        self.write(move |connection| {
            let transaction = writing(connection)?;
            let sql = "DELETE FROM secrets WHERE connector = $1 AND environment = $2 AND name = $3";
            let deleted = transaction.execute(sql, key)? == 1;
            if deleted {
                note(&transaction, Kind::Secrets)?;
            }
            transaction.commit()?;
            Ok(deleted)
        })
        .await
    }
}

fn owned(connector: &str, environment: Option<&str>, name: &str) -> (String, String, String) {
    (
        connector.to_owned(),
        environment.unwrap_or_default().to_owned(),
        name.to_owned(),
    )
}

fn place<'a>(connector: &'a str, environment: &'a str, name: &'a str, version: u64) -> Place<'a> {
    Place {
        column: "secrets.sealed",
        id: name,
        connector,
        environment,
        owner: "",
        origins: "",
        version,
        generation: 0,
    }
}
