//! `session.over_when`, compiled: most connectors look at nothing but the status, and then a table tells.

use http::StatusCode;
use model::Condition;
use serde_json::{Value, json};
use template::{Path, Scope};

/// Statuses have three digits.
const STATUSES: usize = 1000;

/// When a session is over.
pub(crate) enum Over {
    /// At these statuses, whatever else the reply says.
    At(Box<[bool; STATUSES]>),
    /// The condition has to be judged.
    Judged,
}

impl Over {
    pub(crate) fn when(condition: &Condition) -> Self {
        Self::table(condition).map_or(Self::Judged, Self::At)
    }

    /// What the condition says of each status, where it reads nothing else.
    fn table(condition: &Condition) -> Option<Box<[bool; STATUSES]>> {
        let reads_more = condition
            .templates()
            .into_iter()
            .flat_map(|template| template.expressions())
            .any(|expression| !is_status(&expression.path));
        if reads_more {
            return None;
        }
        let mut table = Box::new([false; STATUSES]);
        for (status, over) in (0_u16..).zip(table.iter_mut()) {
            let scope = Reply(json!({ "status": status }));
            *over = condition.judge(&scope).ok()?.holds;
        }
        Some(table)
    }

    /// Whether the session is over, where the status tells.
    pub(crate) fn at(&self, status: StatusCode) -> Option<bool> {
        match self {
            Self::At(table) => Some(table.get(usize::from(status.as_u16())) == Some(&true)),
            Self::Judged => None,
        }
    }
}

fn is_status(path: &Path) -> bool {
    path.root == "response"
        && matches!(path.segments.as_slice(), [template::Segment::Key(key)] if key == "status")
}

/// A reply of which only the status is known.
struct Reply(Value);

impl Scope for Reply {
    fn lookup(&self, path: &Path) -> Option<Value> {
        template::walk(&self.0, &path.segments).cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::Over;
    use http::StatusCode;
    use model::{Condition, Test, ValueTemplate};
    use serde_json::json;
    use template::Template;

    fn test(value: &str, test: Test) -> Condition {
        Condition::Test {
            value: ValueTemplate::Template(Template::parse(value).unwrap()),
            test,
            otherwise: None,
        }
    }

    #[test]
    fn a_status_alone_is_looked_up_and_all_else_is_judged() {
        let among = |statuses: &[u16]| {
            let values = statuses
                .iter()
                .map(|status| ValueTemplate::Scalar(json!(status)));
            test("{{response.status}}", Test::In(values.collect()))
        };
        let body = test("{{response.body.error}}", Test::Exists(true));
        let header = test("{{response.headers.x}}", Test::Exists(true));
        let not = Condition::Not(Box::new(among(&[200])));
        for (condition, status, expected) in [
            (among(&[401, 419]), 401, Some(true)),
            (among(&[401, 419]), 419, Some(true)),
            (among(&[401, 419]), 200, Some(false)),
            (not, 500, Some(true)),
            (body, 401, None),
            (header, 401, None),
        ] {
            let over = Over::when(&condition);
            let status = StatusCode::from_u16(status).unwrap();
            assert_eq!(over.at(status), expected, "{condition:?}");
        }
    }
}
