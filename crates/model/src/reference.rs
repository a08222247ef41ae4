//! The definition reference, made from the one description of the shape, the list of codes, and
//! the prose beside this file.

use std::fmt::Write;

use crate::code::{Code, Rule};
use crate::problem::Severity;
use crate::shape::connector::DEFINITION;
use crate::shape::{Key, Kinds, Object, Path, Type};

/// The definition reference as Markdown.
#[must_use]
pub fn reference() -> String {
    let mut sections = Sections::default();
    sections.object(&DEFINITION, None);
    let mut out = String::from(include_str!("reference/introduction.md"));
    out.push_str("\n## Keys\n\n");
    out.push_str(include_str!("reference/keys.md"));
    for section in sections.written {
        out.push('\n');
        out.push_str(&section);
    }
    out.push('\n');
    out.push_str(include_str!("reference/meaning.md"));
    out.push_str("\n## Problems\n\n");
    out.push_str(include_str!("reference/problems.md"));
    codes(&mut out);
    out
}

#[derive(Default)]
struct Sections {
    seen: Vec<&'static str>,
    written: Vec<String>,
}

impl Sections {
    fn object(&mut self, object: &'static Object, kind: Option<&str>) {
        if self.seen.contains(&object.name) {
            return;
        }
        self.seen.push(object.name);
        let mut out = String::new();
        // Writing to a String cannot fail.
        let _ = writeln!(out, "### {}\n\n{}", heading(object, kind), object.doc);
        if kind.is_some() || object.all_keys().next().is_some() {
            out.push_str("\n| key | type | left out | what it says | example |\n");
            out.push_str("|---|---|---|---|---|\n");
        }
        if let Some(kind) = kind {
            let _ = writeln!(out, "| `kind` | word | required | The kind. | `{kind}` |");
        }
        for key in object.all_keys() {
            out.push_str(&row(key));
        }
        self.written.push(out);
        for key in object.all_keys() {
            self.value(&key.ty);
        }
    }

    fn value(&mut self, ty: &'static Type) {
        match ty {
            Type::Object(object) | Type::MapOrText(object) => self.object(object, None),
            Type::List(item, _) | Type::Map(_, item) => self.value(item),
            Type::ListOr(one, other) => {
                self.value(one);
                self.value(other);
            }
            Type::Kinds(kinds) => self.kinds(kinds),
            _ => {}
        }
    }

    fn kinds(&mut self, kinds: &'static Kinds) {
        if self.seen.contains(&kinds.name) {
            return;
        }
        self.seen.push(kinds.name);
        let names = kinds.kinds.iter().map(|kind| format!("`{}`", kind.name));
        self.written.push(format!(
            "### {}\n\n{}\n\nKinds: {}.\n",
            kinds.name,
            kinds.doc,
            names.collect::<Vec<_>>().join(", "),
        ));
        for kind in kinds.kinds {
            self.object(kind.object, Some(kind.name));
        }
    }
}

fn heading(object: &Object, kind: Option<&str>) -> String {
    match kind {
        Some(kind) if object.name.starts_with("step_") => format!("step `{kind}`"),
        Some(kind) => format!("sign_in `{kind}`"),
        None => object.name.to_owned(),
    }
}

fn row(key: &Key) -> String {
    let left_out = match (key.required, key.default) {
        (true, _) => "required".to_owned(),
        (false, Some(default)) => cell(default),
        (false, None) => "nothing".to_owned(),
    };
    format!(
        "| `{}` | {} | {left_out} | {} | {} |\n",
        key.name,
        type_name(&key.ty),
        cell(key.doc),
        code(key.example),
    )
}

fn type_name(ty: &Type) -> String {
    match ty {
        Type::Version => "`1`".to_owned(),
        Type::Text => "text".to_owned(),
        Type::Template => "template".to_owned(),
        Type::Bool => "`true` / `false`".to_owned(),
        Type::Count(least, most) => format!("{least} to {most}"),
        Type::Duration => "duration".to_owned(),
        Type::Url(Path::Allowed) => "http or https address".to_owned(),
        Type::Url(Path::None) => "origin".to_owned(),
        Type::Name(name) => format!("name: {}", cell(name.look)),
        Type::Choice(words) => {
            let words: Vec<_> = words
                .iter()
                .map(|word| format!("`{}`", word.name))
                .collect();
            words.join(" / ")
        }
        Type::Value => "any JSON, with templates".to_owned(),
        Type::Literal => "any JSON, no templates".to_owned(),
        Type::Object(object) => link(object.name),
        Type::List(item, _) => format!("list of {}", type_name(item)),
        Type::Map(name, ty) => format!("map from {} to {}", name.noun, type_name(ty)),
        Type::Kinds(kinds) => link(kinds.name),
        Type::Condition => "[condition](#conditions)".to_owned(),
        Type::MapOrText(object) => format!("{} or text", link(object.name)),
        Type::ListOr(list, other) => format!("{}, or {}", type_name(list), type_name(other)),
    }
}

fn link(name: &str) -> String {
    format!("[{name}](#{name})")
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

fn code(text: &str) -> String {
    let text = cell(text);
    match text.contains('`') {
        true => format!("`` {text} ``"),
        false => format!("`{text}`"),
    }
}

fn codes(out: &mut String) {
    for (title, severity) in [("Errors", Severity::Error), ("Warnings", Severity::Warning)] {
        let _ = writeln!(out, "\n### {title}\n");
        out.push_str("| code | what is wrong | what to do |\n|---|---|---|\n");
        for code in Code::ALL.iter().filter(|code| code.severity() == severity) {
            let (name, what, help) = (code.name(), cell(code.what()), cell(code.help()));
            let _ = writeln!(out, "| `{name}` | {what} | {help} |");
        }
    }
    out.push_str("\n### Rules that the schema cannot express\n\n");
    out.push_str(include_str!("reference/beyond-schema.md"));
    out.push('\n');
    for code in Code::ALL.iter().filter(|code| code.rule() != Rule::Shape) {
        let _ = writeln!(out, "- `{}`: {}", code.name(), code.what());
    }
}
