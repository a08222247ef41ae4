//! How an app's users are known by single sign-on: settings that the server reads, and a key that the app shares, sealed.

use rusqlite::{OptionalExtension, Transaction};
use secret::{SecretBytes, SecretString};
use zeroize::Zeroizing;

use crate::app;
use crate::database::{next_number, signed, unsigned, writing};
use crate::error::{Fault, StoreError};
use crate::seal::{Place, Sealed};
use crate::store::Store;

/// How an app's users are known by single sign-on.
#[derive(Clone, Debug)]
pub struct AppSsoRecord {
    /// What the server reads, as it was put in.
    pub settings: String,
    /// The key that the app and we share; empty: none.
    pub shared_key: SecretString,
    /// Raised by each write.
    pub version: u64,
}

impl Store {
    /// Sets how an app's users are known, in the place of what was: of any version, or of the one that is named.
    ///
    /// # Errors
    /// [`StoreError::Missing`] where there is no such app, [`StoreError::Conflict`] where a version is named and another
    /// or nothing is set.
    pub async fn put_app_sso(
        &self,
        app: &str,
        over: Option<u64>,
        settings: String,
        shared_key: SecretString,
    ) -> Result<AppSsoRecord, StoreError> {
        let (app, keyring) = (app.to_owned(), self.keyring());
        self.write(move |connection| {
            let transaction = writing(connection)?;
            if app::find(&transaction, &app)?.is_none() {
                return Err(StoreError::Missing {
                    what: "app",
                    name: app,
                }
                .into());
            }
            check(&transaction, &app, over)?;
            let version = next_number(&transaction, "app_sso")?;
            let plain = SecretBytes::new(shared_key.reveal().as_bytes().to_vec());
            let sealed = keyring.seal(&place(&app, version), &plain)?;
            let sql = "INSERT INTO app_sso (app, settings, shared_key, version) VALUES ($1, $2, $3, $4) \
                       ON CONFLICT (app) DO UPDATE SET settings = excluded.settings, \
                       shared_key = excluded.shared_key, version = excluded.version";
            transaction.execute(sql, (&app, &settings, sealed.stored(), signed(version)))?;
            transaction.commit()?;
            Ok(AppSsoRecord {
                settings,
                shared_key,
                version,
            })
        })
        .await
    }

    /// How an app's users are known, where that is set.
    ///
    /// # Errors
    /// Where the database fails or the key does not open.
    pub async fn app_sso(&self, app: &str) -> Result<Option<AppSsoRecord>, StoreError> {
        let key = app.to_owned();
        let found = self
            .look(move |connection| {
                let sql = "SELECT settings, shared_key, version FROM app_sso WHERE app = $1";
                let row = connection.query_row(sql, [key], |row| {
                    let sealed = Sealed::from_stored(row.get(1)?);
                    Ok((row.get(0)?, sealed, unsigned(row.get(2)?)))
                });
                Ok(row.optional()?)
            })
            .await?;
        let Some((settings, sealed, version)) = found else {
            return Ok(None);
        };
        let what = format!("the key of the app {app}");
        let opened = self.unseal(&place(app, version), &sealed, &what).await?;
        // It went in as text, and the seal says that it is what went in.
        let mut text = Zeroizing::new(String::from_utf8_lossy(opened.reveal()).into_owned());
        Ok(Some(AppSsoRecord {
            settings,
            shared_key: SecretString::new(std::mem::take(&mut *text)),
            version,
        }))
    }

    /// Takes it back; false where nothing was set.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where a version is named and another is set.
    pub async fn delete_app_sso(&self, app: &str, over: Option<u64>) -> Result<bool, StoreError> {
        let app = app.to_owned();
        self.write(move |connection| {
            let transaction = writing(connection)?;
            if version(&transaction, &app)?.is_none() {
                return Ok(false);
            }
            check(&transaction, &app, over)?;
            transaction.execute("DELETE FROM app_sso WHERE app = $1", [app])?;
            transaction.commit()?;
            Ok(true)
        })
        .await
    }
}

/// Refuses to write over another version than the one that was named.
fn check(transaction: &Transaction<'_>, app: &str, over: Option<u64>) -> Result<(), Fault> {
    match over.is_none() || version(transaction, app)? == over {
        true => Ok(()),
        false => Err(StoreError::Conflict.into()),
    }
}

fn version(transaction: &Transaction<'_>, app: &str) -> Result<Option<u64>, Fault> {
    let sql = "SELECT version FROM app_sso WHERE app = $1";
    let row = transaction.query_row(sql, [app], |row| Ok(unsigned(row.get(0)?)));
    Ok(row.optional()?)
}

fn place(app: &str, version: u64) -> Place<'_> {
    Place {
        column: "app_sso.shared_key",
        id: app,
        connector: "",
        environment: "",
        owner: "",
        origins: "",
        version,
        generation: 0,
    }
}
