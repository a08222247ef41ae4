//! Sessions in browsers: of our own people, and of apps' users on the managed auth screen; found by the cookie's hash.

use rusqlite::{Connection, OptionalExtension, Row, Transaction};

use crate::app;
use crate::change::{Kind, note};
use crate::database::writing;
use crate::digest::Digest;
use crate::error::{Fault, StoreError};
use crate::person::{PersonRecord, may_enter, must_have_password};
use crate::record::new_id;
use crate::store::Store;

/// A session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRecord {
    /// `s_` and something random; it names the session and opens nothing.
    pub id: String,
    /// Whose it is.
    pub of: SessionOf,
    /// The browser, as it calls itself.
    pub agent: Option<String>,
    /// When it began, in seconds since 1970.
    pub created_at: i64,
    /// When it was last used, to a minute.
    pub seen_at: i64,
    /// When it ends.
    pub expires_at: i64,
}

/// Whose a session is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum SessionOf {
    /// One of our own people's.
    Person {
        /// Their login.
        login: String,
    },
    /// An app's user's.
    User {
        /// The app.
        app: String,
        /// The user, as the app calls them.
        user: String,
    },
}

impl Store {
    /// Begins a session under the hash of its cookie.
    ///
    /// # Errors
    /// [`StoreError::Missing`] where the person is gone or kept out, or the app is gone.
    pub async fn create_session(
        &self,
        hash: Digest,
        of: SessionOf,
        agent: Option<String>,
        expires_at: i64,
    ) -> Result<SessionRecord, StoreError> {
        let record = self.new_session(of, agent, expires_at);
        self.write(move |connection| {
            let transaction = writing(connection)?;
            insert(&transaction, hash, &record)?;
            transaction.commit()?;
            Ok(record)
        })
        .await
    }

    /// The same for one of our people who has shown the password of this record: none that was replaced while it was
    /// compared begins anything.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where they have another password by now, [`StoreError::Missing`] where they are gone or
    /// kept out.
    pub async fn create_session_by_password(
        &self,
        hash: Digest,
        shown: &PersonRecord,
        agent: Option<String>,
        expires_at: i64,
    ) -> Result<SessionRecord, StoreError> {
        let (login, password) = (shown.login.clone(), shown.password.clone());
        let of = SessionOf::Person {
            login: login.clone(),
        };
        let (keyring, record) = (self.keyring(), self.new_session(of, agent, expires_at));
        self.write(move |connection| {
            let transaction = writing(connection)?;
            must_have_password(&transaction, &keyring, &login, &password)?;
            insert(&transaction, hash, &record)?;
            transaction.commit()?;
            Ok(record)
        })
        .await
    }

    /// The session of this cookie, where it has not ended.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn session(&self, hash: Digest) -> Result<Option<SessionRecord>, StoreError> {
        let now = self.now();
        self.look(move |connection| {
            let sql = format!("{SELECT} WHERE hash = $1 AND expires_at > $2");
            let mut statement = connection.prepare_cached(&sql)?;
            Ok(statement.query_row((hash, now), read).optional()?)
        })
        .await
    }

    /// The sessions of somebody that have not ended, newest first.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn sessions_of(&self, of: SessionOf) -> Result<Vec<SessionRecord>, StoreError> {
        let now = self.now();
        self.look(move |connection| {
            let sql = format!(
                "{SELECT} WHERE kind = $1 AND app = $2 AND subject = $3 AND expires_at > $4 \
                 ORDER BY created_at DESC, id"
            );
            let mut statement = connection.prepare_cached(&sql)?;
            let (kind, app, subject) = of.columns();
            let rows = statement.query_map((kind, app, subject, now), read)?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// Notes that a session was used, at most once a minute, and lets it end later where a time is given. Nobody
    /// hears of it.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn touch_session(&self, id: &str, expires_at: Option<i64>) -> Result<(), StoreError> {
        let (id, now) = (id.to_owned(), self.now());
        self.write(move |connection| {
            let sql = "UPDATE sessions SET seen_at = $1, expires_at = coalesce($2, expires_at) \
                       WHERE id = $3 AND seen_at < $4 AND expires_at > $1";
            connection.execute(sql, (now, expires_at, id, now.saturating_sub(60)))?;
            Ok(())
        })
        .await
    }

    /// Ends a session of somebody; false where they have none of this id.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn delete_session(&self, of: SessionOf, id: &str) -> Result<bool, StoreError> {
        Ok(self.end(of, Some(id.to_owned())).await? == 1)
    }

    /// Ends all sessions of somebody, and says how many there were.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn delete_sessions_of(&self, of: SessionOf) -> Result<usize, StoreError> {
        self.end(of, None).await
    }

    fn new_session(&self, of: SessionOf, agent: Option<String>, expires_at: i64) -> SessionRecord {
        let now = self.now();
        SessionRecord {
            id: new_id(self.random(), "s_"),
            of,
            agent,
            created_at: now,
            seen_at: now,
            expires_at,
        }
    }

    async fn end(&self, of: SessionOf, id: Option<String>) -> Result<usize, StoreError> {
        self.write(move |connection| {
            let transaction = writing(connection)?;
            let sql = "DELETE FROM sessions WHERE kind = $1 AND app = $2 AND subject = $3 \
                       AND ($4 IS NULL OR id = $4)";
            let (kind, app, subject) = of.columns();
            let ended = transaction.execute(sql, (kind, app, subject, id))?;
            if ended > 0 {
                note(&transaction, Kind::Sessions)?;
            }
            transaction.commit()?;
            Ok(ended)
        })
        .await
    }
}

impl SessionOf {
    fn columns(&self) -> (&'static str, &str, &str) {
        match self {
            Self::Person { login } => ("person", "", login),
            Self::User { app, user } => ("user", app, user),
        }
    }
}

/// Writes a new session, where there is somebody to have it.
fn insert(
    transaction: &Transaction<'_>,
    hash: Digest,
    record: &SessionRecord,
) -> Result<(), Fault> {
    let now = record.created_at;
    transaction.execute("DELETE FROM sessions WHERE expires_at <= $1", [now])?;
    let (there, what, name) = match &record.of {
        SessionOf::Person { login } => (may_enter(transaction, login)?, "person", login),
        SessionOf::User { app, .. } => (app::find(transaction, app)?.is_some(), "app", app),
    };
    if !there {
        let name = name.clone();
        return Err(StoreError::Missing { what, name }.into());
    }
    let sql = "INSERT INTO sessions (id, hash, kind, app, subject, agent, created_at, seen_at, expires_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    let (kind, app, subject) = record.of.columns();
    let row = (
        &record.id,
        hash,
        kind,
        app,
        subject,
        &record.agent,
        record.created_at,
        record.seen_at,
        record.expires_at,
    );
    transaction.execute(sql, row)?;
    note(transaction, Kind::Sessions).map(drop)
}

/// Whether a person has a session that has not ended and was used since `idle`.
pub(crate) fn is_signed_in(
    connection: &Connection,
    login: &str,
    now: i64,
    idle: i64,
) -> Result<bool, Fault> {
    let sql = "SELECT EXISTS (SELECT 1 FROM sessions WHERE kind = 'person' AND app = '' AND subject = $1 \
               AND expires_at > $2 AND seen_at > $3)";
    Ok(connection.query_row(sql, (login, now, idle), |row| row.get(0))?)
}

const SELECT: &str =
    "SELECT id, kind, app, subject, agent, created_at, seen_at, expires_at FROM sessions";

fn read(row: &Row<'_>) -> rusqlite::Result<SessionRecord> {
    let kind: String = row.get(1)?;
    let (app, subject) = (row.get(2)?, row.get(3)?);
    let of = match kind.as_str() {
        "person" => SessionOf::Person { login: subject },
        _ => SessionOf::User { app, user: subject },
    };
    Ok(SessionRecord {
        id: row.get(0)?,
        of,
        agent: row.get(4)?,
        created_at: row.get(5)?,
        seen_at: row.get(6)?,
        expires_at: row.get(7)?,
    })
}
