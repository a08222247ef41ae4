//! `Server-Timing`: where the time of a call went, written without a formatter.

use gateway::Timings;
use http::HeaderValue;
use std::time::Duration;

/// The field's value, in milliseconds.
pub(crate) fn server_timing(timings: &Timings) -> HeaderValue {
    let mut text = Vec::with_capacity(64);
    text.extend_from_slice(b"gateway;dur=");
    millis(&mut text, own(timings));
    text.extend_from_slice(b", upstream;dur=");
    millis(&mut text, timings.upstream);
    if !timings.renewal.is_zero() {
        text.extend_from_slice(b", renewal;dur=");
        millis(&mut text, timings.renewal);
    }
    // Letters, digits and signs are always taken.
    HeaderValue::from_maybe_shared(bytes::Bytes::from(text))
        .unwrap_or(HeaderValue::from_static("gateway"))
}

/// What was spent here.
pub(crate) fn own(timings: &Timings) -> Duration {
    timings
        .total
        .saturating_sub(timings.upstream)
        .saturating_sub(timings.renewal)
}

fn millis(text: &mut Vec<u8>, duration: Duration) {
    let micros = u64::try_from(duration.as_micros()).unwrap_or(u64::MAX);
    text.extend_from_slice(itoa::Buffer::new().format(micros / 1_000).as_bytes());
    let rest = (micros % 1_000) as u16;
    let digit = |number: u16| b'0' + (number % 10) as u8;
    text.extend_from_slice(&[b'.', digit(rest / 100), digit(rest / 10), digit(rest)]);
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
