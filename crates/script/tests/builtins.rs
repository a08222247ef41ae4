//! What a script finds beside JavaScript's own built-ins.

use std::time::{Duration, UNIX_EPOCH};

use serde_json::{Map, Value, json};

use super::{patient, returned};

#[tokio::test]
async fn encodings_urls_hashes_and_hmacs_work() {
    let cases = [
        ("atob('YQ') + btoa('b')", json!("aYg==")),
        ("[...new TextEncoder().encode('é')]", json!([195, 169])),
        (
            "new TextDecoder().decode(new Uint8Array([0xEF, 0xBB, 0xBF, 195, 169]))",
            json!("é"),
        ),
        (
            "new TextDecoder().decode(new Uint8Array([120, 195, 169]).buffer)",
            json!("xé"),
        ),
        (
            "new TextDecoder().decode(new Uint8Array([255]))",
            json!("\u{fffd}"),
        ),
        (
            "new TextEncoder().encodeInto('aé', new Uint8Array(2))",
            json!({ "read": 1, "written": 1 }),
        ),
        (
            "sha256('abc')",
            json!("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        ),
        (
            "sha1(new Uint8Array([97, 98, 99]), 'base64')",
            json!("qZk+NkcGgWq6PiVxeFDCbJzQ2J0="),
        ),
        ("md5('é')", json!("66ddcd97cfdeabb2f6fb8a999b4bc76f")),
        (
            "sha256('').length + sha384('').length + sha512('').length",
            json!(64 + 96 + 128),
        ),
        (
            "hmac('sha256', 'Jefe', 'what do ya want for nothing?', 'base64url')",
            json!("W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM"),
        ),
        (
            "hmac('sha1', sha1('k', 'bytes'), 'd') === hmac('sha1', sha1('k', 'bytes').buffer, new TextEncoder().encode('d'))",
            json!(true),
        ),
        (
            "new URL('../b?x=1#y', 'https://u:p@a.example:8443/c/d/').href",
            json!("https://u:p@a.example:8443/c/b?x=1#y"),
        ),
        (
            "{ const { origin, host, hostname, port, protocol } = new URL('http://a.example:81/'); return { v: [origin, host, hostname, port, protocol] }; }",
            json!([
                "http://a.example:81",
                "a.example:81",
                "a.example",
                "81",
                "http:"
            ]),
        ),
        (
            "{ const u = new URL('https://a.example/?a=1'); u.searchParams.append('b', 'c d'); u.pathname = '/x y'; return { v: u }; }",
            json!("https://a.example/x%20y?a=1&b=c+d"),
        ),
        (
            "{ const u = new URL('https://a.example/?a=1'); const p = u.searchParams; u.search = '?z=2'; return { v: [p.get('z'), p.get('a')] }; }",
            json!(["2", null]),
        ),
        (
            "{ const u = new URL('https://a.example/'); u.href = 'https://b.example/'; u.port = '8'; u.port = '99999'; return { v: `${u}` }; }",
            json!("https://b.example:8/"),
        ),
        (
            "[URL.canParse('x'), URL.canParse('x', 'https://a.example'), URL.parse('x')]",
            json!([false, true, null]),
        ),
        (
            "new URLSearchParams({ a: '1 2', b: 'é' }).toString()",
            json!("a=1+2&b=%C3%A9"),
        ),
        (
            "[...new URLSearchParams([['a', 1], ['a', 2]])]",
            json!([["a", "1"], ["a", "2"]]),
        ),
        (
            "{ const p = new URLSearchParams('?b=2&a=1&a=3'); p.set('a', 9); p.sort(); p.delete('b', 'x'); return { v: [`${p}`, p.size, p.has('b', '2'), p.getAll('a'), [...p.keys()], [...p.values()]] }; }",
            json!(["a=9&b=2", 2, true, ["9"], ["a", "b"], ["9", "2"]]),
        ),
        (
            "Object.fromEntries(new URLSearchParams('a=1&b=2'))",
            json!({ "a": "1", "b": "2" }),
        ),
        ("typeof queueMicrotask", json!("function")),
    ];
    for (expression, expected) in cases {
        let code = if expression.starts_with('{') {
            expression.to_owned()
        } else {
            format!("return {{ v: {expression} }};")
        };
        assert_eq!(
            returned(&code, json!({})).await["v"],
            expected,
            "{expression}"
        );
    }
}

#[tokio::test]
async fn wrong_use_of_a_built_in_says_what_is_wrong() {
    let cases = [
        ("atob('_')", "TypeError: atob: the text is not base64"),
        ("btoa('€')", "encode it with TextEncoder first"),
        (
            "sha256(1)",
            "what sha256 takes must be text or a Uint8Array",
        ),
        ("sha256('a', 'octal')", "the encoding must be 'hex'"),
        (
            "hmac('crc', 'k', 'd')",
            "the algorithm of hmac must be one of md5, sha1",
        ),
        (
            "hmac('sha1', undefined, 'd')",
            "the key of hmac must be text",
        ),
        ("new URL('x')", "not a URL: x"),
        (
            "new TextDecoder('latin1')",
            "only utf-8 is known here, not latin1",
        ),
        (
            "new TextDecoder('utf-8', { fatal: true }).decode(new Uint8Array([255]))",
            "the bytes are not utf-8",
        ),
        ("URL.prototype.href", "TypeError"),
    ];
    for (expression, expected) in cases {
        let code = format!("return {{\n v: {expression} }};");
        let error = patient()
            .run(&code, &Map::new(), UNIX_EPOCH)
            .await
            .unwrap_err();
        let message = error.to_string();
        assert!(message.contains(expected), "{expression}: {message}");
        assert!(message.contains("at line 2"), "{expression}: {message}");
    }
}

#[tokio::test]
async fn the_clock_is_the_one_passed_in() {
    let code = "return {
        now: Date.now(), iso: new Date(), text: Date(), zone: new Date().getTimezoneOffset(),
        given: new Date(0).toISOString(), parts: new Date(2020, 0, 2).getTime(), utc: Date.UTC(1970, 0, 1),
        parsed: Date.parse('1970-01-01T00:00:01Z'), is: new Date() instanceof Date,
        invalid: `${new Date(undefined)}`, sub: new (class extends Date {})().getTime() };";
    let now = UNIX_EPOCH + Duration::from_millis(1_700_000_000_123);
    let got = patient().run(code, &Map::new(), now).await.unwrap();
    assert_eq!(
        Value::Object(got),
        json!({
            "now": 1_700_000_000_123_i64, "iso": "2023-11-14T22:13:20.123Z",
            "text": "Tue Nov 14 2023 22:13:20 GMT+0000", "zone": 0,
            "given": "1970-01-01T00:00:00.000Z", "parts": 1_577_923_200_000_i64, "utc": 0,
            "parsed": 1000, "is": true, "invalid": "Invalid Date", "sub": 1_700_000_000_123_i64
        })
    );
}

#[tokio::test]
async fn chance_repeats_for_the_same_input_and_for_no_other() {
    let code = "return { list: Array.from({ length: 50 }, Math.random) };";
    let run = async |code: &str, seconds| {
        let now = UNIX_EPOCH + Duration::from_secs(seconds);
        patient().run(code, &Map::new(), now).await.unwrap()
    };
    let first = run(code, 1).await;
    assert_eq!(first, run(code, 1).await);
    assert_ne!(first, run(code, 2).await);
    assert_ne!(first, run(&format!("{code} "), 1).await);
    for number in first["list"].as_array().unwrap() {
        assert!((0.0..1.0).contains(&number.as_f64().unwrap()));
    }
}

#[test]
fn the_reference_names_every_built_in() {
    for name in [
        "atob",
        "btoa",
        "TextEncoder",
        "TextDecoder",
        "URL",
        "URLSearchParams",
        "md5",
        "sha1",
        "sha256",
        "sha384",
        "sha512",
        "hmac",
    ] {
        assert!(
            script::REFERENCE.contains(&format!("`{name}")) || script::REFERENCE.contains(name),
            "{name}"
        );
    }
}

#[tokio::test]
async fn what_a_script_says_is_heard_however_it_ends() {
    let code = "
        console.log('token', { a: [1, null] }, undefined, Symbol('s'));
        const circular = {}; circular.self = circular;
        console.warn(circular, 10n);
        console.error(new TypeError('odd'));
        Array.prototype.push = String.prototype.slice = () => { throw 1; };
        console.debug('x'.repeat(5000));
        for (let n = 0; n < 1000; n += 1) console.info(n);
        throw new Error('after all');
    ";
    let ran = patient().run_aloud(code, &Map::new(), UNIX_EPOCH).await;
    let error = ran.result.unwrap_err().to_string();
    assert!(error.contains("after all"), "{error}");
    let said: Vec<_> = ran.console.iter().take(4).collect();
    let said: Vec<_> = said
        .iter()
        .map(|line| (line.level.name(), line.text.as_str()))
        .collect();
    assert_eq!(
        said[..3],
        [
            ("log", "token {\"a\":[1,null]} undefined Symbol(s)"),
            ("warn", "(cannot be shown) 10"),
            ("error", "TypeError: odd"),
        ]
    );
    assert_eq!(said[3].1.chars().count(), 1_001);
    assert_eq!(ran.console.len(), 100);
    let silent = patient()
        .run_aloud("return {};", &Map::new(), UNIX_EPOCH)
        .await;
    assert!(silent.console.is_empty());
}
