//! When a credential ends, read from whatever shape an API says it in.
//!
//! A wrong end is worse than none: one in the past makes every call renew first, one in the far
//! future hides that a renewal is due. So what is absent, negative, no number or more than ten
//! years away counts as not said.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// Ten years, leap days included.
const LONGEST: i64 = 10 * 366 * 24 * 60 * 60;

/// Why an end could not be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NotSaid {
    #[error("it is not there")]
    Absent,
    #[error("it is neither a number of seconds nor a duration such as 90m")]
    NoDuration,
    #[error("it is neither seconds since 1970 nor a date")]
    NoDate,
    #[error("it is not a JSON Web Token with a number as `exp`")]
    NoToken,
    #[error("it lies in the past")]
    Past,
    #[error("it is more than ten years away")]
    TooFar,
}

/// The end from a life such as `3600`, `"3600"` or `"90m"`, counted from `from`.
pub(crate) fn from_life(life: Option<&Value>, from: i64) -> Result<i64, NotSaid> {
    let life = life
        .filter(|value| !value.is_null())
        .ok_or(NotSaid::Absent)?;
    let seconds = number(life)
        .or_else(|| life.as_str().and_then(duration))
        .ok_or(NotSaid::NoDuration)?;
    checked(seconds, from)
}

/// The end from a point in time: seconds since 1970, RFC 3339 or an HTTP date.
pub(crate) fn from_date(date: Option<&Value>, from: i64) -> Result<i64, NotSaid> {
    let date = date
        .filter(|value| !value.is_null())
        .ok_or(NotSaid::Absent)?;
    let end = number(date)
        .or_else(|| date.as_str().and_then(calendar))
        .ok_or(NotSaid::NoDate)?;
    checked(end - from as f64, from)
}

/// The end from the `exp` of a JSON Web Token, which is read and not verified: the API that
/// takes the token does that.
pub(crate) fn from_jwt(token: Option<&Value>, from: i64) -> Result<i64, NotSaid> {
    let token = token
        .filter(|value| !value.is_null())
        .ok_or(NotSaid::Absent)?;
    let end = token.as_str().and_then(exp).ok_or(NotSaid::NoToken)?;
    checked(end - from as f64, from)
}

/// When to renew what began at `from` and ends at `end`: the margin ahead, at most half the life.
pub(crate) fn renew_at(from: i64, end: i64, margin: Duration) -> i64 {
    let half = (end - from).max(0) / 2;
    let margin = i64::try_from(margin.as_secs()).unwrap_or(i64::MAX);
    end - margin.min(half)
}

/// Seconds since 1970.
pub(crate) fn unix(time: SystemTime) -> i64 {
    let whole = |d: Duration| i64::try_from(d.as_secs()).unwrap_or(i64::MAX);
    match time.duration_since(UNIX_EPOCH) {
        Ok(since) => whole(since),
        Err(before) => -whole(before.duration()),
    }
}

#[allow(clippy::cast_possible_truncation)] // bounded by the two comparisons
fn checked(seconds: f64, from: i64) -> Result<i64, NotSaid> {
    if seconds > LONGEST as f64 {
        Err(NotSaid::TooFar)
    } else if seconds < 1.0 {
        Err(NotSaid::Past)
    } else {
        Ok(from + seconds as i64)
    }
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
    .filter(|number: &f64| number.is_finite())
}

fn duration(text: &str) -> Option<f64> {
    let text = text.trim();
    let unit = text.char_indices().next_back()?;
    let factor = match unit.1 {
        's' => 1.0,
        'm' => 60.0,
        'h' => 3600.0,
        'd' => 86400.0,
        _ => return None,
    };
    let count: f64 = text[..unit.0].trim().parse().ok()?;
    count.is_finite().then_some(count * factor)
}

fn calendar(text: &str) -> Option<f64> {
    let text = text.trim();
    OffsetDateTime::parse(text, &Rfc3339)
        .map(|date| date.unix_timestamp() as f64)
        .ok()
        .or_else(|| {
            httpdate::parse_http_date(text)
                .ok()
                .map(|date| unix(date) as f64)
        })
}

fn exp(token: &str) -> Option<f64> {
    let token = token.trim();
    let token = token.strip_prefix("Bearer ").unwrap_or(token);
    let payload = token.split('.').nth(1)?.trim_end_matches('=');
    let bytes = URL_SAFE_NO_PAD.decode(payload).ok()?;
    let claims: Value = serde_json::from_slice(&bytes).ok()?;
    number(claims.get("exp")?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const NOW: i64 = 1_700_000_000;

    #[test]
    fn attack_24_a_life_is_a_number_a_text_or_not_said() {
        let table = [
            (json!(3600), Ok(3600)),
            (json!("3600"), Ok(3600)),
            (json!(" 3600 "), Ok(3600)),
            (json!(1.5e3), Ok(1500)),
            (json!("90m"), Ok(5400)),
            (json!("1h"), Ok(3600)),
            (json!("2 d"), Ok(172_800)),
            (json!(null), Err(NotSaid::Absent)),
            (json!(-5), Err(NotSaid::Past)),
            (json!(0), Err(NotSaid::Past)),
            (json!("x"), Err(NotSaid::NoDuration)),
            (json!(""), Err(NotSaid::NoDuration)),
            (json!("inf"), Err(NotSaid::NoDuration)),
            (json!(true), Err(NotSaid::NoDuration)),
            (json!([3600]), Err(NotSaid::NoDuration)),
            (json!(1e18), Err(NotSaid::TooFar)),
            (json!("1e300d"), Err(NotSaid::TooFar)),
        ];
        for (life, expected) in table {
            let expected = expected.map(|seconds: i64| NOW + seconds);
            assert_eq!(from_life(Some(&life), NOW), expected, "{life}");
        }
        assert_eq!(from_life(None, NOW), Err(NotSaid::Absent));
    }

    #[test]
    fn a_date_is_unix_rfc_3339_or_an_http_date() {
        let table = [
            (json!(NOW + 60), Ok(NOW + 60)),
            (json!((NOW + 60).to_string()), Ok(NOW + 60)),
            (json!("2023-11-14T22:14:20Z"), Ok(NOW + 60)),
            (json!("2023-11-14T23:14:20.5+01:00"), Ok(NOW + 60)),
            (json!("Tue, 14 Nov 2023 22:14:20 GMT"), Ok(NOW + 60)),
            (json!(NOW - 1), Err(NotSaid::Past)),
            (json!("soon"), Err(NotSaid::NoDate)),
            (json!((NOW + 60) * 1000), Err(NotSaid::TooFar)),
        ];
        for (date, expected) in table {
            assert_eq!(from_date(Some(&date), NOW), expected, "{date}");
        }
    }

    #[test]
    fn a_jwt_is_read_without_its_signature() {
        let token = |claims: Value| {
            let claims = URL_SAFE_NO_PAD.encode(claims.to_string());
            json!(format!("e30.{claims}.sig"))
        };
        let table = [
            (token(json!({ "exp": NOW + 300 })), Ok(NOW + 300)),
            (token(json!({ "exp": "later" })), Err(NotSaid::NoToken)),
            (token(json!({ "exp": NOW - 300 })), Err(NotSaid::Past)),
            (json!("opaque"), Err(NotSaid::NoToken)),
            (json!("a.b.c"), Err(NotSaid::NoToken)),
        ];
        for (token, expected) in table {
            assert_eq!(from_jwt(Some(&token), NOW), expected, "{token}");
        }
    }

    #[test]
    fn attack_28_the_margin_is_at_most_half_the_life() {
        let minute = Duration::from_secs(60);
        assert_eq!(renew_at(NOW, NOW + 3600, minute), NOW + 3540);
        assert_eq!(renew_at(NOW, NOW + 10, minute), NOW + 5);
        assert_eq!(renew_at(NOW, NOW + 1, minute), NOW + 1);
        assert_eq!(renew_at(NOW, NOW + 3600, Duration::ZERO), NOW + 3600);
    }
}
