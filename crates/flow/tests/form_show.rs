//! What a form shows: texts, images and QR codes from what earlier steps left.

use flow::{Exhibited, PromptExhibit};
use serde_json::json;
use testkit::{Reply, Upstream};

use crate::world::{Expect, World, connector};

const GIF: &[u8] = b"GIF89a\x01\x00\x01\xff";
const GIF_URL: &str = "data:image/gif;base64,R0lGODlhAQAB/w==";

fn shown(list: &str) -> String {
    format!(
        r#"
auth_flow:
  steps:
    - {{ id: start, kind: api_request, request: {{ method: GET, url: "{{{{base_url}}}}/start" }} }}
    - {{ id: captcha, kind: api_request, request: {{ method: GET, url: "{{{{base_url}}}}/captcha" }} }}
    - id: f
      kind: form
      show: {list}
      fields: [ {{ key: letters, min_length: 4, pattern: "[a-z]+", else: "Letters, {{{{start.body.name}}}}." }} ]
"#
    )
}

fn api() -> Upstream {
    Upstream::start(|request| match request.uri().path() {
        "/captcha" => Reply::status(200)
            .header("content-type", "image/x-unknown")
            .then(GIF.to_vec()),
        _ => Reply::json(json!({
            "name": "Ana",
            "number": 42,
            "uri": "otpauth://totp/x?secret=JBSWY3DPEHPK3PXP",
            "bytes": "R0lGODlhAQAB_w",
            "page": "https://api.example/captcha.gif",
            "long": "x".repeat(5000),
        })),
    })
}

#[tokio::test]
async fn a_form_shows_texts_images_and_codes_and_leaves_out_what_is_not_there() {
    let upstream = api();
    let list = r#"
        - { text: "{{start.body.number}}", label: "Compare, {{start.body.name}}" }
        - { image: "{{captcha.body}}" }
        - { image: "{{start.body.bytes}}", label: "{{start.body.nothing}}" }
        - { qr: "{{start.body.uri}}" }
        - { image: "{{start.body.nothing}}", label: Left out }"#;
    let connector = connector(&upstream.origin(), &shown(list));
    let mut world = World::new();
    let (mut run, progress) = world.begin(&connector, &[]).await;
    let prompt = progress.ask();
    let exhibit = |label: Option<&str>, shown| PromptExhibit {
        label: label.map(str::to_owned),
        shown,
    };
    let uri = "otpauth://totp/x?secret=JBSWY3DPEHPK3PXP";
    let expected = [
        exhibit(Some("Compare, Ana"), Exhibited::Text("42".to_owned())),
        // An image reply is one, whatever type it names.
        exhibit(None, Exhibited::Image(GIF_URL.to_owned())),
        exhibit(None, Exhibited::Image(GIF_URL.to_owned())),
        exhibit(None, Exhibited::Qr(uri.to_owned())),
    ];
    assert_eq!(prompt.show, expected);
    let table = [
        ("abc", "This has fewer than 4 characters."),
        ("ABCD", "Letters, Ana."),
    ];
    for (letters, expected) in table {
        let typed = [("letters", letters)];
        let again = world.typed(&connector, &mut run, "f", &typed).await.ask();
        assert_eq!(again.fields[0].error.as_deref(), Some(expected));
        assert_eq!(again.show, prompt.show);
        // Whoever asks can tell before it is sent.
        assert_eq!(again.fields[0].problem(letters).as_deref(), Some(expected));
    }
    assert_eq!(prompt.fields[0].problem("abcd"), None);
    let typed = [("letters", "abcd")];
    world.typed(&connector, &mut run, "f", &typed).await.done();
}

#[tokio::test]
async fn what_cannot_be_shown_is_the_definitions_fault_and_says_what_to_do() {
    let upstream = api();
    let table = [
        (
            "[{ image: \"{{start.body.page}}\" }]",
            "image_unusable",
            "captcha.body",
        ),
        (
            "[{ image: \"{{start.body.name}}\" }]",
            "image_unusable",
            "base64",
        ),
        (
            "[{ qr: \"{{start.body.long}}\" }]",
            "qr_unusable",
            "shorter",
        ),
    ];
    for (list, code, help) in table {
        let connector = connector(&upstream.origin(), &shown(list));
        let mut world = World::new();
        let failure = world.begin(&connector, &[]).await.1.failed();
        assert_eq!(failure.code, code);
        assert!(failure.help.contains(help), "{}", failure.help);
    }
}

#[tokio::test]
async fn a_form_without_fields_is_read_and_sent() {
    let upstream = api();
    let definition = r#"
auth_flow:
  steps:
    - { id: start, kind: api_request, request: { method: GET, url: "{{base_url}}/start" } }
    - { id: f, kind: form, show: [{ text: "{{start.body.number}}" }] }
"#;
    let connector = connector(&upstream.origin(), definition);
    let mut world = World::new();
    let (mut run, progress) = world.begin(&connector, &[]).await;
    assert_eq!(progress.ask().show.len(), 1);
    world.typed(&connector, &mut run, "f", &[]).await.done();
}
