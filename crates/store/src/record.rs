//! What is known of a connection: columns that anybody with the file may read, and the credential, sealed.

use model::{Random, StateRecord};
use rusqlite::Row;
use secret::SecretBytes;

use crate::database::unsigned;
use crate::error::Fault;
use crate::seal::{Place, Sealed};

/// One signed-in account of one owner, without the credential in the clear.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConnectionRecord {
    /// `c_` and something random.
    pub id: String,
    /// The connector.
    pub connector: String,
    /// The environment, where one is named.
    pub environment: Option<String>,
    /// Whose it is.
    pub owner: String,
    /// Where the credential may go, as one text.
    pub origins: String,
    /// Which account it is.
    pub identity: Option<String>,
    /// What people read.
    pub label: Option<String>,
    /// What people called it.
    pub name: Option<String>,
    /// The version of the credential.
    pub version: u64,
    /// What the credential is fit for.
    pub state: StateRecord,
    /// When the session ends, where that is known, in seconds since 1970.
    pub expires_at: Option<i64>,
    /// When it was made.
    pub created_at: i64,
    /// When the credential was last replaced or its state changed.
    pub updated_at: i64,
    /// When a call was last sent with it.
    pub last_used_at: Option<i64>,
    /// When it was last renewed; a sign-in is no renewal.
    pub renewed_at: Option<i64>,
    /// How often its cookies were written.
    pub cookies_generation: u64,
    /// The credential as it lies in the database.
    pub sealed: Sealed,
    /// The cookies that calls have brought since the credential was stored, as they lie in the database.
    pub cookies: Option<Sealed>,
}

/// A connection to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewConnection {
    /// The connector.
    pub connector: String,
    /// The environment, where one is named.
    pub environment: Option<String>,
    /// Whose it is.
    pub owner: String,
    /// Where the credential may go, as one text.
    pub origins: String,
    /// What people call it.
    pub name: Option<String>,
    /// Which account it is.
    pub identity: Option<String>,
    /// What people read.
    pub label: Option<String>,
    /// What the credential is fit for.
    pub state: StateRecord,
    /// When the session ends, where that is known, in seconds since 1970.
    pub expires_at: Option<i64>,
}

/// What takes the place of a credential.
#[derive(Clone, Debug)]
pub struct Update {
    /// The new credential, in the clear; it is sealed before it is written.
    pub sealed: SecretBytes,
    /// What it is fit for.
    pub state: StateRecord,
    /// Which account it is.
    pub identity: Option<String>,
    /// What people read.
    pub label: Option<String>,
    /// When the session ends, where that is known, in seconds since 1970.
    pub expires_at: Option<i64>,
    /// Whether a renewal brought it.
    pub renewed: bool,
}

/// Which connections are meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    /// Of this connector.
    pub connector: String,
    /// In this environment; none means in none that is named.
    pub environment: Option<String>,
    /// Of this owner.
    pub owner: String,
    /// For these origins; none means for any.
    pub origins: Option<String>,
}

/// Selects what [`read`] reads.
pub(crate) const SELECT: &str = "SELECT id, connector, environment, owner, origins, name, identity, label, version, sealed, \
                      cookies_generation, cookies, state, expires_at, created_at, updated_at, last_used_at, renewed_at \
                      FROM connections";

/// The record of a row.
pub(crate) fn read(row: &Row<'_>) -> rusqlite::Result<ConnectionRecord> {
    const STATE: usize = 12;
    let environment: String = row.get(2)?;
    let state: String = row.get(STATE)?;
    let state = serde_json::from_str(&state).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(
            STATE,
            rusqlite::types::Type::Text,
            Box::new(error),
        )
    })?;
    Ok(ConnectionRecord {
        id: row.get(0)?,
        connector: row.get(1)?,
        environment: Some(environment).filter(|named| !named.is_empty()),
        owner: row.get(3)?,
        origins: row.get(4)?,
        name: row.get(5)?,
        identity: row.get(6)?,
        label: row.get(7)?,
        version: unsigned(row.get(8)?),
        sealed: Sealed::from_stored(row.get(9)?),
        cookies_generation: unsigned(row.get(10)?),
        cookies: row.get::<_, Option<Vec<u8>>>(11)?.map(Sealed::from_stored),
        state,
        expires_at: row.get(13)?,
        created_at: row.get(14)?,
        updated_at: row.get(15)?,
        last_used_at: row.get(16)?,
        renewed_at: row.get(17)?,
    })
}

/// How the stored state begins of who has to sign in again.
pub(crate) const SIGN_IN_REQUIRED: &str = r#"{"state":"sign_in_required""#;

/// A state as it is stored.
pub(crate) fn state_text(state: &StateRecord) -> Result<String, Fault> {
    serde_json::to_string(state)
        .map_err(|error| Fault::Sql(rusqlite::Error::ToSqlConversionFailure(Box::new(error))))
}

/// Where the credential is sealed for.
pub(crate) fn credential_place(record: &ConnectionRecord) -> Place<'_> {
    Place {
        column: "connections.sealed",
        id: &record.id,
        connector: &record.connector,
        environment: record.environment.as_deref().unwrap_or_default(),
        owner: &record.owner,
        origins: &record.origins,
        version: record.version,
        generation: 0,
    }
}

/// Where the cookies are sealed for.
pub(crate) fn cookies_place(record: &ConnectionRecord) -> Place<'_> {
    Place {
        column: "connections.cookies",
        generation: record.cookies_generation,
        ..credential_place(record)
    }
}

/// An id that nobody guesses, and that can be read out: what it names, and 120 bits.
pub(crate) fn new_id(random: &Random, names: &str) -> String {
    const ALPHABET: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
    let letters = random
        .bytes::<24>()
        .map(|byte| char::from(ALPHABET[usize::from(byte & 31)]));
    letters
        .iter()
        .fold(names.to_owned(), |id, letter| id + &letter.to_string())
}

#[cfg(test)]
mod tests {
    use model::{CredentialState, StateRecord};

    use super::{SIGN_IN_REQUIRED, state_text};

    #[test]
    fn a_stored_state_begins_with_its_name() {
        let mut state = StateRecord::signed_in(1);
        let text = state_text(&state).ok().unwrap();
        assert!(!text.starts_with(SIGN_IN_REQUIRED), "{text}");
        state.state = CredentialState::SignInRequired { asked: false };
        let text = state_text(&state).ok().unwrap();
        assert!(text.starts_with(SIGN_IN_REQUIRED), "{text}");
    }
}
