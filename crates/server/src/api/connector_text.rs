//! Checking the text of a definition, in each of its environments: nothing is stored that could not be served.

use model::{Connector, Overrides, Severity, Source};
use serde::Serialize;
use utoipa::ToSchema;

use crate::problem::Problem;

/// A text that was checked.
pub(crate) struct Checked {
    /// The text.
    pub(crate) text: String,
    /// The connector that it describes; none where there is an error.
    pub(crate) connector: Option<Connector>,
    /// What is wrong or doubtful.
    pub(crate) problems: Vec<model::Problem>,
}

/// A problem of a definition.
#[derive(Serialize, ToSchema)]
pub(crate) struct ProblemView {
    severity: SeverityName,
    /// A stable name, listed in the definition reference.
    #[schema(example = "unknown_name")]
    code: &'static str,
    /// From 1.
    line: usize,
    /// From 1, in characters.
    column: usize,
    /// The line in which the place ends.
    end_line: usize,
    /// The column after its last character.
    end_column: usize,
    /// The place in the definition: names after dots, list items by number from 0. Empty for the whole.
    #[schema(example = "auth_flow.steps[2].request.url")]
    path: String,
    /// What is wrong.
    message: String,
    /// What to do.
    help: String,
    /// The name that was probably meant, where one is near.
    nearest: Option<String>,
}

/// Whether a definition can be used all the same.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum SeverityName {
    /// It cannot.
    Error,
    /// It can, but probably not as it was meant.
    Warning,
}

impl Checked {
    /// Reads and checks a text; away from the threads that serve, since a large one takes its time.
    ///
    /// # Errors
    /// Our own fault only; a wrong text is no error here.
    pub(crate) async fn read(text: String) -> Result<Self, Problem> {
        let reading = tokio::task::spawn_blocking(move || read(text));
        reading.await.map_err(|error| Problem::internal(&error))
    }

    /// The connector, where the text can be saved.
    ///
    /// # Errors
    /// 422 with all problems.
    pub(crate) fn into_connector(
        self,
    ) -> Result<(Connector, String, Vec<model::Problem>), Problem> {
        match self.connector {
            Some(connector) => Ok((connector, self.text, self.problems)),
            None => Err(refused(&self.problems)),
        }
    }
}

/// Problems as the API tells them.
pub(crate) fn views(problems: &[model::Problem]) -> Vec<ProblemView> {
    problems.iter().map(ProblemView::from).collect()
}

/// The refusal of a definition with these problems.
pub(crate) fn refused(problems: &[model::Problem]) -> Problem {
    let problems = serde_json::to_value(views(problems));
    Problem::definition(problems.unwrap_or_default())
}

fn read(text: String) -> Checked {
    let source = Source::new("the definition", text);
    let reading = model::read(&source);
    let mut problems = reading.problems;
    let mut connector = reading.connector;
    let environments: Vec<String> = connector
        .iter()
        .flat_map(|connector| connector.environments.keys().cloned())
        .collect();
    for environment in environments {
        let overrides = Overrides {
            environment: Some(environment),
            set: Vec::new(),
        };
        let reading = model::read_with(&source, &overrides);
        if reading.connector.is_none() {
            connector = None;
        }
        for problem in reading.problems {
            if !problems.contains(&problem) {
                problems.push(problem);
            }
        }
    }
    Checked {
        text: source.text,
        connector,
        problems,
    }
}

impl From<&model::Problem> for ProblemView {
    fn from(problem: &model::Problem) -> Self {
        Self {
            severity: match problem.severity {
                Severity::Error => SeverityName::Error,
                Severity::Warning => SeverityName::Warning,
            },
            code: problem.code,
            line: problem.line,
            column: problem.column,
            end_line: problem.end_line,
            end_column: problem.end_column,
            path: problem.path.clone(),
            message: problem.message.clone(),
            help: problem.help.clone(),
            nearest: problem.nearest.clone(),
        }
    }
}
