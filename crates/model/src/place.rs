//! Where something of a definition stands in its text: for whoever has found a fault that only a run can find.

use serde::Serialize;

use crate::build::{At, locate};
use crate::read::{Overrides, Source, understood};
use crate::report::Report;
use crate::text::Text;
use crate::tree;

/// A place in a definition and in its text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Place {
    /// The path of the value.
    pub path: String,
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
}

/// The first template below `path` that names one of these paths, such as `login.body.token`; else the value at `path`.
/// None where there is no such value.
#[must_use]
pub fn place_of(source: &Source, path: &str, named: &[&str]) -> Option<Place> {
    let text = Text::new(&source.text);
    let mut report = Report::new(&text);
    let root = tree::parse(&mut report)?;
    let (_, mentions) = understood(&root, &Overrides::default(), &mut report)?;
    let below = mentions
        .iter()
        .filter(|mention| is_below(path, &mention.path));
    let found = below
        .flat_map(|mention| {
            let expressions = mention.template.expressions();
            expressions.map(move |expression| (mention, expression))
        })
        .find(|(_, expression)| named.contains(&expression.path.to_string().as_str()));
    let (path, byte) = match found {
        Some((mention, expression)) => {
            let source = mention.template.source();
            let span = locate(&text, &mention.span, source, expression.span.clone());
            (mention.path.clone(), span.start)
        }
        None => {
            let at = find(&At::root(&root), path)?;
            (at.path, at.node.span.start)
        }
    };
    let position = text.position(byte);
    Some(Place {
        path,
        line: position.line,
        column: position.column,
    })
}

fn find<'n>(at: &At<'n>, path: &str) -> Option<At<'n>> {
    if at.path == path {
        return Some(at.clone());
    }
    let entries = at.entries().into_iter().map(|(_, entry)| entry);
    let mut inside = entries.chain(at.items());
    inside
        .find(|inner| is_below(&inner.path, path))
        .and_then(|inner| find(&inner, path))
}

/// Whether a path is another one or inside it.
fn is_below(outer: &str, path: &str) -> bool {
    path.strip_prefix(outer)
        .is_some_and(|rest| outer.is_empty() || rest.is_empty() || rest.starts_with(['.', '[']))
}

#[cfg(test)]
mod tests {
    use super::{Place, place_of};
    use crate::read::Source;

    #[test]
    fn a_value_and_a_template_in_it_have_their_places() {
        let text = "connector: wiki\nauth_flow:\n  steps:\n    - id: a\n      kind: api_request\n      request: { method: GET, url: \"{{base_url}}/{{b.c}}\" }\n";
        let source = Source::new("x", text);
        let at = |path: &str, line, column| Place {
            path: path.to_owned(),
            line,
            column,
        };
        let step = "auth_flow.steps[0]";
        let table = [
            (
                step,
                vec!["b.c"],
                Some(at("auth_flow.steps[0].request.url", 6, 50)),
            ),
            (step, vec!["other"], Some(at(step, 4, 7))),
            ("auth_flow.steps[1]", vec![], None),
            ("connector", vec![], Some(at("connector", 1, 12))),
        ];
        for (path, named, expected) in table {
            assert_eq!(place_of(&source, path, &named), expected, "{path}");
        }
    }
}
