//! `stepgate test`: sends the test API, which proves that a credential works.

use std::path::Path;

use gateway::{Answer, Call, CallBody, Target};
use serde_json::json;

use crate::arguments::{Everywhere, Format, SignIn};
use crate::calling::{self, SHOWN_LIMIT};
use crate::command::{types, unprintable};
use crate::ending::{Complaint, Ending};
use crate::failing;
use crate::terminal::Terminal;
use crate::timeline::Timeline;
use crate::wiring::Wiring;

pub(crate) async fn test(
    everywhere: &Everywhere,
    terminal: Terminal,
    file: &Path,
    options: &SignIn,
) -> Result<Ending, Complaint> {
    let wiring = Wiring::open(everywhere, terminal, file).await?;
    if wiring.connector().test_api.is_none() {
        return Err(
            Complaint::usage("no_test_api", format!("{} has no test API", file.display()))
                .help("add a `test_api:` with a request that only a signed-in user may send"),
        );
    }
    let mut timeline = Timeline::quiet(terminal);
    let answer = calling::send(&wiring, options, the_test, &mut timeline).await?;
    let ending = report(&wiring, answer, &mut timeline).await?;
    if ending == Ending::Done {
        types::check(&wiring, options, &mut timeline).await?;
    }
    Ok(ending)
}

/// The call that proves that a credential works.
pub(crate) fn the_test() -> Call {
    Call {
        target: Target::TestApi,
        body: CallBody::Empty,
    }
}

/// Says how the test API went.
pub(crate) async fn report(
    wiring: &Wiring,
    answer: Answer,
    timeline: &mut Timeline,
) -> Result<Ending, Complaint> {
    let name = wiring
        .connector()
        .test_api
        .as_ref()
        .map_or("test API", |endpoint| endpoint.name.as_str())
        .to_owned();
    let (status, unexpected, renewed) = (answer.status, answer.unexpected.clone(), answer.renewed);
    let body = answer
        .read(SHOWN_LIMIT.max(wiring.connections.engine().client.limits().body_bytes))
        .await
        .map_err(|error| failing::call(&error, wiring, timeline))?;
    wiring
        .connections
        .flush()
        .await
        .map_err(|error| failing::connection(&error, wiring, timeline))?;
    let mut ending = calling::ending(status);
    if unexpected.is_some() && ending == Ending::Done {
        ending = Ending::Answered;
    }
    // `expect` may want a status of 400 or more: then that is what proves it.
    let expects = wiring
        .connector()
        .test_api
        .as_ref()
        .is_some_and(|endpoint| endpoint.expect.is_some());
    if expects && unexpected.is_none() && ending == Ending::Answered {
        ending = Ending::Done;
    }
    let text = String::from_utf8_lossy(&body);
    let beginning: String = timeline.shown(&text).chars().take(200).collect();
    let why = unexpected.and_then(|unexpected| unexpected.message);
    let terminal = wiring.terminal;
    let line = match terminal.format {
        Format::Json => json!({
            "event": "tested",
            "name": name,
            "ok": ending == Ending::Done,
            "status": status.as_u16(),
            "renewed": renewed,
            "why": why.map(|why| timeline.shown(&why)),
        })
        .to_string(),
        Format::Text => {
            let mark = if ending == Ending::Done { "✓" } else { "✗" };
            let why = why.map_or_else(String::new, |why| format!(" {}", timeline.shown(&why)));
            format!(
                "{mark} {name}: {}{why}\n  {}",
                status.as_u16(),
                beginning.trim()
            )
        }
    };
    terminal.out(&line).map_err(unprintable)?;
    Ok(ending)
}
