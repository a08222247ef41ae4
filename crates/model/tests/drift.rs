//! Reader and schema agree about definitions that nobody thought of: valid ones with a value
//! removed, replaced or added.

use jsonschema::Validator;
use model::{Code, Rule, Source, read, schema};
use proptest::prelude::{ProptestConfig, Strategy, any, prop, proptest};
use serde_json::{Value, json};
use std::sync::LazyLock;

use crate::fixture::{files, source};
use crate::json::to_json;

static VALIDATOR: LazyLock<Validator> =
    LazyLock::new(|| jsonschema::validator_for(&schema()).unwrap());

static DEFINITIONS: LazyLock<Vec<Value>> = LazyLock::new(|| {
    let files = files("valid");
    let texts = files.iter().map(|path| source(path).text);
    texts.filter_map(|text| to_json(&text)).collect()
});

/// Something that happens to one value of a definition.
#[derive(Clone, Debug)]
enum Change {
    Replace(Value),
    Remove,
    Add(&'static str, Value),
}

fn value() -> impl Strategy<Value = Value> {
    prop::sample::select(vec![
        json!(null),
        json!(true),
        json!(0),
        json!(1),
        json!(-3),
        json!(1.5),
        json!("word"),
        json!("GET"),
        json!("1h"),
        json!(""),
        json!("https://a.example.org"),
        json!("https://a.example.org/x?y"),
        json!("{{now}}"),
        json!([]),
        json!(["a"]),
        json!([{}]),
        json!({}),
        json!({ "value": 1, "equals": 1 }),
        json!({ "any": [] }),
        json!({ "kind": "none" }),
        json!({ "kind": "form", "id": "x" }),
        json!("form"),
        json!("header"),
        json!("follow"),
    ])
}

fn change() -> impl Strategy<Value = Change> {
    let key = prop::sample::select(vec![
        "value",
        "equals",
        "in",
        "all",
        "not",
        "else",
        "json",
        "form",
        "steps",
        "kind",
        "id",
        "css",
        "url",
        "expires_in",
        "jwt",
        "keep_in",
        "owner",
        "same_as_auth_flow",
        "zebra",
        "client_id",
        "issuer",
        "of",
        "attribute",
        "timeout",
        "required",
        "default",
        "graphql",
        "step_up",
        "extract",
    ]);
    proptest::prop_oneof![
        value().prop_map(Change::Replace),
        proptest::prelude::Just(Change::Remove),
        (key, value()).prop_map(|(key, value)| Change::Add(key, value)),
    ]
}

/// Changes the n-th value, counted in the order of the text.
fn apply(value: &mut Value, at: &mut usize, change: &Change) -> bool {
    let children: Vec<String> = match &*value {
        Value::Object(map) => map.keys().cloned().collect(),
        Value::Array(items) => (0..items.len()).map(|index| index.to_string()).collect(),
        _ => Vec::new(),
    };
    for child in children {
        if *at == 0 {
            match (change, &mut *value) {
                (Change::Remove, Value::Object(map)) => {
                    map.shift_remove(&child);
                }
                (Change::Remove, Value::Array(items)) => {
                    items.remove(child.parse().unwrap());
                }
                (Change::Replace(new), Value::Object(map)) => {
                    map.insert(child, new.clone());
                }
                (Change::Replace(new), Value::Array(items)) => {
                    items[child.parse::<usize>().unwrap()] = new.clone();
                }
                (Change::Add(key, new), Value::Object(map)) => {
                    map.insert((*key).to_owned(), new.clone());
                }
                (Change::Add(_, new), Value::Array(items)) => items.push(new.clone()),
                _ => {}
            }
            return true;
        }
        *at -= 1;
        let next = match &mut *value {
            Value::Object(map) => map.get_mut(&child).unwrap(),
            Value::Array(items) => &mut items[child.parse::<usize>().unwrap()],
            _ => return false,
        };
        if apply(next, at, change) {
            return true;
        }
    }
    false
}

fn size(value: &Value) -> usize {
    match value {
        Value::Object(map) => map.values().map(|value| 1 + size(value)).sum(),
        Value::Array(items) => items.iter().map(|value| 1 + size(value)).sum(),
        _ => 0,
    }
}

fn is_shape(code: &str) -> bool {
    let code = Code::ALL.iter().find(|it| it.name() == code).unwrap();
    code.rule() == Rule::Shape
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn reader_and_schema_agree_about_changed_definitions(
        which in any::<prop::sample::Index>(),
        at in any::<prop::sample::Index>(),
        change in change(),
    ) {
        let mut definition = DEFINITIONS[which.index(DEFINITIONS.len())].clone();
        let mut position = at.index(size(&definition));
        apply(&mut definition, &mut position, &change);
        let text = definition.to_string();
        let reading = read(&Source::new("x.json", text.clone()));
        let refused: Vec<_> = reading
            .problems
            .iter()
            .filter(|problem| is_shape(problem.code))
            .map(|problem| &problem.message)
            .collect();
        let errors: Vec<_> = VALIDATOR
            .iter_errors(&definition)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert_eq!(refused.is_empty(), errors.is_empty(), "{change:?}\n{refused:#?}\n{errors:#?}\n{text}");
    }
}
