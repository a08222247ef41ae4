//! A JSON value whose texts may be templates: what a body, a query or an operand is made of.

use indexmap::IndexMap;
use serde_json::Value;
use template::{Place, ResolveError, Scope, Template};

/// Any JSON value of the definition, with templates at its leaves.
#[derive(Clone, Debug, PartialEq)]
pub enum ValueTemplate {
    /// A number, a truth value or null; a text without templates is a literal [`Template`].
    Scalar(Value),
    /// A text.
    Template(Template),
    /// A list.
    Array(Vec<ValueTemplate>),
    /// A map, in the order of the definition.
    Object(IndexMap<String, ValueTemplate>),
}

impl ValueTemplate {
    /// The value with every template resolved, or none if the whole value is one template that
    /// is absent. An absent template further inside is an error that names it.
    ///
    /// # Errors
    /// What [`Template::resolve`] and [`Template::resolve_text`] report.
    pub fn resolve(&self, scope: &dyn Scope) -> Result<Option<Value>, ResolveError> {
        match self {
            Self::Template(template) => template.resolve(scope, Place::Value),
            other => other.resolve_inner(scope).map(Some),
        }
    }

    /// The value with every template resolved, or none where any of them is absent: what a
    /// condition tests.
    ///
    /// # Errors
    /// What [`Self::resolve`] reports, but for an absent value.
    pub fn resolve_whole(&self, scope: &dyn Scope) -> Result<Option<Value>, ResolveError> {
        match self.resolve(scope) {
            Err(ResolveError::Absent { .. }) => Ok(None),
            other => other,
        }
    }

    /// The value as text for the given place, or none if it is one template that is absent.
    ///
    /// # Errors
    /// What [`Template::resolve`] reports.
    pub fn resolve_as_text(
        &self,
        scope: &dyn Scope,
        place: Place,
    ) -> Result<Option<Value>, ResolveError> {
        match self {
            Self::Template(template) => template.resolve(scope, place),
            other => other.resolve_inner(scope).map(Some),
        }
    }

    /// Every template inside, in the order of the definition.
    #[must_use]
    pub fn templates(&self) -> Vec<&Template> {
        let mut found = Vec::new();
        self.collect(&mut found);
        found
    }

    fn collect<'a>(&'a self, found: &mut Vec<&'a Template>) {
        match self {
            Self::Scalar(_) => {}
            Self::Template(template) => found.push(template),
            Self::Array(items) => items.iter().for_each(|item| item.collect(found)),
            Self::Object(entries) => entries.values().for_each(|entry| entry.collect(found)),
        }
    }

    fn resolve_inner(&self, scope: &dyn Scope) -> Result<Value, ResolveError> {
        Ok(match self {
            Self::Scalar(value) => value.clone(),
            Self::Template(template) => match template.resolve(scope, Place::Value)? {
                Some(value) => value,
                // Asked again as text only for its error, which names the absent path.
                None => Value::String(template.resolve_text(scope, Place::Value)?),
            },
            Self::Array(items) => Value::Array(
                items
                    .iter()
                    .map(|item| item.resolve_inner(scope))
                    .collect::<Result<_, _>>()?,
            ),
            Self::Object(entries) => Value::Object(
                entries
                    .iter()
                    .map(|(key, entry)| Ok((key.clone(), entry.resolve_inner(scope)?)))
                    .collect::<Result<_, ResolveError>>()?,
            ),
        })
    }
}
