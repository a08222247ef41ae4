//! What is looked at to say whether this installation is sound: by `stepgate doctor` and by the page alike, in the same
//! words.
//!
//! # Layout
//! - [`reach`], [`clock`], [`egress`], [`sandbox`]: what APIs and this machine show
//! - [`Installation`] (`installation.rs`): how it is set, with [`key()`], [`data_folder`], [`policy`] and [`proxy`]
//! - [`callback`] (`address.rs`): where browsers come back to; [`single_sign_on`] (`providers.rs`): identity providers

mod address;
mod installation;
mod providers;

pub use address::{callback, not_encrypted};
pub use installation::{
    Demonstration, Installation, KeyPlace, data_folder, key, policy, proxies, proxy,
};
pub use providers::single_sign_on;

use flow::Engine;
use http::Method;
use http::header::DATE;
use outbound::{Cookies, Outgoing};
use std::time::{Duration, SystemTime};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use url::Url;

/// How long an API may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// One thing looked at.
#[derive(Clone, Debug)]
pub struct Finding {
    /// What.
    pub what: &'static str,
    /// Whether it is as it should be.
    pub sound: bool,
    /// How it is, and what to do.
    pub detail: String,
}

/// An API that was asked, without any credential.
#[derive(Clone, Debug)]
pub struct Reached {
    /// Whose it is.
    pub connector: String,
    /// Why there was no answer, and what to do about it.
    pub refused: Option<String>,
    /// By how many seconds its clock is ahead of ours.
    pub ahead: Option<i64>,
}

/// Asks each for the header of its base URL. Any answer will do.
pub async fn reach(engine: &Engine, apis: Vec<(String, Url)>) -> Vec<Reached> {
    let mut asked = tokio::task::JoinSet::new();
    for (connector, url) in apis {
        let engine = engine.clone();
        asked.spawn(async move {
            let mut request = Outgoing::new(Method::HEAD, url);
            request.timeout = PATIENCE;
            let now = engine.clock.now();
            let reply = engine.client.send(request, Cookies::None, None, now).await;
            match reply {
                Ok(reply) => {
                    let date = reply.headers.get(DATE).and_then(|date| date.to_str().ok());
                    Reached {
                        connector,
                        refused: None,
                        ahead: date.and_then(|date| ahead(date, engine.clock.unix())),
                    }
                }
                Err(error) => Reached {
                    connector,
                    refused: Some(error.to_string()),
                    ahead: None,
                },
            }
        });
    }
    let mut reached = asked.join_all().await;
    reached.sort_by(|one, other| one.connector.cmp(&other.connector));
    reached
}

/// Whether the clock is right, as far as APIs tell. `now` is in Unix seconds.
#[must_use]
pub fn clock(now: i64, reached: &[Reached]) -> Finding {
    /// 2026-01-01: a clock before this makes every token look fresh.
    const NOT_BEFORE: i64 = 1_767_225_600;
    /// Signatures and tokens with a time in them bear about this much.
    const BORNE: u64 = 60;
    let written = OffsetDateTime::from_unix_timestamp(now)
        .ok()
        .and_then(|moment| moment.format(&Rfc3339).ok())
        .unwrap_or_else(|| now.to_string());
    // An API's clock may be wrong too; that all of them are is not likely.
    let off = reached.iter().filter_map(|api| api.ahead);
    let off = off.min_by_key(|ahead| ahead.unsigned_abs());
    let (sound, detail) = match off {
        _ if now < NOT_BEFORE => (false, format!("{written} is long past: set the clock")),
        Some(off) if off.unsigned_abs() > BORNE => (
            false,
            format!(
                "{written} is {} s {} every API that was asked: let NTP set the clock",
                off.unsigned_abs(),
                if off > 0 { "behind" } else { "ahead of" }
            ),
        ),
        Some(_) => (true, format!("{written}, as APIs have it")),
        None => (true, written),
    };
    Finding {
        what: "clock",
        sound,
        detail,
    }
}

/// Whether scripts run.
pub async fn sandbox(engine: &Engine) -> Finding {
    let none = serde_json::Map::new();
    let ran = engine
        .scripts
        .run("return { ok: true }", &none, engine.clock.now())
        .await;
    let (sound, detail) = match ran {
        Ok(_) => (true, "runs scripts".to_owned()),
        Err(error) => (false, error.to_string()),
    };
    Finding {
        what: "script sandbox",
        sound,
        detail,
    }
}

/// Whether the APIs were reached. `policy` says what may be.
#[must_use]
pub fn egress(policy: &str, reached: &[Reached]) -> Finding {
    let mut detail = policy.to_owned();
    let unreached = reached
        .iter()
        .filter_map(|api| Some((&api.connector, api.refused.as_ref()?)));
    let unreached: Vec<String> = unreached
        .map(|(connector, why)| format!("\n    {connector}: {why}"))
        .collect();
    let answered = reached.len() - unreached.len();
    if !reached.is_empty() {
        detail.push_str(&format!("; {}", answering(answered, reached.len())));
        detail.push_str(&unreached.concat());
    }
    Finding {
        what: "egress",
        sound: unreached.is_empty(),
        detail,
    }
}

/// What the finding about the address that browsers come back to is called.
pub const CALLBACK: &str = "callback address";

/// How many of the APIs that were asked answer.
fn answering(answered: usize, asked: usize) -> String {
    match (answered, asked) {
        (0, 1) => "the one API does not answer".to_owned(),
        (1, 1) => "the one API answers".to_owned(),
        (0, many) => format!("of {many} APIs none answers"),
        (1, many) => format!("of {many} APIs 1 answers"),
        (all, many) if all == many => format!("all {many} APIs answer"),
        (some, many) => format!("of {many} APIs {some} answer"),
    }
}

/// By how many seconds a `Date` (RFC 9110 section 6.6.1) is ahead of this machine.
fn ahead(date: &str, now: i64) -> Option<i64> {
    let there = httpdate::parse_http_date(date).ok()?;
    let since = there.duration_since(SystemTime::UNIX_EPOCH).ok()?;
    Some(i64::try_from(since.as_secs()).ok()? - now)
}

#[cfg(test)]
mod tests {
    use super::{Reached, answering, clock, egress};

    fn reached(refused: Option<&str>, ahead: Option<i64>) -> Reached {
        Reached {
            connector: "wiki".to_owned(),
            refused: refused.map(str::to_owned),
            ahead,
        }
    }

    #[test]
    fn a_clock_is_wrong_only_where_every_api_says_so() {
        const NOW: i64 = 1_800_000_000;
        let table = [
            (NOW, vec![], true),
            (NOW, vec![Some(0)], true),
            (NOW, vec![Some(500), Some(3)], true),
            (NOW, vec![Some(500), Some(-400)], false),
            (NOW, vec![None], true),
            (1_000, vec![], false),
        ];
        for (now, ahead, sound) in table {
            let reached: Vec<_> = ahead.iter().map(|ahead| reached(None, *ahead)).collect();
            assert_eq!(clock(now, &reached).sound, sound, "{now} {ahead:?}");
        }
    }

    #[test]
    fn an_api_that_is_not_reached_is_named() {
        let all = [reached(None, None), reached(Some("refused"), None)];
        let finding = egress("private addresses are refused", &all);
        assert!(!finding.sound);
        assert!(
            finding
                .detail
                .contains("of 2 APIs 1 answers\n    wiki: refused")
        );
        let finding = egress("x", &all[..1]);
        assert!(finding.sound);
        assert_eq!(finding.detail, "x; the one API answers");
    }
    #[test]
    fn one_and_many_are_told_in_english() {
        let table = [
            (0, 1, "the one API does not answer"),
            (1, 1, "the one API answers"),
            (0, 2, "of 2 APIs none answers"),
            (1, 2, "of 2 APIs 1 answers"),
            (2, 2, "all 2 APIs answer"),
            (2, 3, "of 3 APIs 2 answer"),
        ];
        for (answered, asked, expected) in table {
            assert_eq!(answering(answered, asked), expected);
        }
    }
}
