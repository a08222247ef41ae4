//! What `{{` may name in a place of a definition: for an editor that offers names while somebody types.
//!
//! # Layout
//! - [`in_scope`]: the question; [`Whereabouts`], [`InScope`], [`Readable`]
//! - `site`: from the place of a value to what can be read there, also where nothing is written yet
//! - `output`: what each step leaves behind, in words
//! - `root`: the names that are no step

mod output;
mod root;
mod site;

use serde::Serialize;

use crate::build::{At, FlowName, Site, Steps};
use crate::connector::Connector;
use crate::overrides;
use crate::problem::Problem;
use crate::read::{Overrides, Source, understood};
use crate::report::Report;
use crate::step::Step;
use crate::text::Text;
use crate::tree::{self, Node};

/// A place in a definition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whereabouts {
    /// The path of a value, as problems tell it: `auth_flow.steps[2].request.url`. It may be one that is not there yet.
    Path(String),
    /// A place in the text.
    Position {
        /// From 1.
        line: usize,
        /// From 1, in characters.
        column: usize,
    },
}

/// What can be named in a place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct InScope {
    /// The path of the value that the place is in.
    pub path: String,
    /// What can be named: outputs of earlier steps first, then steps that run later, then everything else.
    pub names: Vec<Readable>,
}

/// Something that a template can name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Readable {
    /// As it is written between the braces: `login.body`.
    pub path: String,
    /// What it is.
    pub kind: ReadableKind,
    /// The JSON type, as far as the definition tells: `string`, `number`, `object`, `array`, `any`, ...
    pub value_type: &'static str,
    /// The step whose output it is.
    pub step: Option<String>,
    /// The flow of that step, as its key in a definition.
    pub flow: Option<&'static str>,
    /// One sentence.
    pub about: String,
    /// Whether it is sure to be there; else only a run can tell.
    pub certain: bool,
    /// Whether its step runs after this place, so that it cannot be named here.
    pub later: bool,
}

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ReadableKind {
    /// A step as a whole.
    Step,
    /// An output of a step.
    Output,
    /// A variable.
    Variable,
    /// A secret.
    Secret,
    /// A parameter of an endpoint.
    Parameter,
    /// A cookie jar, a reply, a request or another name that is always the same.
    Root,
}

/// What can be named in a place of a definition, which may have problems otherwise.
///
/// # Errors
/// The problems that keep the text from being read at all.
pub fn in_scope(
    source: &Source,
    overrides: &Overrides,
    place: &Whereabouts,
) -> Result<InScope, Vec<Problem>> {
    // A template that is being typed without quotes is a map to YAML, or breaks it.
    let mended = without_open_template(source, place);
    let found = mended.and_then(|(mended, begin)| asked(&mended, overrides, &begin).ok());
    match found {
        Some(found) => Ok(found),
        None => asked(source, overrides, place),
    }
}

fn asked(
    source: &Source,
    overrides: &Overrides,
    place: &Whereabouts,
) -> Result<InScope, Vec<Problem>> {
    let text = Text::new(&source.text);
    let mut report = Report::new(&text);
    let understood = tree::parse(&mut report).and_then(|mut root| {
        overrides::apply(&mut root, overrides, &mut report);
        let (connector, _) = understood(&root, overrides, &mut report)?;
        Some((connector, root))
    });
    let Some((connector, root)) = understood else {
        return Err(report.finish());
    };
    let path = match place {
        Whereabouts::Path(path) => path.clone(),
        Whereabouts::Position { line, column } => path_at(&root, text.byte_of(*line, *column)),
    };
    let site = site::of(&path, &connector);
    Ok(InScope {
        names: names(&connector, &site),
        path,
    })
}

fn names(connector: &Connector, site: &Site) -> Vec<Readable> {
    let (visible, later) = steps(connector, site);
    let mut names: Vec<Readable> = visible
        .into_iter()
        .rev()
        .flat_map(|(flow, step)| output::readable(flow, step, false))
        .collect();
    let later = later.into_iter();
    names.extend(later.flat_map(|(flow, step)| output::readable(flow, step, true)));
    names.extend(root::readable(connector, site));
    names
}

type Placed<'c> = (FlowName, &'c Step);

/// The steps that have run in a place, and those of the same flow that have not.
fn steps<'c>(connector: &'c Connector, site: &Site) -> (Vec<Placed<'c>>, Vec<Placed<'c>>) {
    let all = |flow: FlowName| {
        let steps = match flow {
            FlowName::Auth => connector.auth_flow.steps.as_slice(),
            FlowName::Refresh => match &connector.refresh_flow {
                Some(refresh) => refresh.steps.as_slice(),
                None => &[],
            },
            FlowName::Logout => match &connector.logout_flow {
                Some(logout) => logout.steps.as_slice(),
                None => &[],
            },
            FlowName::StepUp => match &connector.step_up {
                Some(step_up) => step_up.steps.as_slice(),
                None => &[],
            },
        };
        steps.iter().map(move |step| (flow, step))
    };
    let auth = || all(FlowName::Auth);
    match site.steps {
        Steps::None => (Vec::new(), Vec::new()),
        Steps::AuthFlow => (auth().collect(), Vec::new()),
        Steps::RefreshFlow => (auth().chain(all(FlowName::Refresh)).collect(), Vec::new()),
        Steps::StepUp => (auth().chain(all(FlowName::StepUp)).collect(), Vec::new()),
        Steps::Before(FlowName::Auth, upto) => {
            (auth().take(upto).collect(), auth().skip(upto).collect())
        }
        Steps::Before(flow, upto) => (
            auth().chain(all(flow).take(upto)).collect(),
            all(flow).skip(upto).collect(),
        ),
    }
}

/// The path of the value that a byte is in, or that begins last before it.
fn path_at(root: &Node, byte: usize) -> String {
    let mut at = At::root(root);
    loop {
        let entries = at.keyed();
        let entry = entries
            .into_iter()
            .rfind(|(_, key, _)| key.start <= byte)
            .map(|(_, _, entry)| entry);
        let item = at
            .items()
            .into_iter()
            .rfind(|item| item.node.span.start <= byte);
        match entry.or(item) {
            Some(inner) => at = inner,
            None => return at.path,
        }
    }
}

/// The text without the template that is open where somebody types, and where that began, where no quote stands before it.
fn without_open_template(source: &Source, place: &Whereabouts) -> Option<(Source, Whereabouts)> {
    let Whereabouts::Position { line, column } = place else {
        return None;
    };
    let text = Text::new(&source.text);
    let end = text.byte_of(*line, *column);
    let begin = text.byte_of(*line, 1);
    let open = source.text.get(begin..end)?.rfind("{{")? + begin;
    let before = source.text.get(begin..open)?.trim_end();
    if !before.ends_with([':', '-', ',', '[']) {
        return None;
    }
    let rest = source.text.get(end..)?;
    let rest = rest.strip_prefix("}}").unwrap_or(rest);
    let typed = source.text.get(open..end)?.chars().count();
    let begin = Whereabouts::Position {
        line: *line,
        column: column.saturating_sub(typed),
    };
    let text = format!("{}\"\"{rest}", source.text.get(..open)?);
    Some((Source::new(source.name.clone(), text), begin))
}

impl Readable {
    fn root(path: impl Into<String>, value_type: &'static str, about: &str) -> Self {
        Self {
            path: path.into(),
            kind: ReadableKind::Root,
            value_type,
            step: None,
            flow: None,
            about: about.to_owned(),
            certain: true,
            later: false,
        }
    }

    fn of_kind(self, kind: ReadableKind) -> Self {
        Self { kind, ..self }
    }
}
