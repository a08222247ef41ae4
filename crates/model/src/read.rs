//! Reading a definition: text in, connector and problems out.

use crate::connector::Connector;
use crate::problem::Problem;

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
pub fn read_with(_source: &Source, _overrides: &Overrides) -> Reading {
    Reading {
        connector: None,
        problems: Vec::new(),
    }
}
