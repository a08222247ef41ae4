//! Something about the connectors that people should know, though the server goes on.

use crate::registry::definition::Definition;
use serde::Serialize;
use std::fmt;
use std::path::{Path, PathBuf};

/// What was found.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Finding {
    /// A stable word: `broken_definition`, `two_files`, `in_folder_and_store`, `unreadable_file`, `not_served`.
    pub code: &'static str,
    /// The connector, where it is known.
    pub connector: Option<String>,
    /// What is the matter and what is served meanwhile.
    pub message: String,
    /// Each problem with its place, where a definition has some.
    pub problems: Vec<String>,
    /// The definition that cannot be used: once it can, that is said too.
    #[serde(skip)]
    pub(super) broken: Option<Place>,
}

/// Where a definition stands, whichever version of it.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) enum Place {
    /// In this file.
    File(PathBuf),
    /// In the store, under this name.
    Store(String),
}

impl Finding {
    pub(super) fn broken(
        place: Place,
        named: &str,
        connector: Option<&str>,
        problems: Vec<String>,
    ) -> Self {
        let served = match connector {
            Some(connector) => format!("the last good version of `{connector}` stays"),
            None => "no connector of it is served".to_owned(),
        };
        Self {
            code: "broken_definition",
            connector: connector.map(str::to_owned),
            message: format!("{named} cannot be used: {served}"),
            problems,
            broken: Some(place),
        }
    }

    pub(super) fn unreadable(file: &Path, error: &str, connector: Option<&str>) -> Self {
        Self {
            code: "unreadable_file",
            connector: connector.map(str::to_owned),
            message: format!("{} cannot be read: {error}", file.display()),
            problems: Vec::new(),
            broken: Some(Place::File(file.to_owned())),
        }
    }

    pub(super) fn two_files(connector: &str, first: &Path, second: &Path, served: bool) -> Self {
        let served = if served {
            format!("what was served of `{connector}` before stays")
        } else {
            format!("no `{connector}` is served")
        };
        Self {
            code: "two_files",
            connector: Some(connector.to_owned()),
            message: format!(
                "{} and {} both name the connector `{connector}`: {served}",
                first.display(),
                second.display()
            ),
            problems: Vec::new(),
            broken: None,
        }
    }

    pub(super) fn not_served<'a>(
        app: &str,
        connector: &str,
        served: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        let near = model::nearest(connector, served);
        let near = near.map_or(String::new(), |near| format!("; is `{near}` meant?"));
        Self {
            code: "not_served",
            connector: Some(connector.to_owned()),
            message: format!("the app `{app}` may use `{connector}`, which is not served{near}"),
            problems: Vec::new(),
            broken: None,
        }
    }

    pub(super) fn in_both(definition: &Definition) -> Self {
        Self {
            code: "in_folder_and_store",
            connector: Some(definition.name.clone()),
            message: format!(
                "`{}` is in the folder and in the store: that of the folder is served",
                definition.name
            ),
            problems: Vec::new(),
            broken: None,
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)?;
        for problem in &self.problems {
            write!(formatter, "\n{problem}")?;
        }
        Ok(())
    }
}
