//! `stepgate connections`: lists, forgets and signs out.

use std::path::Path;

use connection::SignedOut;
use model::CredentialState;
use owo_colors::OwoColorize;
use serde_json::json;
use store::ConnectionRecord;

use crate::arguments::{Connections, Everywhere, Format};
use crate::command::unprintable;
use crate::ending::{Complaint, Ending};
use crate::failing;
use crate::moment;
use crate::terminal::{Terminal, plain};
use crate::timeline::Timeline;
use crate::wiring::Wiring;

pub(crate) async fn connections(
    everywhere: &Everywhere,
    terminal: Terminal,
    what: Connections,
) -> Result<Ending, Complaint> {
    match what {
        Connections::List { file } => list(&Wiring::open(everywhere, terminal, &file).await?).await,
        Connections::Clear { file } => {
            clear(&Wiring::open(everywhere, terminal, &file).await?).await
        }
        Connections::SignOut { file } => sign_out_of(everywhere, terminal, &file).await,
    }
}

async fn sign_out_of(
    everywhere: &Everywhere,
    terminal: Terminal,
    file: &Path,
) -> Result<Ending, Complaint> {
    let wiring = Wiring::open(everywhere, terminal, file).await?;
    let mut timeline = Timeline::quiet(terminal);
    sign_out(&wiring, &mut timeline).await
}

/// Sends the logout, where there is one, and forgets the credential.
pub(crate) async fn sign_out(
    wiring: &Wiring,
    timeline: &mut Timeline,
) -> Result<Ending, Complaint> {
    let record = the_one(wiring, timeline).await?;
    let outcome = wiring
        .connections
        .sign_out(&wiring.equipped, &record, timeline)
        .await;
    timeline.settle();
    let name = named(&record);
    match outcome.map_err(|error| failing::connection(&error, wiring, timeline))? {
        SignedOut::AtTheApi => wiring.terminal.say(&format!("Signed out {name}, and forgot its credential.")),
        SignedOut::OnlyHere => wiring.terminal.say(&format!(
            "Forgot the credential of {name}. The definition has no logout flow and no `revocation_url`, so at the API the session ends by itself."
        )),
        SignedOut::NotRevoked(failure) => {
            wiring.terminal.say(&format!("Forgot the credential of {name}, but at the API its tokens may still work."));
            return Err(failing::flow(&failure, "not_revoked", timeline));
        }
        SignedOut::LogoutFailed(failure) => {
            wiring.terminal.say(&format!("Forgot the credential of {name}, but at the API its session may go on."));
            return Err(failing::flow(&failure, "logout_failed", timeline));
        }
    }
    Ok(Ending::Done)
}

async fn clear(wiring: &Wiring) -> Result<Ending, Complaint> {
    let timeline = Timeline::quiet(wiring.terminal);
    let record = the_one(wiring, &timeline).await?;
    wiring
        .connections
        .clear(&record)
        .await
        .map_err(|error| failing::connection(&error, wiring, &timeline))?;
    wiring.terminal.say(&format!(
        "Forgot the credential of {}. Nothing was sent to the API.",
        named(&record)
    ));
    Ok(Ending::Done)
}

async fn the_one(wiring: &Wiring, timeline: &Timeline) -> Result<ConnectionRecord, Complaint> {
    let found = wiring
        .connections
        .select(wiring.connector(), &wiring.selector)
        .await;
    found
        .map_err(|error| failing::connection(&error, wiring, timeline))?
        .ok_or_else(|| {
            let of = wiring
                .selector
                .name
                .as_ref()
                .map_or_else(String::new, |name| format!(" called {name}"));
            Complaint::new(
                Ending::PersonNeeded,
                "no_connection",
                format!("there is no connection{of} at {}", wiring.connector().name),
            )
            .help(format!(
                "see what there is with: stepgate connections list {}",
                wiring.file.display()
            ))
        })
}

async fn list(wiring: &Wiring) -> Result<Ending, Complaint> {
    let timeline = Timeline::quiet(wiring.terminal);
    let all = wiring
        .connections
        .list(wiring.connector(), &wiring.selector.owner)
        .await;
    let all = all.map_err(|error| failing::connection(&error, wiring, &timeline))?;
    let terminal = wiring.terminal;
    if terminal.format == Format::Json {
        let rows: Vec<_> = all.iter().map(row).collect();
        terminal
            .out(&serde_json::Value::from(rows).to_string())
            .map_err(unprintable)?;
        return Ok(Ending::Done);
    }
    if all.is_empty() {
        terminal.say(&format!(
            "No connection yet. Sign in with: stepgate run {}",
            wiring.file.display()
        ));
    }
    for record in &all {
        terminal.out(&line(record)).map_err(unprintable)?;
    }
    Ok(Ending::Done)
}

/// One connection: its id, what people call it, its state, why, and since when.
fn line(record: &ConnectionRecord) -> String {
    let words = [&record.name, &record.label, &record.identity];
    let mut words: Vec<String> = words
        .into_iter()
        .flatten()
        .map(|word| plain(word))
        .collect();
    words.dedup();
    let called = match words.split_first() {
        None => "(no label)".to_owned(),
        Some((first, [])) => first.bold().to_string(),
        Some((first, rest)) => format!("{} ({})", first.bold(), rest.join(", ")),
    };
    let mut state = record.state.state.name().to_owned();
    if let CredentialState::Backoff { until, .. } = record.state.state {
        state.push_str(&format!(" until {}", moment::written(until)));
    }
    if !record.state.reason.is_empty() {
        state.push_str(&format!(": {}", plain(&record.state.reason)));
    }
    let since = format!("since {}", moment::written(record.state.since));
    format!("{}  {called}  {state}  {}", record.id, since.dimmed())
}

fn row(record: &ConnectionRecord) -> serde_json::Value {
    json!({
        "id": record.id,
        "name": record.name,
        "label": record.label,
        "identity": record.identity,
        "owner": record.owner,
        "environment": record.environment,
        "state": record.state.state.name(),
        "reason": record.state.reason,
        "since": moment::written(record.state.since),
        "expires_at": record.expires_at.map(moment::written),
        "version": record.version,
    })
}

/// What people call a connection.
pub(crate) fn named(record: &ConnectionRecord) -> &str {
    let words = record
        .name
        .as_ref()
        .or(record.label.as_ref())
        .or(record.identity.as_ref());
    words.unwrap_or(&record.id)
}
