//! The people who build and run connectors: local accounts with a role.

use rusqlite::{Connection, OptionalExtension, Row, Transaction};
use secret::{SecretBytes, SecretString};
use zeroize::Zeroizing;

use crate::change::{Kind, note, remove_connections};
use crate::data_key::Keyring;
use crate::database::{signed, unsigned, writing};
use crate::error::{Fault, StoreError};
use crate::gone_owner::{bury, welcome};
use crate::identity::{Forgotten, forget_person, note_subject};
use crate::mark::forget_marks;
use crate::seal::{Place, Sealed};
use crate::set_up_link::forget_link;
use crate::store::Store;

/// A person.
#[derive(Clone, Debug)]
pub struct PersonRecord {
    /// What they sign in with.
    pub login: String,
    /// What they may do.
    pub role: Role,
    /// The hash of the password, in PHC form; empty where they have none.
    pub password: SecretString,
    /// Whether they are kept out.
    pub disabled: bool,
    /// Raised by each write.
    pub version: u64,
    /// When the account was made, in seconds since 1970.
    pub created_at: i64,
}

/// What a person may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Everything, people included.
    Admin,
    /// Connectors, apps and connections.
    Builder,
}

/// What is to change of a person; what is none stays.
#[derive(Clone, Debug, Default)]
pub struct PersonUpdate {
    /// What they may do.
    pub role: Option<Role>,
    /// The hash of a new password, in PHC form; ends their sessions and their set-up link.
    pub password: Option<SecretString>,
    /// Whether they are kept out; ends their sessions and their set-up link.
    pub disabled: Option<bool>,
}

impl Role {
    /// The word for it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Builder => "builder",
        }
    }

    /// From the word for it.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Admin, Self::Builder]
            .into_iter()
            .find(|role| role.name() == name)
    }
}

impl Store {
    /// Makes an account.
    ///
    /// # Errors
    /// [`StoreError::Taken`] where the login is.
    pub async fn create_person(
        &self,
        login: &str,
        role: Role,
        password: SecretString,
    ) -> Result<PersonRecord, StoreError> {
        self.make_person(login, role, password, None).await
    }

    /// Makes an account without a password, for who is this subject at this issuer.
    ///
    /// # Errors
    /// [`StoreError::Taken`] where the login is, or the subject is somebody else already.
    pub async fn create_person_of(
        &self,
        login: &str,
        role: Role,
        issuer: &str,
        subject: &str,
    ) -> Result<PersonRecord, StoreError> {
        let none = SecretString::new(String::new());
        let known_as = Some((issuer.to_owned(), subject.to_owned()));
        self.make_person(login, role, none, known_as).await
    }

    async fn make_person(
        &self,
        login: &str,
        role: Role,
        password: SecretString,
        known_as: Option<(String, String)>,
    ) -> Result<PersonRecord, StoreError> {
        let (keyring, now) = (self.keyring(), self.now());
        let record = PersonRecord {
            login: login.to_owned(),
            role,
            password,
            disabled: false,
            version: 1,
            created_at: now,
        };
        self.write(move |connection| {
            let sealed = keyring.seal(&place(&record.login, 1), &bytes(&record.password))?;
            let transaction = writing(connection)?;
            let sql = "INSERT INTO people (login, role, password, disabled, version, created_at) \
                       VALUES ($1, $2, $3, 0, 1, $4) ON CONFLICT (login) DO NOTHING";
            let row = (&record.login, role.name(), sealed.stored(), now);
            if transaction.execute(sql, row)? != 1 {
                return Err(StoreError::Taken {
                    what: "a person",
                    name: record.login,
                }
                .into());
            }
            welcome(&transaction, &try_outs_of(&record.login))?;
            if let Some((issuer, subject)) = &known_as {
                note_subject(&transaction, issuer, subject, &record.login, now)?;
            }
            note(&transaction, Kind::People)?;
            transaction.commit()?;
            Ok(record)
        })
        .await
    }

    /// The person of this login.
    ///
    /// # Errors
    /// Where the database fails or the password's hash does not open.
    pub async fn person(&self, login: &str) -> Result<Option<PersonRecord>, StoreError> {
        let login = login.to_owned();
        let found = self
            .look(move |connection| find(connection, &login))
            .await?;
        match found {
            Some(stored) => self.open_person(stored).await.map(Some),
            None => Ok(None),
        }
    }

    /// All people, by login.
    ///
    /// # Errors
    /// As [`Store::person`].
    pub async fn people(&self) -> Result<Vec<PersonRecord>, StoreError> {
        let found = self.look(|connection| {
            let mut statement = connection.prepare_cached(&format!("{SELECT} ORDER BY login"))?;
            let rows = statement.query_map([], read)?;
            Ok(rows.collect::<Result<Vec<_>, _>>()?)
        });
        let mut people = Vec::new();
        for stored in found.await? {
            people.push(self.open_person(stored).await?);
        }
        Ok(people)
    }

    /// Changes an account. A new password and being kept out end all sessions of the person.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where the account has another version or is gone, [`StoreError::LastAdmin`] where
    /// nobody would be left who may do everything.
    pub async fn update_person(
        &self,
        login: &str,
        version: u64,
        update: PersonUpdate,
    ) -> Result<PersonRecord, StoreError> {
        let (login, keyring) = (login.to_owned(), self.keyring());
        let current = self.person(&login).await?;
        let mut record = current
            .filter(|current| current.version == version)
            .ok_or(StoreError::Conflict)?;
        let ends_sessions = update.password.is_some() || update.disabled == Some(true);
        record.version = version + 1;
        record.role = update.role.unwrap_or(record.role);
        record.disabled = update.disabled.unwrap_or(record.disabled);
        record.password = update.password.unwrap_or(record.password);
        self.write(move |connection| {
            let transaction = writing(connection)?;
            let before = admins(&transaction)?;
            put(&transaction, &keyring, &record)?;
            admin_left(&transaction, before)?;
            if ends_sessions {
                end_sessions(&transaction, &record.login)?;
                forget_link(&transaction, &record.login)?;
            }
            note(&transaction, Kind::People)?;
            transaction.commit()?;
            Ok(record)
        })
        .await
    }

    /// Deletes an account with its sessions, tokens, drafts, waiting runs and try-out connections, and tells what was
    /// forgotten; none where there was none.
    ///
    /// # Errors
    /// [`StoreError::LastAdmin`] where nobody would be left who may do everything.
    pub async fn delete_person(&self, login: &str) -> Result<Option<Forgotten>, StoreError> {
        let (login, now) = (login.to_owned(), self.now());
        let owner = try_outs_of(&login);
        let key = owner.clone();
        let gone = self.write(move |connection| {
            let transaction = writing(connection)?;
            let before = admins(&transaction)?;
            if transaction.execute("DELETE FROM people WHERE login = $1", [&login])? != 1 {
                return Ok(None);
            }
            admin_left(&transaction, before)?;
            end_sessions(&transaction, &login)?;
            forget_link(&transaction, &login)?;
            forget_marks(&transaction, &login)?;
            transaction.execute("DELETE FROM tokens WHERE login = $1", [&login])?;
            transaction.execute("DELETE FROM drafts WHERE login = $1", [&login])?;
            let taken = forget_person(&transaction, &login, &key)?;
            transaction.execute("DELETE FROM runs WHERE owner = $1", [&key])?;
            remove_connections(&transaction, "owner = $1", &[&key], TRY_OUTS, now)?;
            bury(&transaction, &key, now)?;
            note(&transaction, Kind::People)?;
            transaction.commit()?;
            Ok(Some(taken))
        });
        match gone.await? {
            Some(taken) => Ok(Some(self.forgotten(&owner, taken).await)),
            None => Ok(None),
        }
    }

    async fn open_person(&self, stored: Stored) -> Result<PersonRecord, StoreError> {
        let (mut record, sealed) = stored;
        let what = format!("the password of {}", record.login);
        let place = place(&record.login, record.version);
        let opened = self.unseal(&place, &sealed, &what).await?;
        // It went in as text, and the seal says that it is what went in.
        let mut text = Zeroizing::new(String::from_utf8_lossy(opened.reveal()).into_owned());
        record.password = SecretString::new(std::mem::take(&mut *text));
        Ok(record)
    }
}

/// Whether the person is there and not kept out, as a transaction sees it.
pub(crate) fn may_enter(connection: &Connection, login: &str) -> Result<bool, Fault> {
    Ok(find(connection, login)?.is_some_and(|(record, _)| !record.disabled))
}

/// That the account still has the password with this hash, as a condition of a write.
///
/// # Errors
/// [`StoreError::Conflict`] where it has another, [`StoreError::Missing`] where there is none.
pub(crate) fn must_have_password(
    transaction: &Transaction<'_>,
    keyring: &Keyring,
    login: &str,
    password: &SecretString,
) -> Result<(), Fault> {
    let Some((record, sealed)) = find(transaction, login)? else {
        return Err(StoreError::Missing {
            what: "person",
            name: login.to_owned(),
        }
        .into());
    };
    let what = format!("the password of {login}");
    let place = place(login, record.version);
    let opened = match keyring.unseal(&place, &sealed, &what) {
        Err(StoreError::UnknownDataKey { .. }) => {
            keyring.reload(transaction)?;
            keyring.unseal(&place, &sealed, &what)?
        }
        settled => settled?,
    };
    match opened.reveal() == password.reveal().as_bytes() {
        true => Ok(()),
        false => Err(StoreError::Conflict.into()),
    }
}

/// Whether they may enter, as a condition of a write.
///
/// # Errors
/// [`StoreError::Missing`] where they are gone or kept out.
pub(crate) fn must_enter(transaction: &Transaction<'_>, login: &str) -> Result<(), Fault> {
    match may_enter(transaction, login)? {
        true => Ok(()),
        false => Err(StoreError::Missing {
            what: "person",
            name: login.to_owned(),
        }
        .into()),
    }
}

/// Gives a person a password and ends what was begun with the one before; none where they are gone or kept out.
pub(crate) fn admit(
    transaction: &Transaction<'_>,
    keyring: &Keyring,
    login: &str,
    password: SecretString,
) -> Result<Option<PersonRecord>, Fault> {
    let found = find(transaction, login)?.filter(|(record, _)| !record.disabled);
    let Some((mut record, _)) = found else {
        return Ok(None);
    };
    record.version += 1;
    record.password = password;
    put(transaction, keyring, &record)?;
    end_sessions(transaction, login)?;
    forget_link(transaction, login)?;
    Ok(Some(record))
}

/// The most try-out connections of a person that go with them. Nobody has as many.
const TRY_OUTS: usize = 10_000;

/// Whose a person's try-out connections are.
pub(crate) fn try_outs_of(login: &str) -> String {
    format!("people/{login}")
}

/// A person whose password is still sealed.
type Stored = (PersonRecord, Sealed);

const SELECT: &str = "SELECT login, role, password, disabled, version, created_at FROM people";

fn find(connection: &Connection, login: &str) -> Result<Option<Stored>, Fault> {
    let mut statement = connection.prepare_cached(&format!("{SELECT} WHERE login = $1"))?;
    Ok(statement.query_row([login], read).optional()?)
}

fn read(row: &Row<'_>) -> rusqlite::Result<Stored> {
    let role: String = row.get(1)?;
    let record = PersonRecord {
        login: row.get(0)?,
        // A word that is not known gives the least.
        role: Role::parse(&role).unwrap_or(Role::Builder),
        password: SecretString::new(String::new()),
        disabled: row.get(3)?,
        version: unsigned(row.get(4)?),
        created_at: row.get(5)?,
    };
    Ok((record, Sealed::from_stored(row.get(2)?)))
}

/// Writes a person over the version before.
fn put(
    transaction: &Transaction<'_>,
    keyring: &Keyring,
    record: &PersonRecord,
) -> Result<(), Fault> {
    let place = place(&record.login, record.version);
    let sealed = keyring.seal(&place, &bytes(&record.password))?;
    let sql = "UPDATE people SET role = $1, password = $2, disabled = $3, version = $4 \
               WHERE login = $5 AND version = $6";
    let row = (
        record.role.name(),
        sealed.stored(),
        record.disabled,
        signed(record.version),
        &record.login,
        signed(record.version - 1),
    );
    crate::connection::written(transaction.execute(sql, row)?)
}

fn admins(connection: &Connection) -> Result<i64, Fault> {
    let sql = "SELECT count(*) FROM people WHERE role = 'admin' AND disabled = 0";
    Ok(connection.query_row(sql, [], |row| row.get(0))?)
}

/// Where there were admins, one must be left.
fn admin_left(connection: &Connection, before: i64) -> Result<(), Fault> {
    match before > 0 && admins(connection)? == 0 {
        true => Err(StoreError::LastAdmin.into()),
        false => Ok(()),
    }
}

pub(crate) fn end_sessions(transaction: &Transaction<'_>, login: &str) -> Result<(), Fault> {
    let sql = "DELETE FROM sessions WHERE kind = 'person' AND app = '' AND subject = $1";
    if transaction.execute(sql, [login])? > 0 {
        note(transaction, Kind::Sessions)?;
    }
    Ok(())
}

fn bytes(password: &SecretString) -> SecretBytes {
    SecretBytes::new(password.reveal().as_bytes().to_vec())
}

fn place(login: &str, version: u64) -> Place<'_> {
    Place {
        column: "people.password",
        id: login,
        connector: "",
        environment: "",
        owner: "",
        origins: "",
        version,
        generation: 0,
    }
}
