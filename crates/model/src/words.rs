//! Words for a person: ours by their kind, or those of an API, a definition or an error.

use std::fmt;
use std::ops::Deref;

use serde::{Deserialize, Serialize};

use crate::said::Said;

/// Words, read as their English text. Small to move.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Kept", into = "Kept")]
pub struct Words(Box<Inner>);

#[derive(Clone, PartialEq, Eq)]
struct Inner {
    text: String,
    said: Option<Said>,
}

/// As they are stored: ours by kind alone, so that they are read in the words of the day. Others are a plain text, as all
/// were before there were kinds.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Kept {
    Text(String),
    Said(Said),
}

impl Words {
    /// What is said, where it is ours.
    #[must_use]
    pub fn said(&self) -> Option<&Said> {
        self.0.said.as_ref()
    }

    /// The text, in English where it is ours.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0.text
    }

    /// The same, with what is not ours in it masked.
    #[must_use]
    pub fn masked(&self, mask: &dyn Fn(&str) -> String) -> Self {
        match &self.0.said {
            Some(said) => said.masked(mask).into(),
            None => mask(&self.0.text).into(),
        }
    }
}

impl Deref for Words {
    type Target = str;

    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl fmt::Display for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

impl Default for Words {
    fn default() -> Self {
        Self::from(String::new())
    }
}

impl From<Said> for Words {
    fn from(said: Said) -> Self {
        Self(Box::new(Inner {
            text: said.to_string(),
            said: Some(said),
        }))
    }
}

impl From<String> for Words {
    fn from(text: String) -> Self {
        Self(Box::new(Inner { text, said: None }))
    }
}

impl From<&str> for Words {
    fn from(text: &str) -> Self {
        Self::from(text.to_owned())
    }
}

impl From<Words> for String {
    fn from(words: Words) -> Self {
        words.0.text
    }
}

impl From<Kept> for Words {
    fn from(kept: Kept) -> Self {
        match kept {
            Kept::Text(text) => text.into(),
            Kept::Said(said) => said.into(),
        }
    }
}

impl From<Words> for Kept {
    fn from(words: Words) -> Self {
        match words.0.said {
            Some(said) => Self::Said(said),
            None => Self::Text(words.0.text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Said, Words};
    use serde_json::json;

    #[test]
    fn words_are_kept_by_kind_and_texts_of_before_are_read() {
        let ours = Words::from(Said::NotSentAgain {
            why: Said::Refused {
                why: "No.".to_owned(),
            }
            .into(),
        });
        assert_eq!(&*ours, "It could not be sent again. The API refused: No.");
        let kept = serde_json::to_value(&ours).unwrap();
        assert_eq!(
            kept,
            json!({ "said": "not_sent_again", "why": { "said": "refused", "why": "No." } })
        );
        assert_eq!(serde_json::from_value::<Words>(kept).unwrap(), ours);
        let theirs: Words = serde_json::from_value(json!("Sent again.")).unwrap();
        assert_eq!((&*theirs, theirs.said()), ("Sent again.", None));
        assert_eq!(serde_json::to_value(&theirs).unwrap(), json!("Sent again."));
    }

    #[test]
    fn what_is_not_ours_is_masked_at_any_depth() {
        let mask = |text: &str| text.replace("canary", "••••");
        let ours = Said::RefusedByTheClock {
            refusal: Said::RefusedWithCode {
                why: "not canary".to_owned(),
                code: "canary".to_owned(),
            }
            .into(),
            difference: "canary's clock is fast.".to_owned(),
        };
        let masked = Words::from(ours).masked(&mask);
        assert!(masked.said().is_some());
        assert_eq!(
            &*masked,
            "The API refused: not •••• (••••). ••••'s clock is fast."
        );
        assert_eq!(&*Words::from("canary").masked(&mask), "••••");
    }
}
