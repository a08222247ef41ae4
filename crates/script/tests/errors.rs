//! What builders are told when a script is wrong.

use std::time::UNIX_EPOCH;

use script::ScriptError;
use serde_json::Map;

use super::{object, patient};

#[tokio::test]
async fn messages_name_the_line_of_the_builders_code() {
    let cases = [
        (
            "const a = 1;\n\nthrow new Error('no token');",
            "The script failed at line 3: no token",
        ),
        (
            "return { a: body.token };",
            "The script failed at line 1: ReferenceError: body is not defined",
        ),
        (
            "const f = () => {\n  return null.x;\n};\nreturn { a: f() };",
            "The script failed at line 2: TypeError: cannot read property 'x' of null",
        ),
        (
            "const a = String(1);\nconst b = {};\nconst c = b.data.token;\nreturn { c };",
            "The script failed at line 3: TypeError: cannot read property 'token' of undefined",
        ),
        (
            "return {\n a: JSON.parse('{') };",
            "The script failed at line 2: SyntaxError: ",
        ),
        ("throw 'text';", "The script failed: text"),
        (
            "throw { message: 'from an object' };",
            "The script failed: from an object",
        ),
        ("throw {};", "The script failed: an object was thrown"),
        ("throw 7;", "The script failed: the number 7 was thrown"),
        (
            "throw new (class Mine extends Error { name = 'Mine' })('x');",
            "The script failed at line 1: Mine: x",
        ),
        (
            "return (async () => {\n  await 1;\n  throw new TypeError('later');\n})();",
            "The script failed at line 3: TypeError: later",
        ),
        (
            "return { a: 1 ",
            "The script cannot be read, line 1, column 15: the code ends too early",
        ),
        (
            "const x = 1;\nconst y = = 2;",
            "The script cannot be read, line 2, column 11: ",
        ),
        (
            "let a;\nlet a;",
            "The script cannot be read, line 2, column ",
        ),
        ("return {} }", "The script cannot be read, line 1, column "),
        (
            "return await 1;",
            "The script cannot be read, line 1, column ",
        ),
        (
            "return {};\n\0",
            "The script cannot be read, line 2, column 1: the code contains a NUL character",
        ),
        (
            "",
            "The script must return an object, such as `return { token: body.token }`; it returned nothing",
        ),
        ("return null;", "it returned null"),
        ("return [1];", "it returned a list"),
        ("return 'x';", "it returned text"),
        ("return 1;", "it returned a number"),
        ("return 1n;", "it returned a BigInt"),
        ("return true;", "it returned true or false"),
        ("return Symbol();", "it returned a Symbol"),
        ("return class {};", "it returned a function"),
        ("return new Map();", "it returned a Map"),
        ("return new Date();", "it returned an object of a class"),
        ("return new Uint8Array(1);", "it returned a list of bytes"),
        (
            "return { a: [1, { b: () => 1 }] };",
            "`a[1].b` in the script's result is a function, which has no JSON form",
        ),
        (
            "return { a: 10n };",
            "`a` in the script's result is a BigInt (make it text with `String(…)`)",
        ),
        ("return { a: 0 / 0 };", "`a` in the script's result is NaN"),
        (
            "return { a: 1 / 0 };",
            "`a` in the script's result is an infinite number",
        ),
        (
            "return { a: new Set() };",
            "`a` in the script's result is a Set",
        ),
        (
            "return { a: Promise.resolve(1) };",
            "`a` in the script's result is a promise (await it first)",
        ),
        (
            "return { a: { toJSON: () => Symbol() } };",
            "`a` in the script's result is a Symbol",
        ),
        (
            "return { a: new URLSearchParams() };",
            "`a` in the script's result is a URLSearchParams",
        ),
    ];
    for (code, expected) in cases {
        let error = patient()
            .run(code, &Map::new(), UNIX_EPOCH)
            .await
            .unwrap_err();
        let message = error.to_string();
        assert!(
            message.contains(expected),
            "{code}\n  expected {expected}\n  got      {message}"
        );
        assert!(!error.is_ours(), "{code}");
    }
}

#[tokio::test]
async fn a_parameter_that_javascript_cannot_name_is_refused() {
    for name in ["class", "a-b", "a){}; (function("] {
        let parameters = [(name.to_owned(), 1.into())].into_iter().collect();
        let error = patient()
            .run("return {};", &parameters, UNIX_EPOCH)
            .await
            .unwrap_err();
        assert!(matches!(error, ScriptError::ParameterName { name: n } if n == name));
    }
}

#[tokio::test]
async fn code_can_be_checked_without_running_it() {
    let pool = patient();
    pool.check("for (;;) {} return { body };", &["body"])
        .await
        .unwrap();
    let error = pool.check("return {\n  a: };", &[]).await.unwrap_err();
    assert!(
        matches!(
            error,
            ScriptError::Syntax {
                line: 2,
                column: 6,
                ..
            }
        ),
        "{error:?}"
    );
    let error = pool.check("let body = 1;", &["body"]).await.unwrap_err();
    assert!(
        matches!(error, ScriptError::Syntax { line: 1, .. }),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_script_may_reuse_the_names_of_built_ins() {
    let parameters = object(r#"{ "URL": 1, "sha256": 2, "Date": 3 }"#);
    let got = patient()
        .run(
            "return { v: URL + sha256 + Date };",
            &parameters,
            UNIX_EPOCH,
        )
        .await;
    assert_eq!(got.unwrap()["v"], 6);
}
