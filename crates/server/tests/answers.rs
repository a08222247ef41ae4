//! What an answer says beside its body: whose it is, where it points to, how far the call came.

use crate::world::{SHOP, World};
use tokio::net::TcpListener;

const USER: &str = "Stepgate-User: u1";

#[tokio::test(flavor = "multi_thread")]
async fn whatever_points_at_the_api_leads_back_through_the_gateway() {
    let (world, _) = World::signed_in().await;
    let answer = world.get("/proxy/echo/links").await;
    // What was attached to the query is not told.
    assert_eq!(
        answer.header("link"),
        Some("</proxy/echo/links?page=2>; rel=\"next\"")
    );
    assert_eq!(
        answer.header("content-location"),
        Some("/proxy/echo/links/1")
    );
    assert_eq!(
        answer.header("refresh"),
        Some("9; url=/proxy/echo/links?page=1")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_api_makes_no_browser_ask_for_a_password_to_our_origin() {
    let (world, _) = World::signed_in().await;
    let basic = Some("Basic realm=\"api\"");
    let script = world.get("/proxy/echo/asks").await;
    assert_eq!(
        (script.status, script.header("www-authenticate")),
        (401, basic)
    );
    assert_eq!(script.header("stepgate-outcome"), Some("upstream"));
    let page = [SHOP, USER, "Origin: https://shop.example.org"];
    let page = world.send("GET /proxy/echo/asks", &page, "").await;
    assert_eq!((page.status, page.header("www-authenticate")), (401, None));
    assert_eq!(page.header("stepgate-www-authenticate"), basic);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_without_an_answer_says_how_far_it_came() {
    let (world, _) = World::signed_in().await;
    let broken = world
        .send("POST /proxy/echo/hangs-up", &[SHOP, USER], "x")
        .await;
    assert_eq!(
        (broken.status, broken.problem().as_str()),
        (502, "api_broke_off")
    );
    assert_eq!(broken.header("stepgate-attempts"), Some("1"));
    let timing = broken.header("server-timing").unwrap_or_default();
    assert!(timing.contains("upstream;dur="), "{timing}");
    // An address that nobody listens on.
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    world.add_gone(&origin).await;
    let gone = world.get("/proxy/gone/x").await;
    assert_eq!(
        (gone.status, gone.problem().as_str()),
        (502, "api_unreachable")
    );
    assert_eq!(gone.header("stepgate-attempts"), Some("0"));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_names_no_environment_that_there_is_learns_which_there_are() {
    let (world, _) = World::signed_in().await;
    let ask = |connector: &str| format!("GET /proxy/{connector}/x");
    let nowhere = [SHOP, USER, "Stepgate-Environment: nowhere"];
    let answer = world.send(&ask("echo"), &nowhere, "").await;
    assert_eq!(
        (answer.status, answer.problem().as_str()),
        (404, "not_found")
    );
    let help = answer.json()["help"].as_str().unwrap().to_owned();
    assert!(help.contains("has no environments"), "{help}");
    let origin = world.upstream.origin();
    let environments = format!(
        "environments: {{ staging: {{ base_url: \"{origin}/staging\" }}, test: {{ base_url: \"{origin}/test\" }} }}"
    );
    world.add_gone_with(&origin, &environments).await;
    let answer = world.send(&ask("gone"), &nowhere, "").await;
    assert_eq!(
        answer.json()["environments"],
        serde_json::json!(["staging", "test"])
    );
    let help = answer.json()["help"].as_str().unwrap().to_owned();
    assert!(help.contains("staging, test"), "{help}");
}
