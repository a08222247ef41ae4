//! Forms: types, choices, defaults and what is wrong with an answer.

use flow::Input;
use serde_json::json;
use testkit::{Reply, Upstream};

use crate::world::{Expect, World, connector, value};

const FORM: &str = r#"
auth_flow:
  steps:
    - { id: list, kind: api_request, request: { method: GET, url: "{{base_url}}/rooms" } }
    - id: f
      kind: form
      title: "{{list.body.count}} rooms"
      text: "At {{list.body.missing}}"
      fields:
        - { key: room, type: choice, label: Room, options: "{{list.body.rooms}}", remember: true }
        - { key: seats, type: number, label: Seats, remember: true }
        - { key: code, type: text, label: Code, pattern: "[A-Z]{2}", default: "{{list.body.code}}", remember: true }
        - { key: note, type: text, label: Note, required: false, remember: true }
        - { key: pin, type: password, label: PIN }
    - { id: send, kind: api_request, request: { method: POST, url: "{{base_url}}/send", json: { room: "{{f.room}}", seats: "{{f.seats}}", note: "{{f.note}}" } } }
"#;

fn rooms() -> Upstream {
    Upstream::start(|request| match request.uri().path() {
        "/rooms" => Reply::json(json!({
            "count": 2,
            "code": "AB",
            "rooms": [{ "value": 7, "label": "Blue" }, "green"],
        })),
        _ => Reply::json(json!({})),
    })
}

#[tokio::test]
async fn a_form_shows_what_earlier_steps_found() {
    let upstream = rooms();
    let connector = connector(&upstream.origin(), FORM);
    let mut world = World::new();
    let (_, progress) = world.begin(&connector, &[]).await;
    let prompt = progress.ask();
    assert_eq!(prompt.title, "2 rooms");
    assert_eq!(prompt.text, None, "a text with an absent value is left out");
    let room = &prompt.fields[0];
    let options: Vec<_> = room
        .options
        .iter()
        .map(|o| (o.value.as_str(), o.label.as_str()))
        .collect();
    assert_eq!(options, [("7", "Blue"), ("green", "green")]);
    assert_eq!(prompt.fields[2].default.as_deref(), Some("AB"));
}

#[tokio::test]
async fn answers_are_checked_at_their_field_and_typed() {
    let upstream = rooms();
    let connector = connector(&upstream.origin(), FORM);
    let mut world = World::new();
    let (mut run, progress) = world.begin(&connector, &[]).await;
    progress.ask();
    let wrong = [
        ("room", "red"),
        ("seats", "four"),
        ("code", "abc"),
        ("pin", "1234"),
    ];
    let prompt = world.typed(&connector, &mut run, "f", &wrong).await.ask();
    let wrong: Vec<_> = prompt
        .fields
        .iter()
        .filter(|field| field.error.is_some())
        .map(|field| field.key.as_str())
        .collect();
    assert_eq!(wrong, ["room", "seats", "code"]);
    assert_eq!(prompt.error, None);
    let pin = prompt
        .fields
        .iter()
        .find(|field| field.key == "pin")
        .unwrap();
    assert_eq!(pin.default, None, "a password is typed anew");
    let right = [
        ("room", "7"),
        ("seats", "4"),
        ("code", "XY"),
        ("pin", "1234"),
    ];
    let credential = world.typed(&connector, &mut run, "f", &right).await.done();
    let kept = json!({ "room": 7, "seats": 4, "code": "XY" });
    assert_eq!(value(&credential, "f", ""), kept);
    let sent: serde_json::Value = serde_json::from_slice(upstream.last_request().body()).unwrap();
    assert_eq!(
        sent,
        json!({ "room": 7, "seats": 4 }),
        "an optional field takes its key with it"
    );
}

#[tokio::test]
async fn what_is_needed_and_not_there_is_said_at_its_field() {
    let upstream = rooms();
    let connector = connector(&upstream.origin(), FORM);
    let mut world = World::new();
    let (mut run, _) = world.begin(&connector, &[]).await;
    let sent = [("room", "green"), ("seats", ""), ("pin", "1234")];
    let prompt = world.typed(&connector, &mut run, "f", &sent).await.ask();
    let errors: Vec<_> = prompt
        .fields
        .iter()
        .map(|field| field.error.is_some())
        .collect();
    assert_eq!(
        errors,
        [false, true, false, false, false],
        "the code has a default"
    );
    let failure = world
        .advance(&connector, &mut run, Input::Nobody)
        .await
        .failed();
    assert_eq!(failure.code, "person_needed");
}

#[tokio::test]
async fn a_run_that_waits_asks_the_same_again() {
    let upstream = rooms();
    let connector = connector(&upstream.origin(), FORM);
    let mut world = World::new();
    let (mut run, progress) = world.begin(&connector, &[]).await;
    let first = progress.ask();
    assert_eq!(run.waiting_in(), Some("f"));
    let again = world
        .advance(&connector, &mut run, Input::Continue)
        .await
        .ask();
    assert_eq!(first, again);
    assert_eq!(upstream.requests().len(), 1);
}

#[tokio::test]
async fn options_that_are_no_list_are_the_definitions_fault() {
    let upstream = Upstream::start(|_| Reply::json(json!({ "rooms": "none" })));
    let connector = connector(&upstream.origin(), FORM);
    let mut world = World::new();
    let failure = world.begin(&connector, &[]).await.1.failed();
    assert_eq!(failure.code, "options_unusable");
}
