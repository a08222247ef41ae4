//! Templates, values and words out of nodes.

use std::ops::Range;
use std::time::Duration;

use indexmap::IndexMap;
use serde_json::Value;
use template::{Template, TemplateErrorKind};

use super::{At, Builder, Mention, Role};
use crate::code::Code;
use crate::duration::parse_duration;
use crate::text::Text;
use crate::tree::NodeValue;
use crate::value_template::ValueTemplate;

impl Builder<'_, '_> {
    /// A text with templates.
    pub(super) fn template(&mut self, at: &At<'_>, role: Role) -> Template {
        let raw = at.text();
        match Template::parse(&raw) {
            Ok(template) => {
                self.mentions.push(Mention {
                    template: template.clone(),
                    span: at.node.span.clone(),
                    path: at.path.clone(),
                    site: self.site.clone(),
                    role,
                });
                template
            }
            Err(error) => {
                let code = match error.kind {
                    TemplateErrorKind::UnknownFilter | TemplateErrorKind::BadArguments => {
                        Code::BadFilter
                    }
                    _ => Code::BadTemplate,
                };
                let inner = error.offset..error.offset + error.length;
                let span = locate(self.report.text(), &at.node.span, &raw, inner);
                let message = format!("{}.", error.message);
                let help = sentence(&error.hint);
                self.report.add(code, span, &at.path, message, help);
                Template::literal("")
            }
        }
    }

    /// The text of a key.
    pub(super) fn template_of(&mut self, at: &At<'_>, key: &str, role: Role) -> Option<Template> {
        let at = at.get(key)?;
        Some(self.template(&at, role))
    }

    /// The text of a key that must be there; a stand-in where it is not.
    pub(super) fn needed(&mut self, at: &At<'_>, key: &str, role: Role) -> Template {
        self.template_of(at, key, role)
            .unwrap_or_else(|| Template::literal(""))
    }

    /// Any JSON with templates in its texts.
    pub(super) fn value(&mut self, at: &At<'_>, role: Role) -> ValueTemplate {
        match &at.node.value {
            NodeValue::Scalar {
                value: Value::String(_),
                ..
            } => ValueTemplate::Template(self.template(at, role)),
            NodeValue::Scalar { value, .. } => ValueTemplate::Scalar(value.clone()),
            NodeValue::List(_) => ValueTemplate::Array(
                at.items()
                    .iter()
                    .map(|item| self.value(item, role))
                    .collect(),
            ),
            NodeValue::Map(_) => ValueTemplate::Object(self.values(Some(at.clone()), role)),
        }
    }

    /// A map of any JSON.
    pub(super) fn values(
        &mut self,
        at: Option<At<'_>>,
        role: Role,
    ) -> IndexMap<String, ValueTemplate> {
        at.iter()
            .flat_map(At::entries)
            .map(|(key, at)| (key.to_owned(), self.value(&at, role)))
            .collect()
    }

    /// A value that must not hold templates.
    pub(super) fn fixed(&mut self, at: &At<'_>) -> Value {
        self.refuse_templates(at);
        at.node.to_json()
    }

    /// A text that must not hold templates.
    pub(super) fn fixed_text(&mut self, at: &At<'_>, key: &str) -> Option<String> {
        let at = at.get(key)?;
        self.refuse_templates(&at);
        at.node.raw().map(str::to_owned)
    }

    /// A duration of a key.
    pub(super) fn duration(&mut self, at: &At<'_>, key: &str, otherwise: Duration) -> Duration {
        at.get(key)
            .and_then(|at| parse_duration(&at.node.duration_text()?))
            .unwrap_or(otherwise)
    }

    /// A duration of a key in which something must be able to happen.
    pub(super) fn lasting(&mut self, at: &At<'_>, key: &str, otherwise: Duration) -> Duration {
        let duration = self.duration(at, key, otherwise);
        if let (Duration::ZERO, Some(at)) = (duration, at.get(key)) {
            let message = format!("`{}` leaves no time at all.", at.path);
            let (code, span) = (Code::TooShort, at.node.span.clone());
            self.report.add(code, span, &at.path, message, code.help());
        }
        duration
    }

    fn refuse_templates(&mut self, at: &At<'_>) {
        if at.node.raw().is_some_and(|raw| raw.contains("{{")) {
            self.report.add(
                Code::TemplateNotHere,
                at.node.span.clone(),
                &at.path,
                format!("`{}` is fixed; a template in it is not resolved.", at.path),
                "Write the value itself.",
            );
        }
        for item in at.items() {
            self.refuse_templates(&item);
        }
        for (_, entry) in at.entries() {
            self.refuse_templates(&entry);
        }
    }
}

/// Where a part of a scalar's value stands in the text: exactly, where the text has the value or
/// at least the part as it is; else the whole scalar.
pub(crate) fn locate(
    text: &Text<'_>,
    span: &Range<usize>,
    value: &str,
    inner: Range<usize>,
) -> Range<usize> {
    let written = text.source().get(span.clone()).unwrap_or_default();
    let part = value.get(inner.clone()).unwrap_or_default();
    let start = if let Some(whole) = written.find(value).filter(|_| !value.is_empty()) {
        span.start + whole + inner.start
    } else if let Some(found) = in_lines(written, value, inner.start) {
        span.start + found
    } else if let Some(found) = written.find(part).filter(|_| !part.is_empty()) {
        span.start + found
    } else {
        return span.clone();
    };
    start
        ..(start + part.len())
            .max(start + 1)
            .min(text.source().len().max(start))
}

/// Where a place of a value stands in a block scalar, whose lines are the value's, each indented.
fn in_lines(written: &str, value: &str, place: usize) -> Option<usize> {
    let before = value.get(..place)?;
    let line = before.matches('\n').count();
    let column = place - before.rfind('\n').map_or(0, |at| at + 1);
    let mut wanted = value.split('\n').take(line + 1).peekable();
    let mut offset = 0;
    for part in written.split_inclusive('\n') {
        let text = part.trim_end_matches(['\r', '\n']);
        let indent = wanted.peek().and_then(|line| text.strip_suffix(line));
        if let Some(indent) = indent.filter(|indent| indent.trim_start().is_empty()) {
            wanted.next();
            if wanted.peek().is_none() {
                return Some(offset + indent.len() + column);
            }
        }
        offset += part.len();
    }
    None
}

/// A hint with a full stop.
fn sentence(hint: &str) -> String {
    let mut characters = hint.chars();
    let first = characters.next().map(|c| c.to_uppercase().to_string());
    let text = format!("{}{}", first.unwrap_or_default(), characters.as_str());
    if text.ends_with(['.', '?', '!']) {
        text
    } else {
        format!("{text}.")
    }
}
