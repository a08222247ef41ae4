//! Reading a definition: text in, connector and problems out.

use crate::build::{self, At, Builder, Mention};
use crate::check::{self, Subject};
use crate::connector::Connector;
use crate::overrides;
use crate::problem::{Problem, Severity};
use crate::report::Report;
use crate::shape;
use crate::text::Text;
use crate::tree::{self, Node};

/// A definition as text, with the name to show for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// A file name, or what stands for one.
    pub name: String,
    /// YAML or JSON.
    pub text: String,
}

impl Source {
    /// A named text.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            text: text.into(),
        }
    }
}

/// What the command line changes before a definition is checked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overrides {
    /// `--environment`.
    pub environment: Option<String>,
    /// `--set base_url=..` and `--set variables.x=..`, as key and value.
    pub set: Vec<(String, String)>,
}

/// What reading a definition gives.
#[derive(Clone, Debug)]
pub struct Reading {
    /// The connector; none if and only if there is an error among the problems.
    pub connector: Option<Connector>,
    /// Every problem, in the order of the text.
    pub problems: Vec<Problem>,
}

/// Reads a definition as it stands.
#[must_use]
pub fn read(source: &Source) -> Reading {
    read_with(source, &Overrides::default())
}

/// Reads a definition with an environment and single values chosen.
#[must_use]
pub fn read_with(source: &Source, overrides: &Overrides) -> Reading {
    let text = Text::new(&source.text);
    let mut report = Report::new(&text);
    let connector = tree::parse(&mut report).and_then(|mut root| {
        overrides::apply(&mut root, overrides, &mut report);
        connector(&root, overrides, &mut report)
    });
    let problems = report.finish();
    let refused = problems
        .iter()
        .any(|problem| problem.severity == Severity::Error);
    Reading {
        connector: connector.filter(|_| !refused),
        problems,
    }
}

/// Reads any YAML or JSON text with the bounds of a definition, such as a file of answers.
/// Numbers and truth values are texts as they were written: a code of `0123` is not 123.
///
/// # Errors
/// Every problem that keeps the text from being read.
pub fn read_value(source: &Source) -> Result<serde_json::Value, Vec<Problem>> {
    let text = Text::new(&source.text);
    let mut report = Report::new(&text);
    let value = tree::parse(&mut report).map(|root| root.to_written());
    let problems = report.finish();
    match value {
        Some(value) if problems.is_empty() => Ok(value),
        _ => Err(problems),
    }
}

/// The connector of a tree, with stand-ins for what is wrong with it, and every template in it.
pub(crate) fn understood(
    root: &Node,
    overrides: &Overrides,
    report: &mut Report<'_>,
) -> Option<(Connector, Vec<Mention>)> {
    shape::check::check(root, report);
    if root.entries().is_empty() {
        return None;
    }
    let root = At::root(root);
    let mut builder = Builder::new(report);
    let connector = build::connector(&mut builder, &root, overrides.environment.as_deref());
    Some((connector, builder.into_mentions()))
}

fn connector(root: &Node, overrides: &Overrides, report: &mut Report<'_>) -> Option<Connector> {
    let (connector, mentions) = understood(root, overrides, report)?;
    let subject = Subject {
        connector: &connector,
        root: &At::root(root),
        mentions: &mentions,
    };
    check::check(&subject, report);
    Some(connector)
}
