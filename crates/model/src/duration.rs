//! Durations as a definition writes them: `60s`, `90m`, or seconds.

use std::time::Duration;

/// The longest duration that is taken: ten years.
pub const LONGEST: Duration = Duration::from_secs(10 * 366 * 86_400);

/// Whether a text is written like a duration, however long.
pub(crate) fn looks_like_duration(text: &str) -> bool {
    let unit = text.trim_start_matches(|c: char| c.is_ascii_digit());
    unit.len() < text.len() && ["", "ms", "s", "m", "h", "d"].contains(&unit)
}

/// Reads a duration: digits, and `ms`, `s`, `m`, `h` or `d` after them; digits alone are seconds.
/// None where it is anything else or longer than ten years.
#[must_use]
pub fn parse_duration(text: &str) -> Option<Duration> {
    let split = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    let (digits, unit) = text.split_at(split);
    let number: u64 = digits.parse().ok()?;
    let duration = match unit {
        "ms" => Duration::from_millis(number),
        "" | "s" => Duration::from_secs(number),
        "m" => Duration::from_secs(number.checked_mul(60)?),
        "h" => Duration::from_secs(number.checked_mul(3_600)?),
        "d" => Duration::from_secs(number.checked_mul(86_400)?),
        _ => return None,
    };
    (duration <= LONGEST).then_some(duration)
}

#[cfg(test)]
mod tests {
    use super::parse_duration;
    use std::time::Duration;

    #[test]
    fn durations_have_one_unit_or_are_seconds() {
        let table = [
            ("60s", Some(60_000)),
            ("90m", Some(5_400_000)),
            ("2h", Some(7_200_000)),
            ("1d", Some(86_400_000)),
            ("250ms", Some(250)),
            ("45", Some(45_000)),
            ("0", Some(0)),
            ("", None),
            ("s", None),
            ("-1s", None),
            ("1.5h", None),
            ("1h30m", None),
            ("1 h", None),
            ("1w", None),
            ("99999999999999999999", None),
            ("11000d", None),
            ("18446744073709551615d", None),
        ];
        for (text, milliseconds) in table {
            let expected = milliseconds.map(Duration::from_millis);
            assert_eq!(parse_duration(text), expected, "{text}");
        }
    }
}
