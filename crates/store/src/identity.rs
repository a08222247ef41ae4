//! Who owners are at their identity provider: its tokens, sealed and with a version, one identity an owner; and which of
//! our people is whom there.

use rusqlite::{Connection, OptionalExtension, Transaction};
use secret::SecretBytes;

use crate::change::{Kind, note};
use crate::database::{next_number, signed, unsigned, writing};
use crate::error::{Fault, StoreError};
use crate::gone_owner::refuse_gone;
use crate::person::{end_sessions, must_enter, try_outs_of};
use crate::seal::{Place, Sealed};
use crate::store::Store;

/// An identity as it is kept.
#[derive(Clone)]
pub struct IdentityRecord {
    /// Greater with each write, over all owners: one that was deleted never comes back under its number.
    pub version: u64,
    /// What was sealed.
    pub content: SecretBytes,
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
    /// Keeps who an owner is, in the place of what was kept. With a version, of that one only.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where another version is kept than the named one, [`StoreError::OwnerGone`].
    pub async fn put_identity(
        &self,
        owner: &str,
        over: Option<u64>,
        content: SecretBytes,
    ) -> Result<u64, StoreError> {
        let (owner, keyring, now) = (owner.to_owned(), self.keyring(), self.now());
        self.write(move |connection| {
            let transaction = writing(connection)?;
            refuse_gone(&transaction, &owner)?;
            let kept = find(&transaction, &owner)?.map(|(version, _)| version);
            if over.is_some() && over != kept {
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
        let what = format!("the identity of {owner}");
        let content = self.unseal(&place(owner, version), &sealed, &what).await?;
        Ok(Some(IdentityRecord { version, content }))
    }

    /// Forgets who an owner is; false where nothing was kept.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn delete_identity(&self, owner: &str) -> Result<bool, StoreError> {
        let owner = owner.to_owned();
        self.write(move |connection| {
            let sql = "DELETE FROM identities WHERE owner = $1";
            Ok(connection.execute(sql, [owner])? == 1)
        })
        .await
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
            let sql = "SELECT login, issuer, subject, created_at FROM person_identities \
                       ORDER BY login, created_at, issuer, subject";
            let mut statement = connection.prepare_cached(sql)?;
            let rows = statement.query_map([], |row| {
                Ok(LinkedRecord {
                    login: row.get(0)?,
                    issuer: row.get(1)?,
                    subject: row.get(2)?,
                    created_at: row.get(3)?,
                })
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// Forgets that a person is this subject at this issuer, with the tokens from there, and ends all their sessions, as
    /// any may have begun there; false where they are not.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn unlink_person(&self, linked: LinkedRecord) -> Result<bool, StoreError> {
        self.write(move |connection| {
            let transaction = writing(connection)?;
            let sql =
                "DELETE FROM person_identities WHERE issuer = $1 AND subject = $2 AND login = $3";
            let row = (&linked.issuer, &linked.subject, &linked.login);
            if transaction.execute(sql, row)? != 1 {
                return Ok(false);
            }
            let owner = try_outs_of(&linked.login);
            transaction.execute("DELETE FROM identities WHERE owner = $1", [&owner])?;
            end_sessions(&transaction, &linked.login)?;
            note(&transaction, Kind::People)?;
            transaction.commit()?;
            Ok(true)
        })
        .await
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

/// Forgets whom a person is anywhere, with their tokens.
pub(crate) fn forget_person(
    transaction: &Transaction<'_>,
    login: &str,
    owner: &str,
) -> Result<(), Fault> {
    transaction.execute("DELETE FROM person_identities WHERE login = $1", [login])?;
    transaction.execute("DELETE FROM identities WHERE owner = $1", [owner])?;
    Ok(())
}

fn find(connection: &Connection, owner: &str) -> Result<Option<(u64, Sealed)>, Fault> {
    let sql = "SELECT version, sealed FROM identities WHERE owner = $1";
    let row = connection.query_row(sql, [owner], |row| {
        Ok((unsigned(row.get(0)?), Sealed::from_stored(row.get(1)?)))
    });
    Ok(row.optional()?)
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
