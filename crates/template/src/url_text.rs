//! The text of a URL, put together so that no value can leave the part of it that it stands in.
//!
//! The first value may be a whole URL and stands as it is. Every other value is percent-encoded
//! (RFC 3986, section 2.1) for its part. What encoding cannot stop is refused: a host that would
//! go on where the template has ended it, and `.` or `..` as a path segment, which URL parsers
//! act on even when they are percent-encoded.

use std::ops::Range;

use crate::error::ResolveError;
use crate::filter::{COMPONENT, Datum, percent};
use crate::resolve::control_name;
use crate::source::Part;

/// A URL on its way.
pub(crate) struct UrlText {
    text: String,
    /// Where values stand that may not be a `..`, and the paths they came from.
    placed: Vec<(Range<usize>, String)>,
}

/// The part of a URL that the next character would belong to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stretch {
    Scheme,
    /// From this byte on.
    Authority(usize),
    Path,
    QueryOrFragment,
}

impl UrlText {
    /// Puts the parts together; each expression comes with its value.
    pub(crate) fn build<'a>(
        parts: impl Iterator<Item = (&'a Part, Option<Datum>)>,
    ) -> Result<String, ResolveError> {
        let parts: Vec<_> = parts.collect();
        let following: Vec<String> = (0..parts.len())
            .map(|at| literals_after(&parts, at))
            .collect();
        let mut url = UrlText {
            text: String::new(),
            placed: Vec::new(),
        };
        for (at, ((part, datum), after)) in parts.into_iter().zip(following).enumerate() {
            match (part, datum) {
                (Part::Literal(literal), _) => url.text.push_str(literal),
                (Part::Expression(expression), Some(datum)) => {
                    url.place(&expression.path.to_string(), datum, at == 0, &after)?;
                }
                (Part::Expression(_), None) => {}
            }
        }
        url.refuse_new_host()?;
        url.refuse_dot_segments()?;
        Ok(url.text)
    }

    fn place(
        &mut self,
        path: &str,
        datum: Datum,
        first: bool,
        after: &str,
    ) -> Result<(), ResolveError> {
        if let Some(kind) = datum.structure() {
            return Err(ResolveError::NotText {
                path: path.to_owned(),
                kind,
                place: "a URL",
            });
        }
        let encoded = matches!(datum, Datum::Encoded(_));
        let value = datum.into_text();
        if first {
            if let Some(control) = value.chars().find(char::is_ascii_control) {
                return Err(forbidden(path, control_name(control), "a URL", TRIM));
            }
            self.text.push_str(&value);
            return Ok(());
        }
        let value = match part_at(&self.text) {
            Stretch::Scheme => scheme(path, value)?,
            Stretch::Authority(start) => self.authority(path, value, encoded, start, after)?,
            Stretch::Path | Stretch::QueryOrFragment if encoded => value,
            Stretch::Path | Stretch::QueryOrFragment => percent(&value, COMPONENT),
        };
        let start = self.text.len();
        self.text.push_str(&value);
        if !matches!(part_at(&self.text), Stretch::QueryOrFragment) {
            self.placed.push((start..self.text.len(), path.to_owned()));
        }
        Ok(())
    }

    /// A value between `//` and the next `/`: part of a user name or password, a port, a host.
    fn authority(
        &self,
        path: &str,
        value: String,
        encoded: bool,
        start: usize,
        after: &str,
    ) -> Result<String, ResolveError> {
        let before = &self.text[start..];
        let rest = &after[..after.find(['/', '\\', '?', '#']).unwrap_or(after.len())];
        if rest.contains('@') {
            // A user name or password: whatever it holds, it ends before the `@`.
            return Ok(if encoded {
                value.replace('/', "%2F")
            } else {
                percent(&value, COMPONENT)
            });
        }
        let host = &before[before.rfind('@').map_or(0, |at| at + 1)..];
        let (allowed, hint) = if host.is_empty() && rest.is_empty() {
            (is_host_and_port(&value), WHOLE_HOST)
        } else if host.ends_with(':') && !host.starts_with('[') {
            (value.bytes().all(|byte| byte.is_ascii_digit()), PORT)
        } else if rest.is_empty() && !host.ends_with(['.', '-', '_']) {
            // The host is complete; only a path may begin here.
            (
                value.is_empty() || (encoded && value.starts_with('/')),
                AFTER_HOST,
            )
        } else {
            (value.bytes().all(is_host_byte), HOST_PART)
        };
        if allowed {
            return Ok(value);
        }
        Err(forbidden(
            path,
            "a character or more",
            "the host of a URL",
            hint,
        ))
    }

    /// `/` and a value could make `//`, after which a host comes.
    fn refuse_new_host(&self) -> Result<(), ResolveError> {
        let two_slashes = self.text.len() > 1 && self.text.chars().take(2).all(is_slash);
        match self.placed.first() {
            Some((range, path)) if two_slashes && range.start == 1 => Err(forbidden(
                path,
                "what makes two slashes",
                "the start of this URL, where a host would begin",
                "write `{{base_url}}` before the path",
            )),
            _ => Ok(()),
        }
    }

    fn refuse_dot_segments(&self) -> Result<(), ResolveError> {
        let end = self.text.find(['?', '#']).unwrap_or(self.text.len());
        for (range, path) in &self.placed {
            let start = self.text[..range.start]
                .rfind(is_slash)
                .map_or(0, |at| at + 1);
            let stop = self.text[range.end.min(end)..end]
                .find(is_slash)
                .map_or(end, |at| range.end + at);
            if self.text[start..stop].split(is_slash).any(is_dot_segment) {
                return Err(ResolveError::LeavesPath { path: path.clone() });
            }
        }
        Ok(())
    }
}

const WHOLE_HOST: &str = "a host is a name or an address, with a port if need be";
const PORT: &str = "a port is digits";
const AFTER_HOST: &str = "a value cannot go on after a host: put a `/` before it, or write `| path` where it starts with `/`";
const HOST_PART: &str = "a part of a host has letters, digits, `.`, `-` and `_`";
const TRIM: &str = "add `| trim` if it stands at an end";

/// The template's own text that follows.
fn literals_after(parts: &[(&Part, Option<Datum>)], at: usize) -> String {
    parts[at + 1..]
        .iter()
        .map(|(part, _)| match part {
            Part::Literal(text) => text.as_str(),
            Part::Expression(_) => "",
        })
        .collect()
}

/// The part that the next character would belong to. Lenient where URL parsers are: any number
/// of slashes of either kind after the scheme, and white space before it.
fn part_at(text: &str) -> Stretch {
    let trimmed = text.trim_start_matches(|c: char| c.is_ascii_control() || c == ' ');
    let after_scheme = match trimmed.split_once(':') {
        Some((scheme, rest)) if !scheme.contains(['/', '\\', '?', '#']) => rest,
        _ => trimmed,
    };
    let has_scheme = after_scheme.len() < trimmed.len();
    let rest = after_scheme.trim_start_matches(is_slash);
    let slashes = after_scheme.len() - rest.len();
    if after_scheme.contains(['?', '#']) {
        return Stretch::QueryOrFragment;
    }
    if !has_scheme && slashes == 0 {
        return if rest.contains(is_slash) {
            Stretch::Path
        } else {
            Stretch::Scheme
        };
    }
    if (!has_scheme && slashes == 1) || rest.contains(is_slash) {
        return Stretch::Path;
    }
    Stretch::Authority(text.len() - rest.len())
}

/// URL parsers take `\` for `/`.
fn is_slash(character: char) -> bool {
    matches!(character, '/' | '\\')
}

fn scheme(path: &str, value: String) -> Result<String, ResolveError> {
    if value.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Ok(value);
    }
    Err(forbidden(
        path,
        "a character or more",
        "a URL before its host",
        "write `{{base_url}}` or `https://…` before it",
    ))
}

fn is_host_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_')
}

/// A name or address, then perhaps a port.
fn is_host_and_port(value: &str) -> bool {
    let (host, port) = match value.strip_prefix('[').and_then(|v| v.split_once(']')) {
        Some((address, "")) => (address, None),
        Some((address, port)) => (address, port.strip_prefix(':').or(Some("x"))),
        None => match value.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (value, None),
        },
    };
    let bracketed = value.starts_with('[');
    let is_byte = |byte: u8| {
        if bracketed {
            byte.is_ascii_hexdigit() || matches!(byte, b':' | b'.')
        } else {
            is_host_byte(byte)
        }
    };
    !host.is_empty()
        && host.bytes().all(is_byte)
        && port.is_none_or(|port| !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit()))
}

/// WHATWG URL: `.` and `..`, each dot perhaps as `%2e`.
fn is_dot_segment(segment: &str) -> bool {
    let segment = segment.to_ascii_lowercase().replace("%2e", ".");
    segment == "." || segment == ".."
}

fn forbidden(
    path: &str,
    character: &'static str,
    place: &'static str,
    hint: &'static str,
) -> ResolveError {
    ResolveError::ForbiddenCharacter {
        path: path.to_owned(),
        character,
        place,
        hint,
    }
}
