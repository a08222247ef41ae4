//! A form that has a code sent again, and one whose time runs out.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use flow::{Event, Input, Progress, Prompt, Run};
use model::Connector;
use serde_json::json;
use testkit::{Received, Reply, Upstream};

use crate::world::{Expect, NOW, World, connector, value};

const CODE: &str = r#"
auth_flow:
  steps:
    - { id: send, kind: api_request, request: { method: POST, url: "{{base_url}}/send" }, expect: { value: "{{send.status}}", equals: 200, else: Wait a minute. } }
    - { id: named, kind: js_code, parameters: { id: "{{send.body.id}}" }, code: "return { challenge: `ch-${id}` }" }
    - { id: f, kind: form, title: Code, fields: [ { key: otp, type: otp } ], resend: send, expires_in: 60s }
    - id: proof
      kind: api_request
      request: { method: POST, url: "{{base_url}}/proof", json: { challenge: "{{named.challenge}}", otp: "{{f.otp}}" } }
      on_fail: { back_to: f, attempts: 3 }
"#;

/// An API that counts what it sends, with what it answers in place of that.
fn api(moods: Vec<Reply>) -> Upstream {
    let state = Arc::new(Mutex::new((0, VecDeque::from(moods))));
    Upstream::start(move |request| {
        let mut state = state.lock().unwrap();
        match request.uri().path() {
            "/send" => {
                state.0 += 1;
                let sent = state.0;
                let mood = if sent == 1 { None } else { state.1.pop_front() };
                mood.unwrap_or_else(|| Reply::json(json!({ "id": sent })))
            }
            _ if request.json()["otp"] == "000000" => Reply::status(403),
            _ => Reply::json(request.json()),
        }
    })
}

async fn resend(world: &mut World, connector: &Connector, run: &mut Run) -> Progress {
    world.advance(connector, run, Input::Resend).await
}

fn told(prompt: &Prompt) -> (Option<&str>, Option<&str>, Option<u32>) {
    let (notice, error) = (prompt.notice.as_deref(), prompt.error.as_deref());
    (notice, error, prompt.resends_left)
}

#[tokio::test]
async fn what_is_sent_again_replaces_what_was_sent_before() {
    let upstream = api(Vec::new());
    let connector = connector(&upstream.origin(), CODE);
    let mut world = World::new();
    let (mut run, progress) = world.begin(&connector, &[]).await;
    assert_eq!(told(&progress.ask()), (None, None, Some(5)));
    let again = resend(&mut world, &connector, &mut run).await.ask();
    assert_eq!(told(&again), (Some("Sent again."), None, Some(4)));
    let told_of = |event: &Event| matches!(event, Event::SentAgain { form, from } if form == "f" && from == "send");
    assert_eq!(world.heard.iter().filter(|event| told_of(event)).count(), 1);
    let typed = [("otp", "123456")];
    let credential = world.typed(&connector, &mut run, "f", &typed).await.done();
    // The step in between was made anew as well.
    assert_eq!(value(&credential, "proof", "/body/challenge"), "ch-2");
    assert_eq!(upstream.requests_to("/send").len(), 2);
}

#[tokio::test]
async fn it_is_sent_again_so_many_times_and_no_more() {
    let upstream = api(Vec::new());
    let connector = connector(&upstream.origin(), CODE);
    let mut world = World::new();
    let (mut run, _) = world.begin(&connector, &[]).await;
    for left in (0..5).rev() {
        let again = resend(&mut world, &connector, &mut run).await.ask();
        assert_eq!(again.resends_left, Some(left));
    }
    let refused = resend(&mut world, &connector, &mut run).await.ask();
    assert_eq!(told(&refused), (None, None, Some(0)));
    assert_eq!(upstream.requests_to("/send").len(), 6);
}

#[tokio::test]
async fn where_it_cannot_be_sent_again_the_form_is_as_it_was() {
    let moods = vec![Reply::status(429), Reply::json(json!({})).with_status(400)];
    let upstream = api(moods);
    let connector = connector(&upstream.origin(), CODE);
    let mut world = World::new();
    let (mut run, _) = world.begin(&connector, &[]).await;
    let passing = resend(&mut world, &connector, &mut run).await.ask();
    let (notice, error, left) = told(&passing);
    assert_eq!((notice, left), (None, Some(4)));
    let error = error.unwrap_or_default();
    assert!(
        error.starts_with("It could not be sent again. The API at"),
        "{error}"
    );
    let refused = resend(&mut world, &connector, &mut run).await.ask();
    assert_eq!(told(&refused), (None, Some("Wait a minute."), Some(3)));
    assert_eq!(refused.expires_at, Some(NOW + 60));
    // The code of the first message is still good.
    let typed = [("otp", "123456")];
    let credential = world.typed(&connector, &mut run, "f", &typed).await.done();
    assert_eq!(value(&credential, "proof", "/body/challenge"), "ch-1");
}

#[tokio::test]
async fn a_form_that_ran_out_waits_until_it_is_sent_again() {
    let upstream = api(Vec::new());
    let connector = connector(&upstream.origin(), CODE);
    let mut world = World::new();
    let (mut run, progress) = world.begin(&connector, &[]).await;
    let prompt = progress.ask();
    assert_eq!((prompt.expires_at, prompt.expired), (Some(NOW + 60), false));
    assert_eq!(prompt.time_left(NOW).as_deref(), Some("60 seconds"));
    world.clock.advance(59);
    // A wrong code gives no more time.
    let wrong = [("otp", "000000")];
    let wrong = world.typed(&connector, &mut run, "f", &wrong).await.ask();
    assert_eq!(wrong.expires_at, Some(NOW + 60));
    assert_eq!(wrong.time_left(NOW + 59).as_deref(), Some("1 second"));
    world.clock.advance(1);
    let typed = [("otp", "123456")];
    let late = world.typed(&connector, &mut run, "f", &typed).await.ask();
    assert!(late.expired && upstream.requests_to("/proof").len() == 1);
    let again = resend(&mut world, &connector, &mut run).await.ask();
    assert_eq!((again.expires_at, again.expired), (Some(NOW + 120), false));
    assert_eq!(told(&again), (Some("Sent again."), None, Some(4)));
    world.typed(&connector, &mut run, "f", &typed).await.done();
}

#[tokio::test]
async fn a_form_that_ran_out_ends_the_run_where_nothing_can_be_sent_again() {
    let upstream = api(Vec::new());
    let connector = connector(&upstream.origin(), &CODE.replace("resend: send, ", ""));
    let mut world = World::new();
    let (mut run, progress) = world.begin(&connector, &[]).await;
    assert_eq!(progress.ask().resends_left, None);
    world.clock.advance(60);
    let failure = world
        .advance(&connector, &mut run, Input::Continue)
        .await
        .failed();
    assert_eq!(failure.code, "form_expired");
    assert!(
        failure.message.contains("within 60 seconds"),
        "{}",
        failure.message
    );
    assert!(!failure.is_refused() && !failure.is_passing());
}
