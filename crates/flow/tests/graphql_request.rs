//! GraphQL requests: what is sent, and what errors in a reply mean.

use flow::Input;
use serde_json::{Value, json};
use testkit::{Reply, Upstream, in_turn};

use crate::world::{Expect, World, connector, value};

const DEFINITION: &str = r#"
secrets: [client_secret]
auth_flow:
  steps:
    - id: form1
      kind: form
      fields: [{ key: user }, { key: age, type: number }, { key: team, required: false }]
    - id: login
      kind: graphql_request
      url: "BASE/graphql"
      query: "mutation Login($user: String!, $age: Int, $team: ID, $fixed: [Int]) { login(user: $user, age: $age, team: $team) { token } }"
      variables: { user: "{{form1.user}}", age: "{{form1.age}}", team: "{{form1.team}}", fixed: [1, null] }
      operation_name: Login
      headers: { X-Client: "{{secrets.client_secret}}" }
      extract: { token: { json: "$.data.login.token" } }
"#;

const GIVEN: [(&str, &str, &str); 2] =
    [("form1", "user", r#"a", admin: "b"#), ("form1", "age", "7")];

fn sent(upstream: &Upstream) -> Value {
    serde_json::from_slice(upstream.last_request().body()).unwrap()
}

#[tokio::test]
async fn attack_45_values_travel_as_variables_with_their_types_and_cannot_change_the_text() {
    let reply = json!({ "data": { "login": { "token": "t-1" } }, "errors": [] });
    let upstream = Upstream::start(move |_| Reply::json(reply.clone()));
    let connector = connector(&upstream.origin(), DEFINITION);
    let credential = World::new().sign_in(&connector, &GIVEN).await;
    assert_eq!(value(&credential, "login", "/token"), json!("t-1"));
    assert_eq!(value(&credential, "login", "/status"), json!(200));
    let request = upstream.last_request();
    assert_eq!(request.method(), "POST");
    let header = |name: &str| request.headers()[name].to_str().unwrap().to_owned();
    assert_eq!(header("content-type"), "application/json");
    assert_eq!(header("x-client"), "secret-1");
    assert!(header("accept").contains("application/graphql-response+json"));
    assert_eq!(
        sent(&upstream),
        json!({
            "query": "mutation Login($user: String!, $age: Int, $team: ID, $fixed: [Int]) { login(user: $user, age: $age, team: $team) { token } }",
            "variables": { "user": "a\", admin: \"b", "age": 7, "fixed": [1, null] },
            "operationName": "Login",
        })
    );
}

#[tokio::test]
async fn errors_in_a_200_fail_the_step_with_the_first_message() {
    let table = [
        (
            json!([{ "message": "No such user" }, { "message": "More" }]),
            200,
            "The API refused: No such user",
        ),
        (
            json!([{ "extensions": { "code": "FORBIDDEN" } }]),
            200,
            "The API refused: FORBIDDEN",
        ),
        (json!(["Plain"]), 200, "The API refused: Plain"),
        (
            json!([{}]),
            200,
            "The API refused: an error without a message",
        ),
        (json!([{ "message": "Bad" }]), 400, "The API refused: Bad"),
    ];
    for (errors, status, message) in table {
        let body = json!({ "data": null, "errors": errors });
        let upstream = Upstream::start(move |_| Reply::json(body.clone()).with_status(status));
        let connector = connector(&upstream.origin(), DEFINITION);
        let failure = World::new().begin(&connector, &GIVEN).await.1.failed();
        assert_eq!(&*failure.message, message);
        assert_eq!(
            (failure.code, failure.status),
            ("graphql_errors", Some(status))
        );
        assert!(failure.is_refused(), "{failure:?}");
    }
}

#[tokio::test]
async fn attack_25_errors_that_speak_of_the_server_are_no_refusal() {
    let upstream = Upstream::serve(in_turn([
        Reply::json(
            json!({ "errors": [{ "message": "Oops", "extensions": { "code": "INTERNAL_SERVER_ERROR" } }] }),
        ),
        Reply::json(json!({ "data": { "login": { "token": "t-1" } } })),
    ]));
    let connector = connector(&upstream.origin(), DEFINITION);
    let mut world = World::new();
    let (mut run, progress) = world.begin(&connector, &GIVEN).await;
    let failure = progress.failed();
    assert!(failure.is_passing(), "{failure:?}");
    assert_eq!(&*failure.message, "The API cannot answer now: Oops");
    world
        .advance(&connector, &mut run, Input::Continue)
        .await
        .done();
}

#[tokio::test]
async fn errors_are_kept_where_the_step_says_so_and_else_comes_first() {
    let body = json!({ "data": { "a": 1 }, "errors": [{ "message": "Partial" }] });
    let upstream = Upstream::start(move |_| Reply::json(body.clone()));
    let step = |rest: &str| {
        let definition = format!(
            "auth_flow: {{ steps: [{{ id: q, kind: graphql_request, url: \"BASE/graphql\", query: \"{{ a }}\", {rest} }}] }}"
        );
        connector(&upstream.origin(), &definition)
    };
    let kept = World::new().sign_in(&step("errors: keep"), &[]).await;
    assert_eq!(
        value(&kept, "q", "/body/errors/0/message"),
        json!("Partial")
    );
    assert_eq!(sent(&upstream), json!({ "query": "{ a }" }));
    let words = r#"expect: { value: "{{q.body.data.b}}", exists: true, else: "Not known here." }"#;
    let failure = World::new().begin(&step(words), &[]).await.1.failed();
    assert_eq!(&*failure.message, "Not known here.");
    let holds = r#"expect: { value: "{{q.body.data.a}}", exists: true }"#;
    let failure = World::new().begin(&step(holds), &[]).await.1.failed();
    assert_eq!(failure.code, "graphql_errors");
}

#[tokio::test]
async fn a_request_of_any_kind_may_have_an_operation_as_its_body() {
    let upstream = Upstream::start(|_| Reply::json(json!({ "data": { "me": 1 } })));
    let definition = r#"
variables: { text: "query { me }" }
auth_flow:
  steps:
    - { id: q, kind: api_request, request: { url: "BASE/graphql", graphql: { query: "{{variables.text}}", variables: {} } } }
"#;
    let connector = connector(&upstream.origin(), definition);
    World::new().sign_in(&connector, &[]).await;
    assert_eq!(upstream.last_request().method(), "POST");
    assert_eq!(sent(&upstream), json!({ "query": "query { me }" }));
}
