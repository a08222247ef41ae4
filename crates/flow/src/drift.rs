//! How far the API's clock is from this machine's, as the `Date` of its replies tells (RFC 9110, section 6.6.1).

use std::time::SystemTime;

use http::header::{AGE, DATE};
use http::{HeaderMap, StatusCode};
use model::{ClientAuth, Said, Step, StepKind};
use url::{Position, Url};

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

/// The largest that no scheme minds which signs the time. Hawk and many of one API's own allow 60 s, OAuth 1.0a and AWS
/// minutes.
const ALLOWED: i64 = 30;

/// What to do about a clock that is wrong.
const MEND: &str = "Set this machine's clock right, best by a time service (NTP).";

/// How many seconds an API's clock is ahead of this machine's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockDifference(i64);

impl ClockDifference {
    /// What a reply tells that came between these two moments; none where it does not tell, or came from a cache.
    #[must_use]
    pub fn measured(headers: &HeaderMap, begun: SystemTime, ended: SystemTime) -> Option<Self> {
        let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
        if text(AGE).is_some_and(|age| age.trim() != "0") {
            return None;
        }
        let date = httpdate::parse_http_date(text(DATE)?).ok()?;
        let half = ended.duration_since(begun).unwrap_or_default() / 2;
        Some(Self(unix(date).saturating_sub(unix(begun + half))))
    }

    /// The same where a reply refuses something that was signed with a time, and the difference is one that APIs mind.
    #[must_use]
    pub fn behind_refusal(
        status: StatusCode,
        headers: &HeaderMap,
        begun: SystemTime,
        ended: SystemTime,
    ) -> Option<Self> {
        let refuses = matches!(status.as_u16(), 400 | 401 | 403);
        let measured = Self::measured(headers, begun, ended).filter(|_| refuses);
        measured.filter(|difference| difference.0.abs() > ALLOWED)
    }

    /// One sentence: which clock is off, and by how much.
    #[must_use]
    pub fn sentence(self, url: &Url) -> String {
        let side = if self.0 > 0 { "behind" } else { "ahead of" };
        format!(
            "This machine's clock is {} {side} {}'s.",
            spoken(self.0.unsigned_abs()),
            &url[Position::BeforeHost..Position::AfterPort]
        )
    }

    /// The same, and what to do.
    #[must_use]
    pub fn advice(self, url: &Url) -> String {
        format!("{} {MEND}", self.sentence(url))
    }
}

/// Remembers what a reply tells.
pub(crate) fn remember(run: &mut RunData, told: Option<ClockDifference>, url: &Url) {
    if let Some(ClockDifference(ahead)) = told {
        run.api_ahead = Some(ahead);
        run.api_clock = Some(url.clone());
    }
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

/// What is said of the difference where the API refuses what was made for a time.
pub(crate) struct Told {
    sentence: String,
    help: String,
}

impl Told {
    /// The failure with it.
    pub(crate) fn put_to(self, mut failure: Failure) -> Failure {
        let said = Said::RefusedByTheClock {
            refusal: failure.message.clone(),
            difference: self.sentence,
        };
        failure.message = said.into();
        let before = std::mem::take(&mut failure.help);
        failure.with_help(format!("{} {before}", self.help).trim_end())
    }
}

/// Tells of the difference where the API refuses what was made for a time.
pub(crate) fn told(cx: &mut StepContext<'_>, step: &Step, failure: &Failure) -> Option<Told> {
    let minds = minds(cx, step).filter(|_| failure.is_refused())?;
    let ahead = cx.run.api_ahead.filter(|ahead| ahead.abs() > minds.from)?;
    let sentence = ClockDifference(ahead).sentence(cx.run.api_clock.as_ref()?);
    let help = match (minds.is_code, ahead.abs() > MOST) {
        (true, true) => format!("That is too much to make up for. {MEND}"),
        (true, false) => format!("It is made up for once a reply has told it. {MEND}"),
        (false, _) => MEND.to_owned(),
    };
    cx.observer.event(Event::Warning {
        step: Some(step.id.clone()),
        message: format!("{sentence} {help}"),
    });
    Some(Told { sentence, help })
}

/// What minds a difference of clocks.
struct Minds {
    /// From more than so many seconds on.
    from: i64,
    /// It is a one-time password.
    is_code: bool,
}

/// Whether the step sends something that is good for a time only.
fn minds(cx: &StepContext<'_>, step: &Step) -> Option<Minds> {
    if let Some(minds) = makes(step) {
        return Some(minds);
    }
    let steps = cx.run.steps(cx.context.connector);
    let read = step.templates();
    let is_read = |other: &Step| {
        let mut expressions = read.iter().flat_map(|template| template.expressions());
        expressions.any(|expression| expression.path.root == other.id)
    };
    let made = steps.iter().filter(|other| is_read(other)).find_map(makes);
    let signs = |step: &Step| {
        let own = match &step.kind {
            StepKind::ApiRequest(kind) => kind.request.sign_in.as_ref(),
            _ => None,
        };
        own.is_some_and(model::SignIn::signs_the_time) || proves_by_time(step)
    };
    let signed = signs(step) || cx.run.dpop_key.is_some();
    made.or_else(|| {
        signed.then_some(Minds {
            from: ALLOWED,
            is_code: false,
        })
    })
}

/// What a step makes that is good for a time, whoever sends it.
fn makes(step: &Step) -> Option<Minds> {
    match step.kind {
        StepKind::Totp(_) => Some(Minds {
            from: NONE,
            is_code: true,
        }),
        // Some servers take no token from the future, be it by seconds.
        StepKind::JwtBearer(_) => Some(Minds {
            from: NONE,
            is_code: false,
        }),
        _ => None,
    }
}

/// Whether the step shows its client or its key by something that is signed with the time.
fn proves_by_time(step: &Step) -> bool {
    let by_settings = step.kind.oauth2().is_some_and(|settings| {
        settings.dpop || matches!(settings.client_auth(), ClientAuth::PrivateKeyJwt)
    });
    by_settings || matches!(step.kind, StepKind::OAuth1(_))
}

/// Seconds as people say them, to no more than two units.
fn spoken(seconds: u64) -> String {
    let two = |large: u64, small: u64, names: [&str; 2]| match small {
        0 => format!("{large} {}", names[0]),
        _ => format!("{large} {} {small} {}", names[0], names[1]),
    };
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3_600 => two(seconds / 60, seconds % 60, ["min", "s"]),
        3_600..86_400 => two(seconds / 3_600, seconds % 3_600 / 60, ["h", "min"]),
        _ => two(seconds / 86_400, seconds % 86_400 / 3_600, ["d", "h"]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::{Duration, UNIX_EPOCH};

    fn at(seconds: u64) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(seconds)
    }

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let pair = |(name, value): &(&'static str, &'static str)| {
            (
                http::HeaderName::from_static(name),
                http::HeaderValue::from_static(value),
            )
        };
        pairs.iter().map(pair).collect()
    }

    #[test]
    fn the_time_of_a_reply_is_held_against_the_middle_of_the_exchange() {
        let date = ("date", "Sun, 06 Nov 1994 08:49:37 GMT");
        let table = [
            (vec![date], Some(5)),
            (vec![date, ("age", "0")], Some(5)),
            (vec![date, ("age", "70")], None),
            (vec![("date", "yesterday")], None),
            (vec![], None),
        ];
        for (given, expected) in table {
            let found =
                ClockDifference::measured(&headers(&given), at(784_111_770), at(784_111_774));
            assert_eq!(found, expected.map(ClockDifference), "{given:?}");
        }
    }

    #[test]
    fn a_difference_is_behind_a_refusal_where_apis_mind_it() {
        let date = headers(&[("date", "Sun, 06 Nov 1994 08:49:37 GMT")]);
        let table = [
            (401, 784_111_777 - 31, true),
            (403, 784_111_777 + 31, true),
            (400, 784_111_777 - 3_600, true),
            (401, 784_111_777 - 30, false),
            (404, 784_111_777 - 3_600, false),
            (200, 784_111_777 - 3_600, false),
        ];
        for (status, now, expected) in table {
            let status = StatusCode::from_u16(status).unwrap();
            let found = ClockDifference::behind_refusal(status, &date, at(now), at(now));
            assert_eq!(found.is_some(), expected, "{status} {now}");
        }
    }

    #[test]
    fn a_difference_is_said_as_people_say_it() {
        let url = Url::parse("https://api.example.com/v1?key=secret").unwrap();
        let table = [
            (
                312,
                "This machine's clock is 5 min 12 s behind api.example.com's.",
            ),
            (
                -312,
                "This machine's clock is 5 min 12 s ahead of api.example.com's.",
            ),
            (59, "This machine's clock is 59 s behind api.example.com's."),
            (
                120,
                "This machine's clock is 2 min behind api.example.com's.",
            ),
            (
                3_720,
                "This machine's clock is 1 h 2 min behind api.example.com's.",
            ),
            (
                90_000,
                "This machine's clock is 1 d 1 h behind api.example.com's.",
            ),
        ];
        for (ahead, expected) in table {
            assert_eq!(ClockDifference(ahead).sentence(&url), expected);
        }
        let port = Url::parse("http://127.0.0.1:8080/").unwrap();
        let advice = ClockDifference(40).advice(&port);
        assert!(
            advice.contains("127.0.0.1:8080") && advice.ends_with("(NTP)."),
            "{advice}"
        );
    }
}
