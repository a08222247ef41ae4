//! What a run asks of a person: a form to fill in, a page to open, or a code to enter elsewhere.

use model::{FieldKind, Said, TextRule, Words};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::field;

/// A form to show. Only fields that have no answer yet are in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Prompt {
    /// The form step.
    pub step: String,
    /// Its title.
    pub title: String,
    /// Its text.
    pub text: Option<String>,
    /// What is shown above the fields.
    pub show: Vec<PromptExhibit>,
    /// What is asked, in order.
    pub fields: Vec<PromptField>,
    /// Why it is asked again: the `else` text of the step that failed.
    pub error: Option<Words>,
    /// How often the form may still be sent, where a step limits it.
    pub attempts_left: Option<u32>,
    /// What has just been done for the person, who asked for it.
    pub notice: Option<Words>,
    /// How often a person may still have sent again what the form is about; none: nothing can be.
    pub resends_left: Option<u32>,
    /// Until when it can be answered, in seconds since 1970.
    pub expires_at: Option<i64>,
    /// Whether that time is over, so that it has to be sent again before it can be answered.
    pub expired: bool,
}

impl Prompt {
    /// For how many seconds it can still be answered; none where that does not end, or has ended.
    #[must_use]
    pub fn seconds_left(&self, now: i64) -> Option<i64> {
        let left = self.expires_at?.saturating_sub(now);
        (left > 0).then_some(left)
    }

    /// The same in words.
    #[must_use]
    pub fn time_left(&self, now: i64) -> Option<String> {
        let left = self.seconds_left(now)?;
        let many = |count: i64, noun: &str| match count {
            1 => format!("1 {noun}"),
            count => format!("{count} {noun}s"),
        };
        Some(match left {
            ..120 => many(left, "second"),
            _ => many(left / 60, "minute"),
        })
    }
}

/// Something to see.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PromptExhibit {
    /// What it is.
    pub label: Option<String>,
    /// What is seen.
    pub shown: Exhibited,
}

/// What is seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Exhibited {
    /// The text itself.
    Text(String),
    /// An image, as a `data:` URL of a type that was told by its bytes; see [`model::Image`].
    Image(String),
    /// A QR code that says this; see [`crate::qr_svg`] and [`crate::qr_text`].
    Qr(String),
}

/// One field to show.
#[derive(Clone, Debug, PartialEq)]
pub struct PromptField {
    /// The output's name.
    pub key: String,
    /// What it takes; passwords and codes must not be echoed.
    pub kind: FieldKind,
    /// What it is called.
    pub label: String,
    /// A longer explanation.
    pub help: Option<String>,
    /// An example inside the empty field.
    pub placeholder: Option<String>,
    /// Whether it must be filled in.
    pub required: bool,
    /// What it holds to begin with.
    pub default: Option<String>,
    /// What a choice offers.
    pub options: Vec<PromptChoice>,
    /// What a typed answer must look like.
    pub rule: TextRule,
    /// What people read where it does not match the pattern.
    pub otherwise: Option<String>,
    /// What is wrong with the last answer.
    pub error: Option<Words>,
}

impl PromptField {
    /// What is wrong with an answer, as far as it can be told without the run.
    #[must_use]
    pub fn problem(&self, answer: &str) -> Option<Words> {
        if answer.is_empty() {
            return self.required.then(|| Said::Needed.into());
        }
        if self.kind == FieldKind::Choice {
            let offered = |option: &PromptChoice| option.value == answer || option.label == answer;
            let known = self.options.iter().any(offered);
            return (!known).then(|| Said::NotOffered.into());
        }
        let value = field::plain(self.kind, answer);
        let fits = |value| field::fit(&self.rule, self.otherwise.as_deref(), &value);
        value.and_then(fits).err()
    }
}

/// One option of a choice.
#[derive(Clone, Debug, PartialEq)]
pub struct PromptChoice {
    /// What the answer must be.
    pub value: String,
    /// What people read.
    pub label: String,
}

/// A page to open in the person's browser.
#[derive(Clone, PartialEq, Eq)]
pub struct Open {
    /// The step that waits for its end.
    pub step: String,
    /// The page.
    pub url: Url,
    /// The `state` by which the redirect back is recognised, where the page's URL carries it.
    pub state: Option<String>,
    /// Why the redirect that came last was not taken. The run still waits for the right one.
    pub refused: Option<Words>,
}

/// A code that a person enters at an address, on any device, while the run asks whether it was
/// (RFC 8628, section 3.3).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Show {
    /// The step that waits.
    pub step: String,
    /// The code.
    pub code: String,
    /// Where it is entered.
    pub url: Url,
    /// The same with the code in it.
    pub complete_url: Option<Url>,
    /// When the code runs out, in seconds since 1970.
    pub expires_at: i64,
}

impl Show {
    /// What a QR code leads to.
    #[must_use]
    pub fn scanned(&self) -> &Url {
        self.complete_url.as_ref().unwrap_or(&self.url)
    }
}

// With the code somebody else could be signed in here.
impl std::fmt::Debug for Show {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Show")
            .field("step", &self.step)
            .field("host", &self.url.host_str())
            .finish_non_exhaustive()
    }
}

// The URL carries state, and whatever else the definition puts into it.
impl std::fmt::Debug for Open {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Open")
            .field("step", &self.step)
            .field("host", &self.url.host_str())
            .field("refused", &self.refused)
            .finish_non_exhaustive()
    }
}
