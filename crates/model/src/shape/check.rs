//! A tree against the description: what is there, what is missing, and of which type it is.

use std::ops::Range;

use serde_json::Value;

use super::name::Name;
use super::{Kinds, Object, Type};
use crate::code::Code;
use crate::report::{Report, did_you_mean, listed};
use crate::tree::{Node, NodeValue};

pub(crate) mod condition;
mod rule;
mod scalar;

/// Checks a whole definition.
pub(crate) fn check(root: &Node, report: &mut Report<'_>) {
    let definition = &super::connector::DEFINITION;
    Checker { report }.object(root, definition, "");
}

struct Checker<'r, 't> {
    report: &'r mut Report<'t>,
}

impl Checker<'_, '_> {
    fn value(&mut self, node: &Node, ty: &Type, path: &str) {
        match ty {
            Type::Version => self.version(node, path),
            Type::Text | Type::Template => {
                if node.raw().is_none() {
                    self.wrong_type(node, "a text", path);
                }
            }
            Type::Bool => {
                if !matches!(node.scalar(), Some(Value::Bool(_))) {
                    self.wrong_type(node, "`true` or `false`", path);
                }
            }
            Type::Count(least, most) => self.count(node, *least, *most, path),
            Type::Duration => self.duration(node, path),
            Type::Url(allowed) => self.url(node, *allowed, path),
            Type::Name(name) => match node.scalar() {
                Some(Value::String(text)) => self.name(text, name, node.span.clone(), path),
                _ => self.wrong_type(node, name.noun, path),
            },
            Type::Choice(words) => self.choice(node, words, path),
            Type::Value | Type::Literal => {}
            Type::Object(object) => self.object(node, object, path),
            Type::List(item, least) => self.list(node, item, *least, path),
            Type::Map(name, ty) => self.map(node, name, ty, path),
            Type::Kinds(kinds) => self.kinds(node, kinds, path),
            Type::Condition => self.condition(node, path),
            Type::MapOrText(object) => match &node.value {
                NodeValue::Map(_) => self.object(node, object, path),
                _ => self.value(node, &Type::Text, path),
            },
            Type::ListOr(list, other) => match &node.value {
                NodeValue::List(_) => self.value(node, list, path),
                _ => self.value(node, other, path),
            },
        }
    }

    fn object(&mut self, node: &Node, object: &Object, path: &str) {
        let NodeValue::Map(entries) = &node.value else {
            return self.wrong_type(node, "a map", path);
        };
        for entry in entries {
            let path = join(path, &entry.key);
            match object.all_keys().find(|key| key.name == entry.key) {
                None => self.unknown_key(object, &entry.key, entry.key_span.clone(), &path),
                Some(key) => self.value(&entry.value, &key.ty, &path),
            }
        }
        for key in object.all_keys() {
            if key.required && node.get(key.name).is_none() {
                self.report.add(
                    Code::MissingKey,
                    self.head(node),
                    path,
                    format!("{} has no `{}`.", place(path), key.name),
                    format!("Add it, for example `{}: {}`.", key.name, key.example),
                );
            }
        }
        for rule in object.rules {
            self.rule(node, rule, path);
        }
    }

    fn unknown_key(&mut self, object: &Object, key: &str, span: Range<usize>, path: &str) {
        if self.report.is_full() {
            return;
        }
        let names = object.all_keys().map(|key| key.name);
        let all = format!("The keys here are {}.", listed(names.clone()));
        self.report.add(
            Code::UnknownKey,
            span,
            path,
            format!("There is no key `{key}` here."),
            did_you_mean(key, names, &all),
        );
    }

    fn kinds(&mut self, node: &Node, kinds: &Kinds, path: &str) {
        let NodeValue::Map(_) = &node.value else {
            return self.wrong_type(node, "a map", path);
        };
        let names = || kinds.kinds.iter().map(|kind| kind.name);
        let Some(kind) = node.get("kind") else {
            let message = format!("{} has no `kind`.", place(path));
            let help = format!("Add one of {}.", listed(names()));
            let head = self.head(node);
            return self.report.add(Code::MissingKey, head, path, message, help);
        };
        let Some(name) = kind.raw() else {
            return self.wrong_type(kind, "a word", &join(path, "kind"));
        };
        match kinds.kinds.iter().find(|kind| kind.name == name) {
            None => self.report.add(
                Code::UnknownKind,
                kind.span.clone(),
                &join(path, "kind"),
                format!("There is no {} `{name}`.", kinds.noun),
                did_you_mean(name, names(), &format!("There are {}.", listed(names()))),
            ),
            Some(found) => self.of_kind(node, found.object, path),
        }
    }

    /// The keys of a kind; `kind` itself was looked at before.
    fn of_kind(&mut self, node: &Node, object: &Object, path: &str) {
        let mut rest = node.clone();
        rest.remove("kind");
        self.object(&rest, object, path);
    }

    fn list(&mut self, node: &Node, item: &Type, least: usize, path: &str) {
        let NodeValue::List(items) = &node.value else {
            return self.wrong_type(node, "a list", path);
        };
        if items.len() < least {
            self.report.add(
                Code::EmptyList,
                node.span.clone(),
                path,
                "This list is empty.",
                "Add an item, or remove the key.",
            );
        }
        for (index, node) in items.iter().enumerate() {
            self.value(node, item, &format!("{path}[{index}]"));
        }
    }

    fn map(&mut self, node: &Node, name: &Name, ty: &Type, path: &str) {
        let NodeValue::Map(entries) = &node.value else {
            return self.wrong_type(node, "a map", path);
        };
        for entry in entries {
            let path = join(path, &entry.key);
            self.name(&entry.key, name, entry.key_span.clone(), &path);
            self.value(&entry.value, ty, &path);
        }
    }

    fn name(&mut self, text: &str, name: &Name, span: Range<usize>, path: &str) {
        if !(name.fits)(text) {
            self.report.add(
                Code::BadName,
                span,
                path,
                format!("`{text}` cannot be {}.", name.noun),
                format!("Use {}.", name.look),
            );
        }
    }

    fn wrong_type(&mut self, node: &Node, wanted: &str, path: &str) {
        let found = match &node.value {
            NodeValue::Scalar { value, .. } => match value {
                Value::Null => "nothing",
                Value::Bool(_) => "a truth value",
                Value::Number(_) => "a number",
                _ => "a text",
            },
            NodeValue::List(_) => "a list",
            NodeValue::Map(_) => "a map",
        };
        let quote =
            node.span.len() > 2 && self.report.text().source()[node.span.clone()].starts_with("{{");
        let help = if quote {
            "Quote a value that begins with `{{`: \"{{form1.username}}\".".to_owned()
        } else if found == "nothing" {
            "Write a value, or remove the key.".to_owned()
        } else {
            format!("Write {wanted}.")
        };
        self.report.add(
            Code::WrongType,
            node.span.clone(),
            path,
            format!("{} is {found}, not {wanted}.", place(path)),
            help,
        );
    }

    /// The place of a map as a whole: its first key, so that an underline stays in one line.
    fn head(&self, node: &Node) -> Range<usize> {
        node.entries()
            .first()
            .map_or_else(|| node.span.clone(), |entry| entry.key_span.clone())
    }
}

/// The path of a key within a map.
pub(crate) fn join(path: &str, key: &str) -> String {
    match (path.is_empty(), (super::name::ID.fits)(key)) {
        (true, _) => key.to_owned(),
        (false, true) => format!("{path}.{key}"),
        (false, false) => format!("{path}['{key}']"),
    }
}

/// A place as the beginning of a sentence.
fn place(path: &str) -> String {
    if path.is_empty() {
        "The definition".to_owned()
    } else {
        format!("`{path}`")
    }
}
