//! What a script may use, as text for the documentation and for messages, beside the code that
//! provides it.

/// The reference of the JS code step, in Markdown.
pub const REFERENCE: &str = include_str!("reference.md");
