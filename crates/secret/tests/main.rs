//! Whatever the secret and whatever stands around it, no spelling of it comes through.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use proptest::prelude::{Strategy, prop_assert, prop_assert_eq, proptest};
use secret::{MASK, Masker};

/// Secrets with everything in them that some encoding treats as special.
fn secrets() -> impl Strategy<Value = String> {
    r#"[a-zA-Z0-9 "'\\/&<>%+=\-_.~\n\t\u{1}äß€😀]{4,24}"#
        .prop_filter("not only white space", |text| {
            text.trim().chars().count() >= 4
        })
}

/// Text around a secret; `#` and `|` are in no encoding, so that it cannot become part of a match.
fn surroundings() -> impl Strategy<Value = String> {
    "[#|]{0,8}"
}

fn masker(secret: &str) -> Masker {
    let mut masker = Masker::new();
    masker.add(secret);
    masker
}

fn html(text: &str) -> String {
    text.chars()
        .map(|character| match character {
            '&' => "&amp;".to_owned(),
            '<' => "&lt;".to_owned(),
            '>' => "&gt;".to_owned(),
            '"' => "&quot;".to_owned(),
            '\'' => "&#39;".to_owned(),
            other => other.to_string(),
        })
        .collect()
}

/// JSON with every character outside ASCII as `\uXXXX`.
fn ascii_json(text: &str) -> String {
    json(text)
        .encode_utf16()
        .map(|unit| match u8::try_from(unit) {
            Ok(byte) if byte.is_ascii() => char::from(byte).to_string(),
            _ => format!("\\u{unit:04x}"),
        })
        .collect()
}

fn json(text: &str) -> String {
    let quoted = serde_json::Value::from(text).to_string();
    quoted[1..quoted.len() - 1].to_owned()
}

fn percent(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

fn form(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

fn hex(text: &str) -> String {
    text.bytes().map(|byte| format!("{byte:02x}")).collect()
}

proptest! {
    #[test]
    fn every_encoding_is_masked(secret in secrets(), before in surroundings(), after in surroundings()) {
        let masker = masker(&secret);
        let encodings = [
            secret.clone(),
            percent(&secret),
            percent(&secret).to_lowercase(),
            percent(&percent(&secret)),
            form(&secret),
            form(&form(&secret)),
            json(&secret),
            json(&json(&secret)),
            ascii_json(&secret),
            html(&secret),
            html(&html(&secret)),
            html(&json(&secret)),
            hex(&secret),
            hex(&secret).to_uppercase(),
            STANDARD.encode(&secret),
            STANDARD_NO_PAD.encode(&secret),
            URL_SAFE.encode(&secret),
            URL_SAFE_NO_PAD.encode(&secret),
            percent(&STANDARD.encode(&secret)),
        ];
        for encoded in encodings {
            let masked = masker.mask(&format!("{before}{encoded}{after}"));
            prop_assert!(masked.contains(MASK), "{encoded}");
            prop_assert!(!masked.contains(secret.trim()), "{encoded}");
            let left: String = masked.replace(MASK, "").chars().filter(|c| !"#|".contains(*c)).collect();
            // White space around a secret may stay: the trimmed secret is known too.
            prop_assert!(left.len() <= encoded.len() - secret.trim().len(), "{encoded} left {left}");
        }
    }

    #[test]
    fn base64_is_masked_at_each_alignment(secret in secrets(), before in "[a-z:]{0,7}", after in "[a-z:]{0,7}") {
        let masker = masker(&secret);
        let joined = format!("{before}{secret}{after}");
        let encoded = STANDARD.encode(&joined);
        for encoded in [encoded.clone(), URL_SAFE_NO_PAD.encode(&joined), percent(&encoded)] {
            let masked = masker.mask(&encoded);
            prop_assert!(masked.contains(MASK), "{encoded}");
            // What is left on either side decodes to nothing that the secret begins or ends with.
            let (left, right) = masked.split_once(MASK).unwrap();
            prop_assert!(left.len() <= before.len().div_ceil(3) * 4, "{encoded}: {left}");
            prop_assert!(right.len() <= (after.len() + 3) * 4, "{encoded}: {right}");
        }
    }

    #[test]
    fn other_text_is_left_alone(secret in "[a-m]{4,12}", text in "[n-zäé ]{0,64}") {
        prop_assert_eq!(masker(&secret).mask(&text), text);
    }

    #[test]
    fn nothing_panics(secret in ".{0,16}", text in ".{0,64}", escapes in r"[%25\\u&#amp;x+A-F0-9ä]{0,64}") {
        let mut masker = Masker::new();
        masker.add_always(&secret);
        masker.add_always("ä%\\&+");
        let _ = masker.mask(&text);
        let _ = masker.mask(&escapes);
    }
}
