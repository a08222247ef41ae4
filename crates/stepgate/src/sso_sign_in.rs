//! Who the user is, for flows that ask: an OpenID Connect sign-in at the terminal, where none is kept and a browser can be
//! waited for. It is kept sealed like any other, under whom the connection belongs to.

use sso::{RelyingParty, SsoError};
use store::Over;

use crate::arguments::SignIn;
use crate::callback::Callback;
use crate::ending::{Complaint, Ending};
use crate::terminal::plain;
use crate::timeline::Timeline;
use crate::wiring::Wiring;

/// Signs the user in at an identity provider where the connector asks who they are and nothing tells it. Where nobody can
/// be asked the flow itself says what is missing.
pub(crate) async fn ensure(
    wiring: &Wiring,
    options: &SignIn,
    waits: bool,
    timeline: &mut Timeline,
) -> Result<(), Complaint> {
    let owner = &wiring.selector.owner;
    if !waits || wiring.parties.is_empty() {
        return Ok(());
    }
    match wiring.connections.identity(owner, None).await {
        Err(failure) if failure.is_refused() => {}
        // What else is wrong the flow says better.
        Ok(_) | Err(_) => return Ok(()),
    }
    let party = chosen(&wiring.parties, options.sso.as_deref())?;
    let callback = Callback::bind(options.callback_port).await?;
    let (url, pending) = party.begin(callback.url()).await?;
    let terminal = wiring.terminal;
    terminal.say(&format!(
        "Sign in at {} to go on:",
        plain(&party.provider().title)
    ));
    terminal.say(&format!("  {}", plain(url.as_str())));
    timeline.awaiting("waiting for the browser to come back");
    let state = pending.state().reveal().clone();
    let came = tokio::time::timeout(options.wait, callback.wait(Some(&state))).await;
    timeline.settle();
    let back = came.map_err(|_| {
        Complaint::new(
            Ending::PersonNeeded,
            "nobody_came",
            format!(
                "nobody signed in at {} within {} seconds",
                party.provider().title,
                options.wait.as_secs()
            ),
        )
        .help("run it again, or allow more time with --wait")
    })??;
    let identity = party.finish(&pending, &back).await?;
    let bytes = identity.to_bytes();
    wiring.store.put_identity(owner, Over::Any, bytes).await?;
    Ok(())
}

fn chosen<'a>(
    parties: &'a [RelyingParty],
    named: Option<&str>,
) -> Result<&'a RelyingParty, Complaint> {
    let names: Vec<&str> = parties
        .iter()
        .map(|party| party.provider().name.as_str())
        .collect();
    let found = match (named, parties) {
        (None, [only]) => Some(only),
        (None, _) => None,
        (Some(named), _) => parties.iter().find(|party| party.provider().name == named),
    };
    found.ok_or_else(|| {
        Complaint::usage(
            "sso_provider",
            format!(
                "say at which identity provider to sign in: {}",
                names.join(", ")
            ),
        )
        .help("name it by --sso")
    })
}

impl From<SsoError> for Complaint {
    fn from(error: SsoError) -> Self {
        let ending = match &error {
            SsoError::Passing(_) => Ending::Passing,
            SsoError::Discovery(_) => Ending::Usage,
            SsoError::Refused(_) | SsoError::Callback(_) | SsoError::NotBelieved { .. } => {
                Ending::Refused
            }
        };
        Complaint::new(ending, error.code(), error.to_string())
    }
}
