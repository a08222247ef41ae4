//! What was answered to forms, and where each answer comes from.
//!
//! The source decides what a refusal means: a person may try again, what was given ahead is
//! tried once, and what was kept from the sign-in is never tried again by itself.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

/// Answers to form fields, by step and field.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct Sheet(pub(crate) IndexMap<String, IndexMap<String, Answer>>);

/// Answers to form fields, by step and field.
#[derive(Clone, Default)]
pub struct Answers(pub(crate) Sheet);

/// Where an answer comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Source {
    /// Typed by a person who is there.
    Person,
    /// From a flag, a file or the environment: tried once.
    Given,
    /// Kept from the sign-in.
    Stored,
}

/// One answer.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Answer {
    pub(crate) value: String,
    pub(crate) source: Source,
}

impl Answers {
    /// None yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an answer; a later one replaces an earlier.
    pub fn put(
        &mut self,
        step: impl Into<String>,
        field: impl Into<String>,
        value: impl Into<String>,
        source: Source,
    ) {
        let answer = Answer {
            value: value.into(),
            source,
        };
        let form = self.0.0.entry(step.into()).or_default();
        form.insert(field.into(), answer);
    }

    /// What a person typed into the form of one step.
    pub fn typed<K: Into<String>, V: Into<String>>(
        step: &str,
        fields: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        let mut answers = Self::new();
        // A form sent with nothing in it is an answer too.
        answers.0.0.entry(step.to_owned()).or_default();
        for (field, value) in fields {
            answers.put(step, field, value, Source::Person);
        }
        answers
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.0.is_empty()
    }

    /// The steps and fields that have an answer.
    pub fn keys(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.0.iter().flat_map(|(step, fields)| {
            fields
                .keys()
                .map(move |field| (step.as_str(), field.as_str()))
        })
    }
}

impl Sheet {
    pub(crate) fn form(&self, step: &str) -> Option<&IndexMap<String, Answer>> {
        self.0.get(step)
    }

    pub(crate) fn has_form(&self, step: &str) -> bool {
        self.0.contains_key(step)
    }

    pub(crate) fn get(&self, step: &str, field: &str) -> Option<&Answer> {
        self.0.get(step)?.get(field)
    }

    pub(crate) fn merge(&mut self, newer: Sheet) {
        for (step, fields) in newer.0 {
            self.0.entry(step).or_default().extend(fields);
        }
    }

    pub(crate) fn drop_form(&mut self, step: &str) {
        self.0.shift_remove(step);
    }

    pub(crate) fn drop_field(&mut self, step: &str, field: &str) {
        if let Some(form) = self.0.get_mut(step) {
            form.shift_remove(field);
        }
    }

    /// Whether any answer of this form comes from the given source.
    pub(crate) fn any_from(&self, step: &str, source: Source) -> bool {
        self.form(step)
            .is_some_and(|form| form.values().any(|answer| answer.source == source))
    }
}

// Answers are passwords as often as not.
impl std::fmt::Debug for Answers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list()
            .entries(self.keys().map(|(step, field)| format!("{step}.{field}")))
            .finish()
    }
}
