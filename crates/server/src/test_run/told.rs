//! How a test run fails: what happened, where in the definition, what it probably is, what to do.

use super::run::TestRun;
use flow::{Failure, FailureKind, Outputs};
use gateway::CallError;
use model::{Connector, Place, Source};
use serde_json::Value;
use template::{Path, Segment};

/// Why a test run failed. All of it may be shown.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    /// A stable word.
    pub(crate) code: &'static str,
    /// What happened.
    pub(crate) message: String,
    /// What it probably is.
    pub(crate) cause: Option<String>,
    /// What to do.
    pub(crate) help: Option<String>,
    /// `caller`, `builder`, `api` or `stepgate`.
    pub(crate) whose_fault: &'static str,
    /// The key of the flow.
    pub(crate) flow: Option<&'static str>,
    /// The step.
    pub(crate) step: Option<String>,
    /// Where in the definition.
    pub(crate) place: Option<Place>,
    /// The path that was probably meant where one leads nowhere.
    pub(crate) nearest: Option<String>,
}

impl Told {
    /// A fault of the test itself, at a place of the definition.
    pub(super) fn new(run: &TestRun, code: &'static str, message: String, path: &str) -> Self {
        Self {
            code,
            message: run.masked(&message),
            cause: None,
            help: None,
            whose_fault: "builder",
            flow: None,
            step: None,
            place: place(run, path, &[]),
            nearest: None,
        }
    }

    pub(super) fn with_help(mut self, help: &str) -> Self {
        self.help = Some(help.to_owned());
        self
    }

    /// Of a flow.
    pub(super) fn of_flow(run: &TestRun, failure: &Failure) -> Self {
        let connector = &run.equipped.connector;
        let (flow, path) = match failure.step.as_deref().and_then(|id| step(connector, id)) {
            Some((flow, path)) => (Some(flow), path),
            None => (None, String::new()),
        };
        let named = quoted(&failure.message);
        let (outputs, _) = run.left();
        let near = named.iter().find_map(|name| nearest(&outputs, name));
        let cause = match (&near, &failure.kind) {
            (Some(near), _) => Some(format!("There is `{near}`.")),
            (None, FailureKind::Refused { .. }) => Some(refused(failure).to_owned()),
            (None, FailureKind::Passing { .. }) => {
                Some("The API is down, busy, or slower than the step waits.".to_owned())
            }
            (None, _) => None,
        };
        Self {
            code: failure.code,
            message: run.masked(&failure.message),
            cause: cause.map(|cause| run.masked(&cause)),
            help: (!failure.help.is_empty()).then(|| run.masked(&failure.help)),
            whose_fault: match failure.kind {
                FailureKind::Refused { .. } | FailureKind::Cancelled => "caller",
                FailureKind::Passing { .. } => "api",
                FailureKind::Definition => "builder",
                FailureKind::Ours => "stepgate",
            },
            flow,
            step: failure.step.clone(),
            place: place(run, &path, &named),
            nearest: near,
        }
    }

    /// Of a call.
    pub(super) fn of_call(run: &TestRun, error: &CallError, path: &str) -> Self {
        let message = error.to_string();
        let named = quoted(&message);
        let (outputs, _) = run.left();
        let near = named.iter().find_map(|name| nearest(&outputs, name));
        let help = Some(error.help()).filter(|help| !help.is_empty());
        Self {
            code: error.code(),
            message: run.masked(&message),
            cause: near
                .as_ref()
                .map(|near| run.masked(&format!("There is `{near}`."))),
            help: help.map(|help| run.masked(&help)),
            whose_fault: error.whose_fault().word(),
            flow: None,
            step: None,
            place: place(run, path, &named).or_else(|| place(run, "", &named)),
            nearest: near,
        }
    }
}

fn refused(failure: &Failure) -> &'static str {
    match failure.status {
        Some(400 | 422) => {
            "The API found fault with what was sent: compare the request with what it asks for."
        }
        Some(401) => {
            "The name, password or token is wrong, or was sent in another place than the API looks."
        }
        Some(403) => {
            "The account may not do this, or a token against cross-site requests is missing."
        }
        Some(404) => "The address is wrong.",
        Some(405) => "The method is wrong.",
        _ => "The reply is not what `expect` wants: look at what came.",
    }
}

/// A step's flow, and its path.
fn step(connector: &Connector, id: &str) -> Option<(&'static str, String)> {
    let refresh = connector.refresh_flow.as_ref().map(|flow| &flow.steps);
    let logout = connector.logout_flow.as_ref().map(|flow| &flow.steps);
    let flows = [
        ("auth_flow", Some(&connector.auth_flow.steps)),
        ("refresh_flow", refresh),
        ("logout_flow", logout),
    ];
    flows.into_iter().find_map(|(key, steps)| {
        let index = steps?.iter().position(|step| step.id == id)?;
        Some((key, format!("{key}.steps[{index}]")))
    })
}

fn place(run: &TestRun, path: &str, named: &[&str]) -> Option<Place> {
    let source = Source::new("the definition", &*run.text);
    match (path, named) {
        ("", []) => None,
        _ => model::place_of(&source, path, named),
    }
}

/// What stands between backticks.
fn quoted(message: &str) -> Vec<&str> {
    message.split('`').skip(1).step_by(2).collect()
}

/// The output that is most like a path that leads nowhere.
fn nearest(outputs: &Outputs, name: &str) -> Option<String> {
    let path = Path::parse(name).ok()?;
    let whole = Value::Object(outputs.of(&path.root)?.clone());
    let there = (0..path.segments.len())
        .rev()
        .find(|upto| template::walk(&whole, &path.segments[..*upto]).is_some())?;
    let (known, missing) = path.segments.split_at(there);
    let container = template::walk(&whole, known)?.as_object()?;
    let [Segment::Key(wanted), ..] = missing else {
        return None;
    };
    if container.contains_key(wanted) {
        return None;
    }
    let keys = || container.keys().map(String::as_str);
    // `token` is no typing error of `access_token`, and yet what is meant.
    let near = model::nearest(wanted, keys())
        .or_else(|| keys().find(|key| key.contains(wanted.as_str())))?;
    let mut found = Path {
        root: path.root.clone(),
        segments: known.to_vec(),
    };
    found.segments.push(Segment::Key(near.to_owned()));
    Some(found.to_string())
}

#[cfg(test)]
mod tests {
    use super::{nearest, quoted};
    use flow::Outputs;
    use serde_json::json;

    #[test]
    fn a_path_that_leads_nowhere_has_a_neighbour() {
        let mut outputs = Outputs::new();
        let login = json!({ "status": 200, "body": { "access_token": "x", "user": { "id": 1 } } });
        outputs.set("login", login.as_object().unwrap().clone());
        let table = [
            ("login.body.token", Some("login.body.access_token")),
            ("login.body.user.idd", Some("login.body.user.id")),
            ("login.bdy.token", Some("login.body")),
            ("login.body.access_token", None),
            ("login.body.zebra", None),
            ("other.body", None),
            ("not a path", None),
        ];
        for (name, expected) in table {
            assert_eq!(nearest(&outputs, name).as_deref(), expected, "{name}");
        }
        assert_eq!(quoted("Step `a` needs `b.c`."), ["a", "b.c"]);
    }
}
