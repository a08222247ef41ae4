//! Test runs: whose they are, how many, and where what they hold may go.

use super::test_runs::{answer, api, definition, path, reveal, signed_in, start};
use super::world::World;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

#[tokio::test(flavor = "multi_thread")]
async fn a_test_run_is_seen_by_its_person_alone() {
    let (world, ada, bob) = World::with_both_and_apis().await;
    let api = api();
    let text = definition(&api);
    let run = signed_in(&bob, &text).await;
    let path = path(&run);
    ada.get(&path).await.expect(404);
    ada.get(&format!("{path}/report")).await.expect(404);
    reveal(&ada, &run, "login.body.access_token")
        .await
        .expect(404);
    answer(&ada, &run, "x").await.expect(404);
    ada.delete(&path).await.expect(404);
    let body = json!({ "text": text, "flow": "test_api", "of": run["id"] });
    ada.send("POST /api/test-runs", &body).await.expect(404);
    let theirs = ada.get("/api/test-runs").await.json();
    assert_eq!(theirs["test_runs"], json!([]));
    for line in [
        "GET /api/test-runs",
        &format!("GET {path}"),
        &format!("GET {path}/report"),
    ] {
        world.send(line, &[], b"").await.expect(401);
    }
    // Nothing of it is a connection, and half an hour later there is nothing at all.
    let connections = bob.get("/api/connections").await.json();
    assert_eq!(connections["connections"], json!([]));
    world.clock.advance(1_801);
    bob.get(&path).await.expect(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_earlier_run_left_goes_nowhere_else() {
    let (_world, _, bob) = World::with_both_and_apis().await;
    let (api, elsewhere) = (api(), super::test_runs::api());
    let text = definition(&api);
    let of = signed_in(&bob, &text).await["id"].clone();
    for text in [
        definition(&elsewhere),
        text.replace("connector: wiki", "connector: other"),
    ] {
        let body = json!({ "text": text, "flow": "test_api", "of": of });
        let refused = bob.send("POST /api/test-runs", &body).await.expect(409);
        assert_eq!(refused.code(), "origins_changed");
    }
    assert_eq!(elsewhere.requests().len(), 0);
    let none = json!({ "text": text, "flow": "test_api" });
    let refused = bob.send("POST /api/test-runs", &none).await.expect(409);
    assert_eq!(refused.code(), "nobody_signed_in");
    for (wrong, status) in [
        (json!({ "flow": "auth" }), 422),
        (json!({ "text": "stepgate: 1", "flow": "auth" }), 422),
        (json!({ "connector": "nowhere", "flow": "auth" }), 404),
        (
            json!({ "text": text, "flow": "auth", "environment": "x" }),
            404,
        ),
        (
            json!({ "text": text, "flow": "endpoint", "endpoint": "x", "of": of }),
            409,
        ),
        (
            json!({ "text": text, "flow": "auth", "from_step": "page" }),
            422,
        ),
        (json!({ "text": text, "flow": "other" }), 422),
    ] {
        bob.send("POST /api/test-runs", &wrong).await.expect(status);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_secrets_of_a_connector_of_the_folder_go_with_its_own_text_alone() {
    let (_world, _, bob) = World::with_both_and_apis().await;
    let api = api();
    let stolen = super::world::definition("folder-wiki", "x");
    let stolen = stolen.replace("https://wiki.example.org", &api.origin());
    let run = start(&bob, json!({ "text": stolen, "flow": "auth" })).await;
    assert_eq!(run["error"]["code"], "secret_missing", "{run:#}");
    assert_eq!(api.requests().len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_has_so_many_test_runs_and_no_more() {
    let (_world, ada, bob) = World::with_both_and_apis().await;
    let api = api();
    let body = json!({ "text": definition(&api), "flow": "auth" });
    let first = start(&bob, body.clone()).await;
    for _ in 1..8 {
        start(&bob, body.clone()).await;
    }
    let refused = bob.send("POST /api/test-runs", &body).await.expect(429);
    assert_eq!(refused.code(), "too_many_test_runs");
    start(&ada, body.clone()).await;
    bob.delete(&path(&first)).await.expect(204);
    bob.get(&path(&first)).await.expect(404);
    start(&bob, body).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_1_a_redirect_back_is_taken_from_its_persons_browser_alone() {
    let (_world, ada, bob) = World::with_both_and_apis().await;
    let text = "stepgate: 1\nconnector: sso\nbase_url: https://sso.example.org\nauth_flow:\n  steps:\n    - { id: come, kind: callback, url: \"{{base_url}}/go?back={{callback_url}}&state={{state}}\" }\n";
    let run = start(&bob, json!({ "text": text, "flow": "auth" })).await;
    let open = run["waiting_for"]["open"]["url"].as_str().unwrap();
    let (_, state) = open.split_once("state=").unwrap();
    let back = format!("/callback/sso?state={state}&ticket=ticket-canary-1");
    ada.get(&back).await.expect(400);
    bob.get("/callback/sso?state=other&ticket=t")
        .await
        .expect(400);
    let waits = bob.get(&path(&run)).await.json();
    assert_eq!(waits["state"], "waiting");
    let page = bob.get(&back).await.expect(200);
    assert!(!page.text.contains("ticket-canary-1"), "{}", page.text);
    let line = format!("GET {}", path(&run));
    let followed = bob.raw(&line, &[("accept", "text/event-stream")], "").await;
    assert!(
        followed.text.contains("\"come.ticket\""),
        "{}",
        followed.text
    );
    let ticket = reveal(&bob, &run, "come.ticket").await.json();
    assert_eq!(ticket["value"], "ticket-canary-1");
    // It is used up.
    bob.get(&back).await.expect(400);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_test_run_is_followed_so_often_and_no_more() {
    let (world, _, bob) = World::with_both_and_apis().await;
    let api = api();
    let asked = json!({ "text": definition(&api), "flow": "auth" });
    let run = start(&bob, asked).await;
    let line = format!("GET {}", path(&run));
    let request = format!(
        "{line} HTTP/1.1\r\nhost: {}\r\ncookie: {}\r\naccept: text/event-stream\r\n\r\n",
        world.address, bob.cookie
    );
    let mut open = Vec::new();
    for _ in 0..32 {
        let mut stream = TcpStream::connect(world.address).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut begins = [0; 12];
        stream.read_exact(&mut begins).await.unwrap();
        assert_eq!(&begins, b"HTTP/1.1 200");
        open.push(stream);
    }
    let stream = [("accept", "text/event-stream")];
    let refused = bob.raw(&line, &stream, "").await.expect(429);
    assert_eq!(refused.code(), "too_many_waits");
    // Looking once is no following.
    bob.get(&path(&run)).await.expect(200);
}
