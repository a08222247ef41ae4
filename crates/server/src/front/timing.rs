//! `Server-Timing`: where the time of a call went, written without a formatter.

use gateway::Timings;
use http::HeaderValue;
use std::time::Duration;

/// More than the longest value.
const ROOM: usize = 128;

/// The value while it is written: put together here, it is allocated once and in its size.
struct Text {
    bytes: [u8; ROOM],
    length: usize,
}

/// The field's value, in milliseconds.
pub(crate) fn server_timing(timings: &Timings) -> HeaderValue {
    let mut text = Text {
        bytes: [0; ROOM],
        length: 0,
    };
    text.put(b"gateway;dur=");
    text.put_millis(own(timings));
    text.put(b", upstream;dur=");
    text.put_millis(timings.upstream);
    if !timings.renewal.is_zero() {
        text.put(b", renewal;dur=");
        text.put_millis(timings.renewal);
    }
    // Letters, digits and signs are always taken.
    HeaderValue::from_bytes(text.bytes.get(..text.length).unwrap_or_default())
        .unwrap_or(HeaderValue::from_static("gateway"))
}

/// What was spent here.
pub(crate) fn own(timings: &Timings) -> Duration {
    timings
        .total
        .saturating_sub(timings.upstream)
        .saturating_sub(timings.renewal)
}

impl Text {
    fn put(&mut self, piece: &[u8]) {
        let end = self.length + piece.len();
        if let Some(room) = self.bytes.get_mut(self.length..end) {
            room.copy_from_slice(piece);
            self.length = end;
        }
    }

    fn put_millis(&mut self, duration: Duration) {
        let micros = u64::try_from(duration.as_micros()).unwrap_or(u64::MAX);
        self.put(itoa::Buffer::new().format(micros / 1_000).as_bytes());
        let rest = (micros % 1_000) as u16;
        let digit = |number: u16| b'0' + (number % 10) as u8;
        self.put(&[b'.', digit(rest / 100), digit(rest / 10), digit(rest)]);
    }
}

#[cfg(test)]
mod tests {
    use super::server_timing;
    use gateway::Timings;
    use std::time::Duration;

    #[test]
    fn it_is_written_in_milliseconds() {
        let mut timings = Timings {
            upstream: Duration::from_micros(12_005),
            total: Duration::from_micros(12_045),
            ..Timings::default()
        };
        assert_eq!(
            server_timing(&timings),
            "gateway;dur=0.040, upstream;dur=12.005"
        );
        timings.renewal = Duration::from_micros(40);
        let text = "gateway;dur=0.000, upstream;dur=12.005, renewal;dur=0.040";
        assert_eq!(server_timing(&timings), text);
    }
}
