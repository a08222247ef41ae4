//! A definition that can be served: its text and, for each of its environments, the connector it describes.

use crate::registry::finding::Place;
use model::{Connector, Overrides, Problem, Severity, Source};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

/// Where a definition comes from.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Origin {
    /// A file of the folder, which the API cannot change.
    File(PathBuf),
    /// The store, in this version.
    Store {
        /// The version.
        version: u64,
    },
}

/// A definition without an error.
#[derive(Clone, Debug)]
pub struct Definition {
    /// The connector's name.
    pub name: String,
    /// Where it comes from.
    pub origin: Origin,
    /// The text.
    pub text: Arc<str>,
    /// What is doubtful about it.
    pub warnings: Vec<Problem>,
    /// The connector without an environment.
    pub connector: Arc<Connector>,
    /// The connector in each environment.
    pub environments: BTreeMap<String, Arc<Connector>>,
}

impl Definition {
    /// Reads a text.
    ///
    /// # Errors
    /// What keeps it from being served, rendered for people.
    pub fn read(origin: Origin, text: Arc<str>) -> Result<Self, Vec<String>> {
        let named = match &origin {
            Origin::File(path) => path
                .file_name()
                .map_or_else(String::new, |name| name.to_string_lossy().into_owned()),
            Origin::Store { version } => format!("version {version}"),
        };
        let source = Source::new(named, &*text);
        let reading = model::read(&source);
        let Some(connector) = reading.connector else {
            return Err(errors(&reading.problems, &source));
        };
        let mut environments = BTreeMap::new();
        for environment in connector.environments.keys() {
            let overrides = Overrides {
                environment: Some(environment.clone()),
                set: Vec::new(),
            };
            let reading = model::read_with(&source, &overrides);
            match reading.connector {
                Some(connector) => environments.insert(environment.clone(), Arc::new(connector)),
                None => return Err(errors(&reading.problems, &source)),
            };
        }
        Ok(Self {
            name: connector.name.clone(),
            origin,
            text,
            warnings: reading.problems,
            connector: Arc::new(connector),
            environments,
        })
    }

    /// What tells this text from others: the store's number, or the beginning of the file's SHA-256.
    #[must_use]
    pub fn version(&self) -> String {
        match &self.origin {
            Origin::Store { version } => version.to_string(),
            Origin::File(_) => Sha256::digest(self.text.as_bytes())
                .iter()
                .take(4)
                .map(|byte| format!("{byte:02x}"))
                .collect(),
        }
    }

    /// Where it stands, whichever version it is.
    pub(super) fn place(&self) -> Place {
        match &self.origin {
            Origin::File(path) => Place::File(path.clone()),
            Origin::Store { .. } => Place::Store(self.name.clone()),
        }
    }

    /// The connector in an environment, or without one.
    #[must_use]
    pub fn in_environment(&self, environment: Option<&str>) -> Option<&Arc<Connector>> {
        match environment {
            None => Some(&self.connector),
            Some(name) => self.environments.get(name),
        }
    }

    /// The connector without an environment, then in each.
    pub fn places(&self) -> impl Iterator<Item = &Arc<Connector>> {
        std::iter::once(&self.connector).chain(self.environments.values())
    }
}

fn errors(problems: &[Problem], source: &Source) -> Vec<String> {
    problems
        .iter()
        .filter(|problem| problem.severity == Severity::Error)
        .map(|problem| model::render(problem, source))
        .collect()
}
