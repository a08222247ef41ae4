//! The clock and the source of randomness, passed in as arguments so that a test can fix both.

use std::fmt;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

/// Tells the time; a function, so that tests and "an hour later" need no waiting.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> SystemTime + Send + Sync>);

impl Clock {
    /// A clock that asks the given function.
    pub fn new(now: impl Fn() -> SystemTime + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    /// The time now.
    #[must_use]
    pub fn now(&self) -> SystemTime {
        (self.0)()
    }

    /// Whole seconds since 1970, negative before.
    #[must_use]
    pub fn unix(&self) -> i64 {
        let seconds = |d: std::time::Duration| i64::try_from(d.as_secs()).unwrap_or(i64::MAX);
        match self.now().duration_since(UNIX_EPOCH) {
            Ok(since) => seconds(since),
            Err(before) => -seconds(before.duration()),
        }
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clock")
    }
}

/// Fills buffers with random bytes; must be a cryptographic source outside tests.
#[derive(Clone)]
pub struct Random(Arc<Fill>);

type Fill = dyn Fn(&mut [u8]) + Send + Sync;

impl Random {
    /// A source that asks the given function.
    pub fn new(fill: impl Fn(&mut [u8]) + Send + Sync + 'static) -> Self {
        Self(Arc::new(fill))
    }

    /// `N` random bytes.
    #[must_use]
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        (self.0)(&mut bytes);
        bytes
    }

    /// `n` random bytes as base64url without padding.
    #[must_use]
    pub fn base64url(&self, n: usize) -> String {
        const ALPHABET: &[u8; 64] =
            b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        let mut bytes = vec![0; n];
        (self.0)(&mut bytes);
        let mut text = String::with_capacity(n.div_ceil(3) * 4);
        for chunk in bytes.chunks(3) {
            let word = chunk
                .iter()
                .chain([&0, &0])
                .take(3)
                .fold(0_u32, |word, byte| word << 8 | u32::from(*byte));
            for position in 0..=chunk.len() {
                let index = (word >> (18 - 6 * position)) & 63;
                text.push(char::from(ALPHABET[index as usize]));
            }
        }
        text
    }
}

impl fmt::Debug for Random {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Random")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn unix_seconds_before_and_after_1970() {
        let later = Clock::new(|| UNIX_EPOCH + Duration::from_secs(90));
        let earlier = Clock::new(|| UNIX_EPOCH - Duration::from_secs(5));
        assert_eq!((later.unix(), earlier.unix()), (90, -5));
    }

    #[test]
    fn base64url_is_that_of_rfc_4648() {
        let random = Random::new(|buffer| buffer.fill(0xfb));
        assert_eq!(random.base64url(1), "-w");
        assert_eq!(random.base64url(2), "-_s");
        assert_eq!(random.base64url(3), "-_v7");
        assert_eq!(random.base64url(32).len(), 43);
        assert_eq!(random.bytes::<2>(), [0xfb, 0xfb]);
    }
}
