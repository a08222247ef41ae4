//! The JSON Schema of a definition, made from the one description of its shape.
//!
//! It accepts what the reader accepts and refuses every problem of shape. What it cannot express
//! are the codes whose [`Rule`](crate::code::Rule) is not the shape; the reference lists them.

use serde_json::{Map, Value, json};

use crate::shape::check::condition::TESTS;
use crate::shape::connector::DEFINITION;
use crate::shape::name::Name;
use crate::shape::url::url_pattern;
use crate::shape::{Key, Kinds, Object, Rule, Type, When};

/// The JSON Schema (draft 2020-12) of a definition.
#[must_use]
pub fn schema() -> Value {
    let mut writer = Writer::default();
    writer
        .definitions
        .insert("condition".to_owned(), condition());
    let root = writer.object(&DEFINITION, None);
    let mut schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A Stepgate connector definition",
    });
    if let (Value::Object(schema), Value::Object(root)) = (&mut schema, root) {
        schema.extend(root);
        schema.insert("$defs".to_owned(), Value::Object(writer.definitions));
    }
    schema
}

#[derive(Default)]
struct Writer {
    definitions: Map<String, Value>,
}

impl Writer {
    fn value(&mut self, ty: &Type) -> Value {
        match ty {
            Type::Version => json!({ "const": 1 }),
            Type::Text | Type::Template => text(),
            Type::Bool => json!({ "type": "boolean" }),
            Type::Count(least, most) => {
                json!({ "type": "integer", "minimum": least, "maximum": most })
            }
            Type::Duration => json!({ "anyOf": [
                { "type": "integer", "minimum": 0 },
                { "type": "string", "pattern": "^[0-9]+(ms|s|m|h|d)?$" },
            ] }),
            Type::Url(allowed) => json!({ "type": "string", "pattern": url_pattern(*allowed) }),
            Type::Name(name) => named(name),
            Type::Choice(words) => {
                json!({ "enum": words.iter().map(|word| word.name).collect::<Vec<_>>() })
            }
            Type::Value | Type::Literal => json!(true),
            Type::Object(object) => self.reference(object, None),
            Type::List(item, least) => {
                json!({ "type": "array", "items": self.value(item), "minItems": least })
            }
            Type::Map(name, ty) => json!({
                "type": "object",
                "propertyNames": { "pattern": name.pattern },
                "additionalProperties": self.value(ty),
            }),
            Type::Kinds(kinds) => self.kinds(kinds),
            Type::Condition => json!({ "$ref": "#/$defs/condition" }),
            Type::MapOrText(object) => {
                json!({ "anyOf": [self.reference(object, None), text()] })
            }
            Type::ListOr(list, other) => {
                json!({ "anyOf": [self.value(list), self.value(other)] })
            }
        }
    }

    fn kinds(&mut self, kinds: &Kinds) -> Value {
        if !self.definitions.contains_key(kinds.name) {
            // Noted first, as a kind may hold itself further inside.
            self.definitions.insert(kinds.name.to_owned(), Value::Null);
            let each: Vec<_> = kinds
                .kinds
                .iter()
                .map(|kind| self.reference(kind.object, Some(kind.name)))
                .collect();
            self.definitions.insert(
                kinds.name.to_owned(),
                json!({ "description": kinds.doc, "anyOf": each }),
            );
        }
        json!({ "$ref": format!("#/$defs/{}", kinds.name) })
    }

    fn reference(&mut self, object: &Object, kind: Option<&str>) -> Value {
        if !self.definitions.contains_key(object.name) {
            self.definitions.insert(object.name.to_owned(), Value::Null);
            let written = self.object(object, kind);
            self.definitions.insert(object.name.to_owned(), written);
        }
        json!({ "$ref": format!("#/$defs/{}", object.name) })
    }

    fn object(&mut self, object: &Object, kind: Option<&str>) -> Value {
        let mut properties = Map::new();
        let mut required = Vec::new();
        if let Some(kind) = kind {
            properties.insert("kind".to_owned(), json!({ "const": kind }));
            required.push("kind");
        }
        for key in object.all_keys() {
            properties.insert(key.name.to_owned(), self.key(key));
            if key.required {
                required.push(key.name);
            }
        }
        let mut written = json!({
            "description": object.doc,
            "type": "object",
            "properties": properties,
            "required": required,
            "additionalProperties": false,
        });
        let rules: Vec<Value> = object.rules.iter().flat_map(rule).collect();
        if !rules.is_empty() {
            written["allOf"] = Value::Array(rules);
        }
        written
    }

    fn key(&mut self, key: &Key) -> Value {
        let mut description = key.doc.to_owned();
        if let Some(default) = key.default {
            description.push_str(&format!(" Left out: {default}."));
        }
        match self.value(&key.ty) {
            Value::Object(mut written) => {
                written.insert("description".to_owned(), json!(description));
                Value::Object(written)
            }
            _ => json!({ "description": description }),
        }
    }
}

fn text() -> Value {
    json!({ "type": ["string", "number", "boolean"] })
}

fn named(name: &Name) -> Value {
    json!({ "type": "string", "pattern": name.pattern })
}

fn rule(rule: &Rule) -> Vec<Value> {
    match rule {
        Rule::AtMostOne(keys, _) => keys
            .iter()
            .enumerate()
            .flat_map(|(index, one)| keys[index + 1..].iter().map(move |other| (one, other)))
            .map(|(one, other)| json!({ "not": { "required": [one, other] } }))
            .collect(),
        Rule::AtLeastOne(keys) => {
            let each: Vec<_> = keys
                .iter()
                .map(|key| json!({ "required": [key] }))
                .collect();
            vec![json!({ "anyOf": each })]
        }
        Rule::Clash(one, other, _) => {
            vec![json!({ "not": { "allOf": [when(one), when(other)] } })]
        }
        Rule::Needs(key, other) => {
            vec![json!({ "dependentRequired": { *key: [other] } })]
        }
    }
}

fn when(when: &When) -> Value {
    let value = match when.is {
        None => json!(true),
        Some("true") => json!({ "const": true }),
        Some(word) => json!({ "const": word }),
    };
    json!({ "required": [when.key], "properties": { when.key: value } })
}

fn condition() -> Value {
    let this = || json!({ "$ref": "#/$defs/condition" });
    let list = || json!({ "type": "array", "items": this(), "minItems": 1 });
    let joint = |key: &str, value: Value| {
        json!({
            "type": "object",
            "properties": { key: value },
            "required": [key],
            "additionalProperties": false,
        })
    };
    let mut properties = Map::new();
    properties.insert("value".to_owned(), json!(true));
    properties.insert("else".to_owned(), text());
    for test in TESTS {
        let value = match test {
            "in" => json!({ "type": "array", "minItems": 1 }),
            "matches" => text(),
            "exists" => json!({ "type": "boolean" }),
            _ => json!(true),
        };
        properties.insert(test.to_owned(), value);
    }
    let each: Vec<_> = TESTS
        .iter()
        .map(|test| json!({ "required": [test] }))
        .collect();
    json!({
        "description": "A test of a value, or several joined; a list stands for all of them.",
        "anyOf": [
            list(),
            joint("all", list()),
            joint("any", list()),
            joint("not", this()),
            {
                "type": "object",
                "properties": properties,
                "required": ["value"],
                "additionalProperties": false,
                "oneOf": each,
            },
        ],
    })
}
