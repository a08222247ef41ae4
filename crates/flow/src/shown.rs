//! How values of a run are shown to people, on the command line and on the page alike: masked, unless one of them asked.

use secret::{MASK, Masker, Sensitive};

/// Shows values.
#[derive(Clone, Copy, Debug)]
pub struct Shown<'a>(Option<&'a Masker>);

impl<'a> Shown<'a> {
    /// Masked: every secret that the masker knows, and single values as a whole.
    #[must_use]
    pub fn masked(masker: &'a Masker) -> Self {
        Self(Some(masker))
    }

    /// As they are: for a person who asked for it.
    #[must_use]
    pub fn openly() -> Self {
        Self(None)
    }

    /// A text that may hold secrets.
    #[must_use]
    pub fn text(&self, text: &str) -> String {
        match self.0 {
            Some(masker) => masker.mask(text),
            None => text.to_owned(),
        }
    }

    /// A value of an output, as JSON. Masked, its length still helps: an empty or a cut token shows.
    #[must_use]
    pub fn value(&self, value: &Sensitive) -> String {
        if self.0.is_none() {
            return value.reveal().to_owned();
        }
        // A text comes as JSON; its quotes and escapes are none of its characters.
        let text = serde_json::from_str::<String>(value.reveal());
        masked_of_length(text.as_deref().unwrap_or(value.reveal()))
    }
}

/// The mask of a text with how long it is: `•••• (32 characters)`.
#[must_use]
pub fn masked_of_length(text: &str) -> String {
    match text.chars().count() {
        1 => format!("{MASK} (1 character)"),
        length => format!("{MASK} ({length} characters)"),
    }
}

#[cfg(test)]
mod tests {
    use super::Shown;
    use secret::{Masker, Sensitive};

    #[test]
    fn a_value_shows_its_length_alone_and_a_text_all_but_its_secrets() {
        let mut masker = Masker::new();
        masker.add("hunter2");
        let masked = Shown::masked(&masker);
        let table = [
            ("\"abc\"", "•••• (3 characters)"),
            ("\"\\u00e9\"", "•••• (1 character)"),
            ("{\"a\":1}", "•••• (7 characters)"),
        ];
        for (value, expected) in table {
            assert_eq!(masked.value(&Sensitive::new(value)), expected);
            assert_eq!(Shown::openly().value(&Sensitive::new(value)), value);
        }
        assert_eq!(masked.text("it is hunter2."), "it is ••••.");
        assert_eq!(Shown::openly().text("it is hunter2."), "it is hunter2.");
    }
}
