//! What can be wrong with a template: before a run ([`TemplateError`]) and during one
//! ([`ResolveError`]). No message ever holds a value, as any value may be secret.

use std::fmt;

use thiserror::Error;

/// A text that is not a template.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{message}: {hint}")]
pub struct TemplateError {
    /// Where in the text the fault is, in bytes.
    pub offset: usize,
    /// How many bytes the fault spans; at least 1, except at the end of the text.
    pub length: usize,
    /// What sort of fault it is.
    pub kind: TemplateErrorKind,
    /// What is wrong, as a sentence without its full stop.
    pub message: String,
    /// What to do about it.
    pub hint: String,
}

/// The sorts of faults of a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TemplateErrorKind {
    /// `{{` without `}}`.
    NotClosed,
    /// Nothing between `{{` and `}}`.
    Empty,
    /// A path that does not follow the grammar.
    BadPath,
    /// A filter that does not exist.
    UnknownFilter,
    /// A filter with wrong arguments.
    BadArguments,
}

/// A template that cannot be resolved in this run.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ResolveError {
    /// A value that is not there.
    #[error(
        "`{path}` in the template `{template}` has no value: compare the path with what the step left behind, or add `| default('…')`"
    )]
    Absent {
        /// The template as it is written.
        template: String,
        /// The path that leads nowhere.
        path: String,
    },
    /// A value that cannot become text where it stands.
    #[error(
        "`{path}` is {kind}, which cannot stand in {place}: name the text inside it, or add `| default('…')` or `| json`"
    )]
    NotText {
        /// The path of the value.
        path: String,
        /// What it is instead of text: `null`, `an object`, `a list`.
        kind: &'static str,
        /// Where it stands.
        place: &'static str,
    },
    /// A value with a character that its place does not allow.
    #[error("`{path}` holds {character}, which is not allowed in {place}: {hint}")]
    ForbiddenCharacter {
        /// The path of the value, or the template where its own text is at fault.
        path: String,
        /// The character by name; the value itself stays unsaid.
        character: &'static str,
        /// Where it stands.
        place: &'static str,
        /// What to do about it.
        hint: &'static str,
    },
    /// A value that would change the URL outside its place.
    #[error(
        "`{path}` would change the path of the URL, being `.` or `..` there: give another value"
    )]
    LeavesPath {
        /// The path of the value.
        path: String,
    },
    /// A filter that cannot take this value.
    #[error("the filter `{filter}` needs text, and `{path}` is {kind}: name the text inside it")]
    Filter {
        /// The path of the value.
        path: String,
        /// The filter.
        filter: &'static str,
        /// What the value is instead.
        kind: &'static str,
    },
}

impl TemplateErrorKind {
    /// The sort as one word of a stable code.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            TemplateErrorKind::NotClosed => "template_not_closed",
            TemplateErrorKind::Empty => "template_empty",
            TemplateErrorKind::BadPath => "template_bad_path",
            TemplateErrorKind::UnknownFilter => "template_unknown_filter",
            TemplateErrorKind::BadArguments => "template_bad_arguments",
        }
    }
}

impl fmt::Display for TemplateErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
