//! A text with expressions in it, parsed once and kept beside its source.

use std::fmt;
use std::ops::Range;

use crate::error::TemplateError;
use crate::filter::Filter;
use crate::parse;
use crate::path::Path;

/// A text with any number of `{{..}}` in it.
#[derive(Clone, PartialEq, Eq)]
pub struct Template {
    source: String,
    pub(crate) parts: Vec<Part>,
}

/// What stands between `{{` and `}}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expression {
    /// Where the value is found.
    pub path: Path,
    /// What is done to it, in order.
    pub filters: Vec<Filter>,
    /// Where it stands in the source, in bytes, with its braces.
    pub span: Range<usize>,
}

/// One piece of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Literal(String),
    Expression(Expression),
}

impl Template {
    /// Reads a template.
    ///
    /// # Errors
    /// When an expression is not closed, or not a path with known filters.
    pub fn parse(source: &str) -> Result<Template, TemplateError> {
        Ok(Template {
            parts: parse::parts(source)?,
            source: source.to_owned(),
        })
    }

    /// A template that is `text` and nothing else, whatever it holds.
    #[must_use]
    pub fn literal(text: &str) -> Template {
        Template {
            source: text.to_owned(),
            parts: parse::literal_part(text).into_iter().collect(),
        }
    }

    /// The template as it was written.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Whether there is no expression in it.
    #[must_use]
    pub fn is_literal(&self) -> bool {
        self.expressions().next().is_none()
    }

    /// The expression of a template that is exactly one `{{..}}` and nothing else.
    #[must_use]
    pub fn single(&self) -> Option<&Expression> {
        match self.parts.as_slice() {
            [Part::Expression(expression)] => Some(expression),
            _ => None,
        }
    }

    /// All expressions, in order.
    pub fn expressions(&self) -> impl Iterator<Item = &Expression> {
        self.parts.iter().filter_map(|part| match part {
            Part::Expression(expression) => Some(expression),
            Part::Literal(_) => None,
        })
    }

    /// The text before the first expression.
    #[must_use]
    pub fn leading_literal(&self) -> &str {
        match self.parts.first() {
            Some(Part::Literal(text)) => text,
            _ => "",
        }
    }
}

/// As it would be written, with its braces.
impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{{{{{}", self.path)?;
        for filter in &self.filters {
            write!(f, " | {filter}")?;
        }
        f.write_str("}}")
    }
}

impl fmt::Debug for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.source, f)
    }
}

#[cfg(test)]
mod tests {
    use super::Template;

    #[test]
    fn tells_what_it_is_made_of() {
        for (source, literal, single, leading, roots) in [
            ("", true, false, "", vec![]),
            ("plain } text }}", true, false, "plain } text }}", vec![]),
            ("{{a.b}}", false, true, "", vec!["a"]),
            ("{{ a.b | trim }}", false, true, "", vec!["a"]),
            (" {{a}}", false, false, " ", vec!["a"]),
            (
                "https://x/{{a}}-{{b}}",
                false,
                false,
                "https://x/",
                vec!["a", "b"],
            ),
            ("{{a}}{{b}}", false, false, "", vec!["a", "b"]),
        ] {
            let template = Template::parse(source).unwrap();
            assert_eq!(template.source(), source);
            assert_eq!(template.is_literal(), literal, "{source}");
            assert_eq!(template.single().is_some(), single, "{source}");
            assert_eq!(template.leading_literal(), leading);
            let found: Vec<_> = template
                .expressions()
                .map(|e| e.path.root.as_str())
                .collect();
            assert_eq!(found, roots);
        }
    }

    #[test]
    fn spans_hold_the_braces() {
        let source = "é {{a}}{{ b | trim }}";
        let template = Template::parse(source).unwrap();
        let spans: Vec<_> = template
            .expressions()
            .map(|e| &source[e.span.clone()])
            .collect();
        assert_eq!(spans, ["{{a}}", "{{ b | trim }}"]);
    }

    #[test]
    fn a_literal_may_look_like_a_template() {
        let template = Template::literal("{{not.read}}");
        assert!(template.is_literal());
        assert_eq!(template.leading_literal(), "{{not.read}}");
        assert_eq!(format!("{template:?}"), "\"{{not.read}}\"");
    }
}
