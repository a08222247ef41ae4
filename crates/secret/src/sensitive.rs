//! Text that is meant for people and may hold secrets, such as a line of the timeline.

use std::fmt;

use zeroize::Zeroizing;

use crate::masker::Masker;

/// Text that can only be read masked, or by saying loudly that it is revealed.
#[derive(Clone, PartialEq, Eq)]
pub struct Sensitive(Zeroizing<String>);

impl Sensitive {
    /// Takes text in.
    pub fn new(text: impl Into<String>) -> Sensitive {
        Sensitive(Zeroizing::new(text.into()))
    }

    /// The text with every secret that `masker` knows masked.
    #[must_use]
    pub fn masked(&self, masker: &Masker) -> String {
        masker.mask(&self.0)
    }

    /// The text in the clear.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl From<String> for Sensitive {
    fn from(text: String) -> Sensitive {
        Sensitive::new(text)
    }
}

impl fmt::Debug for Sensitive {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[sensitive]")
    }
}

#[cfg(test)]
mod tests {
    use super::Sensitive;
    use crate::masker::Masker;

    #[test]
    fn is_read_masked_or_revealed() {
        let mut masker = Masker::new();
        masker.add("hunter2");
        let text = Sensitive::new("pass=hunter2");
        assert_eq!(format!("{text:?}"), "[sensitive]");
        assert_eq!(text.masked(&masker), "pass=••••");
        assert_eq!(text.reveal(), "pass=hunter2");
    }
}
