//! `--sso-token-file`: who the user is, handed over by whoever runs the command: a token as it is, or JSON with
//! `access_token`, `id_token`, and `expires_in` or `expires_at` in seconds. Nothing of it is verified: it is the user's own.

use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secret::SecretString;
use serde::Deserialize;
use serde_json::{Map, Value};
use sso::Identity;

use crate::ending::Complaint;

#[derive(Deserialize)]
struct Tokens {
    access_token: Option<String>,
    id_token: Option<String>,
    expires_in: Option<i64>,
    expires_at: Option<i64>,
}

/// Reads the file.
///
/// # Errors
/// It cannot be read, or holds no token.
pub(crate) fn read(path: &Path) -> Result<Identity, Complaint> {
    let complaint = |why: String| {
        Complaint::usage("sso_token_file", format!("{}: {why}", path.display())).help(
            "write a token into it, or JSON such as {\"access_token\": \"…\", \"id_token\": \"…\"}",
        )
    };
    let text = std::fs::read_to_string(path).map_err(|error| complaint(error.to_string()))?;
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    let now = i64::try_from(now.as_secs()).unwrap_or(i64::MAX);
    identity(&text, now).ok_or_else(|| complaint("there is no token in it".to_owned()))
}

fn identity(text: &str, now: i64) -> Option<Identity> {
    let text = text.trim();
    let tokens = match text.starts_with('{') {
        true => serde_json::from_str(text).ok()?,
        false => Tokens {
            access_token: Some(text.to_owned()).filter(|text| !text.is_empty()),
            id_token: None,
            expires_in: None,
            expires_at: None,
        },
    };
    let Tokens {
        access_token,
        id_token,
        expires_in,
        expires_at,
    } = tokens;
    let told = id_token.as_deref().or(access_token.as_deref())?;
    let claims = claims(told).unwrap_or_default();
    let lasts = expires_in.map(|life| now.saturating_add(life));
    let ends = access_token.as_deref().and_then(self::claims);
    let ends = ends
        .as_ref()
        .unwrap_or(&claims)
        .get("exp")
        .and_then(Value::as_i64);
    Some(Identity {
        source: "file".to_owned(),
        expires_at: expires_at.or(lasts).or(ends),
        access_token: access_token.map(SecretString::new),
        id_token: id_token.map(SecretString::new),
        refresh_token: None,
        claims,
    })
}

/// What a JSON Web Token claims; none where it is another kind of token.
fn claims(token: &str) -> Option<Map<String, Value>> {
    let payload = token.split('.').nth(1)?;
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::{Engine, URL_SAFE_NO_PAD, identity};
    use serde_json::json;

    fn token(claims: &serde_json::Value) -> String {
        format!("e30.{}.sig", URL_SAFE_NO_PAD.encode(claims.to_string()))
    }

    #[test]
    fn a_token_stands_alone_or_in_json() {
        let jwt = token(&json!({ "email": "ada@example.org", "exp": 2_000 }));
        let opaque = "opaque-1".to_owned();
        let pair = json!({ "access_token": "opaque-1", "id_token": jwt, "expires_in": 60 });
        let table = [
            (format!("{jwt}\n"), Some(2_000), Some("ada@example.org")),
            (opaque, None, None),
            (pair.to_string(), Some(1_060), Some("ada@example.org")),
            (
                json!({ "id_token": jwt }).to_string(),
                Some(2_000),
                Some("ada@example.org"),
            ),
            (
                json!({ "access_token": "a", "expires_at": 5_000 }).to_string(),
                Some(5_000),
                None,
            ),
        ];
        for (text, ends, email) in table {
            let found = identity(&text, 1_000).unwrap();
            assert_eq!(found.expires_at, ends, "{text}");
            assert_eq!(found.claim("email"), email, "{text}");
        }
        for text in ["", " \n", "{}", "{", "{\"id_token\": 1}"] {
            assert!(identity(text, 1_000).is_none(), "{text}");
        }
    }
}
