//! Who owners are at their identity provider: its tokens, sealed and with a version, one identity an owner; and which of
//! our people is whom there.

use rusqlite::{Connection, OptionalExtension, Row, Transaction};
use secret::SecretBytes;

use crate::change::{Kind, note};
use crate::database::{next_number, signed, unsigned, writing};
use crate::error::{Fault, StoreError};
use crate::gone_owner::refuse_gone;
use crate::person::{end_sessions, must_enter, try_outs_of};
use crate::seal::{Place, Sealed};
use crate::session::is_signed_in;
use crate::store::Store;

/// An identity as it is kept.
#[derive(Clone)]
pub struct IdentityRecord {
    /// Greater with each write, over all owners: one that was deleted never comes back under its number.
    pub version: u64,
    /// What was sealed.
    pub content: SecretBytes,
}

/// Over which identity another is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Over {
    /// Over any, and where there is none.
    Any,
    /// Where there is none.
    None,
    /// Over this version alone.
    Version(u64),
}

/// What was forgotten of an owner, whose tokens may still be good where they were issued.
pub struct Forgotten {
    /// The identity; none where none was kept, or it does not open.
    pub identity: Option<SecretBytes>,
}

/// Whom one of our people is at an identity provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkedRecord {
    /// The person.
    pub login: String,
    /// The provider, by its issuer.
    pub issuer: String,
    /// The subject there.
    pub subject: String,
    /// Since when, in seconds since 1970.
    pub created_at: i64,
}

impl Store {
    /// Keeps who an owner is, in the place of what was kept.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where something else is kept than it is to replace, [`StoreError::OwnerGone`].
    pub async fn put_identity(
        &self,
        owner: &str,
        over: Over,
        content: SecretBytes,
    ) -> Result<u64, StoreError> {
        let (owner, keyring, now) = (owner.to_owned(), self.keyring(), self.now());
        self.write(move |connection| {
            let transaction = writing(connection)?;
            refuse_gone(&transaction, &owner)?;
            let kept = find(&transaction, &owner)?.map(|(version, _)| version);
            let fits = match over {
                Over::Any => true,
                Over::None => kept.is_none(),
                Over::Version(version) => kept == Some(version),
            };
            if !fits {
                return Err(StoreError::Conflict.into());
            }
            let version = next_number(&transaction, "identity")?;
            let sealed = keyring.seal(&place(&owner, version), &content)?;
            let sql = "INSERT INTO identities (owner, version, sealed, updated_at) VALUES ($1, $2, $3, $4) \
                       ON CONFLICT (owner) DO UPDATE SET version = excluded.version, sealed = excluded.sealed, \
                       updated_at = excluded.updated_at";
            transaction.execute(sql, (&owner, signed(version), sealed.stored(), now))?;
            transaction.commit()?;
            Ok(version)
        })
        .await
    }

    /// Who an owner is, where that is kept.
    ///
    /// # Errors
    /// Where the database fails or the identity does not open.
    pub async fn identity(&self, owner: &str) -> Result<Option<IdentityRecord>, StoreError> {
        let key = owner.to_owned();
        let found = self.look(move |connection| find(connection, &key)).await?;
        let Some((version, sealed)) = found else {
            return Ok(None);
        };
        let content = self.open_identity(owner, version, &sealed).await?;
        Ok(Some(IdentityRecord { version, content }))
    }

    /// Forgets who an owner is, and tells what that was; none where nothing was kept. One that does not open goes too.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn delete_identity(&self, owner: &str) -> Result<Option<Forgotten>, StoreError> {
        let key = owner.to_owned();
        let taken = self.write(move |connection| take(connection, &key)).await?;
        match taken {
            Some(taken) => Ok(Some(self.forgotten(owner, Some(taken)).await)),
            None => Ok(None),
        }
    }

    /// The same of one of our people, unless they have a session that has not ended and was used since `idle`, in
    /// seconds since 1970: their flows may need the tokens yet.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn delete_identity_of_signed_out(
        &self,
        login: &str,
        idle: i64,
    ) -> Result<Option<Forgotten>, StoreError> {
        let (login, now, owner) = (login.to_owned(), self.now(), try_outs_of(login));
        let key = owner.clone();
        let taken = self.write(move |connection| {
            let transaction = writing(connection)?;
            if is_signed_in(&transaction, &login, now, idle)? {
                return Ok(None);
            }
            let taken = take(&transaction, &key)?;
            transaction.commit()?;
            Ok(taken)
        });
        match taken.await? {
            Some(taken) => Ok(Some(self.forgotten(&owner, Some(taken)).await)),
            None => Ok(None),
        }
    }

    /// The login of the person who is this subject at this issuer.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn login_of(
        &self,
        issuer: &str,
        subject: &str,
    ) -> Result<Option<String>, StoreError> {
        let key = (issuer.to_owned(), subject.to_owned());
        self.look(move |connection| {
            let sql = "SELECT login FROM person_identities WHERE issuer = $1 AND subject = $2";
            Ok(connection
                .query_row(sql, key, |row| row.get(0))
                .optional()?)
        })
        .await
    }

    /// Notes that a person is this subject at this issuer.
    ///
    /// # Errors
    /// [`StoreError::Taken`] where another person is, [`StoreError::Missing`] where there is no such person, or they are
    /// kept out.
    pub async fn link_person(
        &self,
        issuer: &str,
        subject: &str,
        login: &str,
    ) -> Result<(), StoreError> {
        let row = (issuer.to_owned(), subject.to_owned(), login.to_owned());
        let now = self.now();
        self.write(move |connection| {
            let (issuer, subject, login) = row;
            let transaction = writing(connection)?;
            must_enter(&transaction, &login)?;
            note_subject(&transaction, &issuer, &subject, &login, now)?;
            Ok(transaction.commit()?)
        })
        .await
    }

    /// Whom our people are at identity providers, by login, the newest last.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn linked_people(&self) -> Result<Vec<LinkedRecord>, StoreError> {
        self.look(|connection| {
            let sql = format!("{LINKED} ORDER BY login, created_at, issuer, subject");
            let mut statement = connection.prepare_cached(&sql)?;
            let rows = statement.query_map([], read_linked)?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// Whom this person is at identity providers, the newest last.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn linked_of(&self, login: &str) -> Result<Vec<LinkedRecord>, StoreError> {
        let login = login.to_owned();
        self.look(move |connection| {
            let sql = format!("{LINKED} WHERE login = $1 ORDER BY created_at, issuer, subject");
            let mut statement = connection.prepare_cached(&sql)?;
            let rows = statement.query_map([login], read_linked)?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// Forgets that a person is this subject at this issuer, and ends all their sessions, as any may have begun there.
    /// With these go the tokens of their single sign-on, whoever issued them. None where they are not this subject.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn unlink_person(
        &self,
        linked: LinkedRecord,
    ) -> Result<Option<Forgotten>, StoreError> {
        let owner = try_outs_of(&linked.login);
        let key = owner.clone();
        let parted = self.write(move |connection| {
            let transaction = writing(connection)?;
            let sql =
                "DELETE FROM person_identities WHERE issuer = $1 AND subject = $2 AND login = $3";
            let row = (&linked.issuer, &linked.subject, &linked.login);
            if transaction.execute(sql, row)? != 1 {
                return Ok(None);
            }
            let taken = take(&transaction, &key)?;
            end_sessions(&transaction, &linked.login)?;
            note(&transaction, Kind::People)?;
            transaction.commit()?;
            Ok(Some(taken))
        });
        match parted.await? {
            Some(taken) => Ok(Some(self.forgotten(&owner, taken).await)),
            None => Ok(None),
        }
    }

    /// What was taken out of the table, opened.
    pub(crate) async fn forgotten(&self, owner: &str, taken: Option<Taken>) -> Forgotten {
        let identity = match taken {
            Some((version, sealed)) => self.open_identity(owner, version, &sealed).await.ok(),
            None => None,
        };
        Forgotten { identity }
    }

    async fn open_identity(
        &self,
        owner: &str,
        version: u64,
        sealed: &Sealed,
    ) -> Result<SecretBytes, StoreError> {
        let what = format!("the identity of {owner}");
        self.unseal(&place(owner, version), sealed, &what).await
    }
}

impl std::fmt::Debug for Forgotten {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Forgotten").finish_non_exhaustive()
    }
}

impl std::fmt::Debug for IdentityRecord {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("IdentityRecord")
            .field("version", &self.version)
            .finish_non_exhaustive()
    }
}

/// Notes that a person is this subject at this issuer.
pub(crate) fn note_subject(
    transaction: &Transaction<'_>,
    issuer: &str,
    subject: &str,
    login: &str,
    now: i64,
) -> Result<(), Fault> {
    let sql = "INSERT INTO person_identities (issuer, subject, login, created_at) VALUES ($1, $2, $3, $4) \
               ON CONFLICT (issuer, subject) DO NOTHING";
    match transaction.execute(sql, (issuer, subject, login, now))? {
        1 => Ok(()),
        _ => Err(StoreError::Taken {
            what: "an identity",
            name: subject.to_owned(),
        }
        .into()),
    }
}

/// An identity as it lay in the table: its version, and what was sealed.
pub(crate) type Taken = (u64, Sealed);

/// Forgets whom a person is anywhere, and takes their identity.
pub(crate) fn forget_person(
    transaction: &Transaction<'_>,
    login: &str,
    owner: &str,
) -> Result<Option<Taken>, Fault> {
    transaction.execute("DELETE FROM person_identities WHERE login = $1", [login])?;
    take(transaction, owner)
}

/// Takes an identity out of the table: what was deleted is what is given back, whoever else writes.
fn take(connection: &Connection, owner: &str) -> Result<Option<Taken>, Fault> {
    let sql = "DELETE FROM identities WHERE owner = $1 RETURNING version, sealed";
    let row = connection.query_row(sql, [owner], read);
    Ok(row.optional()?)
}

/// The same of all owners from one name up to another, of at most so many who signed in last.
pub(crate) fn take_between(
    transaction: &Transaction<'_>,
    from: &str,
    below: &str,
    most: usize,
) -> Result<Vec<(String, Taken)>, Fault> {
    let sql = "DELETE FROM identities WHERE owner IN (SELECT owner FROM identities WHERE owner >= $1 AND owner < $2 \
               ORDER BY updated_at DESC LIMIT $3) RETURNING version, sealed, owner";
    let mut statement = transaction.prepare_cached(sql)?;
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let rows = statement.query_map((from, below, most), |row| Ok((row.get(2)?, read(row)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

const LINKED: &str = "SELECT login, issuer, subject, created_at FROM person_identities";

fn read_linked(row: &Row<'_>) -> rusqlite::Result<LinkedRecord> {
    Ok(LinkedRecord {
        login: row.get(0)?,
        issuer: row.get(1)?,
        subject: row.get(2)?,
        created_at: row.get(3)?,
    })
}

fn find(connection: &Connection, owner: &str) -> Result<Option<Taken>, Fault> {
    let sql = "SELECT version, sealed FROM identities WHERE owner = $1";
    let row = connection.query_row(sql, [owner], read);
    Ok(row.optional()?)
}

fn read(row: &Row<'_>) -> rusqlite::Result<Taken> {
    Ok((unsigned(row.get(0)?), Sealed::from_stored(row.get(1)?)))
}

fn place(owner: &str, version: u64) -> Place<'_> {
    Place {
        column: "identities.sealed",
        id: "",
        connector: "",
        environment: "",
        owner,
        origins: "",
        version,
        generation: 0,
    }
}
