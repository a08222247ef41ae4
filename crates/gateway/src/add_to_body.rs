//! Adds a key to a body that is already written, leaving the rest byte for byte as the caller wrote it.

use bytes::Bytes;
use http::HeaderMap;
use http::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderValue};
use memchr::memmem;
use percent_encoding::percent_decode;
use serde_json::{Map, Value, json};

/// The body with `key` set to `value`. A value of the caller's under the same key goes, or is refused where it cannot be
/// taken out: never both.
///
/// # Errors
/// Why the body cannot take a key.
pub(crate) fn add_to_body(
    headers: &HeaderMap,
    body: &Bytes,
    key: &str,
    value: &Value,
) -> Result<Bytes, &'static str> {
    let (content_type, essence) = content_type(headers);
    let is_coded = |coding: &HeaderValue| !coding.as_bytes().eq_ignore_ascii_case(b"identity");
    if headers.get(CONTENT_ENCODING).is_some_and(is_coded) {
        return Err("it is compressed");
    }
    if is_json(&essence) {
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

/// The same where the body is a GraphQL operation, and the key one of its variables (GraphQL over HTTP, section 5.4).
///
/// # Errors
/// Why it cannot take a variable.
pub(crate) fn add_variable(
    headers: &HeaderMap,
    body: &Bytes,
    key: &str,
    value: &Value,
) -> Result<Bytes, &'static str> {
    let (_, essence) = content_type(headers);
    if !is_json(&essence) {
        return Err("it is not JSON, in which alone an operation takes a variable");
    }
    let mut map: Map<String, Value> =
        serde_json::from_slice(body).map_err(|_| "it is not a JSON object")?;
    let entry = json!({ key: value });
    match map.get_mut("variables") {
        None => return add_to_json(body, "variables", &entry),
        Some(variables @ Value::Null) => *variables = entry,
        Some(Value::Object(variables)) => {
            let place = begin_of_variables(body).filter(|_| !variables.contains_key(key));
            if let Some(place) = place {
                // As text, for the reason below.
                let (head, tail) = body.split_at_checked(place).unwrap_or_default();
                let entry = format!("{}:{value}", Value::from(key));
                let comma: &[u8] = if variables.is_empty() { b"" } else { b"," };
                return Ok([head, entry.as_bytes(), comma, tail].concat().into());
            }
            variables.insert(key.to_owned(), value.clone());
        }
        Some(_) => return Err("its `variables` are not a JSON object"),
    }
    Ok(Value::Object(map).to_string().into())
}

/// The content type, and it without its parameters.
fn content_type(headers: &HeaderMap) -> (&str, String) {
    let whole = headers.get(CONTENT_TYPE);
    let whole = whole.and_then(|value| value.to_str().ok());
    let whole = whole.unwrap_or_default();
    let essence = whole.split(';').next().unwrap_or_default();
    (whole, essence.trim().to_ascii_lowercase())
}

fn is_json(essence: &str) -> bool {
    essence == "application/json" || essence.ends_with("+json")
}

/// Where the map of variables begins, behind its brace, in a body that is known to be a JSON object with one.
fn begin_of_variables(body: &[u8]) -> Option<usize> {
    let (mut depth, mut begun, mut key, mut found) = (0_usize, None, &b""[..], None);
    let mut bytes = body.iter().copied().enumerate();
    while let Some((at, byte)) = bytes.next() {
        match (begun, byte) {
            (Some(_), b'\\') => drop(bytes.next()),
            (Some(start), b'"') => {
                begun = None;
                if depth == 1 {
                    key = body.get(start..at)?;
                }
            }
            (Some(_), _) => {}
            (None, b'"') => begun = Some(at + 1),
            (None, b'{' | b'[') => {
                depth += 1;
                if (depth, byte, key) == (2, b'{', b"variables") {
                    found = Some(at + 1);
                }
            }
            (None, b'}' | b']') => depth = depth.saturating_sub(1),
            (None, b',') if depth == 1 => key = b"",
            _ => {}
        }
    }
    found
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
    if part_heads(body, boundary).any(|head| names(head, key)) {
        return Err("its multipart body has a part of that name already");
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

/// What stands before the first empty line behind each boundary, wherever one stands: rather too many than too few.
fn part_heads<'b>(body: &'b [u8], boundary: &str) -> impl Iterator<Item = &'b [u8]> {
    let delimiter = format!("--{boundary}");
    let starts: Vec<usize> = memmem::find_iter(body, delimiter.as_bytes())
        .map(|at| at + delimiter.len())
        .collect();
    starts.into_iter().map(move |start| {
        let part = &body[start..];
        let ends = ["\n\n", "\n\r\n"].map(|end| memmem::find(part, end.as_bytes()));
        let end = ends.into_iter().flatten().min().unwrap_or(part.len());
        &part[..end]
    })
}

/// Whether a part's head gives it this name (RFC 7578 section 4.2), in whatever way a server may read it.
fn names(head: &[u8], key: &str) -> bool {
    let head = percent_decode(head).decode_utf8_lossy();
    plain(&head).split(';').any(|parameter| {
        let value = ["name=", "name*=utf-8", "name*=iso-8859-1"]
            .iter()
            .find_map(|name| parameter.strip_prefix(name));
        value == Some(&*plain(key))
    })
}

/// In small letters, without what quotes and folds; each line is a parameter of its own.
fn plain(text: &str) -> String {
    let breaks = |c: char| if matches!(c, '\r' | '\n') { ';' } else { c };
    let text = text.to_ascii_lowercase();
    let kept = |c: &char| !matches!(c, ' ' | '\t' | '"' | '\'' | '\\');
    text.chars().map(breaks).filter(kept).collect()
}

fn boundary(content_type: &str) -> Option<String> {
    let boundary = flow::content_type_parameter(content_type, "boundary")?;
    (!boundary.is_empty()).then(|| boundary.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{add_to_body, add_variable};
    use bytes::Bytes;
    use http::HeaderMap;
    use http::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderValue};
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
            (
                "multipart/form-data; boundary=xx",
                "--xx\r\nContent-Disposition: form-data; name=\"csrf2\"; filename=csrf\r\n\r\nname=csrf",
                Ok(
                    "--xx\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\nt\r\n--xx\r\nContent-Disposition: form-data; name=\"csrf2\"; filename=csrf\r\n\r\nname=csrf",
                ),
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
    fn attack_32_a_callers_part_of_the_same_name_is_refused_however_it_is_written() {
        for head in [
            "Content-Disposition: form-data; name=\"csrf\"\r\n",
            "Content-Type: text/plain\r\ncontent-disposition:form-data;name=csrf; filename=a\r\n",
            "Content-Disposition: form-data;\r\n NAME = \"CSRF\"\r\n",
            "Content-Disposition: form-data; name*=utf-8''c%73rf\r\n",
            "Content-Disposition: form-data; name=\"c\\srf\"\n",
        ] {
            let body = format!("--xx\r\nX: 1\r\n\r\na\r\n--xx\r\n{head}\r\nmine\r\n--xx--");
            let refused = add("multipart/form-data; boundary=xx", &body, &json!("t"));
            assert_eq!(
                refused,
                Err("its multipart body has a part of that name already"),
                "{head}"
            );
        }
    }

    #[test]
    fn what_is_compressed_cannot_be_added_to() {
        let mut headers = HeaderMap::new();
        let form = HeaderValue::from_static("application/x-www-form-urlencoded");
        headers.insert(CONTENT_TYPE, form);
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        let body = Bytes::from_static(b"a=1");
        let refused = add_to_body(&headers, &body, "csrf", &json!("t"));
        assert_eq!(refused, Err("it is compressed"));
    }

    #[test]
    fn a_variable_goes_to_its_like_and_the_rest_stays_as_it_was() {
        let table = [
            (
                r#"{"query":"q"}"#,
                Ok(r#"{"variables":{"csrf":"t"},"query":"q"}"#),
            ),
            (
                r#"{"query":"q","variables":null}"#,
                Ok(r#"{"query":"q","variables":{"csrf":"t"}}"#),
            ),
            (
                r#"{"variables": {} }"#,
                Ok(r#"{"variables": {"csrf":"t"} }"#),
            ),
            (
                r#"{"a":"variables","b":{"variables":{"x":1}},"variables" : {"n": 12345678901234567890123, "s":"\"}"}}"#,
                Ok(
                    r#"{"a":"variables","b":{"variables":{"x":1}},"variables" : {"csrf":"t","n": 12345678901234567890123, "s":"\"}"}}"#,
                ),
            ),
            (
                r#"{"variables":{"csrf":"mine","a":1}}"#,
                Ok(r#"{"variables":{"csrf":"t","a":1}}"#),
            ),
            (
                r#"{"vari\u0061bles":{"a":1}}"#,
                Ok(r#"{"variables":{"a":1,"csrf":"t"}}"#),
            ),
            (
                r#"{"variables":[1]}"#,
                Err("its `variables` are not a JSON object"),
            ),
            (r#"[{"query":"q"}]"#, Err("it is not a JSON object")),
        ];
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, "application/json".parse().unwrap());
        for (body, expected) in table {
            let found = add_variable(&headers, &Bytes::from(body), "csrf", &json!("t"));
            let found = found.map(|body| String::from_utf8(body.to_vec()).unwrap());
            assert_eq!(found.as_deref().map_err(|why| *why), expected, "{body}");
        }
        headers.insert(CONTENT_TYPE, "application/graphql".parse().unwrap());
        assert!(add_variable(&headers, &Bytes::from("{a}"), "csrf", &json!(1)).is_err());
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
