//! The schema, step by step; a database that a later Stepgate has written is refused, not touched.

use std::path::Path;

use rusqlite::{Connection, OptionalExtension};

use crate::database::{patiently, writing};
use crate::error::{Fault, StoreError};

/// The steps in order; the first makes schema 1.
const STEPS: &[&str] = &[
    include_str!("migrations/0001_first.sql"),
    include_str!("migrations/0002_server.sql"),
    include_str!("migrations/0003_sign_in.sql"),
    include_str!("migrations/0004_sso.sql"),
    include_str!("migrations/0005_drafts.sql"),
    include_str!("migrations/0006_app_sso.sql"),
    include_str!("migrations/0007_set_up_links.sql"),
    include_str!("migrations/0008_marks.sql"),
];

/// The schema of the database; 0 where it has none yet.
pub(crate) fn version(connection: &Connection, path: &Path) -> Result<i64, StoreError> {
    let found = patiently(|| read_version(connection, path).map_err(|fault| fault.at(path)))?;
    let known = STEPS.len() as i64;
    if found > known {
        return Err(StoreError::NewerSchema {
            path: path.to_owned(),
            found,
            known,
        });
    }
    Ok(found)
}

/// Brings the schema up to date, all steps or none.
pub(crate) fn migrate(
    connection: &mut Connection,
    path: &Path,
    now: i64,
) -> Result<(), StoreError> {
    if version(connection, path)? == STEPS.len() as i64 {
        return Ok(());
    }
    patiently(|| run_steps(connection, path, now).map_err(|fault| fault.at(path)))
}

fn read_version(connection: &Connection, path: &Path) -> Result<i64, Fault> {
    // The only question that is put in SQLite's own words: PostgreSQL has information_schema for it. One statement
    // asks for both, so that a schema which another process makes in between is not taken for a stranger's.
    let sql = "SELECT count(*), coalesce(sum(CASE WHEN type = 'table' AND name = 'schema_version' THEN 1 ELSE 0 END), 0) \
               FROM sqlite_master";
    let (all, ours): (i64, i64) =
        connection.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
    if ours == 0 {
        return match all {
            0 => Ok(0),
            _ => Err(StoreError::Damaged {
                path: path.to_owned(),
            }
            .into()),
        };
    }
    let newest = connection.query_row("SELECT max(version) FROM schema_version", [], |row| {
        row.get(0)
    });
    Ok(newest.optional()?.flatten().unwrap_or(0))
}

fn run_steps(connection: &mut Connection, path: &Path, now: i64) -> Result<(), Fault> {
    let transaction = writing(connection)?;
    // Read again with the write lock held: another process may have done it meanwhile.
    let found = read_version(&transaction, path)?;
    for (step, number) in STEPS
        .iter()
        .zip(1_i64..)
        .filter(|(_, number)| *number > found)
    {
        transaction.execute_batch(step)?;
        transaction.execute(
            "INSERT INTO schema_version (version, applied_at) VALUES ($1, $2)",
            (number, now),
        )?;
    }
    Ok(transaction.commit()?)
}
