//! The grammar: text and `{{ path | filter | filter('x') }}`, read in one pass without recursion.

use std::ops::Range;

use serde_json::Value;

use crate::error::{TemplateError, TemplateErrorKind};
use crate::filter::Filter;
use crate::path::{Path, Segment, is_key_byte};
use crate::source::{Expression, Part};

/// Reads a whole template.
pub(crate) fn parts(source: &str) -> Result<Vec<Part>, TemplateError> {
    let mut parts = Vec::new();
    let mut at = 0;
    while let Some(found) = source[at..].find("{{") {
        let open = at + found;
        parts.extend(literal_part(&source[at..open]));
        let mut reader = Reader::new(source, open + 2);
        let expression = reader
            .expression(open)
            .map_err(|error| prefer_not_closed(source, open, error))?;
        at = expression.span.end;
        parts.push(Part::Expression(expression));
    }
    parts.extend(literal_part(&source[at..]));
    Ok(parts)
}

/// Literal text as a part, unless there is none.
pub(crate) fn literal_part(text: &str) -> Option<Part> {
    (!text.is_empty()).then(|| Part::Literal(text.to_owned()))
}

/// Reads a path that is the whole text.
pub(crate) fn lone_path(text: &str) -> Result<Path, TemplateError> {
    let mut reader = Reader::new(text, 0);
    let path = reader.path()?;
    if reader.at < text.len() {
        return Err(reader.unexpected("a path ends here", "take away what follows"));
    }
    Ok(path)
}

/// A fault inside an expression that is never closed is, first of all, that.
fn prefer_not_closed(source: &str, open: usize, error: TemplateError) -> TemplateError {
    if source[open..].contains("}}") {
        return error;
    }
    let character = source[..open].chars().count() + 1;
    TemplateError {
        offset: open,
        length: 2,
        kind: TemplateErrorKind::NotClosed,
        message: format!("The template opened with `{{{{` at character {character} is not closed"),
        hint: "add `}}`".into(),
    }
}

struct Reader<'a> {
    source: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    fn new(source: &'a str, at: usize) -> Reader<'a> {
        Reader { source, at }
    }

    fn expression(&mut self, open: usize) -> Result<Expression, TemplateError> {
        self.skip_white_space();
        if self.rest().starts_with("}}") {
            return Err(fault(
                open..self.at + 2,
                TemplateErrorKind::Empty,
                "The template names no value",
                "write a path between `{{` and `}}`, such as `{{form1.username}}`",
            ));
        }
        let path = self.path()?;
        let mut filters = Vec::new();
        loop {
            self.skip_white_space();
            if self.eat("}}") {
                let span = open..self.at;
                return Ok(Expression {
                    path,
                    filters,
                    span,
                });
            }
            if !self.eat("|") {
                return Err(self.unexpected(
                    "a `|` with a filter, or `}}`, is expected",
                    "a path has dots between names and no spaces; put a key with other characters as `['a key']`",
                ));
            }
            self.skip_white_space();
            filters.push(self.filter()?);
        }
    }

    fn path(&mut self) -> Result<Path, TemplateError> {
        let root = self.take_while(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        if root.is_empty() || root.starts_with(|first: char| first.is_ascii_digit()) {
            self.at -= root.len();
            return Err(self.unexpected(
                "a path starts with a name",
                "start with a step id or a root such as `variables`: a letter or `_`, then letters, digits and `_`",
            ));
        }
        let mut segments = Vec::new();
        loop {
            if self.eat(".") {
                segments.push(self.dotted_key()?);
            } else if self.eat("[") {
                segments.push(self.bracketed()?);
            } else {
                return Ok(Path {
                    root: root.to_owned(),
                    segments,
                });
            }
        }
    }

    fn dotted_key(&mut self) -> Result<Segment, TemplateError> {
        let start = self.at;
        let key = self.take_while(is_key_byte);
        if key.is_empty() {
            return Err(self.unexpected(
                "a key is expected after `.`",
                "write a key of letters, digits, `_` and `-`, or `['any key']` in place of the dot",
            ));
        }
        if key.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(fault(
                start..self.at,
                TemplateErrorKind::BadPath,
                &format!("`.{key}` is neither a key nor a position"),
                &format!("write `[{key}]` for a position in a list, `['{key}']` for a key"),
            ));
        }
        Ok(Segment::Key(key.to_owned()))
    }

    fn bracketed(&mut self) -> Result<Segment, TemplateError> {
        let start = self.at;
        let segment = if self.rest().starts_with(['\'', '"']) {
            Segment::Key(self.quoted()?)
        } else {
            let digits = self.take_while(|byte| byte.is_ascii_digit());
            match digits.parse() {
                Ok(index) => Segment::Index(index),
                Err(_) if digits.is_empty() => {
                    return Err(self.unexpected(
                        "a position or a key in quotes is expected after `[`",
                        "write `[0]` or `['any key']`",
                    ));
                }
                Err(_) => {
                    return Err(fault(
                        start..self.at,
                        TemplateErrorKind::BadPath,
                        &format!("the position {digits} is too large"),
                        "give a smaller one",
                    ));
                }
            }
        };
        if self.eat("]") {
            return Ok(segment);
        }
        Err(self.unexpected("`]` is expected", "close the bracket"))
    }

    /// A text in quotes of either kind; `\` takes the next character as it is.
    fn quoted(&mut self) -> Result<String, TemplateError> {
        let start = self.at;
        let mut characters = self.rest().char_indices();
        let quote = characters.next().map(|(_, quote)| quote);
        let mut text = String::new();
        while let Some((offset, character)) = characters.next() {
            if Some(character) == quote {
                self.at = start + offset + character.len_utf8();
                return Ok(text);
            }
            if character == '\\' {
                text.extend(characters.next().map(|(_, next)| next));
            } else {
                text.push(character);
            }
        }
        Err(fault(
            start..start + 1,
            TemplateErrorKind::BadPath,
            "A quote is opened and not closed",
            "add the same quote after the text",
        ))
    }

    fn filter(&mut self) -> Result<Filter, TemplateError> {
        let start = self.at;
        let name = self.take_while(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        if name.is_empty() {
            return Err(self.unexpected(
                "a filter is expected after `|`",
                &format!("write one of {}", filter_list()),
            ));
        }
        let span = start..self.at;
        self.skip_white_space();
        if name == "default" {
            return self.default_argument(span);
        }
        let Some(filter) = Filter::without_argument(name) else {
            return Err(unknown_filter(name, span));
        };
        if self.rest().starts_with(['(', ':']) {
            return Err(fault(
                span,
                TemplateErrorKind::BadArguments,
                &format!("The filter `{name}` takes no argument"),
                &format!("write `| {name}`"),
            ));
        }
        Ok(filter)
    }

    fn default_argument(&mut self, span: Range<usize>) -> Result<Filter, TemplateError> {
        let argument = self.eat("(").then(|| {
            self.skip_white_space();
            self.scalar()
        });
        self.skip_white_space();
        match argument {
            Some(Ok(Some(value))) if self.eat(")") => Ok(Filter::Default(value)),
            Some(Err(error)) => Err(error),
            _ => Err(fault(
                span,
                TemplateErrorKind::BadArguments,
                "The filter `default` needs one value in brackets",
                "write `| default('text')`, or a number, `true`, `false` or `null` without quotes",
            )),
        }
    }

    /// A text in quotes, a number, `true`, `false` or `null`.
    fn scalar(&mut self) -> Result<Option<Value>, TemplateError> {
        if self.rest().starts_with(['\'', '"']) {
            return self.quoted().map(|text| Some(Value::String(text)));
        }
        let word = self
            .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'+' | b'.'));
        Ok(serde_json::from_str(word).ok())
    }

    fn rest(&self) -> &'a str {
        &self.source[self.at..]
    }

    fn eat(&mut self, token: &str) -> bool {
        let found = self.rest().starts_with(token);
        if found {
            self.at += token.len();
        }
        found
    }

    fn take_while(&mut self, test: impl Fn(u8) -> bool) -> &'a str {
        let rest = self.rest();
        let end = rest.bytes().position(|byte| !test(byte));
        let taken = &rest[..end.unwrap_or(rest.len())];
        self.at += taken.len();
        taken
    }

    fn skip_white_space(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }

    /// The fault of finding something else than `expected` here.
    fn unexpected(&self, expected: &str, hint: &str) -> TemplateError {
        let (message, length) = match self.rest().chars().next() {
            None => (format!("The path ends too early: {expected}"), 0),
            Some(found) => (
                format!("Unexpected `{}`: {expected}", found.escape_debug()),
                found.len_utf8(),
            ),
        };
        fault(
            self.at..self.at + length,
            TemplateErrorKind::BadPath,
            &message,
            hint,
        )
    }
}

fn unknown_filter(name: &str, span: Range<usize>) -> TemplateError {
    let near = Filter::NAMES
        .into_iter()
        .map(|known| {
            (
                strsim::damerau_levenshtein(known, &name.to_lowercase()),
                known,
            )
        })
        .min()
        .filter(|(distance, _)| *distance <= 2);
    let hint = match near {
        Some((_, known)) => format!("did you mean `{known}`?"),
        None => format!("use one of {}", filter_list()),
    };
    fault(
        span,
        TemplateErrorKind::UnknownFilter,
        &format!("There is no filter `{name}`"),
        &hint,
    )
}

fn filter_list() -> String {
    let (last, others) = match Filter::NAMES.split_last() {
        Some((last, others)) => (*last, others.join("`, `")),
        None => ("", String::new()),
    };
    format!("`{others}` or `{last}`")
}

fn fault(span: Range<usize>, kind: TemplateErrorKind, message: &str, hint: &str) -> TemplateError {
    TemplateError {
        offset: span.start,
        length: span.len(),
        kind,
        message: message.to_owned(),
        hint: hint.to_owned(),
    }
}

#[cfg(test)]
mod tests;
