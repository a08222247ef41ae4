//! Collects problems, so that one reading names all of them.

use std::fmt;
use std::ops::Range;

use crate::code::Code;
use crate::problem::{Problem, Severity};
use crate::text::Text;

/// How many problems are named; nobody reads more, and a hostile text would cost time.
const MOST: usize = 500;

/// What to do about a problem.
pub(crate) struct Help {
    text: String,
    /// The name that was probably meant.
    nearest: Option<String>,
}

/// The problems found so far, and the text they are about.
pub(crate) struct Report<'t> {
    text: &'t Text<'t>,
    problems: Vec<Problem>,
}

impl<'t> Report<'t> {
    pub(crate) fn new(text: &'t Text<'t>) -> Self {
        Self {
            text,
            problems: Vec::new(),
        }
    }

    /// Notes a problem.
    pub(crate) fn add(
        &mut self,
        code: Code,
        span: Range<usize>,
        path: &str,
        message: impl Into<String>,
        help: impl Into<Help>,
    ) {
        if self.is_full() && (code.severity() == Severity::Warning || self.has_error()) {
            return;
        }
        let (begin, end) = (self.text.position(span.start), self.text.position(span.end));
        let help = help.into();
        self.problems.push(Problem {
            severity: code.severity(),
            code: code.name(),
            line: begin.line,
            column: begin.column,
            end_line: end.line,
            end_column: end.column,
            span,
            message: message.into(),
            help: help.text,
            nearest: help.nearest,
            path: path.to_owned(),
        });
    }

    /// Whether an error was noted so far.
    pub(crate) fn has_error(&self) -> bool {
        self.problems
            .iter()
            .any(|problem| problem.severity == Severity::Error)
    }

    /// Whether so many problems were noted that no more are.
    pub(crate) fn is_full(&self) -> bool {
        self.problems.len() >= MOST
    }

    /// The text that is read.
    pub(crate) fn text(&self) -> &'t Text<'t> {
        self.text
    }

    /// The problems in the order of the text, without repetitions: a value that aliases repeat is
    /// reported once.
    pub(crate) fn finish(mut self) -> Vec<Problem> {
        self.problems
            .sort_by_key(|problem| (problem.span.start, problem.severity, problem.code));
        self.problems.dedup_by(|one, other| {
            one.code == other.code && one.span == other.span && one.message == other.message
        });
        self.problems
    }
}

impl From<String> for Help {
    fn from(text: String) -> Self {
        Self {
            text,
            nearest: None,
        }
    }
}

impl From<&str> for Help {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl fmt::Display for Help {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

/// The nearest of the names, as `Did you mean ..?`; else the fallback.
pub(crate) fn did_you_mean<'a>(
    name: &str,
    names: impl IntoIterator<Item = &'a str>,
    otherwise: &str,
) -> Help {
    match nearest(name, names) {
        Some(near) => Help {
            text: format!("Did you mean `{near}`?"),
            nearest: Some(near.to_owned()),
        },
        None => otherwise.into(),
    }
}

/// The name that is most like the given one, if any is like it at all.
pub fn nearest<'a>(name: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let plain = |text: &str| text.to_ascii_lowercase().replace(['-', '_'], "");
    let wanted = plain(name);
    names
        .into_iter()
        .take(MOST)
        .map(|candidate| (strsim::jaro_winkler(&wanted, &plain(candidate)), candidate))
        .filter(|(likeness, _)| *likeness > 0.82)
        .max_by(|one, other| one.0.total_cmp(&other.0))
        .map(|(_, candidate)| candidate)
}

/// Names for a sentence: `` `a`, `b` and `c` ``.
pub(crate) fn listed<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let quoted: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        None => String::new(),
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::{listed, nearest};

    #[test]
    fn the_nearest_name_is_like_it_or_none() {
        let names = ["login", "form1", "base_url", "start"];
        let table = [
            ("logn", Some("login")),
            ("Login", Some("login")),
            ("form_1", Some("form1")),
            ("baseurl", Some("base_url")),
            ("zebra", None),
        ];
        for (name, expected) in table {
            assert_eq!(nearest(name, names), expected, "{name}");
        }
    }

    #[test]
    fn names_are_listed_as_in_a_sentence() {
        assert_eq!(listed([]), "");
        assert_eq!(listed(["a"]), "`a`");
        assert_eq!(listed(["a", "b", "c"]), "`a`, `b` and `c`");
    }
}
