//! Calls of a GraphQL connector: operations by name and below `/proxy`, sessions that end by `errors` in a reply of 200,
//! and request parameters among the variables. On the general way and on a lane.

use crate::front::{Front, to};
use crate::world::{World, echo, json_body, request};
use gateway::CallBody;
use http::Method;
use serde_json::{Value, json};
use testkit::{GraphqlSite, Received};

const SHOP: &str = r#"
kind: graphql
auth_flow:
  steps:
    - { id: login, kind: graphql_request, query: "mutation Login($password: String!) { login(password: $password) { token } }", variables: { password: open } }
session:
  over_when: { value: "{{response.body.errors | json}}", matches: '"UNAUTHENTICATED"' }
sign_in: { kind: bearer, token: "{{login.body.data.login.token}}" }
request_parameters: [ { in: body, name: tenant, value: acme } ]
endpoints:
  - { name: item, request: { graphql: { query: "query Item($id: ID = \"7\", $tenant: String!, $order: Order) { item(id: $id, tenant: $tenant, order: $order) { name } }" } } }
  - { name: broken, request: { graphql: { query: "{ fail }" } } }
  - { name: kept, request: { graphql: { query: "{ fail }" } }, expect: { value: "{{response.status}}", equals: 200 } }
  - { name: bare, attach: false, request: { graphql: { query: "{ me }" } } }
"#;

async fn shop() -> (GraphqlSite, World) {
    let site = GraphqlSite::start();
    let world = World::at(&site.url(), SHOP).await;
    (site, world)
}

fn last(site: &GraphqlSite) -> Value {
    site.upstream().last_request().json()
}

#[tokio::test]
async fn an_endpoint_is_an_operation_with_its_parameters_for_variables() {
    let (site, world) = shop().await;
    let answer = world.endpoint("item").await.unwrap();
    assert!(answer.unexpected.is_none());
    let sent = last(&site);
    assert_eq!(sent["variables"], json!({ "tenant": "acme" }));
    assert!(sent["query"].as_str().unwrap().starts_with("query Item"));
    assert_eq!(echo(answer).await["data"]["echo"], sent);
    // A word of an enum needs no quotes, and a number stays one.
    world
        .endpoint_with("item", "order", "NEWEST")
        .await
        .unwrap();
    let expected = json!({ "tenant": "acme", "order": "NEWEST" });
    assert_eq!(last(&site)["variables"], expected);
}

#[tokio::test]
async fn a_reply_with_errors_is_no_good_one_unless_the_endpoint_says_so() {
    let (_site, world) = shop().await;
    let broken = world.endpoint("broken").await.unwrap();
    assert_eq!(broken.status, 200);
    let message = broken.unexpected.clone().unwrap().message;
    let expected = "The API answered with errors: One part failed.";
    assert_eq!(message.as_deref(), Some(expected));
    // What it brought besides is there all the same.
    assert_eq!(echo(broken).await["data"]["other"], 1);
    let kept = world.endpoint("kept").await.unwrap();
    assert!(kept.unexpected.is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn errors_that_say_so_renew_the_session_in_a_reply_of_200() {
    let (site, world) = shop().await;
    site.end_sessions();
    let answer = world.endpoint("item").await.unwrap();
    assert_eq!((answer.attempts, answer.renewed), (2, true));
    assert_eq!(site.logins(), 2);
    let front = Front::of(&world).await;
    site.end_sessions();
    let body = r#"{"query":"{ me }","variables":{"big":12345678901234567890123}}"#;
    let json = [("content-type", "application/json")];
    let got = front.got(to(Method::POST, "", &json, body)).await;
    assert_eq!((got.status, site.logins()), (200, 3));
    // The caller's own variables are as they were, ours beside them.
    let sent = site.upstream().last_request().text();
    let expected =
        r#"{"query":"{ me }","variables":{"tenant":"acme","big":12345678901234567890123}}"#;
    assert_eq!(sent, expected);
    // Without a credential there is nothing to renew.
    let bare = world.endpoint("bare").await.unwrap();
    assert_eq!((bare.attempts, site.logins()), (1, 3));
    assert_eq!(last(&site), json!({ "query": "{ me }" }));
}

#[tokio::test(flavor = "multi_thread")]
async fn there_is_one_address() {
    let (site, world) = shop().await;
    let front = Front::of(&world).await;
    let json = [("content-type", "application/json")];
    for path in ["", "/", "?a=1", "/?a=1"] {
        let body = json_body(r#"{"query":"{ me }"}"#);
        let call = request(Method::POST, path, &json, body);
        assert_eq!(world.call(call).await.unwrap().status, 200, "{path}");
        let got = front
            .got(to(Method::POST, path, &json, r#"{"query":"{ me }"}"#))
            .await;
        assert_eq!(got.status, 200, "{path}");
        let asked = site.upstream().last_request();
        let query = path.trim_start_matches(['/', '?']);
        assert_eq!(asked.uri().path(), "/graphql/");
        assert_eq!(asked.uri().query().unwrap_or_default(), query);
    }
    let asked = site.upstream().requests().len();
    for path in ["/x", "//", "/../admin"] {
        let call = request(Method::POST, path, &json, CallBody::Empty);
        assert_eq!(
            world.call(call).await.unwrap_err().code(),
            "bad_path",
            "{path}"
        );
        let got = front.got(to(Method::POST, path, &json, "{}")).await;
        assert_ne!(got.status, 200, "{path}");
    }
    assert_eq!(site.upstream().requests().len(), asked);
}
