//! Values of JSON documents.

use proptest::prelude::{prop_assert_eq, proptest};
use serde_json::{Value, json};
use template::{Place, Template};

#[expect(clippy::unwrap_used, reason = "a broken template is a broken test")]
fn resolve(source: &str, scope: &Value) -> Value {
    Template::parse(source)
        .unwrap()
        .resolve(scope, Place::Value)
        .unwrap()
        .unwrap()
}

#[test]
fn a_single_expression_keeps_its_type() {
    let scope = json!({"v": {"n": 1, "f": 1.5, "b": true, "z": null, "a": [1, "x"], "o": {"k": 2}, "s": "7"}});
    for (source, expected) in [
        ("{{v.n}}", json!(1)),
        ("{{ v.f }}", json!(1.5)),
        ("{{v.b}}", json!(true)),
        ("{{v.z}}", json!(null)),
        ("{{v.a}}", json!([1, "x"])),
        ("{{v.o}}", json!({"k": 2})),
        ("{{v.s}}", json!("7")),
        ("{{v.none | default(0)}}", json!(0)),
        ("{{v.n | default(0)}}", json!(1)),
        ("{{v.n | trim}}", json!("1")),
        (" {{v.n}}", json!(" 1")),
        ("{{v.n}}{{v.b}}", json!("1true")),
        (
            "-{{v.z}}-{{v.a}}-{{v.o}}",
            json!(r#"-null-[1,"x"]-{"k":2}"#),
        ),
        ("text", json!("text")),
    ] {
        assert_eq!(resolve(source, &scope), expected, "{source}");
    }
}

#[test]
fn attack_45_a_value_cannot_add_keys() {
    let scope = json!({"form1": {"name": r#"","admin":true,"x":""#}});
    let body = json!({"name": resolve("{{form1.name}}", &scope), "greeting": resolve("Hi {{form1.name}}", &scope)});
    let read: Value = serde_json::from_str(&body.to_string()).unwrap();
    assert_eq!(read.as_object().unwrap().len(), 2);
    assert_eq!(read["name"], scope["form1"]["name"]);
    let text = Template::parse(r#"{"name":{{form1.name | json}}}"#).unwrap();
    let text = text.resolve_text(&scope, Place::Text).unwrap();
    assert_eq!(
        serde_json::from_str::<Value>(&text).unwrap(),
        json!({"name": scope["form1"]["name"]})
    );
}

proptest! {
    #[test]
    fn attack_45_structure_is_kept(value in ".{0,32}") {
        let scope = json!({"v": value});
        let document = json!({"a": resolve("{{v}}", &scope), "b": resolve("<{{v}}>", &scope)});
        let read: Value = serde_json::from_str(&document.to_string()).unwrap();
        prop_assert_eq!(read, json!({"a": value, "b": format!("<{value}>")}));
        let text = Template::parse(r#"{"a":{{v | json}}}"#).unwrap().resolve_text(&scope, Place::Text).unwrap();
        prop_assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), json!({"a": value}));
    }
}
