//! Connections, written only over the version that the writer has seen, and under the lease it holds.

use model::StateRecord;
use rusqlite::{Connection, OptionalExtension, ToSql};
use secret::SecretBytes;

use crate::change::{Kind, note, remove_connections};
use crate::database::{signed, writing};
use crate::error::{Fault, StoreError};
use crate::gone_owner::refuse_gone;
use crate::lease::{Fence, holds};
use crate::record::{
    ConnectionRecord, Filter, NewConnection, SELECT, SIGN_IN_REQUIRED, Update, credential_place,
    new_id, read, state_text,
};
use crate::seal::Sealed;
use crate::store::Store;

impl Store {
    /// The connections that fit, oldest first.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn find(&self, filter: Filter) -> Result<Vec<ConnectionRecord>, StoreError> {
        let clause = "WHERE connector = $1 AND environment = $2 AND owner = $3 AND ($4 IS NULL OR origins = $4)";
        let Filter {
            connector,
            environment,
            owner,
            origins,
        } = filter;
        self.select(
            clause,
            (connector, environment.unwrap_or_default(), owner, origins),
        )
        .await
    }

    /// All connections of a connector, or of all, of every owner in every environment, oldest first; for few, as
    /// all are held at once: [`Store::list_page`] is for many.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn list(&self, connector: Option<&str>) -> Result<Vec<ConnectionRecord>, StoreError> {
        match connector {
            Some(connector) => {
                self.select("WHERE connector = $1", (connector.to_owned(),))
                    .await
            }
            None => self.select("", ()).await,
        }
    }

    /// Whether there is a connection that nobody has to sign in again for.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn is_anybody_signed_in(&self) -> Result<bool, StoreError> {
        self.look(|connection| {
            let sql = "SELECT EXISTS (SELECT 1 FROM connections WHERE state NOT LIKE $1 || '%')";
            let mut statement = connection.prepare_cached(sql)?;
            Ok(statement.query_row([SIGN_IN_REQUIRED], |row| row.get(0))?)
        })
        .await
    }

    /// The connection of this id.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn get(&self, id: &str) -> Result<Option<ConnectionRecord>, StoreError> {
        Ok(self.select("WHERE id = $1", (id.to_owned(),)).await?.pop())
    }

    /// Makes a connection with its first credential.
    ///
    /// # Errors
    /// [`StoreError::OwnerGone`] where the app or person was deleted meanwhile.
    pub async fn create(
        &self,
        new: NewConnection,
        credential: SecretBytes,
    ) -> Result<ConnectionRecord, StoreError> {
        let (keyring, now) = (self.keyring(), self.now());
        let mut record = ConnectionRecord {
            id: new_id(self.random(), "c_"),
            connector: new.connector,
            environment: new.environment.filter(|named| !named.is_empty()),
            owner: new.owner,
            origins: new.origins,
            identity: new.identity,
            label: new.label,
            name: new.name,
            version: 1,
            state: new.state,
            expires_at: new.expires_at,
            created_at: now,
            updated_at: now,
            last_used_at: None,
            renewed_at: None,
            cookies_generation: 0,
            sealed: Sealed::default(),
            cookies: None,
        };
        self.write(move |connection| {
            record.sealed = keyring.seal(&credential_place(&record), &credential)?;
            let sql = "INSERT INTO connections (id, connector, environment, owner, origins, name, identity, label, \
                       version, sealed, cookies_generation, state, fence, expires_at, created_at, updated_at, changed) \
                       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, $11, 0, $12, $13, $14, $15)";
            let state = state_text(&record.state)?;
            let transaction = writing(connection)?;
            refuse_gone(&transaction, &record.owner)?;
            let changed = signed(note(&transaction, Kind::Connections)?);
            let row: [&dyn ToSql; 15] = [
                &record.id,
                &record.connector,
                &record.environment.as_deref().unwrap_or_default(),
                &record.owner,
                &record.origins,
                &record.name,
                &record.identity,
                &record.label,
                &signed(record.version),
                &record.sealed.stored(),
                &state,
                &record.expires_at,
                &record.created_at,
                &record.updated_at,
                &changed,
            ];
            transaction.execute(sql, row)?;
            transaction.commit()?;
            Ok(record)
        })
        .await
    }

    /// Puts a new credential in the place of the one of this version, and answers with the connection as it is then.
    /// What calls brought in cookies is in the new credential or gone.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where the connection has another version or is gone; [`StoreError::LeaseLost`] where
    /// the fence is no longer the lease's.
    pub async fn put_if(
        &self,
        id: &str,
        version: u64,
        fence: Option<Fence>,
        update: Update,
    ) -> Result<ConnectionRecord, StoreError> {
        let (id, keyring, now) = (id.to_owned(), self.keyring(), self.now());
        self.write(move |connection| {
            let transaction = writing(connection)?;
            let mut record = unchanged(&transaction, &id, version, fence)?;
            record.version = version + 1;
            record.sealed = keyring.seal(&credential_place(&record), &update.sealed)?;
            record.cookies = None;
            record.cookies_generation += 1;
            record.state = update.state;
            record.identity = update.identity;
            record.label = update.label;
            record.expires_at = update.expires_at;
            record.updated_at = now;
            if update.renewed {
                record.renewed_at = Some(now);
            }
            let sql = "UPDATE connections SET version = $1, sealed = $2, cookies = NULL, cookies_generation = $3, \
                       state = $4, identity = $5, label = $6, expires_at = $7, updated_at = $8, renewed_at = $9, \
                       changed = $10 WHERE id = $11 AND version = $12";
            let state = state_text(&record.state)?;
            let changed = signed(note(&transaction, Kind::Connections)?);
            let row: [&dyn ToSql; 12] = [
                &signed(record.version),
                &record.sealed.stored(),
                &signed(record.cookies_generation),
                &state,
                &record.identity,
                &record.label,
                &record.expires_at,
                &record.updated_at,
                &record.renewed_at,
                &changed,
                &record.id,
                &signed(version),
            ];
            written(transaction.execute(sql, row)?)?;
            note_fence(&transaction, &id, fence)?;
            transaction.commit()?;
            Ok(record)
        })
        .await
    }

    /// Notes a new state of the credential of this version, which stays as it is.
    ///
    /// # Errors
    /// As [`Store::put_if`].
    pub async fn set_state(
        &self,
        id: &str,
        version: u64,
        fence: Option<Fence>,
        state: StateRecord,
    ) -> Result<(), StoreError> {
        let (id, now) = (id.to_owned(), self.now());
        self.write(move |connection| {
            let transaction = writing(connection)?;
            unchanged(&transaction, &id, version, fence)?;
            let changed = signed(note(&transaction, Kind::Connections)?);
            let sql = "UPDATE connections SET state = $1, updated_at = $2, changed = $3 \
                       WHERE id = $4 AND version = $5";
            let row = (state_text(&state)?, now, changed, &id, signed(version));
            written(transaction.execute(sql, row)?)?;
            note_fence(&transaction, &id, fence)?;
            Ok(transaction.commit()?)
        })
        .await
    }

    /// The credential in the clear, of exactly the version that the record has.
    ///
    /// # Errors
    /// [`StoreError::Unreadable`] where the value was altered or stands where it was not sealed for.
    pub async fn open_sealed(&self, record: &ConnectionRecord) -> Result<SecretBytes, StoreError> {
        self.unseal(
            &credential_place(record),
            &record.sealed,
            &format!("connection {}", record.id),
        )
        .await
    }

    /// Gives a connection another name, or none; the credential and its version stay as they are. Nothing where the
    /// connection is gone.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn rename(
        &self,
        id: &str,
        name: Option<String>,
    ) -> Result<Option<ConnectionRecord>, StoreError> {
        let id = id.to_owned();
        self.write(move |connection| {
            let transaction = writing(connection)?;
            let changed = signed(note(&transaction, Kind::Connections)?);
            let sql = "UPDATE connections SET name = $1, changed = $2 WHERE id = $3";
            if transaction.execute(sql, (name, changed, &id))? != 1 {
                return Ok(None);
            }
            let record = transaction.query_row(&format!("{SELECT} WHERE id = $1"), [&id], read)?;
            transaction.commit()?;
            Ok(Some(record))
        })
        .await
    }

    /// Forgets a connection with its credential; false where it was gone already.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn delete(&self, id: &str) -> Result<bool, StoreError> {
        let (id, now) = (id.to_owned(), self.now());
        self.write(move |connection| {
            let transaction = writing(connection)?;
            let removed = remove_connections(&transaction, "id = $1", &[&id], 1, now)?;
            transaction.commit()?;
            Ok(removed == 1)
        })
        .await
    }

    async fn select(
        &self,
        clause: &'static str,
        parameters: impl rusqlite::Params + Send + 'static,
    ) -> Result<Vec<ConnectionRecord>, StoreError> {
        self.look(move |connection| {
            let mut statement =
                connection.prepare_cached(&format!("{SELECT} {clause} ORDER BY created_at, id"))?;
            let rows = statement.query_map(parameters, read)?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
        .await
    }
}

/// The connection, if it still has this version and the writer's lease, where it relies on one, is still its own.
pub(crate) fn unchanged(
    connection: &Connection,
    id: &str,
    version: u64,
    fence: Option<Fence>,
) -> Result<ConnectionRecord, Fault> {
    let row = connection
        .query_row(&format!("{SELECT} WHERE id = $1"), [id], read)
        .optional()?;
    let record = row
        .filter(|record| record.version == version)
        .ok_or(StoreError::Conflict)?;
    match fence {
        Some(fence) if !holds(connection, fence)? => Err(StoreError::LeaseLost.into()),
        _ => Ok(record),
    }
}

/// A row keeps the greatest number that wrote it, and takes nothing from a smaller one.
fn note_fence(connection: &Connection, id: &str, fence: Option<Fence>) -> Result<(), Fault> {
    let Some(fence) = fence else {
        return Ok(());
    };
    let number = signed(fence.number());
    let sql = "UPDATE connections SET fence = $1 WHERE id = $2 AND fence <= $1";
    match connection.execute(sql, (number, id))? {
        1 => Ok(()),
        _ => Err(StoreError::LeaseLost.into()),
    }
}

/// A write that compared must have met one row.
pub(crate) fn written(rows: usize) -> Result<(), Fault> {
    match rows {
        1 => Ok(()),
        _ => Err(StoreError::Conflict.into()),
    }
}
