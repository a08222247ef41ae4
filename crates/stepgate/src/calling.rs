//! Sends one call with the right credential, signing in first where nothing is stored.

use connection::{ConnectionError, Purpose};
use gateway::{Answer, Call, CallError, Outcome, Target};
use http::StatusCode;

use crate::arguments::SignIn;
use crate::ending::{Complaint, Ending};
use crate::failing;
use crate::signing_in::{Patience, sign_in};
use crate::stepping_up::step_up;
use crate::timeline::Timeline;
use crate::wiring::Wiring;

/// The most of a reply's body that is held in memory to be shown.
pub(crate) const SHOWN_LIMIT: usize = 64 << 20;

/// The connection to use.
struct Connected {
    id: String,
    /// Whether somebody has signed in for this very call.
    just_now: bool,
}

/// The connection to use, after a sign-in where there is none or it cannot be renewed without a person.
async fn connected(
    wiring: &Wiring,
    options: &SignIn,
    timeline: &mut Timeline,
) -> Result<Connected, Complaint> {
    let found = wiring
        .connections
        .select(wiring.connector(), &wiring.selector)
        .await;
    let reason = match found.map_err(|error| failing::connection(&error, wiring, timeline))? {
        None => None,
        Some(record) => match wiring
            .connections
            .current(wiring.connector(), &record.id)
            .await
        {
            Ok(_) => {
                return Ok(Connected {
                    id: record.id,
                    just_now: false,
                });
            }
            Err(ConnectionError::SignInRequired { reason }) => Some(reason),
            Err(error) => return Err(failing::connection(&error, wiring, timeline)),
        },
    };
    if let (None, Some(name)) = (&reason, &wiring.selector.name) {
        return Err(Complaint::usage("unknown_connection", format!("there is no connection {name} at {}", wiring.connector().name))
            .help(format!("`stepgate run {} --connection {name}` makes it; `stepgate connections list` shows what there is", wiring.file.display())));
    }
    Ok(Connected {
        id: again(wiring, options, reason, timeline).await?,
        just_now: true,
    })
}

/// Sends the call; where the session turns out to be over for good, signs in and sends it once more.
pub(crate) async fn send(
    wiring: &Wiring,
    options: &SignIn,
    call: impl Fn() -> Call,
    timeline: &mut Timeline,
) -> Result<Answer, Complaint> {
    if !attaches(wiring, &call().target) {
        let outcome = once(wiring, options, None, call(), timeline).await?;
        return outcome.map_err(|error| failing::call(&error, wiring, timeline));
    }
    let Connected { id, just_now } = connected(wiring, options, timeline).await?;
    let outcome = match once(wiring, options, Some(&id), call(), timeline).await? {
        // The same answers would be refused again, and accounts get locked.
        Err(CallError::SignInRequired { reason }) if just_now => {
            let said = timeline.shown(&reason);
            return Err(Complaint::new(Ending::Refused, "sign_in_refused", said)
                .help("look at what was answered, then send the call again"));
        }
        Err(CallError::SignInRequired { reason }) => {
            let id = again(wiring, options, Some(reason), timeline).await?;
            once(wiring, options, Some(&id), call(), timeline).await?
        }
        outcome => outcome,
    };
    outcome.map_err(|error| failing::call(&error, wiring, timeline))
}

/// Whether the call takes the credential along: all do but endpoints that say `attach: false`.
fn attaches(wiring: &Wiring, target: &Target) -> bool {
    let connector = wiring.connector();
    let endpoint = match target {
        Target::Endpoint { name, .. } => connector.endpoints.iter().find(|one| one.name == *name),
        Target::TestApi => connector.test_api.as_ref(),
        Target::Path { .. } => None,
    };
    endpoint.is_none_or(|endpoint| endpoint.attach)
}

/// One call, with more proof where the API wants it.
async fn once(
    wiring: &Wiring,
    options: &SignIn,
    connection: Option<&str>,
    call: Call,
    timeline: &mut Timeline,
) -> Result<Result<Answer, CallError>, Complaint> {
    // Another process may be renewing, which this one waits for.
    timeline.awaiting("getting the session ready");
    let (connections, equipped) = (&wiring.connections, &wiring.equipped);
    let begun = gateway::begin(connections, equipped, connection, call, timeline).await;
    timeline.settle();
    match begun {
        Ok(Outcome::Answered(answer)) => Ok(Ok(*answer)),
        Ok(Outcome::WantsProof(wants)) => step_up(wiring, options, *wants, timeline).await,
        Err(error) => Ok(Err(error)),
    }
}

/// How a command ends that got this status.
pub(crate) fn ending(status: StatusCode) -> Ending {
    match status.as_u16() {
        408 | 425 | 429 | 502 | 503 | 504 => Ending::Passing,
        400.. => Ending::Answered,
        _ => Ending::Done,
    }
}

async fn again(
    wiring: &Wiring,
    options: &SignIn,
    reason: Option<String>,
    timeline: &mut Timeline,
) -> Result<String, Complaint> {
    if let Some(reason) = &reason {
        let line = timeline.shown(reason);
        wiring.terminal.say(&line);
    }
    let handle = sign_in(
        wiring,
        options,
        Purpose::Needed,
        Patience::WithAPerson,
        timeline,
    )
    .await;
    timeline.settle();
    handle.map(|handle| handle.id().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_status_decides_how_a_call_ends() {
        for (status, expected) in [
            (200, Ending::Done),
            (204, Ending::Done),
            (302, Ending::Done),
            (400, Ending::Answered),
            (401, Ending::Answered),
            (404, Ending::Answered),
            (500, Ending::Answered),
            (408, Ending::Passing),
            (425, Ending::Passing),
            (429, Ending::Passing),
            (502, Ending::Passing),
            (503, Ending::Passing),
            (504, Ending::Passing),
        ] {
            assert_eq!(
                ending(StatusCode::from_u16(status).unwrap()),
                expected,
                "{status}"
            );
        }
    }
}
