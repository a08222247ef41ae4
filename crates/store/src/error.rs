//! What can go wrong in the store: each error says what, where, and what to do, in one line.

use std::path::{Path, PathBuf};

use rusqlite::ffi::SQLITE_IOERR_SHMSIZE;
use rusqlite::{Error as Sql, ErrorCode};
use thiserror::Error;

/// Why the store did not do what it was asked. Nothing secret in it.
#[derive(Debug, Error)]
pub enum StoreError {
    /// The master key is another one than the data was sealed with.
    #[error(
        "the master key from {source_name} (fingerprint {given}) is not the one that {} was sealed with (fingerprint {wanted}); \
         nothing was changed: give the right key, or name another data folder",
        path.display()
    )]
    WrongKey {
        /// Where the key came from.
        source_name: String,
        /// The fingerprint of the key given.
        given: String,
        /// The fingerprint of the key wanted.
        wanted: String,
        /// The database.
        path: PathBuf,
    },
    /// The master key is empty, too short or not in a known writing.
    #[error(
        "the master key from {source_name} {why}; it must be 32 random bytes as base64url, base64 or hex: \
         make one with `stepgate keygen`"
    )]
    UnusableKey {
        /// Where the key came from.
        source_name: String,
        /// What is wrong with it.
        why: String,
    },
    /// The key file cannot be read or made.
    #[error("cannot {doing} the key file {}: {why}; {help}", path.display())]
    KeyFile {
        /// `read` or `make`.
        doing: &'static str,
        /// The file.
        path: PathBuf,
        /// The system's words.
        why: String,
        /// What to do.
        help: &'static str,
    },
    /// The data folder cannot be made or used.
    #[error("cannot use the data folder {}: {why}; make it writable, or name another with --data-dir", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// The system's words.
        why: String,
    },
    /// The data folder or the database cannot be written to.
    #[error("{} cannot be written to: make the file and its folder writable, or name another data folder", path.display())]
    ReadOnly {
        /// The database.
        path: PathBuf,
    },
    /// No room is left.
    #[error("the disk that holds {} is full; nothing was changed: make room and try again", path.display())]
    DiskFull {
        /// The database.
        path: PathBuf,
    },
    /// Another process has held the database for too long.
    #[error(
        "another process holds {}, and waiting for it took too long; nothing was changed: try again, or end that process",
        path.display()
    )]
    Locked {
        /// The database.
        path: PathBuf,
    },
    /// The file is no database, or a damaged one.
    #[error("{} is damaged or no Stepgate database: put a backup in its place, or name another data folder", path.display())]
    Damaged {
        /// The database.
        path: PathBuf,
    },
    /// A later Stepgate has written the database.
    #[error(
        "{} was written by a newer Stepgate (schema {found}, this one knows {known}): run the newer one, or name another data folder",
        path.display()
    )]
    NewerSchema {
        /// The database.
        path: PathBuf,
        /// Its schema.
        found: i64,
        /// The newest schema that this binary knows.
        known: i64,
    },
    /// The database cannot be opened.
    #[error("cannot open {}: {why}; see that the folder is there and that you may read and write in it", path.display())]
    Opening {
        /// The database.
        path: PathBuf,
        /// SQLite's or the system's words.
        why: String,
    },
    /// Anything else that the database says.
    #[error("the database {} failed: {why}; see that its disk works and has room, then try again", path.display())]
    Database {
        /// The database.
        path: PathBuf,
        /// SQLite's words.
        why: String,
    },
    /// The row was changed or removed since it was read: read it again and decide anew.
    #[error("it was changed or removed meanwhile; nothing was changed: read it again")]
    Conflict,
    /// Something of this name is there already.
    #[error(
        "there is already {what} named {name}; nothing was changed: choose another name, or change that one"
    )]
    Taken {
        /// What it is, with its article.
        what: &'static str,
        /// The name.
        name: String,
    },
    /// What something is to be added to is not there.
    #[error(
        "there is no {what} {name}; nothing was changed: see that the name is right, and make it first"
    )]
    Missing {
        /// What is missing.
        what: &'static str,
        /// Its name.
        name: String,
    },
    /// The app or person was deleted while somebody signed in for it.
    #[error(
        "{owner} was deleted meanwhile, so nothing was stored: sign in again once there is such an app or person"
    )]
    OwnerGone {
        /// Whose it would have been.
        owner: String,
    },
    /// A name that this cannot have.
    #[error("{what} cannot be named {name:?}: {rule}")]
    NameRefused {
        /// What it is, with its article.
        what: &'static str,
        /// The name.
        name: String,
        /// What names are like.
        rule: &'static str,
    },
    /// The app has as many keys as it may.
    #[error(
        "app {app} has two keys already; nothing was changed: \
         let what uses the older one use the newer, remove the older, then make another"
    )]
    TooManyKeys {
        /// The app.
        app: String,
    },
    /// A person has as many drafts as may be.
    #[error("there are 100 drafts already: delete one that is not needed")]
    TooManyDrafts,
    /// Nobody would be left who may do everything.
    #[error(
        "this is the last admin who can sign in; nothing was changed: make another person an admin first"
    )]
    LastAdmin,
    /// A blob that a browser kept does not open here.
    #[error(
        "the sealed credential was altered, or made for another app, user, connection or version: sign in again"
    )]
    BlobRefused,
    /// The lease that the write relied on is no longer held.
    #[error(
        "the lease ended and another may have taken it; nothing was changed: read the connection again"
    )]
    LeaseLost,
    /// A sealed value does not open where it stands.
    #[error(
        "the sealed value of {what} in {} does not open: it was altered, or put in another row or version; \
         clear it and sign in or set it again",
        path.display()
    )]
    Unreadable {
        /// Which one.
        what: String,
        /// The database.
        path: PathBuf,
    },
    /// A sealed value names a data key that the master key does not open.
    #[error(
        "{what} in {} is sealed with data key {key}, which this master key does not open: \
         give the master key it was sealed under",
        path.display()
    )]
    UnknownDataKey {
        /// Which value.
        what: String,
        /// The data key's id.
        key: String,
        /// The database.
        path: PathBuf,
    },
    /// The thread that talks to the database is gone.
    #[error("the store has stopped; nothing was changed: start Stepgate again")]
    Stopped,
}

impl StoreError {
    /// A stable word for it.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::WrongKey { .. } => "wrong_key",
            Self::UnusableKey { .. } => "unusable_key",
            Self::KeyFile { .. } => "key_file",
            Self::Folder { .. } => "data_folder",
            Self::ReadOnly { .. } => "read_only",
            Self::DiskFull { .. } => "disk_full",
            Self::Locked { .. } => "database_locked",
            Self::Damaged { .. } => "database_damaged",
            Self::NewerSchema { .. } => "newer_schema",
            Self::Opening { .. } => "database_opening",
            Self::Database { .. } => "database",
            Self::Conflict => "conflict",
            Self::Taken { .. } => "name_taken",
            Self::Missing { .. } => "missing",
            Self::OwnerGone { .. } => "owner_gone",
            Self::NameRefused { .. } => "name_refused",
            Self::TooManyKeys { .. } => "too_many_keys",
            Self::TooManyDrafts => "too_many_drafts",
            Self::LastAdmin => "last_admin",
            Self::BlobRefused => "blob_refused",
            Self::LeaseLost => "lease_lost",
            Self::Unreadable { .. } => "sealed_value_unreadable",
            Self::UnknownDataKey { .. } => "unknown_data_key",
            Self::Stopped => "store_stopped",
        }
    }

    /// What SQLite said about the database at `path`.
    pub(crate) fn from_sqlite(path: &Path, error: &Sql) -> Self {
        let path = path.to_owned();
        if error
            .sqlite_error()
            .is_some_and(|error| error.extended_code == SQLITE_IOERR_SHMSIZE)
        {
            // The file that connections share could not grow, which SQLite does not call a full disk.
            return Self::DiskFull { path };
        }
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Locked { path },
            Some(ErrorCode::DiskFull) => Self::DiskFull { path },
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => Self::ReadOnly { path },
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Damaged { path },
            Some(ErrorCode::CannotOpen) => Self::Opening {
                path,
                why: error.to_string(),
            },
            _ => Self::Database {
                path,
                why: error.to_string(),
            },
        }
    }
}

/// What a job on the database ends with before it is known which file it was about.
#[derive(Debug)]
pub(crate) enum Fault {
    /// SQLite failed.
    Sql(Sql),
    /// The store itself refuses.
    Store(StoreError),
}

impl Fault {
    pub(crate) fn at(self, path: &Path) -> StoreError {
        match self {
            Self::Sql(error) => StoreError::from_sqlite(path, &error),
            Self::Store(error) => error,
        }
    }
}

impl From<Sql> for Fault {
    fn from(error: Sql) -> Self {
        Self::Sql(error)
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

#[cfg(test)]
mod tests {
    use super::{Path, Sql, StoreError};
    use rusqlite::ffi;

    #[test]
    fn what_sqlite_says_becomes_what_a_person_can_act_on() {
        let cases = [
            (ffi::SQLITE_BUSY, "database_locked"),
            (ffi::SQLITE_BUSY_SNAPSHOT, "database_locked"),
            (ffi::SQLITE_LOCKED, "database_locked"),
            (ffi::SQLITE_FULL, "disk_full"),
            (ffi::SQLITE_IOERR_SHMSIZE, "disk_full"),
            (ffi::SQLITE_READONLY, "read_only"),
            (ffi::SQLITE_READONLY_DIRECTORY, "read_only"),
            (ffi::SQLITE_PERM, "read_only"),
            (ffi::SQLITE_CORRUPT, "database_damaged"),
            (ffi::SQLITE_NOTADB, "database_damaged"),
            (ffi::SQLITE_CANTOPEN, "database_opening"),
            (ffi::SQLITE_IOERR_WRITE, "database"),
            (ffi::SQLITE_CONSTRAINT, "database"),
        ];
        for (code, expected) in cases {
            let failure = Sql::SqliteFailure(ffi::Error::new(code), None);
            let error = StoreError::from_sqlite(Path::new("/data/stepgate.db"), &failure);
            assert_eq!(error.code(), expected, "{code}");
            let line = error.to_string();
            assert!(
                line.contains("/data/stepgate.db") && !line.contains('\n'),
                "{line}"
            );
        }
    }
}
