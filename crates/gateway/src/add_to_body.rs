//! Adds a key to a body that is already written, leaving the rest byte for byte as the caller wrote it.

use bytes::Bytes;
use http::HeaderMap;
use http::header::CONTENT_TYPE;
use serde_json::{Map, Value};

/// The body with `key` set to `value`. A value of the caller's under the same key goes: never both.
///
/// # Errors
/// Why the body cannot take a key.
pub(crate) fn add_to_body(
    headers: &HeaderMap,
    body: &Bytes,
    key: &str,
    value: &Value,
) -> Result<Bytes, &'static str> {
    let content_type = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let essence = content_type
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    if essence == "application/json" || essence.ends_with("+json") {
        add_to_json(body, key, value)
    } else if essence == "application/x-www-form-urlencoded" {
        Ok(add_to_form(body, key, value))
    } else if essence == "multipart/form-data" {
        let boundary = boundary(content_type).ok_or("its multipart type names no boundary")?;
        add_to_multipart(body, &boundary, key, value)
    } else {
        Err("it is neither JSON nor a form")
    }
}

/// The texts of a value that stands several times under one name: a list is each of its items.
pub(crate) fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::Array(items) => items.iter().map(text).collect(),
        single => vec![text(single)],
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn add_to_json(body: &Bytes, key: &str, value: &Value) -> Result<Bytes, &'static str> {
    let mut map: Map<String, Value> =
        serde_json::from_slice(body).map_err(|_| "it is not a JSON object")?;
    let entry = |key: &str, value: &Value| format!("{}:{value}", Value::String(key.to_owned()));
    if map.contains_key(key) {
        map.insert(key.to_owned(), value.clone());
        return Ok(Value::Object(map).to_string().into());
    }
    if map.is_empty() {
        return Ok(format!("{{{}}}", entry(key, value)).into());
    }
    // Inserted as text: reading and writing again would round numbers that only the caller's language can hold.
    let brace = body
        .iter()
        .position(|byte| *byte == b'{')
        .ok_or("it is not a JSON object")?;
    let (head, tail) = (&body[..=brace], &body[brace + 1..]);
    Ok([head, entry(key, value).as_bytes(), b",", tail]
        .concat()
        .into())
}

fn add_to_form(body: &Bytes, key: &str, value: &Value) -> Bytes {
    let kept = body.split(|byte| *byte == b'&').filter(|pair| {
        !pair.is_empty()
            && form_urlencoded::parse(pair)
                .next()
                .is_none_or(|(name, _)| name != key)
    });
    let mut form = kept.collect::<Vec<_>>().join(&b'&');
    for text in texts(value) {
        if !form.is_empty() {
            form.push(b'&');
        }
        let pair = form_urlencoded::Serializer::new(String::new())
            .append_pair(key, &text)
            .finish();
        form.extend_from_slice(pair.as_bytes());
    }
    form.into()
}

fn add_to_multipart(
    body: &Bytes,
    boundary: &str,
    key: &str,
    value: &Value,
) -> Result<Bytes, &'static str> {
    if !body.starts_with(format!("--{boundary}").as_bytes()) {
        return Err("its multipart body does not begin with its boundary");
    }
    let mut parts = Vec::new();
    for text in texts(value) {
        if text.contains(boundary) {
            return Err("the value holds the boundary of its multipart body");
        }
        // The escapes that browsers use in a part's name (WHATWG HTML, multipart form data).
        let name = key
            .replace('"', "%22")
            .replace('\r', "%0D")
            .replace('\n', "%0A");
        parts.extend_from_slice(
            format!(
                "--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{text}\r\n"
            )
            .as_bytes(),
        );
    }
    parts.extend_from_slice(body);
    Ok(parts.into())
}

fn boundary(content_type: &str) -> Option<String> {
    content_type.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        let value = value.trim().trim_matches('"');
        (name.trim().eq_ignore_ascii_case("boundary") && !value.is_empty())
            .then(|| value.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::add_to_body;
    use bytes::Bytes;
    use http::HeaderMap;
    use http::header::{CONTENT_TYPE, HeaderValue};
    use serde_json::{Value, json};

    fn add(content_type: &str, body: &str, value: &Value) -> Result<String, &'static str> {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_str(content_type).unwrap());
        add_to_body(
            &headers,
            &Bytes::copy_from_slice(body.as_bytes()),
            "csrf",
            value,
        )
        .map(|body| String::from_utf8(body.to_vec()).unwrap())
    }

    #[test]
    fn attack_45_a_value_is_encoded_and_cannot_change_the_structure() {
        let value = json!("\",\"admin\":true,\"x\":\"&admin=1");
        let json = add("application/json", "{\"a\": 1}", &value).unwrap();
        assert_eq!(
            serde_json::from_str::<Value>(&json).unwrap(),
            json!({ "csrf": value, "a": 1 })
        );
        let form = add("application/x-www-form-urlencoded", "a=1", &value).unwrap();
        let pairs: Vec<_> = form_urlencoded::parse(form.as_bytes())
            .into_owned()
            .collect();
        assert_eq!(pairs.len(), 2);
        assert_eq!(
            pairs[1],
            ("csrf".to_owned(), value.as_str().unwrap().to_owned())
        );
    }

    #[test]
    fn the_rest_of_a_body_stays_as_it_was_and_a_callers_own_value_goes() {
        let table = [
            ("application/json", "{}", Ok("{\"csrf\":\"t\"}")),
            (
                "application/json",
                " { \"n\": 12345678901234567890123 }",
                Ok(" {\"csrf\":\"t\", \"n\": 12345678901234567890123 }"),
            ),
            (
                "application/vnd.api+json; charset=utf-8",
                "{\"a\":[1]}",
                Ok("{\"csrf\":\"t\",\"a\":[1]}"),
            ),
            (
                "application/json",
                "{\"csrf\":\"mine\",\"a\":1}",
                Ok("{\"csrf\":\"t\",\"a\":1}"),
            ),
            ("application/json", "[1]", Err("it is not a JSON object")),
            (
                "application/json",
                "{\"a\":",
                Err("it is not a JSON object"),
            ),
            ("application/x-www-form-urlencoded", "", Ok("csrf=t")),
            (
                "application/x-www-form-urlencoded",
                "a=%20b&csrf=mine&c",
                Ok("a=%20b&c&csrf=t"),
            ),
            (
                "application/x-www-form-urlencoded",
                "cs%72f=mine",
                Ok("csrf=t"),
            ),
            (
                "multipart/form-data; boundary=xx",
                "--xx\r\nrest",
                Ok(
                    "--xx\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\nt\r\n--xx\r\nrest",
                ),
            ),
            (
                "multipart/form-data",
                "--xx\r\nrest",
                Err("its multipart type names no boundary"),
            ),
            ("text/plain", "a", Err("it is neither JSON nor a form")),
        ];
        for (content_type, body, expected) in table {
            let found = add(content_type, body, &json!("t"));
            assert_eq!(
                found.as_deref().map_err(|why| *why),
                expected,
                "{content_type} {body}"
            );
        }
    }

    #[test]
    fn a_list_stands_several_times_in_a_form_and_as_a_list_in_json() {
        assert_eq!(
            add("application/x-www-form-urlencoded", "", &json!(["a", 2])).unwrap(),
            "csrf=a&csrf=2"
        );
        assert_eq!(
            add("application/json", "{}", &json!(["a", 2])).unwrap(),
            "{\"csrf\":[\"a\",2]}"
        );
    }
}
