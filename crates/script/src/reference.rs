//! What a script may use, as text for the documentation and for messages, beside the code that
//! provides it.

/// The reference of the JS code step, in Markdown.
pub const REFERENCE: &str = include_str!("reference.md");

#[cfg(test)]
mod tests {
    #[test]
    fn the_documentation_has_the_same_text() {
        let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/js-code.md");
        let page = std::fs::read_to_string(page).unwrap();
        assert!(page.ends_with(super::REFERENCE));
    }
}
