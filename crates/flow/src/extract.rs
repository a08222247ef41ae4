//! Picking values out of a reply, as a step's `extract` says.

use http::HeaderMap;
use model::{Extract, ExtractKind};
use scraper::{Html, Selector};
use serde_json::Value;
use serde_json_path::JsonPath;

use crate::exchange::Received;

/// What the definition wants is not well formed; reading it has found out, so this is rare.
#[derive(Debug, thiserror::Error)]
#[error("`{source_text}` is not a {what}: {why}")]
pub(crate) struct BadExtract {
    what: &'static str,
    source_text: String,
    why: String,
}

/// The first match, or with `all` the list of matches; none where there is no first.
pub(crate) fn extract(extract: &Extract, received: &Received) -> Result<Option<Value>, BadExtract> {
    let found = match &extract.kind {
        ExtractKind::Css {
            selector,
            attribute,
        } => css(&received.text, selector, attribute.as_deref())?,
        ExtractKind::Json(path) => json(received, path)?,
        ExtractKind::Regex(regex) => regex
            .captures_iter(&received.text)
            .filter_map(|captures| captures.get(1).or_else(|| captures.get(0)))
            .map(|found| Value::String(found.as_str().to_owned()))
            .collect(),
        ExtractKind::Header(name) => header(&received.headers, name),
        ExtractKind::Cookie(name) => received
            .cookies
            .iter()
            .filter(|(cookie, _)| cookie == name)
            .map(|(_, value)| Value::String(value.clone()))
            .collect(),
    };
    Ok(if extract.all {
        Some(Value::Array(found))
    } else {
        found.into_iter().next()
    })
}

fn css(text: &str, selector: &str, attribute: Option<&str>) -> Result<Vec<Value>, BadExtract> {
    let parsed = Selector::parse(selector).map_err(|error| BadExtract {
        what: "CSS selector",
        source_text: selector.to_owned(),
        why: error.to_string(),
    })?;
    let page = Html::parse_document(text);
    Ok(page
        .select(&parsed)
        .filter_map(|element| match attribute {
            Some(attribute) => element.value().attr(attribute).map(str::to_owned),
            None => Some(element.text().collect::<String>().trim().to_owned()),
        })
        .map(Value::String)
        .collect())
}

fn json(received: &Received, path: &str) -> Result<Vec<Value>, BadExtract> {
    let parsed = JsonPath::parse(path).map_err(|error| BadExtract {
        what: "JSONPath",
        source_text: path.to_owned(),
        why: error.to_string(),
    })?;
    // Asked for JSON, a text that is JSON is taken for it, whatever its type says.
    let text = received.body.as_str();
    let body = text.and_then(|text| serde_json::from_str(text).ok());
    Ok(parsed
        .query(body.as_ref().unwrap_or(&received.body))
        .all()
        .into_iter()
        .cloned()
        .collect())
}

fn header(headers: &HeaderMap, name: &str) -> Vec<Value> {
    headers
        .get_all(name)
        .iter()
        .map(|value| Value::String(String::from_utf8_lossy(value.as_bytes()).into_owned()))
        .collect()
}
