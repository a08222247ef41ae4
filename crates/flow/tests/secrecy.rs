//! Nothing secret is shown, and what is sealed comes back whole.

use flow::{Event, Input, SealError, open_credential, open_run, seal_credential};
use secret::SecretBytes;
use serde_json::json;
use testkit::{Reply, Upstream};

use crate::world::{Expect, World, connector, value};

const DEFINITION: &str = r#"
secrets: [client_secret]
auth_flow:
  steps:
    - id: f
      kind: form
      fields: [ { key: user, type: text, label: U }, { key: password, type: password, label: P, remember: true } ]
    - id: login
      kind: api_request
      request: { method: POST, url: "{{base_url}}/login?key={{secrets.client_secret}}", json: { password: "{{f.password}}" } }
      extract: { picked: { json: "$.nested.plain" } }
    - { id: b, kind: basic, username: "{{f.user}}", password: "{{f.password}}" }
"#;

const CANARIES: [&str; 6] = [
    "canary-password",
    "secret-1",
    "canary-token",
    "canary-cookie",
    "canary-extract",
    "YWxpY2U6Y2FuYXJ5LXBhc3N3b3Jk",
];

fn upstream() -> Upstream {
    Upstream::start(|_| {
        let body =
            json!({ "access_token": "canary-token", "nested": { "plain": "canary-extract" } });
        Reply::json(body).cookie("sid=canary-cookie")
    })
}

#[tokio::test]
async fn attack_61_no_debug_and_no_event_shows_a_secret() {
    let upstream = upstream();
    let connector = connector(&upstream.origin(), DEFINITION);
    let mut world = World::new();
    let given = [("f", "user", "alice"), ("f", "password", "canary-password")];
    let (run, progress) = world.begin(&connector, &given).await;
    let credential = progress.done();
    let shown = format!(
        "{run:?} {credential:?} {:?} {:?} {:?}",
        credential.outputs, world.secrets, world.heard
    );
    let answers = flow::Answers::typed("f", [("password", "canary-password")]);
    let back = "http://127.0.0.1:8914/callback?code=canary-token"
        .parse()
        .unwrap();
    let inputs = [Input::Answers(answers), Input::Callback(back)];
    let shown = format!("{shown} {inputs:?}");
    let masked = world.masker().mask(&CANARIES.join(" "));
    for canary in CANARIES {
        assert!(!shown.contains(canary), "{canary} in {shown}");
        assert!(!masked.contains(canary), "{canary} was not learned");
    }
    let url = world.heard.iter().find_map(|event| match event {
        Event::RequestSent { url, .. } => Some(url.masked(&world.masker())),
        _ => None,
    });
    assert!(url.is_some_and(|url| url.contains("/login?key=") && !url.contains("secret-1")));
}

#[tokio::test]
async fn a_credential_comes_back_whole() {
    let upstream = upstream();
    let connector = connector(&upstream.origin(), DEFINITION);
    let mut world = World::new();
    let given = [("f", "user", "alice"), ("f", "password", "canary-password")];
    let credential = world.sign_in(&connector, &given).await;
    let opened = open_credential(&seal_credential(&credential).unwrap()).unwrap();
    assert_eq!(opened.outputs, credential.outputs);
    assert_eq!(
        value(&opened, "f", ""),
        json!({ "password": "canary-password" })
    );
    assert_eq!(
        opened.jar.reveal_for_sealing(),
        credential.jar.reveal_for_sealing()
    );
    assert_eq!(opened.origins, credential.origins);
    assert_eq!(opened.renew_at(), credential.renew_at());
}

#[test]
fn what_was_not_sealed_here_is_not_opened() {
    let table = [
        (&b""[..], SealError::NotOurs),
        (b"{}", SealError::NotOurs),
        (br#"{"shape":1,"content":{}}"#, SealError::NotOurs),
        (br#"{"shape":2,"content":{}}"#, SealError::Newer),
    ];
    for (bytes, expected) in table {
        let bytes = || SecretBytes::new(bytes.to_vec());
        assert_eq!(open_credential(&bytes()).unwrap_err(), expected);
        assert_eq!(open_run(&bytes()).map(|_| ()).unwrap_err(), expected);
    }
}

#[test]
fn a_run_can_be_driven_from_any_thread() {
    fn is_send<T: Send>(value: T) -> T {
        value
    }
    let connector = connector("https://api.example", DEFINITION);
    let world = World::new();
    let context = flow::Context {
        connector: &connector,
        secrets: &world.secrets,
        callback_url: "",
        engine: &world.engine,
    };
    let mut run = flow::Run::auth(&connector, flow::Answers::new());
    drop(is_send(run.advance(
        &context,
        flow::Input::Begin,
        &mut flow::Silent,
    )));
}
