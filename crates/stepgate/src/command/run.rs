//! `stepgate run`: a flow with a live timeline, then the test API.

use std::sync::Arc;

use connection::{ConnectionError, Handle, Purpose, Why};
use serde_json::json;

use crate::arguments::{Everywhere, Flow, Format, Run};
use crate::command::connections::{named, sign_out};
use crate::command::{test, unprintable};
use crate::ending::{Complaint, Ending};
use crate::failing;
use crate::moment;
use crate::signing_in::{Patience, sign_in};
use crate::terminal::Terminal;
use crate::timeline::Timeline;
use crate::wiring::Wiring;

pub(crate) async fn run(
    everywhere: &Everywhere,
    terminal: Terminal,
    run: &Run,
) -> Result<Ending, Complaint> {
    let show = run.show_secrets && shown_after_asking(terminal)?;
    let wiring = Wiring::open(everywhere, terminal, &run.file).await?;
    if terminal.format == Format::Text {
        for warning in &wiring.warnings {
            terminal.say(warning);
        }
    }
    let mut timeline = Timeline::full(terminal, show);
    let handle = match run.flow {
        Flow::Logout => return sign_out(&wiring, &mut timeline).await,
        Flow::Auth => {
            sign_in(
                &wiring,
                &run.sign_in,
                Purpose::Asked,
                Patience::Always,
                &mut timeline,
            )
            .await?
        }
        Flow::Refresh => renew(&wiring, run, &mut timeline).await?,
    };
    timeline.settle();
    said(terminal, run.flow, &handle)?;
    if wiring.connector().test_api.is_none() {
        return Ok(Ending::Done);
    }
    let outcome = gateway::call(
        &wiring.connections,
        &wiring.equipped,
        Some(handle.id()),
        test::the_test(),
        &mut timeline,
    )
    .await;
    timeline.settle();
    let answer = outcome.map_err(|error| failing::call(&error, &wiring, &timeline))?;
    test::report(&wiring, answer, &mut timeline).await
}

async fn renew(
    wiring: &Wiring,
    run: &Run,
    timeline: &mut Timeline,
) -> Result<Arc<Handle>, Complaint> {
    match renewed(wiring, run, timeline).await? {
        Ok(handle) => Ok(handle),
        // What is not kept is asked for, where somebody is there or has answered it ahead.
        Err(ConnectionError::SignInRequired { reason }) => {
            wiring.terminal.say(&timeline.shown(&reason));
            let (purpose, patience) = (Purpose::Needed, Patience::WithAPerson);
            sign_in(wiring, &run.sign_in, purpose, patience, timeline).await
        }
        Err(error) => Err(failing::connection(&error, wiring, timeline)),
    }
}

/// What the one renewal came to; an error of its own where there is nothing to renew.
async fn renewed(
    wiring: &Wiring,
    run: &Run,
    timeline: &mut Timeline,
) -> Result<Result<Arc<Handle>, ConnectionError>, Complaint> {
    let failed = |error| failing::connection(&error, wiring, timeline);
    let record = wiring
        .connections
        .select(wiring.connector(), &wiring.selector)
        .await
        .map_err(failed)?
        .ok_or_else(|| {
            Complaint::new(
                Ending::PersonNeeded,
                "no_connection",
                "there is nothing to renew yet",
            )
            .help(format!("sign in with: stepgate run {}", run.file.display()))
        })?;
    let connections = &wiring.connections;
    let outcome = match connections.current(wiring.connector(), &record.id).await {
        Ok(handle) => {
            connections
                .renew(&wiring.equipped, &handle, Why::Asked, timeline)
                .await
        }
        Err(error) => Err(error),
    };
    timeline.settle();
    Ok(outcome)
}

fn said(terminal: Terminal, flow: Flow, handle: &Handle) -> Result<(), Complaint> {
    let expires = handle.expires_at().map(moment::written);
    let line = match terminal.format {
        Format::Json => json!({
            "event": "done",
            "connection": handle.id(),
            "label": handle.record().label,
            "version": handle.version(),
            "expires_at": expires,
        })
        .to_string(),
        Format::Text => {
            let what = if flow == Flow::Refresh {
                "Renewed"
            } else {
                "Signed in"
            };
            let until =
                expires.map_or_else(String::new, |expires| format!(", good until {expires}"));
            format!("{what}: {}{until}", named(handle.record()))
        }
    };
    terminal.out(&line).map_err(unprintable)
}

/// Values in the clear end up in scroll-back and recordings, so the person is asked once more.
fn shown_after_asking(terminal: Terminal) -> Result<bool, Complaint> {
    if !terminal.person {
        return Err(Complaint::usage(
            "show_secrets",
            "--show-secrets asks before it shows, and nobody is at a terminal",
        )
        .help("run it at a terminal, or leave --show-secrets out"));
    }
    let agreed =
        terminal.confirm("Show passwords, tokens and cookies in the clear on this screen?");
    agreed.map_err(|error| Complaint::ours("terminal", format!("cannot read the answer: {error}")))
}
