//! The JS Code step.

use flow::{Answers, Context, Event, FailureKind, Input, Observer, Run};
use serde_json::json;
use testkit::{Reply, Upstream};

use crate::world::{CALLBACK, Expect, World, connector, value};

fn definition(code: &str) -> String {
    format!(
        r#"
auth_flow:
  steps:
    - {{ id: login, kind: api_request, request: {{ method: GET, url: "{{{{base_url}}}}/login" }} }}
    - id: shape
      kind: js_code
      parameters: {{ body: "{{{{login.body}}}}", text: "Bearer {{{{login.body.token}}}}", list: [1, "{{{{login.body.token}}}}"] }}
      code: |
        {code}
      expect: {{ value: "{{{{shape.bad}}}}", exists: false, else: "The code says no." }}
"#
    )
}

fn upstream() -> Upstream {
    Upstream::start(|_| Reply::json(json!({ "token": " tok-123456 ", "count": 2 })))
}

#[tokio::test]
async fn code_makes_outputs_of_earlier_ones() {
    let upstream = upstream();
    let code = "return { token: body.token.trim(), count: body.count + 1, text, list, nested: { a: [true, null] } }";
    let connector = connector(&upstream.origin(), &definition(code));
    let mut world = World::new();
    let credential = world.sign_in(&connector, &[]).await;
    let expected = json!({
        "token": "tok-123456",
        "count": 3,
        "text": "Bearer  tok-123456 ",
        "list": [1, " tok-123456 "],
        "nested": { "a": [true, null] },
    });
    assert_eq!(value(&credential, "shape", ""), expected);
    assert!(!world.masker().mask("x tok-123456 x").contains("tok-123456"));
}

#[tokio::test]
async fn code_that_fails_is_the_definitions_fault() {
    let upstream = upstream();
    for code in ["return 7", "return {", "throw new Error('no token')"] {
        let connector = connector(&upstream.origin(), &definition(code));
        let failure = World::new().begin(&connector, &[]).await.1.failed();
        assert_eq!(failure.kind, FailureKind::Definition, "{code}: {failure:?}");
        assert_eq!(failure.step.as_deref(), Some("shape"));
    }
}

#[tokio::test]
async fn what_code_returns_can_be_judged() {
    let upstream = upstream();
    let connector = connector(&upstream.origin(), &definition("return { bad: 1 }"));
    let failure = World::new().begin(&connector, &[]).await.1.failed();
    assert_eq!(&*failure.message, "The code says no.");
    assert!(failure.is_refused());
}

#[tokio::test]
async fn what_code_says_is_heard_by_who_wants_detail() {
    struct Detailed(Vec<Event>);
    impl Observer for Detailed {
        fn event(&mut self, event: Event) {
            self.0.push(event);
        }
        fn wants_detail(&self) -> bool {
            true
        }
    }
    let upstream = upstream();
    let code = "console.warn('count', body.count); throw new Error('after it')";
    let connector = connector(&upstream.origin(), &definition(code));
    let world = World::new();
    let context = Context {
        connector: &connector,
        engine: &world.engine,
        secrets: &world.secrets,
        callback_url: CALLBACK,
    };
    let mut heard = Detailed(Vec::new());
    let mut run = Run::auth(&connector, Answers::new());
    let failure = run.advance(&context, Input::Begin, &mut heard).await;
    assert_eq!(failure.failed().step.as_deref(), Some("shape"));
    let said = heard.0.iter().find_map(|event| match event {
        Event::Console { step, level, text } => Some((step.as_str(), *level, text.reveal())),
        _ => None,
    });
    assert_eq!(said, Some(("shape", "warn", "count 2")));
    // Others hear nothing of it: a line may hold what nobody knows to be secret.
    let mut silent = World::new();
    silent.begin(&connector, &[]).await;
    let consoles = silent.heard.iter();
    let mut consoles = consoles.filter(|event| matches!(event, Event::Console { .. }));
    assert!(consoles.next().is_none());
}
