//! Passwords of our own people: argon2id with OWASP's parameters, off the threads that serve, and few at a time, since
//! each takes 19 MiB.

use std::sync::Arc;

use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use model::Random;
use secret::SecretString;
use thiserror::Error;
use tokio::sync::{Semaphore, TryAcquireError};

/// The shortest password that is taken, in characters.
pub(crate) const SHORTEST: usize = 12;

/// The longest, in bytes; more would only cost time.
pub(crate) const LONGEST: usize = 1024;

/// How many are computed at a time.
const AT_ONCE: usize = 2;

/// How many may be computed or wait for it.
const WAITING: usize = 34;

/// What an unknown login is compared with, so that it takes as long as a known one.
const DECOY: &str = "$argon2id$v=19$m=19456,t=2,p=1$c3RlcGdhdGUtZGVjb3ktMQ$ZGVjb3ktZGVjb3ktZGVjb3ktZGVjb3ktZGVjb3ktMTI";

/// Makes and compares password hashes.
#[derive(Clone)]
pub(crate) struct Passwords {
    computing: Arc<Semaphore>,
    inside: Arc<Semaphore>,
    random: Random,
}

/// Why a password was not hashed or compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub(crate) enum PasswordError {
    /// Too short.
    #[error("the password has fewer than {SHORTEST} characters")]
    TooShort,
    /// Too long.
    #[error("the password has more than {LONGEST} bytes")]
    TooLong,
    /// The login, or one character again and again.
    #[error("the password is the login, or one character repeated")]
    TooPlain,
    /// Too many at once.
    #[error("too many sign-ins at once")]
    Busy,
    /// The hash could not be computed, or the stored one not be read.
    #[error("the password could not be hashed")]
    Hashing,
}

impl Passwords {
    /// With salts from this source.
    pub(crate) fn new(random: Random) -> Self {
        Self {
            computing: Arc::new(Semaphore::new(AT_ONCE)),
            inside: Arc::new(Semaphore::new(WAITING)),
            random,
        }
    }

    /// Whether the password may become that of this login.
    ///
    /// # Errors
    /// Why not.
    pub(crate) fn judge(login: &str, password: &SecretString) -> Result<(), PasswordError> {
        let password = password.reveal();
        if password.len() > LONGEST {
            return Err(PasswordError::TooLong);
        }
        if password.chars().count() < SHORTEST {
            return Err(PasswordError::TooShort);
        }
        let first = password.chars().next();
        let is_plain = password.eq_ignore_ascii_case(login)
            || password.chars().all(|letter| Some(letter) == first);
        if is_plain {
            return Err(PasswordError::TooPlain);
        }
        Ok(())
    }

    /// The hash to keep, in the PHC string format.
    ///
    /// # Errors
    /// Too many at once.
    pub(crate) async fn hash(&self, password: SecretString) -> Result<SecretString, PasswordError> {
        let salt = self.random.bytes::<16>();
        self.compute(move || {
            let salt = SaltString::encode_b64(&salt).map_err(|_| PasswordError::Hashing)?;
            let hash = argon2id().hash_password(password.reveal().as_bytes(), &salt);
            let hash = hash.map_err(|_| PasswordError::Hashing)?;
            Ok(SecretString::new(hash.to_string()))
        })
        .await
    }

    /// Whether it is the password that was hashed. Without a hash the same work is done, and the answer is no.
    ///
    /// # Errors
    /// Too many at once, or a hash that cannot be read.
    pub(crate) async fn verify(
        &self,
        password: SecretString,
        stored: Option<SecretString>,
    ) -> Result<bool, PasswordError> {
        let is_known = stored.is_some();
        let hash = stored.unwrap_or_else(|| SecretString::new(DECOY.to_owned()));
        self.compute(move || {
            let hash = PasswordHash::new(hash.reveal()).map_err(|_| PasswordError::Hashing)?;
            let text = password.reveal().as_bytes();
            let fits = text.len() <= LONGEST && argon2id().verify_password(text, &hash).is_ok();
            Ok(fits && is_known)
        })
        .await
    }

    async fn compute<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, PasswordError> + Send + 'static,
    ) -> Result<T, PasswordError> {
        let inside = match Arc::clone(&self.inside).try_acquire_owned() {
            Ok(inside) => inside,
            Err(TryAcquireError::NoPermits | TryAcquireError::Closed) => {
                return Err(PasswordError::Busy);
            }
        };
        let turn = Arc::clone(&self.computing).acquire_owned().await;
        let turn = turn.map_err(|_| PasswordError::Busy)?;
        // The permits go along: work whose asker has left still holds its memory.
        let done = tokio::task::spawn_blocking(move || {
            let _held = (inside, turn);
            work()
        });
        done.await.map_err(|_| PasswordError::Hashing)?
    }
}

fn argon2id() -> Argon2<'static> {
    // 19 MiB, two passes, one lane: what the crate calls its default, and OWASP its recommendation.
    Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::DEFAULT)
}

#[cfg(test)]
mod tests {
    use super::{PasswordError, Passwords, Random, SecretString};

    fn secret(text: &str) -> SecretString {
        SecretString::new(text.to_owned())
    }

    #[tokio::test]
    async fn a_hash_fits_its_password_alone() {
        let passwords = Passwords::new(Random::new(|bytes| bytes.fill(7)));
        let hash = passwords.hash(secret("correct horse battery")).await;
        let hash = hash.unwrap();
        assert!(hash.reveal().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        let fits = passwords.verify(secret("correct horse battery"), Some(hash.clone()));
        assert_eq!(fits.await, Ok(true));
        let other = passwords.verify(secret("correct horse batterx"), Some(hash));
        assert_eq!(other.await, Ok(false));
        let unknown = passwords.verify(secret("correct horse battery"), None);
        assert_eq!(unknown.await, Ok(false));
    }

    #[tokio::test]
    async fn a_crowd_is_sent_away_rather_than_held() {
        let passwords = Passwords::new(Random::new(|bytes| bytes.fill(7)));
        let all = passwords.inside.available_permits();
        let held = passwords
            .inside
            .clone()
            .try_acquire_many_owned(u32::try_from(all).unwrap());
        let sent_away = passwords.hash(secret("correct horse")).await;
        assert_eq!(sent_away.unwrap_err(), PasswordError::Busy);
        drop(held);
    }

    #[test]
    fn passwords_that_are_easily_guessed_are_refused() {
        let table = [
            ("short", Err(PasswordError::TooShort)),
            ("aaaaaaaaaaaaaaaa", Err(PasswordError::TooPlain)),
            ("Administrator1", Err(PasswordError::TooPlain)),
            ("пароль длинный", Ok(())),
            ("correct horse battery", Ok(())),
        ];
        for (password, expected) in table {
            let judged = Passwords::judge("administrator1", &secret(password));
            assert_eq!(judged, expected, "{password}");
        }
        let long = secret(&"ab".repeat(600));
        assert_eq!(Passwords::judge("ada", &long), Err(PasswordError::TooLong));
    }
}
