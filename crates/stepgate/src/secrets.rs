//! A connector's secrets: from the environment first, else from the store.

use std::collections::HashMap;
use std::env::VarError;
use std::sync::{Mutex, PoisonError};

use secret::SecretString;

/// The variable that holds a secret: `STEPGATE_SECRET_WIKI_CLIENT_SECRET`.
pub(crate) fn variable(connector: &str, name: &str) -> String {
    format!("STEPGATE_SECRET_{}_{}", shout(connector), shout(name))
}

/// The secret's value in the environment: of the variable itself, or in the file that the variable with `_FILE` names.
///
/// # Errors
/// The value is no text, or the file cannot be read: which variable, and why.
pub(crate) fn from_environment(variable: &str) -> Result<Option<SecretString>, String> {
    match std::env::var(variable) {
        Ok(value) => return Ok(Some(SecretString::new(value))),
        Err(VarError::NotUnicode(_)) => {
            return Err(format!("the value of {variable} is not UTF-8 text"));
        }
        Err(VarError::NotPresent) => {}
    }
    let Some(path) = std::env::var_os(format!("{variable}_FILE")) else {
        return Ok(None);
    };
    let mut value = std::fs::read_to_string(&path).map_err(|error| {
        format!(
            "cannot read the file that {variable}_FILE names, {}: {error}",
            path.display()
        )
    })?;
    // Editors end a file with a line break, which is no part of a secret.
    let end = value.trim_end_matches(['\r', '\n']).len();
    value.truncate(end);
    if value.is_empty() {
        return Err(format!(
            "the file that {variable}_FILE names, {}, is empty",
            path.display()
        ));
    }
    Ok(Some(SecretString::new(value)))
}

/// The environment's secrets as a server reads them: again and again, for their files may change while it runs. A file that
/// cannot be read, or is empty because it is being written, leaves the value from before, and that is said once.
#[derive(Default)]
pub(crate) struct Environment(Mutex<HashMap<String, Known>>);

#[derive(Default)]
struct Known {
    value: Option<SecretString>,
    /// Why it cannot be read now.
    why: Option<String>,
}

impl Environment {
    /// The secret's value now.
    pub(crate) fn secret(&self, variable: &str) -> Option<SecretString> {
        let read = from_environment(variable);
        if let Ok(None) = read {
            return None;
        }
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = all.entry(variable.to_owned()).or_default();
        match read {
            Ok(value) => {
                if known.why.take().is_some() {
                    tracing::info!(variable, "a secret can be read again");
                }
                known.value = value;
            }
            Err(why) => {
                if known.why.as_ref() != Some(&why) {
                    let kept = known.value.is_some();
                    tracing::error!(variable, kept, "{why}");
                }
                known.why = Some(why);
            }
        }
        known.value.clone()
    }
}

/// Upper case, with `_` for what a variable's name cannot hold.
pub(crate) fn shout(text: &str) -> String {
    text.chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() {
                c.to_ascii_uppercase()
            } else {
                '_'
            }
        })
        .collect()
}
