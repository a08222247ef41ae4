//! Calls from pages of browsers.

use crate::world::{SHOP, World};

const ORIGIN: &str = "Origin: https://shop.example.org";
const FOREIGN: &str = "Origin: https://evil.example";
const ASKS: [&str; 2] = [
    "Access-Control-Request-Method: PUT",
    "Access-Control-Request-Headers: authorization, x-own",
];

#[tokio::test(flavor = "multi_thread")]
async fn a_preflight_is_answered_from_the_apps_origins_and_goes_no_further() {
    let (world, _) = World::signed_in().await;
    let answer = world
        .send("OPTIONS /proxy/echo/x", &[ORIGIN, ASKS[0], ASKS[1]], "")
        .await;
    assert_eq!(answer.status, 204, "{answer:?}");
    let header = |name: &str| answer.header(name);
    assert_eq!(
        header("access-control-allow-origin"),
        Some("https://shop.example.org")
    );
    assert_eq!(header("access-control-allow-methods"), Some("PUT"));
    assert_eq!(
        header("access-control-allow-headers"),
        Some("authorization, x-own")
    );
    for line in ["OPTIONS /proxy/hidden/x", "OPTIONS /proxy/nothing/x"] {
        let answer = world.send(line, &[ORIGIN, ASKS[0]], "").await;
        assert_eq!(
            (answer.status, answer.problem().as_str()),
            (403, "origin_not_allowed")
        );
    }
    let answer = world
        .send("OPTIONS /proxy/echo/x", &[FOREIGN, ASKS[0]], "")
        .await;
    assert_eq!(answer.status, 403);
    assert_eq!(answer.header("access-control-allow-origin"), None);
    assert!(world.upstream.requests().is_empty());
    // Without the question of a browser it is a call like any other.
    let options = [SHOP, "Stepgate-User: u1"];
    let answer = world.send("OPTIONS /proxy/echo/x", &options, "").await;
    assert_eq!(answer.json()["method"], "OPTIONS");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_pages_of_the_callers_app_call_and_read_the_answer() {
    let (world, _) = World::signed_in().await;
    let user = "Stepgate-User: u1";
    let answer = world
        .send("GET /proxy/echo/open-to-all", &[SHOP, user, ORIGIN], "")
        .await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let header = |name: &str| answer.header(name);
    assert_eq!(
        header("access-control-allow-origin"),
        Some("https://shop.example.org")
    );
    assert_eq!(header("access-control-allow-credentials"), None);
    assert_eq!(header("vary"), Some("origin"));
    assert!(
        header("access-control-expose-headers")
            .unwrap()
            .contains("Stepgate-Outcome")
    );
    // What goes wrong can be read too.
    let answer = world.send("GET /proxy/echo/x", &[ORIGIN], "").await;
    assert_eq!(answer.problem(), "no_credentials");
    assert_eq!(
        answer.header("access-control-allow-origin"),
        Some("https://shop.example.org")
    );
    world.upstream.forget_requests();
    for origin in [FOREIGN, "Origin: https://other.example.org", "Origin: null"] {
        let answer = world
            .send("GET /proxy/echo/x", &[SHOP, user, origin], "")
            .await;
        assert_eq!(
            (answer.status, answer.problem().as_str()),
            (403, "origin_not_allowed")
        );
        assert_eq!(answer.header("access-control-allow-origin"), None);
    }
    assert!(world.upstream.requests().is_empty());
}
