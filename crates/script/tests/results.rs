//! What goes in, and what comes back.

use std::time::UNIX_EPOCH;

use serde_json::{Map, Value, json};

use super::{object, patient, returned};

#[tokio::test]
async fn parameters_are_seen_by_name_and_results_come_back() {
    let parameters = json!({ "body": { "token": " t ", "list": [1, 2.5, null, true] }, "n": 3 });
    let code = "return { token: body.token.trim(), list: body.list, n: n + 1 };";
    assert_eq!(
        returned(code, parameters).await,
        json!({ "token": "t", "list": [1, 2.5, null, true], "n": 4 })
    );
}

#[tokio::test]
async fn results_are_those_of_json_stringify() {
    let cases = [
        (
            "[1, 1.5, 1e20, -0, 2 ** 53, -(2 ** 31), 0.1 + 0.2]",
            json!([
                1,
                1.5,
                1e20,
                0,
                9_007_199_254_740_992_i64,
                -2_147_483_648_i64,
                0.1 + 0.2
            ]),
        ),
        ("new Date(0)", json!("1970-01-01T00:00:00.000Z")),
        ("[undefined, , 1]", json!([null, null, 1])),
        ("{ a: undefined, b: null }", json!({ "b": null })),
        ("{ toJSON(key) { return { key }; } }", json!({ "key": "v" })),
        ("[{ toJSON(key) { return key; } }]", json!(["0"])),
        (
            "{ toJSON() { return [new Date(0)]; } }",
            json!(["1970-01-01T00:00:00.000Z"]),
        ),
        (
            "Object.create({ inherited: 1 }, { own: { value: 2, enumerable: true }, hidden: { value: 3 } })",
            json!({ "own": 2 }),
        ),
        (
            "new (class { x = 1; #y = 2; get z() { return 3; } })()",
            json!({ "x": 1 }),
        ),
        ("Object.create(null)", json!({})),
        (
            "Object.freeze({ 2: 'b', 1: 'a', c: 3 })",
            json!({ "1": "a", "2": "b", "c": 3 }),
        ),
        ("new Proxy([1, 2], {})", json!([1, 2])),
        ("'\u{1F600}\\u0000\\u2028'", json!("\u{1F600}\u{0}\u{2028}")),
    ];
    for (expression, expected) in cases {
        let code = format!("return {{ v: {expression} }};");
        assert_eq!(
            returned(&code, json!({})).await["v"],
            expected,
            "{expression}"
        );
    }
    assert_eq!(
        returned("return { v: { toJSON() {} } };", json!({})).await,
        json!({})
    );
}

#[tokio::test]
async fn a_returned_promise_is_waited_for() {
    let cases = [
        "return Promise.resolve({ a: 1 });",
        "return (async () => { await null; return { a: await Promise.all([1]).then(([x]) => x) }; })();",
        "return new Promise((done) => queueMicrotask(() => done({ a: 1 })));",
        "return (async () => { const { a } = await Promise.resolve({ a: 1 }); return { a }; })();",
    ];
    for code in cases {
        assert_eq!(returned(code, json!({})).await, json!({ "a": 1 }), "{code}");
    }
}

#[tokio::test]
async fn keys_named_proto_are_left_out_on_both_ways() {
    let parameters = object(r#"{ "body": { "__proto__": { "admin": true }, "a": 1 } }"#);
    let code = "
        const copy = Object.assign({}, body);
        return { admin: typeof copy.admin, own: Object.keys(body), ['__proto__']: 1, in: { ['__proto__']: 2 } };";
    let got = patient().run(code, &parameters, UNIX_EPOCH).await.unwrap();
    assert_eq!(
        Value::Object(got),
        json!({ "admin": "undefined", "own": ["a"], "in": {} })
    );
}

#[tokio::test]
async fn large_results_pass_up_to_the_limit() {
    let code = "return { v: 'x'.repeat(n) };";
    let limit = (1 << 20) - r#"{"v":""}"#.len();
    assert_eq!(
        returned(code, json!({ "n": limit })).await["v"]
            .as_str()
            .unwrap()
            .len(),
        limit
    );
    let over = json!({ "n": limit + 1 });
    let over: &Map<_, _> = over.as_object().unwrap();
    let error = patient().run(code, over, UNIX_EPOCH).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "The script's result is larger than 1 MiB"
    );
}

#[tokio::test]
async fn large_parameters_pass_up_to_the_limit() {
    let text = "x".repeat((8 << 20) - r#"{"v":""}"#.len());
    let length = text.len();
    assert_eq!(
        returned("return { v: v.length };", json!({ "v": text })).await["v"],
        json!(length)
    );
    let over = object(&format!(r#"{{"v":"{text}x"}}"#));
    let error = patient()
        .run("return {};", &over, UNIX_EPOCH)
        .await
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "The script's parameters are larger than 8 MiB"
    );
}
