//! Values into text: looks each path up, runs its filters, and puts the result in its place.

use serde_json::Value;

use crate::error::ResolveError;
use crate::filter::Datum;
use crate::path::Path;
use crate::place::Place;
use crate::scope::Scope;
use crate::source::{Expression, Part, Template};
use crate::url_text::UrlText;

impl Template {
    /// The template with its values; `Ok(None)` when a value is absent and has no default.
    ///
    /// At [`Place::Value`] a template that is exactly one expression keeps the JSON type of its
    /// value. Everything else is text.
    ///
    /// # Errors
    /// When a value cannot stand where the template puts it.
    pub fn resolve(&self, scope: &dyn Scope, place: Place) -> Result<Option<Value>, ResolveError> {
        if let (Place::Value, Some(expression)) = (place, self.single()) {
            return Ok(datum(expression, scope)?.map(Datum::into_value));
        }
        match self.text(scope, place) {
            Ok(text) => Ok(Some(Value::String(text))),
            Err(ResolveError::Absent { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The template with its values, as text.
    ///
    /// # Errors
    /// When a value is absent, or cannot stand where the template puts it.
    pub fn resolve_text(&self, scope: &dyn Scope, place: Place) -> Result<String, ResolveError> {
        self.text(scope, place)
    }

    /// The first path whose value is absent and has no default.
    #[must_use]
    pub fn absent(&self, scope: &dyn Scope) -> Option<&Path> {
        self.expressions()
            .find(|expression| matches!(datum(expression, scope), Ok(None)))
            .map(|expression| &expression.path)
    }

    fn text(&self, scope: &dyn Scope, place: Place) -> Result<String, ResolveError> {
        let data = self
            .parts
            .iter()
            .map(|part| match part {
                Part::Literal(_) => Ok(None),
                Part::Expression(expression) => self.present(expression, scope).map(Some),
            })
            .collect::<Result<Vec<_>, _>>()?;
        let parts = self.parts.iter().zip(data);
        if place == Place::Url {
            return UrlText::build(parts);
        }
        let mut text = String::new();
        for (part, datum) in parts {
            match (part, datum) {
                (Part::Expression(expression), Some(datum)) => {
                    let path = &expression.path;
                    if place == Place::Header {
                        refuse_null(path, &datum)?;
                    }
                    let value = datum.into_text();
                    if place == Place::Header {
                        check_header(&value, || path.to_string())?;
                    }
                    text.push_str(&value);
                }
                (Part::Literal(literal), _) => {
                    if place == Place::Header {
                        check_header(literal, || self.source().to_owned())?;
                    }
                    text.push_str(literal);
                }
                (Part::Expression(_), None) => {}
            }
        }
        Ok(text)
    }

    fn present(&self, expression: &Expression, scope: &dyn Scope) -> Result<Datum, ResolveError> {
        datum(expression, scope)?.ok_or_else(|| ResolveError::Absent {
            template: self.source().to_owned(),
            path: expression.path.to_string(),
        })
    }
}

/// The value of an expression after its filters.
fn datum(expression: &Expression, scope: &dyn Scope) -> Result<Option<Datum>, ResolveError> {
    let found = scope.lookup(&expression.path).map(Datum::Json);
    expression.filters.iter().try_fold(found, |datum, filter| {
        filter.apply(datum).map_err(|kind| ResolveError::Filter {
            path: expression.path.to_string(),
            filter: filter.name(),
            kind,
        })
    })
}

/// A null in a header would travel as the word `null`, and be taken for a token.
fn refuse_null(path: &Path, datum: &Datum) -> Result<(), ResolveError> {
    match datum {
        Datum::Json(Value::Null) => Err(ResolveError::NotText {
            path: path.to_string(),
            kind: "null",
            place: "a header",
        }),
        _ => Ok(()),
    }
}

/// RFC 9110, section 5.5: a field value has no CR, LF or NUL; other control characters but the
/// tab are refused too, as receivers do not agree on them.
fn check_header(text: &str, path: impl Fn() -> String) -> Result<(), ResolveError> {
    let found = text.chars().find(|c| c.is_ascii_control() && *c != '\t');
    match found {
        None => Ok(()),
        Some(character) => Err(ResolveError::ForbiddenCharacter {
            path: path(),
            character: control_name(character),
            place: "a header",
            hint: "add `| trim` if it stands at an end, or encode the value",
        }),
    }
}

/// What a control character is called.
pub(crate) fn control_name(character: char) -> &'static str {
    match character {
        '\n' | '\r' => "a line break",
        '\0' => "a NUL",
        '\t' => "a tab",
        _ => "a control character",
    }
}
