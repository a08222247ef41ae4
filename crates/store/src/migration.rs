//! The schema, step by step; a database that a later Stepgate has written is refused, not touched.

use std::path::Path;

use rusqlite::{Connection, OptionalExtension};

use crate::database::{patiently, writing};
use crate::error::{Fault, StoreError};

/// The steps in order; the first makes schema 1.
const STEPS: &[&str] = &[include_str!("migrations/0001_first.sql")];

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
    // The only question that is put in SQLite's own words: PostgreSQL has information_schema for it.
    let sql = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'schema_version'";
    let tables: i64 = connection.query_row(sql, [], |row| row.get(0))?;
    if tables == 0 {
        let others: i64 =
            connection.query_row("SELECT count(*) FROM sqlite_master", [], |row| row.get(0))?;
        return match others {
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
