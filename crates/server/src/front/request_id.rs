//! Ids of requests: told to the caller and written to the log, so that the two can be brought together. Nobody has to be
//! unable to guess one.

use http::{HeaderName, HeaderValue};
use model::Random;
use std::cell::Cell;

/// The field that tells it.
pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("stepgate-request-id");

const LETTERS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// The ids of one thread: what tells it from all others, then a number.
pub(crate) struct RequestIds {
    prefix: [u8; 10],
    next: Cell<u32>,
}

/// An id.
#[derive(Clone, Debug)]
pub(crate) struct RequestId([u8; 17]);

impl RequestIds {
    /// Of a thread that starts.
    pub(crate) fn new(random: &Random) -> Self {
        Self {
            prefix: random
                .bytes::<10>()
                .map(|byte| LETTERS[usize::from(byte & 31)]),
            next: Cell::new(0),
        }
    }

    /// The next.
    pub(crate) fn next(&self) -> RequestId {
        let number = self.next.get();
        self.next.set(number.wrapping_add(1));
        let mut text = [b'0'; 17];
        text[..10].copy_from_slice(&self.prefix);
        let mut rest = number;
        for letter in text[10..].iter_mut().rev() {
            *letter = LETTERS[(rest & 31) as usize];
            rest >>= 5;
        }
        RequestId(text)
    }
}

impl RequestId {
    /// As a header field.
    pub(crate) fn header(&self) -> HeaderValue {
        // Letters and digits are always taken.
        HeaderValue::from_bytes(&self.0).unwrap_or(HeaderValue::from_static("0"))
    }

    /// As text.
    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::RequestIds;
    use model::Random;

    #[test]
    fn each_is_another() {
        let ids = RequestIds::new(&Random::new(|bytes| bytes.fill(3)));
        assert_eq!(ids.next().text(), "33333333330000000");
        assert_eq!(ids.next().text(), "33333333330000001");
    }
}
