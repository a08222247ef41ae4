//! The data keys that seal values: kept wrapped by the master key, found by the id that each value names.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{PoisonError, RwLock, RwLockReadGuard};

use model::Random;
use rusqlite::{Connection, Transaction};
use secret::SecretBytes;
use zeroize::Zeroizing;

use crate::database::{patiently, signed, unsigned, writing};
use crate::error::{Fault, StoreError};
use crate::master_key::MasterKey;
use crate::seal::{KEY_BYTES, Place, Sealed, SealingKey};

/// The opened data keys of one database.
pub(crate) struct Keyring {
    path: PathBuf,
    random: Random,
    keys: RwLock<Keys>,
}

struct Keys {
    master: MasterKey,
    known: HashMap<String, SealingKey>,
    /// The id of the key that seals what is written now.
    active: String,
}

/// A data key as it lies in the database.
struct Row {
    id: String,
    number: u64,
    master_key: String,
    wrapped: Sealed,
}

impl Keyring {
    /// Whether anything is sealed yet; refuses a master key that is not the one it was sealed under.
    pub(crate) fn check(
        connection: &Connection,
        path: &Path,
        master: Option<&MasterKey>,
    ) -> Result<bool, StoreError> {
        let rows = patiently(|| rows(connection).map_err(|fault| fault.at(path)))?;
        if let Some(master) = master {
            unwrap_all(&rows, master, path)?;
        }
        Ok(!rows.is_empty())
    }

    /// Opens the data keys, and makes the first where there is none.
    pub(crate) fn open(
        connection: &mut Connection,
        path: &Path,
        master: MasterKey,
        random: &Random,
        now: i64,
    ) -> Result<Self, StoreError> {
        let found = patiently(|| {
            first(connection, &master, path, random, now).map_err(|fault| fault.at(path))
        })?;
        let (known, active) = unwrap_all(&found, &master, path)?;
        let keys = RwLock::new(Keys {
            master,
            known,
            active,
        });
        Ok(Self {
            path: path.to_owned(),
            random: random.clone(),
            keys,
        })
    }

    /// Seals with the newest data key.
    pub(crate) fn seal(
        &self,
        place: &Place<'_>,
        plain: &SecretBytes,
    ) -> Result<Sealed, StoreError> {
        let keys = self.read();
        let key = keys.known.get(&keys.active);
        key.and_then(|key| key.seal(&keys.active, place, plain.reveal(), &self.random))
            .ok_or_else(|| unsealable(&self.path))
    }

    /// Opens with the data key that the value names.
    pub(crate) fn unseal(
        &self,
        place: &Place<'_>,
        sealed: &Sealed,
        what: &str,
    ) -> Result<SecretBytes, StoreError> {
        let unreadable = || StoreError::Unreadable {
            what: what.to_owned(),
            path: self.path.clone(),
        };
        let id = sealed.key_id().ok_or_else(unreadable)?;
        match self.read().known.get(id) {
            Some(key) => key.open(place, sealed).ok_or_else(unreadable),
            None => Err(StoreError::UnknownDataKey {
                what: what.to_owned(),
                key: id.to_owned(),
                path: self.path.clone(),
            }),
        }
    }

    /// Takes in the keys that other processes have made meanwhile.
    pub(crate) fn reload(&self, connection: &Connection) -> Result<(), Fault> {
        let rows = rows(connection)?;
        let mut keys = self.keys.write().unwrap_or_else(PoisonError::into_inner);
        let (known, active) = unwrap_all(&rows, &keys.master, &self.path)?;
        (keys.known, keys.active) = (known, active);
        Ok(())
    }

    /// Makes a new data key for what is written from now on.
    pub(crate) fn rotate(&self, connection: &mut Connection, now: i64) -> Result<(), Fault> {
        let transaction = writing(connection)?;
        insert(
            &transaction,
            &self.read().master,
            &self.path,
            &self.random,
            now,
        )?;
        transaction.commit()?;
        self.reload(connection)
    }

    /// Wraps all data keys under another master key.
    pub(crate) fn rewrap(
        &self,
        connection: &mut Connection,
        master: MasterKey,
    ) -> Result<(), Fault> {
        let transaction = writing(connection)?;
        for row in rows(&transaction)? {
            let unreadable = || unreadable_key(&row, &self.path);
            let key = unwrap(&row, &self.read().master).ok_or_else(unreadable)?;
            let wrapped = wrap(&key, &row.id, row.number, &master, &self.random)
                .ok_or_else(|| unsealable(&self.path))?;
            let sql = "UPDATE data_keys SET master_key = $1, wrapped = $2 WHERE id = $3";
            transaction.execute(sql, (&master.fingerprint, wrapped.stored(), &row.id))?;
        }
        transaction.commit()?;
        self.keys
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .master = master;
        self.reload(connection)
    }

    fn read(&self) -> RwLockReadGuard<'_, Keys> {
        self.keys.read().unwrap_or_else(PoisonError::into_inner)
    }
}

/// All rows, after the first key was made where there was none.
fn first(
    connection: &mut Connection,
    master: &MasterKey,
    path: &Path,
    random: &Random,
    now: i64,
) -> Result<Vec<Row>, Fault> {
    let found = rows(connection)?;
    if !found.is_empty() {
        return Ok(found);
    }
    let transaction = writing(connection)?;
    if rows(&transaction)?.is_empty() {
        insert(&transaction, master, path, random, now)?;
    }
    let found = rows(&transaction)?;
    transaction.commit()?;
    Ok(found)
}

fn insert(
    transaction: &Transaction<'_>,
    master: &MasterKey,
    path: &Path,
    random: &Random,
    now: i64,
) -> Result<(), Fault> {
    let newest: Option<i64> =
        transaction.query_row("SELECT max(number) FROM data_keys", [], |row| row.get(0))?;
    let number = unsigned(newest.unwrap_or(0)) + 1;
    let id = format!("k{number}_{}", random.base64url(6));
    let wrapped = wrap(&SealingKey::generate(random), &id, number, master, random)
        .ok_or_else(|| unsealable(path))?;
    let sql = "INSERT INTO data_keys (id, number, master_key, wrapped, created_at) VALUES ($1, $2, $3, $4, $5)";
    transaction.execute(
        sql,
        (
            &id,
            signed(number),
            &master.fingerprint,
            wrapped.stored(),
            now,
        ),
    )?;
    Ok(())
}

fn rows(connection: &Connection) -> Result<Vec<Row>, Fault> {
    let sql = "SELECT id, number, master_key, wrapped FROM data_keys ORDER BY number";
    let mut statement = connection.prepare(sql)?;
    let rows = statement.query_map([], |row| {
        Ok(Row {
            id: row.get(0)?,
            number: unsigned(row.get(1)?),
            master_key: row.get(2)?,
            wrapped: Sealed::from_stored(row.get(3)?),
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The keys that this master key opens, and the newest one's id.
fn unwrap_all(
    rows: &[Row],
    master: &MasterKey,
    path: &Path,
) -> Result<(HashMap<String, SealingKey>, String), StoreError> {
    let mut known = HashMap::new();
    let mut active = String::new();
    for row in rows
        .iter()
        .filter(|row| row.master_key == master.fingerprint)
    {
        let key = unwrap(row, master).ok_or_else(|| unreadable_key(row, path))?;
        known.insert(row.id.clone(), key);
        active.clone_from(&row.id);
    }
    match rows.last() {
        Some(newest) if known.is_empty() => Err(StoreError::WrongKey {
            source_name: master.source_name.clone(),
            given: master.fingerprint.clone(),
            wanted: newest.master_key.clone(),
            path: path.to_owned(),
        }),
        _ => Ok((known, active)),
    }
}

fn wrap(
    key: &SealingKey,
    id: &str,
    number: u64,
    master: &MasterKey,
    random: &Random,
) -> Option<Sealed> {
    master
        .key
        .seal(&master.fingerprint, &place(id, number), key.bytes(), random)
}

fn unwrap(row: &Row, master: &MasterKey) -> Option<SealingKey> {
    let bytes = master.key.open(&place(&row.id, row.number), &row.wrapped)?;
    let mut key = Zeroizing::new([0; KEY_BYTES]);
    (bytes.reveal().len() == KEY_BYTES).then(|| key.copy_from_slice(bytes.reveal()))?;
    Some(SealingKey::new(key))
}

fn place(id: &str, number: u64) -> Place<'_> {
    Place {
        column: "data_keys.wrapped",
        id,
        connector: "",
        environment: "",
        owner: "",
        origins: "",
        version: number,
        generation: 0,
    }
}

fn unreadable_key(row: &Row, path: &Path) -> StoreError {
    StoreError::Unreadable {
        what: format!("data key {}", row.id),
        path: path.to_owned(),
    }
}

fn unsealable(path: &Path) -> StoreError {
    StoreError::Database {
        path: path.to_owned(),
        why: "a value could not be sealed".to_owned(),
    }
}
