//! Secrets of the server itself, such as the one that signs user tokens: made once, the same for all processes.

use rusqlite::{Connection, OptionalExtension};
use secret::SecretBytes;

use crate::database::writing;
use crate::error::{Fault, StoreError};
use crate::seal::{Place, Sealed};
use crate::store::Store;

impl Store {
    /// 32 random bytes of this name, made by whoever asks first.
    ///
    /// # Errors
    /// Where the database fails or the value does not open.
    pub async fn server_secret(&self, name: &str) -> Result<SecretBytes, StoreError> {
        let key = name.to_owned();
        let found = self.look(move |connection| find(connection, &key)).await?;
        let sealed = match found {
            Some(sealed) => sealed,
            None => self.make_server_secret(name.to_owned()).await?,
        };
        let what = format!("the server's secret {name}");
        self.unseal(&place(name), &sealed, &what).await
    }

    async fn make_server_secret(&self, name: String) -> Result<Sealed, StoreError> {
        let (keyring, now) = (self.keyring(), self.now());
        let fresh = SecretBytes::new(self.random().bytes::<32>().to_vec());
        self.write(move |connection| {
            let transaction = writing(connection)?;
            // Another may have made it since.
            if let Some(sealed) = find(&transaction, &name)? {
                return Ok(sealed);
            }
            let sealed = keyring.seal(&place(&name), &fresh)?;
            let sql = "INSERT INTO server_secrets (name, sealed, created_at) VALUES ($1, $2, $3)";
            transaction.execute(sql, (&name, sealed.stored(), now))?;
            transaction.commit()?;
            Ok(sealed)
        })
        .await
    }
}

fn find(connection: &Connection, name: &str) -> Result<Option<Sealed>, Fault> {
    let sql = "SELECT sealed FROM server_secrets WHERE name = $1";
    let row = connection.query_row(sql, [name], |row| Ok(Sealed::from_stored(row.get(0)?)));
    Ok(row.optional()?)
}

fn place(name: &str) -> Place<'_> {
    Place {
        column: "server_secrets.sealed",
        id: name,
        connector: "",
        environment: "",
        owner: "",
        origins: "",
        version: 1,
        generation: 0,
    }
}
