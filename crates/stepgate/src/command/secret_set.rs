//! `stepgate secret set`: keeps a secret of a connector, sealed.

use std::io::{IsTerminal, Read};
use std::path::Path;

use secret::SecretString;

use crate::arguments::Everywhere;
use crate::definition;
use crate::ending::{Complaint, Ending};
use crate::terminal::Terminal;
use crate::wiring;

pub(crate) async fn set(
    everywhere: &Everywhere,
    terminal: Terminal,
    file: &Path,
    name: &str,
) -> Result<Ending, Complaint> {
    let (connector, _) = definition::load(everywhere, terminal, file)?;
    if !connector.secrets.iter().any(|known| known == name) {
        let known = match connector.secrets.as_slice() {
            [] => "it declares none".to_owned(),
            names => format!("it declares {}", names.join(", ")),
        };
        return Err(Complaint::usage(
            "unknown_secret",
            format!("{} declares no secret {name}", file.display()),
        )
        .help(format!(
            "{known}; add it under `secrets:`, or mend the name"
        )));
    }
    let store = wiring::open_store(everywhere, terminal)?;
    let value = value(terminal, name)?;
    if value.reveal().is_empty() {
        return Err(Complaint::usage(
            "empty_secret",
            "an empty secret was not stored",
        ));
    }
    let environment = connector.environment.as_deref();
    store
        .set_secret(&connector.name, environment, name, value)
        .await?;
    let place = environment.map_or_else(String::new, |environment| format!(" in {environment}"));
    terminal.say(&format!(
        "Secret {name} of {}{place} is stored.",
        connector.name
    ));
    Ok(Ending::Done)
}

/// From stdin, less one line break at its end; from a prompt where stdin is a terminal.
fn value(terminal: Terminal, name: &str) -> Result<SecretString, Complaint> {
    let unreadable = |error: std::io::Error| {
        Complaint::usage(
            "unreadable",
            format!("cannot read the value of {name}: {error}"),
        )
    };
    if std::io::stdin().is_terminal() {
        return terminal
            .ask_secret(&format!("Value of {name}"))
            .map(|value| value.unwrap_or_else(|| SecretString::new(String::new())))
            .map_err(unreadable);
    }
    let mut value = String::new();
    std::io::stdin()
        .lock()
        .read_to_string(&mut value)
        .map_err(unreadable)?;
    let end = value.strip_suffix('\n').map_or(value.len(), |cut| {
        cut.strip_suffix('\r').unwrap_or(cut).len()
    });
    value.truncate(end);
    Ok(SecretString::new(value))
}
