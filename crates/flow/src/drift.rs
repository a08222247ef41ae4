//! How far the API's clock is from this machine's, as the `Date` of its replies tells (RFC 9110, section 6.6.1).

use std::time::SystemTime;

use http::HeaderMap;
use http::header::{AGE, DATE};
use model::{Step, StepKind};

use crate::expiry::unix;
use crate::failure::Failure;
use crate::run::RunData;
use crate::step::StepContext;
use crate::timeline::Event;

/// The largest difference that is made up for, in seconds. Beyond it one clock is simply wrong, and
/// whoever answers could else have codes made for a far future.
const MOST: i64 = 600;

/// The largest that is no difference: `Date` knows whole seconds only.
const NONE: i64 = 2;

/// How many seconds the API's clock is ahead; none where a reply does not tell, or came from a cache.
pub(crate) fn measured(headers: &HeaderMap, begun: SystemTime, ended: SystemTime) -> Option<i64> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    if text(AGE).is_some_and(|age| age.trim() != "0") {
        return None;
    }
    let date = httpdate::parse_http_date(text(DATE)?).ok()?;
    let half = ended.duration_since(begun).unwrap_or_default() / 2;
    Some(unix(date).saturating_sub(unix(begun + half)))
}

/// How many seconds are added to this machine's time to have the API's; 0 where they are too many.
pub(crate) fn correction(run: &RunData) -> i64 {
    match run.api_ahead {
        Some(ahead) if (NONE + 1..=MOST).contains(&ahead.abs()) => ahead,
        _ => 0,
    }
}

/// The one-time passwords that this or a corrected time may still be in.
pub(crate) fn still_current(run: &RunData, now: i64) -> Vec<i64> {
    let current = |ends: &i64| *ends > now.saturating_sub(MOST);
    let mut codes: Vec<i64> = run.used_codes.iter().copied().filter(current).collect();
    codes.sort_unstable();
    codes.dedup();
    codes
}

/// Tells of the difference where the API refuses what was made for a time.
pub(crate) fn told(cx: &mut StepContext<'_>, step: &Step, mut failure: Failure) -> Failure {
    let difference = cx.run.api_ahead.filter(|ahead| ahead.abs() > NONE);
    let (true, Some(ahead)) = (failure.is_refused() && hangs_on_time(cx, step), difference) else {
        return failure;
    };
    let side = if ahead > 0 { "ahead of" } else { "behind" };
    let what = if ahead.abs() > MOST {
        "which is too much to make up for"
    } else {
        "which is made up for once a reply has told it"
    };
    let text = format!(
        "The API's clock is {} s {side} this machine's, {what}. Set this machine's clock right.",
        ahead.abs()
    );
    cx.observer.event(Event::Warning {
        step: Some(step.id.clone()),
        message: text.clone(),
    });
    let before = std::mem::take(&mut failure.help);
    failure.with_help(format!("{before} {text}").trim_start())
}

/// Whether the step sends something that is good for a time only.
fn hangs_on_time(cx: &StepContext<'_>, step: &Step) -> bool {
    let timed = |step: &Step| matches!(step.kind, StepKind::Totp(_) | StepKind::JwtBearer(_));
    if timed(step) {
        return true;
    }
    let steps = cx.run.steps(cx.context.connector);
    let read = step.templates();
    steps.iter().filter(|other| timed(other)).any(|other| {
        read.iter()
            .flat_map(|template| template.expressions())
            .any(|expression| expression.path.root == other.id)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::{Duration, UNIX_EPOCH};

    #[test]
    fn the_time_of_a_reply_is_held_against_the_middle_of_the_exchange() {
        let at = |seconds| UNIX_EPOCH + Duration::from_secs(seconds);
        let date = ("date", "Sun, 06 Nov 1994 08:49:37 GMT");
        let table = [
            (vec![date], Some(5)),
            (vec![date, ("age", "0")], Some(5)),
            (vec![date, ("age", "70")], None),
            (vec![("date", "yesterday")], None),
            (vec![], None),
        ];
        for (headers, expected) in table {
            let headers: HeaderMap = headers
                .iter()
                .map(|(name, value)| {
                    (
                        name.parse::<http::HeaderName>().unwrap(),
                        value.parse().unwrap(),
                    )
                })
                .collect();
            let found = measured(&headers, at(784_111_770), at(784_111_774));
            assert_eq!(found, expected, "{headers:?}");
        }
    }
}
