//! The callback step: sent away in the browser and back.

use flow::{Event, Input};
use serde_json::json;
use url::Url;

use crate::world::{CALLBACK, Expect, World, connector, value};

fn definition(step: &str) -> String {
    format!(
        r#"
variables: {{ back: "a b&c=d" }}
auth_flow:
  steps:
    - {{ id: cb, kind: callback, {step} }}
"#
    )
}

fn back(query: &str) -> Input {
    Input::Callback(Url::parse(&format!("{CALLBACK}?{query}")).unwrap())
}

#[tokio::test]
async fn attack_1_only_the_redirect_that_was_waited_for_is_taken() {
    let step = r#"url: "https://login.example/go?relay={{state}}&next={{variables.back}}""#;
    let connector = connector("https://api.example", &definition(step));
    let mut world = World::new();
    let (mut run, progress) = world.begin(&connector, &[]).await;
    let open = progress.open();
    let state = open.state.unwrap();
    assert_eq!(state.len(), 43, "256 bits");
    assert_eq!(run.awaited_state(), Some(state.as_str()));
    let next = open
        .url
        .query_pairs()
        .find(|(key, _)| key == "next")
        .unwrap()
        .1;
    assert_eq!(next, "a b&c=d");
    for query in ["code=c", "code=c&relay=other", "code=c&state=other"] {
        let open = world
            .advance(&connector, &mut run, back(query))
            .await
            .open();
        assert!(open.refused.is_some(), "{query}");
        assert_eq!(
            open.state.as_deref(),
            Some(state.as_str()),
            "it still waits"
        );
    }
    let query = format!("code=c%20d&relay={state}");
    let credential = world
        .advance(&connector, &mut run, back(&query))
        .await
        .done();
    assert_eq!(
        value(&credential, "cb", ""),
        json!({ "code": "c d", "relay": state })
    );
    let refused = world
        .heard
        .iter()
        .filter(|event| matches!(event, Event::CallbackRefused { .. }))
        .count();
    assert_eq!(refused, 3);
    let failure = world
        .advance(&connector, &mut run, back(&query))
        .await
        .failed();
    assert_eq!(
        failure.code, "run_ended",
        "attack 2: the same redirect again"
    );
}

#[tokio::test]
async fn outputs_are_listed_and_raw_where_the_definition_says_so() {
    let step = r#"url: "https://login.example/go", decode: false, outputs: [ticket]"#;
    let connector = connector("https://api.example", &definition(step));
    let mut world = World::new();
    let (mut run, progress) = world.begin(&connector, &[]).await;
    assert_eq!(progress.open().state, None, "the URL carries none");
    let credential = world
        .advance(&connector, &mut run, back("ticket=a%2Fb+c&other=1"))
        .await
        .done();
    assert_eq!(value(&credential, "cb", ""), json!({ "ticket": "a%2Fb+c" }));
    let (mut run, _) = world.begin(&connector, &[]).await;
    let failure = world
        .advance(
            &connector,
            &mut run,
            back("error=denied&error_description=Not+you"),
        )
        .await
        .failed();
    assert!(failure.is_refused());
    assert_eq!(&*failure.message, "The API refused: Not you");
}

#[tokio::test]
async fn a_run_that_waits_opens_the_same_page_again() {
    let step = r#"url: "https://login.example/go?state={{state}}""#;
    let connector = connector("https://api.example", &definition(step));
    let mut world = World::new();
    let (mut run, progress) = world.begin(&connector, &[]).await;
    let first = progress.open();
    let again = world
        .advance(&connector, &mut run, Input::Continue)
        .await
        .open();
    assert_eq!(first, again);
}

#[tokio::test]
async fn a_page_that_is_no_page_is_not_opened() {
    let step = r#"url: "{{variables.back}}""#;
    let connector = connector("https://api.example", &definition(step));
    let failure = World::new().begin(&connector, &[]).await.1.failed();
    assert_eq!(failure.code, "not_a_url");
}
