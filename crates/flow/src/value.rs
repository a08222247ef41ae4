//! Values of a request: resolved with what may be left out taken out, key and all.

use model::ValueTemplate;
use serde_json::{Map, Value};
use template::{Expression, Filter, Place, ResolveError, Scope, Template};

use crate::scope::CallScope;

/// A value with every template in it resolved; none where all of it may be left out and is.
/// An absent value of any other kind is an error that names it.
///
/// # Errors
/// A template that cannot be resolved.
pub fn resolve_value(
    value: &ValueTemplate,
    scope: &CallScope<'_>,
) -> Result<Option<Value>, ResolveError> {
    Ok(match value {
        ValueTemplate::Scalar(value) => Some(value.clone()),
        ValueTemplate::Template(template) => resolve_entry(template, scope, Place::Value)?,
        ValueTemplate::Array(items) => {
            let mut list = Vec::with_capacity(items.len());
            for item in items {
                list.extend(resolve_value(item, scope)?);
            }
            Some(Value::Array(list))
        }
        ValueTemplate::Object(entries) => {
            let mut map = Map::new();
            for (key, entry) in entries {
                if let Some(value) = resolve_value(entry, scope)? {
                    map.insert(key.clone(), value);
                }
            }
            Some(Value::Object(map))
        }
    })
}

/// One template with what may be left out: none where it is absent for that reason alone.
pub(crate) fn resolve_entry(
    template: &Template,
    scope: &CallScope<'_>,
    place: Place,
) -> Result<Option<Value>, ResolveError> {
    let absent = |expression: &&Expression| {
        !expression.filters.iter().any(has_default) && scope.lookup(&expression.path).is_none()
    };
    let mut absent = template.expressions().filter(absent).peekable();
    if absent.peek().is_some() && absent.all(|found| scope.may_be_left_out(&found.path)) {
        return Ok(None);
    }
    match template.resolve(scope, place)? {
        Some(value) => Ok(Some(value)),
        // Asked again as text only for its error, which names the absent path.
        None => template
            .resolve_text(scope, place)
            .map(|text| Some(Value::String(text))),
    }
}

/// A value as the texts that a query or a form carries: a list stands for its key several times,
/// and a map is written as JSON, as request parameters write it.
pub(crate) fn texts(value: Value) -> Result<Vec<String>, &'static str> {
    match value {
        Value::Array(items) => items.into_iter().map(text).collect(),
        value => Ok(vec![text(value)?]),
    }
}

fn text(value: Value) -> Result<String, &'static str> {
    match value {
        Value::String(text) => Ok(text),
        Value::Null => Err("null"),
        other => Ok(other.to_string()),
    }
}

fn has_default(filter: &Filter) -> bool {
    matches!(filter, Filter::Default(..))
}
