//! A point in time on a page: in UTC, until the page's script writes it as the reader's own clock has it.

use maud::{Markup, html};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;

/// The time, in seconds since 1970.
pub(crate) fn time(unix: i64) -> Markup {
    let moment = OffsetDateTime::from_unix_timestamp(unix).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    let machine = moment.format(&Rfc3339).unwrap_or_default();
    let shown = moment
        .format(format_description!(
            "[year]-[month]-[day] [hour]:[minute] UTC"
        ))
        .unwrap_or_default();
    html! { time datetime=(machine) { (shown) } }
}

#[cfg(test)]
mod tests {
    use super::time;

    #[test]
    fn machines_and_people_read_it() {
        assert_eq!(
            time(0).into_string(),
            "<time datetime=\"1970-01-01T00:00:00Z\">1970-01-01 00:00 UTC</time>"
        );
        assert!(time(i64::MAX).into_string().contains("1970"));
    }
}
