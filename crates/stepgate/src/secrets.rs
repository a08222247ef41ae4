//! A connector's secrets: from the environment first, else from the store.

/// The variable that holds a secret: `STEPGATE_SECRET_WIKI_CLIENT_SECRET`.
pub(crate) fn variable(connector: &str, name: &str) -> String {
    format!("STEPGATE_SECRET_{}_{}", shout(connector), shout(name))
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
