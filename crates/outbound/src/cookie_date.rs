//! Dates in `Expires`, by the forgiving algorithm of RFC 6265bis 5.1.1.

use time::{Date, Month};

/// Seconds since 1970, or `None` where the text is no date.
pub(crate) fn parse(text: &str) -> Option<i64> {
    let (mut clock, mut day, mut month, mut year) = (None, None, None, None);
    for token in text
        .as_bytes()
        .split(|byte| is_delimiter(*byte))
        .filter(|token| !token.is_empty())
    {
        if clock.is_none()
            && let Some(found) = read_clock(token)
        {
            clock = Some(found);
            continue;
        }
        if day.is_none()
            && let Some(found) = leading_number(token, 1, 2)
        {
            day = Some(found);
            continue;
        }
        if month.is_none()
            && let Some(found) = read_month(token)
        {
            month = Some(found);
            continue;
        }
        if year.is_none() {
            year = leading_number(token, 2, 4);
        }
    }
    let (hour, minute, second) = clock?;
    let year = match year? {
        short @ 70..=99 => short + 1900,
        short @ 0..=69 => short + 2000,
        full => full,
    };
    if year < 1601 || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let date =
        Date::from_calendar_date(i32::try_from(year).ok()?, month?, u8::try_from(day?).ok()?)
            .ok()?;
    let days = i64::from(date.to_julian_day()) - 2_440_588;
    Some(days * 86_400 + i64::from(hour) * 3600 + i64::from(minute) * 60 + i64::from(second))
}

fn is_delimiter(byte: u8) -> bool {
    matches!(byte, 0x09 | 0x20..=0x2f | 0x3b..=0x40 | 0x5b..=0x60 | 0x7b..=0x7e)
}

/// A number of `least` to `most` digits, ended by the token's end or by something else.
fn leading_number(token: &[u8], least: usize, most: usize) -> Option<u32> {
    let digits = token
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    if !(least..=most).contains(&digits) {
        return None;
    }
    std::str::from_utf8(&token[..digits]).ok()?.parse().ok()
}

/// `hh:mm:ss`, one or two digits each.
fn read_clock(token: &[u8]) -> Option<(u32, u32, u32)> {
    let mut parts = token.splitn(3, |byte| *byte == b':');
    let whole = |part: &[u8]| {
        (part.iter().all(u8::is_ascii_digit))
            .then(|| leading_number(part, 1, 2))
            .flatten()
    };
    let hour = whole(parts.next()?)?;
    let minute = whole(parts.next()?)?;
    let second = leading_number(parts.next()?, 1, 2)?;
    Some((hour, minute, second))
}

fn read_month(token: &[u8]) -> Option<Month> {
    let start = token.get(..3)?.to_ascii_lowercase();
    Some(match start.as_slice() {
        b"jan" => Month::January,
        b"feb" => Month::February,
        b"mar" => Month::March,
        b"apr" => Month::April,
        b"may" => Month::May,
        b"jun" => Month::June,
        b"jul" => Month::July,
        b"aug" => Month::August,
        b"sep" => Month::September,
        b"oct" => Month::October,
        b"nov" => Month::November,
        b"dec" => Month::December,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn reads_the_dates_that_servers_send() {
        let turn = Some(784_111_777);
        for (text, expected) in [
            ("Sun, 06 Nov 1994 08:49:37 GMT", turn),
            ("Sunday, 06-Nov-94 08:49:37 GMT", turn),
            ("Sun Nov  6 08:49:37 1994", turn),
            ("06 Nov 1994 8:49:37", turn),
            ("08:49:37 Nov-06-1994 UTC", turn),
            ("Thu, 01 Jan 1970 00:00:00 GMT", Some(0)),
            ("Thu, 01-Jan-70 00:00:00 GMT", Some(0)),
            ("Wed, 31 Dec 1969 23:59:59 GMT", Some(-1)),
            ("Tue, 29 Feb 2028 12:00:00 GMT", Some(1_835_438_400)),
            ("Thu, 30 Feb 2028 12:00:00 GMT", None),
            ("Sun, 06 Nov 1994 24:00:00 GMT", None),
            ("Sun, 06 Nov 1994", None),
            ("Sun, 06 Nov 1500 08:49:37 GMT", None),
            ("0", None),
            ("", None),
        ] {
            assert_eq!(parse(text), expected, "{text}");
        }
    }
}
