//! A connector's secrets: from the environment first, else from the store.

use std::env::VarError;

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
    Ok(Some(SecretString::new(value)))
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
